"""Headers that every answer carries, and what the page's own code may do in a browser.

The page may ask any https address and this machine: an auditor names their own RPC, which no list could foresee. It may
run no script but its own files, so that nothing can be smuggled in to ask anybody; that is what `script-src 'self'`
without any exception is for. What is answered as JSON may do nothing at all.
"""

from urllib.parse import urlsplit

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_COMMON = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin-allow-popups",
    "Permissions-Policy": "camera=(self), geolocation=(), microphone=(), payment=(), usb=()",
}
_NOTHING = "default-src 'none'; frame-ancestors 'none'"
_LOCAL = "http://127.0.0.1:* http://localhost:*"
_HSTS = "max-age=31536000"


def page_policy(rpc_url: str | None) -> str:
    """The content security policy of the page; an RPC elsewhere that is not https is named."""
    rpc = urlsplit(rpc_url or "")
    named = f" {rpc.scheme}://{rpc.netloc}" if rpc.scheme == "http" else ""
    return "; ".join(
        (
            "default-src 'self'",
            "script-src 'self'",
            "style-src 'self' 'unsafe-inline'",  # Angular writes its components' styles into the document
            "img-src 'self' data: blob:",
            "font-src 'self' data:",
            f"connect-src 'self' https: {_LOCAL}{named}",
            "worker-src 'self'",
            "object-src 'none'",
            "base-uri 'self'",
            "frame-ancestors 'none'",
            "form-action 'self'",
        )
    )


class SecurityHeaders:
    """Middleware that puts them on every answer."""

    def __init__(self, app: ASGIApp, origin: str) -> None:
        self._app = app
        self._common = {**_COMMON, **({"Strict-Transport-Security": _HSTS} if origin.startswith("https://") else {})}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, and complete the answer's headers."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def complete(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in self._common.items():
                    headers.setdefault(name, value)
                headers.setdefault("Content-Security-Policy", _NOTHING)
            await send(message)

        await self._app(scope, receive, complete)
