"""The books of a community as its events tell them, read once from the chain.

Nothing is asked of the contracts but who the members are; every balance and total follows from events. The token's
transfers are all read; of the settlement token's, those from and to the treasury.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from commons.actions.community import MemberEntry, member_list
from commons.addresses import Address
from commons.chain import Chain, Event
from commons.contracts import CommunityReader, Contracts
from commons.records.economy import CategoryTerms, TokenAmount, TokenCategory
from commons.units import EpochSeconds
from oracle.books.payments import past_payments
from oracle.books.reasons import Scene, explain
from oracle.economy.ledger import Movement
from oracle.economy.timeline import Announcement, Timeline, Track
from oracle.economy.types import PastPayment

OWN_NAMES = {
    "community": "community",
    "treasury": "treasury",
    "token": "token",
    "desk": "stakeholder desk",
    "notary": "notary",
    "sessions": "sessions",
    "marketplace": "marketplace",
    "quorum": "operators' bonds",
    "refuter": "refuter",
    "demands": "demands",
    "services": "service exchange",
    "purchases": "group purchases",
    "loans": "loans of goods",
    "works": "community work",
    "rewards": "rewards",
}


@dataclass(frozen=True)
class Books:
    """The books: movements in the chain's order, payments with what they were for, the terms over time."""

    contracts: Contracts
    token_movements: tuple[Movement, ...]
    euro_movements: tuple[Movement, ...]
    """Of the treasury alone; µ€."""
    payments: tuple[PastPayment, ...]
    payment_events: tuple[Event, ...] = field(repr=False)
    """The `Paid` event of each payment."""
    timeline: Timeline
    members: tuple[MemberEntry, ...]
    block: int
    """The last block that was read."""
    until: EpochSeconds
    """When it was made."""

    @property
    def treasury(self) -> Address:
        """The control wallet."""
        return self.contracts.treasury.address


def read_books(reader: CommunityReader) -> Books:
    """The books up to the chain's latest block."""
    contracts, chain, last = reader.contracts, reader.chain, reader.chain.block_number()
    events = chain.events(contracts.addresses, reader.first_block, last)
    treasury = contracts.treasury.address
    euro = [
        event
        for event in chain.events(contracts.euro.address, reader.first_block, last, names=("Transfer",))
        if treasury in (event.args["from"], event.args["to"])
    ]
    times = block_times(chain, [*(event.block for event in (*events, *euro)), last])
    members = tuple(member_list(reader))
    terms = timeline(events, times)
    paid = tuple(event for event in events if event.name == "Paid" and event.address == contracts.token.address)
    return Books(
        contracts=contracts,
        token_movements=movements(_transfers(events, contracts.token.address), events, contracts, times),
        euro_movements=movements(euro, events, contracts, times),
        payments=past_payments(events, contracts, times, persons(members), terms),
        payment_events=paid,
        timeline=terms,
        members=members,
        block=last,
        until=times[last],
    )


def block_times(chain: Chain, blocks: Iterable[int]) -> dict[int, EpochSeconds]:
    """When blocks were made."""
    wanted = sorted(set(blocks))
    return dict(zip(wanted, chain.times(wanted), strict=True))


def movements(
    transfers: Sequence[Event], events: Sequence[Event], contracts: Contracts, times: Mapping[int, EpochSeconds]
) -> tuple[Movement, ...]:
    """The transfers with their reasons."""
    others: dict[str, list[Event]] = defaultdict(list)
    for event in events:
        if event.name != "Transfer":
            others[event.tx_hash].append(event)
    of_transaction: dict[str, list[Event]] = defaultdict(list)
    for transfer in transfers:
        of_transaction[transfer.tx_hash].append(transfer)
    found: list[Movement] = []
    for tx_hash, group in of_transaction.items():
        scene = Scene(group[0].address, contracts.treasury.address, own_contracts(contracts))
        reasons = explain(group, others[tx_hash], scene)
        found += [_movement(one, reason, times) for one, reason in zip(group, reasons, strict=True)]
    return tuple(found)


def own_contracts(contracts: Contracts) -> dict[Address, str]:
    """The community's own contracts by their addresses, in words."""
    return {getattr(contracts, name).address: word for name, word in OWN_NAMES.items() if hasattr(contracts, name)}


def persons(members: Iterable[MemberEntry]) -> dict[Address, str]:
    """The person behind each wallet: its member id, which is kept across wallets."""
    return {entry.wallet: "0x" + entry.member.member_id.hex() for entry in members if any(entry.member.member_id)}


def timeline(events: Iterable[Event], times: Mapping[int, EpochSeconds]) -> Timeline:
    """The terms over time, from what the token admin announced."""
    categories: dict[TokenCategory, list[Announcement[CategoryTerms]]] = defaultdict(list)
    amounts: dict[TokenAmount, list[Announcement[int]]] = defaultdict(list)
    for event in events:
        args = event.args
        if event.name == "CategoryScheduled":
            terms = CategoryTerms(
                args["feeBps"],
                args["payerBps"],
                args["payeeBps"],
                args["mostPerPayment"],
                args["mostPerMember"],
                args["mostPerPair"],
                args["isOff"],
                EpochSeconds(0),
            )
            announced = Announcement(times[event.block], EpochSeconds(args["effectiveFrom"]), terms)
            categories[args["category"]].append(announced)
        elif event.name == "AmountScheduled":
            effective = EpochSeconds(args["effectiveFrom"])
            amounts[args["which"]].append(Announcement(times[event.block], effective, args["value"]))
    return Timeline(
        {category: Track.of(said) for category, said in categories.items()},
        {which: Track.of(said) for which, said in amounts.items()},
    )


def _transfers(events: Iterable[Event], token: Address) -> list[Event]:
    return [event for event in events if event.name == "Transfer" and event.address == token and event.args["value"]]


def _movement(event: Event, reason: str, times: Mapping[int, EpochSeconds]) -> Movement:
    args = event.args
    return Movement(
        times[event.block], event.block, event.log_index, event.tx_hash, args["from"], args["to"], args["value"], reason
    )
