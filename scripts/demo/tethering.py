"""Processes of the demo that end with it: `commonwatt` commands, each with its log, tethered to this process."""

import os
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

STOP_S = 10
RESTART_S = 5


@dataclass
class Tethered:
    """One command while it runs; when this process ends, even killed, it ends."""

    command: tuple[str, ...]
    log_file: Path
    environment: Mapping[str, str] = field(default_factory=dict)
    _process: subprocess.Popen[bytes] | None = field(default=None, repr=False)
    _started_at: float = 0

    @property
    def runs(self) -> bool:
        """Whether the process that was started here still runs."""
        return self._process is not None and self._process.poll() is None

    @property
    def may_start_again(self) -> bool:
        """Whether it has ended, long enough after it was started not to be started in circles."""
        return self._process is not None and not self.runs and time.monotonic() - self._started_at > RESTART_S

    def start(self) -> None:
        """Start the process."""
        self._started_at = time.monotonic()
        self.log_file.parent.mkdir(parents=True, exist_ok=True)
        with self.log_file.open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-P", "-m", "scripts.tethered", *self.command],
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=log,
                start_new_session=True,
                env={**os.environ, **self.environment},
            )

    def stop(self) -> None:
        """Ask the process to end in good order."""
        if self._process is None:
            return
        assert self._process.stdin is not None
        self._process.stdin.close()

    def wait(self) -> None:
        """Wait until the process has ended, and end it if it does not."""
        if self._process is None:
            return
        try:
            self._process.wait(STOP_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
