"""The compiled loops of `oracle.clearing.rule`: linear time, one pass each, no sorting."""

import numpy as np
from numba import njit

_BUCKET_BITS = 10
_BEYOND = np.iinfo(np.int64).max


@njit(cache=True, nogil=True)
def group(slot, limit, is_buy, quantity, starts):  # type: ignore[no-untyped-def]
    """The three columns slot by slot, those of slot t from `starts[t]` up to `starts[t + 1]`."""
    limits, buys, quantities = np.empty_like(limit), np.empty_like(is_buy), np.empty_like(quantity)
    cursor = starts.copy()
    for i in range(slot.shape[0]):
        at = cursor[slot[i]]
        cursor[slot[i]] = at + 1
        limits[at], buys[at], quantities[at] = limit[i], is_buy[i], quantity[i]
    return limits, buys, quantities


@njit(cache=True)
def _least_limit_reaching(limit, quantity, target):  # type: ignore[no-untyped-def]
    """The least limit up to which the quantities add up to `target` or more.

    Adds the quantities up in 2^10 buckets of limits, and goes on inside the bucket where the target is reached: four
    rounds at most for limits below 2^40, all but the first over few orders where limits differ.
    """
    weights = np.empty(1 << _BUCKET_BITS, dtype=np.int64)
    low, width = limit.min(), limit.max() - limit.min() + 1
    while width > 1:
        shift = 0
        while width > (1 << (shift + _BUCKET_BITS)):
            shift += 1
        weights[:] = 0
        for i in range(limit.shape[0]):
            weights[(limit[i] - low) >> shift] += quantity[i]
        bucket = 0
        while weights[bucket] < target:
            target -= weights[bucket]
            bucket += 1
        inside = (limit - low) >> shift == bucket
        limit, quantity = limit[inside], quantity[inside]
        low, width = low + (bucket << shift), 1 << shift
    return low


@njit(cache=True)
def _slot_interval(limit, is_buy, quantity, found):  # type: ignore[no-untyped-def]
    demand = np.int64(0)
    for i in range(limit.shape[0]):
        demand += quantity[i] * is_buy[i]
    lo = _least_limit_reaching(limit, quantity, demand)
    sell_better = sell_at = buy_better = buy_at = np.int64(0)
    next_limit = _BEYOND
    for i in range(limit.shape[0]):
        bought = quantity[i] * is_buy[i]
        sold = quantity[i] - bought
        buy_better += bought * (limit[i] > lo)
        buy_at += bought * (limit[i] == lo)
        sell_better += sold * (limit[i] < lo)
        sell_at += sold * (limit[i] == lo)
        next_limit = min(next_limit, limit[i] if limit[i] > lo else _BEYOND)
    volume = min(buy_better + buy_at, sell_better + sell_at)
    if volume > 0:
        used_up = volume == buy_better and volume == sell_better + sell_at
        found[0], found[1], found[2] = lo, next_limit if used_up else lo, volume
        found[3], found[4] = sell_better, buy_better


@njit(cache=True, nogil=True)
def intervals(limit, is_buy, quantity, starts):  # type: ignore[no-untyped-def]
    """Rows (slots, 5) of lo, hi, volume, sells below lo and buys above lo, of columns as `group` gives them.

    All 0 where nothing trades.
    """
    found = np.zeros((starts.shape[0] - 1, 5), dtype=np.int64)
    for t in range(starts.shape[0] - 1):
        first, last = starts[t], starts[t + 1]
        if last > first:
            _slot_interval(limit[first:last], is_buy[first:last], quantity[first:last], found[t])
    return found


@njit(cache=True, nogil=True)
def fill_better(slot, limit, is_buy, quantity, price):  # type: ignore[no-untyped-def]
    """All of each order strictly better than its slot's price, nothing of the others; price 0: nothing trades."""
    filled = np.empty_like(quantity)
    for i in range(slot.shape[0]):
        slot_price = price[slot[i]]
        gain = limit[i] - slot_price if is_buy[i] else slot_price - limit[i]
        filled[i] = quantity[i] * ((gain > 0) & (slot_price > 0))
    return filled


@njit(cache=True, nogil=True)
def standing_at(slot, limit, bound):  # type: ignore[no-untyped-def]
    """The positions, ascending, of the orders whose limit is exactly their slot's `bound`."""
    count = 0
    for i in range(slot.shape[0]):
        count += limit[i] == bound[slot[i]]
    positions = np.empty(count, dtype=np.int64)
    count = 0
    for i in range(slot.shape[0]):
        if limit[i] == bound[slot[i]]:
            positions[count] = i
            count += 1
    return positions
