"""Points, datasets and reward batches as the read model has their events."""

from collections.abc import Iterable
from typing import Any

from sqlmodel import Session

from api.queries.sessions import trace
from api.read_model.events import Wanted, events_in_order, page_of_events
from api.read_model.model import require_community
from api.read_model.tables import EventRow
from api.schemas.evidence import Batch, Dataset
from api.schemas.receipts import Binding, NotarisedDay

_FOREVER = 2**40 - 1


def bindings(rows: Session, at: str, member_id: str) -> list[Binding]:
    """The points that were ever bound to a member of a community, in the order of binding."""
    wanted = Wanted(community=at, subject=member_id, names=["PointBound", "PointReleased"])
    events = events_in_order(rows, wanted)
    released = {_binding_key(e): e for e in events if e.name == "PointReleased"}
    return [_binding(e, released.get(_binding_key(e))) for e in events if e.name == "PointBound"]


def datasets(rows: Session, at: str, before: int | None, limit: int) -> list[tuple[int, Dataset]]:
    """Datasets that operators posted, newest first, with the numbers of their events."""
    require_community(rows, at)
    found = page_of_events(rows, Wanted(community=at, names=["DatasetPosted"]), before, limit)
    return [(event.id, _dataset(rows, event)) for event in found]


def batches(rows: Session, at: str, before: int | None, limit: int) -> list[tuple[int, Batch]]:
    """Reward batches that operators posted, newest first, with the numbers of their events."""
    require_community(rows, at)
    found = page_of_events(rows, Wanted(community=at, names=["BatchPosted"]), before, limit)
    return [(event.id, _batch(rows, event)) for event in found]


def notarised(rows: Session, at: str, versions: Iterable[tuple[int, int]]) -> list[NotarisedDay]:
    """The datasets of these days and versions that were accepted."""
    found = []
    wanted = set(versions)
    for event in events_in_order(rows, Wanted(community=at, names=["DatasetPosted"])) if wanted else ():
        args: Any = event.args
        place = (int(args["day"]), int(args["version"]))
        if place in wanted and votes_on(rows, event)[1] is not None:
            wanted.discard(place)
            root = args["dataset"]["root"]
            found.append(
                NotarisedDay(day=place[0], version=place[1], root=root, data_cid=args["dataCid"], posted=trace(event))
            )
    return sorted(found, key=lambda one: one.day)


def _binding_key(event: EventRow) -> tuple[str, str, str]:
    args: Any = event.args
    return args["pointId"], args["memberId"], args["number"]


def _binding(event: EventRow, released: EventRow | None) -> Binding:
    args: Any = event.args
    ends: Any = args if released is None else released.args
    return Binding(
        point_id=args["pointId"],
        member_id=args["memberId"],
        number=int(args["number"]),
        kind=str(args["kind"]),
        valid_from=int(args["validFrom"]),
        valid_until=min(int(ends["validUntil"]), _FOREVER),
        document_hash=args["documentHash"],
        admin=args["admin"],
        bound=trace(event),
        released=None if released is None else trace(released),
    )


def _dataset(rows: Session, event: EventRow) -> Dataset:
    args: Any = event.args
    operators, accepted = votes_on(rows, event)
    return Dataset(
        day=int(args["day"]),
        version=int(args["version"]),
        root=args["dataset"]["root"],
        points=int(args["dataset"]["points"]),
        leaves=int(args["dataset"]["leaves"]),
        data_cid=args["dataCid"],
        answer=args["answer"],
        operators=operators,
        final_at=accepted,
        posted=trace(event),
    )


def _batch(rows: Session, event: EventRow) -> Batch:
    args: Any = event.args
    operators, accepted = votes_on(rows, event)
    return Batch(
        batch_id=args["batchId"],
        day=int(args["day"]),
        root=args["batch"]["root"],
        total=args["batch"]["total"],
        claims=int(args["batch"]["claims"]),
        data_cid=args["dataCid"],
        answer=args["answer"],
        operators=operators,
        final_at=accepted,
        posted=trace(event),
    )


def votes_on(rows: Session, event: EventRow) -> tuple[list[str], int | None]:
    """Who backs a posted answer, and when it is or was final; None while it is not accepted."""
    answer = str(event.args["answer"])
    names = ["Attested", "VoteWithdrawn", "Accepted", "AcceptanceRevoked"]
    backing: dict[str, None] = {}
    final_at: int | None = None
    for said in events_in_order(rows, Wanted(community=event.community, subject=answer, names=names)):
        args: Any = said.args
        if said.name == "Attested":
            backing[args["operator"]] = None
        elif said.name == "VoteWithdrawn":
            backing.pop(args["operator"], None)
        else:
            final_at = int(args["finalAt"]) if said.name == "Accepted" else None
    return list(backing), final_at
