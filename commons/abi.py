"""Contract ABI encoding of whole columns: one 32-byte word a row, for leaves hashed by the million.

Single values go through `eth_abi`; a batch of equal static tuples is a matrix of bytes, its columns set side by side
by `rows`. Words are big-endian, values padded on the left. Source: Solidity ABI specification, static types.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from commons.errors import UnitError

WORD_BYTES = 32

Bytes2D = NDArray[np.uint8]


def uint_words(values: NDArray[np.integer] | Sequence[int]) -> Bytes2D:
    """Words (n, 32) of unsigned integers up to 256 bits.

    Raises:
        UnitError: a value is negative or takes more than 256 bits.
    """
    if isinstance(values, np.ndarray) and values.dtype.kind == "u":
        words = np.zeros((len(values), WORD_BYTES), dtype=np.uint8)
        words[:, -8:] = big_endian(values, 8)
        return words
    try:
        joined = b"".join(int(value).to_bytes(WORD_BYTES, "big") for value in values)
    except OverflowError as error:
        raise UnitError("a value does not fit an unsigned 256-bit word", remedy="Check its sign and size.") from error
    return np.frombuffer(joined, dtype=np.uint8).reshape(-1, WORD_BYTES)


def address_words(addresses: Bytes2D) -> Bytes2D:
    """Words (n, 32) of addresses (n, 20)."""
    return np.pad(addresses, ((0, 0), (WORD_BYTES - 20, 0)))


def big_endian(values: NDArray[np.integer], size: int) -> Bytes2D:
    """The last `size` ≤ 8 bytes (n, size) of 64-bit unsigned integers, most significant first."""
    wide = np.ascontiguousarray(values.astype(">u8"))
    return wide.view(np.uint8).reshape(-1, 8)[:, 8 - size :]


def rows(*columns: Bytes2D) -> Bytes2D:
    """The columns side by side: one encoded tuple a row."""
    return np.hstack(columns)
