"""Entity tags: what follows from the chain changes only when the read model's revision does, so a client that has the
latest is told so before anything is asked of the database but one row."""

from importlib.metadata import version

from fastapi import FastAPI, Request, Response

from api.web.parts import Read

_VERSION = version("commonwatt")


class NotModified(Exception):  # noqa: N818  not a failure
    """The client has the latest already."""

    def __init__(self, tag: str) -> None:
        super().__init__(tag)
        self.tag = tag


def fresh(request: Request, response: Response, read: Read) -> None:
    """Tag the answer with the read model's revision, or end the request where the client names that one."""
    mark = read.mark()
    tag = f'W/"{_VERSION}-{0 if mark is None else mark.generation}-{0 if mark is None else mark.revision}"'
    given = [one.strip() for one in request.headers.get("if-none-match", "").split(",")]
    if tag in given or "*" in given:
        raise NotModified(tag)
    response.headers.update(_headers(tag))


def add_not_modified(app: FastAPI) -> None:
    """Answer such requests with 304."""
    app.add_exception_handler(NotModified, _not_modified)


async def _not_modified(_: Request, error: Exception) -> Response:
    assert isinstance(error, NotModified)
    return Response(status_code=304, headers=_headers(error.tag))


def _headers(tag: str) -> dict[str, str]:
    return {"ETag": tag, "Cache-Control": "no-cache"}
