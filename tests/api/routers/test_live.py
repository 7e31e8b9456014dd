"""Live changes over a real connection: what happens arrives, who comes back misses nothing, a reset is told."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx
import pytest

from tests.support.api import Api
from tests.support.server import served
from tests.support.waiting import LONGEST_S

WAIT_S = LONGEST_S


@pytest.fixture
def base(api: Api) -> Iterator[str]:
    """The same application behind a socket."""
    with served(api.serving.app) as address:
        yield address


@contextmanager
def listening(base: str, query: str = "", **headers: str) -> Iterator[Iterator[dict[str, Any]]]:
    """The messages of a stream, as they come."""
    with httpx.stream("GET", f"{base}/v1/events{query}", headers=headers, timeout=WAIT_S) as answer:
        assert answer.status_code == 200
        assert answer.headers["Content-Type"].startswith("text/event-stream")
        yield messages(answer.iter_lines())


def messages(lines: Iterator[str]) -> Iterator[dict[str, Any]]:
    found: dict[str, Any] = {}
    for line in lines:
        if not line and found:
            yield found
            found = {}
        name, _, value = line.partition(": ")
        if name in ("event", "id"):
            found[name] = value
        elif name == "data":
            found[name] = json.loads(value)


def first(stream: Iterator[dict[str, Any]], event: str) -> dict[str, Any]:
    return next(message for message in stream if message["event"] == event)


def test_events__something_happens__arrives_with_an_id(api: Api, base: str) -> None:
    with listening(base) as stream:
        head = first(stream, "head")
        number = api.world.open_session()
        api.catch_up()
        found = first(stream, "chain")
    assert (found["data"]["name"], found["data"]["session"]) == ("SessionOpened", number)
    assert found["id"] == f"{head['data']['generation']}-{found['data']['id']}"


def test_events__client_comes_back__gets_what_it_missed_and_nothing_twice(api: Api, base: str) -> None:
    start = api.world.chain.now() // 3600 * 3600
    with listening(base) as stream:
        first(stream, "head")
        api.world.open_session(delivery_start=start + 86400)
        api.catch_up()
        seen = first(stream, "chain")
    missed = [api.world.open_session(delivery_start=start + days * 86400) for days in (3, 5)]
    api.catch_up()
    with listening(base, **{"Last-Event-ID": seen["id"]}) as stream:
        found = [first(stream, "chain") for _ in missed]
    assert [message["data"]["session"] for message in found] == missed


def test_events__of_another_community__are_left_out(api: Api, base: str) -> None:
    community = api.world.contracts.community.address
    with listening(base, f"?community={community}") as stream:
        first(stream, "head")
        api.world.open_session()
        api.catch_up()
        assert first(stream, "chain")["data"]["community"] == community


def test_events__chain_went_back__tells_to_begin_anew(api: Api, base: str) -> None:
    snapshot = api.world.chain.request("evm_snapshot")
    api.world.open_session()
    api.catch_up()
    with listening(base) as stream:
        before = first(stream, "head")["data"]["generation"]
        api.world.chain.request("evm_revert", snapshot)
        api.catch_up()
        assert first(stream, "reset")["data"]["generation"] == before + 1


def test_events__id_of_a_chain_that_is_gone__is_told_to_begin_anew(api: Api, base: str) -> None:
    with listening(base, **{"Last-Event-ID": "99-1"}) as stream:
        assert next(stream)["event"] == "reset"


def test_events__unknown_community__is_a_problem(base: str) -> None:
    answer = httpx.get(f"{base}/v1/events?community=0x{'12' * 20}", timeout=WAIT_S)
    assert (answer.status_code, answer.json()["code"]) == (404, "unknown_community")
