"""Batches equal the standard library, whatever their size and length."""

import hmac

import numpy as np
import pytest

from commons.errors import UnitError
from commons.hmac import KERNEL_FROM, hmac_sha256_rows

KEYS = np.arange(96, dtype=np.uint8).reshape(3, 32)


def test_hmac__key_of_another_length__is_refused() -> None:
    with pytest.raises(UnitError, match="32 bytes"):
        hmac_sha256_rows(KEYS[:, :31], np.zeros(1, np.int64), np.zeros((1, 4), np.uint8))


@pytest.mark.parametrize("length", [0, 1, 55, 56, 63, 64, 68, 119, 120, 200])
@pytest.mark.parametrize("count", [1, KERNEL_FROM - 1, KERNEL_FROM, KERNEL_FROM + 1])
def test_hmac__of_rows__equals_the_standard_library(length: int, count: int) -> None:
    messages = np.random.default_rng(length).integers(0, 256, (count, length), dtype=np.uint8)
    key = np.arange(count) % len(KEYS)

    found = hmac_sha256_rows(KEYS, key, messages)

    for row, which, message in zip(found, key, messages, strict=True):
        assert row.tobytes() == hmac.digest(KEYS[which].tobytes(), message.tobytes(), "sha256")


def test_hmac__more_than_a_slice__equals_the_standard_library() -> None:
    count = (1 << 14) + 3
    messages = np.arange(count, dtype=">u4").view(np.uint8).reshape(count, 4)
    found = hmac_sha256_rows(KEYS, np.zeros(count, np.int64), messages)

    for row in (0, (1 << 14) - 1, 1 << 14, count - 1):
        assert found[row].tobytes() == hmac.digest(KEYS[0].tobytes(), messages[row].tobytes(), "sha256")
