"""The built page: one folder of files per language, and the page's own addresses, which all begin at its index.

Files whose names carry a hash of their content are kept for good, the index never. What is asked for outside of a
language's folder is sent on to the reader's language. Files are compressed once and kept in memory while they stay as
they are.
"""

import gzip
import mimetypes
import re
from dataclasses import dataclass, field
from http import HTTPStatus
from pathlib import Path

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from api.problems import problem
from api.web.headers import page_policy

LANGUAGES = ("en", "it")
_HASHED = re.compile(r"-[A-Z0-9]{8}\.[a-z0-9]+$")
_COMPRESSED = ("text/", "application/javascript", "application/json", "image/svg+xml")
_QUALITY = re.compile(r"\s*([a-zA-Z]{2})[a-zA-Z-]*\s*(?:;\s*q=([01](?:\.[0-9]{1,3})?))?\s*")


@dataclass(frozen=True, slots=True)
class _File:
    """A file as it was at a moment."""

    stamp: int
    content: bytes
    packed: bytes | None
    media_type: str


@dataclass(frozen=True)
class PageFiles:
    """The page in a folder; nothing of it needs to be there when the service starts."""

    folder: Path
    rpc_url: str | None = None
    _kept: dict[Path, _File] = field(default_factory=dict)

    async def answer(self, request: Request) -> Response:
        """A file of the page, its index for the page's own addresses, or the way to the reader's language."""
        language, _, path = request.url.path.lstrip("/").partition("/")
        if request.url.path.startswith("/v1/") or request.method not in ("GET", "HEAD"):
            return problem(HTTPStatus.NOT_FOUND, "not_found", "There is no such address. See /openapi.json.")
        if not (self.folder / LANGUAGES[0] / "index.html").is_file():
            detail = "The page is not built on this installation. Build it, or use the API: /openapi.json."
            return problem(HTTPStatus.NOT_FOUND, "page_not_built", detail)
        if language not in LANGUAGES:
            query = f"?{request.url.query}" if request.url.query else ""
            chosen = preferred(request.headers.get("accept-language", ""))
            where = f"/{chosen}/{request.url.path.lstrip('/')}{query}"
            return RedirectResponse(where, headers={"Vary": "Accept-Language", "Cache-Control": "no-cache"})
        return self._found(language, path, request)

    def _found(self, language: str, path: str, request: Request) -> Response:
        root = (self.folder / language).resolve()
        wanted = (root / path).resolve()
        if not wanted.is_relative_to(root):
            return problem(HTTPStatus.NOT_FOUND, "not_found", "There is no such file.")
        if wanted.is_file():
            return self._served(wanted, request)
        if "." in wanted.name:
            return problem(HTTPStatus.NOT_FOUND, "not_found", "There is no such file.")
        return self._served(root / "index.html", request)

    def _served(self, file: Path, request: Request) -> Response:
        found = self._read(file)
        headers = {
            "Cache-Control": "public, max-age=31536000, immutable" if _HASHED.search(file.name) else "no-cache",
            "ETag": f'"{found.stamp:x}-{len(found.content):x}"',
            "Vary": "Accept-Encoding",
        }
        if found.media_type == "text/html":
            headers["Content-Security-Policy"] = page_policy(self.rpc_url)
        if request.headers.get("if-none-match") == headers["ETag"]:
            return Response(status_code=HTTPStatus.NOT_MODIFIED, headers=headers)
        takes_packed = "gzip" in request.headers.get("accept-encoding", "")
        if takes_packed and found.packed is not None:
            headers["Content-Encoding"] = "gzip"
            return Response(found.packed, headers=headers, media_type=found.media_type)
        return Response(found.content, headers=headers, media_type=found.media_type)

    def _read(self, file: Path) -> _File:
        stamp = file.stat().st_mtime_ns
        kept = self._kept.get(file)
        if kept is not None and kept.stamp == stamp:
            return kept
        content = file.read_bytes()
        kind = mimetypes.guess_type(file.name)[0] or "application/octet-stream"
        packed = gzip.compress(content, mtime=0) if kind.startswith(_COMPRESSED) else None
        self._kept[file] = found = _File(stamp, content, packed, kind)
        return found


def preferred(accepted: str) -> str:
    """The language of the page that an `Accept-Language` header likes most; English if none."""
    best, language = 0.0, LANGUAGES[0]
    for entry in accepted.split(","):
        found = _QUALITY.fullmatch(entry)
        quality = float(found[2] or 1) if found else 0
        if found and found[1].lower() in LANGUAGES and quality > best:
            best, language = quality, found[1].lower()
    return language
