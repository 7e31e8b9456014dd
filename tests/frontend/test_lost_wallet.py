"""A lost wallet at the page: a new one asks, the old one or its recovery key objects, or what lay with it follows."""

import json

from playwright.sync_api import expect

from commons.chain import Call
from commons.records import MemberStatus
from tests.support.chain import ESCROW
from tests.support.page import Site, Visitor


def _ask(site: Site) -> tuple[Visitor, Call]:
    """The stranger asks, as Bob's new wallet; gives its window, and what an administrator makes of its file."""
    world = site.world
    asking = site.visitor(site.wallet(world.stranger))
    asking.go("/wallet")
    asking.connect()
    asking.page.get_by_text("I have lost my wallet: this is my new one").click()
    asking.page.locator("[data-field='lost']").fill(world.bob.address)
    asking.page.locator("[data-lost]").wait_for()
    with asking.page.expect_download() as saving:
        asking.page.get_by_role("button", name="Sign and save for the administrator").click()
    file = json.loads(saving.value.path().read_bytes())
    assert file["format"] == "commonwatt/replacement/1"
    assert file["community"] == world.contracts.community.address
    given = (file["oldWallet"], file["newWallet"], file["deadline"], bytes.fromhex(file["signature"][2:]))
    assert given[:2] == (world.bob.address, world.stranger.address)
    return asking, world.contracts.community.call("replaceWallet", *given)


def test_new_wallet__asks_with_a_file__fetches_escrow_once_the_time_to_object_is_over(site: Site) -> None:
    world = site.world
    asking, call = _ask(site)
    expect(asking.page.locator("[data-lost]")).to_contain_text("100.00 €")
    assert asking.serious_violations() == []
    asking.picture("lost-wallet")
    world.chain.send(world.admin, call)
    arriving = asking.page.locator("[data-arriving]")
    arriving.get_by_text("until then the old wallet or its recovery key may").wait_for()
    assert asking.page.get_by_role("button", name="Fetch what is free").count() == 0
    world.jump(world.chain.call(world.contracts.community.call("replacementDelay")))
    world.chain.request("evm_mine")
    asking.page.get_by_role("button", name="Fetch what is free").click()
    asking.page.get_by_role("cell", name="Fetched from the wallet that this one replaces").wait_for()
    assert world.reader.funds(world.stranger.address).free == ESCROW
    assert world.reader.funds(world.bob.address).free == 0
    assert asking.faults == []


def test_old_wallet__that_is_being_replaced__is_warned_and_takes_its_membership_back(site: Site) -> None:
    world = site.world
    _, call = _ask(site)
    world.chain.send(world.admin, call)
    robbed = site.visitor(site.wallet(world.bob))
    robbed.go("/wallet")
    robbed.connect()
    robbed.page.locator("[data-being-replaced]").wait_for()
    expect(robbed.page.locator("[data-being-replaced]")).to_contain_text(world.stranger.address, ignore_case=True)
    robbed.page.get_by_role("button", name="Object: this wallet is mine").click()
    robbed.page.locator("[data-being-replaced]").wait_for(state="detached")
    assert world.reader.member(world.bob.address).status is MemberStatus.ACTIVE
    assert robbed.faults == []


def test_recovery_key__named_by_the_member__objects_in_the_wallets_stead(site: Site) -> None:
    world = site.world
    member = site.visitor(site.wallet(world.bob))
    member.go("/wallet")
    member.connect()
    member.page.get_by_text("Name a recovery key").click()
    member.page.locator("[data-field='recovery']").fill(world.carla.address)
    member.page.get_by_role("button", name="Name it").click()
    member.page.locator("[data-recovery]").wait_for()
    _, call = _ask(site)
    world.chain.send(world.admin, call)
    keeper = site.visitor(site.wallet(world.carla))
    keeper.go("/wallet")
    keeper.connect()
    keeper.page.get_by_text("I hold the recovery key of another wallet").click()
    keeper.page.locator("[data-field='objected']").fill(world.bob.address)
    keeper.page.get_by_role("button", name="Object for it").click()
    keeper.page.get_by_text("The membership is back with that wallet.").wait_for()
    assert world.reader.member(world.bob.address).status is MemberStatus.ACTIVE
    assert member.faults == keeper.faults == []
