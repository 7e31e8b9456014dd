"""Events into rows: as they are, by the things they speak of, and what they add up to."""

from collections.abc import Mapping, Sequence
from dataclasses import fields

from sqlalchemy import func, insert
from sqlmodel import Session, col, select

from api.read_model.plain import plain, subjects
from api.read_model.projector import Projector, Told
from api.read_model.tables import CommunityFactRow, EventRow, FollowedContractRow, SubjectRow, table_of
from commons.addresses import Address
from commons.chain import Event
from commons.records import CommunityContracts

FACTORY = "factory"


class Intake:
    """Takes events into one database transaction."""

    def __init__(self, rows: Session, chain_id: int, factory: Address) -> None:
        self._rows = rows
        self._projector = Projector(rows, chain_id)
        self._factory = factory
        known = rows.exec(select(FollowedContractRow))
        self._contracts = {row.address: (row.kind, row.community) for row in known}
        self._markets = {where: at for at, (kind, where) in self._contracts.items() if kind == "marketplace"}
        self._next = int(rows.exec(select(func.max(col(EventRow.id)))).one() or 0) + 1

    def take(self, events: Sequence[Event], times: Mapping[int, int]) -> None:
        """Keep the events, in the order of the chain, and what they change; `times` of their blocks."""
        kept, spoken_of = [], []
        for number, event in enumerate(events, start=self._next):
            if event.name == "CommunityCreated":
                self._found(event, times[event.block])
            kind, community = self._contracts.get(event.address, (FACTORY, event.args.get("community")))
            session = self._project(number, times[event.block], community, event)
            args = plain(event.args)
            kept.append(_row(number, times[event.block], kind, community, session, event, args))
            about = {event.address, *subjects(args)} - {community}
            spoken_of += [{"subject": subject, "event": number} for subject in sorted(about)]
        if kept:
            connection = self._rows.connection()
            connection.execute(insert(table_of(EventRow)), kept)
            connection.execute(insert(table_of(SubjectRow)), spoken_of)

    @staticmethod
    def addresses_of(event: Event) -> dict[str, Address]:
        """The contracts of a community that was just created, by their roles."""
        contracts: CommunityContracts = event.args["contracts"]
        return {field.name: getattr(contracts, field.name) for field in fields(contracts)}

    def _found(self, event: Event, time: int) -> None:
        contracts, community = self.addresses_of(event), event.args["community"]
        self._rows.add(
            CommunityFactRow(
                address=community,
                number=event.args["index"],
                name=event.args["name"],
                created_block=event.block,
                created_at=time,
                settlement_token=event.args["settlementToken"],
                contracts=dict(contracts),
            )
        )
        for kind, at in contracts.items():
            self._rows.add(FollowedContractRow(address=at, kind=kind, community=community))
            self._contracts[at] = (kind, community)
        self._markets[community] = contracts["marketplace"]

    def _project(self, number: int, time: int, community: str | None, event: Event) -> int | None:
        if community is None or event.address == self._factory:
            return None
        return self._projector.apply(Told(number, time, Address(community), Address(self._markets[community]), event))


def _row(
    number: int, time: int, kind: str, community: str | None, session: int | None, event: Event, args: object
) -> dict[str, object]:
    return {
        "id": number,
        "block": event.block,
        "log_index": event.log_index,
        "time": time,
        "tx_hash": event.tx_hash,
        "address": event.address,
        "contract": kind,
        "name": event.name,
        "community": community,
        "session": session,
        "args": args,
    }
