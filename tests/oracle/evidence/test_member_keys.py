"""A member's key opens for the operator it was sealed to, and for nobody else."""

from dataclasses import replace
from typing import Any

import pytest
from coincurve import PrivateKey
from eth_account import Account

from commons.addresses import Address, address
from commons.errors import EnvelopeError, InputError
from commons.wallets import Signer
from oracle.evidence.member_keys import SEALED_BYTES, KeyHolder, open_key, operator_of, seal_key
from tests.oracle.evidence.days import ALICE_KEY, COMMUNITY

SECRET, OTHER, CHANCE = (bytes([n] * 32) for n in (7, 8, 9))
OPERATOR, STRANGER = (Signer(Account.from_key(secret)) for secret in (SECRET, OTHER))
PUBLIC = PrivateKey(SECRET).public_key.format()
HOLDER = KeyHolder(COMMUNITY, bytes(range(32)), operator_of(PUBLIC))


def sealed() -> bytes:
    return seal_key(ALICE_KEY, HOLDER, PUBLIC, CHANCE)


@pytest.mark.parametrize(
    ("key", "public", "chance"),
    [
        (ALICE_KEY[1:], PUBLIC, CHANCE),
        (ALICE_KEY, PUBLIC[1:], CHANCE),
        (ALICE_KEY, PUBLIC, bytes(32)),
        (ALICE_KEY, PrivateKey(OTHER).public_key.format(), CHANCE),
    ],
)
def test_seal__wrong_keys__are_refused(key: bytes, public: bytes, chance: bytes) -> None:
    with pytest.raises(InputError):
        seal_key(key, HOLDER, public, chance)


def test_open__another_operators_secret__is_refused() -> None:
    with pytest.raises(EnvelopeError, match="does not open"):
        open_key(sealed(), HOLDER, STRANGER.agree)


@pytest.mark.parametrize(
    "changes",
    [{"community": Address("0x" + "00" * 20)}, {"member_id": bytes(32)}, {"operator": Address("0x" + "11" * 20)}],
)
def test_open__for_another_member_or_community__is_refused(changes: dict[str, Any]) -> None:
    with pytest.raises(EnvelopeError, match="seal it to this one again"):
        open_key(sealed(), replace(HOLDER, **changes), OPERATOR.agree)


@pytest.mark.parametrize("place", range(0, SEALED_BYTES, 9))
def test_open__altered_or_cut__is_refused(place: int) -> None:
    altered = bytearray(sealed())
    altered[place] ^= 1
    for wrong in (bytes(altered), sealed()[:place], sealed() + b"\0"):
        with pytest.raises(EnvelopeError):
            open_key(wrong, HOLDER, OPERATOR.agree)


def test_seal__to_an_operator__opens_with_its_secret_alone() -> None:
    assert len(sealed()) == SEALED_BYTES
    assert ALICE_KEY not in sealed()
    assert open_key(sealed(), HOLDER, OPERATOR.agree) == ALICE_KEY


def test_operator__of_a_public_key__is_its_ethereum_address() -> None:
    assert OPERATOR.public_key == PUBLIC
    assert operator_of(PUBLIC) == address(Account.from_key(SECRET).address)
