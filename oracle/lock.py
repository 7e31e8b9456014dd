"""One key, one sending process: the lock on an operator's folder, let go of by the system however its holder ends."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from commons.errors import SettingsError


@contextmanager
def folder_lock(folder: Path) -> Iterator[None]:
    """Hold the folder for this process.

    Raises:
        SettingsError: another process holds it.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "lock").open("a+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            file.seek(0)
            holder = file.read().strip() or "another one"
            raise SettingsError(
                f"the operator in {folder} is already at work in process {holder}",
                remedy="One key sends from one process only: stop that one first, or use another operator's folder.",
            ) from error
        file.seek(0)
        file.truncate()
        file.write(str(os.getpid()))
        file.flush()
        yield
