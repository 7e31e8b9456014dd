"""An application of a test behind a real socket, in a thread of the test's process."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from socket import socket
from threading import Thread

import uvicorn
from fastapi import FastAPI

from tests.support.ports import bound, port_of

LONGEST_S = 120
"""No figure that is tested: only so that a server which does not start, or end, fails its test."""


@contextmanager
def served(app: FastAPI, at: socket | None = None) -> Iterator[str]:
    """The address at which the application answers, until the end of the block; `at` is a socket of `ports.bound`."""
    listening = bound() if at is None else at
    server = uvicorn.Server(uvicorn.Config(app, log_level="error"))
    thread = Thread(target=server.run, args=([listening],), daemon=True)
    thread.start()
    try:
        _wait_for(server, thread)
        yield f"http://127.0.0.1:{port_of(listening)}"
    finally:
        server.should_exit = server.force_exit = True
        thread.join(LONGEST_S)
        listening.close()
    assert not thread.is_alive(), "the server has not ended"


def _wait_for(server: uvicorn.Server, thread: Thread) -> None:
    end = time.monotonic() + LONGEST_S
    while not server.started:
        assert thread.is_alive(), "the server has ended"
        assert time.monotonic() < end, "the server has not started"
        time.sleep(0.01)
