"""The page for everybody: in Italian, without a serious barrier, on a phone, in the dark, in the other language."""

import pytest
from playwright.sync_api import expect

from commons.settings import PROJECT_DIR
from tests.support.market import open_day, usual_orders
from tests.support.page import Site

PATHS = ("/", "/market", "/market/1", "/wallet", "/join", "/members", "/operators", "/verify", "/explorer", "/network")


def test_page__read_in_italian__speaks_italian_everywhere(site: Site) -> None:
    reader = site.visitor(language="it")
    reader.page.goto(site.url)
    assert reader.page.url == f"{site.url}/it/"
    reader.page.get_by_role("link", name="Mercato").click()
    reader.page.get_by_role("heading", name="Mercato", exact=True).wait_for()
    expect(reader.page.locator("html")).to_have_attribute("lang", "it")
    reader.picture("market-it")
    assert reader.faults == []


def test_page__the_other_language__is_the_same_page(site: Site) -> None:
    reader = site.visitor()
    reader.go("/operators")
    reader.page.get_by_role("link", name="Italiano").click()
    reader.page.wait_for_url(f"{site.url}/it/operators")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_page__every_area__has_no_serious_barrier(site: Site, scheme: str) -> None:
    open_day(site.world, usual_orders(site.world))
    member = site.visitor(site.wallet(site.world.alice), color_scheme=scheme)
    found = {}
    for path in PATHS:
        member.go(path)
        member.connect()
        member.page.locator("h1").wait_for()
        member.page.locator("[aria-busy='true']").wait_for(state="detached")
        found[path] = member.serious_violations()
    assert {path: violations for path, violations in found.items() if violations} == {}
    assert member.faults == []


def test_page__on_a_phone__nothing_is_wider_than_the_screen(site: Site) -> None:
    open_day(site.world, usual_orders(site.world))
    reader = site.visitor(viewport={"width": 360, "height": 740})
    wide = {}
    for path in PATHS:
        reader.go(path)
        reader.page.locator("h1").wait_for()
        reader.page.locator("[aria-busy='true']").wait_for(state="detached")
        width = reader.page.evaluate("document.documentElement.scrollWidth")
        if width > 360:
            wide[path] = width
    assert wide == {}
    reader.go("/")
    reader.page.get_by_role("heading", name="Latest sessions").wait_for()
    reader.picture("home-phone")


def test_page__no_file_of_the_sources__is_too_long_to_read() -> None:
    sources = (PROJECT_DIR / "frontend" / "src").rglob("*")
    texts = [file for file in sources if file.suffix in (".ts", ".html") and "generated" not in file.parts]
    lengths = {file.name: len(file.read_text(encoding="utf-8").splitlines()) for file in texts}
    assert {name: length for name, length in lengths.items() if length > 400} == {}
