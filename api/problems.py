"""What a client is told when something is refused or fails: problem details (RFC 9457) with a stable code.

    {"type": "urn:commonwatt:problem:unknown_point", "title": "Not Found", "status": 404,
     "detail": "No such point. Register it first.", "code": "unknown_point", "which": "0x…", "remedy": "…"}

`code` is the error's code of `commons/errors.py`, or one of the few of HTTP itself below; translations hang on it. What
went wrong inside is logged here and never told: a client reads one sentence, not a trace.
"""

import logging
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from commons import errors
from commons.errors import CommonwattError

MEDIA_TYPE = "application/problem+json"
TYPE = "urn:commonwatt:problem:"

# The nearest ancestor of an error in this table decides.
STATUS: Mapping[type[CommonwattError], HTTPStatus] = {
    CommonwattError: HTTPStatus.INTERNAL_SERVER_ERROR,
    errors.InputError: HTTPStatus.UNPROCESSABLE_ENTITY,
    errors.MalformedInput: HTTPStatus.BAD_REQUEST,
    errors.ConflictingReading: HTTPStatus.CONFLICT,
    errors.ConflictingPoint: HTTPStatus.CONFLICT,
    errors.TooLarge: HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    errors.NotFound: HTTPStatus.NOT_FOUND,
    errors.NotOffered: HTTPStatus.NOT_IMPLEMENTED,
    errors.AccessError: HTTPStatus.FORBIDDEN,
    errors.NotSignedIn: HTTPStatus.UNAUTHORIZED,
    errors.RateLimited: HTTPStatus.TOO_MANY_REQUESTS,
    errors.Unavailable: HTTPStatus.SERVICE_UNAVAILABLE,
    errors.ChainError: HTTPStatus.BAD_GATEWAY,
    errors.RpcUnreachable: HTTPStatus.SERVICE_UNAVAILABLE,
    errors.ContractRefusal: HTTPStatus.CONFLICT,
    errors.DatasetMissing: HTTPStatus.NOT_FOUND,
    errors.DataError: HTTPStatus.BAD_GATEWAY,
}
_MOST_FAULTS = 20
_log = logging.getLogger(__name__)


class Problem(JSONResponse):
    """A response that says what went wrong."""

    media_type = MEDIA_TYPE


def problem(status: int, code: str, detail: str, headers: Mapping[str, str] | None = None, **more: Any) -> Problem:
    """A problem with its code and sentence; `more` are further members of it."""
    content = {
        "type": TYPE + code,
        "title": HTTPStatus(status).phrase,
        "status": int(status),
        "detail": detail,
        "code": code,
        **more,
    }
    return Problem(content, status_code=int(status), headers=dict(headers or {}))


def problem_of(error: CommonwattError) -> Problem:
    """The problem that an error of the project's own is to a client."""
    status = next(STATUS[kind] for kind in type(error).__mro__ if kind in STATUS)
    if status is HTTPStatus.INTERNAL_SERVER_ERROR:
        return _unforeseen(error)
    which = {} if error.which is None else {"which": error.which}
    return problem(status, error.code, error.message, _headers(error), remedy=error.remedy, **which)


def add_handlers(app: FastAPI) -> None:
    """Answer every error of the application with a problem."""
    app.add_exception_handler(CommonwattError, _own)
    app.add_exception_handler(RequestValidationError, _not_of_the_form)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(Exception, _other)


def _headers(error: CommonwattError) -> dict[str, str]:
    if isinstance(error, errors.RateLimited | errors.Unavailable):
        return {"Retry-After": str(error.retry_after_s)}
    if isinstance(error, errors.NotSignedIn):
        return {"WWW-Authenticate": "Bearer"}
    return {}


async def _own(_: Request, error: Exception) -> Problem:
    assert isinstance(error, CommonwattError)
    return problem_of(error)


async def _not_of_the_form(_: Request, error: Exception) -> Problem:
    """Say where the request differs from its form; what was sent is not repeated."""
    assert isinstance(error, RequestValidationError)
    faults = [{"where": ".".join(map(str, one["loc"])), "what": one["msg"]} for one in error.errors()[:_MOST_FAULTS]]
    first = faults[0]
    detail = f"The request is not of its form: {first['where']}: {first['what']}. See /openapi.json."
    return problem(HTTPStatus.BAD_REQUEST, "malformed_request", detail, faults=faults)


async def _http(_: Request, error: Exception) -> Problem:
    assert isinstance(error, HTTPException)
    code = HTTPStatus(error.status_code).name.lower()
    return problem(error.status_code, code, f"{error.detail}.", error.headers)


async def _other(_: Request, error: Exception) -> Problem:
    return _unforeseen(error)


def _unforeseen(error: Exception) -> Problem:
    _log.error("a request failed", exc_info=error)
    detail = "Something went wrong here. Try again; if it stays so, tell whoever keeps this service."
    return problem(HTTPStatus.INTERNAL_SERVER_ERROR, "internal_error", detail)
