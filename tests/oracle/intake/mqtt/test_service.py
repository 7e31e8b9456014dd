"""When the service of the broker is ready: once messages come, and not before."""

from collections.abc import Iterator
from typing import Any

import pytest
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.reasoncodes import ReasonCode
from sqlalchemy import Engine

from commons.errors import SettingsError
from oracle.intake.door import Door
from oracle.intake.mqtt.service import Broker, MqttService
from oracle.intake.mqtt.topics import ALL_READINGS
from tests.support.intake import NOW, furnish


class Recorder:
    """Notes what a client subscribes to."""

    def __init__(self) -> None:
        self.subscribed: list[str] = []

    def subscribe(self, topic: str, qos: int) -> None:
        assert qos == 1
        self.subscribed.append(topic)


@pytest.fixture
def service(sqlite_store: Engine) -> Iterator[MqttService]:
    furnish(sqlite_store)
    made = MqttService(Door(sqlite_store, lambda: NOW), Broker("127.0.0.1", 1, ""))
    yield made
    made._clerk.close()


def connected(service: MqttService) -> tuple[Recorder, list[bool]]:
    """The service once the broker let it in, and whether it said that it is ready."""
    recorder: Any = Recorder()
    ready: list[bool] = []
    service._ready = lambda: ready.append(True)
    service._on_connect(recorder, None, None, ReasonCode(PacketTypes.CONNACK, "Success"), None)
    return recorder, ready


def test_ready__broker_has_not_confirmed_the_subscription__is_not_said(service: MqttService) -> None:
    """What comes in between is nobody's, and lost."""
    recorder, ready = connected(service)

    assert (recorder.subscribed, ready) == ([ALL_READINGS], [])


def test_ready__subscription_confirmed__is_said(service: MqttService) -> None:
    _, ready = connected(service)
    service._on_subscribe(service._client, None, 1, [ReasonCode(PacketTypes.SUBACK, "Granted QoS 1")], None)

    assert ready == [True]


def test_ready__subscription_refused__ends_the_service_and_is_not_said(service: MqttService) -> None:
    _, ready = connected(service)
    service._on_subscribe(service._client, None, 1, [ReasonCode(PacketTypes.SUBACK, "Not authorized")], None)

    assert (service._is_stopping.is_set(), ready) == (True, [])
    assert isinstance(service.refusal, SettingsError)
    assert "Not authorized" in service.refusal.message
