"""How often one client may ask: reading is cheap and often, writing is dear and seldom.

Flows of readings have limits of their own, by flow (`routers/measurement.py`). Behind a proxy the client is whom the
proxy names, if it is trusted to: see docs/api.md.
"""

from starlette.types import ASGIApp, Receive, Scope, Send

from api.limits import Rate
from api.problems import problem_of
from commons.errors import RateLimited

READS = (50, 500)
WRITES = (2, 60)
"""Requests a second on average, and at once."""
_READING = ("GET", "HEAD", "OPTIONS")
_OWN_LIMITS = "/v1/measurement/"


class ClientRates:
    """Middleware that refuses a client who asks too often."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._reads = Rate(*READS)
        self._writes = Rate(*WRITES)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or refuse it."""
        if scope["type"] == "http" and not scope["path"].startswith(_OWN_LIMITS):
            client = scope["client"][0] if scope.get("client") else "unknown"
            try:
                (self._reads if scope["method"] in _READING else self._writes).spend(client)
            except RateLimited as error:
                await problem_of(error)(scope, receive, send)
                return
        await self._app(scope, receive, send)
