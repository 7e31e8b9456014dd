"""The console script: it finds verbs, names its version, and says errors without a traceback."""

import importlib

import pytest
from typer.testing import CliRunner

from commons.errors import InputError
from scripts import main as console


def test_version__is_printed() -> None:
    result = CliRunner().invoke(console.assemble(["--version"]), ["--version"])
    assert result.exit_code == 0
    assert result.output.startswith("commonwatt ")


def test_unknown_verb__is_refused() -> None:
    result = CliRunner().invoke(console.assemble(["clearr"]), ["clearr"])
    assert result.exit_code == 2
    assert "clearr" in result.output


@pytest.mark.parametrize("verb", sorted(console.VERBS))
def test_verb__offers_what_the_console_script_looks_for(verb: str) -> None:
    module = importlib.import_module(console.VERBS[verb])
    assert hasattr(module, "app") or callable(module.run)
    assert module.__doc__


def test_error_of_the_project__goes_to_stderr_with_its_exit_code(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def refuse(_: list[str]) -> None:
        raise InputError("The file is empty", remedy="Write orders into it.")

    monkeypatch.setattr(console, "assemble", refuse)
    with pytest.raises(SystemExit) as stop:
        console.main()
    assert stop.value.code == InputError.exit_code
    assert capsys.readouterr().err == "commonwatt: The file is empty. Write orders into it.\n"
