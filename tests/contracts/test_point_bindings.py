"""Whose meter a point is: bound by two, released by either, and never otherwise of a moment gone by."""

from typing import Any

import pytest

from tests.contracts.chain import now, pass_to, refused, send
from tests.contracts.community import (
    DAY,
    HOUR,
    STATUS,
    ZERO,
    Contracts,
    Person,
    join,
    member_id,
    replace_wallet,
)
from tests.contracts.evidence import (
    DOCUMENT_HASH,
    EXCHANGE,
    FOREVER,
    PRODUCTION,
    bind,
    binding,
    point_id,
    sign_binding,
)

NOTICE_S = 7 * DAY
MOST_POINTS = 64


def relayed(
    contracts: Contracts, values: tuple[Any, ...], admin: Person, member: Person, signed_by: tuple[Person, Person]
) -> tuple[Any, ...]:
    """`bindPoint` with the signatures of whoever is said to be the member and the admin."""
    signatures = [sign_binding(contracts, values, signer) for signer in signed_by]
    return contracts.community.bindPoint, values, admin.address, *signatures


# ---------------------------------------------------------------- binding


def test_binding__after_its_deadline__is_refused(fontana: Contracts, admin: Person, alice: Person) -> None:
    values = binding(fontana, "alice", alice, deadline=now())
    call = relayed(fontana, values, admin, alice, (alice, admin))
    refused("SignatureExpired", *call, by=admin, deadline=now(), timestamp=now() + 1)


@pytest.mark.parametrize("empty", ["point_id", "document_hash"])
def test_binding__without_point_or_document__is_refused(
    fontana: Contracts, admin: Person, alice: Person, empty: str
) -> None:
    values = binding(fontana, "alice", alice, **{empty: bytes(32)})
    refused("EmptyHash", *relayed(fontana, values, admin, alice, (alice, admin)), by=admin)


def test_binding__that_says_no_kind__is_refused(fontana: Contracts, admin: Person, alice: Person) -> None:
    values = binding(fontana, "alice", alice, kind=0)
    refused("PointKindMissing", *relayed(fontana, values, admin, alice, (alice, admin)), by=admin)


@pytest.mark.parametrize("number", [0, 2])
def test_binding__with_another_number_than_the_next__is_refused(
    fontana: Contracts, admin: Person, alice: Person, number: int
) -> None:
    values = binding(fontana, "alice", alice, number=number)
    call = relayed(fontana, values, admin, alice, (alice, admin))
    refused("WrongBindingNumber", *call, by=admin, pointId=point_id("alice"), number=number, expected=1)


def test_binding__signed_once__does_not_serve_again_after_its_release(
    fontana: Contracts, admin: Person, alice: Person, relayer: Person
) -> None:
    values = binding(fontana, "alice", alice)
    call = relayed(fontana, values, admin, alice, (alice, admin))
    send(*call, by=relayer)
    send(fontana.community.releasePoint, point_id("alice"), 0, by=alice)
    refused("WrongBindingNumber", *call, by=relayer, number=1, expected=2)


def test_binding__of_a_point_that_is_bound__is_refused_until_it_is_over(
    fontana: Contracts, admin: Person, alice: Person, bob: Person
) -> None:
    until = now() + DAY
    bind(fontana, admin, "house", alice, valid_until=until)
    pass_to(until - 1)
    values = binding(fontana, "house", bob)
    call = relayed(fontana, values, admin, bob, (bob, admin))
    refused("PointTaken", *call, by=admin, memberId=member_id(alice), validUntil=until)
    pass_to(until)
    send(*call, by=admin)
    assert fontana.community.pointsOf(member_id(alice)) == ()
    assert fontana.community.pointOf(point_id("house"))[0].hex() == member_id(bob).hex()


def test_binding__to_nobody__is_refused(fontana: Contracts, admin: Person, alice: Person, stranger: Person) -> None:
    values = binding(fontana, "alice", stranger)
    call = relayed(fontana, values, admin, stranger, (stranger, admin))
    refused("UnknownMemberId", *call, by=admin, memberId=member_id(stranger))


def test_binding__to_a_member_suspended_or_gone__is_refused(fontana: Contracts, admin: Person, alice: Person) -> None:
    for function, status in (("suspendMember", "Suspended"), ("removeMember", "Left")):
        send(getattr(fontana.community, function), alice.address, by=admin)
        call = relayed(fontana, binding(fontana, "alice", alice), admin, alice, (alice, admin))
        refused("WrongStatus", *call, by=admin, wallet=alice, status=STATUS[status])


def test_binding__agreed_to_by_no_admin__is_refused(
    fontana: Contracts, alice: Person, bob: Person, relayer: Person
) -> None:
    call = relayed(fontana, binding(fontana, "alice", alice), bob, alice, (alice, bob))
    refused("AccessControlUnauthorizedAccount", *call, by=relayer, account=bob)


def test_binding__not_signed_by_member_or_admin__is_refused(
    fontana: Contracts, admin: Person, alice: Person, bob: Person, relayer: Person
) -> None:
    values = binding(fontana, "alice", alice)
    by_bob = relayed(fontana, values, admin, alice, (bob, admin))
    refused("InvalidSignature", *by_bob, by=relayer, signer=alice)
    refused("InvalidSignature", *by_bob, by=admin, signer=alice)
    without_admin = relayed(fontana, values, admin, alice, (alice, alice))
    refused("InvalidSignature", *without_admin, by=relayer, signer=admin)
    refused("InvalidSignature", *without_admin, by=alice, signer=admin)


@pytest.mark.parametrize("field", range(8))
def test_binding__changed_in_any_field_after_signing__is_refused(
    fontana: Contracts, admin: Person, alice: Person, bob: Person, relayer: Person, field: int
) -> None:
    values = binding(fontana, "alice", alice)
    _, _, *agreed = relayed(fontana, values, admin, alice, (alice, admin))
    other = (point_id("other"), member_id(bob), PRODUCTION, 1, FOREVER - 1, b"\7" * 32, 2, values[7] + 1)[field]
    changed = (*values[:field], other, *values[field + 1 :])
    error = "WrongBindingNumber" if field == 6 else "InvalidSignature"
    refused(error, fontana.community.bindPoint, changed, *agreed, by=relayer)


def test_binding__that_ends_before_it_begins__is_refused(fontana: Contracts, admin: Person, alice: Person) -> None:
    later = now() + DAY
    for start, until in ((later, later), (0, now() + 1)):
        values = binding(fontana, "alice", alice, valid_from=start, valid_until=until)
        call = relayed(fontana, values, admin, alice, (alice, admin))
        refused("BindingNeverHolds", *call, by=admin, validFrom=max(start, now() + 1), validUntil=until)


def test_binding__of_one_point_more_than_a_member_may_have__is_refused(
    fontana: Contracts, admin: Person, alice: Person
) -> None:
    for number in range(MOST_POINTS):
        bind(fontana, admin, f"point {number}", alice)
    values = binding(fontana, "one more", alice)
    call = relayed(fontana, values, admin, alice, (alice, admin))
    refused("TooManyPoints", *call, by=admin, memberId=member_id(alice), most=MOST_POINTS)
    told = send(fontana.community.leave, by=alice)
    assert sum(event.name == "PointReleased" for event in told.events) == MOST_POINTS
    assert told.gas_used < 1_500_000


def test_binding__signed_by_both__is_relayed_by_anybody_and_told(
    fontana: Contracts, admin: Person, alice: Person, relayer: Person
) -> None:
    values = binding(fontana, "alice", alice, kind=PRODUCTION)
    told = send(*relayed(fontana, values, admin, alice, (alice, admin)), by=relayer)
    assert told.event("PointBound").values == {
        "pointId": point_id("alice"),
        "memberId": member_id(alice),
        "number": 1,
        "kind": PRODUCTION,
        "validFrom": told.timestamp,
        "validUntil": FOREVER,
        "documentHash": DOCUMENT_HASH,
        "admin": admin.address,
    }
    kept = fontana.community.pointOf(point_id("alice"))
    assert (bytes(kept[0]), bytes(kept[1])) == (member_id(alice), DOCUMENT_HASH)
    assert kept[2:] == (told.timestamp, FOREVER, 1, PRODUCTION)
    assert [bytes(one) for one in fontana.community.pointsOf(member_id(alice))] == [point_id("alice")]


def test_binding__sent_by_member_or_admin__needs_the_others_signature_alone(
    fontana: Contracts, admin: Person, alice: Person
) -> None:
    first = binding(fontana, "first", alice)
    send(fontana.community.bindPoint, first, admin.address, b"", sign_binding(fontana, first, admin), by=alice)
    second = binding(fontana, "second", alice, kind=PRODUCTION)
    send(fontana.community.bindPoint, second, admin.address, sign_binding(fontana, second, alice), b"", by=admin)
    assert len(fontana.community.pointsOf(member_id(alice))) == 2


def test_binding__for_later__begins_then_and_one_for_earlier_now(
    fontana: Contracts, admin: Person, alice: Person
) -> None:
    later = now() + DAY
    assert bind(fontana, admin, "later", alice, valid_from=later).event("PointBound")["validFrom"] == later
    told = bind(fontana, admin, "earlier", alice, valid_from=now() - DAY)
    assert told.event("PointBound")["validFrom"] == told.timestamp


# ---------------------------------------------------------------- releasing


def test_release__of_a_point_never_bound_or_over__is_refused(fontana: Contracts, admin: Person, alice: Person) -> None:
    release = fontana.community.releasePoint
    refused("PointNotBound", release, point_id("alice"), 0, by=admin, pointId=point_id("alice"))
    until = now() + DAY
    bind(fontana, admin, "alice", alice, valid_until=until)
    pass_to(until)
    refused("PointNotBound", release, point_id("alice"), 0, by=alice, pointId=point_id("alice"))


def test_release__by_anybody_else__is_refused(fontana: Contracts, admin: Person, alice: Person, bob: Person) -> None:
    bind(fontana, admin, "alice", alice)
    call = (fontana.community.releasePoint, point_id("alice"), 0)
    refused("NotEntitledToRelease", *call, by=bob, caller=bob, pointId=point_id("alice"))


def test_release__later_than_the_end__is_refused(fontana: Contracts, admin: Person, alice: Person) -> None:
    until = now() + NOTICE_S
    bind(fontana, admin, "alice", alice, valid_until=until)
    release = fontana.community.releasePoint
    refused("ReleaseTooLate", release, point_id("alice"), until, by=alice, at=until, validUntil=until)
    refused("ReleaseTooLate", release, point_id("alice"), 0, by=admin, at=now() + 1 + NOTICE_S, validUntil=until)


def test_release__by_the_member__holds_at_once_or_from_when_it_says(
    fontana: Contracts, admin: Person, alice: Person
) -> None:
    bind(fontana, admin, "alice", alice)
    later = now() + 30 * DAY
    assert send(fontana.community.releasePoint, point_id("alice"), later, by=alice).event("PointReleased").values == {
        "pointId": point_id("alice"),
        "memberId": member_id(alice),
        "number": 1,
        "validUntil": later,
    }
    told = send(fontana.community.releasePoint, point_id("alice"), 0, by=alice)
    assert told.event("PointReleased")["validUntil"] == told.timestamp
    assert fontana.community.pointsOf(member_id(alice)) == ()


def test_release__by_an_admin__holds_after_the_notice(fontana: Contracts, admin: Person, alice: Person) -> None:
    assert fontana.community.RELEASE_NOTICE() == NOTICE_S
    bind(fontana, admin, "alice", alice)
    told = send(fontana.community.releasePoint, point_id("alice"), now() + HOUR, by=admin)
    assert told.event("PointReleased")["validUntil"] == told.timestamp + NOTICE_S


@pytest.mark.parametrize("removed", [True, False])
def test_points__of_whoever_leaves_or_is_removed__are_released_with_the_notice(
    fontana: Contracts, admin: Person, alice: Person, removed: bool
) -> None:
    bind(fontana, admin, "grid", alice)
    bind(fontana, admin, "roof", alice, kind=PRODUCTION)
    bind(fontana, admin, "soon over", alice, valid_until=now() + DAY)
    community = fontana.community
    told = send(community.removeMember, alice.address, by=admin) if removed else send(community.leave, by=alice)
    released = {event["pointId"]: event["validUntil"] for event in told.events if event.name == "PointReleased"}
    assert released == dict.fromkeys((point_id("grid"), point_id("roof")), told.timestamp + NOTICE_S)
    assert community.pointsOf(member_id(alice)) == ()


def test_points__of_a_replaced_wallet__stay_with_the_member_and_obey_the_new_wallet(
    fontana: Contracts, admin: Person, alice: Person, new_wallet: Person
) -> None:
    bind(fontana, admin, "alice", alice)
    replace_wallet(fontana, admin, alice, new_wallet)
    call = (fontana.community.releasePoint, point_id("alice"), 0)
    refused("NotEntitledToRelease", *call, by=alice, caller=alice)
    send(*call, by=new_wallet)


def test_point__released__goes_to_the_next_member_under_the_next_number(
    fontana: Contracts, admin: Person, alice: Person, bob: Person
) -> None:
    bind(fontana, admin, "house", alice)
    send(fontana.community.releasePoint, point_id("house"), 0, by=alice)
    told = bind(fontana, admin, "house", bob).event("PointBound")
    assert (told["memberId"], told["number"], told["kind"]) == (member_id(bob), 2, EXCHANGE)


def test_member__who_joins_again__binds_its_points_anew(fontana: Contracts, admin: Person, alice: Person) -> None:
    bind(fontana, admin, "alice", alice)
    send(fontana.community.leave, by=alice)
    pass_to(now() + NOTICE_S)
    join(fontana, admin, alice)
    assert bind(fontana, admin, "alice", alice).event("PointBound")["number"] == 2


def test_binding__to_the_empty_member_id__is_refused(fontana: Contracts, admin: Person, alice: Person) -> None:
    values = binding(fontana, "alice", alice, member_id=bytes(32))
    call = relayed(fontana, values, admin, alice, (alice, admin))
    refused("UnknownMemberId", *call, by=admin, memberId=bytes(32))
    assert fontana.community.walletOf(bytes(32)).lower() == ZERO
