"""Members' keys reach the operators sealed, and `commonwatt member erase` leaves nothing of a member behind."""

import json
from pathlib import Path

import pytest
from sqlalchemy import insert

from api.adhesion.desk import AdhesionDesk
from api.auth.tables import SignInRow
from commons.actions.community import replace_wallet
from commons.addresses import Address
from commons.database.tables import table_of
from commons.settings import settings
from commons.wallets import known_signer
from oracle.archive.keys import KeyBook
from oracle.lock import folder_lock
from oracle.measurement.points import point_id
from oracle.measurement.store import ReadingStore
from scripts.serving import documents_of, open_store
from tests.scripts.verbs import Verbs
from tests.support.chain import World
from tests.support.market import SALT, OperatorDesk, desks, open_day, usual_orders, usual_readings
from tests.support.ports import free_port

OPERATORS = ("operator-1", "operator-2")


@pytest.fixture(autouse=True)
def var_dir(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """An installation of the test's own: an API's database in it is erased from, too."""
    monkeypatch.setenv("COMMONWATT_VAR_DIR", str(tmp_path / "var"))
    return tmp_path / "var"


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


def test_erase__member_with_an_api__leaves_no_document_salt_or_sign_in(
    verbs: Verbs, world: World, operator: OperatorDesk, var_dir: Path
) -> None:
    stays = keep_at_api(world, var_dir, world.bob.address)
    needles = keep_at_api(world, var_dir, world.alice.address)
    (var_dir / "api" / "serve.log").write_text(f"one\n{world.alice.address} asked\ntwo\n")
    assert all(needle in all_bytes(var_dir) for needle in [*needles, *stays])

    erased = verbs.found("member", "erase", "H01", "--folder", str(operator.folder), "--yes")

    assert {name: erased["rows"][name] for name in ("adhesion_documents", "sign_ins")} == {
        "adhesion_documents": 1,
        "sign_ins": 1,
    }
    assert [needle for needle in needles if needle in all_bytes(var_dir)] == []
    assert all(needle in all_bytes(var_dir) for needle in stays)
    assert (var_dir / "api" / "serve.log").read_text() == "one\ntwo\n"


def test_erase__applicant_whom_only_the_api_knows__is_gone_there(
    verbs: Verbs, world: World, operator: OperatorDesk, var_dir: Path
) -> None:
    needles = keep_at_api(world, var_dir, world.stranger.address)
    place = ("--folder", str(operator.folder), "--yes")

    assert "1 of adhesion_documents" in verbs.told("member", "erase", world.stranger.address, *place)

    assert [needle for needle in needles if needle in all_bytes(var_dir)] == []
    assert "nothing is known here" in verbs.refused("member", "erase", world.stranger.address, *place)


def test_erase__member_whose_wallet_was_replaced__goes_with_every_wallet(
    verbs: Verbs, world: World, operator: OperatorDesk, var_dir: Path
) -> None:
    """The operator knows the old wallet alone, the API both, the chain says that they are one member's."""
    old, new = world.alice.address, world.stranger.address
    replace_wallet(world.reader, known_signer("community-admin"), old, world.stranger)
    needles = [*keep_at_api(world, var_dir, old), *keep_at_api(world, var_dir, new)]

    verbs.found("member", "erase", new, "--folder", str(operator.folder), "--yes")

    assert [needle for needle in needles if needle in all_bytes(var_dir)] == []
    assert point_id(SALT, old).encode() not in operator_bytes(operator)


def test_erase__member_with_a_broker__may_not_sign_in_there_any_more(
    verbs: Verbs, world: World, operator: OperatorDesk, tmp_path: Path
) -> None:
    place = ("--database", str(operator.folder / "operator.sqlite"))
    verbs.found("store", "device", "add", "meter-1", "--point", point_id(SALT, world.alice.address), *place)
    verbs.found("store", "flow", "add", "energy", "--device", "1", "--every", "900", "--sends", "900",
                "--gdpr", "detailed", "--from", "2026-01-01T00:00:00+01:00", *place)  # fmt: skip
    verbs.found("store", "credential", "create", "1", *place)
    broker = tmp_path / "broker"
    verbs.found("ingest", "mqtt-config", str(broker), "--listen", f"127.0.0.1:{free_port()}", *place)
    assert "flow-1" in (broker / "acl").read_text()
    (broker / "data" / "mosquitto.db").write_bytes(b"what waits")
    arguments = ("member", "erase", "H01", "--folder", str(operator.folder), "--yes", "--broker")

    assert "is no broker's folder" in verbs.refused(*arguments, str(tmp_path / "elsewhere"))
    assert "is erased" in verbs.told(*arguments, str(broker))

    assert "flow-1" not in (broker / "acl").read_text() + (broker / "passwords").read_text()
    assert list((broker / "data").iterdir()) == []


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


def keep_at_api(world: World, var_dir: Path, wallet: Address) -> list[bytes]:
    """Have the API keep a document and a sign-in of a wallet; gives what they can be recognised by."""
    kept = settings().model_copy(update={"var_dir": var_dir})
    engine = open_store(kept)
    document = b"%PDF-1.7 signed by " + wallet.encode()
    desk = AdhesionDesk(engine, documents_of(kept))
    row = desk.take(world.contracts.community.address, wallet, "application/pdf", document)
    with engine.begin() as connection:
        sign_in = {"id": f"id of {wallet}", "wallet": wallet, "refresh": f"refresh of {wallet}"}
        moments = {"began": 1, "expires": 2, "rotated": 1, "is_over": False}
        connection.execute(insert(table_of(SignInRow)).values(**sign_in, **moments))
    engine.dispose()
    return [document, row.adhesion_hash.encode(), row.salt.encode(), *(sign_in[name].encode() for name in sign_in)]


def all_bytes(folder: Path) -> bytes:
    """Every byte in a folder and below, the names of its files too."""
    files = [path for path in folder.rglob("*") if path.is_file()]
    return b"".join(path.name.encode() + path.read_bytes() for path in files)


def operator_bytes(operator: OperatorDesk) -> bytes:
    """Every byte in the operator's folder."""
    return b"".join(path.read_bytes() for path in operator.folder.iterdir() if path.is_file())
