"""Sharing out a sum in proportion, to the last unit: quotients rounded down, then one each to the largest remainders.

Of equal remainders the earlier part comes first, so the order in which parts are handed in is the total order of ties.
A part of 0 gets nothing. Also known as Hamilton's method.
"""

import numpy as np
from numpy.typing import NDArray

Integers = NDArray[np.int64]
_INT64_LIMIT = 1 << 63


def largest_remainder(parts: Integers, rests: Integers) -> Integers:
    """What each part gets of its column's rest.

    Args:
        parts: (n, columns) what to share out in proportion to, 0 or more.
        rests: (columns,) what to share out in whole units, 0 or more; it may be more than the parts add up to.

    Returns:
        (n, columns); each column adds up to its rest, and no share differs from the exact one by a whole unit.

    Raises:
        ValueError: something is negative, or there is a rest and nothing to share it out by.
    """
    if (parts < 0).any() or (rests < 0).any():
        raise ValueError("what is to be shared out, or shared by, is negative")
    totals = parts.sum(axis=0)
    if ((totals == 0) & (rests > 0)).any():
        raise ValueError("there is something to share out and nothing to share it by")
    quotients, remainders = quotients_of(parts, rests)
    left = rests - quotients.sum(axis=0)
    return np.asarray(quotients + (ranks(remainders) < left), dtype=np.int64)


def quotients_of(parts: Integers, rests: Integers) -> tuple[Integers, Integers]:
    """`divmod(rest × part, total)` of each part, exact; 0 where there is no total."""
    divisors = np.maximum(parts.sum(axis=0), 1)
    fits = int(rests.max(initial=0)) * int(parts.max(initial=0)) < _INT64_LIMIT
    products = rests * parts if fits else rests.astype(object) * parts
    quotients, remainders = products // divisors, products % divisors
    return quotients.astype(np.int64), remainders.astype(np.int64)


def ranks(remainders: Integers) -> Integers:
    """The place of each remainder in its column, the largest at 0, of equal ones the earlier first."""
    order = np.argsort(-remainders, axis=0, kind="stable")
    found = np.empty_like(order)
    places = np.broadcast_to(np.arange(len(remainders))[:, np.newaxis], order.shape)
    np.put_along_axis(found, order, places, axis=0)
    return found
