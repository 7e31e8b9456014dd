"""`python -m scripts.tethered VERB …`: a `commonwatt` command that ends with the process that started it.

The starter keeps this process's standard input open and writes nothing. When the starter ends, however it ends, the
system closes that pipe, and this process tells itself to stop as a person would, with SIGTERM.
"""

import os
import signal
import sys
import threading

from scripts.main import main


def watch_the_starter() -> None:
    """Wait until standard input is closed; then stop this process."""
    while os.read(sys.stdin.fileno(), 1024):
        pass
    os.kill(os.getpid(), signal.SIGTERM)


if __name__ == "__main__":
    threading.Thread(target=watch_the_starter, daemon=True).start()
    main()
