"""How much a client may ask: the longest body, and how often."""

import math
import time
from collections.abc import Awaitable, Callable, MutableMapping
from http import HTTPStatus
from typing import Any

from api.problems import problem
from commons.buckets import Buckets
from commons.errors import RateLimited

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

BODY_BYTES = 4 << 20


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
    """So many a second on average, and so many at once, for each of many callers: `Buckets` that refuse."""

    def __init__(self, per_second: float, burst: int, now: Callable[[], float] = time.monotonic) -> None:
        self._buckets = Buckets(per_second, burst, now)

    def spend(self, caller: str) -> None:
        """Take a turn; raises `RateLimited` where none is left."""
        if not self._buckets.take(caller):
            self._refuse(self._buckets.wait_s(caller))

    def require_left(self, caller: str) -> None:
        """Refuse a caller with no turn left, without taking one; raises `RateLimited`."""
        wait_s = self._buckets.wait_s(caller)
        if wait_s:
            self._refuse(wait_s)

    def _refuse(self, wait_s: float) -> None:
        wait = max(1, math.ceil(wait_s))
        raise RateLimited("too many requests", remedy=f"Wait {wait} s.", retry_after_s=wait)
