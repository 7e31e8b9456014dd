"""Paying at the page by a code: one member holds it up, the other takes it from a picture or from the camera."""

import base64

from playwright.sync_api import FilePayload, expect

from tests.support.page import Site, Visitor
from tests.support.page_members import TOKEN, member_with_tokens

_CAMERA = """
(picture => {
  navigator.mediaDevices.getUserMedia = async () => {
    const image = new Image();
    image.src = picture;
    await image.decode();
    const canvas = Object.assign(document.createElement('canvas'), { width: 640, height: 480 });
    const draw = () => {
      const at = canvas.getContext('2d');
      at.fillStyle = '#777';
      at.fillRect(0, 0, 640, 480);
      at.drawImage(image, 160, 80, 320, 320);
    };
    draw();
    setInterval(draw, 100);
    return canvas.captureStream();
  };
})
"""
"""A camera that looks at a picture: a stream like any other, which the page plays and reads."""


def _code_of(payee: Visitor) -> bytes:
    """A picture of the code that a member holds up."""
    payee.go("/tokens")
    payee.connect()
    payee.page.get_by_role("button", name="Show my code").click()
    code = payee.page.locator("[data-qr]")
    code.wait_for()
    return code.screenshot()


def test_member__pays_by_a_picture_of_the_others_code__reads_whom_and_what_for_before_signing(site: Site) -> None:
    world = site.world
    payee = site.visitor(site.wallet(world.alice))
    picture = _code_of(payee)
    payer = site.visitor(site.wallet(member_with_tokens(site)))
    payer.go("/tokens")
    payer.connect()
    payer.page.locator("[data-scan]").click()
    file: FilePayload = {"name": "code.png", "mimeType": "image/png", "buffer": picture}
    payer.page.locator("[data-qr-picture]").set_input_files(file)
    payer.page.locator("[data-qr-picture]").wait_for(state="detached")
    assert payer.page.locator("[data-payee]").input_value() == world.alice.address
    payer.page.locator("[data-amount]").fill("1.25")
    payer.page.locator("[data-purpose]").fill("eggs")
    signed = payer.page.locator("[data-signed]")
    signed.wait_for()
    expect(signed).to_contain_text(world.alice.address)
    expect(signed).to_contain_text("eggs")
    payer.page.get_by_role("button", name="Pay", exact=True).click()
    payee.page.get_by_role("cell", name="eggs").wait_for()
    assert world.chain.call(world.contracts.token.call("balanceOf", world.alice.address)) == TOKEN * 5 // 4
    assert payer.serious_violations() == payee.serious_violations() == []
    assert payer.faults == payee.faults == []


def test_member__scans_the_others_code__the_camera_stops_once_it_is_read(site: Site) -> None:
    picture = _code_of(site.visitor(site.wallet(site.world.bob)))
    payer = site.visitor(site.wallet(site.world.alice))
    url = "data:image/png;base64," + base64.b64encode(picture).decode()
    payer.page.add_init_script(f"{_CAMERA.strip()}({url!r})")
    payer.go("/tokens")
    payer.connect()
    payer.page.locator("[data-scan]").click()
    payer.page.get_by_role("button", name="Scan with the camera").click()
    payer.page.locator("video").wait_for(state="detached")
    assert payer.page.locator("[data-payee]").input_value() == site.world.bob.address
    assert payer.faults == []


def test_member__picture_without_a_code__is_told_and_nothing_is_filled_in(site: Site) -> None:
    payer = site.visitor(site.wallet(site.world.alice))
    payer.go("/tokens")
    payer.connect()
    empty = payer.page.locator("header").first.screenshot()
    payer.page.locator("[data-scan]").click()
    file: FilePayload = {"name": "none.png", "mimeType": "image/png", "buffer": empty}
    payer.page.locator("[data-qr-picture]").set_input_files(file)
    payer.page.get_by_text("No code was found in this picture.").wait_for()
    assert payer.page.locator("[data-payee]").input_value() == ""
