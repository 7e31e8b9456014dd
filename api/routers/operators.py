"""What the operator whose folder this service reads keeps: for oracle operators and administrators alone.

Anomalies are counted by day and code. What a meter read leaves neither in a list of anomalies nor otherwise: whoever
mends a meter asks the operator's own database (`commonwatt readings anomalies`).
"""

from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response

from api.ports import OperatorRecords
from api.schemas.common import Page
from api.schemas.operators import AnomalyCount, Finding, OperatorStanding
from api.web.callers import Overseer
from api.web.paging import Paging
from api.web.parts import Read, part
from api.web.period import FirstDay, LastDay, require_period
from commons.errors import NotYet

MOST_DAYS = 366
router = APIRouter(prefix="/v1/communities/{community}/operator", tags=["operators"])


def _records(request: Request) -> OperatorRecords:
    found: OperatorRecords = part(request, "operator_records")
    return found


Records = Annotated[OperatorRecords, Depends(_records)]


@router.get("/standing")
def show_standing(overseer: Overseer, records: Records, read: Read, response: Response) -> OperatorStanding:
    """How far the operator is, and what it could not take on."""
    _private(response)
    found = records.standing(overseer.community)
    if found is None:
        raise NotYet(
            "this service's operator has not worked for this community yet",
            which=overseer.community,
            remedy="Start it: `commonwatt oracle run`.",
        )
    mark = read.mark()
    behind = None if mark is None or found.followed_block is None else max(0, mark.block - found.followed_block)
    return OperatorStanding.model_validate(
        {
            "operator": found.operator,
            "followed_block": found.followed_block,
            "behind": behind,
            "open_transactions": list(found.open_transactions),
            "troubles": list(found.troubles),
        }
    )


@router.get("/findings")
def list_findings(overseer: Overseer, records: Records, cut: Paging, response: Response) -> Page[Finding]:
    """Where others' answers differ from the operator's own, newest first."""
    _private(response)
    found = records.findings(overseer.community, cut.cursor, cut.limit + 1)
    return cut.page([Finding.model_validate(one) for one in found], lambda finding: finding.number)


@router.get("/anomalies")
def count_anomalies(
    overseer: Overseer, records: Records, first: FirstDay, last: LastDay, response: Response
) -> list[AnomalyCount]:
    """What was wrong with readings, by local day and code, oldest day first."""
    require_period(first, last, MOST_DAYS)
    _private(response)
    return [AnomalyCount.model_validate(one) for one in records.anomalies(overseer.community, first, last)]


def _private(response: Response) -> None:
    response.headers["Cache-Control"] = "no-store"
