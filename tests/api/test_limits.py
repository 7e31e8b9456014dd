"""A body that is too long is refused, whatever its header says; one that is not arrives whole."""

from collections.abc import Iterator

import pytest
from fastapi import FastAPI, Request
from fastapi.testclient import TestClient

from api.limits import BodyLimit, Rate
from commons.errors import RateLimited

MOST = 100


@pytest.fixture
def small() -> TestClient:
    """An application that takes 100 bytes and says how many came."""
    app = FastAPI()
    app.add_middleware(BodyLimit, most=MOST)

    @app.post("/")
    async def count(request: Request) -> int:
        return len(await request.body())

    return TestClient(app)


def pieces(count: int) -> Iterator[bytes]:
    for _ in range(count):
        yield bytes(10)


def test_body__longer_than_is_taken__is_refused(small: TestClient) -> None:
    answer = small.post("/", content=bytes(MOST + 1))

    assert (answer.status_code, answer.json()["code"]) == (413, "too_large")


def test_body__longer_in_pieces_without_a_length__is_refused(small: TestClient) -> None:
    assert small.post("/", content=pieces(11)).status_code == 413


def test_body__with_a_length_that_is_none__is_refused(small: TestClient) -> None:
    assert small.post("/", content=b"1", headers={"content-length": "-1"}).status_code == 413


@pytest.mark.parametrize("content", [b"", bytes(MOST)])
def test_body__up_to_the_limit__arrives_whole(small: TestClient, content: bytes) -> None:
    assert small.post("/", content=content).json() == len(content)


def test_body__in_pieces_up_to_the_limit__arrives_whole(small: TestClient) -> None:
    assert small.post("/", content=pieces(10)).json() == MOST


class Clock:
    """A clock that goes when it is told."""

    def __init__(self) -> None:
        self.at = 100.0

    def __call__(self) -> float:
        return self.at


def allowed(rate: Rate, caller: str, count: int) -> int:
    """How many of so many turns in a row there are."""
    done = 0
    for _ in range(count):
        try:
            rate.spend(caller)
        except RateLimited:
            continue
        done += 1
    return done


def test_rate__more_than_the_burst__is_refused_and_told_how_long_to_wait() -> None:
    rate = Rate(0.5, 2, Clock())
    assert allowed(rate, "a", 5) == 2
    with pytest.raises(RateLimited) as refusal:
        rate.require_left("a")
    assert refusal.value.retry_after_s == 2


def test_rate__of_one_caller__is_not_anothers() -> None:
    rate = Rate(1, 1, Clock())
    assert [allowed(rate, caller, 2) for caller in "aba"] == [1, 1, 0]


def test_rate__after_a_while__gives_turns_back_up_to_the_burst() -> None:
    clock = Clock()
    rate = Rate(2, 3, clock)
    assert allowed(rate, "a", 9) == 3
    clock.at += 1
    assert allowed(rate, "a", 9) == 2
    clock.at += 1_000
    assert allowed(rate, "a", 9) == 3


def test_rate__refused_turns__cost_nothing() -> None:
    clock = Clock()
    rate = Rate(1, 1, clock)
    assert allowed(rate, "a", 100) == 1
    clock.at += 1
    assert allowed(rate, "a", 1) == 1
