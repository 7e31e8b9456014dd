"""The proxy itself: an ASGI application that asks the node what the policy lets through.

Only POST of JSON-RPC is answered, and `GET /health`. Any page may ask (CORS): there are no cookies, and what is
answered is public. A batch is put to the node as one, with the refused requests answered here.
"""

import json
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

import httpx

from scripts.network.guard.policy import INVALID_REQUEST, LIMIT_EXCEEDED, PARSE_ERROR, Policy, Refusal

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

UPSTREAM_S = 30
UPSTREAM_CONNECTIONS = 40
"""Half of what Besu takes, so that it always answers others as well."""
NODE_AWAY = -32603
HEADERS = [
    (b"content-type", b"application/json"),
    (b"access-control-allow-origin", b"*"),
    (b"access-control-allow-methods", b"POST, OPTIONS"),
    (b"access-control-allow-headers", b"content-type"),
    (b"access-control-max-age", b"86400"),
    (b"strict-transport-security", b"max-age=31536000"),
    (b"x-content-type-options", b"nosniff"),
]


class Guard:
    """The application: `upstream` is the node's RPC, reached on its own machine."""

    def __init__(self, policy: Policy, upstream: str) -> None:
        self._policy = policy
        self._upstream = upstream
        limits = httpx.Limits(max_connections=UPSTREAM_CONNECTIONS)
        self._client = httpx.AsyncClient(timeout=UPSTREAM_S, limits=limits, trust_env=False)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one connection's event."""
        if scope["type"] == "lifespan":
            await self._lifespan(receive, send)
        elif scope["type"] == "http":
            status, content = await self._http(scope, receive)
            headers = [*HEADERS, (b"content-length", str(len(content)).encode())]
            await send({"type": "http.response.start", "status": status, "headers": headers})
            await send({"type": "http.response.body", "body": content})

    async def _lifespan(self, receive: Receive, send: Send) -> None:
        while True:
            event = await receive()
            if event["type"] == "lifespan.startup":
                await send({"type": "lifespan.startup.complete"})
                continue
            await self._client.aclose()
            await send({"type": "lifespan.shutdown.complete"})
            return

    async def _http(self, scope: Scope, receive: Receive) -> tuple[int, bytes]:
        if scope["method"] == "OPTIONS":
            return 204, b""
        if scope["method"] == "GET" and scope["path"] == "/health":
            return 200, b'{"status":"ok"}'
        if scope["method"] != "POST":
            return 405, _refused(None, INVALID_REQUEST, "Only POST of JSON-RPC is answered")
        body = await _body(receive, self._policy.limits.body_bytes)
        if body is None:
            return 413, _refused(None, LIMIT_EXCEEDED, "The request is too long")
        caller = (scope.get("client") or ("unknown", 0))[0]
        return await self._answer(caller, body)

    async def _answer(self, caller: str, body: bytes) -> tuple[int, bytes]:
        try:
            asked = json.loads(body)
        except (ValueError, RecursionError):
            return 400, _refused(None, PARSE_ERROR, "Parse error")
        requests = asked if isinstance(asked, list) else [asked]
        if not requests or len(requests) > self._policy.limits.batch:
            return 400, _refused(None, LIMIT_EXCEEDED, f"a batch has 1 to {self._policy.limits.batch} requests")
        if not self._policy.admit(caller, len(requests)):
            return 429, _refused(None, LIMIT_EXCEEDED, "Too many requests; try later")
        answers, passed = self._sorted_out(requests)
        if passed:
            found = await self._ask([requests[at] for at in passed])
            if found is None:
                return 502, _refused(None, NODE_AWAY, "The node does not answer; try later")
            answers |= dict(zip(passed, found, strict=True))
        in_order = [answers[at] for at in range(len(requests))]
        return 200, json.dumps(in_order if isinstance(asked, list) else in_order[0]).encode()

    def _sorted_out(self, requests: list[Any]) -> tuple[dict[int, Any], list[int]]:
        """The refused requests' answers by their place, and the places of those that may pass."""
        answers: dict[int, Any] = {}
        passed: list[int] = []
        for at, request in enumerate(requests):
            try:
                self._policy.check(request)
                passed.append(at)
            except Refusal as refusal:
                named = request.get("id") if isinstance(request, dict) else None
                answers[at] = _error(named, refusal.code, str(refusal))
        return answers, passed

    async def _ask(self, requests: list[Any]) -> list[Any] | None:
        """The node's answers in the order of the requests; None if it gives none."""
        numbered = [
            {"jsonrpc": "2.0", "id": at, "method": request["method"], "params": request.get("params", [])}
            for at, request in enumerate(requests)
        ]
        try:
            answer = await self._client.post(self._upstream, json=numbered if len(numbered) > 1 else numbered[0])
            found = answer.json()
        except (httpx.HTTPError, ValueError):
            return None
        by_id = {one.get("id"): one for one in (found if isinstance(found, list) else [found]) if isinstance(one, dict)}
        if set(by_id) != set(range(len(requests))):
            return None
        return [{**by_id[at], "id": request.get("id")} for at, request in enumerate(requests)]


async def _body(receive: Receive, most: int) -> bytes | None:
    """The request's body; None if it is longer than `most`."""
    body = bytearray()
    while True:
        event = await receive()
        body += event.get("body", b"")
        if len(body) > most:
            return None
        if event["type"] == "http.disconnect" or not event.get("more_body"):
            return bytes(body)


def _error(named: Any, code: int, message: str) -> dict[str, Any]:
    return {"jsonrpc": "2.0", "id": named, "error": {"code": code, "message": message}}


def _refused(named: Any, code: int, message: str) -> bytes:
    return json.dumps(_error(named, code, message)).encode()
