"""Ports of 127.0.0.1 for tests, which no two of them get at once.

A port that the system hands out can be handed out again before a process listens at it: to another test, or to an
outgoing connection. Those of `free_port` lie below the range that systems draw from, and each belongs to the test
process that took it until that ends: a lock on a file of the port's number says so. A server inside the test process
needs no such care: it takes the socket of `bound`, which listens already.
"""

import fcntl
import itertools
import random
import socket
from typing import IO

from commons.settings import PROJECT_DIR

FIRST, COUNT = 20_000, 10_000
LOCKS = PROJECT_DIR / "var" / "test-ports"
# Not seeded: processes that begin at different places seldom meet.
_turns = itertools.count(random.SystemRandom().randrange(COUNT))
_held: list[IO[str]] = []


def free_port() -> int:
    """A port that nobody listens at, and that no other test is given while this process lives."""
    for turn in itertools.islice(_turns, COUNT):
        if _take(FIRST + turn % COUNT):
            return FIRST + turn % COUNT
    raise AssertionError(f"no port is free from {FIRST} to {FIRST + COUNT}")


def free_row(count: int) -> int:
    """The first of so many free ports one after the other."""
    row: list[int] = []
    while len(row) < count:
        port = free_port()
        row = [*row, port] if row and port == row[-1] + 1 else [port]
    return row[0]


def bound() -> socket.socket:
    """A socket that listens at a free port, for a server inside this process."""
    return socket.create_server(("127.0.0.1", 0))


def port_of(listening: socket.socket) -> int:
    """Where a socket listens."""
    return int(listening.getsockname()[1])


def _take(port: int) -> bool:
    """Hold a port's lock while this process lives, unless another holds it or somebody listens there."""
    LOCKS.mkdir(parents=True, exist_ok=True)
    lock = (LOCKS / str(port)).open("w")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", port))
    except OSError:
        lock.close()
        return False
    _held.append(lock)
    return True
