"""Which day is traded next, and on what terms."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta

from commons.actions.sessions import SessionPlan
from commons.records import SessionParameters
from commons.units import EpochSeconds
from oracle.measurement.replay import DAY_SLOTS, SLOT_SECONDS, standard_day, standard_day_start
from scripts.demo.tariff import DEMO_TARIFF, GridPrices

TERMS = SessionPlan(
    slot_count=DAY_SLOTS,
    slot_seconds=SLOT_SECONDS,
    floor_price_uekwh=1,
    cap_price_uekwh=500_000,
    penalty_price_uekwh=20_000,
    deposit_fixed_ue=100_000,
    deposit_bps=100,
    tolerance_bps=2_000,
    missing_allowance=1,
    smallest_order_wh=10,
    most_orders=DAY_SLOTS,
)
"""Found by simulation over the measured year: homes that bid with care gain on most days and fines stay small."""


@dataclass(frozen=True)
class Pace:
    """How a session is taken through its windows, which are lengths in seconds of the chain's time.

    `jumps` lets the chain's clock jump over every wait as soon as nothing remains to be done in it; without it the
    windows run in real time, so that people can take part, and only the wait for delivery is jumped over.
    """

    commit_s: int
    reveal_s: int
    challenge_s: int
    jumps: bool

    @property
    def lead_s(self) -> int:
        """From opening a session to the end of its reveals."""
        return self.commit_s + self.reveal_s


MAIN_JOB = Pace(commit_s=600, reveal_s=300, challenge_s=600, jumps=True)
LIVE = Pace(commit_s=75, reveal_s=40, challenge_s=25, jumps=False)
SLACK_S = 10
"""Between reckoning a session's times and its opening a block or two may pass."""


def next_day(now: EpochSeconds, pace: Pace, opened: Iterable[SessionParameters]) -> date:
    """The first local standard day that begins after a session's reveals and belongs to no other session."""
    day = standard_day(now)
    taken = [(session.delivery_start, session.delivery_end) for session in opened]
    while True:
        start, end = standard_day_start(day), standard_day_start(day + timedelta(days=1))
        if start >= now + pace.lead_s + SLACK_S and not any(start < until and since < end for since, until in taken):
            return day
        day += timedelta(days=1)


def parameters_for(day: date, pace: Pace, now: EpochSeconds) -> SessionParameters:
    """The session over the hours of a local standard day, opened now."""
    plan = replace(
        TERMS,
        delivery_start=standard_day_start(day),
        commit_seconds=pace.commit_s,
        reveal_seconds=pace.reveal_s,
        challenge_seconds=pace.challenge_s,
    )
    return plan.parameters(now)


def traded_day(parameters: SessionParameters) -> date | None:
    """The local standard day that a session trades; None where its slots are not that day's hours."""
    day = standard_day(parameters.delivery_start)
    hours = (parameters.delivery_start, parameters.slot_seconds, parameters.slot_count)
    return day if hours == (standard_day_start(day), SLOT_SECONDS, DAY_SLOTS) else None


def grid_prices(parameters: SessionParameters) -> GridPrices:
    """What the grid charges and pays in the session's slots."""
    return DEMO_TARIFF.over(range(parameters.delivery_start, parameters.delivery_end, parameters.slot_seconds))
