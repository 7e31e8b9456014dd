"""The community's token: who may hold it, how much there may be, and where a lost wallet's balance goes."""

import pytest

from tests.contracts.chain import mine_at, now, refused, send
from tests.contracts.community import DAY, EMISSION_CAP, Contracts, Person
from tests.contracts.test_lost_wallet import give_tokens

YEAR = 365 * DAY


@pytest.fixture
def rich_alice(fontana: Contracts, admin: Person, second_admin: Person, alice: Person, isolation: None) -> Person:
    """Alice, with 100 of the smallest unit."""
    give_tokens(fontana, admin, second_admin, alice, 100)
    return alice


def test_issue__by_another_than_a_token_admin__is_refused(fontana: Contracts, alice: Person) -> None:
    role = bytes(fontana.community.TOKEN_ADMIN_ROLE())
    refused("MissingRole", fontana.token.issue, 1, by=alice, account=alice, role=role)


def test_issue__one_past_the_cap__is_refused_until_the_next_period(fontana: Contracts, admin: Person) -> None:
    created_at = now()
    refused("EmissionCapExceeded", fontana.token.issue, EMISSION_CAP + 1, by=admin, left=EMISSION_CAP)
    told = send(fontana.token.issue, EMISSION_CAP, by=admin).event("Issued")
    assert told.values == {"period": 0, "amount": EMISSION_CAP, "issuedInPeriod": EMISSION_CAP}
    assert fontana.token.balanceOf(fontana.treasury.address) == EMISSION_CAP
    refused("EmissionCapExceeded", fontana.token.issue, 1, by=admin, amount=1, left=0)
    mine_at(created_at + YEAR)
    assert fontana.token.currentPeriod() == 1
    assert send(fontana.token.issue, 1, by=admin).event("Issued")["period"] == 1
    assert fontana.token.issuedIn(1) == 1
    assert fontana.token.totalSupply() == EMISSION_CAP + 1


def test_transfer__to_a_stranger__is_refused(fontana: Contracts, rich_alice: Person, stranger: Person) -> None:
    refused("NotEntitled", fontana.token.transfer, stranger.address, 1, by=rich_alice, account=stranger)


def test_transfer__by_a_suspended_member__is_refused(
    fontana: Contracts, rich_alice: Person, bob: Person, admin: Person
) -> None:
    send(fontana.community.suspendMember, rich_alice.address, by=admin)
    refused("NotEntitled", fontana.token.transfer, bob.address, 1, by=rich_alice, account=rich_alice)


def test_transfer__to_a_suspended_member__is_refused(
    fontana: Contracts, rich_alice: Person, bob: Person, admin: Person
) -> None:
    send(fontana.community.suspendMember, bob.address, by=admin)
    refused("NotEntitled", fontana.token.transfer, bob.address, 1, by=rich_alice, account=bob)


def test_transfer__by_an_allowed_spender__moves_no_more_than_the_owner_may(
    fontana: Contracts, rich_alice: Person, bob: Person, stranger: Person
) -> None:
    send(fontana.token.approve, stranger.address, 10, by=rich_alice)
    call = (fontana.token.transferFrom, rich_alice.address, stranger.address, 10)
    refused("NotEntitled", *call, by=stranger, account=stranger)
    send(fontana.token.transferFrom, rich_alice.address, bob.address, 10, by=stranger)


def test_transfer__among_members_and_to_the_treasury__is_free(
    fontana: Contracts, rich_alice: Person, bob: Person
) -> None:
    send(fontana.token.transfer, bob.address, 40, by=rich_alice)
    send(fontana.token.transfer, fontana.treasury.address, 40, by=bob)
    assert fontana.token.balanceOf(rich_alice.address) == 60
    assert fontana.token.balanceOf(bob.address) == 0


def test_transfer__by_a_leaver__may_go_to_a_member_and_not_to_the_leaver(
    fontana: Contracts, rich_alice: Person, bob: Person
) -> None:
    send(fontana.community.leave, by=rich_alice)
    send(fontana.token.transfer, bob.address, 40, by=rich_alice)
    refused("NotEntitled", fontana.token.transfer, rich_alice.address, 1, by=bob, account=rich_alice)


def test_balance__of_a_wallet_that_was_not_replaced__does_not_move(
    fontana: Contracts, rich_alice: Person, admin: Person
) -> None:
    refused("NoSuccessor", fontana.token.moveBalance, rich_alice.address, by=admin, oldWallet=rich_alice)


def test_token__is_named_after_its_community(fontana: Contracts, admin: Person) -> None:
    assert (fontana.token.name(), fontana.token.symbol(), fontana.token.decimals()) == ("Fontana", "FNT", 18)
    assert fontana.token.EMISSION_PERIOD() == YEAR
    assert fontana.token.emissionCap() == EMISSION_CAP
