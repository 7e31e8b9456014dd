"""A ledger from its movements: balances, totals, and what an account saw."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commons.addresses import ZERO_ADDRESS, Address
from commons.units import EpochSeconds
from oracle.economy.ledger import Movement, balances, by_reason, lines_of, outside, supply

TREASURY, ALICE, BOB = (Address("0x" + digit * 40) for digit in "abc")
ACCOUNTS = (TREASURY, ALICE, BOB)


def moved(source: Address, target: Address, amount: int, *, at: int = 0, reason: str = "transfer") -> Movement:
    return Movement(EpochSeconds(at), at, 0, f"0x{at}", source, target, amount, reason)


STORY = [
    moved(ZERO_ADDRESS, TREASURY, 100, at=1, reason="issued"),
    moved(TREASURY, ALICE, 30, at=2, reason="welcome bonus"),
    moved(ALICE, BOB, 19, at=3, reason="payment"),
    moved(ALICE, TREASURY, 1, at=3, reason="fee"),
    moved(BOB, ZERO_ADDRESS, 4, at=5, reason="burned"),
]


def test_balances__more_given_than_held__says_that_movements_are_missing() -> None:
    with pytest.raises(ValueError, match="movements are missing"):
        balances([moved(ALICE, BOB, 1)])


def test_balances__of_a_story__are_what_is_left() -> None:
    assert balances(STORY) == {TREASURY: 71, ALICE: 10, BOB: 15}
    assert supply(STORY) == 96


def test_lines__of_an_account__run_with_their_signs() -> None:
    assert [(line.change, line.balance) for line in lines_of(STORY, TREASURY)] == [(100, 100), (-30, 70), (1, 71)]


def test_by_reason__of_an_account__separates_in_from_out() -> None:
    assert by_reason(STORY, TREASURY) == {"fee": (1, 0), "issued": (100, 0), "welcome bonus": (0, 30)}


def test_outside__at_moments__counts_what_was_up_to_then() -> None:
    moments = [EpochSeconds(moment) for moment in (0, 1, 2, 4, 9)]
    assert outside(STORY, TREASURY, moments) == [(0, 0), (100, 0), (70, 30), (71, 29), (71, 25)]


@given(st.lists(st.tuples(st.sampled_from(ACCOUNTS), st.sampled_from(ACCOUNTS), st.integers(0, 50)), max_size=30))
def test_balances__any_movements__add_up_to_the_supply(steps: list[tuple[Address, Address, int]]) -> None:
    made = [moved(ZERO_ADDRESS, account, 10_000) for account in ACCOUNTS]
    movements = [*made, *(moved(*step) for step in steps)]
    held = balances(movements)

    assert sum(held.values()) == supply(movements) == 30_000
    for account in ACCOUNTS:
        assert [line.balance for line in lines_of(movements, account)][-1] == held.get(account, 0)
