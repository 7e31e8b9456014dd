"""Fees at the page: a change is tried on payments that were made, announced, and then in force as it was foretold."""

from playwright.sync_api import expect

from commons.actions import community as joining
from commons.actions import tokens
from commons.records.economy import TokenAmount, TokenCategory
from tests.support.page import Site
from tests.support.page_members import TOKEN, member_with_tokens

CITIZENS = int(TokenCategory.CITIZEN_TO_CITIZEN)
NAME = "A citizen serves a citizen"


def _pay(site: Site, amount: int) -> None:
    """The member with tokens pays Alice, who serves it."""
    call = tokens.pay_call(site.world.contracts, site.world.alice.address, amount, TokenCategory.CITIZEN_TO_CITIZEN)
    site.world.chain.send(site.world.stranger, call)


def _tokens(site: Site, account: str) -> int:
    found: int = site.world.chain.call(site.world.contracts.token.call("balanceOf", account))
    return found


def test_fee__tried_on_real_payments_and_announced__comes_out_as_foretold(site: Site) -> None:
    member_with_tokens(site)
    _pay(site, 3 * TOKEN)
    _pay(site, 5 * TOKEN)
    admin = site.visitor(site.wallet(site.world.admin))
    admin.go("/fees")
    admin.connect()
    admin.page.locator("[data-field='category']").select_option(label=NAME)
    admin.page.locator("[data-field='fee']").fill("25")
    expect(admin.page.locator("[data-passed]")).to_contain_text("No fee may be above 20 %")
    expect(admin.page.get_by_role("button", name="Announce the change")).to_be_disabled()
    admin.page.locator("[data-field='fee']").fill("1.5")
    expect(admin.page.locator("[data-words]")).to_contain_text("will cost 1.5 %")

    admin.page.get_by_role("button", name="Try it on real payments").click()
    told = admin.page.locator(f"[data-told='{CITIZENS}']")
    told.locator("[data-would-fee]").get_by_text("0.12", exact=True).wait_for()
    expect(admin.page.locator("[data-checked]")).to_contain_text("2 payments told again here")
    expect(admin.page.locator("[data-treasury]")).to_contain_text("The treasury would hold 0.12 TEST more")
    admin.picture("fee-simulated")
    assert admin.serious_violations() == []

    admin.page.get_by_role("button", name="Announce the change").click()
    reader = site.visitor()
    reader.go("/fees")
    row = reader.page.locator(f"[data-category='{CITIZENS}']")
    row.get_by_text("fee 1.5 %").wait_for()
    reader.picture("fees")
    site.world.jump(site.world.chain.call(site.world.contracts.token.call("noticePeriod")) + 1)
    site.world.chain.request("evm_mine")
    row.locator("[data-fee]").get_by_text("1.5 %").wait_for()
    treasury = site.world.contracts.treasury.address
    before = _tokens(site, treasury)
    _pay(site, 8 * TOKEN)
    assert _tokens(site, treasury) - before == TOKEN * 12 // 100
    assert admin.faults == reader.faults == []


def test_token_admin__issues_and_sets_a_bonus__said_in_words_and_seen_by_all(site: Site) -> None:
    world = site.world
    world.chain.send(world.admin, joining.grant_call(world.contracts, "TOKEN_ADMIN", world.admin.address))
    admin = site.visitor(site.wallet(world.admin))
    admin.go("/fees")
    admin.connect()
    admin.page.locator("[data-field='issue']").fill("2000000")
    admin.page.get_by_text("above what may still be issued this year").wait_for()
    expect(admin.page.get_by_role("button", name="Issue to the treasury")).to_be_disabled()
    admin.page.locator("[data-field='issue']").fill("250")
    admin.page.get_by_text("nobody's wallet changes").wait_for()
    admin.page.get_by_role("button", name="Issue to the treasury").click()
    admin.page.locator("[data-treasury-tokens]").get_by_text("250 TEST").wait_for()

    admin.page.locator("[data-field='amount-kind']").select_option(label="Energy bonus of a prosumer")
    admin.page.locator("[data-field='new-amount']").fill("4.5")
    admin.page.get_by_role("button", name="Announce the amount").click()
    reader = site.visitor(language="it")
    reader.go("/fees")
    row = reader.page.locator(f"[data-amount='{int(TokenAmount.ENERGY_PROSUMER)}']")
    row.get_by_text("4,5 TEST dal").wait_for()
    assert admin.faults == reader.faults == []
