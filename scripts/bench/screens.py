"""How long until each screen of the page can be used, in a Chromium that has never seen it, on the embedded chain.

Wall time from asking for the address until what the screen is for is there: the session's button, the table's rows, the
form's field. Service, chain and browser share the machine; nothing is kept from one visit to the next. Nobody is signed
in, and no wallet is there: what a wallet adds is asked of the chain as everything else is.
"""

import shutil
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn

from commons import deployments
from commons.settings import PROJECT_DIR, settings
from scripts.bench.community import NETWORK, BenchCommunity, community_of
from scripts.bench.market_day import open_day
from scripts.bench.row import Progress, Row, Rows
from scripts.bench.sessions import session
from scripts.embedded import free_port
from scripts.serving import assemble
from scripts.surroundings import Place

TITLE = "Screens"
MEMBERS = 50
VISITS = 5
MOST_MS = 2_000
LONGEST_S = 60
SCREENS = {
    "home": ("/", "main a[href*='/market/']"),
    "market": ("/market", "main a[href*='/market/']"),
    "session": ("/market/1", "cw-session-recheck button"),
    "wallet": ("/wallet", "main .note"),
    "tokens": ("/tokens", "main .note"),
    "services": ("/services/offers", "main .card, main .note"),
    "members": ("/members", "main .card, main .note"),
    "fees": ("/fees", "[data-category]"),
    "operators": ("/operators", "[data-session]"),
    "explorer": ("/explorer", "[data-event]"),
    "verify": ("/verify", "[data-file]"),
    "network": ("/network", "[data-rpc]"),
}
"""The screen → its address, and what makes it one that can be used."""
_CHROMIUMS = ("chromium", "chromium-browser", "google-chrome")
_ARGUMENTS = ("--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu")


def missing() -> str | None:
    """What is not there to measure with."""
    if _chromium() is None:
        return "Not measured: no Chromium is installed. `scripts/system-packages.sh` installs it."
    if not (PROJECT_DIR / "frontend" / "dist" / "browser" / "en" / "index.html").is_file():
        return "Not measured: the page is not built. `make page` builds it."
    return None


def rows(progress: Progress) -> Rows:
    """Every screen, of a community with a session that was paid and one that takes orders."""
    with community_of(MEMBERS) as community:
        progress(f"{MEMBERS} members join, trade a day, and begin another")
        community.apply()
        community.approve()
        community.deposit()
        session(community)
        open_day(community).commit()
        with _served(community) as url:
            yield from _visited(url, progress)


def _visited(url: str, progress: Progress) -> Rows:
    from playwright.sync_api import sync_playwright  # what development installs; nothing else of `make bench` wants it

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=_chromium(), args=list(_ARGUMENTS))

        def visit(path: str, ready: str) -> float:
            context = browser.new_context(locale="en-GB")
            page = context.new_page()
            began = time.perf_counter()
            page.goto(f"{url}/en{path}", wait_until="commit")
            page.locator(ready).first.wait_for(timeout=1000 * LONGEST_S)
            seconds = time.perf_counter() - began
            context.close()
            return 1000 * seconds

        visit(*SCREENS["home"])  # unmeasured: the browser starts its processes
        for name, (path, ready) in SCREENS.items():
            progress(f"{name}, {VISITS} times")
            times = sorted(visit(path, ready) for _ in range(VISITS))
            note = f"slowest of {VISITS}: {times[-1]:,.0f} ms"
            yield Row(name, f"{MEMBERS} members", times[VISITS // 2], "ms", most=MOST_MS, note=note)
        browser.close()


@contextmanager
def _served(community: BenchCommunity) -> Iterator[str]:
    """The service with the page, caught up with the chain."""
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    place = Place(NETWORK, community.chain, deployments.load(NETWORK))
    own = settings().model_copy(update={"var_dir": community.folder, "api_origin": url})
    serving = assemble(place, own, str(community.folder / "published"))
    serving.follower.step()
    server = uvicorn.Server(uvicorn.Config(serving.app, host="127.0.0.1", port=port, log_level="error"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    end = time.monotonic() + LONGEST_S
    while not server.started and thread.is_alive() and time.monotonic() < end:
        time.sleep(0.02)
    try:
        with serving.following():
            yield url
    finally:
        server.should_exit = True
        thread.join(LONGEST_S)
        serving.engine.dispose()


def _chromium() -> str | None:
    return next((found for name in _CHROMIUMS if (found := shutil.which(name))), None)
