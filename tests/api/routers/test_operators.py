"""An operator's records are for operators and administrators, and no reading leaves with them."""

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from commons.slots import local_midnight
from commons.wallets import Signer
from oracle.intake.anomaly_book import AnomalyBook
from oracle.journal import FindingRow
from oracle.measurement.points import point_id
from oracle.measurement.store import ReadingStore
from oracle.measurement.types import Point, PointKind
from oracle.quality.types import Anomalies, Anomaly, AnomalyCode
from tests.support.api import Api, make_api
from tests.support.chain import World
from tests.support.market import SALT, OperatorDesk, desks, open_day, usual_orders

DAY = date(2026, 6, 10)
SECRET_WH = 77_123
PATHS = ("standing", "findings", f"anomalies?from={DAY}&to={DAY}")
ALLOWED = ("admin", "operator")
REFUSED = ("stranger", "alice", "bob", "issuer", "market_operator", "platform_admin")
ANSWER = "ab" * 32
"""As operators write it down."""


@pytest.fixture
def desk(world: World, tmp_path: Path) -> OperatorDesk:
    """An operator's folder with points, anomalies of two days, and nothing in its journal."""
    found = desks(world, tmp_path)[0]
    found.folder.mkdir()
    ids = [point_id(SALT, member.address) for member in (world.alice, world.bob)]
    ReadingStore(found.engine).add_points(
        [Point(ids[0], world.alice.address, PointKind.EXCHANGE), Point(ids[1], world.bob.address, PointKind.EXCHANGE)]
    )
    first, second = local_midnight(DAY), local_midnight(DAY + timedelta(days=1))
    listed = [(AnomalyCode.GAP, ids[0], first), (AnomalyCode.GAP, ids[1], first), (AnomalyCode.GAP, ids[0], second - 1)]
    listed += [(AnomalyCode.STUCK, ids[0], first), (AnomalyCode.GAP, ids[0], second)]
    anomalies = tuple(Anomaly(code, at, start, 3600, SECRET_WH, 0) for code, at, start in listed)
    AnomalyBook(found.engine).record(Anomalies(anomalies), second)
    return found


@pytest.fixture
def records(world: World, desk: OperatorDesk, tmp_path: Path) -> Iterator[Api]:
    """The API over that folder."""
    yield from make_api(world, tmp_path, desk.folder)


def who(world: World, role: str) -> Signer:
    found: Any = world.operators[0] if role == "operator" else getattr(world, role)
    assert isinstance(found, Signer)
    return found


@pytest.mark.parametrize("role", REFUSED)
def test_records__anybody_else_signed_in__is_refused_on_every_route(records: Api, role: str) -> None:
    header = records.sign_in(who(records.world, role))
    for path in PATHS:
        assert records.get(f"…/operator/{path}", status=403, headers=header)["code"] == "not_allowed"


def test_records__nobody_signed_in__is_refused_on_every_route(records: Api) -> None:
    for path in PATHS:
        assert records.get(f"…/operator/{path}", status=401)["code"] == "not_signed_in"


def test_records__no_operators_folder__is_not_offered(api: Api) -> None:
    header = api.sign_in(api.world.admin)
    for path in PATHS:
        assert api.get(f"…/operator/{path}", status=501, headers=header)["code"] == "not_offered"


@pytest.mark.parametrize("role", ALLOWED)
def test_anomalies__operators_and_administrators__are_counted_by_day_and_code_without_readings(
    records: Api, role: str
) -> None:
    answer = records.ask(
        "GET", f"…/operator/anomalies?from={DAY}&to={DAY}", headers=records.sign_in(who(records.world, role))
    )
    assert answer.json() == [
        {"day": str(DAY), "code": "gap", "count": 3, "points": 2},
        {"day": str(DAY), "code": "stuck", "count": 1, "points": 1},
    ]
    assert str(SECRET_WH) not in answer.text
    assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("period", ["from=2026-06-11&to=2026-06-10", "from=2025-01-01&to=2026-06-10", "from=1&to=2"])
def test_anomalies__no_period_or_too_long__are_refused(records: Api, period: str) -> None:
    header = records.sign_in(records.world.admin)
    assert records.ask("GET", f"…/operator/anomalies?{period}", headers=header).status_code in (400, 422)


def test_standing__operator_never_at_work__is_not_yet(records: Api) -> None:
    header = records.sign_in(records.world.admin)
    assert records.get("…/operator/standing", status=404, headers=header)["code"] == "not_yet"
    assert records.get("…/operator/findings", headers=header) == {"items": [], "next": None}


def test_standing__after_a_pass__says_how_far_it_is_and_what_is_behind(records: Api, desk: OperatorDesk) -> None:
    open_day(records.world, usual_orders(records.world))
    desk.pipeline.step()
    at = records.world.chain.block_number()
    for _ in range(3):
        records.world.chain.request("evm_mine")
    records.catch_up()
    found = records.get("…/operator/standing", headers=records.sign_in(desk.signer))
    assert (found["operator"], found["followed_block"], found["behind"]) == (desk.signer.address, at, 3)
    assert found["troubles"] == []


def test_findings__many__come_in_pages_newest_first(records: Api, desk: OperatorDesk) -> None:
    journal = desk.pipeline.journal
    for session in (1, 2, 0):
        journal.keep_finding(
            FindingRow(session_id=session, stage="outcome", answer=ANSWER, text=f"it is {session}", is_compared=True)
        )
    header = records.sign_in(records.world.admin)
    first = records.get("…/operator/findings?limit=2", headers=header)
    assert {one["answer"] for one in first["items"]} == {"0x" + ANSWER}
    assert [(one["session"], one["text"]) for one in first["items"]] == [(None, "it is 0"), (2, "it is 2")]
    rest = records.get(f"…/operator/findings?limit=2&cursor={first['next']}", headers=header)
    assert [one["session"] for one in rest["items"]] == [1]
    assert rest["next"] is None
