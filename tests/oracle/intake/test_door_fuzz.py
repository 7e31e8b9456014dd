"""Whatever flows send, over whichever way: nothing accepted wrongly, every message answered, no error of ours."""

import threading
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from paho.mqtt.client import MQTTMessage
from sqlalchemy import Engine, text

from commons.intake.message import LARGEST_WH, Measurement, Message, Reading
from commons.intake.signing import canonical_bytes, sign
from oracle.intake.clerk import Clerk
from oracle.intake.door import Door
from oracle.intake.mqtt.service import Broker, MqttService
from oracle.intake.types import Delivery
from tests.support.intake import METER, NOW, STRANGER, T0, Metered, furnish, message, reading
from tests.support.waiting import LONGEST_S

MOST_WH = 2_500
STARTS = (
    st.integers(-2, 8).map(lambda slot: T0 + slot * 900) | st.integers(T0 - 900, NOW + 900) | st.integers(0, 2**33 - 1)
)
WH = st.integers(-1, 3) | st.sampled_from([MOST_WH, MOST_WH + 1]) | st.integers(-LARGEST_WH, LARGEST_WH)
READINGS = st.builds(
    Reading,
    start=STARTS,
    seconds=st.just(900) | st.integers(1, 3600),
    withdrawn_wh=WH,
    injected_wh=WH,
    quality=st.integers(0, 1),
)
MEASUREMENTS = st.builds(
    Measurement, start=STARTS, seconds=st.integers(1, 3600), voltage_v=st.none() | st.floats(-1e12, 1e12)
)
SIGNING = st.sampled_from(["meter", "stranger", "nobody", "another message"])
MESSAGES = st.lists(
    st.tuples(st.lists(READINGS, min_size=1, max_size=5), st.lists(MEASUREMENTS, max_size=2), SIGNING), max_size=4
)
FUZZ = settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])


@pytest.fixture
def metered(sqlite_store: Engine) -> Metered:
    return furnish(sqlite_store)


def said(metered: Metered, readings: list[Reading], measurements: list[Measurement], how: str) -> Message:
    """A message, signed so."""
    payload = canonical_bytes(metered.point_id, readings)
    signature = {
        "meter": sign(METER, payload),
        "stranger": sign(STRANGER, payload),
        "nobody": None,
        "another message": sign(METER, payload + b"\0"),
    }[how]
    return Message(readings=tuple(readings), measurements=tuple(measurements), signature=signature)


def can_be(one: Reading) -> bool:
    """Whether a reading of this flow can be right, said slowly."""
    return (
        one.seconds == 900
        and one.start % 900 == 0
        and one.start >= T0
        and one.start + 900 <= NOW
        and 0 <= one.withdrawn_wh <= MOST_WH
        and 0 <= one.injected_wh <= MOST_WH
    )


@FUZZ
@given(sent=MESSAGES)
def test_take__anything_signed_by_anybody__stores_only_what_can_be_and_the_first_of_it(
    metered: Metered, sent: list[tuple[list[Reading], list[Measurement], str]]
) -> None:
    with metered.engine.begin() as connection:
        for name in ("readings", "measurements", "anomalies", "signed_deliveries"):
            connection.execute(text(f"DELETE FROM {name}"))  # noqa: S608
    door = Door(metered.engine, lambda: NOW)
    flow = door.sending_flow(metered.flow)
    receipts = door.take([Delivery(flow, said(metered, *one)) for one in sent])

    expected: dict[int, tuple[int, int, int, int]] = {}
    results = []
    for readings, _, how in sent:
        for one in readings:
            row = (one.start, one.withdrawn_wh, one.injected_wh, one.quality)
            is_good = how == "meter" and can_be(one)
            results.append(
                "refused" if not is_good or expected.get(one.start, row) != row
                else "known" if one.start in expected
                else "stored"
            )  # fmt: skip
            if is_good:
                expected.setdefault(one.start, row)
    assert metered.readings() == sorted(expected.values())
    assert [verdict.result.value for receipt in receipts for verdict in receipt.readings] == results


class Recorder:
    """In the place of a connection to a broker: notes what is acknowledged and said."""

    def __init__(self) -> None:
        self.acknowledged: list[int] = []
        self.said: list[str] = []

    def ack(self, mid: int, _qos: int) -> None:
        self.acknowledged.append(mid)

    def publish(self, topic: str, _payload: str, **_: Any) -> None:
        self.said.append(topic)


def came(topic: str, payload: bytes, number: int) -> MQTTMessage:
    found = MQTTMessage(number, topic.encode())
    found.payload, found.qos = payload, 1
    return found


TOPICS = st.text(max_size=20) | st.tuples(st.sampled_from(["0xfe", "none"]), st.integers(0, 3), st.integers(0, 3)).map(
    lambda parts: f"commonwatt/{parts[0]}/{parts[1]}/{parts[2]}/readings"
)
PAYLOADS = (
    st.binary(max_size=60) | st.just(message(reading(0)).model_dump_json().encode()) | st.just(b'{"readings": [{}]}')
)


@FUZZ
@given(messages=st.lists(st.tuples(TOPICS, PAYLOADS), max_size=6))
def test_mqtt__any_topic_and_payload__is_acknowledged_once_and_stores_nothing(
    metered: Metered, messages: list[tuple[str, bytes]]
) -> None:
    service = MqttService(Door(metered.engine, lambda: NOW), Broker("127.0.0.1", 1, ""))
    recorder: Any = Recorder()
    service._client = recorder
    for number, (topic, payload) in enumerate(messages):
        service._on_message(recorder, None, came(topic, payload, number))
    service._clerk.close()

    assert sorted(recorder.acknowledged) == list(range(len(messages)))
    assert metered.readings() == []


def test_mqtt__answered_after_the_connection_was_another__is_not_acknowledged_there(metered: Metered) -> None:
    """The broker sends it again on the new connection, where its number may belong to another message by then."""
    service = MqttService(Door(metered.engine, lambda: NOW), Broker("127.0.0.1", 1, ""))
    recorder: Any = Recorder()
    service._client = recorder
    payload = said(metered, [reading(0)], [], "meter").model_dump_json().encode()
    topic = f"commonwatt/none/{metered.device}/{metered.flow}/readings"
    work, let = service._door.take, threading.Event()

    def slow(deliveries: Any) -> Any:
        assert let.wait(LONGEST_S)
        return work(deliveries)

    service._door.take = slow  # type: ignore[method-assign]
    service._on_message(recorder, None, came(topic, payload, 7))
    service._on_disconnect()
    let.set()
    service._on_message(recorder, None, came(topic, payload, 8))
    service._clerk.close()

    assert recorder.acknowledged == [8]
    assert len(metered.readings()) == 1


def test_clerk__many_threads_worth_of_messages__are_all_answered(metered: Metered, tmp_path: Path) -> None:
    door = Door(metered.engine, lambda: NOW)
    clerk, flow = Clerk(door), door.sending_flow(metered.flow)
    payload = [reading(slot) for slot in range(40)]
    futures = [clerk.offer(flow, said(metered, [one], [], "meter")) for one in payload * 3]
    clerk.close()

    assert sum(future.result(0).stored for future in futures) == 40
    assert sum(future.result(0).known for future in futures) == 80
