"""Outcomes as the chain has them: hashes over ABI words, there and back."""

from eth_abi.abi import encode
from hypothesis import given

from commons.keccak import keccak256
from oracle.clearing.outcome import outcome_of, slot_hash, slots_hash
from oracle.clearing.types import NO_WITNESS, SlotOutcome
from tests.oracle.clearing.books import Slotted, book_of, one_slot, slotted_orders

SLOT_RESULT = "(uint64,uint64,uint64,uint32,uint32,uint64,uint32,bytes32,uint64,uint64,uint64,uint64,uint64,uint64)"


@given(slotted_orders())
def test_to_chain__any_outcome__comes_back_and_hashes_as_abi_encoded(orders: list[Slotted]) -> None:
    outcome = outcome_of(book_of(orders), 3)
    results = [slot.to_chain() for slot in outcome.slots]
    assert tuple(SlotOutcome.from_chain(slot, result) for slot, result in enumerate(results)) == outcome.slots
    hashes = [keccak256(encode([SLOT_RESULT], [tuple(result)])) for result in results]
    assert [slot_hash(result) for result in results] == hashes
    assert slots_hash(results) == keccak256(b"".join(hashes))


def test_to_chain__nothing_trades__has_zero_prices_and_no_witnesses() -> None:
    result = outcome_of(book_of(one_slot((True, 7, 1))), 1).slots[0].to_chain()
    assert (result.price, result.lo, result.hi, result.volume, result.order_count) == (0, 0, 0, 0, 1)
    assert result.lo_witness == result.hi_witness == NO_WITNESS
