"""The compiled loop of `oracle.rationing`: products of 128 bits out of 64-bit halves."""

import numpy as np
from numba import njit

FRACTION_BITS = 60
_HALF = np.uint64(30)
_MASK = np.uint64((1 << 30) - 1)


@njit(cache=True, inline="always")
def _share(part, rest, total, ratio):  # type: ignore[no-untyped-def]
    """floor(part × rest / total), all below 2^60, with `ratio = floor(rest × 2^60 / total)`.

    `part × ratio / 2^60` falls short of the true quotient by less than part / 2^60 < 1, so its floor is the answer or
    one less. The remainder it leaves lies in [0, 2 × total) and so survives arithmetic modulo 2^64: it decides.
    """
    part_high, part_low = part >> _HALF, part & _MASK
    ratio_high, ratio_low = ratio >> _HALF, ratio & _MASK
    middle = part_high * ratio_low + part_low * ratio_high + ((part_low * ratio_low) >> _HALF)
    estimate = part_high * ratio_high + (middle >> _HALF)
    remainder = part * rest - estimate * total
    return estimate + np.uint64(remainder >= total)


@njit(cache=True, nogil=True)
def ration(parts, groups, rests, totals, ratios, shares):  # type: ignore[no-untyped-def]
    """Fill `shares`; `rests` is used up. All uint64 but `groups` (int64)."""
    for i in range(parts.shape[0]):
        group = groups[i]
        shares[i] = _share(parts[i], rests[group], totals[group], ratios[group])
    for i in range(parts.shape[0]):
        rests[groups[i]] -= shares[i]
    for i in range(parts.shape[0]):
        group = groups[i]
        if rests[group] > 0 and shares[i] < parts[i]:
            shares[i] += np.uint64(1)
            rests[group] -= np.uint64(1)
