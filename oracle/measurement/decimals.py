"""Exact reading of decimal text into integers, without passing through a float."""

import numpy as np
import numpy.typing as npt

from oracle.measurement.types import IntArray


def scaled_integers(texts: npt.NDArray[np.str_], decimals: int) -> IntArray:
    """Non-negative decimal texts as integers of 10^-decimals: "2.2758" with 4 decimals is 22758.

    Raises `ValueError` for anything but digits with at most one point, or with more decimals than asked for.
    """
    whole, _, fraction = np.strings.partition(texts, ".")
    padded = np.strings.ljust(fraction, decimals, "0")
    digits = np.strings.add(whole, padded)
    is_plain = np.strings.isdigit(digits) & (np.strings.str_len(whole) > 0)
    is_plain &= np.strings.str_len(fraction) <= decimals
    if not is_plain.all():
        odd = texts[~is_plain].flat[0]
        raise ValueError(f"{str(odd)!r} is not a plain decimal number of at most {decimals} decimals")
    return digits.astype(np.int64)


def divide_half_even(values: IntArray, divisor: int) -> IntArray:
    """Divide and round halves to the even neighbour, as every import of energy does."""
    quotient, rest = np.divmod(values, divisor)
    is_up = (2 * rest > divisor) | ((2 * rest == divisor) & (quotient % 2 == 1))
    return np.asarray(quotient + is_up, dtype=np.int64)
