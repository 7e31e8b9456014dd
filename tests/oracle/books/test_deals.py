"""What a payment out of escrow brought along, told from the events before it."""

from typing import Any

import pytest

from commons.addresses import ZERO_ADDRESS, Address
from commons.chain import Event
from commons.records import MemberKind
from commons.records.economy import CategoryTerms, TokenCategory
from commons.units import BPS, BasisPoints, EpochSeconds
from oracle.books.deals import DealBook, reference
from oracle.economy.timeline import Announcement, Timeline, Track
from oracle.economy.types import Deal

SERVICES, LOANS, COMMUNITY, ALICE, BOB, SHOP, NEW, OTHER = (Address("0x" + digit * 40) for digit in "12345678")
LATER = EpochSeconds(100)
FULL = BasisPoints(BPS)


def said(source: Address, event: str, /, **args: Any) -> Event:
    return Event(source, event, args, 1, 0, "0x1")


def standing(event: str, wallet: Address, **args: Any) -> Event:
    return said(COMMUNITY, event, wallet=wallet, **args)


def replaced(old: Address, new: Address) -> Event:
    return said(COMMUNITY, "WalletReplaced", oldWallet=old, newWallet=new)


def vetoed(old: Address, holder: Address) -> Event:
    return said(COMMUNITY, "ReplacementVetoed", oldWallet=old, newWallet=holder)


def opened(number: int = 1, fee_bps: int = 300) -> Event:
    return said(SERVICES, "DealOpened", dealId=number, feeBps=fee_bps)


def checked(sustainability: int, social: int) -> Event:
    return said(SERVICES, "DealChecked", dealId=1, sustainabilityBps=sustainability, socialBps=social)


def reserved(borrower: Address, lender: Address) -> Event:
    return said(LOANS, "LoanReserved", loanId=1, borrower=borrower, lender=lender)


def announced(from_: int, fee_bps: int) -> Announcement[CategoryTerms]:
    terms = CategoryTerms(BasisPoints(fee_bps), BasisPoints(0), BasisPoints(0), 0, 0, 0, False, EpochSeconds(0))
    return Announcement(EpochSeconds(0), EpochSeconds(from_), terms)


def deal_after(
    *events: Event,
    payer: Address = ALICE,
    payee: Address = BOB,
    source: Address = SERVICES,
    category: TokenCategory = TokenCategory.CITIZEN_TO_CITIZEN,
    at: int = 0,
) -> Deal | None:
    """What the payment of deal or loan 1 brought along after Alice, Bob and the shop had joined and these events."""
    terms = Timeline(
        {
            TokenCategory.CITIZEN_TO_CITIZEN: Track.of([announced(0, 100), announced(LATER, 900)]),
            TokenCategory.CITIZEN_TO_STAKEHOLDER: Track.of([announced(0, 200)]),
            TokenCategory.STAKEHOLDER_TO_CITIZEN: Track.of([announced(0, 400)]),
        },
        {},
    )
    book = DealBook(terms, {1: EpochSeconds(at)})
    kinds = {ALICE: MemberKind.CITIZEN, BOB: MemberKind.CITIZEN, SHOP: MemberKind.STAKEHOLDER}
    for event in (*(standing("MemberApproved", who, kind=kind) for who, kind in kinds.items()), *events):
        book.feed(event)
    about = {"paymentReference": reference(source, 1), "category": category, "payer": payer, "payee": payee}
    return book.deal(said(ZERO_ADDRESS, "Paid", **about))


def found(deal: Deal | None) -> Deal:
    assert deal is not None
    return deal


def test_deal__payment_from_wallet_to_wallet__brings_nothing_along() -> None:
    assert deal_after() is None
    assert deal_after(opened(number=2)) is None


def test_deal__same_number_of_another_contract__is_another_deal() -> None:
    assert deal_after(opened(), source=LOANS) is None


def test_deal__opened__keeps_the_fee_agreed_on_and_is_unchecked() -> None:
    assert deal_after(opened(fee_bps=250)) == Deal(BasisPoints(250), is_checked=False, value_bps=FULL)


def test_deal__checked__is_worth_the_mean_of_both_values_rounded_down() -> None:
    deal = found(deal_after(opened(), checked(3_335, 10_000)))

    assert (deal.fee_bps, deal.is_checked, deal.value_bps) == (300, True, 6_667)


def test_deal__decided_after_a_check__earns_no_incentive() -> None:
    decided = said(SERVICES, "DealDecided", dealId=1)
    deal = found(deal_after(opened(), checked(10_000, 10_000), decided))

    assert (deal.is_checked, deal.value_bps) == (True, 0)


def test_deal__energy_bonus__has_no_fee_and_needs_no_deal() -> None:
    assert deal_after(category=TokenCategory.ENERGY_BONUS) == Deal(BasisPoints(0), is_checked=False, value_bps=FULL)


@pytest.mark.parametrize(("borrower", "lender", "fee_bps"), [(ALICE, BOB, 100), (ALICE, SHOP, 400), (SHOP, BOB, 200)])
def test_loan__fee__is_that_of_the_kinds_of_the_two(borrower: Address, lender: Address, fee_bps: int) -> None:
    """Categories say where the good goes: it comes from the lender, whom the borrower pays."""
    assert found(deal_after(reserved(borrower, lender), source=LOANS)).fee_bps == fee_bps


def test_loan__fee__is_the_one_in_force_when_it_was_reserved() -> None:
    fees = [found(deal_after(reserved(ALICE, BOB), source=LOANS, at=at)).fee_bps for at in (LATER - 1, LATER)]

    assert fees == [100, 900]


def test_loan__of_a_wallet_that_replaced_another__is_of_its_members_kind() -> None:
    assert found(deal_after(replaced(SHOP, NEW), reserved(NEW, BOB), source=LOANS)).fee_bps == 200


@pytest.mark.parametrize("event", ["MemberSuspended", "MemberLeft"])
def test_entitled__suspended_or_gone__is_not(event: str) -> None:
    payer_gone, payee_gone = (found(deal_after(opened(), standing(event, who))) for who in (ALICE, BOB))

    assert (payer_gone.payer_is_entitled, payer_gone.payee_is_entitled) == (False, True)
    assert (payee_gone.payer_is_entitled, payee_gone.payee_is_entitled) == (True, False)


def test_entitled__reinstated__is_again() -> None:
    events = (standing("MemberSuspended", ALICE), standing("MemberReinstated", ALICE))

    assert found(deal_after(opened(), *events)).payer_is_entitled


def test_entitled__active_wallet_replaced__goes_from_the_old_to_the_new() -> None:
    assert found(deal_after(opened(), replaced(ALICE, NEW), payer=NEW)).payer_is_entitled
    assert not found(deal_after(opened(), replaced(ALICE, NEW))).payer_is_entitled


def test_entitled__suspended_wallet_replaced__stays_suspended() -> None:
    events = (standing("MemberSuspended", ALICE), replaced(ALICE, NEW))

    assert not found(deal_after(opened(), *events, payer=NEW)).payer_is_entitled
    assert found(deal_after(opened(), *events, standing("MemberReinstated", NEW), payer=NEW)).payer_is_entitled


def test_entitled__replacement_vetoed__gives_back_what_the_old_wallet_was() -> None:
    events = (replaced(ALICE, NEW), vetoed(ALICE, NEW))
    suspended = (standing("MemberSuspended", ALICE), *events)

    assert found(deal_after(opened(), *events)).payer_is_entitled
    assert not found(deal_after(opened(), *events, payer=NEW)).payer_is_entitled
    assert not found(deal_after(opened(), *suspended)).payer_is_entitled


def test_entitled__suspended_at_the_new_wallet_then_vetoed__is_active_as_the_old_was() -> None:
    events = (replaced(ALICE, NEW), standing("MemberSuspended", NEW), vetoed(ALICE, NEW))

    assert found(deal_after(opened(), *events)).payer_is_entitled


def test_loan__vetoed_back_from_a_wallet_that_joined_as_another_kind__is_of_the_old_kind() -> None:
    joined_anew = standing("MemberApproved", OTHER, kind=MemberKind.STAKEHOLDER)
    events = (replaced(ALICE, NEW), standing("MemberLeft", NEW), joined_anew, vetoed(ALICE, OTHER))

    assert found(deal_after(*events, reserved(ALICE, BOB), source=LOANS)).fee_bps == 100
    assert not found(deal_after(opened(), *events, payer=OTHER)).payer_is_entitled
