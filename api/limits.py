"""How much a client may ask: the longest body, and how often."""

import math
import threading
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable, MutableMapping
from http import HTTPStatus
from typing import Any

from api.problems import problem
from commons.errors import RateLimited

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

BODY_BYTES = 4 << 20
_CALLERS = 100_000


class BodyLimit:
    """Middleware that reads a request's body before anything else does, and refuses one that is too long.

    So no part behind it ever holds more than `most` bytes of a request, whatever its header says of its length.
    """

    def __init__(self, app: App, most: int = BODY_BYTES) -> None:
        self._app = app
        self._most = most

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on with its body, or refuse it."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        body = None if self._says_longer(scope) else await self._body(receive)
        if body is None:
            await self._refusal()(scope, receive, send)
            return
        await self._app(scope, _first(body, receive), send)

    def _says_longer(self, scope: Scope) -> bool:
        lengths = [value for name, value in scope["headers"] if name == b"content-length"]
        return any(not value.isdigit() or int(value) > self._most for value in lengths)

    async def _body(self, receive: Receive) -> bytes | None:
        body = bytearray()
        while True:
            event = await receive()
            body += event.get("body", b"")
            if len(body) > self._most:
                return None
            if event["type"] == "http.disconnect" or not event.get("more_body"):
                return bytes(body)

    def _refusal(self) -> App:
        detail = f"The body is longer than {self._most} bytes. Send it in parts."
        # The connection ends here: what is left of the body is not worth reading.
        return problem(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "too_large", detail, {"Connection": "close"})


def _first(body: bytes, receive: Receive) -> Receive:
    """A `receive` that gives the body that was read already, and then what comes."""
    is_given = False

    async def replay() -> Message:
        nonlocal is_given
        if is_given:
            return await receive()
        is_given = True
        return {"type": "http.request", "body": body, "more_body": False}

    return replay


class Rate:
    """So many a second on average, and so many at once, for each of many callers; those not seen longest are forgotten.

    A caller has `burst` turns, and gets `per_second` back each second.
    """

    def __init__(self, per_second: float, burst: int, now: Callable[[], float] = time.monotonic) -> None:
        self._per_second = per_second
        self._burst = burst
        self._now = now
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()
        self._lock = threading.Lock()

    def spend(self, caller: str) -> None:
        """Take a turn; raises `RateLimited` where none is left."""
        with self._lock:
            left = self._turns(caller)
            self._left[caller] = (max(0, left - 1) if left >= 1 else left, self._now())
            self._left.move_to_end(caller)
            while len(self._left) > _CALLERS:
                self._left.popitem(last=False)
        self._refuse_without(left)

    def require_left(self, caller: str) -> None:
        """Refuse a caller with no turn left, without taking one; raises `RateLimited`."""
        with self._lock:
            left = self._turns(caller)
        self._refuse_without(left)

    def _turns(self, caller: str) -> float:
        left, at = self._left.get(caller, (float(self._burst), self._now()))
        return min(float(self._burst), left + (self._now() - at) * self._per_second)

    def _refuse_without(self, left: float) -> None:
        if left < 1:
            wait = math.ceil((1 - left) / self._per_second)
            raise RateLimited("too many requests", remedy=f"Wait {wait} s.", retry_after_s=wait)
