"""What a person can do with the demo that is running: commands to try, and how to point MetaMask at it."""

from collections.abc import Iterator
from datetime import date

from eth_account.hdaccount import ETHEREUM_DEFAULT_PATH, key_from_seed, seed_from_mnemonic

from commons.settings import settings
from commons.wallets import EMBEDDED_CHAIN_ID, EMBEDDED_MNEMONIC, account_number

EXAMPLE_HOME = "H01"
COMMAND = ".venv/bin/commonwatt"
ORDERS_FILE = "my-orders.csv"


def guide(rpc_url: str, last_session: int, last_day: date, site_url: str) -> str:
    """The page shown when the main job is done."""
    return "\n".join((*_site(site_url), *_commands(rpc_url, last_session, last_day), "", *_wallet(rpc_url)))


def _site(site_url: str) -> Iterator[str]:
    yield f"\n[bold]Open in a browser[/bold]\n  {site_url}"


def _commands(rpc_url: str, last_session: int, last_day: date) -> Iterator[str]:
    yield "\n[bold]Try in another terminal[/bold]"
    if rpc_url != settings().rpc_url:
        yield f"  export COMMONWATT_RPC_URL={rpc_url}"
    tries = (
        (f"audit session {last_session}", "recompute that session as a stranger"),
        (f"session show {last_session}", "what the chain says about it"),
        (f"rewards explain {EXAMPLE_HOME} {last_day}", "every number that led to a home's tokens"),
        (f"funds show --as {EXAMPLE_HOME}", "a home's escrow"),
        (f"order commit {last_session + 1} {ORDERS_FILE} --as {EXAMPLE_HOME}", "bid instead of the home"),
    )
    width = max(len(words) for words, _ in tries)
    for words, meaning in tries:
        yield f"  {COMMAND} {words.ljust(width)}  [dim]# {meaning}[/dim]"
    yield f"  {ORDERS_FILE} begins with slot,side,quantity_wh,limit_price; a line may be 12,buy,1500,200000."
    yield "  `commonwatt up --without H02` leaves all of a home's bidding and revealing to you."


def _wallet(rpc_url: str) -> Iterator[str]:
    yield "[bold]Point MetaMask at it[/bold]"
    yield f"  Network: RPC URL {rpc_url}, chain id {EMBEDDED_CHAIN_ID}, currency symbol ETH; gas is free."
    yield f"  Account: import the private key of home {EXAMPLE_HOME}, which is"
    yield f"  {public_test_key(EXAMPLE_HOME)}"
    yield "  It follows from words that everybody knows, and is good for this chain on this machine only:"
    yield "  never send anything of value to it. Once the chain is begun anew, clear MetaMask's activity data."


def public_test_key(name: str) -> str:
    """The private key of a named account of the embedded chain, which is no secret."""
    path = ETHEREUM_DEFAULT_PATH.rpartition("/")[0] + f"/{account_number(name)}"
    key = key_from_seed(seed_from_mnemonic(EMBEDDED_MNEMONIC, passphrase=""), path)
    return "0x" + bytes(key).hex()
