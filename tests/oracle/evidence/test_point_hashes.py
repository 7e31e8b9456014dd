"""The hashes that operators compare: one per point, in the order of time, with a hint for each slot."""

from dataclasses import replace

import numpy as np

from commons.keccak import keccak256
from oracle.evidence.dataset import build_dataset
from oracle.evidence.day import day_grids
from oracle.evidence.leaves import reading_leaves
from oracle.evidence.point_hashes import HINT_BYTES, point_hashes
from oracle.measurement.types import Quality, ReadingBatch
from tests.oracle.evidence.days import ALICE_GRID, ALICE_PANELS, BOB_GRID, DAY, KEYS, dataset, dataset_id, grid_of


def test_point_hashes__of_a_day__are_those_of_the_leaves_in_order() -> None:
    found = dataset()
    leaves = reading_leaves(found.readings, found.salts)

    hashes = {one.point_id: one for one in point_hashes(found)}

    assert list(hashes) == sorted([ALICE_GRID, ALICE_PANELS, BOB_GRID])
    own = leaves[[found.readings.point_ids[p] == ALICE_PANELS for p in found.readings.point]]
    assert hashes[ALICE_PANELS].digest == keccak256(own.tobytes())
    assert hashes[ALICE_PANELS].hints == b"".join(leaf.tobytes()[:HINT_BYTES] for leaf in own)
    assert (hashes[ALICE_PANELS].seconds, hashes[BOB_GRID].seconds) == (900, 3600)


def test_point_hashes__a_reading_changed__changes_its_point_alone() -> None:
    grid = grid_of(ALICE_GRID, ALICE_PANELS)
    changed = replace(grid, withdrawn_wh=grid.withdrawn_wh.copy())
    changed.withdrawn_wh[1, 40] += 1
    before, after = (point_hashes(build_dataset(dataset_id(), [one], KEYS)) for one in (grid, changed))

    assert before[0] == after[0]
    assert before[1].digest != after[1].digest
    differing = [n for n in range(92) if before[1].hints[2 * n : 2 * n + 2] != after[1].hints[2 * n : 2 * n + 2]]
    assert differing == [40]


def test_point_hashes__another_version__share_nothing_with_the_first() -> None:
    grid = grid_of(ALICE_GRID)
    first, second = (point_hashes(build_dataset(dataset_id(v), [grid], KEYS))[0] for v in (1, 2))
    assert first.digest != second.digest
    assert sum(a == b for a, b in zip(first.hints, second.hints, strict=True)) < 20


def test_day_grids__hours_and_quarters__each_by_the_length_of_its_readings() -> None:
    quarters, hours = grid_of(ALICE_GRID), grid_of(BOB_GRID, seconds=3600)
    silent = grid_of(ALICE_PANELS)
    silent.quality[:] = Quality.MISSING
    parts = [quarters.batch(), hours.batch(), silent.batch()]
    joined = ReadingBatch(
        point_ids=(ALICE_GRID, BOB_GRID, ALICE_PANELS),
        point=np.concatenate([part.point + place for place, part in enumerate(parts)]),
        start=np.concatenate([part.start for part in parts]),
        seconds=np.concatenate([part.seconds for part in parts]),
        withdrawn_wh=np.concatenate([part.withdrawn_wh for part in parts]),
        injected_wh=np.concatenate([part.injected_wh for part in parts]),
        quality=np.concatenate([part.quality for part in parts]),
    )

    found = day_grids(joined, DAY)

    assert [(one.point_ids, one.slot_seconds, one.slots) for one in found] == [
        ((ALICE_GRID, ALICE_PANELS), 900, 92),
        ((BOB_GRID,), 3600, 23),
    ]
    assert found[0].withdrawn_wh[0].tolist() == quarters.withdrawn_wh[0].tolist()
    assert found[1].injected_wh.tolist() == hours.injected_wh.tolist()
