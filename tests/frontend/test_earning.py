"""What a member's energy earned, at the page: fetched, explained number by number, taken out, and checked by others."""

from playwright.sync_api import FilePayload, expect

from tests.support.page import Site, Visitor
from tests.support.page_earning import SHARES, Earned
from tests.support.page_members import ENERGY_BONUS
from tests.support.rewards import earned, tokens_of


def test_member__fetches_what_waits__explains_it_and_takes_readings_out_that_a_stranger_verifies(
    earned_day: Earned,
) -> None:
    site, world = earned_day.site, earned_day.site.world
    euro = world.reader.euro_balance(world.alice.address)
    wallet = site.wallet(world.alice)
    member = site.visitor(wallet)
    member.go("/")
    member.connect()
    _fetch_all(member)
    assert world.reader.euro_balance(world.alice.address) == euro + 36_000_000
    assert tokens_of(world, world.alice.address) == earned(world)[world.alice.address] + ENERGY_BONUS
    member.page.get_by_role("button", name="Sign in and show it").click()
    member.page.locator("[data-today]").wait_for()
    assert member.serious_violations() == []
    member.picture("home")
    _explain(member, earned_day)
    _look_at_energy(member, earned_day)
    bundle = _take_out(member, earned_day)
    assert wallet.asked.count("personal_sign") >= 1
    assert member.faults == []
    _verify(site, bundle)
    _close_incentive(site)


def _fetch_all(member: Visitor) -> None:
    """The share first: the bonus comes once it is paid."""
    page = member.page
    share = page.locator("[data-claim='share-1']")
    expect(share).to_contain_text(SHARES["alice"])
    member.picture("home-claims")
    share.get_by_role("button", name="Fetch it").click()
    bonus = page.locator("[data-claim='bonus-1']")
    bonus.get_by_role("button", name="Fetch it").click()
    bonus.wait_for(state="detached")
    reward = page.locator("[data-claim^='reward-']")
    reward.get_by_role("button", name="Fetch it").click()
    reward.wait_for(state="detached")


def _explain(member: Visitor, earned_day: Earned) -> None:
    """Each number of the day, and the same amount as was posted."""
    page = member.page
    page.get_by_role("link", name="Rewards", exact=True).click()
    page.get_by_role("button", name="Why so much?").click()
    page.locator("[data-ask-reasons]").click()
    reasons = page.locator("[data-reasons]")
    reasons.wait_for()
    said = reasons.inner_text()
    assert "You used 36,000 Wh and produced 0 Wh." in said
    assert "36,000 Wh × 0.1 ÷ 1000 = 3.6 tokens" in said
    assert page.get_by_text("reckons another amount").count() == 0
    assert earned_day.site.world.alice.address not in said
    member.picture("rewards")
    page.get_by_text("Slot by slot, in Wh").first.click()
    assert member.serious_violations() == []


def _look_at_energy(member: Visitor, earned_day: Earned) -> None:
    """The day as a chart and a table."""
    page = member.page
    page.get_by_role("link", name="My energy").click()
    for field in ("first", "last"):
        page.locator(f"[data-field='{field}']").fill(earned_day.day.isoformat())
    page.locator("[echarts] canvas").wait_for()
    page.get_by_role("definition").filter(has_text="36.0 kWh").first.wait_for()
    member.picture("energy")
    page.get_by_text("The same as a table").click()
    row = page.get_by_role("row").filter(has=page.get_by_role("rowheader", name="12:00"))
    row.wait_for()
    assert row.get_by_role("cell").all_inner_texts() == ["1.500", "0.000", "1.500", "0.000"]
    assert page.get_by_text("a reading is missing").count() == 1  # of the table's caption alone
    assert member.serious_violations() == []


def _take_out(member: Visitor, earned_day: Earned) -> bytes:
    """The day's readings as a file, checked by the page against the chain while it saves it."""
    page = member.page
    page.get_by_role("link", name="Rewards", exact=True).click()
    page.get_by_role("button", name="Sign in and list my days").click()
    with page.expect_download() as saving:
        page.locator(f"[data-bundle='{earned_day.day}']").click()
    page.get_by_text("whole, and its root is on the chain for good").wait_for()
    return saving.value.path().read_bytes()


def _verify(site: Site, bundle: bytes) -> None:
    """A stranger without a wallet drops the file: it holds; with one digit of a reading changed it does not."""
    auditor = site.visitor()
    auditor.go("/verify")
    _drop(auditor, bundle)
    auditor.page.locator("[data-finding='right']").wait_for()
    changed = bundle.replace(b'"1500"', b'"1501"', 1)
    assert changed != bundle
    _drop(auditor, changed)
    auditor.page.locator("[data-finding='wrong']").wait_for()
    assert auditor.faults == []


def _close_incentive(site: Site) -> None:
    """Members claim no share any more once its time is over: anybody lets what is left be the treasury's again."""
    world = site.world
    world.jump(world.chain.call(world.contracts.treasury.call("CLAIM_TIME")))
    world.chain.request("evm_mine")
    anybody = site.visitor(site.wallet(world.dino))
    anybody.go("/administration/incentives")
    anybody.connect()
    todo = anybody.page.locator("[data-todo='1']")
    todo.get_by_text("60.00 € that nobody claimed").wait_for()
    todo.get_by_role("button", name="Close it").click()
    anybody.page.locator("[data-incentive='1']").get_by_text("closed", exact=True).wait_for()
    assert world.chain.call(world.contracts.treasury.call("reserved")) == 0
    assert anybody.faults == []


def _drop(auditor: Visitor, content: bytes) -> None:
    file: FilePayload = {"name": "readings.json", "mimeType": "application/json", "buffer": content}
    auditor.page.locator("[data-file]").set_input_files(file)
