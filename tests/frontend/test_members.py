"""Administrators and members at the page: suspended, reinstated, removed, and what members signed handed in.

Before each step the page says what it means for the member's money, and afterwards the member still has all of it.
"""

import json

from playwright.sync_api import expect

from commons.actions import bindings, points
from commons.actions import community as joining
from commons.records import MemberStatus, PointKind
from commons.units import EpochSeconds
from commons.wallets import Signer
from tests.support.chain import ESCROW
from tests.support.page import Site, Visitor

POINT = bytes(range(32))


def _status(site: Site, wallet: str) -> MemberStatus:
    found: MemberStatus = site.world.reader.member(wallet).status  # type: ignore[arg-type]
    return found


def _funds(site: Site, wallet: str) -> int:
    balance: int = site.world.chain.call(site.world.contracts.marketplace.call("checkFunds", wallet))[0]
    return balance


def _admin(site: Site) -> Visitor:
    admin = site.visitor(site.wallet(site.world.admin))
    admin.go("/members")
    admin.connect()
    return admin


def _desk(admin: Visitor, member: Signer) -> None:
    admin.page.locator(f"[data-look='{member.address.lower()}']").click()
    admin.page.locator(f"[data-desk='{member.address.lower()}'] [data-status]").wait_for()


def test_admin__suspends_reinstates_and_removes__says_before_that_the_money_stays_and_it_does(site: Site) -> None:
    member = site.world.alice
    admin = _admin(site)
    _desk(admin, member)
    desk = admin.page.locator("[data-desk]")
    expect(desk.locator("[data-suspending]")).to_contain_text("100.00 € stay its own")
    expect(desk.locator("[data-removing]")).to_contain_text("100.00 € and 0 TEST stay its own for ever")
    admin.picture("member-desk")
    assert admin.serious_violations() == []
    desk.get_by_role("button", name="Suspend", exact=True).click()
    desk.get_by_text("suspended", exact=True).wait_for()
    assert _status(site, member.address) == MemberStatus.SUSPENDED
    desk.get_by_role("button", name="Reinstate", exact=True).click()
    desk.get_by_text("active", exact=True).wait_for()
    desk.get_by_role("button", name="Remove the member").click()
    desk.get_by_text("has left", exact=True).wait_for()
    assert (_status(site, member.address), _funds(site, member.address)) == (MemberStatus.LEFT, ESCROW)

    own = site.visitor(site.wallet(member))
    own.go("/wallet")
    own.connect()
    own.page.get_by_text("100.00 €").first.wait_for()
    site.world.chain.send(member, site.world.contracts.marketplace.call("withdrawAllFunds"))
    assert _funds(site, member.address) == 0
    assert admin.faults == own.faults == []


def _replacement(site: Site, deadline: EpochSeconds, signer: Signer) -> bytes:
    world = site.world
    signature = joining.sign_replacement(world.reader, signer, world.alice.address, deadline)
    file = {
        "format": "commonwatt/replacement/1",
        "community": world.contracts.community.address,
        "chainId": world.chain.chain_id,
        "oldWallet": world.alice.address,
        "newWallet": world.stranger.address,
        "deadline": deadline,
        "signature": "0x" + signature.hex(),
    }
    return json.dumps(file).encode()


def _drop(admin: Visitor, content: bytes) -> None:
    admin.page.locator("[data-handed]").set_input_files(
        {"name": "handed.json", "mimeType": "application/json", "buffer": content}
    )


def test_admin__hands_a_new_wallet_in__not_with_anothers_signature_and_the_money_follows_later(site: Site) -> None:
    world, deadline = site.world, EpochSeconds(site.world.chain.now() + 3600)
    admin = _admin(site)
    _drop(admin, _replacement(site, deadline, world.bob))
    admin.page.get_by_text("Do not hand this in.").wait_for()
    assert admin.page.get_by_role("button", name="Hand it in").count() == 0
    _drop(admin, _replacement(site, deadline, world.stranger))
    admin.page.locator("[data-signed]").wait_for()
    expect(admin.page.locator("[data-words]")).to_contain_text("100.00 € in escrow")
    admin.picture("hand-in")
    assert admin.serious_violations() == []
    admin.page.get_by_role("button", name="Hand it in").click()
    admin.page.get_by_text("Handed in.", exact=False).first.wait_for()
    assert _status(site, world.alice.address) == MemberStatus.REPLACED
    assert _status(site, world.stranger.address) == MemberStatus.ACTIVE
    assert _funds(site, world.alice.address) == ESCROW  # until the delay is over
    _desk(admin, world.alice)
    admin.page.locator("[data-move]").get_by_text("can take it back").wait_for()
    assert admin.faults == []


def test_admin__hands_a_points_binding_in_and_releases_it__with_the_notice(site: Site) -> None:
    world = site.world
    of_member = bindings.PointOfMember(POINT, PointKind.EXCHANGE, world.alice)
    file = world.folder / "binding.json"
    file.unlink(missing_ok=True)
    points.write_binding(world.reader, bindings.bindings_for(world.reader, [of_member])[0], file)
    admin = _admin(site)
    _drop(admin, file.read_bytes().replace(b'"number": 1', b'"number": 2'))
    admin.page.get_by_text("Do not hand this in.").wait_for()
    _drop(admin, file.read_bytes())
    admin.page.get_by_text("that of the usual declaration").wait_for()
    admin.page.get_by_role("button", name="Hand it in").click()
    admin.page.get_by_text("Handed in.", exact=False).first.wait_for()
    _desk(admin, world.alice)
    held = admin.page.locator(f"[data-point='0x{POINT.hex()}']")
    held.get_by_role("button", name="Release the point").click()
    held.wait_for(state="detached")
    bound = bindings.bound_points(world.reader, [POINT])[0]
    assert bound.number == 1
    assert bound.valid_until > world.chain.now() + 6 * 24 * 3600
    assert admin.faults == []
