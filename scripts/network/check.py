"""`commonwatt network check DIR`: hold every file of a network against what Besu 26.8.0 needs; changes nothing.

Exit code 0 where all is well, 1 where a rule is broken: every finding is printed with its reason.
"""

from pathlib import Path
from typing import Annotated

import typer

from scripts.network.rules import Verdict, verdict
from scripts.surroundings import Json, show


def run(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="A network's folder.")],
    as_json: Json = False,
) -> None:
    """Check genesis, configuration, peers, permissions, compose file and the modes of secrets."""
    found = verdict(folder)
    show(as_json, found, lambda: _lines(found))
    if found.findings:
        raise typer.Exit(1)


def _lines(found: Verdict) -> list[str]:
    if not found.findings:
        return [f"{found.folder}: all is well with the files of {found.nodes} nodes."]
    return [*map(str, found.findings), f"{len(found.findings)} rules are broken in {found.folder}."]
