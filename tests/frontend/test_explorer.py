"""The explorer, for whoever has no wallet and trusts no server: an own node, events in words, transactions decoded."""

from playwright.sync_api import expect

from tests.support.market import open_day, usual_orders
from tests.support.page import Site


def test_auditor__service_gone__names_a_node_and_reads_every_event_in_words(site: Site) -> None:
    day = open_day(site.world, usual_orders(site.world))
    node = site.world.chain.rpc_url.replace("127.0.0.1", "localhost")
    auditor = site.visitor()
    page = auditor.page
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.route("**/v1/**", lambda route: route.abort())
    auditor.go("/network")
    page.locator("[data-rpc]").fill(node)
    page.get_by_label("Address of the community's contract").fill(site.world.contracts.community.address)
    auditor.picture("network")
    assert auditor.serious_violations() == []
    page.get_by_role("button", name="Use these").click()
    page.get_by_text(f"The page now reads from {node}").wait_for()
    page.get_by_role("link", name="Check", exact=True).click()
    page.get_by_role("link", name="Explorer", exact=True).click()
    page.get_by_role("cell", name="A session was opened").wait_for()
    page.get_by_role("cell", name="Orders were sealed").first.wait_for()
    names = page.locator("[data-event]").all_inner_texts()
    assert [name for name in names if " " not in name] == [], "a name of the contracts, in place of words"
    assert any(url.startswith(node) for url in asked)
    assert not any(url.startswith(site.world.chain.rpc_url) for url in asked)
    expect(page.get_by_role("link", name=str(day.session_id), exact=True).first).to_be_visible()
    auditor.picture("explorer")
    assert auditor.serious_violations() == []
    assert auditor.faults == []


def test_auditor__looks_a_block_up__sees_what_its_transaction_did(site: Site) -> None:
    site.world.open_session()
    block = site.world.chain.block_number()
    auditor = site.visitor(language="it")
    auditor.go("/explorer")
    auditor.page.locator("[data-search]").fill("ladder")
    auditor.page.get_by_role("button", name="Cerca").click()
    auditor.page.locator(".note.warn").wait_for()
    auditor.page.locator("[data-search]").fill(str(block))
    auditor.page.get_by_role("button", name="Cerca").click()
    auditor.page.get_by_role("heading", name="Una sessione è stata aperta").wait_for()
    assert auditor.page.get_by_text(site.world.market_operator.address, exact=False).count() > 0
    said = dict(zip(*(auditor.page.locator(f"h2 + dl {part}").all_inner_texts() for part in ("dt", "dd")), strict=True))
    assert said["Operatore"].lower() == site.world.market_operator.address.lower()
    assert said["Condizioni: Prezzo massimo"] == "0,50 €/kWh"
    assert said["Condizioni: Durata di un intervallo"] == "1 h"
    assert auditor.serious_violations() == []
    assert auditor.faults == []


def test_programmer__looks_up_the_service__sees_every_route_in_chapters(site: Site) -> None:
    reader = site.visitor()
    reader.go("/network")
    reader.page.get_by_role("link", name="What the service can be asked").click()
    reader.page.locator("[data-chapter='services']").get_by_text("/v1/communities/{community}/listings").wait_for()
    shown = reader.page.locator("[data-chapter] dt").count()
    described = site.serving.app.openapi()["paths"]
    assert shown == sum(len(operations) for operations in described.values())
    assert reader.serious_violations() == []
    assert reader.faults == []
