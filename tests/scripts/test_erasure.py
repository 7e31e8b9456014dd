"""Members' keys reach the operators sealed, and `commonwatt member erase` leaves nothing of a member behind."""

import json
from pathlib import Path

import pytest

from commons.wallets import known_signer
from oracle.archive.keys import KeyBook
from oracle.lock import folder_lock
from oracle.measurement.points import point_id
from oracle.measurement.store import ReadingStore
from tests.scripts.verbs import Verbs
from tests.support.chain import World
from tests.support.market import SALT, OperatorDesk, desks, open_day, usual_orders, usual_readings

OPERATORS = ("operator-1", "operator-2")


@pytest.fixture
def operator(world: World, tmp_path: Path) -> OperatorDesk:
    """An operator that has metered a session of four members."""
    desk = desks(world, tmp_path)[0]
    desk.meter(open_day(world, usual_orders(world)).view, usual_readings(world))
    return desk


@pytest.fixture
def keys(verbs: Verbs, tmp_path: Path) -> Path:
    """Alice's key, sealed to two operators."""
    public = [verbs.found("oracle", "public-key", name)["public_key"] for name in OPERATORS]
    file = tmp_path / "alice.keys"
    verbs.found("member", "key", "H01", "--for", public[0], "--for", public[1], "--out", str(file))
    return file


def test_key__wrong_input__is_refused(verbs: Verbs, world: World, tmp_path: Path, keys: Path) -> None:
    public = verbs.found("oracle", "public-key", "operator-1")["public_key"]
    out = ("--out", str(tmp_path / "new.keys"))

    assert "no member id" in verbs.refused("member", "key", world.stranger.address, "--for", public, *out)
    assert "no public key" in verbs.refused("member", "key", "H01", "--for", "0x02", *out)
    assert "cannot be written" in verbs.refused("member", "key", "H01", "--for", public, "--out", str(keys))
    assert not (tmp_path / "new.keys").exists()


@pytest.mark.parametrize("content", [b"", b"{}", b'{"format":"commonwatt/member-keys/1","keys":[{}]}', b"\xff"])
def test_import_keys__not_such_a_file__is_refused(verbs: Verbs, tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "keys"
    file.write_bytes(content)

    said = verbs.refused("oracle", "import-keys", str(file), "--folder", str(tmp_path / "operator"))
    assert "commonwatt member key" in said


def test_import_keys__second_key_of_a_member__is_refused(
    verbs: Verbs, operator: OperatorDesk, keys: Path, tmp_path: Path
) -> None:
    public = verbs.found("oracle", "public-key", "operator-1")["public_key"]
    second = tmp_path / "second.keys"
    verbs.found("member", "key", "H01", "--for", public, "--out", str(second))
    verbs.found("oracle", "import-keys", str(keys), "--folder", str(operator.folder))

    said = verbs.refused("oracle", "import-keys", str(second), "--folder", str(operator.folder))
    assert "another key of the member is here already" in said


def test_import_keys__of_both_operators__opens_with_each_alike(
    verbs: Verbs, world: World, keys: Path, tmp_path: Path
) -> None:
    opened = []
    for name in OPERATORS:
        place = ("--operator", name, "--folder", str(tmp_path / name))
        assert verbs.found("oracle", "import-keys", str(keys), *place) == {"added": 1}
        assert verbs.found("oracle", "import-keys", str(keys), *place) == {"added": 0}
        desk = OperatorDesk(world, known_signer(name), tmp_path / name, desks(world, tmp_path)[0].published)
        opened.append(KeyBook(desk.engine, world.contracts.community.address, desk.signer).opened())
    assert opened[0] == opened[1]
    (key,) = opened[0].values()
    assert key.hex() not in json.dumps(json.loads(keys.read_bytes()))


def test_erase__wrong_input__is_refused(verbs: Verbs, world: World, operator: OperatorDesk) -> None:
    place = ("--folder", str(operator.folder), "--yes")

    assert "nothing is known here" in verbs.refused("member", "erase", world.stranger.address, *place)
    assert "is not an address" in verbs.refused("member", "erase", "0x12", *place)
    with folder_lock(operator.folder):
        assert "already at work" in verbs.refused("member", "erase", "H01", *place)


def test_erase__member__is_gone_and_the_others_are_not(
    verbs: Verbs, world: World, operator: OperatorDesk, keys: Path
) -> None:
    place = ("--folder", str(operator.folder))
    verbs.found("oracle", "import-keys", str(keys), *place)
    alice = point_id(SALT, world.alice.address).encode()
    assert alice in operator_bytes(operator)

    erased = verbs.told("member", "erase", "H01", *place, "--yes")

    assert f"{world.alice.address} is erased at operator-1: 4 of readings, 1 of points, 1 of member_keys." in erased
    assert "erase at every operator" in erased
    assert alice not in operator_bytes(operator)
    assert world.alice.address.encode() not in operator_bytes(operator)
    assert point_id(SALT, world.bob.address).encode() in operator_bytes(operator)


def test_erase__member_of_an_operator_on_postgresql__is_gone_there(
    verbs: Verbs, world: World, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    desk = desks(world, tmp_path)[0]
    desk.folder.mkdir(parents=True, exist_ok=True)
    (desk.folder / "database.url").write_text(request.getfixturevalue("postgres").database())
    desk.meter(open_day(world, usual_orders(world)).view, usual_readings(world))

    erased = verbs.told("member", "erase", "H01", "--folder", str(desk.folder), "--yes")

    assert "4 of readings, 1 of points" in erased
    left = {point.wallet for point in ReadingStore(desk.engine).points()}
    assert left == {member.address for member in world.members[1:]}


def operator_bytes(operator: OperatorDesk) -> bytes:
    """Every byte in the operator's folder."""
    return b"".join(path.read_bytes() for path in operator.folder.iterdir() if path.is_file())
