"""Where two operators' divisions of one incentive differ, in words: what each rests on, and who gets how much by it."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from commons.chain import Event
from commons.contracts import CommunityReader
from commons.errors import DataError
from commons.slots import HOUR_S, iso_utc
from commons.store import Reader
from commons.units import EpochSeconds, MoneyUe, show_eur
from oracle.disagreement import MOST_TOLD
from oracle.dividing.own import OwnDivision
from oracle.publication.incentive import IncentiveDocument
from oracle.publication.reading import PATIENCE_S, Hurried, read_incentive


@dataclass
class Comparison:
    """An operator's own division beside those that others posted, each compared once."""

    reader: CommunityReader
    own: OwnDivision
    elsewhere: Reader
    _next_block: int = 0
    _findings: list[str] = field(default_factory=list)

    def findings(self) -> tuple[str, ...]:
        """What every different division that was posted so far says instead."""
        last = self.reader.chain.block_number()
        first = max(self._next_block, self.reader.first_block)
        if first <= last:
            treasury = self.reader.contracts.treasury.address
            events = self.reader.chain.events(treasury, first, last, names=("SplitPosted",))
            self._findings += [self._finding(event) for event in events if self._is_another(event)]
            self._next_block = last + 1
        return tuple(self._findings)

    def _is_another(self, event: Event) -> bool:
        """Whether it is a division of the same incentive, and not the operator's own."""
        args = event.args
        is_equal = (args["split"], args["dataCid"]) == (self.own.split, self.own.published.cid)
        return args["incentiveId"] == self.own.incentive_id and not is_equal

    def _finding(self, event: Event) -> str:
        told = compared(self.own.document, event.args["dataCid"], self.elsewhere)
        return f"operator {event.args['operator']} posted another division: {told}"


def compared(here: IncentiveDocument, cid: str, elsewhere: Reader) -> str:
    """Where the published division differs, or why it cannot be told."""
    try:
        there = read_incentive(Hurried(elsewhere, PATIENCE_S), cid)
    except DataError as error:
        return f"it cannot be compared: {error.message}"
    return differences(here, there)


def differences(here: IncentiveDocument, there: IncentiveDocument) -> str:
    """What the first difference in the basis is, if there is one, and which members get how much here and there."""
    shares = list(share_differences(here, there))
    told = [*basis_differences(here, there)][:1] + shares[:MOST_TOLD]
    if len(shares) > MOST_TOLD:
        told.append(f"and {len(shares) - MOST_TOLD} more members")
    return "; ".join(told) or "the published figures are the same"


def basis_differences(here: IncentiveDocument, there: IncentiveDocument) -> Iterator[str]:
    """Where what is divided differs: incentive and rule, amount, datasets, hours, from the first cause to the last."""
    for name in ("chain_id", "treasury", "incentive_id", "rule", "start", "end"):
        if getattr(here, name) != getattr(there, name):
            yield f"{name.replace('_', ' ')} {getattr(here, name)} here, {getattr(there, name)} there"
    for name in ("amount", "undivided"):
        if getattr(here, name) != getattr(there, name):
            yield f"{name} {show_eur(getattr(here, name))} here, {show_eur(getattr(there, name))} there"
    if here.datasets != there.datasets:
        ours, theirs = ({one.day: one for one in document.datasets} for document in (here, there))
        day = min(day for day in ours.keys() | theirs.keys() if ours.get(day) != theirs.get(day))
        yield f"other readings of day {day} (days since 1970-01-01)"
    yield from _hour_differences(here, there)


def share_differences(here: IncentiveDocument, there: IncentiveDocument) -> Iterator[str]:
    """What members get by the two, by ascending wallet; who is in one alone gets nothing by the other."""
    ours, theirs = ({claim.member: claim.amount for claim in document.claims} for document in (here, there))
    for member in sorted(ours.keys() | theirs.keys()):
        one, other = MoneyUe(ours.get(member, 0)), MoneyUe(theirs.get(member, 0))
        if one != other:
            yield f"member {member}: {show_eur(one)} here, {show_eur(other)} there"


def _hour_differences(here: IncentiveDocument, there: IncentiveDocument) -> Iterator[str]:
    for name in ("withdrawn_wh", "injected_wh"):
        pairs = zip(getattr(here.hours, name), getattr(there.hours, name), strict=False)
        for hour, (ours, theirs) in enumerate(pairs):
            if ours != theirs:
                when = iso_utc(EpochSeconds(here.start + hour * HOUR_S))
                yield f"hour {when}: all members together {name[:-3]} {ours:,} Wh here, {theirs:,} Wh there"
