"""Waiting until something is so, however long a busy machine takes for it."""

import time
from collections.abc import Callable
from typing import Any, TypeVar

LONGEST_S = 180
"""No figure that is tested: only so that what never happens fails its test, and says what it was."""
POLL_S = 0.02

Found = TypeVar("Found")


def eventually(look: Callable[[], Found], what: str | Callable[[], Any]) -> Found:
    """What `look` gives once it gives something; `what` says, if it never does, what was waited for."""
    end = time.monotonic() + LONGEST_S
    while not (found := look()):
        assert time.monotonic() < end, f"not within {LONGEST_S} s: {what() if callable(what) else what}"
        time.sleep(POLL_S)
    return found
