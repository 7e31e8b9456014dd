"""An application of a test behind a real socket, in a thread of the test's process."""

from collections.abc import Iterator
from contextlib import contextmanager
from socket import socket
from threading import Thread

import uvicorn
from fastapi import FastAPI

from tests.support.ports import bound, port_of
from tests.support.waiting import LONGEST_S, eventually


@contextmanager
def served(app: FastAPI, at: socket | None = None) -> Iterator[str]:
    """The address at which the application answers, until the end of the block; `at` is a socket of `ports.bound`."""
    listening = bound() if at is None else at
    server = uvicorn.Server(uvicorn.Config(app, log_level="error"))
    thread = Thread(target=server.run, args=([listening],), daemon=True)
    thread.start()
    try:
        eventually(lambda: _is_up(server, thread), "the server is up")
        yield f"http://127.0.0.1:{port_of(listening)}"
    finally:
        server.should_exit = server.force_exit = True
        thread.join(LONGEST_S)
        listening.close()
    assert not thread.is_alive(), "the server has not ended"


def _is_up(server: uvicorn.Server, thread: Thread) -> bool:
    assert thread.is_alive(), "the server has ended"
    return server.started
