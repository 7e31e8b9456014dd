"""Two operators' datasets are told apart by point and slot, without a reading."""

from collections.abc import Callable, Mapping
from dataclasses import replace

import pytest

from oracle.evidence.dataset import build_dataset
from oracle.measurement.types import ReadingGrid
from oracle.notarisation.differences import tell_differences
from oracle.publication.evidence import EvidenceDocument
from tests.oracle.evidence.days import ALICE_GRID, ALICE_PANELS, BOB_GRID, KEYS, dataset_id, grid_of


def document(
    *grids: ReadingGrid, chain_id: int = 1, version: int = 1, keys: Mapping[str, bytes] = KEYS
) -> EvidenceDocument:
    return EvidenceDocument.of(chain_id, build_dataset(dataset_id(version), grids, keys))


def usual() -> ReadingGrid:
    return grid_of(ALICE_GRID, ALICE_PANELS)


def first_point(grid: ReadingGrid) -> ReadingGrid:
    tables = (grid.withdrawn_wh[:1], grid.injected_wh[:1], grid.quality[:1])
    return ReadingGrid(grid.point_ids[:1], grid.start, grid.slot_seconds, *tables)


def changed(*cells: tuple[int, int]) -> ReadingGrid:
    grid = usual()
    for cell in cells:
        grid.injected_wh[cell] += 1
    return grid


def test_differences__of_another_chain_or_version__say_so() -> None:
    told = tell_differences(document(usual()), document(usual(), version=2))
    assert told.startswith("it is about version 2 of 2026-03-29")
    assert "on chain 7" in tell_differences(document(usual()), document(usual(), chain_id=7))


@pytest.mark.parametrize(
    ("there", "expected"),
    [
        (lambda: document(changed((0, 8))), f"point {ALICE_GRID}: the readings from 2026-03-29 03:00 +0200 differ"),
        (
            lambda: document(changed(*((1, slot) for slot in range(6)))),
            f"point {ALICE_PANELS}: the readings from 2026-03-29 00:00 +0100, 2026-03-29 00:15 +0100, "
            "2026-03-29 00:30 +0100, 2026-03-29 00:45 +0100 and 2 more slots differ",
        ),
        (lambda: document(first_point(usual())), f"point {ALICE_PANELS} is here alone"),
        (lambda: document(usual(), grid_of(BOB_GRID)), f"point {BOB_GRID} is there alone"),
        (
            lambda: document(usual(), keys={**KEYS, ALICE_PANELS: bytes(32)}),
            f"point {ALICE_PANELS}: every reading differs, or the keys of its member do",
        ),
        (
            lambda: document(grid_of(ALICE_GRID, ALICE_PANELS, seconds=3600)),
            f"point {ALICE_GRID}: read in slots of 900 s here, of 3600 s there; "
            f"point {ALICE_PANELS}: read in slots of 900 s here, of 3600 s there",
        ),
    ],
)
def test_differences__each_kind__names_point_and_slot(there: Callable[[], EvidenceDocument], expected: str) -> None:
    assert tell_differences(document(usual()), there()) == expected


def test_differences__hint_collides__names_the_point_alone() -> None:
    here, there = document(usual()), document(changed((0, 8)))
    alike = replace(there.points[0], hints=here.points[0].hints)
    there = replace(there, points=(alike, *there.points[1:]))
    assert tell_differences(here, there) == f"point {ALICE_GRID}: a reading differs, in a slot that cannot be told"


def test_differences__same_hashes__say_that_a_root_is_wrong() -> None:
    assert "one of them is not of these readings" in tell_differences(document(usual()), document(usual()))
