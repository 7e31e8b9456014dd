"""The whole day of a community at a node like Besu: everything from deployment to the last payment goes through it."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from commons.chain import Chain
from commons.settings import settings
from commons.units import EpochSeconds
from oracle.duty import Over, due
from scripts.embedded import jump_to
from tests.support.besu_like import BesuLike, serving
from tests.support.chain import NETWORK, World, bare_chain, make_world
from tests.support.market import desks, open_day, run_to_end, usual_orders, usual_readings


@dataclass(frozen=True)
class BesuWorld(World):
    """A community whose every request goes through the node; only the clock is moved behind its back."""

    def jump_to(self, moment: int) -> None:
        """Move the clock of the chain behind the node."""
        jump_to(Chain.connect(self.folder.joinpath("clock").read_text()), EpochSeconds(moment))


@pytest.fixture
def empty_chain(tmp_path: Path) -> Iterator[Chain]:
    """A chain with nothing on it."""
    with bare_chain(tmp_path / "chain") as chain:
        yield chain


@pytest.fixture(params=["two fees", "one price"])
def kind_of_transaction(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[str]:
    """EIP-1559 and legacy."""
    monkeypatch.setenv("COMMONWATT_LEGACY_TRANSACTIONS", str(request.param == "one price").lower())
    monkeypatch.setenv("COMMONWATT_DEPLOYMENTS_DIR", str(tmp_path / "deployments"))
    settings.cache_clear()
    yield str(request.param)
    monkeypatch.undo()
    settings.cache_clear()


@pytest.mark.usefixtures("kind_of_transaction")
def test_day__late_inclusion_and_broken_connections__ends_with_everybody_paid(
    empty_chain: Chain, tmp_path: Path
) -> None:
    besu = BesuLike(empty_chain.rpc_url, delay=2, drop_every=37)
    (tmp_path / "clock").write_text(empty_chain.rpc_url)
    with serving(besu) as url:
        made = make_world(Chain.connect(url, timeout_s=20), tmp_path)
        world = BesuWorld(**vars(made))
        assert (settings().deployments_dir / f"{NETWORK}.json").exists()
        operators = desks(world, tmp_path)
        day = open_day(world, usual_orders(world))
        for operator in operators:
            operator.meter(day.view, usual_readings(world))
        run_to_end(day, operators)
        view = day.view
        assert {execution.trader for execution in view.executions} == {trader.address for trader in day.orders}
        assert due(view, world.chain.now(), operators[0].signer.address) == (Over(),)
        paid = {
            execution.trader: execution.credit - execution.debit - execution.penalty for execution in view.executions
        }
        assert paid[world.bob.address] > 0 > paid[world.alice.address]
    assert besu.dropped > 3
    assert not besu.held
    assert not [method for method in besu.asked if method.startswith(("evm_", "anvil_", "eth_sendTransaction"))]
