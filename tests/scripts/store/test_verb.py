"""`commonwatt store`: what cannot be is refused in a sentence; the same again is harmless; a flow is set up whole."""

import json
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from commons.database.engine import open_database
from oracle.intake.door import Door
from tests.scripts.command import Command

P = "0x" + "ab" * 32
MEMBER_ID = "0x" + "cd" * 32
CONTRACT = "0x" + "fe" * 20
WALLET = "0x" + "a1" * 20


@pytest.fixture
def database(migrated: Path, tmp_path: Path) -> str:
    path = tmp_path / "operator.sqlite"
    path.write_bytes(migrated.read_bytes())
    return str(path)


@pytest.fixture
def store(database: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Any:
    """`commonwatt store` on the database: the exit code and what was said, or printed."""
    command = Command(monkeypatch, capsys)

    def run(*arguments: str) -> tuple[int, str]:
        code, printed, said = command("store", *arguments, "--database", database)
        return code, said if code else printed

    return run


COMMUNITY = ("community", "add", "Fontana", "--address", CONTRACT, "--chain-id", "31337")
PERSON = ("person", "add", "Anna", "--wallet", WALLET, "--member-id", MEMBER_ID)
POINT = ("point", "add", P, "--wallet", WALLET, "--pod", "IT001E1", "--supplier", "Enel")
DEVICE = ("device", "add", "M-1", "--point", "IT001E1")
FLOW = ("flow", "add", "energy", "--device", "1", "--from", "2026-06-10T00:00:00+02:00")
ALL = (COMMUNITY, PERSON, POINT, DEVICE, FLOW)


@pytest.fixture
def full(store: Any) -> Any:
    """A store with one of each."""
    for arguments in ALL:
        assert store(*arguments)[0] == 0
    return store


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((*PERSON[:-1], "0x12"), "is no member id"),
        ((*PERSON, "--profile", "king"), "Choose one of consumer"),
        (("person", "add", "Bob", *PERSON[3:]), "another person's"),
        ((*PERSON, "--community", "Nowhere"), "no communities here are called so"),
        (("point", "add", "0x12", "--wallet", WALLET), "is no point id"),
        (("point", "add", P, "--wallet", "0x" + "b0" * 20), "no such person"),
        ((*POINT[:-3], "IT001E2"), "has pod 'IT001E1' already"),
        (("device", "add", "M-2", "--point", "IT999"), "no such point"),
        ((*FLOW[:4], "99", *FLOW[5:]), "no such device"),
        ((*FLOW, "--every", "700"), "do not fill an hour"),
        ((*FLOW, "--measure", "taste"), "Choose one of energy"),
        ((*FLOW, "--gdpr", "secret"), "Choose one of none"),
        ((*FLOW, "--to", "2026-06-01T00:00:00+02:00"), "ends before it begins"),
        ((*FLOW[:-1], "2026-06-10"), "lacks its offset"),
        ((*FLOW[:-1], "tomorrow"), "is no moment"),
        ((*FLOW, "--every", "3600"), "with measuring_seconds 900 and not 3600"),
        (("credential", "create", "99"), "no such flow"),
        (("community", "add", "Other", *COMMUNITY[3:]), "with name 'Fontana' and not 'Other'"),
    ],
)
def test_store__what_cannot_be__is_refused_in_a_sentence(full: Any, arguments: tuple[str, ...], said: str) -> None:
    code, message = full(*arguments)

    assert code == 2
    assert said in message


def test_store__database_that_is_not_there__is_refused_but_for_a_first_community(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    command, where = Command(monkeypatch, capsys), str(tmp_path / "new.sqlite")

    assert command("store", *PERSON, "--database", where)[0] == 2
    assert command("store", *COMMUNITY, "--database", where)[0] == 0
    assert command("store", *PERSON, "--database", where)[0] == 0


@pytest.mark.parametrize("arguments", ALL, ids=lambda one: one[0])
def test_add__the_same_again__gives_the_same_number(full: Any, arguments: tuple[str, ...]) -> None:
    assert json.loads(full(*arguments, "--json")[1]) == {"id": 1}


@pytest.mark.parametrize(
    ("what", "column", "value"),
    [("community", "name", "Fontana"), ("person", "name", "Anna"), ("point", "supplier", "Enel"),
     ("device", "serial", "M-1"), ("flow", "has_credential", False)],
)  # fmt: skip
def test_list__of_each__shows_it(full: Any, what: str, column: str, value: object) -> None:
    (row,) = json.loads(full(what, "list", "--json")[1])
    assert row[column] == value
    assert len(full(what, "list")[1].splitlines()) == 2


def test_list__of_nothing__says_so(store: Any) -> None:
    assert store("flow", "list") == (0, "There are no flows yet.\n")


def test_person__in_two_communities__is_one_person(full: Any, database: str) -> None:
    other = "0x" + "fd" * 20
    assert full("community", "add", "Borgo", "--address", other, "--chain-id", "31337")[0] == 0
    assert full(*PERSON, "--community", "Borgo")[0] == 0

    engine = open_database(Path(database))
    with engine.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM users")).scalar_one() == 1
        assert connection.execute(text("SELECT count(*) FROM memberships")).scalar_one() == 2
    engine.dispose()


def test_unsigned__allowed_and_refused__is_what_the_flow_is_told(full: Any, database: str) -> None:
    full("credential", "create", "1")
    engine = open_database(Path(database))
    door = Door(engine, lambda: 0)
    for is_allowed, word in ((True, "--allow"), (False, "--refuse")):
        assert full("community", "unsigned", word)[0] == 0
        assert door.sending_flow(1).takes_unsigned is is_allowed
    engine.dispose()


def test_credential__made_and_revoked__lets_in_and_no_longer(full: Any, database: str) -> None:
    made = json.loads(full("credential", "create", "1", "--json")[1])
    engine = open_database(Path(database))
    assert Door(engine, lambda: 0).flow_of(made["token"]).key == 1
    engine.dispose()

    assert (made["mqtt_user"], made["replaced"]) == ("flow-1", False)
    assert json.loads(full("flow", "list", "--json")[1])[0]["has_credential"] is True
    assert "former credential has ended" in full("credential", "create", "1")[1]
    assert full("credential", "revoke", "1")[1] == "The credential of flow 1 has ended.\n"
    assert full("credential", "revoke", "1")[1] == "The credential of flow 1 was none.\n"
