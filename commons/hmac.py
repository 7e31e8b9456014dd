"""HMAC-SHA256 by the million: one message a row, under one of a few keys. Equals `hmac.digest` of the standard library.

A batch goes through a kernel compiled by numba, some ten times faster a message than calling the library for each; a
handful stays with the library, so that a short command need not load a compiler.
"""

import hmac

import numpy as np
from numpy.typing import NDArray

from commons.errors import UnitError

KEY_BYTES = 32
DIGEST_BYTES = 32
KERNEL_FROM = 64
"""Batches of at least so many messages are worth handing to the compiled kernel."""
_SLICE = 1 << 14
_INNER, _OUTER = 0x36, 0x5C


def hmac_sha256_rows(keys: NDArray[np.uint8], key: NDArray[np.int64], messages: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """The digests (n, 32) of `messages` (n, length), each under the key (k, 32) that `key` (n,) indexes.

    Raises:
        UnitError: a key is not 32 bytes long.
    """
    if keys.shape[1:] != (KEY_BYTES,):
        raise UnitError(f"keys are {KEY_BYTES} bytes, not {keys.shape[1:]}", remedy="Use keys as they were made.")
    if len(messages) < KERNEL_FROM:
        digests = [
            hmac.digest(keys[k].tobytes(), row.tobytes(), "sha256") for k, row in zip(key, messages, strict=True)
        ]
        return np.frombuffer(b"".join(digests), dtype=np.uint8).reshape(-1, DIGEST_BYTES).copy()
    inner, outer = _states(keys, _INNER), _states(keys, _OUTER)
    found = np.empty((len(messages), DIGEST_BYTES), dtype=np.uint8)
    for start in range(0, len(messages), _SLICE):
        chosen = slice(start, start + _SLICE)
        found[chosen] = _hash_slice(inner, outer, key[chosen], messages[chosen])
    return found


def _states(keys: NDArray[np.uint8], pad: int) -> NDArray[np.uint32]:
    from commons import _sha256_kernel as kernel

    pads = np.full((len(keys), kernel.BLOCK_BYTES), pad, dtype=np.uint8)
    pads[:, :KEY_BYTES] ^= keys
    states = np.empty((len(keys), kernel.STATE_WORDS), dtype=np.uint32)
    kernel.key_states(_words(pads), states)
    return states


def _hash_slice(
    inner: NDArray[np.uint32], outer: NDArray[np.uint32], key: NDArray[np.int64], messages: NDArray[np.uint8]
) -> NDArray[np.uint8]:
    from commons import _sha256_kernel as kernel

    count, length = messages.shape
    block_count = (length + 8) // kernel.BLOCK_BYTES + 1
    padded = np.zeros((count, block_count * kernel.BLOCK_BYTES), dtype=np.uint8)
    padded[:, :length] = messages
    padded[:, length] = 0x80
    bits = (kernel.BLOCK_BYTES + length) * 8
    padded[:, -8:] = np.frombuffer(bits.to_bytes(8, "big"), dtype=np.uint8)
    digests = np.empty((count, kernel.STATE_WORDS), dtype=np.uint32)
    blocks = _words(padded).reshape(count, block_count, kernel.BLOCK_WORDS)
    kernel.hmac_rows(inner, outer, key, blocks, digests)
    return digests.astype(">u4").view(np.uint8)


def _words(padded: NDArray[np.uint8]) -> NDArray[np.uint32]:
    """The big-endian words of rows of bytes."""
    return padded.view(">u4").astype(np.uint32)
