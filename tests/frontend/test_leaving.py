"""A member's own at the page: energy behind a signature, and leaving, said in words before it is signed."""

from playwright.sync_api import expect

from commons.records import MemberStatus
from tests.support.page import LONGEST_MS, Site


def test_energy__where_no_operator_shows_it__signs_in_and_says_so(site: Site) -> None:
    wallet = site.wallet(site.world.alice)
    member = site.visitor(wallet)
    member.go("/energy")
    member.connect()
    member.page.get_by_role("button", name="Sign in and show my energy").click()
    for _ in range(LONGEST_MS // 100):
        if "personal_sign" in wallet.asked:
            break
        member.page.wait_for_timeout(100)
    assert "personal_sign" in wallet.asked
    member.page.get_by_role("alert").first.wait_for()
    assert "eth_sendTransaction" not in wallet.asked
    assert member.serious_violations() == []
    assert member.faults == []


def test_member__leaves_after_reading_what_follows__is_gone_and_keeps_its_escrow(site: Site) -> None:
    world = site.world
    before = world.reader.funds(world.bob.address).free
    member = site.visitor(site.wallet(world.bob))
    member.go("/rewards")
    member.connect()
    leave = member.page.get_by_role("button", name="Leave", exact=True)
    leave.wait_for()
    expect(leave).to_be_disabled()
    member.page.locator("[data-read-leaving]").check()
    member.picture("leaving")
    assert member.serious_violations() == []
    leave.click()
    leave.wait_for(state="detached")
    assert world.reader.member(world.bob.address).status is MemberStatus.LEFT
    assert world.reader.funds(world.bob.address).free == before
    assert member.faults == []
