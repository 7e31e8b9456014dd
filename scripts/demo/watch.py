"""What the chain says about a session, and what everybody waits for."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from commons.addresses import Address
from commons.contracts import CommunityReader
from commons.slots import day_number, local_days, local_midnight
from commons.units import EpochSeconds, SessionId
from oracle.duty import Over, Vote, Wait, due
from oracle.options import Options
from oracle.session.types import SessionView, Stage
from scripts.on_chain import session_told


@dataclass(frozen=True)
class Waiting:
    """What the operators have to do: whether any of them is busy, and the moments at which something falls due."""

    is_busy: bool
    moments: tuple[EpochSeconds, ...]


@dataclass(frozen=True)
class Day:
    """A local day, and from when on its dataset is final; 0 while none is accepted."""

    day: date
    final_at: EpochSeconds

    def is_notarised(self, now: EpochSeconds) -> bool:
        """Whether its readings are final."""
        return 0 < self.final_at <= now

    def next_moment(self, now: EpochSeconds, freeze_s: int) -> EpochSeconds | None:
        """When something about it falls due; None where the operators are at work on it."""
        frozen_at = EpochSeconds(local_midnight(self.day + timedelta(days=1)) + freeze_s)
        if now < frozen_at:
            return frozen_at
        return self.final_at or None


def look(
    reader: CommunityReader, session_id: SessionId, from_block: int | None = None
) -> tuple[SessionView, EpochSeconds]:
    """What the chain says about the session, and the chain's time; `from_block` is one before it was opened.

    Raises:
        UnknownSession: there is no such session.
    """
    head = reader.chain.block()
    view, _ = session_told(reader, session_id, head.number, from_block)
    return view, head.timestamp


def is_over(view: SessionView, now: EpochSeconds, operators: Iterable[Address]) -> bool:
    """Whether nothing is left to do in the session, ever."""
    return all(due(view, now, operator) == (Over(),) for operator in operators)


def waiting(
    view: SessionView,
    now: EpochSeconds,
    operators: Iterable[Address],
    days: Iterable[Day],
    options: Options,
) -> Waiting:
    """What the operators do or wait for.

    Args:
        days: the session's local days, whose readings settlement waits for.
    """
    duties = [duty for operator in operators for duty in due(view, now, operator)]
    moments = {duty.until for duty in duties if isinstance(duty, Wait) and duty.until is not None}
    is_busy = any(not isinstance(duty, Wait | Over) for duty in duties)
    if Vote(Stage.SETTLEMENT) in duties and view.settlement_ballot.accepted is None:
        open_days = [day for day in days if not day.is_notarised(now)]
        pending = {day.next_moment(now, options.freeze_s) for day in open_days}
        moments |= {moment for moment in pending if moment is not None}
        is_busy = None in pending or not open_days
    return Waiting(is_busy, tuple(sorted(moment for moment in moments if moment > now)))


def days_of(reader: CommunityReader, view: SessionView) -> list[Day]:
    """The local days of a session, as the notary knows them now."""
    days = local_days(view.grid.start, view.grid.end)
    contract = reader.contracts.notary
    counts = reader.chain.calls([contract.call("versionCount", day_number(day)) for day in days])
    calls = [contract.call("datasetOf", day_number(d), n or 1) for d, n in zip(days, counts, strict=True)]
    return [Day(day, final_at) for day, (_, final_at) in zip(days, reader.chain.calls(calls), strict=True)]
