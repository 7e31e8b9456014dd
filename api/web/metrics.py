"""Figures for Prometheus: requests by route, and how far the chain is followed. No wallet, path or person in them."""

import time

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.read_model.model import ReadModel

MEDIA_TYPE = "text/plain; version=0.0.4; charset=utf-8"
_BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)
_OTHER = "other"


class Metrics:
    """The figures of one application."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.requests = Counter(
            "commonwatt_requests", "Requests answered.", ("method", "route", "status"), registry=self.registry
        )
        self.seconds = Histogram(
            "commonwatt_request_seconds",
            "Seconds until an answer began.",
            ("route",),
            buckets=_BUCKETS,
            registry=self.registry,
        )
        self._block = Gauge("commonwatt_followed_block", "The last block that was read.", registry=self.registry)
        self._behind = Gauge("commonwatt_blocks_behind", "Blocks that were not read yet.", registry=self.registry)
        self._silent = Gauge(
            "commonwatt_chain_silent_seconds", "Seconds since the chain last answered.", registry=self.registry
        )

    def text(self, read: ReadModel | None) -> bytes:
        """The figures as Prometheus reads them."""
        mark = None if read is None else read.mark()
        if mark is not None:
            self._block.set(mark.block)
            self._behind.set(mark.head - mark.block)
            self._silent.set(max(0.0, time.time() - mark.asked_at))
        return generate_latest(self.registry)


class Measured:
    """Middleware that counts and times requests by their route's template."""

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        self._app = app
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, and note how its answer began."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        began = time.perf_counter()

        async def note(message: Message) -> None:
            if message["type"] == "http.response.start":
                route = getattr(scope.get("route"), "path", _OTHER)
                self._metrics.requests.labels(_method(scope), route, str(message["status"])).inc()
                self._metrics.seconds.labels(route).observe(time.perf_counter() - began)
            await send(message)

        await self._app(scope, receive, note)


def _method(scope: Scope) -> str:
    method = str(scope["method"])
    return method if method in ("GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH") else _OTHER
