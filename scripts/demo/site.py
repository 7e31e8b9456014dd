"""The demo's web address: the API with the page where it is built, as a process of its own."""

import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from commons.errors import SettingsError
from commons.settings import settings
from scripts.demo.fontana import OPERATORS, operator_folder
from scripts.demo.screen import Screen
from scripts.demo.tethering import Tethered

DEFAULT_PORT = 8000
START_S = 120


@dataclass(frozen=True)
class Site:
    """The address, and the process behind it."""

    port: int
    process: Tethered

    @classmethod
    def of(cls, rpc_url: str, port: int) -> "Site":
        """The site of the chain at `rpc_url`."""
        serve = ("api", "serve", "--port", str(port), "--rpc", rpc_url)
        command = (*serve, "--operator", str(operator_folder(OPERATORS[0])), "--as", OPERATORS[0])
        origin = {"COMMONWATT_API_ORIGIN": f"http://127.0.0.1:{port}"}
        return cls(port, Tethered(command, settings().var_dir / "api" / "serve.log", origin))

    @property
    def url(self) -> str:
        """Where it is reached."""
        return f"http://127.0.0.1:{self.port}"

    @contextmanager
    def at_work(self, screen: Screen) -> Iterator[None]:
        """Serve it, and stop at the end of the block; where it cannot be served, the demo goes on without."""
        try:
            self._start()
            screen.done(f"The page and its API are at {self.url}")
        except SettingsError as error:
            screen.note(str(error))
        try:
            yield
        finally:
            self.process.stop()
            self.process.wait()

    def look_after(self, screen: Screen) -> None:
        """Start it again if it has ended."""
        if self.process.may_start_again:
            screen.note(f"The API had ended and is started again; its log is {self.process.log_file}")
            self.process.start()

    def _start(self) -> None:
        if self._answers():
            raise SettingsError(
                f"something else answers at {self.url}, so that the page is not served",
                remedy="Stop it and start again, or choose another port with --site-port.",
            )
        self.process.start()
        until = time.monotonic() + START_S
        while self.process.runs and time.monotonic() < until:
            if self._answers():
                return
            time.sleep(0.05)
        raise SettingsError("the API did not start", remedy=f"Read {self.process.log_file}.")

    def _answers(self) -> bool:
        with socket.socket() as probe:
            probe.settimeout(1)
            return probe.connect_ex(("127.0.0.1", self.port)) == 0
