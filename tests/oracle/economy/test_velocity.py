"""Velocity by hand: what was paid in a month beside what circulated meanwhile."""

from datetime import UTC, datetime

from commons.addresses import ZERO_ADDRESS, Address
from commons.records.economy import TokenCategory
from commons.units import EpochSeconds
from oracle.economy.ledger import Movement
from oracle.economy.types import NO_INCENTIVES, PastPayment
from oracle.economy.velocity import MonthFlow, monthly

TREASURY, ALICE, BOB = (Address("0x" + digit * 40) for digit in "abc")


def moment(month: int, day: int, second: int = 0) -> EpochSeconds:
    return EpochSeconds(int(datetime(2026, month, day, tzinfo=UTC).timestamp()) + second)


def moved(at: EpochSeconds, source: Address, target: Address, amount: int) -> Movement:
    return Movement(at, at, 0, f"0x{at}", source, target, amount, "moved")


def paid(at: EpochSeconds, amount: int, payer: Address = ALICE) -> PastPayment:
    category = TokenCategory.CITIZEN_TO_CITIZEN
    is_from_treasury = payer == TREASURY
    keys = (payer, BOB, payer, BOB)
    return PastPayment(at, *keys, category, amount, 0, NO_INCENTIVES, 0, is_from_treasury=is_from_treasury)


def test_months__no_token_yet__are_none() -> None:
    assert monthly([], [], TREASURY, moment(11, 1)) == []


def test_months__nothing_circulates__have_no_velocity() -> None:
    movements = [moved(moment(11, 1), ZERO_ADDRESS, TREASURY, 500)]

    (month,) = monthly(movements, [], TREASURY, moment(11, 1, 99))

    assert month == MonthFlow(moment(11, 1), moment(11, 1, 100), 0, 0, 0, 0)


def test_months__circulation_that_changes__counts_by_how_long_it_was() -> None:
    """100 circulate for a quarter of the time, 60 for the rest: 70 in the mean, of which 35 were paid on."""
    movements = [
        moved(moment(11, 1), ZERO_ADDRESS, ALICE, 100),
        moved(moment(11, 1, 25), ALICE, TREASURY, 40),
    ]
    payments = [paid(moment(11, 1, 3), 20), paid(moment(11, 1, 60), 15), paid(moment(11, 1, 70), 1_000, TREASURY)]

    (month,) = monthly(movements, payments, TREASURY, moment(11, 1, 99))

    assert month == MonthFlow(moment(11, 1), moment(11, 1, 100), 2, 35, 70, 500_000)


def test_months__several__end_with_the_calendar_and_over_the_year() -> None:
    movements = [moved(moment(11, 20), ZERO_ADDRESS, ALICE, 10)]
    until = EpochSeconds(int(datetime(2027, 1, 2, tzinfo=UTC).timestamp()))
    payments = [paid(moment(12, 1), 30), paid(EpochSeconds(moment(12, 1) - 1), 5)]

    november, december, january = monthly(movements, payments, TREASURY, until)

    assert (november.start, november.end, december.end) == (moment(11, 20), moment(12, 1), until - 24 * 3600)
    assert (november.velocity, december.velocity, january.velocity) == (500_000, 3_000_000, 0)
    assert january.end == until + 1
