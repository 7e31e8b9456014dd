"""A market session opened at the page by the market operator, with what it means in words before it is signed."""

from dataclasses import replace
from datetime import timedelta

from playwright.sync_api import expect

from commons.records import SessionState
from commons.slots import local_day, local_midnight
from tests.support.chain import LIMITS
from tests.support.market import buy, open_day
from tests.support.page import Site


def test_market_operator__opens_a_session_from_the_form__it_has_what_was_said(site: Site) -> None:
    world = site.world
    admin = site.visitor(site.wallet(world.admin))
    admin.go("/administration/sessions")
    admin.connect()
    admin.page.locator("[data-field='least-challenge']").fill("30")
    admin.page.locator("[data-limits-words]").get_by_text("30 min to challenge results, 10 min for the").wait_for()
    admin.page.get_by_role("button", name="Set the least windows").click()
    admin.page.locator("[data-limits]").get_by_text("30 min to challenge results").wait_for()
    assert world.reader.window_limits() == replace(LIMITS, challenge=1800)
    day = local_day(world.chain.now()) + timedelta(days=3)
    operator = site.visitor(site.wallet(world.market_operator))
    operator.go("/administration/sessions")
    operator.connect()
    operator.page.locator("[data-field='session-day']").fill(day.isoformat())
    operator.page.locator("[data-field='cap']").fill("0.00")
    operator.page.locator("[data-field='floor']").fill("0.10")
    operator.page.get_by_role("button", name="Open the session").click()
    operator.page.get_by_text("The floor is at most the cap").wait_for()  # the contract's refusal, before any signature
    operator.page.locator("[data-field='cap']").fill("0.45")
    operator.page.locator("[data-field='deposit']").fill("2.5")
    said = operator.page.locator("[data-plan]", has_text="stakes 2.50 €")
    expect(said).to_contain_text("between 0.10 €/kWh and 0.45 €/kWh")
    operator.picture("session-opening")
    assert operator.serious_violations() == []
    operator.page.get_by_role("button", name="Open the session").click()
    operator.page.get_by_text("Opened: members can place orders.").wait_for()

    sessions = world.contracts.sessions
    number = world.chain.call(sessions.call("sessionCount"))
    found = world.chain.call(sessions.call("parametersOf", number))
    assert (found.floor_price, found.cap_price, found.deposit_fixed) == (100_000, 450_000, 2_500_000)
    assert found.delivery_start == local_midnight(day)
    assert found.slot_count * found.slot_seconds == local_midnight(day + timedelta(days=1)) - local_midnight(day)
    assert admin.faults == operator.faults == []


def test_anybody__a_session_without_settlement_in_time__cancels_it_and_frees_what_was_locked(site: Site) -> None:
    world = site.world
    day = open_day(world, {world.alice: [buy(0, 1000, 200_000)]})
    day.reveal()
    world.jump_to(day.view.parameters.settlement_timeout + 1)
    world.chain.request("evm_mine")
    assert world.chain.call(world.contracts.marketplace.call("checkFunds", world.alice.address))[1] > 0
    member = site.visitor(site.wallet(world.bob))
    member.go("/administration/sessions")
    member.connect()
    row = member.page.locator(f"[data-lapsed='{day.session_id}']")
    row.get_by_role("button", name="Cancel the session").click()
    row.wait_for(state="detached")
    state = world.chain.call(world.contracts.sessions.call("stateOf", day.session_id))
    assert state == SessionState.CANCELLED
    assert member.faults == []
