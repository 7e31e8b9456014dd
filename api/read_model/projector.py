"""What events add up to: members, sessions, traders' parts in them, and ballots, row by row as events come in.

Fed in the order of the chain, within the transaction that keeps the events. Deterministic: the same events give the
same rows. Source: the events of `ICommunity.sol`, `ISessionHandler.sol`, `IMarketplace.sol` and `IOracleQuorum.sol`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlmodel import Session

from api.read_model.events import posting_of
from api.read_model.plain import plain
from api.read_model.tables import BallotFactRow, MemberFactRow, PositionFactRow, SessionFactRow
from commons.addresses import Address
from commons.chain import Event
from commons.questions import question_of
from commons.records import MemberStatus, PositionState, SessionParameters, SessionState
from commons.units import SessionId

OUTCOME, SETTLEMENT = "outcome", "settlement"
STAGES = (OUTCOME, SETTLEMENT)


@dataclass(frozen=True)
class Told:
    """An event with its place in the read model: its number, its block's time, its community and that one's market."""

    number: int
    time: int
    community: Address
    marketplace: Address
    event: Event

    @property
    def args(self) -> Mapping[str, Any]:
        """The event's values."""
        return self.event.args


class Projector:
    """Applies events to the rows of one database transaction."""

    def __init__(self, rows: Session, chain_id: int) -> None:
        self._rows = rows
        self._chain_id = chain_id
        self._posted: dict[str, int] = {}

    def apply(self, told: Told) -> int | None:
        """Take an event in, and give the session that it concerns, if any."""
        change = _CHANGES.get(told.event.name)
        session = told.args.get("sessionId")
        if "question" in told.args and session is None:
            ballot = self._rows.get(BallotFactRow, _hex(told.args["question"]))
            session = ballot.session if ballot is not None else None
        if change is not None:
            change(self, told)
        return session

    # ---------------------------------------------------------------- members

    def _applied(self, told: Told) -> None:
        args, row = told.args, self._member(told, told.args["applicant"])
        if row is None:
            row = MemberFactRow(
                community=told.community,
                wallet=args["applicant"],
                entry=told.number,
                status="",
                kind="",
                profile="",
                adhesion_hash="",
                recovery_key="",
                applied_at=told.time,
                changed_at=told.time,
            )
            self._rows.add(row)
        row.kind, row.profile = plain(args["kind"]), plain(args["profile"])
        row.adhesion_hash, row.recovery_key = _hex(args["adhesionHash"]), args["recoveryKey"]
        row.status, row.applied_at, row.changed_at = _name(MemberStatus.APPLIED), told.time, told.time

    def _approved(self, told: Told) -> None:
        row = self._member(told, told.args["wallet"])
        if row is not None:
            row.kind, row.profile = plain(told.args["kind"]), plain(told.args["profile"])
            row.member_id, row.approved_at = _hex(told.args["memberId"]), told.time
            self._now(row, MemberStatus.ACTIVE, told)

    def _refused(self, told: Told) -> None:
        row = self._member(told, told.args["applicant"])
        if row is not None:
            self._now(row, MemberStatus.NONE if row.member_id is None else MemberStatus.LEFT, told)

    def _replaced(self, told: Told) -> None:
        old, new = self._member(told, told.args["oldWallet"]), told.args["newWallet"]
        if old is None:
            return
        was = old.prior_status = old.status
        self._now(old, MemberStatus.REPLACED, told)
        old.replaced_by = new
        row = self._member(told, new)
        if row is None:
            row = MemberFactRow(**{**old.model_dump(), "wallet": new, "entry": told.number, "replaced_by": None})
            self._rows.add(row)
        row.member_id, row.kind, row.profile, row.status = old.member_id, old.kind, old.profile, was
        row.changed_at = told.time

    def _vetoed(self, told: Told) -> None:
        """The old wallet is again what it was, and whoever holds the membership now has left it."""
        old = self._member(told, told.args["oldWallet"])
        if old is not None:
            old.status, old.replaced_by, old.changed_at = old.prior_status or old.status, None, told.time
        self._becomes(told, told.args["newWallet"], MemberStatus.LEFT)

    def _recovery_key(self, told: Told) -> None:
        row = self._member(told, told.args["wallet"])
        if row is not None:
            row.recovery_key = told.args["recoveryKey"]

    def _becomes(self, told: Told, wallet: Address, status: MemberStatus) -> None:
        row = self._member(told, wallet)
        if row is not None:
            self._now(row, status, told)

    def _now(self, row: MemberFactRow, status: MemberStatus, told: Told) -> None:
        row.status, row.changed_at = _name(status), told.time

    def _member(self, told: Told, wallet: Address) -> MemberFactRow | None:
        return self._rows.get(MemberFactRow, (told.community, wallet))

    # ---------------------------------------------------------------- sessions

    def _opened(self, told: Told) -> None:
        parameters: SessionParameters = told.args["parameters"]
        self._rows.add(
            SessionFactRow(
                community=told.community,
                number=told.args["sessionId"],
                state=_name(SessionState.COMMIT),
                opened_block=told.event.block,
                opened_at=told.time,
                opener=told.args["operator"],
                operator_set=told.args["operatorSetId"],
                parameters=plain(parameters),
                delivery_start=parameters.delivery_start,
                delivery_end=parameters.delivery_end,
            )
        )
        self._open_round(told, 1)

    def _open_round(self, told: Told, round_: int) -> None:
        number = SessionId(told.args["sessionId"])
        for stage in STAGES:
            question = question_of(self._chain_id, told.marketplace, stage.encode(), number, round_)
            if self._rows.get(BallotFactRow, _hex(question)) is None:
                self._rows.add(
                    BallotFactRow(
                        question=_hex(question),
                        community=told.community,
                        session=number,
                        stage=stage,
                        round=round_,
                        votes={},
                    )
                )

    def _session(self, told: Told, number: int | None = None) -> SessionFactRow | None:
        return self._rows.get(SessionFactRow, (told.community, number or told.args["sessionId"]))

    def _voided(self, told: Told) -> None:
        """A new round begins: what was accepted is no more."""
        row = self._session(told)
        if row is not None:
            row.round, row.outcome, row.outcome_final_at = told.args["round"], None, None
            self._open_round(told, row.round)

    def _was_posted(self, told: Told) -> None:
        row = self._session(told)
        if row is not None and told.args["round"] > row.round:
            row.round = told.args["round"]
            self._open_round(told, row.round)

    def _settlement_final(self, told: Told) -> None:
        row = self._session(told)
        if row is not None:
            row.execution_deadline = told.args["executionDeadline"]

    # ---------------------------------------------------------------- positions

    def _committed(self, told: Told) -> None:
        args, row = told.args, self._position(told)
        if row is None:
            row = PositionFactRow(
                community=told.community,
                session=args["sessionId"],
                trader=args["trader"],
                state="",
                commitment="",
                max_lock="",
                deposit="",
                committed=0,
            )
            self._rows.add(row)
        if row.state != _name(PositionState.COMMITTED):
            self._count(told, traders=1)
        row.state, row.commitment, row.committed = _name(PositionState.COMMITTED), _hex(args["commitment"]), told.number
        row.max_lock, row.deposit, row.ended = str(args["maxLock"]), str(args["deposit"]), None

    def _withdrawn(self, told: Told) -> None:
        row = self._position(told)
        if row is not None:
            row.state, row.ended = _name(PositionState.NONE), "withdrawn"
            self._count(told, traders=-1)

    def _revealed(self, told: Told) -> None:
        args, row = told.args, self._position(told)
        if row is not None:
            row.state, row.revealed = _name(PositionState.REVEALED), told.number
            row.first_index, row.order_count, row.lock = args["firstIndex"], len(args["orders"]), str(args["lock"])
            self._count(told, revealed=1, orders=len(args["orders"]))

    def _executed(self, told: Told) -> None:
        args, row = told.args, self._position(told)
        if row is not None:
            row.state, row.executed = _name(PositionState.ENDED), told.number
            row.debit, row.credit, row.penalty = (str(args[name]) for name in ("debit", "credit", "penalty"))
            self._count(told, executed=1)

    def _released(self, told: Told) -> None:
        row = self._position(told)
        if row is not None:
            row.state, row.ended = _name(PositionState.ENDED), plain(told.args["reason"])

    def _position(self, told: Told) -> PositionFactRow | None:
        return self._rows.get(PositionFactRow, (told.community, told.args["sessionId"], told.args["trader"]))

    def _count(self, told: Told, **more: int) -> None:
        row = self._session(told)
        for name, count in more.items() if row is not None else ():
            setattr(row, name, getattr(row, name) + count)

    # ---------------------------------------------------------------- ballots

    def _note_posting(self, told: Told) -> None:
        """Remember which event said the answer, until it is accepted."""
        self._was_posted(told)
        self._posted[_hex(told.args["answer"])] = told.number

    def _attested(self, told: Told) -> None:
        self._vote(told, lambda voters: [*voters, told.args["operator"]])

    def _unvoted(self, told: Told) -> None:
        self._vote(told, lambda voters: [voter for voter in voters if voter != told.args["operator"]])

    def _vote(self, told: Told, change: Callable[[list[str]], list[str]]) -> None:
        ballot, answer = self._ballot(told), _hex(told.args["answer"])
        if ballot is not None:
            ballot.votes = {**ballot.votes, answer: change(ballot.votes.get(answer, []))}

    def _accepted(self, told: Told) -> None:
        ballot = self._ballot(told)
        if ballot is None:
            return
        ballot.accepted, ballot.final_at = _hex(told.args["answer"]), told.args["finalAt"]
        row = self._session(told, ballot.session)
        if row is not None:
            posting = self._posting(told, ballot)
            setattr(row, ballot.stage, posting)
            setattr(row, f"{ballot.stage}_final_at", told.args["finalAt"])

    def _unaccepted(self, told: Told) -> None:
        ballot = self._ballot(told)
        if ballot is None:
            return
        ballot.accepted, ballot.final_at = None, None
        ballot.voided = told.event.name == "AnswerVoided"
        row = self._session(told, ballot.session)
        if row is not None:
            setattr(row, ballot.stage, None)
            setattr(row, f"{ballot.stage}_final_at", None)

    def _extended(self, told: Told) -> None:
        ballot = self._ballot(told)
        if ballot is not None:
            ballot.final_at = told.args["finalAt"]
            row = self._session(told, ballot.session)
            if row is not None:
                setattr(row, f"{ballot.stage}_final_at", told.args["finalAt"])

    def _ballot(self, told: Told) -> BallotFactRow | None:
        return self._rows.get(BallotFactRow, _hex(told.args["question"]))

    def _posting(self, told: Told, ballot: BallotFactRow) -> int | None:
        """The event that posted the accepted answer: of these blocks, or kept before."""
        answer = _hex(told.args["answer"])
        return self._posted.get(answer) or posting_of(self._rows, told.community, ballot.session, ballot.stage, answer)


def _hex(raw: bytes) -> str:
    return "0x" + raw.hex()


def _name(value: MemberStatus | SessionState | PositionState) -> str:
    return value.name.lower()


_CHANGES: Mapping[str, Callable[[Projector, Told], None]] = {
    "MemberApplied": Projector._applied,
    "MemberApproved": Projector._approved,
    "MemberRefused": Projector._refused,
    "MemberSuspended": lambda p, t: p._becomes(t, t.args["wallet"], MemberStatus.SUSPENDED),
    "MemberReinstated": lambda p, t: p._becomes(t, t.args["wallet"], MemberStatus.ACTIVE),
    "MemberLeft": lambda p, t: p._becomes(t, t.args["wallet"], MemberStatus.LEFT),
    "WalletReplaced": Projector._replaced,
    "ReplacementVetoed": Projector._vetoed,
    "RecoveryKeySet": Projector._recovery_key,
    "SessionOpened": Projector._opened,
    "OutcomeVoided": Projector._voided,
    "OutcomePosted": Projector._note_posting,
    "SettlementPosted": Projector._note_posting,
    "SettlementFinal": Projector._settlement_final,
    "CommitmentSubmitted": Projector._committed,
    "CommitmentWithdrawn": Projector._withdrawn,
    "OrdersRevealed": Projector._revealed,
    "Executed": Projector._executed,
    "LockReleased": Projector._released,
    "Attested": Projector._attested,
    "VoteWithdrawn": Projector._unvoted,
    "Accepted": Projector._accepted,
    "AcceptanceRevoked": Projector._unaccepted,
    "AnswerVoided": Projector._unaccepted,
    "WindowExtended": Projector._extended,
}
