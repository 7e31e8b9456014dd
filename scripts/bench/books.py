"""Books to measure with: random, the same in every run, all limits distinct unless said otherwise."""

import numpy as np

from oracle.clearing.types import Book

SIZES = (1_000, 10_000, 100_000, 1_000_000)


def random_book(count: int, slot_count: int, one_limit: bool = False) -> Book:
    """A book of `count` orders, spread evenly over the slots, about half of them buys."""
    generator = np.random.default_rng(count + slot_count)
    limits = generator.permutation(count).astype(np.int64) + 50_000
    return Book(
        index=np.arange(count, dtype=np.uint32),
        trader=generator.integers(0, 256, (count, 20), dtype=np.uint8),
        slot=generator.integers(0, slot_count, count).astype(np.uint16),
        is_buy=generator.random(count) < 0.5,
        quantity=generator.integers(100, 10_000, count),
        limit=np.full(count, 50_000) if one_limit else limits,
    )
