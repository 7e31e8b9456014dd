"""A trader's reading is the sum over its exchange points, or missing."""

from typing import Any

import numpy as np
import pytest

from commons.addresses import Address, address
from oracle.measurement.tiling import tile
from oracle.measurement.types import Point, PointKind, Quality, ReadingBatch
from oracle.settlement.readings import readings_of, shared_by_members
from oracle.settlement.rule import count
from oracle.settlement.types import Fills, Readings
from tests.golden import names, vectors

ALICE, BOB, STRANGER = (address(f"0x{digit * 40}") for digit in "ab5")
HOME, GARAGE, ROOF, SHOP = (f"0x{digit * 64}" for digit in "1234")
POINTS = [
    Point(HOME, ALICE, PointKind.EXCHANGE),
    Point(GARAGE, ALICE.upper().replace("0X", "0x"), PointKind.EXCHANGE),
    Point(ROOF, ALICE, PointKind.PRODUCTION),
    Point(SHOP, BOB, PointKind.EXCHANGE),
]
T0 = 1_800_000_000 // 3600 * 3600
Row = tuple[str, int, int, int, int]


def readings(slot_seconds: int, *rows: Row, points: list[Point] = POINTS, quality: int = Quality.MEASURED) -> Readings:
    """Rows of (point, start after T0, seconds, withdrawn, injected) over the first hour, for Alice and Bob."""
    ids = (HOME, GARAGE, ROOF, SHOP)
    columns = np.array([(ids.index(row[0]), *row[1:]) for row in rows], dtype=np.int64).reshape(-1, 5).T
    point, start, seconds, withdrawn, injected = columns
    qualities = np.full(len(rows), quality, dtype=np.uint8)
    batch = ReadingBatch(ids, point, start + T0, seconds, withdrawn, injected, qualities)
    return readings_of([ALICE, BOB], points, tile(batch, T0, T0 + 3600, slot_seconds))


def hour(point: str, withdrawn: int, injected: int = 0) -> Row:
    return point, 0, 3600, withdrawn, injected


def quarters(point: str, *withdrawn: int) -> list[Row]:
    return [(point, 900 * i, 900, wh, 1) for i, wh in enumerate(withdrawn)]


def test_readings__one_point_of_two_missing__is_missing() -> None:
    assert readings(3600, hour(HOME, 5), hour(SHOP, 1)).present.tolist() == [[False], [True]]


def test_readings__quality_missing__is_missing() -> None:
    found = readings(3600, hour(HOME, 5), hour(GARAGE, 5), hour(SHOP, 1), quality=Quality.MISSING)
    assert not found.present.any()
    assert not found.withdrawn.any()


@pytest.mark.parametrize("lost", range(4))
def test_readings__a_quarter_hour_of_an_hourly_slot_lost__is_missing(lost: int) -> None:
    rows = quarters(SHOP, 1, 2, 3, 4)
    del rows[lost]
    assert not readings(3600, *rows).present[1, 0]


def test_readings__hourly_readings_in_quarter_hour_slots__are_missing() -> None:
    assert not readings(900, hour(SHOP, 8)).present.any()


def test_readings__trader_without_exchange_points__is_missing() -> None:
    only_bob = [point for point in POINTS if point.wallet == BOB]
    assert readings(3600, hour(SHOP, 1), points=only_bob).present.tolist() == [[False], [True]]


def test_readings__point_nobody_heard_of__makes_its_trader_missing() -> None:
    unheard = [*POINTS, Point("0x" + "9" * 64, BOB, PointKind.EXCHANGE)]
    assert not readings(3600, hour(SHOP, 1), points=unheard).present[1, 0]


def test_readings__several_exchange_points__are_added_and_production_left_out() -> None:
    found = readings(3600, hour(HOME, 5, 1), hour(GARAGE, 7, 2), hour(ROOF, 0, 99), hour(SHOP, 1))
    assert found.present.all()
    assert (found.withdrawn.tolist(), found.injected.tolist()) == ([[12], [1]], [[3], [0]])


def test_readings__quarter_hours_in_an_hourly_slot__are_added() -> None:
    found = readings(3600, *quarters(SHOP, 1, 2, 3, 4))
    assert (found.withdrawn[1, 0], found.injected[1, 0]) == (10, 4)


def test_readings__points_of_somebody_else__change_nothing() -> None:
    strangers = [*POINTS, Point(ROOF, Address(STRANGER), PointKind.EXCHANGE)]
    assert readings(3600, hour(ROOF, 9), hour(SHOP, 1), points=strangers).withdrawn.tolist() == [[0], [1]]


def test_readings__two_wallets_of_one_member__share_what_its_meter_read_in_order_of_their_orders() -> None:
    """Replaced between two commitments: both wallets hold orders, and neither is fined for the other's meter."""
    old, new, bob = 0, 1, 2
    read = readings_of([ALICE, STRANGER, BOB], POINTS, tile(one_hour(5, 9), T0, T0 + 3600, 3600))
    shared = shared_by_members(read, [b"alice", b"alice", b"bob"])
    fills = Fills(
        np.arange(60, dtype=np.uint8).reshape(3, 20),
        np.arange(3, dtype=np.uint32),
        np.array([[True], [True], [True]]),
        np.array([[6], [7], [20]]),
    )
    counted = count(fills, shared, missing_allowance=0)
    assert not counted.missing.any()
    assert counted.counted[[old, new, bob], 0].tolist() == [6, 4, 9]


SHARED = vectors("shared-meter")


@pytest.mark.parametrize("case", SHARED, ids=names(SHARED))
def test_counting__wallets_that_share_a_meter__take_from_it_in_turn(case: dict[str, Any]) -> None:
    given, slots = case["input"], 1 + max(fill["slot"] for fill in case["input"]["fills"])
    rows = {fill["trader"]: fill for fill in given["fills"]}
    place_of = {trader: place for place, trader in enumerate(rows)}
    withdrawn, injected, filled = (np.zeros((len(rows), slots), np.int64) for _ in range(3))
    present, is_buy = (np.zeros((len(rows), slots), bool) for _ in range(2))
    for fill in given["fills"]:
        at = place_of[fill["trader"]], fill["slot"]
        filled[at], is_buy[at] = fill["filled_wh"], fill["side"] == "buy"
    member_ids = [fill["member"].encode() for fill in rows.values()]
    for meter in given["meters"]:
        at = member_ids.index(meter["member"].encode()), meter["slot"]
        withdrawn[at], injected[at], present[at] = meter["withdrawn_wh"], meter["injected_wh"], True
    trader = np.array([list(bytes.fromhex(trader[2:])) for trader in rows], dtype=np.uint8)
    first = np.array([fill["first_index"] for fill in rows.values()], dtype=np.uint32)
    readings = shared_by_members(Readings(withdrawn, injected, present), member_ids)
    counted = count(Fills(trader, first, is_buy, filled), readings, given["missing_allowance"])
    found = {
        (expected["trader"], expected["slot"]): tuple(
            table[place_of[expected["trader"]], expected["slot"]].item()
            for table in (counted.counted, counted.missing, counted.excused)
        )
        for expected in case["expected"]
    }
    assert found == {
        (one["trader"], one["slot"]): (one["counted_wh"], one["missing"], one["excused"]) for one in case["expected"]
    }
    assert np.count_nonzero(filled) == len(found)


def test_readings__two_wallets_of_one_member_on_two_sides__each_takes_from_its_own_register() -> None:
    read = Readings(np.array([[5], [0]]), np.array([[3], [0]]), np.array([[True], [False]]))
    fills = Fills(
        np.zeros((2, 20), np.uint8), np.arange(2, dtype=np.uint32), np.array([[True], [False]]), np.array([[5], [5]])
    )
    counted = count(fills, shared_by_members(read, [b"alice", b"alice"]), missing_allowance=0)
    assert counted.counted.tolist() == [[5], [3]]


def test_readings__two_wallets_of_one_member_whose_meter_is_silent__are_both_missing() -> None:
    nothing = np.zeros((2, 1), np.int64)
    shared = shared_by_members(Readings(nothing, nothing, nothing.astype(bool)), [b"alice", b"alice"])
    assert not shared.present.any()


def test_shared_by_members__a_wallet_for_each__changes_nothing() -> None:
    read = Readings(np.array([[5], [2]]), np.array([[3], [0]]), np.array([[True], [False]]))
    shared = shared_by_members(read, [b"alice", b"bob"])
    assert (shared.withdrawn.tolist(), shared.injected.tolist()) == ([[5], [2]], [[3], [0]])
    assert shared.present.tolist() == [[True], [False]]


def one_hour(home: int, shop: int) -> ReadingBatch:
    """An hour of Alice's two exchange points, which withdrew `home` each, and of Bob's."""
    zeros = np.zeros(3, np.int64)
    withdrawn = np.array([home, home, shop], dtype=np.int64)
    return ReadingBatch(
        (HOME, GARAGE, SHOP), np.arange(3), zeros + T0, zeros + 3600, withdrawn, zeros, np.zeros(3, np.uint8)
    )
