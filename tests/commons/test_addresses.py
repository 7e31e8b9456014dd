"""Addresses are read strictly: a typing error in a checksummed one is noticed."""

import pytest

from commons.addresses import address, address_bytes, address_of, checksummed
from commons.errors import MalformedInput

CHECKSUMMED = "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed"  # from EIP-55


@pytest.mark.parametrize("text", ["", "0x12", CHECKSUMMED[2:], CHECKSUMMED + "0", "0x" + "g" * 40, 7])
def test_address__not_twenty_bytes__is_refused(text: str) -> None:
    with pytest.raises(MalformedInput, match="40 hexadecimal"):
        address(text)


def test_address__one_letter_in_the_wrong_case__is_refused() -> None:
    with pytest.raises(MalformedInput, match="checksum"):
        address(CHECKSUMMED.replace("aAeb", "aaeb"))


def test_address__checksummed__becomes_lower_case_and_comes_back() -> None:
    plain = address(CHECKSUMMED)
    assert plain == CHECKSUMMED.lower()
    assert checksummed(plain) == CHECKSUMMED
    assert address_of(address_bytes(plain)) == plain


@pytest.mark.parametrize("text", [CHECKSUMMED.lower(), "0x" + CHECKSUMMED[2:].upper()])
def test_address__in_one_case__needs_no_checksum(text: str) -> None:
    assert address(text) == CHECKSUMMED.lower()
