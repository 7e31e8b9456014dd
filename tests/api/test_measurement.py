"""Readings over HTTP: who is let in, what is refused, and a receipt for the rest."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from fastapi.testclient import TestClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine

from api.app import create_app
from api.limits import Rate
from api.routers import measurement
from api.services import Services
from commons.intake.message import MOST_READINGS
from commons.settings import Settings
from oracle.intake.clerk import Clerk
from oracle.intake.door import Door
from tests.support.intake import NOW, T0, Metered, furnish, message, reading, signed

PATH = "/v1/measurement/readings"


@pytest.fixture
def metered(sqlite_store: Engine) -> Metered:
    return furnish(sqlite_store)


@pytest.fixture
def http(metered: Metered) -> Iterator[TestClient]:
    """The API over a store, asked with the flow's credential."""
    clerk = Clerk(Door(metered.engine, lambda: NOW))
    app = create_app(Settings(), Services(intake=clerk))
    headers = {"Authorization": f"Bearer {metered.token}"}
    yield TestClient(app, headers=headers, raise_server_exceptions=False)
    clerk.close()


def body(*slots: int, **more: Any) -> dict[str, Any]:
    """A message as JSON has it."""
    found: dict[str, Any] = json.loads(message(*(reading(slot) for slot in slots)).model_dump_json(exclude_none=True))
    return found | more


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer cw-1-00", "Basic Zm9v", "Bearer \x7f"])
def test_send__without_a_valid_credential__is_refused_alike(http: TestClient, header: str) -> None:
    answer = http.post(PATH, json=body(0), headers={"Authorization": header})

    assert (answer.status_code, answer.json()["code"]) == (401, "not_signed_in")


def test_send__wrong_credential_too_often__is_made_to_wait(http: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    stopped = Rate(measurement.FAILURES_A_SECOND, measurement.FAILURES_AT_ONCE, now=lambda: 0.0)
    monkeypatch.setattr(http.app.state.flow_rates, "failures", stopped)  # type: ignore[attr-defined]
    wrong = {"Authorization": "Bearer cw-1-" + "0" * 64}
    statuses = [
        http.post(PATH, json=body(0), headers=wrong).status_code for _ in range(measurement.FAILURES_AT_ONCE + 2)
    ]

    assert statuses == [401] * measurement.FAILURES_AT_ONCE + [429] * 2


def test_send__too_often__is_told_when_to_come_back(http: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http.app.state.flow_rates, "messages", measurement.Rate(0.001, 2))  # type: ignore[attr-defined]
    answers = [http.post(PATH, json=body(0)) for _ in range(3)]

    assert [one.status_code for one in answers] == [200, 200, 429]
    assert int(answers[-1].headers["retry-after"]) > 1


@pytest.mark.parametrize(
    "wrong",
    [
        {},
        {"readings": []},
        {"readings": "many"},
        {"readings": [{"start": T0}]},
        {**body(0), "surplus": 1},
        {"readings": [{**body(0)["readings"][0], "withdrawn_wh": 1.5}]},
        {"readings": [{**body(0)["readings"][0], "withdrawn_wh": "1"}]},
        {"readings": [{**body(0)["readings"][0], "withdrawn_wh": True}]},
        {"readings": [{**body(0)["readings"][0], "withdrawn_wh": 1 << 41}]},
        {"readings": [{**body(0)["readings"][0], "start": 1 << 70}]},
        {"readings": [{**body(0)["readings"][0], "quality": 2}]},
        {"readings": body(0)["readings"] * (MOST_READINGS + 1)},
        body(0, signature="0x00"),
        [],
        None,
    ],
)
def test_send__not_of_its_form__is_refused_and_nothing_stored(http: TestClient, metered: Metered, wrong: Any) -> None:
    answer = http.post(PATH, json=wrong)

    assert (answer.status_code, answer.json()["code"]) == (400, "malformed_request")
    assert metered.readings() == []


@pytest.mark.parametrize(
    "content",
    [b"", b"{", b"\xff\xfe", b"[" * 100_000, b'{"readings": NaN}'],
    ids=["nothing", "cut off", "no text", "nested", "no number"],
)
def test_send__no_json__is_refused(http: TestClient, content: bytes) -> None:
    answer = http.post(PATH, content=content, headers={"content-type": "application/json"})

    assert answer.status_code == 400
    assert answer.json()["code"] in ("malformed_request", "bad_request")


def test_send__unsigned_where_signatures_are_wanted__says_so_per_reading(http: TestClient, metered: Metered) -> None:
    answer = http.post(PATH, json=body(0, 1))

    assert answer.status_code == 200
    assert [(one["result"], one["code"]) for one in answer.json()["readings"]] == [("refused", "unsigned")] * 2
    assert metered.readings() == []


def test_send__signed__is_stored_and_answered(http: TestClient, metered: Metered) -> None:
    one = signed(metered.point_id, reading(0), reading(1), reading(1), id="m-1")
    answer = http.post(PATH, content=one.model_dump_json(), headers={"content-type": "application/json"})
    again = http.post(PATH, content=one.model_dump_json(), headers={"content-type": "application/json"})

    assert answer.json() == {
        "id": "m-1",
        "stored": 2,
        "known": 1,
        "refused": 0,
        "readings": [
            {"start": T0, "result": "stored", "code": None},
            {"start": T0 + 900, "result": "stored", "code": None},
            {"start": T0 + 900, "result": "known", "code": None},
        ],
        "measurements": [],
    }
    assert again.json()["known"] == 3
    assert metered.readings() == [(T0, 100, 0, 0), (T0 + 900, 100, 0, 0)]


def test_send__while_the_store_fails__is_told_to_come_back_and_nothing_else(http: TestClient, metered: Metered) -> None:
    with metered.engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE readings RENAME TO elsewhere")
    one = signed(metered.point_id, reading(0))
    answer = http.post(PATH, content=one.model_dump_json(), headers={"content-type": "application/json"})

    assert answer.status_code == 503
    assert "elsewhere" not in answer.text
    assert "sqlite" not in answer.text.lower()


def test_send__to_an_api_that_takes_no_readings__says_so(client: TestClient) -> None:
    assert client.post(PATH, json=body(0)).json()["code"] == "not_offered"


ANY_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=12), inner, max_size=4),
    max_leaves=12,
)
FIELDS = ("start", "seconds", "withdrawn_wh", "injected_wh", "quality", "signature")
NEARLY = st.fixed_dictionaries(
    {},
    optional={
        "id": st.none() | st.text(max_size=70),
        "readings": st.lists(
            st.fixed_dictionaries({}, optional=dict.fromkeys(FIELDS, st.integers(-(1 << 65), 1 << 65) | ANY_JSON)),
            max_size=4,
        ),
        "measurements": st.lists(
            st.fixed_dictionaries({}, optional={"start": ANY_JSON, "seconds": ANY_JSON}), max_size=3
        ),
        "signature": ANY_JSON,
    },
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(content=st.binary(max_size=300) | ANY_JSON.map(json.dumps) | NEARLY.map(json.dumps))
def test_send__anything_at_all__is_answered_without_a_trace_or_a_reading(
    http: TestClient, metered: Metered, content: bytes | str
) -> None:
    answer = http.post(PATH, content=content, headers={"content-type": "application/json"})

    assert answer.status_code in (200, 400, 429)
    assert "Traceback" not in answer.text
    assert metered.readings() == []  # nobody signed anything
