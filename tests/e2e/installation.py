"""An installation in a folder of its own, on a port of its own, worked with as a person does: by `commonwatt`."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.support.ports import free_port

PROJECT_DIR = Path(__file__).parents[2]
LONGEST_S = 900
"""No figure that is tested: only so that a hanging process fails its test."""


@dataclass(frozen=True)
class Installation:
    """Everything that `commonwatt up` writes lies in `folder`."""

    folder: Path
    port: int

    @classmethod
    def make(cls, folder: Path) -> "Installation":
        """A new one, on a free port."""
        return cls(folder, free_port())

    @property
    def published(self) -> Path:
        """Where its operators publish."""
        return self.folder / "var" / "published"

    @property
    def environment(self) -> dict[str, str]:
        """What its processes find in their environment."""
        return {
            **os.environ,
            "COMMONWATT_VAR_DIR": str(self.folder / "var"),
            "COMMONWATT_DEPLOYMENTS_DIR": str(self.folder / "deployments"),
            "COMMONWATT_RPC_URL": f"http://127.0.0.1:{self.port}",
        }

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        """`commonwatt` with its arguments, in the background."""
        return subprocess.Popen(
            [sys.executable, "-c", "from scripts.main import main; main()", *arguments],
            cwd=PROJECT_DIR,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def commonwatt(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """`commonwatt` with its arguments, to its end."""
        process = self.start(*arguments)
        try:
            printed, said = process.communicate(timeout=LONGEST_S)
        except subprocess.TimeoutExpired:
            process.kill()
            raise
        return subprocess.CompletedProcess(arguments, process.returncode, printed, said)

    def start_up(self, *arguments: str) -> subprocess.Popen[str]:
        """`commonwatt up --once`, in the background."""
        return self.start("up", "--once", "--json", "--port", str(self.port), *arguments)

    def chain_pid(self) -> int:
        """The process of the chain."""
        return int(json.loads((self.folder / "var" / "chain" / "anvil.pid").read_text())["pid"])

    def operator_pid(self, name: str) -> int:
        """The process of an operator."""
        return int((self.folder / "var" / "operators" / name / "lock").read_text())

    def up(self) -> dict[str, Any]:
        """`commonwatt up --once`, and the day that it tells."""
        done = self.commonwatt("up", "--once", "--json", "--port", str(self.port))
        assert done.returncode == 0, done.stderr
        day: dict[str, Any] = json.loads(done.stdout)
        return day


def wait_until_it_says(process: subprocess.Popen[str], words: str) -> None:
    """Read what a process says until the words come."""
    assert process.stderr is not None
    said = []
    for line in process.stderr:
        said.append(line)
        if words in line:
            return
    raise AssertionError(f"it ended and never said {words!r}: {''.join(said)}")


def kill(process: subprocess.Popen[str], once_it_says: str) -> None:
    """Kill a process, which leaves it no time for anything."""
    wait_until_it_says(process, once_it_says)
    process.kill()
    process.communicate()


def kill_process(pid_of: Callable[[], int], process: subprocess.Popen[str], once_it_says: str) -> None:
    """Kill another process of the same installation."""
    wait_until_it_says(process, once_it_says)
    os.kill(pid_of(), signal.SIGKILL)


def interrupt(process: subprocess.Popen[str], once_it_says: str) -> None:
    """Press Ctrl-C, and wait for the end."""
    wait_until_it_says(process, once_it_says)
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=LONGEST_S)
