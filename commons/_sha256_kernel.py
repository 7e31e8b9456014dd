"""HMAC-SHA256 over batches of equal-length messages, compiled. Source: FIPS 180-4, section 6.2; RFC 2104.

Importing this module imports numba; `commons.hmac` does so for batches only.
"""

import numpy as np
from numba import njit

BLOCK_BYTES = 64
BLOCK_WORDS = 16
STATE_WORDS = 8
INITIAL = np.array(
    [0x6A09E667, 0xBB67AE85, 0x3C6EF372, 0xA54FF53A, 0x510E527F, 0x9B05688C, 0x1F83D9AB, 0x5BE0CD19],
    dtype=np.uint32,
)
ROUND_CONSTANTS = np.array(
    [
        0x428A2F98, 0x71374491, 0xB5C0FBCF, 0xE9B5DBA5, 0x3956C25B, 0x59F111F1, 0x923F82A4, 0xAB1C5ED5,
        0xD807AA98, 0x12835B01, 0x243185BE, 0x550C7DC3, 0x72BE5D74, 0x80DEB1FE, 0x9BDC06A7, 0xC19BF174,
        0xE49B69C1, 0xEFBE4786, 0x0FC19DC6, 0x240CA1CC, 0x2DE92C6F, 0x4A7484AA, 0x5CB0A9DC, 0x76F988DA,
        0x983E5152, 0xA831C66D, 0xB00327C8, 0xBF597FC7, 0xC6E00BF3, 0xD5A79147, 0x06CA6351, 0x14292967,
        0x27B70A85, 0x2E1B2138, 0x4D2C6DFC, 0x53380D13, 0x650A7354, 0x766A0ABB, 0x81C2C92E, 0x92722C85,
        0xA2BFE8A1, 0xA81A664B, 0xC24B8B70, 0xC76C51A3, 0xD192E819, 0xD6990624, 0xF40E3585, 0x106AA070,
        0x19A4C116, 0x1E376C08, 0x2748774C, 0x34B0BCB5, 0x391C0CB3, 0x4ED8AA4A, 0x5B9CCA4F, 0x682E6FF3,
        0x748F82EE, 0x78A5636F, 0x84C87814, 0x8CC70208, 0x90BEFFFA, 0xA4506CEB, 0xBEF9A3F7, 0xC67178F2,
    ],
    dtype=np.uint32,
)  # fmt: skip


@njit(cache=True, inline="always")
def _rotr(value, bits):  # type: ignore[no-untyped-def]
    return (value >> np.uint32(bits)) | (value << np.uint32(32 - bits))


@njit(cache=True)
def _compress(state, block, w):  # type: ignore[no-untyped-def]
    """Take one block of 16 big-endian words into the state; `w` is room for 64 words."""
    for i in range(16):
        w[i] = block[i]
    for i in range(16, 64):
        x, y = w[i - 15], w[i - 2]
        s0 = _rotr(x, 7) ^ _rotr(x, 18) ^ (x >> np.uint32(3))
        s1 = _rotr(y, 17) ^ _rotr(y, 19) ^ (y >> np.uint32(10))
        w[i] = w[i - 16] + s0 + w[i - 7] + s1
    a, b, c, d = state[0], state[1], state[2], state[3]
    e, f, g, h = state[4], state[5], state[6], state[7]
    for i in range(64):
        s1 = _rotr(e, 6) ^ _rotr(e, 11) ^ _rotr(e, 25)
        t1 = h + s1 + ((e & f) ^ (~e & g)) + ROUND_CONSTANTS[i] + w[i]
        s0 = _rotr(a, 2) ^ _rotr(a, 13) ^ _rotr(a, 22)
        t2 = s0 + ((a & b) ^ (a & c) ^ (b & c))
        h, g, f, e = g, f, e, np.uint32(d + t1)
        d, c, b, a = c, b, a, np.uint32(t1 + t2)
    state[0] += a
    state[1] += b
    state[2] += c
    state[3] += d
    state[4] += e
    state[5] += f
    state[6] += g
    state[7] += h


@njit(cache=True)
def key_states(pads, states):  # type: ignore[no-untyped-def]
    """The state after the padded key, for each of `pads` (n, 16), into `states` (n, 8)."""
    w = np.empty(64, dtype=np.uint32)
    for n in range(pads.shape[0]):
        states[n] = INITIAL
        _compress(states[n], pads[n], w)


@njit(cache=True, nogil=True)
def hmac_rows(inner, outer, key, blocks, out):  # type: ignore[no-untyped-def]
    """HMAC of the padded `blocks` (n, k, 16) under the states of key `key` (n,), into `out` (n, 8)."""
    w = np.empty(64, dtype=np.uint32)
    state = np.empty(8, dtype=np.uint32)
    last = np.zeros(16, dtype=np.uint32)
    last[8] = 0x80000000
    last[15] = (64 + 32) * 8
    for n in range(blocks.shape[0]):
        state[:] = inner[key[n]]
        for k in range(blocks.shape[1]):
            _compress(state, blocks[n, k], w)
        last[:8] = state
        out[n] = outer[key[n]]
        _compress(out[n], last, w)
