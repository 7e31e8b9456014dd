"""The control wallet: what comes in is recorded, what goes out takes two persons and a notice."""

from typing import Any

import pytest

from tests.contracts.chain import now, pass_to, refused, send
from tests.contracts.community import NOTICE_S, ZERO, Contracts, Person, mint

PURPOSE = "insulation of the school"


@pytest.fixture(autouse=True)
def second_person(fontana: Contracts, admin: Person, second_admin: Person, isolation: None) -> None:
    """The second admin is a community admin, too."""
    role = fontana.community.COMMUNITY_ADMIN_ROLE()
    send(fontana.community.grantRole, role, second_admin.address, by=admin)


def propose(contracts: Contracts, admin: Person, payee: Person, amount: int = 100) -> int:
    """A payment of settlement euro, proposed; its number."""
    asset = contracts.euro.address
    done = send(contracts.treasury.proposePayment, asset, payee.address, amount, PURPOSE, by=admin)
    number: int = done.event("PaymentProposed")["paymentId"]
    return number


def proposal(contracts: Contracts, *, asset: Any = None, payee: str, amount: int = 100, purpose: str = PURPOSE) -> Any:
    """`proposePayment` with its arguments."""
    return contracts.treasury.proposePayment, asset or contracts.euro.address, payee, amount, purpose


def test_income__recorded_by_a_stranger__is_refused(fontana: Contracts, stranger: Person) -> None:
    call = (fontana.treasury.recordIncome, fontana.euro.address, 5)
    refused("NotOwnContract", *call, by=stranger, account=stranger)


def test_payment__proposed_by_another_than_a_token_admin__is_refused(
    fontana: Contracts, alice: Person, second_admin: Person
) -> None:
    role = bytes(fontana.community.TOKEN_ADMIN_ROLE())
    for caller in (alice, second_admin):
        refused("MissingRole", *proposal(fontana, payee=alice.address), by=caller, account=caller, role=role)


def test_payment__in_another_asset__is_refused(fontana: Contracts, admin: Person, alice: Person) -> None:
    asset = fontana.community.address
    refused("UnknownAsset", *proposal(fontana, asset=asset, payee=alice.address), by=admin, asset=asset)


@pytest.mark.parametrize("change", [{"payee": ZERO}, {"amount": 0}, {"purpose": ""}])
def test_payment__without_payee_amount_or_purpose__is_refused(
    fontana: Contracts, admin: Person, alice: Person, change: dict[str, Any]
) -> None:
    refused("IncompletePayment", *proposal(fontana, **{"payee": alice.address, **change}), by=admin)


def test_payment__unknown__is_refused_in_every_step(fontana: Contracts, admin: Person) -> None:
    for step in (fontana.treasury.approvePayment, fontana.treasury.withdrawPayment, fontana.treasury.makePayment):
        for number in (0, 1):
            refused("UnknownPayment", step, number, by=admin, paymentId=number)


def test_payment__approved_by_its_proposer__is_refused(fontana: Contracts, admin: Person, alice: Person) -> None:
    number = propose(fontana, admin, alice)
    refused("SecondPersonNeeded", fontana.treasury.approvePayment, number, by=admin, proposer=admin)


def test_payment__approved_by_another_than_a_community_admin__is_refused(
    fontana: Contracts, admin: Person, alice: Person
) -> None:
    number = propose(fontana, admin, alice)
    role = bytes(fontana.community.COMMUNITY_ADMIN_ROLE())
    refused("MissingRole", fontana.treasury.approvePayment, number, by=alice, account=alice, role=role)
    refused("MissingRole", fontana.treasury.withdrawPayment, number, by=alice, account=alice, role=role)


def test_payment__approved_twice__is_refused(
    fontana: Contracts, admin: Person, second_admin: Person, alice: Person
) -> None:
    number = propose(fontana, admin, alice)
    send(fontana.treasury.approvePayment, number, by=second_admin)
    refused("PaymentClosed", fontana.treasury.approvePayment, number, by=second_admin, paymentId=number)


def test_payment__not_approved__is_refused(fontana: Contracts, admin: Person, alice: Person) -> None:
    number = propose(fontana, admin, alice)
    refused("NotApproved", fontana.treasury.makePayment, number, by=admin, paymentId=number)


def test_payment__a_second_before_it_is_due__is_refused(
    fontana: Contracts, admin: Person, second_admin: Person, alice: Person
) -> None:
    number = propose(fontana, admin, alice)
    due_at = send(fontana.treasury.approvePayment, number, by=second_admin).event("PaymentApproved")["dueAt"]
    assert due_at == now() + NOTICE_S
    pass_to(due_at - 1)
    call = (fontana.treasury.makePayment, number)
    refused("NoticeRunning", *call, by=alice, paymentId=number, dueAt=due_at, timestamp=due_at - 1)


def test_payment__withdrawn__is_never_made(
    fontana: Contracts, admin: Person, second_admin: Person, alice: Person
) -> None:
    number = propose(fontana, admin, alice)
    due_at = send(fontana.treasury.approvePayment, number, by=second_admin).event("PaymentApproved")["dueAt"]
    withdrawn = send(fontana.treasury.withdrawPayment, number, by=second_admin).event("PaymentWithdrawn")
    assert withdrawn.values == {"paymentId": number, "account": second_admin.address}
    pass_to(due_at)
    for step in (fontana.treasury.makePayment, fontana.treasury.withdrawPayment):
        refused("PaymentClosed", step, number, by=admin, paymentId=number)


def test_payment__beyond_the_balance__waits_for_money(
    fontana: Contracts, admin: Person, second_admin: Person, alice: Person, issuer: Person
) -> None:
    number = propose(fontana, admin, alice, amount=100)
    pass_to(send(fontana.treasury.approvePayment, number, by=second_admin).event("PaymentApproved")["dueAt"])
    call = (fontana.treasury.makePayment, number)
    refused("ERC20InsufficientBalance", *call, by=alice, balance=0, needed=100)
    mint(fontana, issuer, fontana.treasury.address, 100)
    send(*call, by=alice)


def test_payment__due__is_made_once_by_anybody(
    fontana: Contracts, admin: Person, second_admin: Person, alice: Person, issuer: Person, stranger: Person
) -> None:
    mint(fontana, issuer, fontana.treasury.address, 300)
    asset = fontana.euro.address
    done = send(*proposal(fontana, payee=alice.address), by=admin)
    assert done.event("PaymentProposed").values == {
        "paymentId": 1,
        "proposer": admin.address,
        "asset": asset.lower(),
        "payee": alice.address,
        "amount": 100,
        "purpose": PURPOSE,
    }
    told = send(fontana.treasury.approvePayment, 1, by=second_admin).event("PaymentApproved")
    assert told["approver"] == second_admin.address
    pass_to(told["dueAt"])
    made = send(fontana.treasury.makePayment, 1, by=stranger).event("PaymentMade")
    assert made.values == {"paymentId": 1, "payee": alice.address, "asset": asset.lower(), "amount": 100}
    assert fontana.euro.balanceOf(alice.address) == 100
    refused("PaymentClosed", fontana.treasury.makePayment, 1, by=stranger, paymentId=1)
    assert fontana.treasury.paymentCount() == 1
    assert fontana.treasury.paymentOf(1)[4:] == (admin.address, second_admin.address, told["dueAt"], True)
