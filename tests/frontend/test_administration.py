"""Administrators at the page: a payment by two people, reward rules, operators, and books that agree with the chain."""

import csv
import io
from dataclasses import replace

from playwright.sync_api import expect

from commons.actions import community as joining
from tests.support.chain import TERMS
from tests.support.page import Site
from tests.support.page_members import TOKEN, member_with_tokens


def test_treasury__one_proposes_and_another_approves__paid_after_the_notice(site: Site) -> None:
    world, member = site.world, member_with_tokens(site)
    world.chain.send(world.admin, joining.grant_call(world.contracts, "COMMUNITY_ADMIN", world.bob.address))
    before = world.chain.call(world.contracts.token.call("balanceOf", world.alice.address))
    proposer = site.visitor(site.wallet(world.admin))
    proposer.go("/administration/treasury")
    proposer.connect()
    proposer.page.locator("[data-field='asset']").select_option(label="community tokens")
    proposer.page.locator("[data-field='amount']").fill("5")
    proposer.page.locator("[data-field='payee']").fill(world.alice.address)
    proposer.page.locator("[data-field='purpose']").fill("a hall for the assembly")
    proposer.page.get_by_role("button", name="Propose", exact=True).click()
    row = proposer.page.locator("[data-payment='1']")
    row.get_by_text("waits for a second person").wait_for()
    assert row.get_by_role("button", name="Approve").count() == 0  # not by the one who proposed it

    approver = site.visitor(site.wallet(world.bob))
    approver.go("/administration/treasury")
    approver.connect()
    approver.page.get_by_role("button", name="Approve", exact=True).click()
    approver.page.get_by_text("approved, its notice runs").wait_for()
    world.jump(world.chain.call(world.contracts.treasury.call("noticePeriod")) + 1)
    world.chain.request("evm_mine")
    anybody = site.visitor(site.wallet(member))
    anybody.go("/administration/treasury")
    anybody.connect()
    anybody.page.get_by_role("button", name="Make the payment").click()
    anybody.page.get_by_text("paid out").wait_for()
    anybody.picture("treasury")
    assert anybody.serious_violations() == []
    assert world.chain.call(world.contracts.token.call("balanceOf", world.alice.address)) == before + 5 * TOKEN
    assert proposer.faults == approver.faults == anybody.faults == []


def test_books__rebuilt_in_the_browser__agree_with_the_chain_before_a_file_is_given(site: Site) -> None:
    member = member_with_tokens(site)
    reader = site.visitor()
    reader.go("/administration/books")
    reader.page.get_by_role("button", name="Build and check the books").click()
    reader.page.locator("[data-books='right']").wait_for()
    with reader.page.expect_download() as saving:
        reader.page.locator("[data-file='balances.csv']").click()
    written = saving.value.path().read_text(encoding="utf-8")
    balances = {row["account"]: row["tokens"] for row in csv.DictReader(io.StringIO(written))}
    assert balances[member.address.lower()] == "20"
    assert reader.page.locator("[data-file]").count() == 4
    assert reader.faults == []


def test_oracle_admin__sets_a_reward_rule_and_announces_operators__everybody_reads_them_in_words(site: Site) -> None:
    world = site.world
    world.chain.send(world.admin, joining.grant_call(world.contracts, "ORACLE_ADMIN", world.admin.address))
    admin = site.visitor(site.wallet(world.admin))
    admin.go("/administration/rewards")
    admin.connect()
    admin.page.locator("[data-field='from']").fill("2099-01-01")
    admin.page.locator("[data-field='per-kwh']").fill("0.25")
    admin.page.get_by_role("button", name="Set the rule").click()
    reader = site.visitor()
    reader.go("/administration/rewards")
    rule = reader.page.locator("[data-parameters='1']")
    rule.get_by_text("Each kWh that counts in full earns 0.25 tokens.").wait_for()
    rule.get_by_role("heading", name="From 2099-01-01 on").wait_for()

    admin.go("/administration/operators")
    admin.connect()
    wanted = [*(operator.address for operator in world.operators[1:]), world.stranger.address]
    admin.page.locator("[data-field='operators']").fill("\n".join(wanted))
    admin.page.locator("[data-field='threshold']").fill("1")
    admin.page.get_by_text("no more than half of the operators would have to agree").wait_for()
    expect(admin.page.get_by_role("button", name="Announce the set")).to_be_disabled()
    admin.page.locator("[data-field='threshold']").fill("3")
    words = admin.page.locator("[data-set-words]")
    words.get_by_text("3 of 3 operators will have to agree, each with a bond of at least 100.00 €").wait_for()
    words.get_by_text(f"{world.operators[0].address} will be no operator any more.").wait_for()
    admin.picture("operator-set")
    assert admin.serious_violations() == []
    admin.page.get_by_role("button", name="Announce the set").click()
    reader.go("/administration/operators")
    reader.page.locator("[data-announced='2']").get_by_text(world.stranger.address).wait_for()
    found = world.chain.call(world.contracts.quorum.call("operatorSet", 2))
    assert (list(found.operators), found.terms) == (wanted, replace(TERMS, threshold=3))
    assert world.chain.call(world.contracts.quorum.call("currentSetId")) == 1
    assert admin.faults == reader.faults == []
