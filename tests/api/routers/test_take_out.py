"""A member takes its own proved readings out over HTTP; a lost wallet does not, nor an admin's new one."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from commons.actions.community import replace_wallet
from commons.wallets import Signer
from oracle.evidence.bundle import decode, verify_bundle
from oracle.measurement.points import point_id
from tests.support.api import Api, make_api
from tests.support.chain import World
from tests.support.evidence import FREEZE_S, evidence_desks, jump_to_freeze, local_day_of, open_evidence_day
from tests.support.market import SALT, Day, step, usual_orders, usual_readings

DELAY_S = 30 * 24 * 3600


@pytest.fixture
def day(world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Day:
    """A local day that is notarised."""
    monkeypatch.setenv("COMMONWATT_FREEZE_S", str(FREEZE_S))
    operators = evidence_desks(world, tmp_path)
    opened = open_evidence_day(world, usual_orders(world))
    for operator in operators:
        operator.meter(opened.view, usual_readings(world))
    jump_to_freeze(opened)
    step(operators)
    world.jump(world.reader.window_limits().challenge)
    return opened


@pytest.fixture
def archive(world: World, day: Day, tmp_path: Path) -> Iterator[Api]:
    """The API with an operator's archive and key."""
    yield from make_api(world, tmp_path, tmp_path / "operator-1", world.operators[0])


def bundles(api: Api, wallet: Signer, status: int = 200) -> Any:
    return api.get(f"…/members/{wallet.address}/bundles", status=status, headers=api.sign_in(wallet))


def replace_alice(api: Api, by: Signer) -> None:
    """The admin lets another wallet take Alice's place."""
    replace_wallet(api.world.reader, api.world.admin, api.world.alice.address, by)
    api.catch_up()


def test_bundles__the_member__takes_out_what_the_chain_has(archive: Api, day: Day) -> None:
    alice, local = archive.world.alice, local_day_of(day)
    assert {"day": str(local), "version": 1} in bundles(archive, alice)
    answer = archive.ask("GET", f"…/members/{alice.address}/bundles/{local}", headers=archive.sign_in(alice))
    bundle = decode(answer.content)
    verify_bundle(bundle)
    assert {reading.point_id for reading in bundle.readings} == {point_id(SALT, alice.address)}
    posted = archive.get("…/datasets")["items"][0]
    assert (posted["root"], posted["posted"]["tx_hash"]) == (
        "0x" + bundle.root.hex(),
        "0x" + (bundle.transaction or b"").hex(),
    )
    assert posted["final_at"] is not None
    assert len(posted["operators"]) >= 2
    assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("who", ["bob", "admin", "stranger"])
def test_bundle__anybody_else__is_refused(archive: Api, day: Day, who: str) -> None:
    path = f"…/members/{archive.world.alice.address}/bundles/{local_day_of(day)}"
    answer = archive.ask("GET", path, headers=archive.sign_in(getattr(archive.world, who)))
    assert (answer.status_code, answer.json()["code"]) == (403, "not_allowed")


def test_bundle__day_that_is_not_notarised__is_a_problem(archive: Api) -> None:
    alice = archive.world.alice
    path = f"…/members/{alice.address}/bundles/2031-05-05"
    assert archive.get(path, status=404, headers=archive.sign_in(alice))["code"] == "not_found"


def test_bundles__never_a_member__there_are_none(archive: Api, stranger: Signer) -> None:
    assert (
        archive.get(f"…/members/{stranger.address}/bundles", status=404, headers=archive.sign_in(stranger))["code"]
        == "unknown_member"
    )


def test_points__of_a_member__are_bound_with_their_traces(archive: Api) -> None:
    found = archive.get(f"…/members/{archive.world.alice.address}/points")
    assert [one["point_id"] for one in found] == [point_id(SALT, archive.world.alice.address)]
    assert found[0]["released"] is None


def test_bundles__wallet_that_was_replaced__is_let_in_no_more(archive: Api, stranger: Signer) -> None:
    header = archive.sign_in(archive.world.alice)
    replace_alice(archive, stranger)
    fresh = archive.sign_in(archive.world.alice)
    for own in (header, fresh):
        path = f"…/members/{archive.world.alice.address}/readings?from=2026-06-01&to=2026-06-01"
        answer = archive.ask("GET", path, headers=own)
        assert answer.status_code == 403


def test_bundles__new_wallet_while_the_old_may_veto__sees_nothing_of_before(
    archive: Api, day: Day, stranger: Signer
) -> None:
    """Else an admin could name a wallet of their own and read whatever the member's meters saw."""
    local = local_day_of(day)
    replace_alice(archive, stranger)
    header = archive.sign_in(stranger)
    assert bundles(archive, stranger, status=404)
    readings = archive.get(f"…/members/{stranger.address}/readings?from={local}&to={local}", headers=header)
    assert readings["slots"] == []


def test_bundles__new_wallet_once_settled__has_the_members_past(archive: Api, day: Day, stranger: Signer) -> None:
    local = local_day_of(day)
    replace_alice(archive, stranger)
    archive.world.jump(DELAY_S)
    archive.catch_up()
    header = archive.sign_in(stranger)
    assert {"day": str(local), "version": 1} in bundles(archive, stranger)
    readings = archive.get(f"…/members/{stranger.address}/readings?from={local}&to={local}", headers=header)
    assert 1000 in {slot["withdrawn_wh"] for slot in readings["slots"]}


def test_reward__day_without_a_model_in_force__is_not_yet(archive: Api, day: Day) -> None:
    alice = archive.world.alice
    path = f"…/members/{alice.address}/rewards/{local_day_of(day)}"
    assert archive.get(path, status=404, headers=archive.sign_in(alice))["code"] == "not_yet"
    assert archive.get(path, status=403, headers=archive.sign_in(archive.world.bob))["code"] == "not_allowed"
