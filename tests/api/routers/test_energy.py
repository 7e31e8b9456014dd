"""A member's readings are the member's alone, for every role and route; of the community only the whole is told."""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from commons.addresses import Address
from commons.slots import local_midnight
from commons.wallets import Signer, known_signer
from oracle.intake.anomaly_book import AnomalyBook
from oracle.measurement.points import point_id
from oracle.measurement.store import ReadingStore
from oracle.measurement.types import Point, PointKind, Quality, ReadingBatch
from oracle.operator import operator_database
from oracle.quality.types import Anomalies, Anomaly, AnomalyCode
from tests.support.api import Api, make_api
from tests.support.chain import World
from tests.support.market import SALT

DAY = date(2026, 6, 10)
PERIOD = f"from={DAY}&to={DAY}"
HOURS = 24
PRIVATE = (f"readings?{PERIOD}", f"indicators?{PERIOD}", "bundles", f"bundles/{DAY}", f"rewards/{DAY}")
ROLES = ("stranger", "bob", "admin", "market_operator", "operator", "issuer", "platform_admin")
SECRET_WH = 77_123
"""What Alice's meter read in every hour: nobody else may see this figure, or sums of it."""


def store_readings(folder: Path, wallets: Mapping[Address, int]) -> None:
    """A day of one figure per wallet and hour."""
    store = ReadingStore(operator_database(folder))
    ids = [point_id(SALT, wallet) for wallet in wallets]
    store.add_points([Point(p, w, PointKind.EXCHANGE) for p, w in zip(ids, wallets, strict=True)])
    point, hour = (axis.reshape(-1) for axis in np.indices((len(ids), HOURS)))
    zeros = np.zeros(len(point), dtype=np.int64)
    store.insert(
        ReadingBatch(
            point_ids=tuple(ids),
            point=point,
            start=local_midnight(DAY) + hour * 3600,
            seconds=np.full(len(point), 3600),
            withdrawn_wh=np.array(list(wallets.values()), dtype=np.int64)[point],
            injected_wh=zeros,
            quality=np.full(len(point), Quality.MEASURED, dtype=np.uint8),
        )
    )
    store.close()


@pytest.fixture
def folder(world: World, tmp_path: Path) -> Path:
    """An operator's folder with a day of four members."""
    place = tmp_path / "operator"
    place.mkdir()
    wallets = {member.address: 1000 + number for number, member in enumerate(world.members)}
    store_readings(place, wallets | {world.alice.address: SECRET_WH})
    odd = Anomaly(AnomalyCode.STUCK, point_id(SALT, world.alice.address), local_midnight(DAY), 3600, SECRET_WH, 0)
    AnomalyBook(operator_database(place)).record(Anomalies((odd,)), 0)
    return place


@pytest.fixture
def metered(world: World, folder: Path, tmp_path: Path) -> Iterator[Api]:
    """The API that shows them."""
    yield from make_api(world, tmp_path, folder)


def who(world: World, role: str) -> Signer:
    found: Any = world.operators[0] if role == "operator" else getattr(world, role)
    assert isinstance(found, Signer)
    return found


@pytest.mark.parametrize("role", ROLES)
def test_private__anybody_else_signed_in__is_refused_on_every_route(metered: Api, role: str) -> None:
    header = metered.sign_in(who(metered.world, role))
    for path in PRIVATE:
        answer = metered.ask("GET", f"…/members/{metered.world.alice.address}/{path}", headers=header)
        assert (answer.status_code, answer.json()["code"]) == (403, "not_allowed"), path
        assert str(SECRET_WH) not in answer.text


def test_private__nobody_signed_in__is_refused_on_every_route(metered: Api) -> None:
    for path in PRIVATE:
        assert metered.get(f"…/members/{metered.world.alice.address}/{path}", status=401)["code"] == "not_signed_in"


def test_every_route__asked_by_everybody_else__never_tells_a_members_figures(metered: Api) -> None:
    """All GET routes of the API, with Alice's own names in their places, asked by each role and by nobody."""
    world = metered.world
    places = {
        "community": world.contracts.community.address,
        "wallet": world.alice.address,
        "session": "1",
        "incentive": "1",
        "day": str(DAY),
        "topic": "members",
        "block": "1",
        "tx_hash": "0x" + "00" * 32,
        "cid": "b" * 59,
        "adhesion_hash": "0x" + "00" * 32,
    }
    paths = [p.format(**places) for p, ops in metered.serving.app.openapi()["paths"].items() if "get" in ops]
    headers = [metered.sign_in(who(world, role)) for role in ROLES] + [{}]
    asked = 0
    for path in paths:
        if path == "/v1/events":  # a stream of the chain's events, which have no readings
            continue
        for header in headers:
            answer = metered.client.get(path, params={"from": str(DAY), "to": str(DAY), "q": "1"}, headers=header)
            assert str(SECRET_WH) not in answer.text, path
            assert answer.status_code < 500 or answer.status_code == 501, path
            asked += 1
    assert asked > 200


def test_readings__the_wallet_itself__sees_its_own(metered: Api, alice: Signer) -> None:
    header = metered.sign_in(alice)
    found = metered.get(f"…/members/{alice.address}/readings?{PERIOD}", headers=header)
    assert [slot["withdrawn_wh"] for slot in found["slots"]] == [SECRET_WH] * HOURS
    assert found["slots"][0]["start"] == local_midnight(DAY)
    quarter = metered.get(f"…/members/{alice.address}/readings?{PERIOD}&slot_seconds=900", headers=header)
    assert {slot["withdrawn_wh"] for slot in quarter["slots"]} == {None}


def test_readings__answer__is_kept_by_no_cache(metered: Api, alice: Signer) -> None:
    for path in PRIVATE[:2]:
        answer = metered.ask("GET", f"…/members/{alice.address}/{path}", headers=metered.sign_in(alice))
        assert answer.headers["Cache-Control"] == "no-store"
        assert "ETag" not in answer.headers


def test_readings__wallet_without_a_point__are_none(metered: Api, stranger: Signer) -> None:
    header = metered.sign_in(stranger)
    assert metered.get(f"…/members/{stranger.address}/readings?{PERIOD}", headers=header)["slots"] == []
    assert metered.get(f"…/members/{stranger.address}/indicators?{PERIOD}", headers=header)["indicators"] is None


@pytest.mark.parametrize(
    "period", [f"from={DAY}&to={DAY - timedelta(days=1)}", f"from={DAY}&to={DAY + timedelta(days=31)}", "from=1&to=2"]
)
def test_readings__no_period_or_too_long__are_refused(metered: Api, alice: Signer, period: str) -> None:
    answer = metered.ask("GET", f"…/members/{alice.address}/readings?{period}", headers=metered.sign_in(alice))
    assert answer.status_code in (400, 422)


def test_own_indicators__four_members__leave_the_communitys_median_out(metered: Api, alice: Signer) -> None:
    found = metered.get(f"…/members/{alice.address}/indicators?{PERIOD}", headers=metered.sign_in(alice))
    assert found["indicators"]["consumed_wh"] == SECRET_WH * HOURS
    assert found["comparisons"]
    assert {figure["community"] for figure in found["comparisons"]} == {None}


def test_community_indicators__four_members__are_withheld_five_are_told(metered: Api, folder: Path) -> None:
    withheld = metered.get(f"…/indicators?{PERIOD}")
    assert (withheld["indicators"], withheld["least_members"]) == (None, 5)
    store_readings(folder, {known_signer("H05").address: 1000})
    told = metered.get(f"…/indicators?{PERIOD}")["indicators"]
    assert told["members"] == 5
    assert told["consumed_wh"] == (SECRET_WH + 1000 + 1001 + 1002 + 1003) * HOURS


def test_energy__no_operators_folder__is_not_offered(api: Api, alice: Signer) -> None:
    assert api.get(f"…/indicators?{PERIOD}", status=501)["code"] == "not_offered"
