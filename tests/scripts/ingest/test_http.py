"""Readings over HTTP, by `ingest http` and the served API: killed in mid-work, what was answered is there."""

import threading
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from sqlalchemy import Engine

from commons.actions.meters import register_key_call
from commons.database.engine import open_database
from commons.intake.message import Message, Reading
from commons.intake.signing import address_of_key
from oracle.intake.meter_keys import Registrar
from tests.scripts.command import Command
from tests.scripts.services import served
from tests.support.chain import World
from tests.support.intake import STRANGER, Metered, furnish, signed
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


@pytest.fixture
def operator(world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of an operator whose API is to be served on the test's chain."""
    for name, value in {**world.environment, "COMMONWATT_VAR_DIR": str(tmp_path / "var")}.items():
        monkeypatch.setenv(name, value)
    return tmp_path / "operator"


@pytest.fixture
def own_store(operator: Path) -> Iterator[Engine]:
    """That operator's database."""
    engine = open_database(operator / "operator.sqlite")
    yield engine
    engine.dispose()


def test_http__killed_in_mid_batch__keeps_all_that_it_answered_and_takes_the_rest_again(store_engine: Engine) -> None:
    metered = furnish(store_engine, takes_unsigned=True, starts=0)
    where = store_engine.url.set(drivername=store_engine.dialect.name).render_as_string(hide_password=False)
    kill_and_send_again(metered, "ingest", "http", "--no-follow", "--database", where)


def test_api__of_an_operator_killed_in_mid_batch__keeps_all_that_it_answered_and_takes_the_rest_again(
    operator: Path, own_store: Engine
) -> None:
    metered = furnish(own_store, takes_unsigned=True, starts=0)
    kill_and_send_again(metered, "api", "serve", "--no-follow", "--operator", str(operator))


def test_api__of_an_operator__follows_the_meters_keys_of_its_community(
    operator: Path, own_store: Engine, world: World
) -> None:
    """A reading of a slot to come is refused for that alone once its signature counts."""
    registrar = Registrar(world.chain.chain_id, world.contracts.community.address)
    metered = furnish(own_store, registrar=registrar)
    key = register_key_call(world.reader, bytes.fromhex(metered.point_id[2:]), address_of_key(STRANGER))
    world.chain.send(world.admin, key)
    start = (max(world.chain.now(), int(time.time())) // 900 + 96) * 900
    to_come = Reading(start=start, seconds=900, withdrawn_wh=1, injected_wh=0)
    content = signed(metered.point_id, to_come, key=STRANGER).model_dump_json()
    headers = {"Authorization": f"Bearer {metered.token}", "content-type": "application/json"}
    port = free_port()

    def verdict() -> str:
        url = f"http://127.0.0.1:{port}/v1/measurement/readings"
        answer = httpx.post(url, content=content, headers=headers, timeout=LONGEST_S, trust_env=False)
        if answer.status_code == 429:
            time.sleep(float(answer.headers["retry-after"]))
            return "asked too often"
        return str(answer.json()["readings"][0]["code"])

    with served("api", "serve", "--operator", str(operator), "--port", str(port)):
        ready(f"http://127.0.0.1:{port}/v1/health")
        eventually(lambda: verdict() == "clock_ahead", "the key counts")
    assert metered.readings() == []


def kill_and_send_again(metered: Metered, *command: str) -> None:
    """Kill what serves while two senders are at work, start it again, and send what was not answered."""
    arguments, port = (*command, "--port"), free_port()
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
