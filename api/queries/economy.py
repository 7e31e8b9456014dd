"""Incentives, their splits and shares, and payments in tokens, as the read model has their events."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from sqlmodel import Session

from api.queries.evidence import votes_on
from api.queries.sessions import trace
from api.read_model.events import Wanted, events_in_order, page_of_events
from api.read_model.model import require_community
from api.read_model.tables import EventRow
from api.schemas.economy import Flow, Incentive, Payment, Share, Split
from commons.errors import NotFound

_TREASURY = ("treasury",)
_TOKEN = ("token",)
_NO_PAYMENT = {"payments": 0, "paid": 0, "received": 0, "fees": 0, "incentives": 0}


def incentives(rows: Session, at: str, before: int | None, limit: int) -> list[tuple[int, Incentive]]:
    """Incentives that arrived, newest first, with the numbers of their events."""
    require_community(rows, at)
    wanted = Wanted(community=at, names=["IncentiveReceived"], contracts=_TREASURY)
    return [(event.id, _incentive(rows, at, event)) for event in page_of_events(rows, wanted, before, limit)]


def shares(rows: Session, at: str, number: int, before: int | None, limit: int) -> list[tuple[int, Share]]:
    """Shares of an incentive that were paid, newest first, with the numbers of their events.

    Raises:
        UnknownCommunity: there is no such community.
        NotFound: it received no such incentive.
    """
    require_community(rows, at)
    if not events_in_order(rows, _about(at, number, "IncentiveReceived"), limit=1):
        raise NotFound(f"there is no incentive {number}", which=number, remedy="List them at …/incentives.")
    return [(e.id, _share(e)) for e in page_of_events(rows, _about(at, number, "SharePaid"), before, limit)]


def payments(
    rows: Session, at: str, wallet: str | None, category: str | None, before: int | None, limit: int
) -> list[tuple[int, Payment]]:
    """Payments in tokens, newest first, with the numbers of their events; of a wallet or category if given."""
    require_community(rows, at)
    of_category = None if category is None else ("category", category)
    wanted = Wanted(community=at, names=["Paid"], contracts=_TOKEN, subject=wallet, argument=of_category)
    return [(event.id, _payment(event)) for event in page_of_events(rows, wanted, before, limit)]


def flows(rows: Session, at: str, wallet: str | None, since: int | None, until: int | None) -> list[Flow]:
    """What payments of each category came to, by the categories' names; of a wallet if given."""
    require_community(rows, at)
    wanted = Wanted(community=at, names=["Paid"], contracts=_TOKEN, subject=wallet, since=since, until=until)
    sums: defaultdict[str, dict[str, int]] = defaultdict(lambda: dict(_NO_PAYMENT))
    for event in events_in_order(rows, wanted):
        args: Any = event.args
        if wallet is None or wallet in (args["payer"], args["payee"]):
            _add(sums[args["category"]], args, wallet)
    return [Flow.model_validate(_told(category, sums[category])) for category in sorted(sums)]


def _add(sums: dict[str, int], args: Mapping[str, str], wallet: str | None) -> None:
    is_payer, is_payee = (wallet in (None, args[side]) for side in ("payer", "payee"))
    amount, fee = int(args["amount"]), int(args["fee"])
    sums["payments"] += 1
    sums["paid"] += amount if is_payer else 0
    sums["received"] += amount - fee - int(args["structureAmount"]) if is_payee else 0
    sums["fees"] += fee if is_payee else 0
    sums["incentives"] += int(args["payerIncentive"]) if is_payer else 0
    sums["incentives"] += int(args["payeeIncentive"]) if is_payee else 0


def _told(category: str, sums: Mapping[str, int]) -> dict[str, object]:
    amounts = {name: str(value) for name, value in sums.items() if name != "payments"}
    return {"category": category, "payments": sums["payments"], **amounts}


def _incentive(rows: Session, at: str, event: EventRow) -> Incentive:
    args: Any = event.args
    number = int(args["incentiveId"])
    splits = [_split(rows, posted) for posted in events_in_order(rows, _about(at, number, "SplitPosted"))]
    paid = events_in_order(rows, _about(at, number, "SharePaid"))
    closed = events_in_order(rows, _about(at, number, "IncentiveClosed"), limit=1)
    is_divided = any(split.final_at is not None for split in splits)
    return Incentive(
        number=number,
        state="closed" if closed else "divided" if is_divided else "received",
        bank_reference=args["bankReference"],
        rule_id=args["ruleId"],
        period_start=int(args["periodStart"]),
        period_end=int(args["periodEnd"]),
        amount=args["amount"],
        shares_paid=len(paid),
        paid=str(_sum(paid)),
        left=str(closed[0].args["left"]) if closed else None,
        splits=splits,
        received=trace(event),
    )


def _sum(paid: Iterable[EventRow]) -> int:
    return sum(int(str(event.args["amount"])) for event in paid)


def _split(rows: Session, event: EventRow) -> Split:
    args: Any = event.args
    operators, final_at = votes_on(rows, event)
    return Split(
        answer=args["answer"],
        root=args["split"]["root"],
        total=args["split"]["total"],
        claims=int(args["split"]["claims"]),
        data_cid=args["dataCid"],
        operators=operators,
        final_at=final_at,
        posted=trace(event),
    )


def _share(event: EventRow) -> Share:
    args: Any = event.args
    return Share(
        incentive=int(args["incentiveId"]),
        member=args["member"],
        wallet=args["wallet"],
        amount=args["amount"],
        paid=trace(event),
    )


def _payment(event: EventRow) -> Payment:
    args: Any = event.args
    return Payment(
        payer=args["payer"],
        payee=args["payee"],
        category=args["category"],
        amount=args["amount"],
        fee=args["fee"],
        structure=args["structure"],
        structure_amount=args["structureAmount"],
        payer_incentive=args["payerIncentive"],
        payee_incentive=args["payeeIncentive"],
        reference=args["paymentReference"],
        made=trace(event),
    )


def _about(at: str, number: int, name: str) -> Wanted:
    return Wanted(community=at, names=[name], contracts=_TREASURY, argument=("incentiveId", str(number)))
