"""The community's token at the page: paying with it, told before what it costs."""

from playwright.sync_api import expect

from tests.support.page import Site
from tests.support.page_members import member_with_tokens


def test_member__pays_another_in_tokens__is_told_before_what_it_costs_and_sees_what_it_was_for(site: Site) -> None:
    payer = member_with_tokens(site)
    member = site.visitor(site.wallet(payer))
    member.go("/tokens")
    member.connect()
    member.page.locator("[data-payee]").fill(site.world.alice.address)
    member.page.locator("[data-amount]").fill("2.5")
    member.page.locator("[data-purpose]").fill("bread for Sunday")
    expect(member.page.locator("[data-quote]")).to_contain_text("2.5 leave your wallet")
    member.page.get_by_role("button", name="Pay", exact=True).click()
    member.page.get_by_role("cell", name="bread for Sunday").wait_for()
    member.picture("tokens")
    chain, token = site.world.chain, site.world.contracts.token
    assert chain.call(token.call("balanceOf", payer.address)) == 17_500_000_000_000_000_000
    assert member.faults == []


def test_member__pays_a_stranger__is_refused_before_the_wallet_is_asked(site: Site) -> None:
    payer = member_with_tokens(site)
    wallet = site.wallet(payer)
    member = site.visitor(wallet)
    member.go("/tokens")
    member.connect()
    member.page.locator("[data-payee]").fill("0x" + "ab" * 20)
    member.page.locator("[data-amount]").fill("1")
    member.page.get_by_role("button", name="Pay", exact=True).click()
    member.page.get_by_text("is no active member, and tokens move among active members only").first.wait_for()
    assert "eth_sendTransaction" not in wallet.asked
