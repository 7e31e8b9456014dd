"""Services at the page: one is offered, taken, delivered, confirmed and paid; and what cannot be taken."""

from tests.support.page import Site, Visitor
from tests.support.page_members import TOKEN, member_with_tokens

OFFERED = "Two hours of pruning, olives too"
DELIVERED = "Pruned on Tuesday; the wood is stacked"
REVIEWED = "Careful work, and on time"
CHECK_TIME = 3 * 24 * 3600
PAID = "6"


def _offer(site: Site) -> Visitor:
    """Alice offers something for 3 tokens."""
    maker = site.visitor(site.wallet(site.world.alice))
    maker.go("/services")
    maker.connect()
    maker.page.locator("[data-field='what']").fill(OFFERED)
    maker.page.locator("[data-field='amount']").fill("3")
    maker.page.get_by_role("button", name="List it").click()
    maker.page.get_by_role("heading", name=OFFERED).wait_for()
    return maker


def _balance(site: Site, wallet: str) -> int:
    found: int = site.world.chain.call(site.world.contracts.token.call("balanceOf", wallet))
    return found


def test_member__offers_a_service_and_another_takes_it__paid_out_of_escrow_once_confirmed(site: Site) -> None:
    world, payer = site.world, member_with_tokens(site)
    maker = _offer(site)
    taker = site.visitor(site.wallet(payer))
    taker.go("/services/offers")
    taker.connect()
    taker.page.get_by_role("heading", name=OFFERED).wait_for()  # the text came from the chain, not from the maker
    taker.picture("services")
    assert taker.serious_violations() == []
    taker.page.get_by_role("button", name="Take it").click()
    taker.page.get_by_text("Nothing is listed now.").wait_for()
    assert (_balance(site, payer.address), _balance(site, world.alice.address)) == (17 * TOKEN, 0)

    maker.page.get_by_role("link", name="My exchanges").click()
    maker.page.locator("[data-field='deliver-text']").fill(DELIVERED)
    maker.page.get_by_role("button", name="Say it is delivered").click()
    maker.page.get_by_text("Delivered: waiting for the confirmation").wait_for()

    taker.page.get_by_role("link", name="My exchanges").click()
    taker.page.get_by_text(DELIVERED).wait_for()
    taker.picture("exchange")
    assert taker.serious_violations() == []
    taker.page.get_by_role("button", name="Confirm the delivery").click()
    taker.page.get_by_text("Confirmed: waiting for the check").wait_for()
    world.jump(CHECK_TIME + 1)
    world.chain.request("evm_mine")
    taker.page.get_by_role("button", name="Move on").click()
    taker.page.locator(f"[data-deal-state='{PAID}']").wait_for()
    assert _balance(site, world.alice.address) == 3 * TOKEN

    taker.page.locator("[data-field='review-text']").fill(REVIEWED)
    taker.page.get_by_role("button", name="Review", exact=True).click()
    maker.page.get_by_text(REVIEWED).wait_for()
    assert maker.faults == taker.faults == []


def test_member__without_tokens_takes_an_offer__is_told_before_the_wallet_pays(site: Site) -> None:
    _offer(site)
    wallet = site.wallet(site.world.bob)
    taker = site.visitor(wallet)
    taker.go("/services/offers")
    taker.connect()
    taker.page.get_by_role("button", name="Take it").click()
    taker.page.locator(".note.bad").first.wait_for()
    assert wallet.asked.count("eth_sendTransaction") == 1  # to let the contract take tokens; the taking was refused
    assert _balance(site, site.world.bob.address) == 0


def test_reader__in_italian_without_a_wallet__finds_every_area_and_no_barrier(site: Site) -> None:
    reader = site.visitor(language="it")
    for path, heading in [
        ("/services/purchases", "Servizi"),
        ("/services/loans", "Servizi"),
        ("/services/works", "Servizi"),
        ("/energy", "La mia energia"),
        ("/rewards", "Premi"),
        ("/administration/treasury", "Amministrazione"),
        ("/administration/incentives", "Amministrazione"),
        ("/administration/rewards", "Amministrazione"),
        ("/administration/books", "Amministrazione"),
        ("/administration/create", "Amministrazione"),
    ]:
        reader.go(path)
        reader.page.get_by_role("heading", name=heading, exact=True, level=1).wait_for()
        assert reader.serious_violations() == [], path
    assert reader.faults == []
