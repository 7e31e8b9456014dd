"""keccak256 in batches equals an independent implementation at every block length."""

import numpy as np
import pytest
from Crypto.Hash import keccak as pycryptodome

from commons.keccak import KERNEL_FROM, keccak256, keccak256_rows


def test_keccak256__known_messages__has_the_known_hashes() -> None:
    assert keccak256(b"").hex() == "c5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470"
    assert keccak256(b"abc").hex() == "4e03657aea45a94fc7d47ba826c8d667c0d1e6e33a64a036ec44f58fa12d6c45"


@pytest.mark.parametrize("count", [0, 1, KERNEL_FROM - 1, KERNEL_FROM, KERNEL_FROM + 1, 4097])
@pytest.mark.parametrize("length", [0, 1, 50, 135, 136, 137, 161, 272])
def test_keccak256_rows__lengths_around_a_block__equals_pycryptodome(count: int, length: int) -> None:
    messages = np.random.default_rng(length).integers(0, 256, (count, length)).astype(np.uint8)
    hashes = keccak256_rows(messages)
    assert hashes.shape == (count, 32)
    for message, found in list(zip(messages, hashes, strict=True))[:: max(1, count // 50)]:
        assert found.tobytes() == pycryptodome.new(digest_bits=256, data=message.tobytes()).digest()


def test_keccak256_rows__columns_of_a_wider_array__hashes_the_rows() -> None:
    wide = np.arange(1000 * 8, dtype=np.uint64).astype(np.uint8).reshape(1000, 8)
    assert keccak256_rows(wide[:, 2:6])[999].tobytes() == keccak256(wide[999, 2:6].tobytes())
