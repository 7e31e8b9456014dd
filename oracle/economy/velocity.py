"""How often a token is paid on in a month: what members paid, beside what circulated meanwhile.

    circulation  the supply less what the treasury holds, as a mean over the month's seconds, rounded down
    velocity     amount paid × seconds ÷ (circulation summed over the seconds), rounded down to a millionth

Payments by the treasury bring tokens into circulation and do not count as turned over. Months are those of UTC, as all
times of the books; the first begins with the first token, the last ends where the books end.
"""

from bisect import bisect_right
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
    spans = list(_spans(movements, until))
    starts = [start for start, _ in spans]
    held = _summed(movements, treasury, starts, spans[-1][1]) if spans else []
    counts, amounts = [0] * len(spans), [0] * len(spans)
    for one in payments:
        if not one.is_from_treasury:
            place = bisect_right(starts, one.at) - 1
            counts[place] += 1
            amounts[place] += one.amount
    return [
        MonthFlow(start, end, count, amount, lay // (end - start), _velocity(amount, end - start, lay))
        for (start, end), count, amount, lay in zip(spans, counts, amounts, held, strict=True)
    ]


def _velocity(amount: int, seconds: int, held: int) -> int:
    return amount * seconds * VELOCITY_UNIT // held if held else 0


def _summed(
    movements: Sequence[Movement], treasury: Address, starts: Sequence[EpochSeconds], end: EpochSeconds
) -> list[int]:
    """What circulated, summed over the seconds of each of the months that begin at `starts`, the last up to `end`."""
    moments = sorted({*starts, *(one.at for one in movements)})
    sums = [0] * len(starts)
    amounts = outside(movements, treasury, moments)
    for (_, others), since, until in zip(amounts, moments, [*moments[1:], end], strict=True):
        sums[bisect_right(starts, since) - 1] += others * (until - since)
    return sums


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
