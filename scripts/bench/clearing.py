"""Clearing: orders in one slot and over 96, against `np.sort` of as many int64 keys."""

from functools import partial

import numpy as np

from oracle.clearing.rule import clear
from scripts.bench.books import SIZES, random_book
from scripts.bench.memory import MemoryRows
from scripts.bench.row import Progress, Row, Rows, medians_ns, milliseconds

TITLE = "Clearing"
YARDSTICK = "np.sort of as many int64"
CASES = (
    ("all limits distinct, one slot", 1, False),
    ("all limits distinct, 96 slots", 96, False),
    ("all at one limit, one slot", 1, True),
)
MOST_SORTS = 4
"""What clearing may take, in sorts of as many keys, where all limits are distinct …"""
LARGE = 100_000
"""… from so many orders on."""


def rows(progress: Progress) -> Rows:
    """Time and memory of clearing, with all limits distinct and with all the same."""
    memory = MemoryRows("clearing_96", "memory on top of the book, 96 slots", "orders")
    for count in SIZES:
        progress(f"{count:,} orders")
        for name, slot_count, one_limit in CASES:
            book = random_book(count, slot_count, one_limit)
            keys = random_book(count, 1).limit
            cleared, sort = medians_ns(partial(clear, book, slot_count), partial(np.sort, keys))
            most = MOST_SORTS if count >= LARGE and not one_limit else None
            size = f"{count:,} orders"
            yield Row(name, size, milliseconds(cleared), "ms", YARDSTICK, cleared / sort, most_ratio=most)
        yield from memory.rows(count)
