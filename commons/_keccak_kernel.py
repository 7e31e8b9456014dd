"""Keccak-256 over batches of equal-length messages, compiled: four messages abreast in vector registers.

The state of `W` messages lies lane by lane, `s[lane * W + message]`, so that the compiler turns the loop over the
messages of one round into vector instructions. The round is written out because only constant offsets vectorise.
Source: FIPS 202, section 3.2 (lane `x + 5y`), with Keccak's own padding `0x01 … 0x80` as Ethereum uses it.
Importing this module imports numba; `commons.keccak` does so for batches only.
"""

import numpy as np
from numba import njit

W = 4
RATE = 136
ROUND_CONSTANTS = np.array(
    [
        0x0000000000000001, 0x0000000000008082, 0x800000000000808A, 0x8000000080008000, 0x000000000000808B,
        0x0000000080000001, 0x8000000080008081, 0x8000000000008009, 0x000000000000008A, 0x0000000000000088,
        0x0000000080008009, 0x000000008000000A, 0x000000008000808B, 0x800000000000008B, 0x8000000000008089,
        0x8000000000008003, 0x8000000000008002, 0x8000000000000080, 0x000000000000800A, 0x800000008000000A,
        0x8000000080008081, 0x8000000000008080, 0x0000000080000001, 0x8000000080008008,
    ],
    dtype=np.uint64,
)  # fmt: skip


@njit(cache=True, inline="always")
def _rotl(value, bits):  # type: ignore[no-untyped-def]
    return (value << np.uint64(bits)) | (value >> np.uint64(64 - bits))


@njit(cache=True)
def _permute(s):  # type: ignore[no-untyped-def]
    for r in range(24):
        for m in range(W):
            c0 = s[0 * W + m] ^ s[5 * W + m] ^ s[10 * W + m] ^ s[15 * W + m] ^ s[20 * W + m]
            c1 = s[1 * W + m] ^ s[6 * W + m] ^ s[11 * W + m] ^ s[16 * W + m] ^ s[21 * W + m]
            c2 = s[2 * W + m] ^ s[7 * W + m] ^ s[12 * W + m] ^ s[17 * W + m] ^ s[22 * W + m]
            c3 = s[3 * W + m] ^ s[8 * W + m] ^ s[13 * W + m] ^ s[18 * W + m] ^ s[23 * W + m]
            c4 = s[4 * W + m] ^ s[9 * W + m] ^ s[14 * W + m] ^ s[19 * W + m] ^ s[24 * W + m]
            d0 = c4 ^ _rotl(c1, 1)
            d1 = c0 ^ _rotl(c2, 1)
            d2 = c1 ^ _rotl(c3, 1)
            d3 = c2 ^ _rotl(c4, 1)
            d4 = c3 ^ _rotl(c0, 1)
            b0 = s[0 * W + m] ^ d0
            b1 = _rotl(s[6 * W + m] ^ d1, 44)
            b2 = _rotl(s[12 * W + m] ^ d2, 43)
            b3 = _rotl(s[18 * W + m] ^ d3, 21)
            b4 = _rotl(s[24 * W + m] ^ d4, 14)
            b5 = _rotl(s[3 * W + m] ^ d3, 28)
            b6 = _rotl(s[9 * W + m] ^ d4, 20)
            b7 = _rotl(s[10 * W + m] ^ d0, 3)
            b8 = _rotl(s[16 * W + m] ^ d1, 45)
            b9 = _rotl(s[22 * W + m] ^ d2, 61)
            b10 = _rotl(s[1 * W + m] ^ d1, 1)
            b11 = _rotl(s[7 * W + m] ^ d2, 6)
            b12 = _rotl(s[13 * W + m] ^ d3, 25)
            b13 = _rotl(s[19 * W + m] ^ d4, 8)
            b14 = _rotl(s[20 * W + m] ^ d0, 18)
            b15 = _rotl(s[4 * W + m] ^ d4, 27)
            b16 = _rotl(s[5 * W + m] ^ d0, 36)
            b17 = _rotl(s[11 * W + m] ^ d1, 10)
            b18 = _rotl(s[17 * W + m] ^ d2, 15)
            b19 = _rotl(s[23 * W + m] ^ d3, 56)
            b20 = _rotl(s[2 * W + m] ^ d2, 62)
            b21 = _rotl(s[8 * W + m] ^ d3, 55)
            b22 = _rotl(s[14 * W + m] ^ d4, 39)
            b23 = _rotl(s[15 * W + m] ^ d0, 41)
            b24 = _rotl(s[21 * W + m] ^ d1, 2)
            s[0 * W + m] = b0 ^ (~b1 & b2) ^ ROUND_CONSTANTS[r]
            s[1 * W + m] = b1 ^ (~b2 & b3)
            s[2 * W + m] = b2 ^ (~b3 & b4)
            s[3 * W + m] = b3 ^ (~b4 & b0)
            s[4 * W + m] = b4 ^ (~b0 & b1)
            s[5 * W + m] = b5 ^ (~b6 & b7)
            s[6 * W + m] = b6 ^ (~b7 & b8)
            s[7 * W + m] = b7 ^ (~b8 & b9)
            s[8 * W + m] = b8 ^ (~b9 & b5)
            s[9 * W + m] = b9 ^ (~b5 & b6)
            s[10 * W + m] = b10 ^ (~b11 & b12)
            s[11 * W + m] = b11 ^ (~b12 & b13)
            s[12 * W + m] = b12 ^ (~b13 & b14)
            s[13 * W + m] = b13 ^ (~b14 & b10)
            s[14 * W + m] = b14 ^ (~b10 & b11)
            s[15 * W + m] = b15 ^ (~b16 & b17)
            s[16 * W + m] = b16 ^ (~b17 & b18)
            s[17 * W + m] = b17 ^ (~b18 & b19)
            s[18 * W + m] = b18 ^ (~b19 & b15)
            s[19 * W + m] = b19 ^ (~b15 & b16)
            s[20 * W + m] = b20 ^ (~b21 & b22)
            s[21 * W + m] = b21 ^ (~b22 & b23)
            s[22 * W + m] = b22 ^ (~b23 & b24)
            s[23 * W + m] = b23 ^ (~b24 & b20)
            s[24 * W + m] = b24 ^ (~b20 & b21)


@njit(cache=True)
def _absorb(s, m, words):  # type: ignore[no-untyped-def]
    for lane in range(words.shape[0]):
        s[lane * W + m] ^= words[lane]


@njit(cache=True, nogil=True)
def hash_blocks(blocks, out):  # type: ignore[no-untyped-def]
    """Hash `blocks` (n, k, 17) of padded little-endian words into `out` (n, 4); n is a multiple of W."""
    s = np.zeros(25 * W, dtype=np.uint64)
    for first in range(0, blocks.shape[0], W):
        s[:] = 0
        for k in range(blocks.shape[1]):
            for m in range(W):
                _absorb(s, m, blocks[first + m, k])
            _permute(s)
        for m in range(W):
            for lane in range(4):
                out[first + m, lane] = s[lane * W + m]
