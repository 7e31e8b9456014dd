"""An order that met no counterpart for all it asked: its member frees the lock at the page, before the settlement."""

from pathlib import Path

from tests.support.market import desks, open_day, step, usual_orders
from tests.support.page import Site


def test_member__order_filled_in_part__frees_what_is_locked_for_the_rest_once(site: Site, tmp_path: Path) -> None:
    world, operators = site.world, desks(site.world, tmp_path)
    day = open_day(world, usual_orders(world))
    day.reveal()
    step(operators)
    world.jump_to(day.view.outcome_ballot.final_at)
    world.chain.request("evm_mine")
    before = world.reader.funds(world.carla.address)

    member = site.visitor(site.wallet(world.carla))
    member.go(f"/market/{day.session_id}")
    member.connect()
    told = member.page.locator("[data-unfilled]")
    told.get_by_text("1 of your orders met no counterpart for all they asked: 0.2 kWh stay open").wait_for()
    assert member.serious_violations() == []
    member.page.get_by_role("button", name="Free it now").click()
    told.wait_for(state="detached")
    after = world.reader.funds(world.carla.address)
    assert after.free > before.free
    assert after.balance == before.balance
    assert member.faults == []
