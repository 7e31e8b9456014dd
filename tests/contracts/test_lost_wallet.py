"""A lost wallet: membership moves at once, money after a delay in which it may be taken back."""

import pytest

from tests.contracts.chain import mine_at, now, pass_to, refused, send
from tests.contracts.community import (
    FUNDS_UE,
    HOUR,
    STATUS,
    ZERO,
    Contracts,
    Person,
    adhesion,
    apply_for,
    join,
    member_id,
    replace_wallet,
    sign_replacement,
)
from tests.contracts.market import Session, buy, leaves, run_to_execution, run_to_metering, sell


def test_replacement__proposed_by_another_than_the_admin__is_refused(
    fontana: Contracts, alice: Person, new_wallet: Person
) -> None:
    signature = sign_replacement(fontana, alice, new_wallet, now() + HOUR, new_wallet)
    call = (fontana.community.replaceWallet, alice.address, new_wallet.address, now() + HOUR, signature)
    refused("AccessControlUnauthorizedAccount", *call, by=alice, account=alice)


def test_replacement__after_its_deadline__is_refused(
    fontana: Contracts, alice: Person, new_wallet: Person, admin: Person
) -> None:
    signature = sign_replacement(fontana, alice, new_wallet, now(), new_wallet)
    call = (fontana.community.replaceWallet, alice.address, new_wallet.address, now(), signature)
    refused("SignatureExpired", *call, by=admin, deadline=now(), timestamp=now() + 1)


def test_replacement__by_no_wallet__is_refused(fontana: Contracts, alice: Person, admin: Person) -> None:
    call = (fontana.community.replaceWallet, alice.address, ZERO, now() + HOUR, b"")
    refused("EmptyAddress", *call, by=admin)


def test_replacement__not_signed_by_the_new_wallet__is_refused(
    fontana: Contracts, alice: Person, bob: Person, new_wallet: Person, admin: Person
) -> None:
    deadline = now() + HOUR
    replace = fontana.community.replaceWallet
    by_old = sign_replacement(fontana, alice, new_wallet, deadline, alice)
    refused("InvalidSignature", replace, alice.address, new_wallet.address, deadline, by_old, by=admin)
    for_bob = sign_replacement(fontana, bob, new_wallet, deadline, new_wallet)
    call = (replace, alice.address, new_wallet.address, deadline, for_bob)
    refused("InvalidSignature", *call, by=admin, signer=new_wallet)


def test_replacement__of_a_wallet_that_holds_no_membership__is_refused(
    fontana: Contracts, alice: Person, stranger: Person, new_wallet: Person, admin: Person
) -> None:
    deadline = now() + HOUR
    for old, status in ((stranger, "None"), (alice, "Left")):
        if status == "Left":
            send(fontana.community.leave, by=alice)
        signature = sign_replacement(fontana, old, new_wallet, deadline, new_wallet)
        call = (fontana.community.replaceWallet, old.address, new_wallet.address, deadline, signature)
        refused("WrongStatus", *call, by=admin, wallet=old, status=STATUS[status])


def test_replacement__by_a_wallet_already_known__is_refused(
    fontana: Contracts, alice: Person, bob: Person, admin: Person
) -> None:
    signature = sign_replacement(fontana, alice, bob, now() + HOUR, bob)
    call = (fontana.community.replaceWallet, alice.address, bob.address, now() + HOUR, signature)
    refused("WrongStatus", *call, by=admin, wallet=bob, status=STATUS["Active"])


def test_replacement__of_a_wallet_whose_arrival_may_be_vetoed__is_refused(
    fontana: Contracts, alice: Person, new_wallet: Person, stranger: Person, admin: Person
) -> None:
    moves_at = replace_wallet(fontana, admin, alice, new_wallet)
    pass_to(moves_at - 1)
    deadline = moves_at + HOUR
    signature = sign_replacement(fontana, new_wallet, stranger, deadline, stranger)
    call = (fontana.community.replaceWallet, new_wallet.address, stranger.address, deadline, signature)
    refused("ReplacementPending", *call, by=admin, wallet=new_wallet, settledAt=moves_at, timestamp=moves_at - 1)
    pass_to(moves_at)
    send(*call, by=admin)
    assert fontana.community.walletOf(member_id(alice)) == stranger.address


def test_replacement__of_an_active_wallet__moves_membership_at_once_and_no_money(
    fontana: Contracts, alice: Person, new_wallet: Person, admin: Person
) -> None:
    moves_at = replace_wallet(fontana, admin, alice, new_wallet)
    community = fontana.community
    assert community.isActive(new_wallet.address)
    assert community.statusOf(alice.address) == STATUS["Replaced"]
    assert community.walletOf(member_id(alice)) == new_wallet.address
    assert moves_at == now() + community.replacementDelay()
    assert community.replacementOf(alice.address) == (new_wallet.address, moves_at, STATUS["Active"], False)
    assert community.successorOf(alice.address) == ZERO
    refused("WrongStatus", community.leave, by=alice, status=STATUS["Replaced"])
    pass_to(moves_at - 1)
    refused("NoSuccessor", fontana.marketplace.moveEscrow, alice.address, by=new_wallet, oldWallet=alice)
    refused("NoSuccessor", fontana.token.moveBalance, alice.address, by=new_wallet, oldWallet=alice)


def test_replacement__once_the_delay_is_over__moves_escrow_and_tokens(
    fontana: Contracts, alice: Person, new_wallet: Person, admin: Person, second_admin: Person, stranger: Person
) -> None:
    give_tokens(fontana, admin, second_admin, alice, 7)
    moves_at = replace_wallet(fontana, admin, alice, new_wallet)
    pass_to(moves_at)
    moved = send(fontana.marketplace.moveEscrow, alice.address, by=stranger).event("EscrowMoved")
    assert moved.values == {"oldWallet": alice.address, "newWallet": new_wallet.address, "amount": FUNDS_UE}
    assert fontana.marketplace.checkFunds(new_wallet.address) == (FUNDS_UE, 0, FUNDS_UE)
    assert fontana.marketplace.checkFunds(alice.address) == (0, 0, 0)
    refused("EmptyAmount", fontana.marketplace.moveEscrow, alice.address, by=stranger)
    moved = send(fontana.token.moveBalance, alice.address, by=stranger).event("BalanceMoved")
    assert moved.values == {"oldWallet": alice.address, "newWallet": new_wallet.address, "amount": 7}
    assert fontana.token.balanceOf(new_wallet.address) == 7
    send(fontana.marketplace.withdrawAllFunds, by=new_wallet)


def test_replacement__while_money_is_locked__moves_it_as_it_is_unlocked(
    fontana: Contracts,
    session: Session,
    alice: Person,
    bob: Person,
    new_wallet: Person,
    admin: Person,
    operators: list[Person],
) -> None:
    moves_at = replace_wallet_after_commit(fontana, session, admin, alice, new_wallet)
    locked = session.sealed[alice].max_lock + session.deposit_of(session.sealed[alice].max_lock)
    pass_to(moves_at)
    assert (
        send(fontana.marketplace.moveEscrow, alice.address, by=bob).event("EscrowMoved")["amount"] == FUNDS_UE - locked
    )
    send(fontana.marketplace.releaseLock, session.id, alice.address, by=bob)
    rest = session.sealed[alice].max_lock
    assert send(fontana.marketplace.moveEscrow, alice.address, by=bob).event("EscrowMoved")["amount"] == rest
    assert fontana.marketplace.checkFunds(alice.address)[0] == 0


def test_replacement__of_a_seller__lets_the_old_wallet_be_paid_and_its_credit_moved(
    fontana: Contracts,
    session: Session,
    alice: Person,
    bob: Person,
    new_wallet: Person,
    admin: Person,
    operators: list[Person],
) -> None:
    run_to_metering(session, {alice: [sell(0, 1000, 100_000)], bob: [buy(0, 1000, 100_000)]}, operators[:2])
    moves_at = replace_wallet(fontana, admin, alice, new_wallet)
    posted = leaves(session.id, {alice: (0, 100_000, 0), bob: (100_000, 0, 0)})
    run_to_execution(session, posted, operators[:2])
    session.execute(posted, bob, by=bob)
    session.execute(posted, alice, by=bob)
    pass_to(moves_at)
    moved = send(fontana.marketplace.moveEscrow, alice.address, by=bob).event("EscrowMoved")
    assert moved["amount"] == FUNDS_UE + 100_000


def test_replacement__of_a_suspended_wallet__stays_suspended(
    fontana: Contracts, alice: Person, new_wallet: Person, admin: Person
) -> None:
    send(fontana.community.suspendMember, alice.address, by=admin)
    replace_wallet(fontana, admin, alice, new_wallet)
    assert fontana.community.statusOf(new_wallet.address) == STATUS["Suspended"]


# ---------------------------------------------------------------- veto


def test_veto__by_another_than_old_wallet_and_recovery_key__is_refused(
    fontana: Contracts, alice: Person, new_wallet: Person, admin: Person, recovery: Person
) -> None:
    replace_wallet(fontana, admin, alice, new_wallet)
    for caller in (new_wallet, admin, recovery):
        refused("NotEntitledToVeto", fontana.community.vetoReplacement, alice.address, by=caller, caller=caller)


def test_veto__of_nothing__is_refused(fontana: Contracts, alice: Person) -> None:
    refused("NothingToVeto", fontana.community.vetoReplacement, alice.address, by=alice, oldWallet=alice)


def test_veto__at_the_end_of_the_delay__is_refused(
    fontana: Contracts, alice: Person, new_wallet: Person, admin: Person
) -> None:
    moves_at = replace_wallet(fontana, admin, alice, new_wallet)
    pass_to(moves_at)
    refused("NothingToVeto", fontana.community.vetoReplacement, alice.address, by=alice, oldWallet=alice)


@pytest.mark.parametrize("by_recovery_key", [True, False])
def test_veto__in_the_last_second_of_the_delay__takes_the_membership_back(
    fontana: Contracts, alice: Person, new_wallet: Person, admin: Person, recovery: Person, by_recovery_key: bool
) -> None:
    send(fontana.community.setRecoveryKey, recovery.address, by=alice)
    moves_at = replace_wallet(fontana, admin, alice, new_wallet)
    pass_to(moves_at - 1)
    done = send(fontana.community.vetoReplacement, alice.address, by=recovery if by_recovery_key else alice)
    assert done.event("ReplacementVetoed").values == {
        "memberId": member_id(alice),
        "oldWallet": alice.address,
        "newWallet": new_wallet.address,
    }
    assert fontana.community.isActive(alice.address)
    assert fontana.community.statusOf(new_wallet.address) == STATUS["Left"]
    assert fontana.community.walletOf(member_id(alice)) == alice.address
    refused("NothingToVeto", fontana.community.vetoReplacement, alice.address, by=alice)
    mine_at(moves_at + 1)
    refused("NoSuccessor", fontana.marketplace.moveEscrow, alice.address, by=new_wallet, oldWallet=alice)


def test_veto__after_the_new_wallet_named_its_own_recovery_key__still_works(
    fontana: Contracts, alice: Person, new_wallet: Person, admin: Person, stranger: Person
) -> None:
    replace_wallet(fontana, admin, alice, new_wallet)
    send(fontana.community.setRecoveryKey, stranger.address, by=new_wallet)
    refused("NotEntitledToVeto", fontana.community.vetoReplacement, alice.address, by=stranger)
    send(fontana.community.vetoReplacement, alice.address, by=alice)


def test_veto__after_the_thief_left_and_came_back_on_a_third_wallet__finds_the_membership(
    fontana: Contracts, alice: Person, new_wallet: Person, stranger: Person, admin: Person
) -> None:
    replace_wallet(fontana, admin, alice, new_wallet)
    send(fontana.community.leave, by=new_wallet)
    apply_for(fontana, stranger, admin)
    send(fontana.community.approveMember, stranger.address, member_id(alice), adhesion(), by=admin)
    send(fontana.community.vetoReplacement, alice.address, by=alice)
    assert fontana.community.walletOf(member_id(alice)) == alice.address
    assert [fontana.community.isActive(w.address) for w in (alice, new_wallet, stranger)] == [True, False, False]


def test_veto__and_another_replacement__moves_money_to_the_second_wallet_only(
    fontana: Contracts, alice: Person, new_wallet: Person, stranger: Person, admin: Person
) -> None:
    replace_wallet(fontana, admin, alice, new_wallet)
    send(fontana.community.vetoReplacement, alice.address, by=alice)
    moves_at = replace_wallet(fontana, admin, alice, stranger)
    pass_to(moves_at)
    assert send(fontana.marketplace.moveEscrow, alice.address, by=admin).event("EscrowMoved")["newWallet"] == (
        stranger.address
    )


def test_veto__against_a_wallet_that_holds_tokens__leaves_it_a_way_to_hand_them_on(
    fontana: Contracts, alice: Person, bob: Person, new_wallet: Person, admin: Person, second_admin: Person
) -> None:
    replace_wallet(fontana, admin, alice, new_wallet)
    give_tokens(fontana, admin, second_admin, new_wallet, 5)
    send(fontana.community.vetoReplacement, alice.address, by=alice)
    send(fontana.token.transfer, bob.address, 5, by=new_wallet)


def give_tokens(contracts: Contracts, admin: Person, second_admin: Person, payee: Person, amount: int) -> None:
    """Tokens out of the treasury, the way it pays: two persons and a notice."""
    community = contracts.community
    send(community.grantRole, community.COMMUNITY_ADMIN_ROLE(), second_admin.address, by=admin)
    send(contracts.token.issue, amount, by=admin)
    proposed = send(contracts.treasury.proposePayment, contracts.token.address, payee.address, amount, "gift", by=admin)
    number = proposed.event("PaymentProposed")["paymentId"]
    due_at = send(contracts.treasury.approvePayment, number, by=second_admin).event("PaymentApproved")["dueAt"]
    pass_to(due_at)
    send(contracts.treasury.makePayment, number, by=second_admin)


def replace_wallet_after_commit(contracts: Contracts, session: Session, admin: Person, old: Person, new: Person) -> int:
    """Lose a wallet that has orders sealed."""
    session.commit(old, [buy(0, 1000, 200_000)])
    return replace_wallet(contracts, admin, old, new)


def test_join__of_a_new_member_after_all__needs_an_id_of_its_own(
    fontana: Contracts, stranger: Person, admin: Person
) -> None:
    join(fontana, admin, stranger)
    assert fontana.community.walletOf(member_id(stranger)) == stranger.address
