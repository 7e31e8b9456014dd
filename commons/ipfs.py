"""Published files on their way to an IPFS node, in the background: a slow node, or none, holds nothing up.

The folder is the truth. In it, `.ipfs-pushed` lists what the node has taken; whatever is not listed is pushed when the
next process starts, so nothing is lost when one ends early or the node is away for days.
"""

import threading
import time
import warnings
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from commons.cid import Cid, parse_cid
from commons.errors import MalformedInput, SettingsError
from commons.publication import CHUNK_BYTES, Published
from commons.store import FolderStore

TIMEOUT_S = 10.0
FIRST_PAUSE_S = 1.0
LONGEST_PAUSE_S = 300.0
PUSHED = ".ipfs-pushed"
_ADD = {"cid-version": "1", "cid-base": "base32", "raw-leaves": "true", "pin": "true", "chunker": f"size-{CHUNK_BYTES}"}

Say = Callable[[str], None]


@dataclass
class IpfsPusher:
    """Pushes the files of a folder to the node whose RPC is at `api` (a multiaddress), one after the other."""

    api: str
    folder: Path
    say: Say
    timeout_s: float = TIMEOUT_S
    _waiting: deque[Cid] = field(default_factory=deque, init=False)
    _wake: threading.Event = field(default_factory=threading.Event, init=False)
    _stop: threading.Event = field(default_factory=threading.Event, init=False)
    _thread: threading.Thread | None = field(default=None, init=False)
    _client: Any = field(default=None, init=False, repr=False)

    def start(self) -> "IpfsPusher":
        """Begin with what no earlier process has pushed.

        Raises:
            SettingsError: the address is none.
        """
        import ipfshttpclient  # takes long to load, and is rarely needed

        # its transport, requests, asks urllib3 for something that is no longer needed
        warnings.filterwarnings("ignore", message="The 'strict' parameter", category=FutureWarning)
        try:
            self._client = ipfshttpclient.Client(self.api, timeout=self.timeout_s)
        except Exception as error:
            raise SettingsError(
                f"{self.api!r} is no address of an IPFS node", remedy="Write it as /ip4/127.0.0.1/tcp/5001/http."
            ) from error
        self._waiting.extend(self._not_pushed())
        self._thread = threading.Thread(target=self._work, name="ipfs", daemon=True)
        self._thread.start()
        return self

    def offer(self, cid: Cid) -> None:
        """Have a file pushed, some time; returns at once."""
        self._waiting.append(cid)
        self._wake.set()

    def stop(self, patience_s: float = 0) -> None:
        """Let the file that is on its way end, for at most `patience_s` seconds; the rest is for the next process."""
        self._stop.set()
        self._wake.set()
        if self._thread is not None:
            self._thread.join(patience_s)

    def _not_pushed(self) -> list[Cid]:
        try:
            pushed = set((self.folder / PUSHED).read_text(encoding="ascii").split())
        except OSError:
            pushed = set()
        names = [path.name for path in sorted(self.folder.glob("b*")) if path.name not in pushed]
        return [cid for name in names if (cid := _cid(name)) is not None]

    def _work(self) -> None:
        pause = FIRST_PAUSE_S
        while not self._stop.is_set():
            if not self._waiting:
                self._wake.wait()
                self._wake.clear()
                continue
            if self._push(self._waiting[0], is_told=pause == FIRST_PAUSE_S):
                self._waiting.popleft()
                pause = FIRST_PAUSE_S
            else:
                self._stop.wait(pause)
                pause = min(pause * 2, LONGEST_PAUSE_S)

    def _push(self, cid: Cid, is_told: bool) -> bool:
        """Push one file; False where it is to be tried again."""
        try:
            content = (self.folder / cid).read_bytes()
        except OSError:
            return True  # it is gone, and nothing is left to push
        began = time.monotonic()
        try:
            found = self._client.add_bytes(content, opts=_ADD, timeout=self.timeout_s)
        except Exception as error:  # noqa: BLE001  whatever a node answers must not end the thread
            if is_told:
                why = f"{type(error).__name__}, after {time.monotonic() - began:.0f} s"
                self.say(f"the IPFS node at {self.api} did not take {cid} ({why}); it is retried")
            return False
        if found != cid:
            self.say(f"the IPFS node at {self.api} calls {cid} {str(found)[:80]}; it is not counted as pushed")
            return True
        with (self.folder / PUSHED).open("a", encoding="ascii") as file:
            file.write(cid + "\n")
        return True


@dataclass(frozen=True, slots=True)
class PushingStore(FolderStore):
    """A content-addressed folder whose files are also pushed to an IPFS node."""

    pusher: IpfsPusher

    def publish(self, published: Published) -> Cid:
        """Keep all files, then have them pushed."""
        cid = FolderStore.publish(self, published)
        for name in published.files:
            self.pusher.offer(name)
        return cid


def _cid(name: str) -> Cid | None:
    try:
        return parse_cid(name)
    except MalformedInput:
        return None
