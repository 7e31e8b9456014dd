"""The broker's files let each flow do its own and nothing else; topics say whose they are."""

from pathlib import Path

import pytest
from sqlalchemy import Engine

from oracle.intake.credentials import revoke_credential
from oracle.intake.mqtt.broker_files import Listener, senders, service_password, write_broker_files
from oracle.intake.mqtt.topics import parsed, topics_of
from tests.support.intake import NOW, Metered, furnish


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The broker's."""
    return tmp_path / "broker"


@pytest.fixture
def metered(sqlite_store: Engine) -> Metered:
    return furnish(sqlite_store)


def written(metered: Metered, folder: Path) -> None:
    with metered.engine.connect() as connection:
        flows = senders(connection)
    write_broker_files(folder, flows, Listener("127.0.0.1", 1883))


@pytest.mark.parametrize(
    "topic",
    ["", "commonwatt/x/1/2/feedback", "commonwatt/x/1/0/readings", "commonwatt/x/y/1/2/readings", "a/b/1/2/readings"],
)
def test_parsed__topic_of_no_flow__is_none(topic: str) -> None:
    assert parsed(topic) is None


def test_parsed__topic_of_a_flow__is_that_flow() -> None:
    topics = topics_of("0xfe", 3, 7)

    assert parsed(topics.readings) == topics
    assert topics.feedback == "commonwatt/0xfe/3/7/feedback"


def test_files__of_a_flow__hold_its_rights_and_no_secret(metered: Metered, folder: Path) -> None:
    written(metered, folder)
    rights = (folder / "acl").read_text().split("\n\n")[1].split("\n")
    everything = "".join(path.read_text() for path in folder.iterdir() if path.is_file())

    stem = f"commonwatt/0x{'fe' * 20}/{metered.device}/{metered.flow}"
    assert rights[:3] == ["user flow-1", f"topic write {stem}/readings", f"topic read {stem}/feedback"]
    assert "flow-1:$7$101$" in (folder / "passwords").read_text()
    assert metered.token.rsplit("-", 1)[1] not in everything
    assert all(path.stat().st_mode & 0o077 == 0 for path in folder.iterdir() if path.is_file())


def test_files__after_the_credential_ended__know_the_flow_no_more(metered: Metered, folder: Path) -> None:
    written(metered, folder)
    own = service_password(folder)
    with metered.engine.begin() as connection:
        revoke_credential(connection, metered.flow, NOW)
    written(metered, folder)

    assert "flow-1" not in (folder / "acl").read_text() + (folder / "passwords").read_text()
    assert service_password(folder) == own
