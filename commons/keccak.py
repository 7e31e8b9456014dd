"""keccak256, one message or a batch: the hash of everything that the chain checks.

A single message goes through pycryptodome, which is always there. A batch goes through a kernel compiled by numba,
some forty times faster a hash; it is compiled once and kept on disk beside the source, or in the folder that numba's
own `NUMBA_CACHE_DIR` names. A handful stays with pycryptodome, so that a short command need not load a compiler.
"""

import numpy as np
from Crypto.Hash import keccak as _pycryptodome
from numpy.typing import NDArray

HASH_BYTES = 32
RATE_BYTES = 136
KERNEL_FROM = 16
"""Batches of at least so many messages are worth handing to the compiled kernel."""
_SLICE = 1 << 12
"""Messages padded at a time: so many padded blocks stay in the processor's cache."""


def keccak256(message: bytes) -> bytes:
    """The 32-byte hash of one message."""
    return _pycryptodome.new(digest_bits=256, data=message).digest()


def keccak256_rows(messages: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """The hashes (n, 32) of `messages` (n, length): one message a row, all of one length."""
    count = len(messages)
    if count < KERNEL_FROM:
        joined = b"".join(keccak256(row.tobytes()) for row in messages)
        return np.frombuffer(joined, dtype=np.uint8).reshape(count, HASH_BYTES).copy()
    hashes = np.empty((count, HASH_BYTES), dtype=np.uint8)
    for start in range(0, count, _SLICE):
        hashes[start : start + _SLICE] = _hash_slice(messages[start : start + _SLICE])
    return hashes


def _hash_slice(messages: NDArray[np.uint8]) -> NDArray[np.uint8]:
    from commons import _keccak_kernel as kernel

    count, length = messages.shape
    block_count = length // RATE_BYTES + 1
    rows = -(-count // kernel.W) * kernel.W
    padded = np.zeros((rows, block_count * RATE_BYTES), dtype=np.uint8)
    padded[:count, :length] = messages
    padded[:, length] = 0x01
    padded[:, -1] |= 0x80
    digests = np.empty((rows, HASH_BYTES // 8), dtype="<u8")
    kernel.hash_blocks(padded.view("<u8").reshape(rows, block_count, RATE_BYTES // 8), digests)
    return digests.view(np.uint8)[:count]
