"""Readings, indicators and take-out: a member's own for the member alone, the community's as a whole for everybody.

Nobody else gets a member's readings: no administrator, operator or auditor. What is told of the community is about at
least `LEAST_MEMBERS` members and whole local days, so that nobody's own figures can be told from it.
"""

from dataclasses import asdict
from datetime import date
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Path, Query, Request, Response

from api.ports import Energy, Rewards, TakeOut
from api.schemas.energy import (
    BundleDay,
    CommunityIndicators,
    EnergySlot,
    Figure,
    Indicators,
    MemberIndicators,
    Readings,
    RewardReasons,
)
from api.web.callers import Own, Owner
from api.web.parts import CommunityAt, part, require_known
from api.web.period import FirstDay, LastDay, require_period
from commons.addresses import Address
from commons.errors import UnknownMember

LEAST_MEMBERS = 5
MOST_READING_DAYS = 31
MOST_DAYS = 366
router = APIRouter(prefix="/v1/communities/{community}", tags=["energy"], dependencies=[Depends(require_known)])
Day = Annotated[date, Path(description="The local day.")]
MEMBER = "/members/{wallet}"


def _energy(request: Request) -> Energy:
    found: Energy = part(request, "energy")
    return found


def _take_out(request: Request) -> TakeOut:
    found: TakeOut = part(request, "take_out")
    return found


Store = Annotated[Energy, Depends(_energy)]


def _rewards(request: Request) -> Rewards:
    found: Rewards = part(request, "rewards")
    return found


Reckoning = Annotated[Rewards, Depends(_rewards)]
Bundles = Annotated[TakeOut, Depends(_take_out)]


@router.get(MEMBER + "/readings")
def show_readings(
    own: Own,
    store: Store,
    first: FirstDay,
    last: LastDay,
    response: Response,
    slot_seconds: Annotated[Literal["900", "3600"], Query(description="Length of a slot.")] = "3600",
) -> Readings:
    """The member's own readings; for the wallet itself alone."""
    require_period(first, last, MOST_READING_DAYS)
    _private(response)
    found = store.readings(own.community, own.wallets, first, last, int(slot_seconds))
    return Readings(
        wallet=own.wallet, first=first, last=last, slots=[EnergySlot.model_validate(slot) for slot in found]
    )


@router.get(MEMBER + "/indicators")
def show_own_indicators(own: Own, store: Store, first: FirstDay, last: LastDay, response: Response) -> MemberIndicators:
    """The member's own indicators, beside its past and the community's median; for the wallet itself alone."""
    require_period(first, last, MOST_DAYS)
    _private(response)
    found = store.indicators(own.community, own.wallets, first, last)
    compared = store.compared(own.community, own.wallets, first, last, LEAST_MEMBERS)
    return MemberIndicators(
        wallet=own.wallet,
        first=first,
        last=last,
        indicators=None if found is None else Indicators.model_validate(found),
        comparisons=[Figure.model_validate(figure) for figure in compared],
    )


@router.get(MEMBER + "/bundles")
def list_bundles(own: Own, bundles: Bundles, response: Response) -> list[BundleDay]:
    """The local days of which the member can take its proved readings out; for the wallet itself alone."""
    _private(response)
    return [BundleDay(day=day, version=version) for day, version in bundles.days(own.community, _member_id(own))]


@router.get(MEMBER + "/bundles/{day}", response_class=Response, responses={200: {"content": {"application/json": {}}}})
def show_bundle(
    own: Own,
    day: Day,
    bundles: Bundles,
) -> Response:
    """The take-out bundle of a day: readings, salts, proofs and the notarised root; for the wallet itself alone."""
    require_period(day, day, 1)
    content = bundles.bundle(own.community, _member_id(own), day)
    headers = {"Cache-Control": "no-store", "Content-Disposition": f'attachment; filename="bundle-{day}.json"'}
    return Response(content, media_type="application/json", headers=headers)


@router.get(MEMBER + "/rewards/{day}")
def explain_reward(own: Own, day: Day, rewards: Reckoning, response: Response) -> RewardReasons:
    """Every number that led to the member's tokens of a day; for the wallet itself alone."""
    require_period(day, day, 1)
    _private(response)
    found = rewards.explain(own.community, _member_id(own), day)
    return RewardReasons.model_validate({**asdict(found), "day": day})


@router.get("/indicators")
def show_community_indicators(
    community: CommunityAt, store: Store, first: FirstDay, last: LastDay, response: Response
) -> CommunityIndicators:
    """The community's indicators as a whole; for everybody."""
    require_period(first, last, MOST_DAYS)
    response.headers["Cache-Control"] = "public, max-age=60"
    found = store.community_indicators(Address(community), first, last)
    is_told = found is not None and found.members >= LEAST_MEMBERS
    return CommunityIndicators(
        community=community,
        first=first,
        last=last,
        least_members=LEAST_MEMBERS,
        indicators=Indicators.model_validate(found) if is_told else None,
    )


def _member_id(own: Owner) -> bytes:
    if own.member_id is None:
        raise UnknownMember(
            "this wallet stands for no member, or a wallet that it replaced may still veto that",
            which=own.wallet,
            remedy="Ask again once the replacement is settled.",
        )
    return own.member_id


def _private(response: Response) -> None:
    response.headers["Cache-Control"] = "no-store"
