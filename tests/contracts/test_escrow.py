"""The members' money in the market: in, out, and what odd tokens do to it."""

from typing import Any

import pytest
from eth_account import Account
from eth_account.messages import encode_typed_data

from tests.contracts.chain import deploy, now, refused, send
from tests.contracts.community import (
    FUNDS_UE,
    HOUR,
    Contracts,
    Implementations,
    Person,
    create_community,
    join,
    mint,
    parameters,
    replace_wallet,
)
from tests.contracts.market import CHAIN_ID, Session, buy, open_session, sell
from tests.contracts.refutation import outcome_proof

REENTERED = bytes.fromhex("3ee5aeb5")
"""The selector of OpenZeppelin's `ReentrancyGuardReentrantCall()`."""


def permit(contracts: Contracts, owner: Person, amount: int, deadline: int) -> tuple[int, bytes, bytes]:
    """ERC-2612 signature that lets the market take `amount`."""
    domain = {
        "name": "Settlement Euro",
        "version": "1",
        "chainId": CHAIN_ID,
        "verifyingContract": contracts.euro.address,
    }
    fields = {"owner": "address", "spender": "address", "value": "uint256", "nonce": "uint256", "deadline": "uint256"}
    types = {"Permit": [{"name": name, "type": kind} for name, kind in fields.items()]}
    values = (owner.address, contracts.marketplace.address, amount, contracts.euro.nonces(owner.address), deadline)
    signed = Account.sign_message(encode_typed_data(domain, types, dict(zip(fields, values, strict=True))), owner.key)
    return signed.v, signed.r.to_bytes(32, "big"), signed.s.to_bytes(32, "big")


# ---------------------------------------------------------------- in


def test_deposit__by_one_who_is_no_active_member__is_refused(
    fontana: Contracts, stranger: Person, alice: Person, admin: Person
) -> None:
    refused("NotActive", fontana.marketplace.deposit, 1, by=stranger, account=stranger)
    send(fontana.community.suspendMember, alice.address, by=admin)
    refused("NotActive", fontana.marketplace.deposit, 1, by=alice, account=alice)


def test_deposit__of_nothing__is_refused(fontana: Contracts, alice: Person) -> None:
    refused("EmptyAmount", fontana.marketplace.deposit, 0, by=alice)


def test_deposit__without_allowance_or_balance__is_refused(fontana: Contracts, alice: Person) -> None:
    refused("ERC20InsufficientAllowance", fontana.marketplace.deposit, 1, by=alice, allowance=0, needed=1)
    send(fontana.euro.approve, fontana.marketplace.address, 1, by=alice)
    refused("ERC20InsufficientBalance", fontana.marketplace.deposit, 1, by=alice, balance=0, needed=1)


def test_deposit__of_euro__is_credited_and_owed(fontana: Contracts, alice: Person, issuer: Person) -> None:
    owed = fontana.marketplace.liabilities()
    mint(fontana, issuer, alice, 7)
    send(fontana.euro.approve, fontana.marketplace.address, 7, by=alice)
    told = send(fontana.marketplace.deposit, 7, by=alice).event("Deposited")
    assert told.values == {"account": alice.address, "amount": 7}
    assert fontana.marketplace.checkFunds(alice.address) == (FUNDS_UE + 7, 0, FUNDS_UE + 7)
    assert fontana.marketplace.liabilities() == owed + 7


def test_deposit__with_a_permit__takes_one_transaction(fontana: Contracts, alice: Person, issuer: Person) -> None:
    mint(fontana, issuer, alice, 7)
    deadline = now() + HOUR
    v, r, s = permit(fontana, alice, 7, deadline)
    send(fontana.marketplace.depositWithPermit, 7, deadline, v, r, s, by=alice)
    assert fontana.marketplace.checkFunds(alice.address)[0] == FUNDS_UE + 7


def test_deposit__with_a_permit_that_somebody_sent_ahead__goes_through(
    fontana: Contracts, alice: Person, issuer: Person, stranger: Person
) -> None:
    mint(fontana, issuer, alice, 7)
    deadline = now() + HOUR
    v, r, s = permit(fontana, alice, 7, deadline)
    send(fontana.euro.permit, alice.address, fontana.marketplace.address, 7, deadline, v, r, s, by=stranger)
    send(fontana.marketplace.depositWithPermit, 7, deadline, v, r, s, by=alice)


def test_deposit__with_the_permit_of_another__is_refused(
    fontana: Contracts, alice: Person, bob: Person, issuer: Person
) -> None:
    mint(fontana, issuer, alice, 7)
    deadline = now() + HOUR
    v, r, s = permit(fontana, alice, 7, deadline)
    refused("ERC20InsufficientAllowance", fontana.marketplace.depositWithPermit, 7, deadline, v, r, s, by=bob)


# ---------------------------------------------------------------- out


def test_claim__of_nothing__is_refused(fontana: Contracts, alice: Person, stranger: Person) -> None:
    refused("EmptyAmount", fontana.marketplace.claimAvailableFunds, 0, by=alice)
    refused("EmptyAmount", fontana.marketplace.withdrawAllFunds, by=stranger)


def test_claim__one_beyond_the_free_escrow__is_refused(fontana: Contracts, session: Session, alice: Person) -> None:
    session.commit(alice, [buy(0, 1000, 200_000)])
    locked = session.sealed[alice].max_lock + session.deposit_of(session.sealed[alice].max_lock)
    free = FUNDS_UE - locked
    assert fontana.marketplace.checkFunds(alice.address) == (FUNDS_UE, locked, free)
    call = (fontana.marketplace.claimAvailableFunds, free + 1)
    refused("InsufficientEscrow", *call, by=alice, account=alice, free=free, required=free + 1)
    told = send(fontana.marketplace.claimAvailableFunds, free, by=alice).event("Withdrawn")
    assert told.values == {"account": alice.address, "amount": free}
    assert fontana.euro.balanceOf(alice.address) == free


def test_withdrawal__of_all_funds__leaves_nothing(fontana: Contracts, alice: Person) -> None:
    owed = fontana.marketplace.liabilities()
    send(fontana.marketplace.withdrawAllFunds, by=alice)
    assert fontana.marketplace.checkFunds(alice.address) == (0, 0, 0)
    assert fontana.euro.balanceOf(alice.address) == FUNDS_UE
    assert fontana.marketplace.liabilities() == owed - FUNDS_UE


@pytest.mark.parametrize("status", ["suspended", "left", "replaced"])
def test_withdrawal__whatever_the_member_is_now__is_open(
    fontana: Contracts, alice: Person, admin: Person, new_wallet: Person, status: str
) -> None:
    if status == "suspended":
        send(fontana.community.suspendMember, alice.address, by=admin)
    elif status == "left":
        send(fontana.community.leave, by=alice)
    else:
        replace_wallet(fontana, admin, alice, new_wallet)
    send(fontana.marketplace.claimAvailableFunds, 1, by=alice)
    send(fontana.marketplace.withdrawAllFunds, by=alice)


def test_member__suspended_in_the_middle_of_a_session__still_gets_out(
    fontana: Contracts, session: Session, alice: Person, admin: Person, stranger: Person
) -> None:
    session.commit(alice, [buy(0, 1000, 200_000)])
    send(fontana.community.suspendMember, alice.address, by=admin)
    call = (fontana.marketplace.submitCommitments, session.id, b"\1" * 32, 1, b"")
    refused("NotActive", *call, by=alice, account=alice)
    session.to_reveals()
    session.reveal(alice)
    session.to_timeout()
    send(fontana.marketplace.cancel, session.id, by=alice)
    send(fontana.marketplace.releaseLock, session.id, alice.address, by=stranger)
    send(fontana.marketplace.withdrawAllFunds, by=alice)
    assert fontana.euro.balanceOf(alice.address) == FUNDS_UE


# ---------------------------------------------------------------- the treasury's due


def test_treasury__due_nothing__is_not_paid(fontana: Contracts, stranger: Person) -> None:
    refused("EmptyAmount", fontana.marketplace.payTreasury, by=stranger)


def test_treasury__due_a_forfeited_deposit__is_paid_by_anybody(
    fontana: Contracts, session: Session, alice: Person, stranger: Person
) -> None:
    session.commit(alice, [buy(0, 1000, 200_000)])
    session.to_clearing()
    send(fontana.marketplace.releaseLock, session.id, alice.address, by=stranger)
    deposit = session.deposit_of(session.sealed[alice].max_lock)
    assert fontana.marketplace.owedToTreasury() == deposit
    done = send(fontana.marketplace.payTreasury, by=stranger)
    assert done.event("TreasuryPaid")["amount"] == deposit
    assert done.event("Received").values == {
        "source": fontana.marketplace.address.lower(),
        "asset": fontana.euro.address.lower(),
        "amount": deposit,
    }
    assert fontana.euro.balanceOf(fontana.treasury.address) == deposit
    assert fontana.marketplace.owedToTreasury() == 0
    assert fontana.marketplace.liabilities() == fontana.euro.balanceOf(fontana.marketplace.address)


# ---------------------------------------------------------------- odd tokens


def community_over(
    token: Any, project: Any, platform: Implementations, platform_admin: Person, admin: Person
) -> Contracts:
    """A community that settles in another token."""
    values = parameters(admin, token, [admin], terms=(1, 0, 0))
    return create_community(project, platform.factory, platform_admin, token, values)


@pytest.fixture
def with_fees(
    project: Any,
    platform: Implementations,
    platform_admin: Person,
    admin: Person,
    odd_tokens: Any,
    alice: Person,
    isolation: None,
) -> Contracts:
    """A community over a token that keeps a tenth of each transfer, and alice in it with 1000 of it."""
    token = deploy(odd_tokens.FeeToken, by=admin)
    contracts = community_over(token, project, platform, platform_admin, admin)
    join(contracts, admin, alice)
    send(token.mint, alice.address, 1000, by=admin)
    send(token.approve, contracts.marketplace.address, 1000, by=alice)
    send(token.approve, contracts.quorum.address, 1000, by=alice)
    return contracts


def test_token_with_fees__deposited__credits_what_arrived(with_fees: Contracts, alice: Person) -> None:
    told = send(with_fees.marketplace.deposit, 1000, by=alice).event("Deposited")
    assert told["amount"] == 900
    assert with_fees.marketplace.checkFunds(alice.address)[0] == 900
    assert with_fees.marketplace.liabilities() == 900 == with_fees.euro.balanceOf(with_fees.marketplace.address)


def test_token_with_fees__as_a_bond__credits_what_arrived(with_fees: Contracts, alice: Person) -> None:
    assert send(with_fees.quorum.depositBond, 1000, by=alice).event("BondDeposited")["amount"] == 900


def test_token_with_fees__that_keeps_all__is_refused(with_fees: Contracts, alice: Person) -> None:
    send(with_fees.euro.setShare, 10_000, by=alice)
    refused("EmptyAmount", with_fees.marketplace.deposit, 1000, by=alice)
    refused("InvalidAmount", with_fees.quorum.depositBond, 1000, by=alice, amount=0, available=1000)


def test_token_with_fees__as_the_bond_of_a_demand__is_refused(
    with_fees: Contracts, admin: Person, alice: Person
) -> None:
    session = open_session(with_fees, admin, deposit_fixed=0, deposit_bps=0, penalty_price=1)
    send(with_fees.marketplace.deposit, 1000, by=alice)
    session.commit(alice, [sell(0, 10, 1)])
    session.to_reveals()
    session.reveal(alice)
    session.to_clearing()
    session.accept_outcome([admin])
    send(with_fees.euro.mint, alice.address, 2_000_000, by=admin)
    send(with_fees.euro.approve, with_fees.demands.address, 2_000_000, by=alice)
    results = session.results()
    root = (0, 0, results[0].root, b"")
    call = (with_fees.demands.demand, session.id, outcome_proof(results, 0), root, 0)
    refused("BondNotPaid", *call, by=alice, arrived=900_000, required=1_000_000)


@pytest.fixture
def hostile(
    project: Any,
    platform: Implementations,
    platform_admin: Person,
    admin: Person,
    odd_tokens: Any,
    alice: Person,
    isolation: None,
) -> Contracts:
    """A community over a token that calls back; alice and the token itself are members with 1000 each in escrow."""
    token = deploy(odd_tokens.HostileToken, by=admin)
    contracts = community_over(token, project, platform, platform_admin, admin)
    join(contracts, admin, alice)
    itself = (token.address, 1, 1, b"\1" * 32, admin.address, 0, now() + HOUR)
    send(contracts.community.registerUser, itself, b"", by=admin)
    send(contracts.community.approveMember, token.address, b"\2" * 32, b"\1" * 32, by=admin)
    market = contracts.marketplace
    for holder in (alice.address, token.address):
        send(token.mint, holder, 2000, by=admin)
    send(token.approve, market.address, 2000, by=alice)
    send(token.act, token.address, token.approve.encode_input(market.address, 2000), by=admin)
    send(token.act, token.address, token.approve.encode_input(contracts.quorum.address, 2000), by=admin)
    send(market.deposit, 1000, by=alice)
    send(token.act, market.address, market.deposit.encode_input(1000), by=admin)
    return contracts


def money_movers(contracts: Contracts) -> dict[str, Any]:
    """Calls that move money into the market or out of it."""
    market = contracts.marketplace
    return {
        "deposit": market.deposit.encode_input(1),
        "depositWithPermit": market.depositWithPermit.encode_input(1, now() + HOUR, 27, bytes(32), bytes(32)),
        "claimAvailableFunds": market.claimAvailableFunds.encode_input(1000),
        "withdrawAllFunds": market.withdrawAllFunds.encode_input(),
        "payTreasury": market.payTreasury.encode_input(),
    }


@pytest.mark.parametrize(
    "inner", ["deposit", "depositWithPermit", "claimAvailableFunds", "withdrawAllFunds", "payTreasury"]
)
@pytest.mark.parametrize("outer", ["deposit", "depositWithPermit", "claimAvailableFunds", "withdrawAllFunds"])
def test_hostile_token__that_calls_back__gets_nowhere(
    hostile: Contracts, admin: Person, alice: Person, outer: str, inner: str
) -> None:
    token, market = hostile.euro, hostile.marketplace
    calls = money_movers(hostile)
    send(token.arm, market.address, calls[inner], by=admin)
    send(token.act, market.address, calls[outer], by=admin)
    assert not token.succeeded()
    assert bytes(token.answer())[:4] == REENTERED
    assert market.checkFunds(alice.address)[0] == 1000
    assert market.liabilities() == token.balanceOf(market.address)


def test_hostile_token__that_calls_back_while_a_bond_moves__gets_nowhere(hostile: Contracts, admin: Person) -> None:
    token, quorum = hostile.euro, hostile.quorum
    send(token.act, quorum.address, quorum.depositBond.encode_input(500), by=admin)
    for call in (quorum.withdrawBond.encode_input(1), quorum.depositBond.encode_input(1)):
        send(token.arm, quorum.address, call, by=admin)
        send(token.act, quorum.address, quorum.withdrawBond.encode_input(250), by=admin)
        assert not token.succeeded()
        assert bytes(token.answer())[:4] == REENTERED
    assert quorum.bondOf(token.address)[0] == 0
    assert token.balanceOf(quorum.address) == 0


def test_hostile_token__that_commits_in_the_middle_of_a_withdrawal__locks_only_what_is_left(
    hostile: Contracts, admin: Person
) -> None:
    token, market = hostile.euro, hostile.marketplace
    session = open_session(hostile, admin, deposit_fixed=0, deposit_bps=0)
    send(token.arm, market.address, market.submitCommitments.encode_input(session.id, b"\1" * 32, 500, b""), by=admin)
    send(token.act, market.address, market.claimAvailableFunds.encode_input(501), by=admin)
    assert not token.succeeded()
    send(token.act, market.address, market.claimAvailableFunds.encode_input(499), by=admin)
    assert not token.succeeded()
    assert market.checkFunds(token.address) == (0, 0, 0)


def test_hostile_token__that_commits_while_its_deposit_arrives__locks_only_what_it_had(
    hostile: Contracts, admin: Person
) -> None:
    token, market = hostile.euro, hostile.marketplace
    session = open_session(hostile, admin, deposit_fixed=0, deposit_bps=0)
    send(token.arm, market.address, market.submitCommitments.encode_input(session.id, b"\1" * 32, 1001, b""), by=admin)
    send(token.act, market.address, market.deposit.encode_input(1000), by=admin)
    assert not token.succeeded()
    assert market.checkFunds(token.address) == (2000, 0, 2000)
