"""A PostgreSQL server for the tests that want one."""

from collections.abc import Iterator

import pytest

from scripts.bench.postgres import Server, programs, serve
from tests.support.ports import free_port


@pytest.fixture(scope="session")
def postgres() -> Iterator[Server]:
    """A server on a free port of 127.0.0.1; skipped with a reason where PostgreSQL is not installed."""
    folder = programs()
    if folder is None:
        pytest.skip("PostgreSQL is not installed: scripts/system-packages.sh installs it")
    with serve(folder, free_port()) as server:
        yield server
