"""A member's meters at the page: signed for an administrator, shown once bound, given up."""

from pathlib import Path

from commons.actions.bindings import bind_call
from commons.actions.points import read_binding
from tests.support.page import Site
from tests.support.rewards import exchange_of


def test_member__signs_that_a_meter_is_its_own__the_command_line_reads_the_file_and_it_is_bound(
    site: Site, tmp_path: Path
) -> None:
    world, point = site.world, exchange_of(site.world.alice)
    wallet = site.wallet(world.alice)
    member = site.visitor(wallet)
    member.go("/join")
    member.connect()
    member.page.locator("[data-no-point]").wait_for()
    member.page.get_by_text("Sign that a meter is yours").click()
    member.page.locator("[data-field='point']").fill("0x" + point.hex())
    with member.page.expect_download() as saving:
        member.page.get_by_role("button", name="Sign and save for the administrator").click()
    file = tmp_path / "meter.json"
    saving.value.save_as(file)
    assert "eth_sendTransaction" not in wallet.asked
    world.chain.send(world.admin, bind_call(world.reader, world.admin, read_binding(world.reader, file)))

    bound = member.page.locator(f"[data-point='0x{point.hex()}']")
    bound.get_by_text("at the grid, yours since").wait_for()
    assert member.serious_violations() == []
    member.picture("meters")
    bound.get_by_text("Give it up").click()
    bound.get_by_role("button", name="This meter is no longer mine").click()
    bound.wait_for(state="detached")
    assert member.faults == []
