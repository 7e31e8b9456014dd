"""Who had which member id, and whose a point was: from the events of the chain alone."""

from typing import Any

import pytest

from commons.addresses import Address
from commons.chain import Event
from commons.records import OPEN_END, EnergyProfile, PointKind
from commons.roster import Roster, RosterReader, last_block_before
from tests.support.chain import World

COMMUNITY = Address("0x" + "cc" * 20)
OLD, NEW, THIRD = (Address("0x" + digit * 40) for digit in "123")
MEMBER, OTHER = b"\1" * 32, b"\2" * 32
POINT = b"\7" * 32
POINT_ID = "0x" + POINT.hex()


def told(name: str, block: int, **args: Any) -> Event:
    """An event of the community."""
    return Event(COMMUNITY, name, args, block, 0, "0x00")


def approved(block: int, wallet: Address, member_id: bytes = MEMBER, profile: int = 1) -> Event:
    return told("MemberApproved", block, wallet=wallet, memberId=member_id, kind=1, profile=profile)


def bound(block: int, start: int, end: int, member_id: bytes = MEMBER, number: int = 1, kind: int = 1) -> Event:
    return told(
        "PointBound",
        block,
        pointId=POINT,
        memberId=member_id,
        number=number,
        kind=kind,
        validFrom=start,
        validUntil=end,
    )


def roster(*events: Event) -> Roster:
    found = Roster()
    found.feed(events)
    return found


def test_wallet__before_the_first__is_none() -> None:
    found = roster(approved(5, OLD))
    assert found.wallet(MEMBER, 4) is None
    assert found.wallet(OTHER, 9) is None
    assert found.profile(MEMBER, 4) is None


def test_wallet__replaced_and_vetoed__is_each_block_the_one_that_was() -> None:
    found = roster(
        approved(5, OLD),
        told("WalletReplaced", 10, memberId=MEMBER, oldWallet=OLD, newWallet=NEW, movesAt=0),
        told("ReplacementVetoed", 20, memberId=MEMBER, oldWallet=OLD, newWallet=NEW),
        approved(30, THIRD, profile=2),
    )
    wallets = {block: found.wallet(MEMBER, block) for block in (5, 9, 10, 19, 20, 29, 30)}
    assert wallets == {5: OLD, 9: OLD, 10: NEW, 19: NEW, 20: OLD, 29: OLD, 30: THIRD}
    assert [found.member_of(wallet) for wallet in (OLD, NEW, THIRD, COMMUNITY)] == [MEMBER, MEMBER, MEMBER, None]


def test_profile__of_a_replaced_wallet__is_that_of_its_approval() -> None:
    found = roster(
        approved(5, OLD, profile=1),
        told("WalletReplaced", 10, memberId=MEMBER, oldWallet=OLD, newWallet=NEW, movesAt=0),
        approved(30, THIRD, profile=2),
    )
    profiles = [found.profile(MEMBER, block) for block in (29, 30)]
    assert profiles == [EnergyProfile.PROSUMER, EnergyProfile.PROSTORMER]


def test_point__bound_to_nobody_at_that_time__is_none() -> None:
    found = roster(bound(1, 1000, 2000))
    assert found.point(POINT_ID, 0, 1000) is None
    assert found.point(POINT_ID, 2000, 3000) is None
    assert found.point("0x" + "00" * 32, 0, 9999) is None


def test_point__released_before_it_began__never_was_anybodys() -> None:
    released = told("PointReleased", 2, pointId=POINT, memberId=MEMBER, number=1, validUntil=500)
    assert roster(bound(1, 1000, OPEN_END), released).point(POINT_ID, 0, 9999) is None


def test_point__released_and_bound_anew__is_whose_it_was_last_at_that_time() -> None:
    found = roster(
        bound(1, 1000, OPEN_END),
        told("PointReleased", 2, pointId=POINT, memberId=MEMBER, number=1, validUntil=1500),
        bound(3, 1700, OPEN_END, OTHER, 2, 2),
    )
    holders = {
        window: None if (span := found.point(POINT_ID, *window)) is None else (span.member_id, span.kind)
        for window in ((999, 1001), (1499, 1600), (1500, 1700), (1400, 1800))
    }
    exchange, production = PointKind.EXCHANGE, PointKind.PRODUCTION
    assert holders == {
        (999, 1001): (MEMBER, exchange),
        (1499, 1600): (MEMBER, exchange),
        (1500, 1700): None,
        (1400, 1800): (OTHER, production),
    }
    assert [span.number for span in found.points()] == [1, 2]


def test_roster__of_a_community_on_the_chain__knows_its_members_and_goes_on_from_where_it_was(world: World) -> None:
    rosters = RosterReader(world.reader)
    member_id = world.reader.member(world.alice.address).member_id
    head = world.chain.block_number()
    assert rosters.now().wallet(member_id, head) == world.alice.address
    world.chain.send(world.admin, world.contracts.community.call("suspendMember", world.bob.address))
    assert rosters.now().member_of(world.alice.address) == member_id


@pytest.mark.parametrize("ahead", [1, 7])
def test_last_block_before__a_moment__is_found_by_halving(world: World, ahead: int) -> None:
    head = world.chain.block()
    world.jump(100)
    late = world.chain.block()
    assert late.number > head.number
    assert last_block_before(world.chain, head.timestamp + ahead) == head.number
    assert last_block_before(world.chain, late.timestamp + 1) == late.number
    assert last_block_before(world.chain, 0) == 0
