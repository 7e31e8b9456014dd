"""`commonwatt ingest http` killed in the middle of its work: what it answered is there, the rest can be sent again."""

import threading
import time

import httpx
import pytest
from sqlalchemy import Engine

from commons.intake.message import Message, Reading
from tests.scripts.command import Command
from tests.scripts.services import served
from tests.support.intake import Metered, furnish
from tests.support.ports import free_port
from tests.support.waiting import LONGEST_S, eventually

LONG_AGO = 1_600_000_200
BATCHES, SIZE = 2_000, 50


def batch(number: int) -> Message:
    first = LONG_AGO + number * SIZE * 900
    readings = tuple(
        Reading(start=first + slot * 900, seconds=900, withdrawn_wh=number, injected_wh=slot) for slot in range(SIZE)
    )
    return Message(id=str(number), readings=readings)


class Sender:
    """Sends batches one after the other until the service is gone, and notes which were answered."""

    def __init__(self, url: str, metered: Metered, numbers: list[int]) -> None:
        self._url = url
        self._headers = {"Authorization": f"Bearer {metered.token}", "content-type": "application/json"}
        self._numbers = numbers
        self.answered: list[int] = []

    def __call__(self) -> None:
        with httpx.Client(headers=self._headers, timeout=LONGEST_S, trust_env=False) as client:
            for number in self._numbers:
                try:
                    answer = self._answer(client, number)
                except httpx.TransportError:
                    return
                assert answer.status_code == 200
                assert answer.json()["refused"] == 0
                self.answered.append(number)

    def _answer(self, client: httpx.Client, number: int) -> httpx.Response:
        content = batch(number).model_dump_json()
        while (answer := client.post(self._url, content=content)).status_code == 429:
            time.sleep(float(answer.headers["retry-after"]))
        return answer


def answers(url: str) -> bool:
    try:
        httpx.get(url, timeout=LONGEST_S, trust_env=False)
    except httpx.TransportError:
        return False
    return True


def ready(url: str) -> None:
    eventually(lambda: answers(url), f"an answer at {url}")


def sent(port: int, metered: Metered, numbers: list[int]) -> tuple[list[Sender], list[threading.Thread]]:
    """Two senders at work, each with every other batch."""
    url = f"http://127.0.0.1:{port}/v1/measurement/readings"
    senders = [Sender(url, metered, numbers[first::2]) for first in range(2)]
    threads = [threading.Thread(target=one) for one in senders]
    for thread in threads:
        thread.start()
    return senders, threads


def test_http__killed_in_mid_batch__keeps_all_that_it_answered_and_takes_the_rest_again(store_engine: Engine) -> None:
    metered = furnish(store_engine, takes_unsigned=True, starts=0)
    where = store_engine.url.set(drivername=store_engine.dialect.name).render_as_string(hide_password=False)
    arguments = ("ingest", "http", "--no-follow", "--database", where, "--port")
    port = free_port()
    with served(*arguments, str(port)) as service:
        ready(f"http://127.0.0.1:{port}/v1/health")
        senders, threads = sent(port, metered, list(range(BATCHES)))
        eventually(lambda: sum(len(one.answered) for one in senders) >= 30, "30 batches are answered")
        service.kill()
        for thread in threads:
            thread.join()
    answered = {number for one in senders for number in one.answered}
    assert 30 <= len(answered) < BATCHES
    there = {start for start, *_ in metered.readings()}
    assert {reading.start for number in answered for reading in batch(number).readings} <= there
    assert len(there) % SIZE == 0  # whole batches only

    missing = [number for number in range(BATCHES) if number not in answered][:40]
    port = free_port()
    with served(*arguments, str(port)):
        ready(f"http://127.0.0.1:{port}/v1/health")
        again, threads = sent(port, metered, missing)
        for thread in threads:
            thread.join()
    assert sum(len(one.answered) for one in again) == len(missing)
    expected = {
        (reading.start, reading.withdrawn_wh, reading.injected_wh, 1)
        for number in [*answered, *missing]
        for reading in batch(number).readings
    }
    assert expected <= set(metered.readings())
    assert len(metered.readings()) == len(set(metered.readings()))


def test_http__database_that_is_not_there__is_refused(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    code, _, said = Command(monkeypatch, capsys)("ingest", "http", "--no-follow", "--database", "nowhere.sqlite")

    assert (code, "nowhere.sqlite is no database" in said) == (2, True)
