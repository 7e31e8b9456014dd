"""The page's unit and component tests: vitest runs them, in Angular's own runner."""

import re
import subprocess

from commons.settings import PROJECT_DIR

_ANSI = re.compile(r"\x1b\[[0-9;]*m")


def test_page__its_unit_and_component_tests__pass() -> None:
    run = subprocess.run(["npm", "test"], cwd=PROJECT_DIR / "frontend", capture_output=True, text=True, check=False)
    said = _ANSI.sub("", run.stdout + run.stderr)
    assert run.returncode == 0, said
    summary = re.search(r"Tests\s+(\d+) passed \((\d+)\)", said)
    assert summary is not None, said
    assert summary[1] == summary[2], said
