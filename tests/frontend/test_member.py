"""A member at the page: joins, seals, reveals, is settled, takes money out; and what the page says when it cannot."""

import json
import re
from pathlib import Path

from playwright.sync_api import FilePayload, expect

from commons.units import UE_PER_EURO, PriceUekwh
from commons.wallets import known_signer
from tests.support.chain import ESCROW
from tests.support.market import buy, desks, open_day, sell, step, usual_readings
from tests.support.page import Site, Visitor
from tests.support.page_members import ISSUED, TOKEN, promise_welcome

SLOTS = 4


def _place(member: Visitor, slot: int, side: str, kwh: str, limit: str) -> None:
    page = member.page
    page.locator(f"[data-side='{slot}']").select_option(side)
    page.locator(f"[data-quantity='{slot}']").fill(kwh)
    page.locator(f"[data-limit='{slot}']").fill(limit)


def test_stranger__applies_and_is_approved__is_a_member_and_fetches_the_welcome_once_the_treasury_has_it(
    site: Site,
) -> None:
    promise_welcome(site.world)
    wallet = site.wallet(site.world.stranger)
    applicant = site.visitor(wallet)
    applicant.go("/join")
    applicant.connect()
    applicant.page.locator("[data-profile]").select_option("1")
    applicant.page.locator("[data-read]").check()
    applicant.page.get_by_role("button", name="Sign and apply").click()
    applicant.page.locator("[data-status='applied']").wait_for()
    applicant.page.locator("[data-carried]").wait_for()
    applicant.picture("join")
    assert "eth_signTypedData_v4" in wallet.asked
    assert "eth_sendTransaction" not in wallet.asked  # the service carried what the wallet signed

    admin = site.visitor(site.wallet(site.world.admin))
    admin.go("/members")
    admin.connect()
    application = admin.page.locator(f"[data-applicant='{site.world.stranger.address}']")
    application.get_by_role("button", name="Approve").click()
    application.wait_for(state="detached")
    admin.picture("members")

    applicant.page.locator("[data-status='active']").wait_for()
    assert site.world.reader.member(site.world.stranger.address).status.name == "ACTIVE"
    _fetch_welcome(site, applicant)
    assert applicant.faults == admin.faults == []


def _fetch_welcome(site: Site, member: Visitor) -> None:
    """The bonus that the treasury could not pay on the day of approval."""
    member.go("/")
    member.connect()
    waits = member.page.locator("[data-claim='welcome']")
    waits.get_by_text("20 TEST, your welcome bonus").wait_for()
    waits.get_by_text("as soon as the treasury has them").wait_for()
    assert waits.get_by_role("button").count() == 0
    site.world.chain.send(site.world.admin, site.world.contracts.token.call("issue", ISSUED))
    waits.get_by_role("button", name="Fetch it").click()
    waits.wait_for(state="detached")
    held = site.world.contracts.token.call("balanceOf", site.world.stranger.address)
    assert site.world.chain.call(held) == 20 * TOKEN


def test_stranger__the_service_carries_no_applications__the_wallet_sends_its_own_with_a_recovery_key(
    site: Site,
) -> None:
    wallet = site.wallet(site.world.stranger)
    applicant = site.visitor(wallet)
    applicant.page.route("**/applications", lambda route: route.abort())
    applicant.go("/join")
    applicant.connect()
    applicant.page.locator("[data-read]").check()
    recovery = applicant.page.locator("[data-field='recovery']")
    recovery.fill("0x12")
    expect(applicant.page.get_by_role("button", name="Sign and apply")).to_be_disabled()
    recovery.fill(site.world.carla.address)
    applicant.page.get_by_role("button", name="Sign and apply").click()
    applicant.page.locator("[data-status='applied']").wait_for()
    assert wallet.asked.count("eth_sendTransaction") == 1
    assert site.world.reader.member(site.world.stranger.address).recovery_key == site.world.carla.address
    assert applicant.faults == []


def test_member__seals_reveals_on_another_device_is_settled_and_withdraws__with_a_receipt(
    site: Site, tmp_path: Path
) -> None:
    world, operators = site.world, desks(site.world, tmp_path)
    others = {
        world.bob: [sell(slot, 1500, 100_000) for slot in range(SLOTS)],
        world.carla: [buy(0, 700, 180_000)],
        world.dino: [sell(3, 900, 100_000)],
    }
    day = open_day(world, others)
    member = site.visitor(site.wallet(world.alice))
    member.go(f"/market/{day.session_id}")
    member.connect()
    for slot in range(SLOTS):
        _place(member, slot, "buy", "1", "0.2")
    member.picture("seal")
    member.page.get_by_role("button", name="Seal and commit").click()
    member.page.get_by_text("Your orders are sealed on the chain").wait_for()

    world.jump_to(day.view.parameters.commit_deadline)
    day_view = day.view
    device = site.visitor(site.wallet(world.alice))
    device.go(f"/market/{day.session_id}")
    device.connect()
    device.page.get_by_role("button", name="Open my envelope").click()
    device.page.get_by_text("What your envelope holds").wait_for()
    device.picture("reveal")
    device.page.get_by_role("button", name="Reveal these orders").click()
    device.page.get_by_text("Your orders are revealed;").wait_for()
    assert [reveal.trader for reveal in day.view.reveals] == [world.alice.address]

    for operator in operators:
        operator.meter(day_view, usual_readings(world))
    day.reveal()
    step(operators)
    day.deliver()
    step(operators)
    day.object()
    step(operators)
    _check_receipt_and_withdraw(site, device, day.session_id)
    assert member.faults == device.faults == []


def _check_receipt_and_withdraw(site: Site, device: Visitor, session_id: int) -> None:
    device.go(f"/receipt/{session_id}/{site.world.alice.address}")
    summary = device.page.locator("[data-receipt-summary]")
    summary.wait_for()
    # The readings are not here.
    expect(summary).to_have_text(re.compile(r"^\s*\d+ steps agree; 4 cannot be checked yet"))
    assert device.page.locator("[data-verdict='wrong']").count() == 0
    device.picture("receipt")
    with device.page.expect_download() as saving:
        device.page.locator("[data-save]").click()
    receipt = saving.value.path().read_bytes()
    _verify(site, receipt)

    device.go("/wallet")
    device.connect()
    device.page.get_by_role("button", name="Take all that is free").click()
    device.page.get_by_text("It is in your wallet.").wait_for()
    device.picture("wallet")
    assert site.world.reader.funds(site.world.alice.address).free == 0


def _verify(site: Site, receipt: bytes) -> None:
    """A stranger checks the receipt: it holds; with one byte of it changed it does not."""
    auditor = site.visitor()
    auditor.go("/verify")
    _drop(auditor, receipt)
    auditor.page.locator("[data-finding='right']").wait_for()
    auditor.picture("verify")
    debit = json.loads(receipt)["debit"]
    changed = receipt.replace(f'"debit":"{debit}"'.encode(), f'"debit":"{int(debit) - 1}"'.encode(), 1)
    assert len(changed) == len(receipt)
    assert changed != receipt
    _drop(auditor, changed)
    auditor.page.locator("[data-finding='wrong']").wait_for()
    auditor.picture("verify-altered")
    assert auditor.faults == []


def _drop(auditor: Visitor, content: bytes) -> None:
    file: FilePayload = {"name": "receipt.json", "mimeType": "application/json", "buffer": content}
    auditor.page.locator("[data-file]").set_input_files(file)


def test_member__pays_into_escrow__both_signatures_and_the_amount(site: Site) -> None:
    member = site.visitor(site.wallet(site.world.alice))
    member.go("/wallet")
    member.connect()
    member.page.locator("[data-pay-in]").fill("12.5")
    member.page.get_by_role("button", name="Pay in", exact=True).click()
    member.page.get_by_text("It is in your escrow.").wait_for()
    assert site.world.reader.funds(site.world.alice.address).free == ESCROW + 12_500_000
    assert UE_PER_EURO == 1_000_000


def test_member__says_no_in_the_wallet__is_told_that_nothing_was_sent(site: Site) -> None:
    wallet = site.wallet(site.world.alice, declines={"eth_sendTransaction"})
    member = site.visitor(wallet)
    member.go("/wallet")
    member.connect()
    member.page.get_by_role("button", name="Take all that is free").click()
    said = member.page.get_by_text("You declined in your wallet. Nothing has been sent.")
    said.wait_for()
    assert "bad" not in (said.get_attribute("class") or "")
    assert site.world.reader.funds(site.world.alice.address).free == ESCROW


def test_member__wallet_on_another_network__switches_it_even_where_the_wallet_does_not_know_ours(site: Site) -> None:
    wallet = site.wallet(site.world.alice, chain_id=1, knows_network=False)
    member = site.visitor(wallet)
    member.go("/wallet")
    member.connect()
    button = member.page.get_by_role("button", name="Take all that is free")
    button.wait_for()
    expect(button).to_be_disabled()
    member.page.get_by_role("button", name="Switch the wallet's network").click()
    member.page.get_by_text("Your wallet is on another network").wait_for(state="detached")
    expect(button).to_be_enabled()
    assert "wallet_addEthereumChain" in wallet.asked


def test_member__the_node_does_not_answer__is_told_and_can_name_another(site: Site) -> None:
    member = site.visitor(site.wallet(site.world.alice))
    member.page.route(f"{site.world.chain.rpc_url}/**", lambda route: route.abort())
    member.go("/wallet")
    member.page.get_by_text("The chain's node does not answer").wait_for()
    member.page.get_by_role("link", name="Choose another node").click()
    member.page.unroute_all()
    member.page.locator("[data-rpc]").fill(site.world.chain.rpc_url)
    member.page.get_by_role("button", name="Use these").click()
    member.page.get_by_text("The chain's node does not answer").wait_for(state="detached")


def test_member__sealing_ends_while_the_form_is_open__nothing_is_sent(site: Site) -> None:
    session_id = site.world.open_session(slot_count=SLOTS)
    wallet = site.wallet(site.world.alice)
    member = site.visitor(wallet)
    member.go(f"/market/{session_id}")
    member.connect()
    _place(member, 0, "buy", "1", "0.2")
    site.world.jump_to(site.world.reader.parameters(session_id).commit_deadline)
    member.page.get_by_text("Sealing has ended while you were writing").wait_for()
    expect(member.page.get_by_role("button", name="Seal and commit")).to_be_disabled()
    assert "eth_sendTransaction" not in wallet.asked


def test_member__a_limit_above_the_cap__is_refused_before_anything_is_signed(site: Site) -> None:
    session_id = site.world.open_session(slot_count=SLOTS, cap_price=PriceUekwh(300_000))
    member = site.visitor(site.wallet(site.world.alice))
    member.go(f"/market/{session_id}")
    member.connect()
    _place(member, 2, "sell", "1", "0.300001")
    member.page.get_by_text("outside 0.000001 €/kWh to 0.30 €/kWh").wait_for()
    expect(member.page.get_by_role("button", name="Seal and commit")).to_be_disabled()


def test_demo_account__on_the_embedded_chain__signs_without_a_wallet(site: Site) -> None:
    visitor = site.visitor()
    visitor.go("/wallet")
    visitor.page.get_by_role("button", name="Connect wallet").click()
    visitor.page.get_by_role("menuitem", name="Home H01").click()
    visitor.page.get_by_role("button", name="Take all that is free").click()
    visitor.page.get_by_text("It is in your wallet.").wait_for()
    assert site.world.reader.funds(known_signer("H01").address).free == 0
    assert visitor.page.evaluate("Object.keys(localStorage).length + Object.keys(sessionStorage).length") == 0
