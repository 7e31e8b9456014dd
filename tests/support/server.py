"""The API of a test behind a real socket."""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Thread

import uvicorn
from fastapi import FastAPI

from tests.support.chain import free_port

END_S = 20


@contextmanager
def served(app: FastAPI) -> Iterator[str]:
    """The address at which the application answers, until the end of the block."""
    port = free_port()
    server = uvicorn.Server(uvicorn.Config(app, host="127.0.0.1", port=port, log_level="error"))
    thread = Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        assert thread.is_alive()
    yield f"http://127.0.0.1:{port}"
    server.should_exit = server.force_exit = True
    thread.join(END_S)
