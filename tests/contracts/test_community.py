"""Joining, being suspended, leaving: `Community`."""

from typing import Any

import pytest

from tests.contracts.chain import now, refused, send
from tests.contracts.community import (
    CITIZEN,
    HOUR,
    PROSUMER,
    STAKEHOLDER,
    STATUS,
    ZERO,
    Contracts,
    Person,
    adhesion,
    application,
    apply_for,
    join,
    member_id,
    sign_application,
)

ADMIN_FUNCTIONS = {
    "approveMember": (bytes(32), bytes(32)),
    "refuseMember": (),
    "suspendMember": (),
    "reinstateMember": (),
    "removeMember": (),
}


def register(contracts: Contracts, values: tuple[Any, ...], signer: Person) -> tuple[Any, ...]:
    """`registerUser` with its arguments."""
    return contracts.community.registerUser, values, sign_application(contracts, values, signer)


# ---------------------------------------------------------------- applying


def test_application__signed_by_another__is_refused(fontana: Contracts, stranger: Person, relayer: Person) -> None:
    values = application(fontana, stranger)
    refused("InvalidSignature", *register(fontana, values, relayer), by=relayer, signer=stranger)


@pytest.mark.parametrize("field", range(1, 7))
def test_application__changed_in_any_field_after_signing__is_refused(
    fontana: Contracts, stranger: Person, relayer: Person, field: int
) -> None:
    values = application(fontana, stranger)
    signature = sign_application(fontana, values, stranger)
    others = (None, STAKEHOLDER, 0, adhesion("other"), relayer.address, None, values[6] + 1)
    if field == 5:
        # Another nonce is refused for itself, before the signature is looked at.
        changed = (*values[:5], 1, values[6])
        refused("InvalidNonce", fontana.community.registerUser, changed, signature, by=relayer, nonce=1, expected=0)
        return
    changed = (*values[:field], others[field], *values[field + 1 :])
    refused("InvalidSignature", fontana.community.registerUser, changed, signature, by=relayer, signer=stranger)


def test_application__one_second_after_its_deadline__is_refused(fontana: Contracts, stranger: Person) -> None:
    late = application(fontana, stranger, deadline=now())
    refused("SignatureExpired", *register(fontana, late, stranger), by=stranger, deadline=now(), timestamp=now() + 1)


def test_application__in_its_last_second__is_taken(fontana: Contracts, stranger: Person) -> None:
    values = application(fontana, stranger, deadline=now() + 1)
    send(*register(fontana, values, stranger), by=stranger)


def test_application__of_no_kind__is_refused(fontana: Contracts, stranger: Person) -> None:
    values = application(fontana, stranger, kind=0)
    refused("KindMissing", *register(fontana, values, stranger), by=stranger, applicant=stranger)


def test_application__without_adhesion__is_refused(fontana: Contracts, stranger: Person) -> None:
    values = application(fontana, stranger, adhesion_hash=bytes(32))
    refused("EmptyHash", *register(fontana, values, stranger), by=stranger)


def test_application__replayed__is_refused(fontana: Contracts, stranger: Person, relayer: Person) -> None:
    values = apply_for(fontana, stranger, relayer)
    refused("InvalidNonce", *register(fontana, values, stranger), by=relayer, account=stranger, nonce=0, expected=1)


def test_application__of_an_active_or_suspended_member__is_refused(
    fontana: Contracts, alice: Person, admin: Person
) -> None:
    again = register(fontana, application(fontana, alice), alice)
    refused("WrongStatus", *again, by=alice, wallet=alice, status=STATUS["Active"])
    send(fontana.community.suspendMember, alice.address, by=admin)
    refused("WrongStatus", *again, by=alice, wallet=alice, status=STATUS["Suspended"])


def test_application__relayed_by_anybody__is_recorded(fontana: Contracts, stranger: Person, relayer: Person) -> None:
    values = application(fontana, stranger, kind=STAKEHOLDER, recovery_key=relayer.address)
    done = send(*register(fontana, values, stranger), by=relayer)
    assert done.event("MemberApplied").values == {
        "applicant": stranger.address,
        "kind": STAKEHOLDER,
        "profile": PROSUMER,
        "adhesionHash": adhesion(),
        "recoveryKey": relayer.address,
    }
    member = fontana.community.memberOf(stranger.address)
    assert member[3:] == (STAKEHOLDER, PROSUMER, STATUS["Applied"])
    assert fontana.community.nonceOf(stranger.address) == 1
    assert not fontana.community.isActive(stranger.address)


def test_application__made_again__replaces_the_one_before(
    fontana: Contracts, stranger: Person, relayer: Person
) -> None:
    apply_for(fontana, stranger, relayer)
    apply_for(fontana, stranger, relayer, kind=STAKEHOLDER, adhesion_hash=adhesion("second"))
    member = fontana.community.memberOf(stranger.address)
    assert bytes(member[1]) == adhesion("second")
    assert member[3] == STAKEHOLDER


def test_application__for_another_community__does_not_count(
    fontana: Contracts, stranger: Person, project: Any, platform: Any, platform_admin: Person, admin: Person
) -> None:
    from tests.contracts.community import create_community, parameters

    other = create_community(
        project,
        platform.factory,
        platform_admin,
        fontana.euro,
        parameters(admin, fontana.euro, [admin], terms=(1, 0, 0)),
    )
    values = application(fontana, stranger)
    signature = sign_application(other, values, stranger)
    refused("InvalidSignature", fontana.community.registerUser, values, signature, by=stranger)


# ---------------------------------------------------------------- being approved


def test_approval__by_nobody_of_that_role__is_refused(fontana: Contracts, alice: Person, second_admin: Person) -> None:
    role = bytes(fontana.community.COMMUNITY_ADMIN_ROLE())
    for name, more in ADMIN_FUNCTIONS.items():
        refused(
            "AccessControlUnauthorizedAccount",
            getattr(fontana.community, name),
            alice.address,
            *more,
            by=second_admin,
            account=second_admin,
            neededRole=role,
        )


def test_approval__without_application__is_refused(fontana: Contracts, stranger: Person, admin: Person) -> None:
    call = (fontana.community.approveMember, stranger.address, member_id(stranger), adhesion())
    refused("WrongStatus", *call, by=admin, wallet=stranger, status=STATUS["None"])


def test_approval__without_member_id__is_refused(fontana: Contracts, stranger: Person, admin: Person) -> None:
    apply_for(fontana, stranger, admin)
    refused("EmptyHash", fontana.community.approveMember, stranger.address, bytes(32), adhesion(), by=admin)


def test_approval__of_an_adhesion_replaced_since__is_refused(
    fontana: Contracts, stranger: Person, admin: Person
) -> None:
    apply_for(fontana, stranger, admin)
    apply_for(fontana, stranger, admin, adhesion_hash=adhesion("swapped"))
    refused(
        "AdhesionMismatch",
        fontana.community.approveMember,
        stranger.address,
        member_id(stranger),
        adhesion(),
        by=admin,
        applicant=stranger,
        approved=adhesion(),
        applied=adhesion("swapped"),
    )


def test_approval__under_a_member_id_of_another__is_refused(
    fontana: Contracts, stranger: Person, alice: Person, admin: Person
) -> None:
    apply_for(fontana, stranger, admin)
    call = (fontana.community.approveMember, stranger.address, member_id(alice), adhesion())
    refused("MemberIdTaken", *call, by=admin, memberId=member_id(alice), wallet=alice)
    send(fontana.community.suspendMember, alice.address, by=admin)
    refused("MemberIdTaken", *call, by=admin, memberId=member_id(alice), wallet=alice)


def test_approval__of_one_who_comes_back_under_another_id__is_refused(
    fontana: Contracts, stranger: Person, alice: Person, admin: Person
) -> None:
    send(fontana.community.leave, by=alice)
    apply_for(fontana, alice, admin)
    call = (fontana.community.approveMember, alice.address, member_id(stranger), adhesion())
    refused("MemberIdChanged", *call, by=admin, wallet=alice, memberId=member_id(stranger), priorId=member_id(alice))


def test_approval__of_an_application__makes_an_active_member(
    fontana: Contracts, stranger: Person, admin: Person
) -> None:
    apply_for(fontana, stranger, admin)
    done = send(fontana.community.approveMember, stranger.address, member_id(stranger), adhesion(), by=admin)
    assert done.event("MemberApproved").values == {
        "wallet": stranger.address,
        "memberId": member_id(stranger),
        "kind": CITIZEN,
        "profile": PROSUMER,
    }
    assert fontana.community.isActive(stranger.address)
    assert fontana.community.walletOf(member_id(stranger)) == stranger.address
    refused("WrongStatus", fontana.community.refuseMember, stranger.address, by=admin, status=STATUS["Active"])


def test_approval__of_a_leaver_on_a_new_wallet__takes_the_member_id_along(
    fontana: Contracts, alice: Person, new_wallet: Person, admin: Person
) -> None:
    send(fontana.community.leave, by=alice)
    apply_for(fontana, new_wallet, admin)
    send(fontana.community.approveMember, new_wallet.address, member_id(alice), adhesion(), by=admin)
    assert fontana.community.walletOf(member_id(alice)) == new_wallet.address
    apply_for(fontana, alice, admin)
    call = (fontana.community.approveMember, alice.address, member_id(alice), adhesion())
    refused("MemberIdTaken", *call, by=admin, memberId=member_id(alice), wallet=new_wallet)


def test_refusal__of_an_application__leaves_the_applicant_as_before(
    fontana: Contracts, stranger: Person, alice: Person, admin: Person
) -> None:
    apply_for(fontana, stranger, admin)
    assert send(fontana.community.refuseMember, stranger.address, by=admin).event("MemberRefused")["applicant"] == (
        stranger.address
    )
    assert fontana.community.statusOf(stranger.address) == STATUS["None"]
    send(fontana.community.leave, by=alice)
    apply_for(fontana, alice, admin)
    send(fontana.community.refuseMember, alice.address, by=admin)
    assert fontana.community.statusOf(alice.address) == STATUS["Left"]


# ---------------------------------------------------------------- staying and leaving


def test_suspension__of_one_who_is_not_active__is_refused(fontana: Contracts, alice: Person, admin: Person) -> None:
    refused("WrongStatus", fontana.community.reinstateMember, alice.address, by=admin, status=STATUS["Active"])
    send(fontana.community.suspendMember, alice.address, by=admin)
    refused("WrongStatus", fontana.community.suspendMember, alice.address, by=admin, status=STATUS["Suspended"])


def test_suspension__and_reinstatement__are_told(fontana: Contracts, alice: Person, admin: Person) -> None:
    told = {"wallet": alice.address, "memberId": member_id(alice)}
    assert send(fontana.community.suspendMember, alice.address, by=admin).event("MemberSuspended").values == told
    assert not fontana.community.isActive(alice.address)
    assert send(fontana.community.reinstateMember, alice.address, by=admin).event("MemberReinstated").values == told
    assert fontana.community.isActive(alice.address)


def test_leaving__of_one_who_is_no_member__is_refused(fontana: Contracts, stranger: Person, admin: Person) -> None:
    refused("WrongStatus", fontana.community.leave, by=stranger, wallet=stranger, status=STATUS["None"])
    apply_for(fontana, stranger, admin)
    refused("WrongStatus", fontana.community.removeMember, stranger.address, by=admin, status=STATUS["Applied"])


@pytest.mark.parametrize("removed", [True, False])
def test_leaving__by_oneself_or_removed__is_told(
    fontana: Contracts, alice: Person, admin: Person, removed: bool
) -> None:
    community = fontana.community
    done = send(community.removeMember, alice.address, by=admin) if removed else send(community.leave, by=alice)
    assert done.event("MemberLeft").values == {
        "wallet": alice.address,
        "memberId": member_id(alice),
        "removed": removed,
    }
    refused("WrongStatus", community.leave, by=alice, status=STATUS["Left"])
    join(fontana, admin, alice)
    assert community.isActive(alice.address)


def test_recovery_key__of_one_who_is_no_member__is_refused(
    fontana: Contracts, alice: Person, stranger: Person, recovery: Person
) -> None:
    refused("WrongStatus", fontana.community.setRecoveryKey, recovery.address, by=stranger, wallet=stranger)
    send(fontana.community.leave, by=alice)
    refused("WrongStatus", fontana.community.setRecoveryKey, recovery.address, by=alice, status=STATUS["Left"])


def test_recovery_key__of_a_suspended_member__is_named(
    fontana: Contracts, alice: Person, admin: Person, recovery: Person
) -> None:
    send(fontana.community.suspendMember, alice.address, by=admin)
    done = send(fontana.community.setRecoveryKey, recovery.address, by=alice)
    assert done.event("RecoveryKeySet").values == {"wallet": alice.address, "recoveryKey": recovery.address}


# ---------------------------------------------------------------- the community


def test_roles__of_a_new_community__are_its_admins(fontana: Contracts, admin: Person, platform_admin: Person) -> None:
    community = fontana.community
    for role in ("COMMUNITY_ADMIN_ROLE", "TOKEN_ADMIN_ROLE", "ORACLE_ADMIN_ROLE", "MARKET_OPERATOR_ROLE"):
        assert community.hasRole(getattr(community, role)(), admin.address)
        assert not community.hasRole(getattr(community, role)(), platform_admin.address)
    assert community.hasRole(community.DEFAULT_ADMIN_ROLE(), admin.address)


def test_own_contracts__are_those_that_hold_or_move_money(fontana: Contracts, stranger: Person) -> None:
    community = fontana.community
    own = (
        fontana.treasury,
        fontana.token,
        fontana.sessions,
        fontana.marketplace,
        fontana.quorum,
        fontana.refuter,
        fontana.demands,
        fontana.notary,
        fontana.rewards,
        fontana.desk,
        fontana.services,
        fontana.purchases,
        fontana.loans,
        fontana.works,
    )
    assert all(community.isOwnContract(contract.address) for contract in own)
    assert not community.isOwnContract(stranger.address)
    assert not community.isOwnContract(ZERO)
    assert community.contracts() == (community.address, *(contract.address for contract in own))
    assert community.name() == "Fontana"
    assert community.replacementDelay() == 30 * 24 * HOUR
