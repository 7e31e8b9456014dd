"""Every error is answered with a problem: status by its branch, a stable code, one sentence, and never a trace."""

import json
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from api.app import create_app
from api.problems import STATUS, problem_of
from commons import errors
from commons.errors import CommonwattError
from commons.settings import Settings


def raising(error: Exception) -> TestClient:
    """A client of an application with one route, which fails."""
    app: FastAPI = create_app(Settings())

    @app.get("/failing")
    async def failing(number: int = 0) -> None:
        raise error

    return TestClient(app, raise_server_exceptions=False)


def told(client: TestClient, path: str = "/failing") -> dict[str, Any]:
    answer = client.get(path)
    assert answer.headers["content-type"] == "application/problem+json"
    found: dict[str, Any] = answer.json()
    assert found["status"] == answer.status_code
    assert found["type"] == f"urn:commonwatt:problem:{found['code']}"
    return found


@pytest.mark.parametrize(
    ("kind", "status"),
    [
        (errors.InputError, 422),
        (errors.MalformedInput, 400),
        (errors.UnitError, 422),
        (errors.UnknownMember, 404),
        (errors.NotSignedIn, 401),
        (errors.NotAllowed, 403),
        (errors.RpcUnreachable, 503),
        (errors.TransactionFailed, 502),
    ],
)
def test_problem__of_an_own_error__has_its_status_code_and_sentence(kind: type[CommonwattError], status: int) -> None:
    found = told(raising(kind("it is so", which="0x12", remedy="Do otherwise.")))

    assert (found["status"], found["code"]) == (status, kind.code)
    assert found["detail"] == "it is so (0x12). Do otherwise."
    assert (found["which"], found["remedy"]) == ("0x12", "Do otherwise.")


@pytest.mark.parametrize(
    "error", [errors.SettingsError("secret.sqlite is gone", remedy="Find it."), KeyError("secret")]
)
def test_problem__of_what_is_no_affair_of_a_client__says_nothing_of_it(error: Exception) -> None:
    found = told(raising(error))

    assert (found["status"], found["code"]) == (500, "internal_error")
    assert "secret" not in json.dumps(found)


def test_problem__of_a_request_of_another_form__says_where(client: TestClient) -> None:
    found = told(raising(KeyError()), "/failing?number=many")

    assert (found["status"], found["code"]) == (400, "malformed_request")
    assert found["faults"][0]["where"] == "query.number"
    assert "many" not in json.dumps(found)


@pytest.mark.parametrize(
    ("method", "path", "code"), [("GET", "/nowhere", "not_found"), ("PUT", "/health", "method_not_allowed")]
)
def test_problem__of_a_route_that_is_not_there__is_one_too(
    client: TestClient, method: str, path: str, code: str
) -> None:
    assert client.request(method, path).json()["code"] == code


def test_problem__asked_too_often__says_when_to_come_back() -> None:
    answer = problem_of(errors.RateLimited("too often", remedy="Wait.", retry_after_s=7))

    assert (answer.status_code, answer.headers["retry-after"]) == (429, "7")


def test_problem__of_no_credential__says_which_kind_is_wanted() -> None:
    answer = problem_of(errors.NotSignedIn("no credential", remedy="Send one."))

    assert answer.headers["www-authenticate"] == "Bearer"


def test_status__of_every_error__is_decided_by_an_ancestor() -> None:
    kinds = [kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, CommonwattError)]
    assert all(any(ancestor in STATUS for ancestor in kind.__mro__) for kind in kinds)
