"""One clerk at the door: takes whatever has come in meanwhile in one transaction, so that small messages cost little.

A message waits at most for the transaction before its own. Its receipt is there once it is committed; where a
transaction fails nothing of it is stored, and all its senders are told to send again.
"""

import logging
import queue
import threading
from concurrent.futures import Future

from sqlalchemy.exc import InterfaceError, OperationalError, SQLAlchemyError

from commons.errors import Unavailable
from commons.intake.message import Message, Receipt
from commons.intake.port import Flow
from oracle.intake.door import Door
from oracle.intake.types import Delivery

MOST_WAITING = 2_000
"""Messages; whoever comes then is asked to come back."""
MOST_AT_ONCE = 50_000
"""Readings and measurements in one transaction, so that no receipt takes long."""
_MOMENT_S = 0.2
_log = logging.getLogger(__name__)
_Waiting = tuple[Delivery, "Future[Receipt]"]


class Clerk:
    """An `Intake` over a door, with a thread of its own until `close`."""

    def __init__(self, door: Door) -> None:
        self._door = door
        self._waiting: queue.Queue[_Waiting] = queue.Queue(MOST_WAITING)
        self._is_closed = threading.Event()
        self._thread = threading.Thread(target=self._work, name="clerk", daemon=True)
        self._thread.start()

    def flow_of(self, token: str) -> Flow:
        """See `Intake`."""
        try:
            return self._door.flow_of(token)
        except SQLAlchemyError as error:
            raise _away(error) from error

    def offer(self, flow: Flow, message: Message, wait_s: float = 0) -> "Future[Receipt]":
        """See `Intake`; waits so long for room."""
        done: Future[Receipt] = Future()
        if self._is_closed.is_set():
            raise Unavailable("the service is stopping", remedy="Send it again later.")
        try:
            self._waiting.put((Delivery(flow, message), done), block=wait_s > 0, timeout=wait_s or None)
        except queue.Full as error:
            raise Unavailable("too much is waiting to be stored", remedy="Send it again later.") from error
        return done

    def close(self) -> None:
        """Finish what is waiting, and stop."""
        self._is_closed.set()
        self._thread.join()

    def _work(self) -> None:
        while not (self._is_closed.is_set() and self._waiting.empty()):
            if batch := self._next():
                self._take([one for one in batch if one[1].set_running_or_notify_cancel()])

    def _next(self) -> list[_Waiting]:
        """What is waiting; nothing, if nothing comes for a moment."""
        batch: list[_Waiting] = []
        size = 0
        try:
            batch.append(self._waiting.get(timeout=_MOMENT_S))
            while size < MOST_AT_ONCE:
                message = batch[-1][0].message
                size += len(message.readings) + len(message.measurements)
                batch.append(self._waiting.get_nowait())
        except queue.Empty:
            return batch
        return batch

    def _take(self, taken: list[_Waiting]) -> None:
        if not taken:
            return
        try:
            receipts = self._door.take([delivery for delivery, _ in taken])
        except (OperationalError, InterfaceError) as error:
            _fail(taken, _away(error))
        except Exception as error:  # noqa: BLE001  the clerk's edge: whoever waits is told, and the next ones are served
            if len(taken) == 1:
                _fail(taken, error)
                return
            for one in taken:  # one message that nobody foresaw does not take the others with it
                self._take([one])
        else:
            for (_, done), receipt in zip(taken, receipts, strict=True):
                done.set_result(receipt)


def _fail(taken: list[_Waiting], error: Exception) -> None:
    for _, done in taken:
        done.set_exception(error)


def _away(error: SQLAlchemyError) -> Unavailable:
    _log.error("the store failed", exc_info=error)
    return Unavailable("the store does not answer; nothing was stored", remedy="Send it again later.")
