"""How often a token is paid on in a month: what members paid, beside what circulated meanwhile.

    circulation  the supply less what the treasury holds, as a mean over the month's seconds, rounded down
    velocity     amount paid × seconds ÷ (circulation summed over the seconds), rounded down to a millionth

Payments by the treasury bring tokens into circulation and do not count as turned over. Months are those of UTC, as all
times of the books; the first begins with the first token, the last ends where the books end.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from commons.addresses import Address
from commons.units import EpochSeconds
from oracle.economy.ledger import Movement, outside
from oracle.economy.types import PastPayment

VELOCITY_UNIT = 1_000_000


@dataclass(frozen=True, slots=True)
class MonthFlow:
    """A month of the token."""

    start: EpochSeconds
    end: EpochSeconds
    payments: int
    amount: int
    circulation: int
    velocity: int
    """Millionths: 1,000,000 where as much was paid as circulated."""


def monthly(
    movements: Sequence[Movement], payments: Sequence[PastPayment], treasury: Address, until: EpochSeconds
) -> list[MonthFlow]:
    """The months from the first movement to `until`; both in the chain's order."""
    return [_month(start, end, movements, payments, treasury) for start, end in _spans(movements, until)]


def _month(
    start: EpochSeconds,
    end: EpochSeconds,
    movements: Sequence[Movement],
    payments: Sequence[PastPayment],
    treasury: Address,
) -> MonthFlow:
    paid = [one.amount for one in payments if start <= one.at < end and not one.is_from_treasury]
    held = _summed(movements, treasury, start, end)
    velocity = sum(paid) * (end - start) * VELOCITY_UNIT // held if held else 0
    return MonthFlow(start, end, len(paid), sum(paid), held // (end - start), velocity)


def _summed(movements: Sequence[Movement], treasury: Address, start: EpochSeconds, end: EpochSeconds) -> int:
    """What circulated, summed over the seconds from `start` to `end`."""
    moments = [start, *sorted({one.at for one in movements if start < one.at < end})]
    amounts = (others for _, others in outside(movements, treasury, moments))
    ends = [*moments[1:], end]
    return sum(amount * (until - since) for amount, since, until in zip(amounts, moments, ends, strict=True))


def _spans(movements: Sequence[Movement], until: EpochSeconds) -> Iterator[tuple[EpochSeconds, EpochSeconds]]:
    """The parts of calendar months between the first movement and the last second of the books, itself included."""
    if not movements:
        return
    start, last = movements[0].at, until + 1
    while start < last:
        day = datetime.fromtimestamp(start, UTC)
        following = datetime(day.year + day.month // 12, day.month % 12 + 1, 1, tzinfo=UTC)
        end = EpochSeconds(min(int(following.timestamp()), last))
        yield start, end
        start = end
