"""The page in a real browser: the built page served by the API over the test chain, and wallets whose keys stay here.

`site` serves and opens; `site.visitor(wallet)` is a browser window with that wallet in it (EIP-6963), or without any.
Skipped, and said so, where no Chromium is: `scripts/system-packages.sh` installs it.
"""

import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from commons.chain import Chain
from commons.settings import PROJECT_DIR
from commons.wallets import Signer
from scripts.serving import OperatorDesk, Serving, assemble
from scripts.surroundings import Place
from tests.support.api import api_settings
from tests.support.chain import NETWORK, World
from tests.support.ports import bound, port_of
from tests.support.server import served

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
BUILT = PROJECT_DIR / "frontend" / "dist" / "browser"
PICTURES = PROJECT_DIR / "var" / "screens"
AXE = PROJECT_DIR / "frontend" / "node_modules" / "axe-core" / "axe.min.js"
LONGEST_MS = 180_000
"""No figure that is tested: only so that a page which does not get there fails its test."""
expect.set_options(timeout=LONGEST_MS)
DECLINED = 4001
UNKNOWN_CHAIN = 4902
SIGNS_NOTHING = "this wallet does not do that"

_WALLET = """
(() => {
  const listeners = {};
  const provider = {
    request: async ({ method, params }) => {
      const answer = JSON.parse(await window.__askWallet(JSON.stringify({ method, params: params ?? [] })));
      for (const [name, value] of answer.events ?? []) for (const tell of listeners[name] ?? []) tell(value);
      if (answer.error) throw Object.assign(new Error(answer.error.message), answer.error);
      return answer.result;
    },
    on: (name, listener) => (listeners[name] ??= []).push(listener),
    removeListener: () => undefined,
  };
  const info = { uuid: '6b8d9c2e-0000-4000-8000-000000000001', name: 'Test wallet', icon: '', rdns: 'test.wallet' };
  const announce = () => window.dispatchEvent(
    new CustomEvent('eip6963:announceProvider', { detail: Object.freeze({ info, provider }) }));
  window.addEventListener('eip6963:requestProvider', announce);
  announce();
})();
"""


@dataclass
class Wallet:
    """A browser wallet: its key stays in Python; what it is asked for is kept in `asked`."""

    signer: Signer
    chain: Chain
    chain_id: int = 31337
    declines: set[str] = field(default_factory=set)
    """Methods that its owner says no to."""
    knows_network: bool = True
    asked: list[str] = field(default_factory=list)

    def answer(self, text: str) -> str:
        """What the page's request gets."""
        request = json.loads(text)
        method, params = request["method"], request["params"]
        self.asked.append(method)
        if method in self.declines:
            return _error(DECLINED, "User rejected the request.")
        if method == "wallet_switchEthereumChain" and not self.knows_network:
            return _error(UNKNOWN_CHAIN, "Unrecognized chain ID.")
        if method in ("wallet_switchEthereumChain", "wallet_addEthereumChain"):
            self.chain_id = int(params[0]["chainId"], 16)
            return json.dumps({"result": None, "events": [["chainChanged", hex(self.chain_id)]]})
        return json.dumps({"result": self._result(method, params)})

    def _result(self, method: str, params: list[Any]) -> Any:
        match method:
            case "eth_requestAccounts" | "eth_accounts":
                return [self.signer.address]
            case "eth_chainId":
                return hex(self.chain_id)
            case "personal_sign":
                return "0x" + self.signer.sign_text(bytes.fromhex(params[0][2:]).decode()).hex()
            case "eth_signTypedData_v4":
                return "0x" + self.signer.sign_typed(json.loads(params[1])).hex()
            case "eth_sendTransaction":
                return self._send(params[0])
        return self.chain.request(method, *params)

    def _send(self, asked: dict[str, str]) -> Any:
        assert {asked["maxFeePerGas"], asked["maxPriorityFeePerGas"]} == {"0x0"}
        transaction = {
            "chainId": self.chain_id,
            "nonce": int(self.chain.request("eth_getTransactionCount", self.signer.address, "pending"), 16),
            "to": asked["to"],
            "data": asked["data"],
            "gas": int(asked["gas"], 16),
            "value": 0,
            "maxFeePerGas": 0,
            "maxPriorityFeePerGas": 0,
        }
        _, raw = self.signer.sign_transaction(transaction)
        return self.chain.request("eth_sendRawTransaction", "0x" + raw.hex())


def _error(code: int, message: str) -> str:
    return json.dumps({"error": {"code": code, "message": message}})


@dataclass
class Visitor:
    """A browser window at the page."""

    page: Page
    url: str
    language: str
    faults: list[str]

    def go(self, path: str) -> None:
        """Open an address of the page."""
        self.page.goto(f"{self.url}/{self.language}{path}")

    def connect(self) -> None:
        """Connect the window's wallet."""
        name = "Collega il wallet" if self.language == "it" else "Connect wallet"
        self.page.get_by_role("button", name=name).click()
        self.page.get_by_role("menuitem", name="Test wallet").click()
        self.page.locator("cw-wallet-button .connected").wait_for()

    def picture(self, name: str) -> None:
        """Keep how the page looks now, for `make screens`."""
        PICTURES.mkdir(parents=True, exist_ok=True)
        self.page.screenshot(path=PICTURES / f"{name}.png", full_page=True)

    def serious_violations(self) -> list[str]:
        """What axe finds against WCAG 2.2 A and AA on the page as it stands, serious or critical."""
        self.page.evaluate(AXE.read_text(encoding="utf-8"))
        tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
        found = self.page.evaluate("tags => axe.run(document, { runOnly: { type: 'tag', values: tags } })", tags)
        return [
            f"{violation['id']}: {node['html'][:200]}"
            for violation in found["violations"]
            if violation["impact"] in ("serious", "critical")
            for node in violation["nodes"]
        ]


@dataclass
class Site:
    """The page of a test's world, served at `url`."""

    world: World
    url: str
    serving: Serving
    browser: Browser
    contexts: list[BrowserContext] = field(default_factory=list)

    def wallet(self, signer: Signer, **more: Any) -> Wallet:
        """A wallet with a signer's key."""
        return Wallet(signer, self.world.chain, **more)

    def visitor(self, wallet: Wallet | None = None, language: str = "en", **window: Any) -> Visitor:
        """A window of its own, with nothing stored; with a wallet in it where one is given."""
        context = self.browser.new_context(locale="it-IT" if language == "it" else "en-GB", **window)
        self.contexts.append(context)
        context.set_default_timeout(LONGEST_MS)
        page = context.new_page()
        faults: list[str] = []
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on("console", lambda said: faults.append(said.text) if _is_fault(said.type, said.text) else None)
        if wallet is not None:
            page.expose_function("__askWallet", wallet.answer)
            page.add_init_script(_WALLET)
        return Visitor(page, self.url, language, faults)

    def close(self) -> None:
        """Close all windows."""
        for context in self.contexts:
            context.close()


def _is_fault(kind: str, text: str) -> bool:
    """Whether the console says what a policy or the program says when something is wrong; not what the network says."""
    return kind == "error" and "Failed to load resource" not in text and "ERR_" not in text


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """A Chromium for a module: while Playwright runs, nothing else in this process can run an event loop."""
    if CHROMIUM is None:
        pytest.skip("no Chromium is installed: scripts/system-packages.sh installs it")
    with sync_playwright() as playwright:
        arguments = ["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu"]
        own_home: dict[str, str | float | bool] = {**os.environ, "HOME": str(tmp_path_factory.mktemp("chromium"))}
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=arguments, env=own_home, timeout=LONGEST_MS)
        yield browser
        browser.close()


@pytest.fixture
def site(world: World, browser: Browser, tmp_path: Path) -> Iterator[Site]:
    """The page over the test's world."""
    assert (BUILT / "en" / "index.html").is_file(), "the page is not built: run `make setup`"
    with serve(world, tmp_path) as (url, serving):
        found = Site(world, url, serving, browser)
        yield found
        found.close()


@contextmanager
def serve(world: World, folder: Path, operator: OperatorDesk | None = None) -> Iterator[tuple[str, Serving]]:
    """The API with the page, at a free port, in a thread; what operators publish lies in `folder`/published.

    With an operator's desk, members see that operator's readings of theirs.
    """
    listening = bound()
    url = f"http://127.0.0.1:{port_of(listening)}"
    place = Place(NETWORK, world.chain, world.deployment)
    serving = assemble(place, api_settings(folder, api_origin=url), str(folder / "published"), operator)
    with served(serving.app, listening), serving.following():
        yield url, serving
    serving.engine.dispose()
