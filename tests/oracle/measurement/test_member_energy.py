"""Points put together per member."""

import numpy as np
import pytest

from oracle.measurement.member_energy import MemberEnergy, member_energy
from oracle.measurement.types import Point, PointKind, Quality, ReadingGrid

ALICE, BOB, CAROL = ("0x" + digits * 20 for digits in ("a1", "b0", "c2"))
POINTS = (
    Point("0x01", ALICE, PointKind.EXCHANGE),
    Point("0x02", BOB, PointKind.EXCHANGE),
    Point("0x03", ALICE, PointKind.PRODUCTION),
    Point("0x04", ALICE, PointKind.EXCHANGE),
    Point("0x05", CAROL, PointKind.PRODUCTION),
)
M, E, X = Quality.MEASURED, Quality.ESTIMATED, Quality.MISSING


def grid(*qualities: list[Quality]) -> ReadingGrid:
    quality = np.array(qualities, dtype=np.uint8)
    withdrawn = np.where(quality == X, 0, 10 ** np.arange(len(POINTS))[:, np.newaxis])
    return ReadingGrid(tuple(p.point_id for p in POINTS), 0, 900, withdrawn, 2 * withdrawn, quality)


def whole() -> MemberEnergy:
    return member_energy(grid(*[[M, M]] * 5), POINTS)


def test_energy__points_in_another_order__is_refused() -> None:
    with pytest.raises(ValueError, match="in its order"):
        member_energy(grid(*[[M]] * 5), POINTS[::-1])


def test_energy__tables_of_another_shape__are_refused() -> None:
    nothing = np.zeros((1, 2), np.int64)
    with pytest.raises(ValueError, match="shapes"):
        MemberEnergy((ALICE,), 0, 900, nothing, nothing, nothing[:, :1], nothing == 0)


@pytest.mark.parametrize(("start", "end"), [(-900, 900), (0, 2700), (900, 900), (100, 900), (0, 1000)])
def test_between__what_the_grid_does_not_hold__is_refused(start: int, end: int) -> None:
    with pytest.raises(ValueError, match="no slots of 900 s"):
        whole().between(start, end)


def test_between__of_one_slot__has_that_slot() -> None:
    energy = member_energy(grid([M, E], [M, M], [X, M], [M, M], [M, M]), POINTS).between(900, 1800)

    assert (energy.start, energy.slots) == (900, 1)
    assert energy.withdrawn_wh[0].tolist() == [1001]


def test_energy__of_several_points__adds_up_by_kind() -> None:
    energy = whole()

    assert energy.members == (ALICE, BOB, CAROL)
    assert energy.withdrawn_wh[:, 0].tolist() == [1001, 10, 0]
    assert energy.injected_wh[:, 0].tolist() == [2002, 20, 0]
    assert energy.produced_wh[:, 0].tolist() == [200, 0, 0]


def test_energy__member_without_exchange_point__is_missing_throughout() -> None:
    assert whole().present.tolist() == [[True] * 2, [True] * 2, [False] * 2]
    assert whole().missing_slots.tolist() == [0, 0, 2]


def test_energy__one_point_missing__leaves_the_member_out_of_that_slot() -> None:
    energy = member_energy(grid([M, E], [M, M], [X, M], [M, M], [M, M]), POINTS)

    assert energy.present[:2].tolist() == [[False, True], [True, True]]
    assert energy.withdrawn_wh[0].tolist() == [0, 1001]


def test_consumed__more_fed_in_than_is_explained__is_not_negative() -> None:
    assert whole().consumed_wh[:, 0].tolist() == [0, 0, 0]
