"""brownie in an ordinary pytest run: its chain, its fixtures, its isolation, without its plugin.

brownie's own pytest plugin starts in every run of the environment, compiles before any test is collected and writes
into the user's home. Here it is a library instead: `start` is called by this folder's conftest alone, so a run that
collects no contract test never imports brownie. Offered to tests, as the plugin would: `accounts`, `chain`, `web3`,
`interface`, `history`, `module_isolation`, `fn_isolation`, one fixture per contract container under the contract's
name, `brownie.reverts`, `brownie.test.given` and the `state_machine` fixture.

Traps of anvil under brownie 1.22 that are met here: `chain.mine(timestamp=…)` is refused unless patched; the port
must be free, or brownie attaches to a stranger's chain; garbage collection walks brownie's syntax trees in every test
unless they are frozen. Left to the tests: never `chain.undo()` (it eats `fn_isolation`'s snapshot), and
`chain.sleep(n)` is exact to a second only, which `next_block_at` is.
"""

import contextlib
import fcntl
import gc
import io
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from commons.settings import PROJECT_DIR
from scripts.toolchain import brownie_environment
from tests.support.chain import BEGINNING
from tests.support.ports import free_port

# brownie looks for its home when it is first imported.
os.environ.update(brownie_environment())

import brownie
from brownie._config import CONFIG
from brownie.exceptions import RPCConnectionError, RPCProcessError
from brownie.network.rpc import anvil
from brownie.network.web3 import web3
from brownie.test.fixtures import PytestBrownieFixtures
from brownie.test.managers.runner import RevertContextManager, _make_fixture_execute_first

ATTEMPTS = 12


def start(config: pytest.Config) -> None:
    """Load the project and register its fixtures; the chain itself starts once tests have been collected."""
    if config.pluginmanager.has_plugin("pytest-brownie"):
        return  # brownie's plugin was asked for, and does all of this itself
    with _alone():
        project = brownie.project.load(PROJECT_DIR, "CommonwattProject")
    project.load_config()
    settings.load_profile(config.getoption("--hypothesis-profile") or "commonwatt")  # brownie loaded its own
    brownie.reverts = RevertContextManager
    config.pluginmanager.register(PytestBrownieFixtures(config, project), "brownie-fixtures")
    config.pluginmanager.register(ChainHooks(), "brownie-chain")


@contextlib.contextmanager
def _alone() -> Iterator[None]:
    """One process at a time: a project that is being loaded takes compiled contracts away and puts them back."""
    with (PROJECT_DIR / "var" / "brownie" / "loading").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


class ChainHooks:
    """The part of brownie's plugin that starts the chain and puts isolation before other fixtures."""

    def pytest_generate_tests(self, metafunc: pytest.Metafunc) -> None:
        """Snapshots are taken before the fixtures whose effects they undo."""
        _make_fixture_execute_first(metafunc, "module_isolation", "module")
        _make_fixture_execute_first(metafunc, "fn_isolation", "function")

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        """Start anvil on a free port, where a test of this folder is going to run."""
        here = Path(__file__).parent
        if session.config.option.collectonly or not any(here in item.path.parents for item in session.items):
            return
        CONFIG.argv["cli"] = "test"
        _connect()
        gc.collect()
        gc.freeze()

    def pytest_sessionfinish(self) -> None:
        """Stop the chain that was started, quietly: pytest's summary is to be the last word."""
        with contextlib.redirect_stdout(io.StringIO()):
            if brownie.network.is_connected():
                brownie.network.disconnect()


def next_block_at(timestamp: int) -> None:
    """Let the next transaction's block carry exactly this time."""
    response = web3.provider.make_request("evm_setNextBlockTimestamp", [timestamp])
    if "error" in response:
        raise ValueError(f"the chain refuses {timestamp} as its next time: {response['error']['message']}")


def _connect() -> None:
    """Start anvil, whose first block has the same time in each run, for what a fuzz meets depends on the hour.

    It is started again on another port where it is not up in brownie's ten seconds, as on a busy machine.
    """
    CONFIG.networks["development"]["cmd"] += f" --timestamp {BEGINNING}"
    for attempt in range(1, ATTEMPTS + 1):
        CONFIG.networks["development"]["cmd_settings"]["port"] = free_port()
        try:
            with contextlib.redirect_stdout(io.StringIO()):
                brownie.network.connect("development")
        except (RPCConnectionError, RPCProcessError):
            if attempt == ATTEMPTS:
                raise
        else:
            return


def _mine(timestamp: int | None = None) -> None:
    """Mine one block; anvil takes the time as a plain list entry, brownie sends it bare."""
    anvil._request("evm_mine", [] if timestamp is None else [timestamp])


anvil.mine = _mine
