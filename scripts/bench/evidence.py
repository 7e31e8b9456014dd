"""Evidence: datasets of a day with their salts, trees and proofs, against the fastest single keccak on this machine."""

import hmac
from functools import partial
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from commons.addresses import Address
from commons.cid import Cid
from commons.database.engine import open_database
from commons.merkle import StandardMerkleTree
from commons.units import EpochSeconds
from oracle.archive.archive import Archive, Frozen
from oracle.evidence.dataset import build_dataset
from oracle.evidence.leaves import reading_leaves, salts_of
from oracle.evidence.point_hashes import point_hashes
from oracle.evidence.types import Dataset, DatasetId
from oracle.measurement.store import ReadingStore
from oracle.measurement.types import Point, PointKind, ReadingGrid
from scripts.bench.days import DAY, SLOTS, random_day
from scripts.bench.hashing import fastest_single
from scripts.bench.memory import MemoryRows
from scripts.bench.row import Progress, Row, Rows, median_ns, milliseconds

TITLE = "Evidence"
POINTS = (105, 1_042, 10_417)
SALTS = 20_000
PROOFS = 1 << 14
_WALLET = "0x" + "a0" * 20
DATASET = DatasetId(Address("0x" + "c0" * 20), DAY, 1)


def rows(progress: Progress) -> Rows:
    """Salts, leaves, tree and all proofs of days of about 10⁴, 10⁵ and 10⁶ readings."""
    progress("one hash at a time")
    name, single_ns = fastest_single()
    salt_ns = median_ns(_salts_one_by_one) / SALTS
    memory = MemoryRows("dataset", "dataset, memory on top of the readings", "leaves")
    for points in POINTS:
        progress(f"a day of {points:,} points")
        yield from _day(points, name, single_ns, salt_ns)
        yield from memory.rows(points * SLOTS)


def _day(points: int, name: str, single_ns: float, salt_ns: float) -> Rows:
    grid = random_day(points)
    keys = {point_id: bytes.fromhex(point_id[2:]) for point_id in grid.point_ids}
    dataset = build_dataset(DATASET, [grid], keys)
    leaf_count = points * SLOTS
    size, hashed = f"{leaf_count:,} leaves", f"as many leaves and nodes hashed by {name}"

    salted = median_ns(partial(salts_of, DATASET, dataset.readings, keys))
    yield Row("salts", size, milliseconds(salted), "ms", "hmac.digest one by one", salted / (leaf_count * salt_ns))
    leaves = reading_leaves(dataset.readings, dataset.salts)
    built = median_ns(lambda: StandardMerkleTree.of_hashes(reading_leaves(dataset.readings, dataset.salts)))
    yield Row("leaves and tree", size, milliseconds(built), "ms", hashed, built / ((3 * leaf_count - 1) * single_ns))
    proved = median_ns(partial(_prove_all, StandardMerkleTree.of_hashes(leaves)))
    yield Row("all proofs", size, milliseconds(proved), "ms", "leaves and tree", proved / built)
    compared = median_ns(partial(point_hashes, dataset))
    yield Row("hashes that operators compare", size, milliseconds(compared), "ms", "leaves and tree", compared / built)
    yield from _frozen(grid, dataset, keys, size, built)


def _frozen(grid: ReadingGrid, dataset: Dataset, keys: dict[str, bytes], size: str, built_ns: int) -> Rows:
    """A day kept as it froze, and read back, in SQLite."""
    with TemporaryDirectory() as folder:
        engine = open_database(Path(folder) / "operator.sqlite")
        ReadingStore(engine).add_points(Point(point, _WALLET, PointKind.EXCHANGE) for point in grid.point_ids)
        archive = Archive(engine, DATASET.community)
        versions = count(1)

        def freeze() -> None:
            of = DatasetId(DATASET.community, DATASET.day, next(versions))
            frozen = Frozen(of, dataset.root, len(keys), len(dataset.readings), EpochSeconds(0), Cid("bench"))
            archive.freeze(frozen, [grid], keys)

        kept = median_ns(freeze)
        yield Row("day frozen into SQLite", size, milliseconds(kept), "ms", "leaves and tree", kept / built_ns)
        read = median_ns(partial(archive.readings, DATASET.day, 1))
        yield Row("frozen day read back", size, milliseconds(read), "ms", "leaves and tree", read / built_ns)
        engine.dispose()


def _prove_all(tree: StandardMerkleTree) -> None:
    """All proofs, so many at a time as are written out together."""
    for first in range(0, len(tree.positions), PROOFS):
        tree.proof_table(np.arange(first, min(first + PROOFS, len(tree.positions))))


def _salts_one_by_one() -> None:
    key, message = bytes(32), bytes(68)
    for _ in range(SALTS):
        hmac.digest(key, message, "sha256")
