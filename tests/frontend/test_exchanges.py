"""Exchanges from a member's side: buying together, lending, work for the community, disputes, texts said elsewhere."""

from dataclasses import replace

from playwright.sync_api import expect

from commons.actions import services
from commons.actions.tokens import schedule_call
from commons.addresses import ZERO_ADDRESS
from commons.records import ListingTerms
from commons.records.economy import TokenCategory
from commons.units import BasisPoints, EpochSeconds
from commons.wallets import Signer
from tests.support.page import Site, Visitor
from tests.support.page_members import TOKEN, give_tokens, issue_tokens, member_with_tokens

DAY = 24 * 3600
PAID = "6"


def _visit(site: Site, member: Signer, path: str) -> Visitor:
    visitor = site.visitor(site.wallet(member))
    visitor.go(path)
    visitor.connect()
    return visitor


def _fill(visitor: Visitor, **fields: str) -> None:
    for name, value in fields.items():
        visitor.page.locator(f"[data-field='{name.replace('_', '-')}']").first.fill(value)


def _press(visitor: Visitor, name: str) -> None:
    visitor.page.get_by_role("button", name=name, exact=True).click()


def _balance(site: Site, member: Signer) -> int:
    found: int = site.world.chain.call(site.world.contracts.token.call("balanceOf", member.address))
    return found


def _set_fee(site: Site, fee_bps: BasisPoints) -> None:
    """What citizens serve each other with costs this fee, after the notice."""
    world = site.world
    now = world.chain.call(world.contracts.token.call("termsOf", TokenCategory.CITIZEN_TO_CITIZEN))
    terms = replace(now, fee_bps=fee_bps)
    world.chain.send(world.admin, schedule_call(world.contracts, TokenCategory.CITIZEN_TO_CITIZEN, terms))
    _pass_time(site, world.chain.call(world.contracts.token.call("noticePeriod")))


def _pass_time(site: Site, seconds: int) -> None:
    site.world.jump(seconds)
    site.world.chain.request("evm_mine")


def test_members__buy_together__pledge_at_a_price_said_before__and_confirm_what_the_start_reminds_of(
    site: Site,
) -> None:
    payer = member_with_tokens(site)
    supplier = _visit(site, site.world.alice, "/services/purchases")
    _fill(supplier, what="Firewood, a quintal", price="2.5", least="2", most="4", close_days="1", deliver_days="7")
    _press(supplier, "Open the purchase")
    member = _visit(site, payer, "/services/purchases")
    _fill(member, units="3")
    expect(member.page.locator("[data-cost]")).to_contain_text("3 units for 7.5 TEST")
    member.page.locator("[data-deal-quote]").get_by_text("Of 7.5 tokens, 0 are the treasury's fee").wait_for()
    assert member.serious_violations() == []
    _press(member, "Join")
    member.page.get_by_text("3 of at least 2, at most 4").wait_for()
    assert _balance(site, payer) == 20 * TOKEN - 75 * TOKEN // 10

    _pass_time(site, DAY)
    supplier.go("/")
    supplier.connect()
    supplier.page.get_by_role("link", name="Deliver what you promised, and say so").click()
    _press(supplier, "Say it is delivered")
    supplier.page.get_by_text("Delivered: waiting for the confirmation").wait_for()
    member.go("/")
    member.connect()
    member.page.get_by_role("link", name="Confirm a delivery, or dispute it; silence confirms").click()
    _press(member, "Confirm the delivery")
    member.page.get_by_text("Confirmed: waiting for the check").wait_for()
    _pass_time(site, 3 * DAY + 1)
    _press(member, "Move on")
    member.page.locator(f"[data-deal-state='{PAID}']").wait_for()
    assert _balance(site, site.world.alice) == 75 * TOKEN // 10
    assert supplier.faults == member.faults == []


def test_members__lend_and_give_back__the_deposit_returns_and_the_price_is_the_lenders(site: Site) -> None:
    payer = member_with_tokens(site)
    _set_fee(site, BasisPoints(200))
    lender = _visit(site, site.world.alice, "/services/loans")
    _fill(lender, what="A ladder of six metres", price="1", deposit="4", late="1", longest="5")
    _press(lender, "Lend it")
    borrower = _visit(site, payer, "/services/loans")
    _fill(borrower, days="3")
    expect(borrower.page.locator("[data-cost]")).to_contain_text("5 TEST leave your wallet, 4 of it as a deposit")
    borrower.page.locator("[data-deal-quote]").get_by_text("Of 1 tokens, 0.02 are the treasury's fee").wait_for()
    assert borrower.serious_violations() == []
    _press(borrower, "Borrow it")
    borrower.page.get_by_text("Reserved: waiting to be handed over").wait_for()
    assert _balance(site, payer) == 15 * TOKEN
    _press(lender, "Say it is handed over")
    borrower.go("/")
    borrower.connect()
    borrower.page.get_by_role("link", name="Give back what you borrowed").click()
    _press(borrower, "Say it is given back")
    _press(lender, "Confirm that it is back")
    borrower.page.get_by_text("Closed", exact=True).wait_for()
    assert (_balance(site, payer), _balance(site, site.world.alice)) == (19 * TOKEN, 98 * TOKEN // 100)
    lender.go("/tokens")
    lender.connect()
    lender.page.get_by_role("link", name="A ladder of six metres").wait_for()  # what the payment was for
    assert lender.faults == borrower.faults == []


def test_member__works_for_the_community__an_administrator_confirms_and_the_budget_pays(site: Site) -> None:
    world = site.world
    issue_tokens(world)
    give_tokens(world, world.contracts.works.address, 10 * TOKEN)
    admin = _visit(site, world.admin, "/services/works")
    _fill(admin, what="Mow the square", amount="2")
    _press(admin, "List it")
    member = _visit(site, world.bob, "/services/works")
    member.page.get_by_role("heading", name="Mow the square").wait_for()
    assert member.serious_violations() == []
    _press(member, "Take it")
    member.page.get_by_role("link", name="My exchanges").click()
    _fill(member, deliver_text="Mowed on Friday")
    _press(member, "Say it is delivered")
    admin.page.get_by_role("link", name="My exchanges").click()
    admin.page.get_by_text("Mowed on Friday").wait_for()
    _press(admin, "Confirm the delivery")
    member.page.get_by_text("Confirmed: waiting for the check").wait_for()
    _pass_time(site, 3 * DAY + 1)
    _press(member, "Move on")
    member.page.locator(f"[data-deal-state='{PAID}']").wait_for()
    assert _balance(site, world.bob) == 2 * TOKEN
    member.go("/tokens")
    member.connect()
    member.page.get_by_role("link", name="Mow the square").wait_for()
    assert admin.faults == member.faults == []


def test_member__disputes_a_delivery__an_administrator_divides_what_lies_in_escrow(site: Site) -> None:
    world, payer = site.world, member_with_tokens(site)
    terms = _terms(site, "Repair of a bicycle")
    world.chain.send(world.alice, services.offer_call(world.contracts, terms))
    member = _visit(site, payer, "/services/offers")
    elsewhere = member.page.locator("[data-elsewhere]")
    elsewhere.locator("summary").click()
    elsewhere.locator("[data-field='copy']").fill("Repair of a car")
    elsewhere.get_by_text("It is another text.").wait_for()
    elsewhere.locator("[data-field='copy']").fill("Repair of a bicycle")
    elsewhere.get_by_text("It is this text.").wait_for()
    expect(member.page.locator("[data-deal-quote]")).to_contain_text("Of 5 tokens")
    assert member.serious_violations() == []
    _press(member, "Take it")
    member.page.get_by_text("Nothing is listed now.").wait_for()

    maker = _visit(site, world.alice, "/services/exchanges")
    _press(maker, "Say it is delivered")
    member.page.get_by_role("link", name="My exchanges").click()
    _fill(member, dispute_text="The brake still slips")
    _press(member, "Dispute the delivery")
    admin = _visit(site, world.admin, "/services/exchanges")
    admin.page.get_by_text("The brake still slips").wait_for()
    _fill(admin, share="40")
    _press(admin, "Decide the dispute")
    member.page.locator(f"[data-deal-state='{PAID}']").wait_for()
    assert (_balance(site, world.alice), _balance(site, payer)) == (2 * TOKEN, 18 * TOKEN)
    assert member.faults == maker.faults == admin.faults == []


def _terms(site: Site, text: str) -> ListingTerms:
    """An offer for 5 tokens as the command line lists it: its text is elsewhere, its hash on the chain."""
    return ListingTerms(
        category=TokenCategory.CITIZEN_TO_CITIZEN,
        amount=5 * TOKEN,
        places=1,
        accept_by=EpochSeconds(site.world.chain.now() + 10 * DAY),
        deliver_within=10 * DAY,
        structure=ZERO_ADDRESS,
        structure_bps=BasisPoints(0),
        content_hash=services.text_hash(text),
    )
