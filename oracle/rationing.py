"""Sharing out what is too little: pro rata rounded down, then one Wh each in ascending order until it is used up.

Clearing shares the rest of a slot's volume among the orders at the margin; settlement scales the larger side of a slot
down to the smaller. Both are this rule. Source: DESIGN.md section 6.
"""

import numpy as np
from numpy.typing import NDArray

from oracle import _rationing_kernel as kernel

AMOUNT_LIMIT = 1 << kernel.FRACTION_BITS
"""Every amount and every sum of a group stays below this."""


def ration(parts: NDArray[np.int64], groups: NDArray[np.int64], rests: NDArray[np.int64]) -> NDArray[np.int64]:
    """What each part gets of its group's rest: `floor(part × rest / total)`, then +1 to the first that are not full.

    Args:
        parts: (n,) Wh wanted or counted, in the order in which odd units are given out.
        groups: (n,) the group of each part, an index into `rests`.
        rests: (groups,) Wh to share out; at most the sum of the group's parts.

    Returns:
        (n,) Wh; each at most its part; the shares of a group add up to its rest.

    Raises:
        OverflowError: a sum is not below 2⁶⁰, which a slot of at most 2²⁰ orders below 2⁴⁰ Wh cannot reach.
        ValueError: a rest is more than its group's parts.
    """
    totals = _sums(parts, groups, len(rests))
    if (rests > totals).any() or (rests < 0).any():
        raise ValueError("more is to be shared out than the parts of a group add up to")
    divisors = np.maximum(totals, 1)
    ratios = [
        (rest << kernel.FRACTION_BITS) // total for rest, total in zip(rests.tolist(), divisors.tolist(), strict=True)
    ]
    shares = np.empty(len(parts), dtype=np.uint64)
    kernel.ration(
        parts.astype(np.uint64),
        groups.astype(np.int64, copy=False),
        rests.astype(np.uint64),
        divisors.astype(np.uint64),
        np.array(ratios, dtype=np.uint64),
        shares,
    )
    return shares.astype(np.int64)


def _sums(parts: NDArray[np.int64], groups: NDArray[np.int64], count: int) -> NDArray[np.int64]:
    """The sum of each group's parts; refused where it could reach 2⁶⁰."""
    members = np.bincount(groups, minlength=count)
    sums = np.zeros(count, dtype=np.int64)
    np.add.at(sums, groups, parts)
    if int(parts.max(initial=0)) * int(members.max(initial=0)) >= AMOUNT_LIMIT:
        exact = np.zeros(count, dtype=object)
        np.add.at(exact, groups, parts.astype(object))
        if any(total >= AMOUNT_LIMIT for total in exact):
            raise OverflowError("a group's parts add up to 2⁶⁰ Wh or more")
    return sums
