"""What anybody brings to its end at the page: a lock for what stayed unfilled, and what penalties left in a pot."""

from collections.abc import Sequence
from pathlib import Path

from oracle.duty import Execute, Validate, due
from oracle.hands import Hands
from tests.support.market import EAGER, Day, OperatorDesk, desks, open_day, step, usual_orders, usual_readings
from tests.support.page import Site


def test_member__order_filled_in_part__frees_the_rest_and_later_sweeps_what_penalties_left(
    site: Site, tmp_path: Path
) -> None:
    world, operators = site.world, desks(site.world, tmp_path)
    day = open_day(world, usual_orders(world))
    for operator in operators:
        operator.meter(day.view, usual_readings(world))
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

    _execute_all_and_sweep_nothing(day, operators)
    world.chain.request("evm_mine")
    pot, treasury = day.view.pot, world.contracts.treasury.address
    held = world.chain.call(world.contracts.euro.call("balanceOf", treasury))
    member.go("/administration/sessions")
    member.connect()
    left = member.page.locator(f"[data-pot='{day.session_id}']")
    left.get_by_text(f"You move the {pot / 1_000_000:.4f} € left in session {day.session_id}").wait_for()
    left.get_by_role("button", name="Sweep the pot").click()
    left.wait_for(state="detached")
    member.page.get_by_role("button", name="Pay the treasury").click()
    member.page.locator("[data-owed]").wait_for(state="detached")
    assert world.chain.call(world.contracts.euro.call("balanceOf", treasury)) == held + pot > held
    assert member.faults == []


def _execute_all_and_sweep_nothing(day: Day, operators: Sequence[OperatorDesk]) -> None:
    """The session to where operators would sweep its pot next."""
    day.deliver()
    step(operators)
    day.object()
    world, operator = day.world, operators[0]
    hands = Hands(world.contracts, operator.published, EAGER)
    for expected in (Validate, Execute):
        (chore,) = due(day.view, world.chain.now(), operator.signer.address)
        assert isinstance(chore, expected)
        for sending in hands.sendings(day.view, chore):
            world.chain.send(world.stranger, sending.call)
