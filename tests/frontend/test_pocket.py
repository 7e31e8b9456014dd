"""A member's own screens on a phone, in Italian, in the dark: nothing sticks out, nothing bars the way."""

from tests.support.page import Site
from tests.support.page_members import member_with_tokens

SCREENS = [
    ("/", "Che cosa c'è da fare adesso"),
    ("/tokens", "Per farti pagare"),
    ("/wallet", "Un wallet perso o rubato"),
    ("/join", "I tuoi contatori"),
    ("/services/offers", "Servizi"),
    ("/services/exchanges", "Servizi"),
    ("/rewards", "Premi"),
    ("/energy", "La mia energia"),
]
WIDTH = 390


def test_member__on_a_phone_in_italian_in_the_dark__reads_everything_without_a_barrier(site: Site) -> None:
    window = {"viewport": {"width": WIDTH, "height": 844}, "color_scheme": "dark"}
    member = site.visitor(site.wallet(member_with_tokens(site)), language="it", **window)
    for path, heading in SCREENS:
        member.go(path)
        member.connect()
        member.page.get_by_role("heading", name=heading).first.wait_for()
        if path == "/tokens":
            member.page.get_by_role("button", name="Mostra il mio codice").click()
            member.page.locator("[data-qr]").wait_for()
            member.picture("tokens-phone-it")
        assert member.page.evaluate("document.documentElement.scrollWidth") <= WIDTH, path
        assert member.serious_violations() == [], path
    assert member.faults == []
