"""A trader's reading is the sum over its exchange points, or missing."""

import numpy as np
import pytest

from commons.addresses import Address, address
from oracle.measurement.tiling import tile
from oracle.measurement.types import Point, PointKind, Quality, ReadingBatch
from oracle.settlement.readings import readings_of
from oracle.settlement.types import Readings

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
