"""Running the verbs of people against the tests' chain, and reading what they print."""

import json
from dataclasses import dataclass
from typing import Any

from tests.scripts.command import Command


@dataclass(frozen=True)
class Verbs:
    """`commonwatt`, whose refusals are one sentence on standard error and never a traceback."""

    command: Command

    def found(self, *arguments: str) -> Any:
        """What a verb prints as JSON."""
        code, printed, said = self.command(*arguments, "--json")
        assert code == 0, said
        return json.loads(printed)

    def told(self, *arguments: str) -> str:
        """What a verb prints for people."""
        code, printed, said = self.command(*arguments)
        assert code == 0, said
        return printed

    def refused(self, *arguments: str) -> str:
        """What a verb says when it refuses."""
        code, printed, said = self.command(*arguments)
        assert code != 0
        assert printed == ""
        assert said.startswith("commonwatt: ")
        assert said.count("\n") == 1
        assert "Traceback" not in said
        return said
