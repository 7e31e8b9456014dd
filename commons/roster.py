"""Who the members of a community are and whose its points are, at any block or moment gone by, from its events alone.

A wallet belongs to a member id from its approval, or from the block in which it replaced a lost one, until another
takes its place. A point is a member's from `valid_from` until before `valid_until`; what was said of a moment gone by
never changes (`PointBindings.sol`).
"""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from commons.addresses import Address
from commons.chain import Chain, Event
from commons.contracts import CommunityReader
from commons.records import EnergyProfile, PointKind
from commons.units import EpochSeconds

EVENTS = ("MemberApproved", "WalletReplaced", "ReplacementVetoed", "PointBound", "PointReleased")


@dataclass(frozen=True, slots=True)
class PointSpan:
    """A point is the member's over `[valid_from, valid_until)`; `number` counts the point's bindings from 1."""

    point_id: str
    member_id: bytes
    kind: PointKind
    number: int
    valid_from: EpochSeconds
    valid_until: EpochSeconds

    def touches(self, start: int, end: int) -> bool:
        """Whether it holds at any moment of `[start, end)`."""
        return self.valid_from < min(end, self.valid_until) and start < self.valid_until


@dataclass
class _Person:
    """A member id's wallets, each with the block from which on it was the one; its profile likewise."""

    blocks: list[int] = field(default_factory=list)
    wallets: list[Address] = field(default_factory=list)
    profile_blocks: list[int] = field(default_factory=list)
    profiles: list[EnergyProfile] = field(default_factory=list)


class Roster:
    """Members and points as far as events were fed, in the order of the chain."""

    def __init__(self) -> None:
        self._people: dict[bytes, _Person] = defaultdict(_Person)
        self._spans: dict[str, list[PointSpan]] = defaultdict(list)

    def feed(self, events: Iterable[Event]) -> None:
        """Take the next events; those of other names are passed over."""
        for event in events:
            args = event.args
            if event.name == "PointBound":
                self._bind(event)
            elif event.name == "PointReleased":
                spans = self._spans["0x" + args["pointId"].hex()]
                spans[-1] = replace(spans[-1], valid_until=EpochSeconds(args["validUntil"]))
            elif event.name in EVENTS:
                self._move(event)

    def wallet(self, member_id: bytes, block: int) -> Address | None:
        """The wallet that a member id belonged to after a block; None before its first."""
        person = self._people.get(member_id, _Person())
        place = bisect_right(person.blocks, block)
        return person.wallets[place - 1] if place else None

    def wallets(self, member_id: bytes) -> tuple[Address, ...]:
        """Every wallet that a member id ever belonged to, each once."""
        return tuple(dict.fromkeys(self._people.get(member_id, _Person()).wallets))

    def profile(self, member_id: bytes, block: int) -> EnergyProfile | None:
        """The energy profile under which a member id was approved last before or in a block."""
        person = self._people.get(member_id, _Person())
        place = bisect_right(person.profile_blocks, block)
        return person.profiles[place - 1] if place else None

    def member_of(self, wallet: Address) -> bytes | None:
        """The member id that a wallet has, or had."""
        return next((found for found, person in self._people.items() if wallet in person.wallets), None)

    def point(self, point_id: str, start: int, end: int) -> PointSpan | None:
        """The last binding of a point that holds at any moment of `[start, end)`."""
        return next((span for span in reversed(self._spans.get(point_id, ())) if span.touches(start, end)), None)

    def points(self) -> tuple[PointSpan, ...]:
        """Every binding there ever was, point by point, in the order of their numbers."""
        return tuple(span for spans in self._spans.values() for span in spans)

    def _bind(self, event: Event) -> None:
        args = event.args
        point_id = "0x" + args["pointId"].hex()
        dates = EpochSeconds(args["validFrom"]), EpochSeconds(args["validUntil"])
        span = PointSpan(point_id, args["memberId"], PointKind(args["kind"]), int(args["number"]), *dates)
        self._spans[point_id].append(span)

    def _move(self, event: Event) -> None:
        args = event.args
        person = self._people[args["memberId"]]
        name = {"MemberApproved": "wallet", "WalletReplaced": "newWallet", "ReplacementVetoed": "oldWallet"}[event.name]
        person.blocks.append(event.block)
        person.wallets.append(args[name])
        if event.name == "MemberApproved":
            person.profile_blocks.append(event.block)
            person.profiles.append(EnergyProfile(args["profile"]))


class RosterReader:
    """A community's roster, kept up to the chain's latest block: each block's events are read once."""

    def __init__(self, reader: CommunityReader) -> None:
        self._reader = reader
        self._roster = Roster()
        self._head: tuple[int, str] | None = None

    def now(self) -> Roster:
        """The roster up to the latest block; read again from the beginning where the chain was set back."""
        chain = self._reader.chain
        latest = chain.block()
        first = self._reader.first_block
        if self._head is not None and self._head[0] <= latest.number:
            number, digest = self._head
            if chain.block(number).hash == digest:
                first = number + 1
        if first == self._reader.first_block:
            self._roster = Roster()
        if first <= latest.number:
            address = self._reader.contracts.community.address
            self._roster.feed(chain.events(address, first, latest.number, names=EVENTS))
        self._head = (latest.number, latest.hash)
        return self._roster


def last_block_before(chain: Chain, moment: int, first: int = 0) -> int:
    """The number of the last block earlier than a moment, found by halving; `first` where none after it is."""
    low, high = first, chain.block_number()
    while low < high:
        middle = (low + high + 1) // 2
        if chain.block(middle).timestamp < moment:
            low = middle
        else:
            high = middle - 1
    return low
