"""Charts leave nothing in the user's home folder."""

import os
import subprocess
import sys
from pathlib import Path

from commons.settings import PROJECT_DIR


def test_chart__in_an_empty_home__writes_its_cache_into_the_installation(tmp_path: Path) -> None:
    home, var, file = tmp_path / "home", tmp_path / "var", tmp_path / "chart.svg"
    home.mkdir()
    program = (
        f"from scripts.canvas import Figure, write; from pathlib import Path; write(Figure(), Path({str(file)!r}))"
    )
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("XDG_", "MPL"))}
    environment = {**kept, "HOME": str(home), "COMMONWATT_VAR_DIR": str(var)}
    subprocess.run(
        [sys.executable, "-c", program, str(file)], cwd=PROJECT_DIR, env=environment, check=True, timeout=900
    )
    assert file.read_text().startswith("<?xml")
    assert list(home.iterdir()) == []
    assert list((var / "cache" / "matplotlib").iterdir())
