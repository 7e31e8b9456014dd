"""The clearing rule: one uniform price per slot, exact in integers, for all slots at once.

The rule of DESIGN.md section 6 stacks buys and sells and reads `lo` and `hi` off the crossing. That crossing needs no
stacks. Write D(p) for the buys with a limit above p and S(p) for the sells with a limit up to p:

* `lo` is the least limit at which S(lo) ≥ D(lo). Because S(p) − D(p) = (all quantity with a limit up to p) − (all
  buys), it is the least limit up to which the quantities of buys and sells together reach the total demand.
* `V` is the smaller of the buys at or above `lo` and the sells at or below it: a higher price only loses buys, a lower
  one only sells. All buys above `lo` and all sells below it are accepted.
* Either a sell at `lo` has an accepted unit or a buy at `lo` an unaccepted one, so this is the `lo` of the definition.
* `hi` is `lo` too, where a buy at `lo` has an accepted unit or a sell at `lo` an unaccepted one. Where neither is, all
  sells up to `lo` have met all buys above it, and `hi` is the next limit above `lo`, whoever set it.

No limit lies strictly between `lo` and `hi`, and `price < hi` unless they are equal; hence orders stand at the margin
only where the price is `lo`.
"""

import numpy as np
from numpy.typing import NDArray

from oracle.clearing import _kernel as kernel
from oracle.clearing.types import NO_WITNESS, Book, Clearing
from oracle.rationing import ration

Column = NDArray[np.int64]


def clear(book: Book, slot_count: int) -> Clearing:
    """Prices, volumes, witnesses and fills of all slots; the book is sound (`Book.require_sound`).

    Takes linear time and memory in the number of orders. Prices round down. Odd units at the margin go to the lowest
    order indices.
    """
    found = _intervals(book, slot_count)
    lo, hi, volume = (np.ascontiguousarray(column) for column in found.T[:3])
    price = (lo + hi) // 2
    filled = kernel.fill_better(book.slot, book.limit, book.is_buy, book.quantity, price)
    _fill_margin(book, filled, price, rest=volume[:, None] - found[:, 3:])
    return Clearing(
        price=price,
        lo=lo,
        hi=hi,
        lo_witness=_witnesses(book, lo, filled, by_unfilled=book.is_buy),
        hi_witness=_witnesses(book, hi, filled, by_unfilled=~book.is_buy),
        volume=volume,
        filled=filled,
    )


def _intervals(book: Book, slot_count: int) -> Column:
    """Rows (slots, 5) of lo, hi, volume, sells below lo and buys above lo; all 0 where nothing trades."""
    starts = np.append(0, np.cumsum(np.bincount(book.slot, minlength=slot_count)))
    columns = (book.limit, book.is_buy, book.quantity)
    if slot_count > 1:
        columns = kernel.group(book.slot, *columns, starts)
    return np.asarray(kernel.intervals(*columns, starts))


def _fill_margin(book: Book, filled: Column, price: Column, rest: Column) -> None:
    """Share out what is left of each slot's volume among the orders whose limit is the price.

    Args:
        rest: (slots, 2) Wh of the volume that sells, and buys, better than `lo` leave. Where orders stand at the
            price it is `lo`, and this is theirs; elsewhere nobody asks for it.
    """
    margin = kernel.standing_at(book.slot, book.limit, price)
    if len(margin):
        group = book.slot[margin].astype(np.int64) * 2 + book.is_buy[margin]
        asked = np.bincount(group, minlength=rest.size) > 0
        filled[margin] = ration(book.quantity[margin], group, np.where(asked, rest.reshape(-1), 0))


def _witnesses(book: Book, bound: Column, filled: Column, by_unfilled: NDArray[np.bool_]) -> NDArray[np.uint32]:
    """Per slot the lowest index among the orders at exactly `bound` that set it.

    Those `by_unfilled` set it by an unfilled unit, the others by a filled one. A bound of 0 is nobody's limit.
    """
    at_bound = kernel.standing_at(book.slot, book.limit, bound)
    sets = np.where(by_unfilled[at_bound], filled[at_bound] < book.quantity[at_bound], filled[at_bound] > 0)
    setters = at_bound[sets]
    witnesses = np.full(len(bound), NO_WITNESS, dtype=np.uint32)
    np.minimum.at(witnesses, book.slot[setters], book.index[setters])
    return witnesses
