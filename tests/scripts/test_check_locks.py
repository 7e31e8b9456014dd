"""The lock check: each fault it exists for is found, and today's locks have none."""

import json
from pathlib import Path
from typing import Any

import pytest

from commons.settings import PROJECT_DIR
from scripts.check_locks import node_faults, python_faults

PYPROJECT = '[project]\ndependencies = ["rich==15.0.0"]\n[dependency-groups]\ndev = ["ruff==0.17.5"]\n'
SOMEWHERE = "https://packages.example"
LOCK = "rich==15.0.0 \\\n    --hash=sha256:00\nruff==0.17.5 \\\n    --hash=sha256:00\n"


def test_todays_locks__have_no_fault() -> None:
    assert python_faults(PROJECT_DIR) + node_faults(PROJECT_DIR) == []


@pytest.mark.parametrize(
    ("lock", "fault"),
    [
        (LOCK.replace("15.0.0", "14.0.0"), "does not hold rich==15.0.0"),
        (f"--index-url {SOMEWHERE}\n{LOCK}", "names an address"),
        (f"{LOCK}left-pad @ {SOMEWHERE}/left-pad.whl\n", "names an address"),
    ],
)
def test_python_faults__bad_lock__is_said(tmp_path: Path, lock: str, fault: str) -> None:
    (tmp_path / "pyproject.toml").write_text(PYPROJECT)
    (tmp_path / "requirements.lock").write_text(lock)
    assert [fault in said for said in python_faults(tmp_path)] == [True]


@pytest.mark.parametrize(
    ("wanted", "locked", "fault"),
    [
        ("^1.0.0", {}, "asks for solc ^1.0.0"),
        ("1.0.0", {"resolved": f"{SOMEWHERE}/solc.tgz"}, "names an address for node_modules/solc"),
    ],
)
def test_node_faults__bad_lock__is_said(tmp_path: Path, wanted: str, locked: dict[str, str], fault: str) -> None:
    dependencies = {"dependencies": {"solc": wanted}}
    packages: dict[str, Any] = {"": dependencies, "node_modules/solc": {"version": "1.0.0", **locked}}
    (tmp_path / "package.json").write_text(json.dumps(dependencies))
    (tmp_path / "package-lock.json").write_text(json.dumps({"packages": packages}))
    assert [fault in said for said in node_faults(tmp_path)] == [True]


def test_node_faults__package_json_asks_for_more_than_the_lock__is_said(tmp_path: Path) -> None:
    (tmp_path / "package.json").write_text(json.dumps({"dependencies": {"solc": "1.0.0"}}))
    (tmp_path / "package-lock.json").write_text(json.dumps({"packages": {"": {}}}))
    assert "other dependencies" in node_faults(tmp_path)[0]
