"""`commonwatt brownie ARGUMENTS…`: brownie itself, with its home folder inside the project.

For instance `commonwatt brownie run deploy --network embedded`, `commonwatt brownie console` or
`commonwatt brownie test tests/contracts -o addopts= --gas`. What is done, and whether it can be undone, is brownie's.
"""

import subprocess
import sys
from pathlib import Path

import typer

from commons.settings import PROJECT_DIR
from scripts.toolchain import brownie_environment

CONTEXT_SETTINGS = {"allow_extra_args": True, "ignore_unknown_options": True, "help_option_names": []}


def run(context: typer.Context) -> None:
    """Run brownie with these arguments in the project's own surroundings."""
    command = [str(Path(sys.executable).with_name("brownie")), *context.args]
    raise typer.Exit(subprocess.run(command, cwd=PROJECT_DIR, env=brownie_environment(), check=False).returncode)
