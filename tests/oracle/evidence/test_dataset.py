"""The root of a dataset: what it refuses, what it follows from, and that OpenZeppelin's library agrees."""

import hmac
import json
import subprocess
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from eth_abi.abi import encode

from commons.errors import InputError, UnitError
from commons.merkle import leaf_hash, verify
from oracle.evidence.dataset import build_dataset
from oracle.evidence.leaves import LEAF_TYPES
from oracle.evidence.types import Dataset, DatasetId
from oracle.measurement.types import Quality, ReadingGrid
from tests.oracle.evidence.days import (
    ALICE_GRID,
    ALICE_KEY,
    BOB_GRID,
    BOB_KEY,
    COMMUNITY,
    DAY,
    KEYS,
    dataset,
    dataset_id,
    grid_of,
    many_points,
)

SCRIPT = Path(__file__).parents[2] / "commons" / "standard_merkle_tree.mjs"


def values_of(found: Dataset) -> list[list[Any]]:
    """The leaves' values in the order of LEAF_TYPES."""
    r = found.readings
    return [
        [
            bytes.fromhex(r.point_ids[point][2:]),
            *(int(column[row]) for column in (r.start, r.seconds, r.withdrawn_wh, r.injected_wh, r.quality)),
            found.salts[row].tobytes(),
        ]
        for row, point in enumerate(r.point.tolist())
    ]


def test_dataset__no_points__is_refused() -> None:
    with pytest.raises(InputError, match="no point to notarise"):
        build_dataset(dataset_id(), [], {})


@pytest.mark.parametrize("day", [DAY + timedelta(days=1), DAY - timedelta(days=1)])
def test_dataset__readings_of_another_day__are_refused(day: date) -> None:
    with pytest.raises(InputError, match="96 slots of 900 s"):
        build_dataset(DatasetId(COMMUNITY, day, 1), [grid_of(ALICE_GRID)], KEYS)


def test_dataset__point_in_slots_of_two_lengths__is_refused() -> None:
    with pytest.raises(InputError, match="two lengths"):
        build_dataset(dataset_id(), [grid_of(ALICE_GRID), grid_of(ALICE_GRID, seconds=3600)], KEYS)


@pytest.mark.parametrize("keys", [{}, {ALICE_GRID: b"short"}])
def test_dataset__member_without_key__is_refused(keys: dict[str, bytes]) -> None:
    with pytest.raises(InputError, match=f"no key of 32 bytes here \\({ALICE_GRID}"):
        build_dataset(dataset_id(), [grid_of(ALICE_GRID)], keys)


def test_dataset__malformed_point__is_refused() -> None:
    with pytest.raises(UnitError, match="32 bytes in hexadecimal"):
        build_dataset(dataset_id(), [grid_of("0x1234")], {"0x1234": ALICE_KEY})


def test_dataset__of_a_day__has_a_leaf_for_every_slot_missing_or_not() -> None:
    found = dataset().readings

    assert len(found) == 2 * 92 + 23
    assert (found.quality == Quality.MISSING).any()
    assert np.bincount(found.seconds)[[900, 3600]].tolist() == [184, 23]


def test_salt__of_a_reading__is_the_hmac_that_the_design_says() -> None:
    found = dataset()
    for row in (0, 100, 206):
        point = found.readings.point_ids[found.readings.point[row]]
        key = BOB_KEY if point == BOB_GRID else ALICE_KEY
        start = int(found.readings.start[row])
        message = bytes.fromhex(COMMUNITY[2:] + point[2:]) + start.to_bytes(8, "big") + (1).to_bytes(8, "big")
        assert found.salts[row].tobytes() == hmac.digest(key, message, "sha256")


def test_dataset__every_leaf__is_encoded_and_proved_as_a_contract_would() -> None:
    found = dataset()
    for row, values in enumerate(values_of(found)):
        assert verify(found.root, leaf_hash(encode(LEAF_TYPES, values)), found.tree.proof(row))


def test_dataset__root_and_proofs__equal_openzeppelins() -> None:
    found = dataset()
    shown = [[f"0x{v.hex()}" if isinstance(v, bytes) else str(v) for v in values] for values in values_of(found)]
    document = json.dumps({"types": LEAF_TYPES, "values": shown})
    done = subprocess.run(["node", SCRIPT], input=document, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"run `make setup` first: {done.stderr}"
    theirs = json.loads(done.stdout)

    assert theirs["root"] == "0x" + found.root.hex()
    assert theirs["proofs"] == [["0x" + sibling.hex() for sibling in proof] for proof in found.tree.proofs()]


def test_dataset__points_in_another_order__has_the_same_root() -> None:
    forth, back = grid_of(ALICE_GRID, BOB_GRID), grid_of(BOB_GRID, ALICE_GRID)
    back = replace(
        back, **{name: getattr(forth, name)[::-1].copy() for name in ("withdrawn_wh", "injected_wh", "quality")}
    )

    assert build_dataset(dataset_id(), [forth], KEYS).root == build_dataset(dataset_id(), [back], KEYS).root


@pytest.mark.parametrize("changed", ["version", "key", "reading", "quality"])
def test_dataset__anything_changed__has_another_root(changed: str) -> None:
    grid, keys, version = grid_of(ALICE_GRID), dict(KEYS), 1
    root = build_dataset(dataset_id(), [grid], keys).root
    if changed == "version":
        version = 2
    elif changed == "key":
        keys[ALICE_GRID] = BOB_KEY
    elif changed == "reading":
        grid.withdrawn_wh[0, 5] += 1
    else:
        grid.quality[0, 5] = (grid.quality[0, 5] + 1) % 3

    assert build_dataset(dataset_id(version), [grid], keys).root != root


def test_dataset__more_leaves_than_are_encoded_at_once__is_that_of_its_parts() -> None:
    """Leaves are encoded in slices; the slices' border changes nothing."""
    points = many_points(400)
    grid = grid_of(*points)
    found = build_dataset(dataset_id(), [grid], dict.fromkeys(points, ALICE_KEY))
    rows = (0, (1 << 15) - 1, 1 << 15, len(found.readings) - 1)
    values = values_of(found)

    assert len(found.readings) == 36_800
    for row in rows:
        assert verify(found.root, leaf_hash(encode(LEAF_TYPES, values[row])), found.tree.proof(row))


def test_dataset__erased_members_points_left_out__others_still_build() -> None:
    """After an erasure a new version holds the others; the old root stays as it is, and nobody can link to it."""
    both: list[ReadingGrid] = [grid_of(ALICE_GRID), grid_of(BOB_GRID, seconds=3600)]
    before = build_dataset(dataset_id(), both, KEYS)
    after = build_dataset(dataset_id(2), both[:1], {ALICE_GRID: ALICE_KEY})

    assert BOB_GRID not in after.readings.point_ids
    assert before.root != after.root
