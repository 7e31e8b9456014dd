"""What is due in a session at a moment of the chain, by its events alone: pure, and the same for every operator.

Deadlines are compared with the latest block's time. A vote is due from every operator; everything else needs to be done
once, by whoever comes first.
"""

from dataclasses import dataclass

from commons.addresses import Address
from commons.records import ReleaseReason
from commons.slots import show_time
from commons.units import EpochSeconds
from oracle.session.types import Ballot, SessionView, Stage


@dataclass(frozen=True, slots=True)
class Vote:
    """Work out the outcome or settlement, and post it or attest an equal one."""

    stage: Stage


@dataclass(frozen=True, slots=True)
class Validate:
    """Mark the session validated, which opens execution."""


@dataclass(frozen=True, slots=True)
class Execute:
    """Execute the leaves of these traders."""

    traders: tuple[Address, ...]


@dataclass(frozen=True, slots=True)
class Sweep:
    """Send what is left of the pot to the treasury's due."""


@dataclass(frozen=True, slots=True)
class Cancel:
    """Cancel a session that has no settlement at its timeout."""


@dataclass(frozen=True, slots=True)
class Release:
    """End the locks of these traders."""

    traders: tuple[Address, ...]
    reason: ReleaseReason


@dataclass(frozen=True, slots=True)
class Wait:
    """Nothing can be done before `until`, or before others have done their part (None)."""

    what: str
    until: EpochSeconds | None = None

    def __str__(self) -> str:
        return self.what if self.until is None else f"{self.what} until {show_time(self.until)}"


@dataclass(frozen=True, slots=True)
class Over:
    """Nothing is left to do, ever."""


Duty = Vote | Validate | Execute | Sweep | Cancel | Release | Wait | Over


def due(view: SessionView, now: EpochSeconds, operator: Address) -> tuple[Duty, ...]:
    """What the session needs now; at least one entry."""
    deadline = view.parameters.reveal_deadline
    if now < deadline:
        return (Wait("orders are being collected", deadline),)
    unrevealed = tuple(commitment.trader for commitment in view.unrevealed())
    releases = (Release(unrevealed, ReleaseReason.NOT_REVEALED),) if unrevealed else ()
    if not view.reveals:
        return releases or (Over(),)
    return (*releases, _main_duty(view, now, operator))


def _main_duty(view: SessionView, now: EpochSeconds, operator: Address) -> Duty:
    """The one thing that moves a session with revealed orders on."""
    ballot = view.settlement_ballot
    if view.is_cancelled:
        return _release_or(view, ReleaseReason.CANCELLED, Over())
    if view.settlement_root is not None:
        return _execution_duty(view, now)
    if ballot.accepted is not None:
        return _validation_duty(view, now, operator)
    if now >= view.parameters.settlement_timeout:
        return Cancel()
    if not view.outcome_ballot.is_final(now):
        return _vote_or_wait(view.outcome_ballot, Stage.OUTCOME, operator)
    if now < view.parameters.delivery_end:
        return Wait("energy is being delivered", view.parameters.delivery_end)
    return _vote_or_wait(ballot, Stage.SETTLEMENT, operator)


def _execution_duty(view: SessionView, now: EpochSeconds) -> Duty:
    after = Sweep() if view.pot > 0 else Over()
    if now >= view.execution_deadline:
        return _release_or(view, ReleaseReason.EXECUTION_TIMEOUT, after)
    unsettled = tuple(reveal.trader for reveal in view.unsettled())
    return Execute(unsettled) if unsettled else after


def _validation_duty(view: SessionView, now: EpochSeconds, operator: Address) -> Duty:
    """A settlement is accepted: object, validate, or, where nobody validated in time, let everybody's lock go."""
    final_at = view.settlement_ballot.final_at
    if now < final_at:
        return _vote_or_wait(view.settlement_ballot, Stage.SETTLEMENT, operator)
    if now < final_at + view.parameters.execution_timeout:
        return Validate()
    return _release_or(view, ReleaseReason.EXECUTION_TIMEOUT, Over())


def _vote_or_wait(ballot: Ballot, stage: Stage, operator: Address) -> Duty:
    if ballot.answer_of(operator) is None:
        return Vote(stage)
    if ballot.accepted is None:
        return Wait(f"other operators are working out the {stage.label}")
    return Wait(f"the {stage.label} may be objected to", ballot.final_at)


def _release_or(view: SessionView, reason: ReleaseReason, otherwise: Duty) -> Duty:
    unsettled = tuple(reveal.trader for reveal in view.unsettled())
    return Release(unsettled, reason) if unsettled else otherwise
