"""Running a command that serves as a process of its own, which can be killed."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

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
def served(*arguments: str) -> Iterator[Service]:
    """`commonwatt` with its arguments, once it has said its first line; asked to stop at the end."""
    command = [sys.executable, "-u", "-c", PROGRAM, *arguments]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env={**os.environ, "PYTHONUNBUFFERED": "1"})
    assert process.stdout is not None
    try:
        line = process.stdout.readline()
        assert line, f"{arguments} ended with {process.wait()}"
        yield Service(process, line)
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()
        process.wait()
        process.stdout.close()
