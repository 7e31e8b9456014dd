"""Questions to the operators, and what operators have at stake."""

from dataclasses import dataclass

from commons.units import EpochSeconds, MoneyUe


@dataclass(frozen=True, slots=True)
class Question:
    """Where a question to the quorum stands; `voters` has a bit per operator."""

    accepted: bytes
    voters: int
    accepted_at: EpochSeconds
    set_id: int
    deadline: EpochSeconds
    window: int
    retractable: bool
    is_void: bool
    share_cents: int

    def is_over(self, now: EpochSeconds) -> bool:
        """Whether it takes no votes any more: the answer is void or final, or the time for one has passed."""
        return self.is_void or now >= (self.accepted_at + self.window if self.accepted_at else self.deadline)


@dataclass(frozen=True, slots=True)
class QuestionTerms:
    """What a question to the quorum allows; the market sets it."""

    set_id: int
    deadline: EpochSeconds
    window: int
    retractable: bool


@dataclass(frozen=True, slots=True)
class Bond:
    """An operator's money at the quorum, µ€, how many stakes hold it, and what these ask of it together."""

    amount: MoneyUe
    stakes: int
    pledged: MoneyUe


@dataclass(frozen=True, slots=True)
class AcceptedAnswer:
    """The answer that k operators gave, and when it is final; `answer` is None while there is none."""

    answer: bytes | None
    final_at: EpochSeconds
