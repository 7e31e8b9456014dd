"""Opening sessions from a plan with sensible defaults, and telling where one stands."""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from datetime import date, timedelta
from typing import Any

from commons.addresses import Address
from commons.chain import Event
from commons.contracts import CommunityReader
from commons.errors import MalformedInput, TransactionFailed, UnitError
from commons.records import AcceptedAnswer, SessionBook, SessionParameters, SessionState
from commons.slots import HOUR_S, SlotGrid, local_day, local_midnight, read_time
from commons.units import BasisPoints, EnergyWh, EpochSeconds, MoneyUe, PriceUekwh, SessionId
from commons.wallets import Signer

_EVENTS = (
    "CommitmentSubmitted",
    "CommitmentWithdrawn",
    "OrdersRevealed",
    "OutcomePosted",
    "SettlementPosted",
    "Executed",
)


@dataclass(frozen=True)
class SessionPlan:
    """A session yet to be opened: windows as lengths in seconds, counted from the moment it is opened.

    The delivery is a local day or starts at a moment; without either it is the first local day after the reveal
    deadline. Defaults suit the embedded chain: short windows, a day of 24 hours.
    """

    delivery_day: str | None = None
    """Local day, such as 2026-11-22."""
    delivery_start: str | int | None = None
    """Instead of a day: a moment with its zone, such as 2026-11-22T00:00:00+01:00, or UTC epoch seconds."""
    slot_count: int | None = None
    """Slots; those of the local day by default."""
    slot_seconds: int = HOUR_S
    commit_seconds: int = 300
    reveal_seconds: int = 300
    challenge_seconds: int = 120
    settlement_seconds: int = 14 * 24 * HOUR_S
    """From the end of delivery until no settlement is accepted any more."""
    execution_seconds: int = 7 * 24 * HOUR_S
    floor_price_uekwh: int = 1
    cap_price_uekwh: int = 500_000
    penalty_price_uekwh: int = 50_000
    deposit_fixed_ue: int = 100_000
    deposit_bps: int = 100
    tolerance_bps: int = 500
    missing_allowance: int = 2
    smallest_order_wh: int = 10
    most_orders: int = 100

    def changed(self, changes: Mapping[str, Any]) -> "SessionPlan":
        """The plan with some entries replaced, each by its name.

        Raises:
            MalformedInput: there is no such entry.
            UnitError: a figure is no whole number of 0 or more.
        """
        known = {entry.name for entry in fields(self)}
        for name, value in changes.items():
            if name not in known:
                raise MalformedInput(f"a session has no {name!r}", remedy=f"Known are {', '.join(sorted(known))}.")
            if name not in ("delivery_day", "delivery_start"):
                _require_whole(name, value)
        return replace(self, **changes)

    def parameters(self, now: EpochSeconds) -> SessionParameters:
        """The parameters of this session if it is opened now.

        Raises:
            MalformedInput: the delivery's day or start cannot be read.
            UnitError: the slots are not on the grid.
        """
        commit_deadline = EpochSeconds(now + self.commit_seconds)
        reveal_deadline = EpochSeconds(commit_deadline + self.reveal_seconds)
        grid = self._grid(reveal_deadline)
        return SessionParameters(
            commit_deadline=commit_deadline,
            reveal_deadline=reveal_deadline,
            deposit_fixed=MoneyUe(self.deposit_fixed_ue),
            deposit_bps=BasisPoints(self.deposit_bps),
            most_orders=self.most_orders,
            slot_count=grid.count,
            slot_seconds=grid.seconds,
            missing_allowance=self.missing_allowance,
            tolerance_bps=BasisPoints(self.tolerance_bps),
            floor_price=PriceUekwh(self.floor_price_uekwh),
            cap_price=PriceUekwh(self.cap_price_uekwh),
            penalty_price=PriceUekwh(self.penalty_price_uekwh),
            smallest_order_wh=EnergyWh(self.smallest_order_wh),
            challenge_window=self.challenge_seconds,
            execution_timeout=self.execution_seconds,
            delivery_start=grid.start,
            settlement_timeout=EpochSeconds(grid.end + self.settlement_seconds),
        )

    def _grid(self, earliest: EpochSeconds) -> SlotGrid:
        if self.delivery_start is not None:
            start = read_time(self.delivery_start)
            end = local_midnight(local_day(start) + timedelta(days=1))
        else:
            day = self._day(earliest)
            start, end = local_midnight(day), local_midnight(day + timedelta(days=1))
        count = (end - start) // max(1, self.slot_seconds) if self.slot_count is None else self.slot_count
        return SlotGrid(start, self.slot_seconds, count)

    def _day(self, earliest: EpochSeconds) -> date:
        if self.delivery_day is None:
            return local_day(EpochSeconds(earliest - 1)) + timedelta(days=1)
        try:
            return date.fromisoformat(self.delivery_day)
        except (TypeError, ValueError) as error:
            raise MalformedInput(
                f"{self.delivery_day!r} is not a day", remedy="Write it as 2026-11-22, as it is in Italy."
            ) from error


@dataclass(frozen=True)
class SessionView:
    """Where a session stands: who has committed and revealed, and what the operators answered."""

    session_id: SessionId
    parameters: SessionParameters
    state: SessionState
    book: SessionBook
    committed: tuple[Address, ...]
    revealed: tuple[Address, ...]
    executed: tuple[Address, ...]
    outcome: AcceptedAnswer
    outcome_event: Event | None
    """Of those who posted the accepted outcome, the last."""
    settlement: AcceptedAnswer
    settlement_event: Event | None
    """Of those who posted the accepted settlement, the last."""


def open_session(reader: CommunityReader, market_operator: Signer, parameters: SessionParameters) -> SessionId:
    """Open a session and give its number.

    Raises:
        ContractRefusal: the signer is no market operator, or the parameters are not acceptable.
    """
    receipt = reader.chain.send(market_operator, reader.contracts.sessions.call("newSession", parameters))
    for event in receipt.events:
        if event.name == "SessionOpened":
            return SessionId(event.args["sessionId"])
    raise TransactionFailed("newSession opened none", which=receipt.hash, remedy="Check that the contracts are ours.")


def view(reader: CommunityReader, session_id: SessionId) -> SessionView:
    """Where a session stands at the chain's latest block.

    Raises:
        UnknownSession: there is no such session.
    """
    parameters = reader.parameters(session_id)
    events = reader.session_events(session_id, *_EVENTS)
    outcome = reader.accepted(reader.outcome_question(session_id))
    settlement = reader.accepted(reader.settlement_question(session_id))
    return SessionView(
        session_id=session_id,
        parameters=parameters,
        state=reader.state(session_id),
        book=reader.book(session_id),
        committed=_committed(events),
        revealed=_traders(events, "OrdersRevealed"),
        executed=_traders(events, "Executed"),
        outcome=outcome,
        outcome_event=_answering(events, "OutcomePosted", outcome),
        settlement=settlement,
        settlement_event=_answering(events, "SettlementPosted", settlement),
    )


def _committed(events: list[Event]) -> tuple[Address, ...]:
    standing: dict[Address, None] = {}
    for event in events:
        if event.name == "CommitmentSubmitted":
            standing[event.args["trader"]] = None
        elif event.name == "CommitmentWithdrawn":
            standing.pop(event.args["trader"], None)
    return tuple(standing)


def _traders(events: list[Event], name: str) -> tuple[Address, ...]:
    return tuple(event.args["trader"] for event in events if event.name == name)


def _answering(events: list[Event], name: str, accepted: AcceptedAnswer) -> Event | None:
    posted = [e for e in events if e.name == name and e.args["answer"] == accepted.answer]
    return posted[-1] if posted else None


def _require_whole(name: str, value: Any) -> None:
    if value is None and name == "slot_count":
        return
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        unit = name.rpartition("_")[2]
        meaning = {"uekwh": "µ€/kWh", "ue": "µ€", "wh": "Wh", "bps": "basis points", "seconds": "seconds"}.get(unit, "")
        raise UnitError(f"{name} {value!r} is not a whole number", remedy=f"Give whole {meaning or 'numbers'} from 0.")
