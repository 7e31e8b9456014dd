"""Running `commonwatt` inside the test's own process."""

from dataclasses import dataclass

import pytest

from scripts.main import main


@dataclass(frozen=True)
class Command:
    """`commonwatt` with its arguments: returns the exit code, what it printed, and what it said on standard error."""

    monkeypatch: pytest.MonkeyPatch
    capsys: pytest.CaptureFixture[str]

    def __call__(self, *arguments: str) -> tuple[int, str, str]:
        self.monkeypatch.setattr("sys.argv", ["commonwatt", *arguments])
        with pytest.raises(SystemExit) as stop:
            main()
        code = stop.value.code
        assert code is None or isinstance(code, int)
        printed, said = self.capsys.readouterr()
        return code or 0, printed, said
