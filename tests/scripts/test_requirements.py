"""What a machine must have: suitable versions are found, others are refused in one sentence."""

import subprocess
import tomllib
from pathlib import Path

import pytest

from commons.settings import PROJECT_DIR


@pytest.mark.parametrize("version", ["v20.19.0", "v20.20.2", "v22.12.0", "v22.19.1"])
def test_check_node__supported_version__passes(tmp_path: Path, version: str) -> None:
    program(tmp_path, "node", f"echo {version}")
    program(tmp_path, "npm", "true")
    assert check("check-node.sh", tmp_path).returncode == 0


@pytest.mark.parametrize("version", ["v18.20.0", "v20.18.3", "v20.2.0", "v21.1.0", "v22.11.0", "v24.0.0", "v200.0.0"])
def test_check_node__other_version__is_refused(tmp_path: Path, version: str) -> None:
    program(tmp_path, "node", f"echo {version}")
    program(tmp_path, "npm", "true")
    assert refusal("check-node.sh", tmp_path) == (
        f"Commonwatt needs Node 20 (from 20.19) or 22 (from 22.12) on the PATH; found {version}.\n"
    )


def test_check_node__no_npm__is_refused(tmp_path: Path) -> None:
    program(tmp_path, "node", "echo v20.19.0")
    assert "needs npm" in refusal("check-node.sh", tmp_path)


def test_find_python__nothing_suitable__is_refused(tmp_path: Path) -> None:
    program(tmp_path, "python3", 'test "$1" = --version && echo Python 3.14.0')
    assert refusal("find-python.sh", tmp_path).endswith("on the PATH; found Python 3.14.0.\n")


def test_find_python__newer_name_does_not_run__next_is_taken(tmp_path: Path) -> None:
    program(tmp_path, "python3.13", "exit 127")
    program(tmp_path, "python3.11", "exit 0")
    assert check("find-python.sh", tmp_path).stdout == f"{tmp_path}/python3.11\n"


def program(folder: Path, name: str, body: str) -> None:
    """A program of this name that does what the line of shell says."""
    file = folder / name
    file.write_text(f"#!/bin/sh\n{body}\n")
    file.chmod(0o755)


def check(script: str, path: Path) -> subprocess.CompletedProcess[str]:
    """Run a check of scripts/ with nothing but this folder on the PATH."""
    command = ["/bin/sh", str(PROJECT_DIR / "scripts" / script)]
    return subprocess.run(command, env={"PATH": str(path)}, capture_output=True, text=True, check=False)


def refusal(script: str, path: Path) -> str:
    """The one sentence with which the check refuses."""
    done = check(script, path)
    assert done.returncode == 1
    assert len(done.stderr.splitlines()) == 1
    return done.stderr


def test_package_settings__shared_by_lock_and_install__name_no_python() -> None:
    """A version there is meant for the lock, and would fetch packages built for it into an environment of another."""
    settings = tomllib.loads((PROJECT_DIR / "pyproject.toml").read_text())
    assert "python-version" not in settings["tool"]["uv"]["pip"]
