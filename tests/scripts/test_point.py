"""Binding points and meters' keys from the command line: every way to get it wrong first."""

import json
from pathlib import Path

import pytest

from commons.records import OPEN_END
from oracle.measurement.points import point_id
from tests.scripts.verbs import Verbs
from tests.support.chain import World

POINT = "0x" + "11" * 32
OTHER = "0x" + "22" * 32
KEY = "0x" + "0a" * 20
WEEK_S = 7 * 24 * 3600


def test_bind__of_something_else_than_a_point__is_refused(verbs: Verbs) -> None:
    assert "not hexadecimal" in verbs.refused("point", "bind", "IT001E", "--member-as", "H01")
    assert "has 2 bytes" in verbs.refused("point", "bind", "0x1122", "--member-as", "H01")
    assert "exchange or production" in verbs.refused("point", "bind", POINT, "--member-as", "H01", "--kind", "gas")
    assert "no time zone" in verbs.refused("point", "bind", POINT, "--member-as", "H01", "--from", "2026-12-01")
    assert "nobody is named" in verbs.refused("point", "bind", POINT)
    assert "cannot be read" in verbs.refused("point", "bind", POINT, "--member-as", "H01", "--document", "nowhere.txt")


def test_bind__by_no_admin_or_for_no_member__is_refused(verbs: Verbs, world: World) -> None:
    assert "community admin" in verbs.refused("point", "bind", POINT, "--member-as", "H01", "--as", "H02")
    assert "no member has the id" in verbs.refused("point", "bind", POINT, "--member-as", "account-90")


def test_bind__a_point_that_is_bound__is_refused(verbs: Verbs) -> None:
    verbs.told("point", "bind", POINT, "--member-as", "H01")
    assert "is bound to member" in verbs.refused("point", "bind", POINT, "--member-as", "H02")


def test_hand_in__a_file_that_is_none_or_changed__is_refused(verbs: Verbs, world: World, tmp_path: Path) -> None:
    assert "cannot be read" in verbs.refused("point", "hand-in", str(tmp_path / "nothing.json"))
    file = tmp_path / "binding.json"
    verbs.told("point", "sign", POINT, "--out", str(file), "--as", "H01")
    assert "cannot be written" in verbs.refused("point", "sign", POINT, "--out", str(file), "--as", "H01")
    signed = json.loads(file.read_text())
    for change, said in (
        ({"format": "other"}, "commonwatt point sign"),
        ({"community": KEY}, "is for the community"),
        ({"kind": "gas"}, "exchange or production"),
        ({"pointId": OTHER}, "signature"),
        ({"number": 0}, "from 1"),
        ({"signature": "0x12"}, "signature"),
        ({"extra": 1}, "unknown key"),
    ):
        file.write_text(json.dumps(signed | change))
        assert said in verbs.refused("point", "hand-in", str(file)), change


def test_end__by_somebody_else_or_twice__is_refused(verbs: Verbs) -> None:
    assert "bound to nobody" in verbs.refused("point", "end", POINT)
    verbs.told("point", "bind", POINT, "--member-as", "H01")
    assert "neither the member" in verbs.refused("point", "end", POINT, "--as", "H02")
    verbs.told("point", "end", POINT, "--as", "H01")
    assert "bound to nobody" in verbs.refused("point", "end", POINT, "--as", "H01")


def test_keys__registered_wrongly__are_refused(verbs: Verbs) -> None:
    assert "role" in verbs.refused("point", "key", POINT, KEY, "--as", "H01")
    assert "checksum" in verbs.refused("point", "key", POINT, "0x" + "aB" * 20)
    assert "not in use" in verbs.refused("point", "revoke-key", KEY)
    verbs.told("point", "key", POINT, KEY)
    assert "was registered before" in verbs.refused("point", "key", OTHER, KEY)


def test_id__of_a_pod__is_its_salted_hash(verbs: Verbs) -> None:
    found = verbs.found("point", "id", "IT001E00000001")
    assert found["point_id"] == point_id(bytes.fromhex(found["salt"][2:]), "IT001E00000001")
    again = verbs.found("point", "id", "IT001E00000001", "--salt", found["salt"])
    assert again == found
    assert "32" in verbs.told("point", "id", "IT001E00000001", "--salt", "0x" + "32" * 32)


def test_bind__with_both_at_hand__is_listed_with_member_and_kind(verbs: Verbs, world: World) -> None:
    assert verbs.told("point", "list") == "No point is bound.\n"
    found = verbs.found("point", "bind", POINT, "--member-as", "H01", "--kind", "production")
    assert (found["bound"]["number"], found["bound"]["valid_until"]) == (1, OPEN_END)
    verbs.told("point", "bind", OTHER, "--member-as", "H02")
    listed = verbs.found("point", "list", "--member", "H01")
    assert [(one["span"]["point_id"], one["wallet"]) for one in listed] == [(POINT, world.alice.address)]
    assert listed[0]["span"]["kind"] == "production"
    assert "until ended" in verbs.told("point", "list")


@pytest.mark.parametrize("relayed", [False, True])
def test_hand_in__what_the_member_signed__binds_the_point(
    verbs: Verbs, world: World, tmp_path: Path, relayed: bool
) -> None:
    file = tmp_path / "binding.json"
    verbs.told("point", "sign", POINT, "--out", str(file), "--as", "H01")
    assert file.stat().st_mode & 0o077 == 0
    verbs.told("point", "hand-in", str(file), *(("--relayer", "relayer") if relayed else ()))
    member_id = world.reader.member(world.alice.address).member_id
    bound = world.chain.call(world.contracts.community.call("pointOf", bytes.fromhex(POINT[2:])))
    assert bound.member_id == member_id


def test_end__by_the_admin__takes_a_week_and_by_the_member_none(verbs: Verbs, world: World) -> None:
    verbs.told("point", "bind", POINT, "--member-as", "H01")
    by_admin = verbs.found("point", "end", POINT)
    assert by_admin["valid_until"] == world.chain.now() + WEEK_S
    by_member = verbs.found("point", "end", POINT, "--as", "H01")
    assert by_member["valid_until"] == world.chain.now()


def test_key__registered_and_revoked__is_listed_with_its_dates(verbs: Verbs, world: World) -> None:
    assert verbs.told("point", "keys") == "No key is registered.\n"
    assert verbs.found("point", "key", POINT, KEY)["key"] == KEY
    verbs.told("point", "revoke-key", KEY)
    (one,) = verbs.found("point", "keys")
    assert (one["key"], one["registered"]["valid_until"]) == (KEY, world.chain.now())
