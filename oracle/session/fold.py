"""Events of a market folded into sessions: fed in the order of the chain, asked at any time for what they add up to.

The events of the quorum name a question and no session; a question is recognised because its hash follows from the
session and the round, so every session's questions are known before anybody votes on them. Source: the events of
`ISessionHandler.sol`, `IMarketplace.sol` and `IOracleQuorum.sol`.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import astuple, replace
from typing import Any

from commons.chain.types import Event
from commons.units import EpochSeconds, SessionId
from oracle.clearing.types import SlotResult
from oracle.session.answers import question
from oracle.session.ballots import BY_QUESTION
from oracle.session.types import (
    FIRST_ROUND,
    Ballot,
    Commitment,
    DepositForfeited,
    Executed,
    LockReleased,
    MarketId,
    Movement,
    PostedOutcome,
    PostedSettlement,
    PotSwept,
    Reveal,
    SessionView,
    Stage,
    UnfilledFreed,
)
from oracle.settlement.types import Totals


class MarketFold:
    """The sessions of a market whose opening has been fed; those opened before are passed over."""

    def __init__(self, market: MarketId) -> None:
        self._market = market
        self._sessions: dict[SessionId, SessionView] = {}
        self._questions: dict[bytes, SessionId] = {}

    def feed(self, events: Iterable[Event]) -> None:
        """Take the next events, in the order of the chain; those that concern no session are passed over."""
        for event in events:
            if event.name == "SessionOpened":
                self._open(event)
            elif event.name in _BY_SESSION:
                self._on_session(event)
            elif event.name in BY_QUESTION:
                self._on_question(event)

    def session(self, session_id: SessionId) -> SessionView | None:
        """What the events fed so far say about a session."""
        return self._sessions.get(session_id)

    def sessions(self) -> tuple[SessionView, ...]:
        """All sessions, by their numbers."""
        return tuple(self._sessions[session_id] for session_id in sorted(self._sessions))

    def forget(self, session_id: SessionId) -> None:
        """Let go of a session that is over."""
        del self._sessions[session_id]
        self._questions = {q: known for q, known in self._questions.items() if known != session_id}

    def _open(self, event: Event) -> None:
        session_id = SessionId(event.args["sessionId"])
        self._sessions[session_id] = SessionView(
            market=self._market,
            session_id=session_id,
            opened_block=event.block,
            operator_set_id=event.args["operatorSetId"],
            parameters=event.args["parameters"],
            outcome_ballot=self._ballot(session_id, Stage.OUTCOME, FIRST_ROUND),
            settlement_ballot=self._ballot(session_id, Stage.SETTLEMENT, FIRST_ROUND),
        )

    def _ballot(self, session_id: SessionId, stage: Stage, round_: int) -> Ballot:
        ballot = Ballot(question(self._market, stage, session_id, round_))
        self._questions[ballot.question] = session_id
        return ballot

    def _on_session(self, event: Event) -> None:
        session_id = SessionId(event.args["sessionId"])
        view = self._sessions.get(session_id)
        if view is None:
            return
        if event.args.get("round", view.round) > view.round:
            view = self._next_round(view, event.args["round"])
        self._sessions[session_id] = _BY_SESSION[event.name](view, event)

    def _next_round(self, view: SessionView, round_: int) -> SessionView:
        return replace(
            view,
            round=round_,
            outcome_ballot=self._ballot(view.session_id, Stage.OUTCOME, round_),
            settlement_ballot=self._ballot(view.session_id, Stage.SETTLEMENT, round_),
            past_ballots=view.ballots,
        )

    def _on_question(self, event: Event) -> None:
        asked = event.args["question"]
        session_id = self._questions.get(asked)
        if session_id is None:
            return
        view, apply = self._sessions[session_id], BY_QUESTION[event.name]
        if view.outcome_ballot.question == asked:
            view = replace(view, outcome_ballot=apply(view.outcome_ballot, event.args))
        elif view.settlement_ballot.question == asked:
            view = replace(view, settlement_ballot=apply(view.settlement_ballot, event.args))
        else:
            past = [apply(ballot, event.args) if ballot.question == asked else ballot for ballot in view.past_ballots]
            view = replace(view, past_ballots=tuple(past))
        self._sessions[session_id] = view


def session_of(market: MarketId, session_id: SessionId, events: Iterable[Event]) -> SessionView | None:
    """The session that all of a market's events say; None if none of them opened it."""
    fold = MarketFold(market)
    fold.feed(events)
    return fold.session(session_id)


def _committed(view: SessionView, event: Event) -> SessionView:
    args = event.args
    new = Commitment(args["trader"], args["commitment"], args["maxLock"], args["deposit"], event.block)
    return replace(view, commitments=(*view.commitments, new))


def _withdrawn(view: SessionView, event: Event) -> SessionView:
    kept = tuple(c for c in view.commitments if c.trader != event.args["trader"])
    return replace(view, commitments=kept)


def _revealed(view: SessionView, event: Event) -> SessionView:
    args = event.args
    new = Reveal(args["trader"], args["firstIndex"], args["lock"], tuple(args["orders"]), event.block)
    return replace(view, reveals=(*view.reveals, new))


def _outcome_posted(view: SessionView, event: Event) -> SessionView:
    args = event.args
    results = tuple(SlotResult(*astuple(result)) for result in args["slots"])
    posted = PostedOutcome(args["round"], args["operator"], args["answer"], args["dataCid"], results)
    return replace(view, outcomes=(*view.outcomes, posted))


def _voided(view: SessionView, event: Event) -> SessionView:
    """The round that the event names has begun already: it is above the view's own."""
    return view


def _settlement_posted(view: SessionView, event: Event) -> SessionView:
    args = event.args
    posted = PostedSettlement(
        round=args["round"],
        operator=args["operator"],
        answer=args["answer"],
        root=args["root"],
        totals=Totals(*astuple(args["totals"])),
        versions=tuple(args["versions"]),
        data_cid=args["dataCid"],
    )
    return replace(view, settlements=(*view.settlements, posted))


def _final(view: SessionView, event: Event) -> SessionView:
    deadline = EpochSeconds(event.args["executionDeadline"])
    return replace(view, settlement_root=event.args["root"], execution_deadline=deadline)


def _cancelled(view: SessionView, event: Event) -> SessionView:
    return replace(view, is_cancelled=True)


def _moved(movement: Callable[[Mapping[str, Any]], Movement]) -> Callable[[SessionView, Event], SessionView]:
    def apply(view: SessionView, event: Event) -> SessionView:
        return replace(view, movements=(*view.movements, movement(event.args)))

    return apply


_BY_SESSION: dict[str, Callable[[SessionView, Event], SessionView]] = {
    "CommitmentSubmitted": _committed,
    "CommitmentWithdrawn": _withdrawn,
    "OrdersRevealed": _revealed,
    "OutcomePosted": _outcome_posted,
    "SettlementPosted": _settlement_posted,
    "OutcomeVoided": _voided,
    "SettlementFinal": _final,
    "SessionCancelled": _cancelled,
    "Executed": _moved(lambda a: Executed(a["trader"], a["debit"], a["credit"], a["penalty"], a["unlocked"])),
    "LockReleased": _moved(lambda a: LockReleased(a["trader"], a["amount"], a["reason"])),
    "DepositForfeited": _moved(lambda a: DepositForfeited(a["trader"], a["deposit"])),
    "UnfilledFreed": _moved(lambda a: UnfilledFreed(a["trader"], a["index"], a["amount"])),
    "PotSwept": _moved(lambda a: PotSwept(a["amount"])),
}
