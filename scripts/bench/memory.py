"""Peak memory of one piece of work, measured in a process of its own: `python -m scripts.bench.memory WORK COUNT`.

The compiled loops allocate behind Python's back, so Python's own tracing would miss them; and an allocator that has
freed memory before hides what is taken again. Hence a fresh process, in which large blocks go back to the system at
once, and Linux's own account of it.
"""

import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from commons.addresses import Address
from oracle.clearing.rule import clear
from oracle.clearing.tree import slot_trees
from oracle.evidence.dataset import build_dataset
from oracle.evidence.types import DatasetId
from scripts.bench.books import random_book
from scripts.bench.days import DAY, SLOTS, random_day
from scripts.bench.row import Row, Rows

PROJECT = Path(__file__).resolve().parents[2]
STATUS = Path("/proc/self/status")
_RETURN_LARGE_BLOCKS = {"MALLOC_MMAP_THRESHOLD_": "65536"}
_WARM_UP = 1_000
_SMALLEST = 100_000
LINEAR = 1.25
"""A larger work may take so much more memory per piece than the smallest measured, and still counts as linear."""


def clearing_96(count: int) -> Callable[[], object]:
    """Clearing of a book over 96 slots."""
    return partial(clear, random_book(count, 96), 96)


def tree(count: int) -> Callable[[], object]:
    """The allocation tree of one slot."""
    book = random_book(count, 1)
    return partial(slot_trees, book, clear(book, 1))


def dataset(count: int) -> Callable[[], object]:
    """The dataset of a day of about so many readings."""
    grid = random_day(-(-count // SLOTS))
    keys = {point_id: bytes.fromhex(point_id[2:]) for point_id in grid.point_ids}
    return partial(build_dataset, DatasetId(Address("0x" + "c0" * 20), DAY, 1), [grid], keys)


def watchtower(count: int) -> Callable[[], object]:
    """Recomputing one slot, building the records, and finding a proof."""
    # Imported here: the bench of the watchtower asks this module for its memory.
    from scripts.bench.refutation import watch

    return partial(watch, random_book(count, 1))


WORKS = {"clearing_96": clearing_96, "tree": tree, "dataset": dataset, "watchtower": watchtower}


@dataclass
class MemoryRows:
    """The memory that one work takes per piece, for growing sizes, beside what it took at the first of them."""

    work: str
    name: str
    pieces: str
    _first: tuple[int, float] | None = field(default=None, repr=False)

    def rows(self, count: int) -> Rows:
        """The row of one size; none where nothing can be measured."""
        peak = peak_bytes(self.work, count)
        if not peak:
            return
        size, unit, each = f"{count:,} {self.pieces}", "bytes each", peak / count
        if self._first is None:
            self._first = (count, each)
            yield Row(self.name, size, each, unit)
        else:
            first_count, first = self._first
            yield Row(self.name, size, each, unit, f"each of {first_count:,}", each / first, most_ratio=LINEAR)


def peak_bytes(work: str, count: int) -> int | None:
    """The most memory that a work of this size takes at a time, beyond its input.

    None where it would drown in the process's own, or where the system is not Linux.
    """
    if count < _SMALLEST or not STATUS.exists():
        return None
    command = [sys.executable, "-m", "scripts.bench.memory", work, str(count)]
    done = subprocess.run(command, cwd=PROJECT, env=_RETURN_LARGE_BLOCKS, capture_output=True, text=True, check=True)
    return int(done.stdout)


def main() -> None:
    """Measure the work named by the arguments and print its bytes."""
    prepare, count = WORKS[sys.argv[1]], int(sys.argv[2])
    prepare(_WARM_UP)()
    work = prepare(count)
    Path("/proc/self/clear_refs").write_text("5", encoding="ascii")  # the high-water mark begins anew
    before = _status_bytes("VmRSS")
    kept = work()
    print(max(_status_bytes("VmHWM") - before, 0))
    del kept


def _status_bytes(field: str) -> int:
    lines = STATUS.read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith(f"{field}:"))


if __name__ == "__main__":
    main()
