"""The administration's desks: an incentive recorded and closed, stakeholders who pay and buy, a budget, a community."""

from dataclasses import replace

from playwright.sync_api import expect

from commons.actions import community as joining
from commons.actions import funds
from commons.actions.incentives import rule_id
from commons.records import EnergyProfile, MemberKind, MemberStatus
from commons.records.economy import TokenAmount
from commons.units import UE_PER_EURO, MoneyUe
from commons.wallets import Signer
from tests.support.page import Site
from tests.support.page_members import ISSUED, TOKEN, give_tokens, issue_tokens

HUNDRED = MoneyUe(100 * UE_PER_EURO)


def _token_admin(site: Site) -> Signer:
    world = site.world
    world.chain.send(world.admin, joining.grant_call(world.contracts, "TOKEN_ADMIN", world.admin.address))
    return world.admin


def _euro_for(site: Site, holder: Signer) -> None:
    site.world.chain.send(
        site.world.issuer, funds.mint_call(site.world.contracts.euro, holder.address, HUNDRED, f"for {holder.address}")
    )


def test_incentive__recorded_at_the_page__waits_for_operators_and_goes_back_when_nobody_splits_it(site: Site) -> None:
    world, admin = site.world, site.world.admin
    issue_tokens(world)
    _euro_for(site, admin)
    desk = site.visitor(site.wallet(admin))
    desk.go("/administration/incentives")
    desk.connect()
    desk.page.locator("[data-field='first']").fill("2026-10-01")
    desk.page.locator("[data-field='last']").fill("2026-10-31")
    desk.page.locator("[data-field='amount']").fill("80.50")
    desk.page.locator("[data-field='bank']").fill("GSE 2026/10")
    desk.page.get_by_text("80.50 € of your settlement euro").wait_for()
    desk.page.get_by_role("button", name="Record it").click()
    row = desk.page.locator("[data-incentive='1']")
    row.get_by_text("waits for the operators").wait_for()
    found = world.chain.call(world.contracts.treasury.call("incentiveOf", 1))
    assert (found.amount, found.rule_id) == (80_500_000, rule_id("shared-energy/1"))
    assert found.bank_reference == funds.bank_reference("GSE 2026/10")
    desk.page.locator("[data-bonus-words]").get_by_text("3 TEST to each consumer").wait_for()
    desk.picture("incentives")
    assert desk.serious_violations() == []
    desk.page.get_by_role("button", name="Confirm the energy bonus").click()
    desk.page.locator("[data-bonus-words]").wait_for(state="detached")
    assert world.chain.call(world.contracts.works.call("energyBonusOf", 1))[1]

    world.jump(world.chain.call(world.contracts.treasury.call("SPLIT_TIME")) + 1)
    world.chain.request("evm_mine")
    desk.page.get_by_text("80.50 € that nobody claimed").wait_for()
    desk.page.get_by_role("button", name="Close it").click()
    row.get_by_text("closed", exact=True).wait_for()
    assert world.chain.call(world.contracts.treasury.call("reserved")) == 0
    assert desk.faults == []


def _stakeholder(site: Site) -> Signer:
    """An active shop with euro; the year costs 30 €, a token 2 €, and the treasury has tokens."""
    world, admin, shop = site.world, _token_admin(site), site.world.stranger
    token = world.contracts.token
    terms = [(TokenAmount.YEARLY_FEE, 30 * UE_PER_EURO), (TokenAmount.TOKEN_PRICE, 2 * UE_PER_EURO)]
    calls = [token.call("scheduleAmount", which, amount) for which, amount in terms]
    world.chain.send_all([(admin, call) for call in [*calls, token.call("issue", ISSUED)]])
    signed = joining.application_for(world.reader, shop, MemberKind.STAKEHOLDER, EnergyProfile.CONSUMER)
    world.chain.send(world.admin, joining.register_call(world.contracts, signed))
    joining.approve(world.reader, world.admin, shop.address)
    _euro_for(site, shop)
    return shop


def test_stakeholder__pays_its_year_and_buys_tokens__is_refused_before_it_has_paid(site: Site) -> None:
    world, shop = site.world, _stakeholder(site)
    desk = site.visitor(site.wallet(shop))
    desk.go("/administration/desk")
    desk.connect()
    row = desk.page.locator(f"[data-stakeholder='{shop.address.lower()}']")
    row.get_by_text("not paid").wait_for()
    desk.page.locator("[data-field='buy']").fill("25")
    assert (
        "25.00 € go out of your wallet to the treasury, and 12.5 TEST"
        in desk.page.locator("[data-buying]").inner_text()
    )
    desk.picture("stakeholder-desk")
    assert desk.serious_violations() == []
    desk.page.get_by_role("button", name="Buy the tokens").click()
    desk.page.locator(".note.bad").first.wait_for()
    assert world.chain.call(world.contracts.token.call("balanceOf", shop.address)) == 0
    row.get_by_role("button", name="Pay the year").click()
    row.get_by_text("paid until").wait_for()
    desk.page.get_by_role("button", name="Buy the tokens").click()
    desk.page.locator(".note.good", has_text="Bought.").wait_for()
    assert world.chain.call(world.contracts.token.call("balanceOf", shop.address)) == 12_500_000_000_000_000_000
    assert world.chain.call(world.contracts.euro.call("balanceOf", shop.address)) == HUNDRED - 55 * UE_PER_EURO
    assert desk.faults == []


def test_token_admin__gives_budget_back__never_more_than_is_free(site: Site) -> None:
    world = site.world
    issue_tokens(world)
    give_tokens(world, world.contracts.works.address, 40 * TOKEN)
    desk = site.visitor(site.wallet(world.admin))
    desk.go("/administration/treasury")
    desk.connect()
    desk.page.locator("[data-budget]").get_by_text("40 TEST can still be promised").wait_for()
    desk.page.locator("[data-field='give-back']").fill("41")
    expect(desk.page.get_by_role("button", name="Give back to the treasury")).to_be_disabled()
    desk.page.locator("[data-field='give-back']").fill("15.5")
    desk.page.get_by_text("15.5 TEST go back to the treasury").wait_for()
    desk.page.get_by_role("button", name="Give back to the treasury").click()
    desk.page.locator("[data-budget]").get_by_text("24.5 TEST can still be promised").wait_for()
    assert world.chain.call(world.contracts.works.call("budget")) == TOKEN * 49 // 2
    assert desk.faults == []


def test_platform_admin__creates_a_community__its_administrator_and_terms_are_what_was_said(site: Site) -> None:
    world = site.world
    factory = world.deployment.factory
    creator = site.visitor(site.wallet(world.platform_admin))
    creator.go("/administration/create")
    creator.connect()
    creator.page.locator("[data-field='name']").fill("Valle Alta")
    creator.page.locator("[data-field='admin']").fill(world.alice.address)
    creator.page.locator("[data-field='operators']").fill(world.bob.address)
    words = creator.page.locator("[data-words]")
    words.get_by_text("“Valle Alta” gets fifteen contracts of its own").wait_for()
    expect(words).to_contain_text(world.alice.address, ignore_case=True)
    creator.picture("new-community")
    assert creator.serious_violations() == []
    creator.page.get_by_role("button", name="Create the community").click()
    creator.page.get_by_text("Created. Choose it under").wait_for()
    made = world.chain.events(factory, world.community.created_block + 1, names=("CommunityCreated",))
    assert [event.args["name"] for event in made] == ["Valle Alta"]
    community = replace(world.contracts.community, address=made[0].args["community"])
    assert world.chain.call(community.call("hasRole", bytes(32), world.alice.address))
    assert not world.chain.call(community.call("hasRole", bytes(32), world.platform_admin.address))
    assert creator.faults == []


def test_role__given_at_the_page__and_taken_away_with_words(site: Site) -> None:
    world = site.world
    chief = site.visitor(site.wallet(world.admin))
    chief.go("/roles")
    chief.connect()
    chief.page.locator("[data-account]").fill(world.bob.address)
    expect(chief.page.locator("[data-words]")).to_contain_text(world.bob.address)
    chief.picture("roles")
    assert chief.serious_violations() == []
    chief.page.get_by_role("button", name="Give the role").click()
    holder = chief.page.locator(f"[data-holder='{world.bob.address}' i]")
    holder.wait_for()
    assert world.reader.member(world.bob.address).status == MemberStatus.ACTIVE
    holder.get_by_role("button", name="Take away").click()
    holder.wait_for(state="detached")
    assert chief.faults == []


def test_reader__in_italian_without_a_wallet__finds_every_desk_in_words_and_no_barrier(site: Site) -> None:
    reader = site.visitor(language="it")
    for path, heading in [
        ("/administration/sessions", "Apri una sessione"),
        ("/administration/desk", "Sportello dei portatori d'interesse"),
        ("/administration/treasury", "Fondo per lavori e premi energia"),
        ("/fees", "Prova un cambiamento"),
        ("/members", "Membri"),
        ("/roles", "Ruoli"),
    ]:
        reader.go(path)
        reader.page.get_by_role("heading", name=heading, exact=True).wait_for()
        assert reader.serious_violations() == [], path
    assert reader.faults == []
