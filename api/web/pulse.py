"""One watcher per process that sees the read model change, for as many listeners as there are."""

import asyncio
from contextlib import suppress
from dataclasses import dataclass

from api.read_model.model import ReadModel

POLL_S = 0.5
MOST_LISTENERS = 500


@dataclass(frozen=True, slots=True)
class Beat:
    """Where the read model stands."""

    generation: int
    revision: int
    block: int
    block_time: int
    head: int


class Pulse:
    """Looks at the read model while somebody listens."""

    def __init__(self, read: ReadModel, poll_s: float = POLL_S) -> None:
        self._read = read
        self._poll_s = poll_s
        self._beat = Beat(0, 0, 0, 0, 0)
        self._changed = asyncio.Event()
        self._listeners = 0
        self._watcher: asyncio.Task[None] | None = None

    @property
    def is_full(self) -> bool:
        """Whether no further listener is taken."""
        return self._listeners >= MOST_LISTENERS

    async def __aenter__(self) -> "Pulse":
        self._listeners += 1
        if self._watcher is None or self._watcher.done():
            await self._look()
            self._watcher = asyncio.create_task(self._watch())
        return self

    async def __aexit__(self, *_: object) -> None:
        self._listeners -= 1
        if self._listeners == 0 and self._watcher is not None:
            self._watcher.cancel()
            self._watcher = None

    @property
    def beat(self) -> Beat:
        """Where the read model stood a moment ago."""
        return self._beat

    async def next(self, known: Beat, timeout_s: float) -> Beat:
        """Where it stands once that is not `known` any more, or after the time."""
        if self._beat == known:
            with suppress(TimeoutError):
                await asyncio.wait_for(self._changed.wait(), timeout_s)
        return self._beat

    async def _watch(self) -> None:
        while True:
            await asyncio.sleep(self._poll_s)
            await self._look()

    async def _look(self) -> None:
        mark = await asyncio.to_thread(self._read.mark)
        if mark is None:
            return
        beat = Beat(mark.generation, mark.revision, mark.block, mark.block_time, mark.head)
        if beat != self._beat:
            self._beat = beat
            self._changed.set()
            self._changed = asyncio.Event()
