"""The ledger of a token or of money, told from its movements alone: who holds what, and how it came to that.

A movement out of or into the zero address makes or burns. Nothing else is needed to know every balance and total.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from commons.addresses import ZERO_ADDRESS, Address
from commons.units import EpochSeconds


@dataclass(frozen=True, slots=True)
class Movement:
    """An amount that went from one account to another, and why, in a word of `oracle.books.reasons`."""

    at: EpochSeconds
    block: int
    log_index: int
    tx_hash: str
    source: Address
    target: Address
    amount: int
    reason: str


@dataclass(frozen=True, slots=True)
class AccountLine:
    """One movement as an account saw it: with its sign, and the balance after it."""

    movement: Movement
    change: int
    balance: int


def balances(movements: Iterable[Movement]) -> dict[Address, int]:
    """What every account holds after the movements, by ascending address; accounts that hold nothing are left out.

    Raises:
        ValueError: an account gave more than it had: movements are missing.
    """
    held: dict[Address, int] = defaultdict(int)
    for one in movements:
        held[one.target] += one.amount
        held[one.source] -= one.amount
        if held[one.source] < 0 and one.source != ZERO_ADDRESS:
            raise ValueError(f"{one.source} gave more than it had in transaction {one.tx_hash}: movements are missing")
    held.pop(ZERO_ADDRESS, None)
    return {account: amount for account, amount in sorted(held.items()) if amount}


def supply(movements: Iterable[Movement]) -> int:
    """What was made less what was burned."""
    return sum(one.amount * ((one.source == ZERO_ADDRESS) - (one.target == ZERO_ADDRESS)) for one in movements)


def lines_of(movements: Iterable[Movement], account: Address) -> Iterator[AccountLine]:
    """The movements of one account, with its running balance."""
    balance = 0
    for one in movements:
        change = one.amount * ((one.target == account) - (one.source == account))
        if account in (one.source, one.target):
            balance += change
            yield AccountLine(one, change, balance)


def by_reason(movements: Iterable[Movement], account: Address) -> Mapping[str, tuple[int, int]]:
    """What came into an account and what left it, per reason in alphabetical order."""
    sums: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for line in lines_of(movements, account):
        sums[line.movement.reason][line.change < 0] += abs(line.change)
    return {reason: (sums[reason][0], sums[reason][1]) for reason in sorted(sums)}


def outside(movements: Sequence[Movement], treasury: Address, moments: Sequence[EpochSeconds]) -> list[tuple[int, int]]:
    """(treasury, all others together) at each of the moments, which ascend."""
    found: list[tuple[int, int]] = []
    held, total, place = 0, 0, 0
    for moment in moments:
        while place < len(movements) and movements[place].at <= moment:
            one = movements[place]
            held += one.amount * ((one.target == treasury) - (one.source == treasury))
            total += one.amount * ((one.source == ZERO_ADDRESS) - (one.target == ZERO_ADDRESS))
            place += 1
        found.append((held, total - held))
    return found
