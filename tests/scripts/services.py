"""Running a command that serves as a process of its own, which can be killed."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import IO

from tests.support.waiting import LONGEST_S

PROGRAM = "import sys; from scripts.main import main; sys.argv[0] = 'commonwatt'; main()"


@dataclass
class Service:
    """A process; `first_line` is what it said once it was ready."""

    process: "subprocess.Popen[str]"
    first_line: str

    def kill(self) -> None:
        """As `kill -9` does."""
        self.process.kill()
        self.process.wait()


@contextmanager
def served(*arguments: str, errors: IO[bytes] | None = None) -> Iterator[Service]:
    """`commonwatt` with its arguments, once it has said its first line; asked to stop at the end.

    What it says on standard error goes into `errors`, if that is given.
    """
    command = [sys.executable, "-u", "-c", PROGRAM, *arguments]
    environment = {**os.environ, "PYTHONUNBUFFERED": "1"}
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=errors, text=True, env=environment)
    assert process.stdout is not None
    try:
        line = process.stdout.readline()
        assert line, f"{arguments} ended with {process.wait()}"
        yield Service(process, line)
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(LONGEST_S)
            except subprocess.TimeoutExpired:
                process.kill()
        process.wait()
        process.stdout.close()
