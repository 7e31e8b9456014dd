"""Envelopes open for the wallet that sealed them, from the chain alone, and for nobody else or elsewhere."""

import secrets
from dataclasses import replace
from itertools import count
from typing import Any

import pytest
from eth_account import Account
from hypothesis import given
from hypothesis import strategies as st

from commons.addresses import address
from commons.envelope import (
    EnvelopeContext,
    key_from_signature,
    key_text,
    local_signer,
    seal,
    signs_deterministically,
    unseal,
)
from commons.errors import EnvelopeError
from commons.orders import Order
from commons.units import PRICE_LIMIT, QUANTITY_LIMIT, EnergyWh, PriceUekwh, SessionId, SlotIndex
from tests.golden import names, vectors

ALICE, STRANGER = "0x" + "a1" * 32, "0x" + "5e" * 32
CONTEXT = EnvelopeContext(31337, address("0x" + "c0" * 20), SessionId(7), address(Account.from_key(ALICE).address))
SALT = bytes(range(32))
CASES = vectors("envelope")

orders = st.lists(
    st.builds(
        Order,
        st.integers(0, (1 << 16) - 1).map(SlotIndex),
        st.booleans(),
        st.integers(0, QUANTITY_LIMIT - 1).map(EnergyWh),
        st.integers(0, PRICE_LIMIT - 1).map(PriceUekwh),
    ),
    max_size=30,
)


def key(private_key: str = ALICE, context: EnvelopeContext = CONTEXT) -> bytes:
    return key_from_signature(local_signer(private_key)(key_text(context)), context)


def some_orders(number: int) -> list[Order]:
    return [Order(SlotIndex(n), True, EnergyWh(1000 + n), PriceUekwh(150_000)) for n in range(number)]


ENVELOPE = seal(some_orders(2), SALT, key(), CONTEXT)


def test_unseal__by_a_strangers_wallet__is_refused() -> None:
    with pytest.raises(EnvelopeError, match="does not open with this key"):
        unseal(ENVELOPE, key(STRANGER), CONTEXT)


@pytest.mark.parametrize(
    "other",
    [
        replace(CONTEXT, chain_id=1),
        replace(CONTEXT, marketplace=address("0x" + "c1" * 20)),
        replace(CONTEXT, session_id=SessionId(8)),
        replace(CONTEXT, trader=address("0x" + "01" * 20)),
    ],
)
def test_unseal__replayed_elsewhere__is_refused_even_with_the_key(other: EnvelopeContext) -> None:
    assert key(context=other) != key()
    with pytest.raises(EnvelopeError, match="does not open"):
        unseal(ENVELOPE, key(), other)


@pytest.mark.parametrize("at", [1, 12, 13, 44, 45, 70, len(ENVELOPE) - 1])
def test_unseal__one_bit_altered__is_refused(at: int) -> None:
    altered = bytearray(ENVELOPE)
    altered[at] ^= 1
    with pytest.raises(EnvelopeError, match="does not open"):
        unseal(bytes(altered), key(), CONTEXT)


def test_unseal__cut_short__is_refused() -> None:
    with pytest.raises(EnvelopeError, match="only 60 bytes"):
        unseal(ENVELOPE[:60], key(), CONTEXT)
    with pytest.raises(EnvelopeError, match="does not open"):
        unseal(ENVELOPE[:-1], key(), CONTEXT)


def test_unseal__another_version__is_refused() -> None:
    with pytest.raises(EnvelopeError, match="version 2"):
        unseal(b"\x02" + ENVELOPE[1:], key(), CONTEXT)


def test_signs_deterministically__wallet_that_varies__is_noticed() -> None:
    counter = count()
    assert signs_deterministically(local_signer(ALICE), CONTEXT)
    assert not signs_deterministically(lambda _: next(counter).to_bytes(65, "little"), CONTEXT)


def test_key__v_written_as_0_or_27__is_the_same() -> None:
    signature = local_signer(ALICE)(key_text(CONTEXT))
    assert key_from_signature(signature[:64] + bytes([signature[64] - 27]), CONTEXT) == key()


@given(orders)
def test_seal__any_orders__open_again(drawn: list[Order]) -> None:
    random_key = secrets.token_bytes(32)
    assert unseal(seal(drawn, SALT, random_key, CONTEXT), random_key, CONTEXT) == (drawn, SALT)


def test_seal__twice__differs_and_24_orders_fit() -> None:
    first, second = (seal(some_orders(24), SALT, key(), CONTEXT) for _ in range(2))
    assert first != second
    assert len(first) == 373


@pytest.mark.parametrize("case", CASES, ids=names(CASES))
def test_unseal__golden_vectors__opens_with_nothing_but_the_wallet(case: dict[str, Any]) -> None:
    given_, expected = case["input"], case["expected"]
    context = EnvelopeContext(
        given_["chain_id"], address(given_["marketplace"]), SessionId(given_["session_id"]), address(given_["trader"])
    )
    assert key_text(context) == expected["key_text"]
    assert "0x" + key(given_["private_key"], context).hex() == expected["key"]
    found, salt = unseal(bytes.fromhex(given_["envelope"][2:]), key(given_["private_key"], context), context)
    assert "0x" + salt.hex() == expected["salt"]
    assert [
        {
            "slot": o.slot,
            "side": "buy" if o.is_buy else "sell",
            "quantity_wh": o.quantity_wh,
            "limit_price": o.limit_price,
        }
        for o in found
    ] == expected["orders"]
