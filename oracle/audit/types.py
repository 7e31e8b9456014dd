"""What an audit goes by, and what it says."""

from dataclasses import dataclass
from enum import StrEnum

from commons.units import MoneyUe
from oracle.publication.outcome import OutcomeDocument
from oracle.publication.settlement import SettlementDocument
from oracle.session.types import Operators, SessionView


@dataclass(frozen=True, slots=True)
class MarketMoney:
    """What the market's contract says it owes and holds, and what its events since the beginning add up to; µ€."""

    liabilities: MoneyUe
    balance: MoneyUe
    owed_to_treasury: MoneyUe
    deposited: MoneyUe
    withdrawn: MoneyUe
    paid_to_treasury: MoneyUe
    due_to_treasury: MoneyUe
    """Deposits forfeited and pots swept, of all sessions."""


@dataclass(frozen=True, slots=True)
class Altered:
    """A dataset that is not what its CID names, or does not say what such a dataset says; in words."""

    what: str


@dataclass(frozen=True, slots=True)
class Evidence:
    """A session, its operators, what the accepted answers name, and the market's money, at one block."""

    view: SessionView
    operators: Operators
    money: MarketMoney
    outcome: OutcomeDocument | Altered | None = None
    settlement: SettlementDocument | Altered | None = None
    evidence_from: int = 0
    """The local day, as contracts number it, from which on settlements must name notarised readings."""
    datasets: tuple[bytes | None, ...] = ()
    """Of each dataset version that the accepted settlement names the root that is notarised; None where none is."""


class Verdict(StrEnum):
    """How a step of an audit ended."""

    RIGHT = "right"
    WRONG = "wrong"
    NOT_YET = "not yet"
    """The session has not come so far, or the step rests on one that is wrong."""


@dataclass(frozen=True, slots=True)
class Step:
    """One step of an audit: what was checked, how it ended, and the figures in words."""

    name: str
    verdict: Verdict
    detail: str


@dataclass(frozen=True, slots=True)
class AuditReport:
    """All steps of a session's audit, in the order of the session."""

    session_id: int
    steps: tuple[Step, ...]

    @property
    def first_wrong(self) -> Step | None:
        """The first step that differs."""
        return next((step for step in self.steps if step.verdict is Verdict.WRONG), None)


class Differs(Exception):  # noqa: N818  caught where the step is written down
    """What was recomputed differs from what is there."""


class NotYet(Exception):  # noqa: N818
    """The session has not come so far."""
