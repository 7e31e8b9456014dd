"""A PostgreSQL server of one's own for a while, from the system's packages, in a folder that goes away with it."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import psycopg

from scripts.embedded import free_port

USER = "commonwatt"
_DEBIAN = Path("/usr/lib/postgresql")
WAIT_S = "180"
_UNPRIVILEGED = "nobody"  # PostgreSQL refuses to run as root


@dataclass
class Server:
    """A running server; `database` makes a new database of it and gives its URL."""

    port: int
    _made: int = field(default=0, init=False)

    def database(self) -> str:
        self._made += 1
        name = f"made_{self._made}"
        with psycopg.connect(self._url("postgres"), autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name}".encode())
        return self._url(name)

    def _url(self, name: str) -> str:
        return f"postgresql://{USER}@127.0.0.1:{self.port}/{name}"


def programs() -> Path | None:
    """The folder of initdb and pg_ctl, if PostgreSQL is installed."""
    found = shutil.which("pg_ctl")
    if found:
        return Path(found).parent
    folders = sorted(_DEBIAN.glob("*/bin/pg_ctl"), key=lambda path: int(path.parts[-3]))
    return folders[-1].parent if folders else None


@contextmanager
def serve(folder: Path, port: int | None = None) -> Iterator[Server]:
    """A server with the programs of `folder`, on this port of 127.0.0.1 or any free one, gone at the end."""
    home = Path(tempfile.mkdtemp(prefix="commonwatt-postgres-"))
    home.chmod(0o700)
    if os.geteuid() == 0:
        shutil.chown(home, _UNPRIVILEGED)
    port = free_port() if port is None else port
    try:
        _run(folder / "initdb", "--no-sync", "-A", "trust", "-U", USER, "-E", "UTF8", "-D", f"{home}/data", at=home)
        options = f"-p {port} -h 127.0.0.1 -c unix_socket_directories="
        control = (folder / "pg_ctl", "-w", "-t", WAIT_S, "-D", f"{home}/data")
        _run(*control, "-l", f"{home}/log", "-o", options, "start", at=home)
        try:
            yield Server(port)
        finally:
            _run(*control, "-m", "immediate", "stop", at=home)
    finally:
        shutil.rmtree(home, ignore_errors=True)


def _run(program: Path, *arguments: str, at: Path) -> None:
    as_other = ["runuser", "-u", _UNPRIVILEGED, "--"] if os.geteuid() == 0 else []
    # Nothing is piped: the server would inherit the pipe and keep it open.
    with (at / "errors").open("wb") as errors:
        done = subprocess.run(
            [*as_other, str(program), *arguments], cwd=at, stdout=subprocess.DEVNULL, stderr=errors, check=False
        )
    if done.returncode:
        raise OSError(f"{program.name}: {(at / 'errors').read_text(errors='replace')}")
