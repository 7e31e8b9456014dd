"""Four validators and an RPC node of a real Besu, started from what `network init` wrote: no Docker.

Skipped, visibly, where there is no besu: set `BESU_BIN` to its executable. What is learnt here corrects the answers
kept in `tests/support/besu_answers.json`. Besu needs Java 25, and six of it run at once: each takes at most half a
gigabyte of heap, unless `BESU_OPTS` says otherwise, and everything is waited for long enough for two busy cores.
"""

import contextlib
import os
import re
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from commons import deployments
from commons.actions import community as joining
from commons.actions import deploy
from commons.addresses import Address
from commons.chain import Chain
from commons.errors import ChainError, SettingsError, TransactionFailed
from commons.records import EnergyProfile, MemberKind
from commons.settings import settings
from commons.wallets import embedded_signer, known_signer
from scripts.network import init, inventory
from scripts.network.files import write_files
from scripts.network.follow_members import Follower
from scripts.network.inventory import Network, Node, Ports, Role
from scripts.network.joining import admitted, join, kit_files
from scripts.network.node_rpc import NodeRpc, node_rpc
from scripts.network.rules import findings
from scripts.network.voting import hold_vote, voters
from tests.support.besu_like import ANSWERS
from tests.support.chain import NETWORK, World, deployments_in, make_world
from tests.support.ports import free_port, free_row

WAIT_S = 600
"""Six virtual machines start on two cores, and QBFT's rounds grow longer while too few validators are there."""
STOP_S = 120
RPC_S = 60
BESU = settings().besu_bin or shutil.which("besu")
SMALL_MACHINE = "-Xmx512m -XX:TieredStopAtLevel=1"
TRIED = (26, 8, 0)

pytestmark = pytest.mark.skipif(BESU is None, reason="no besu on PATH, and BESU_BIN names none: nothing to launch")

ACCOUNTS = ["platform-admin", "community-admin", "market-operator", "issuer", "operator-1", "operator-2", "operator-3"]
MEMBERS = ["H01", "H02", "H03", "H04"]


@dataclass
class Running:
    """A network of real nodes; every process was started here."""

    folder: Path
    processes: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)
    logs: dict[str, Path] = field(default_factory=dict)

    @property
    def network(self) -> Network:
        """The inventory."""
        return inventory.load(self.folder)

    def start(self, node: Node, folder: Path | None = None) -> None:
        """Start a node with its own script."""
        place = (folder or self.folder) / "nodes" / node.name
        self.logs[node.name] = place / "besu.log"
        environment = {"BESU_OPTS": SMALL_MACHINE, **os.environ, "BESU_BIN": str(Path(str(BESU)).absolute())}
        with self.logs[node.name].open("ab") as log:
            self.processes[node.name] = subprocess.Popen(
                [str(place / "start.sh")], stdout=log, stderr=log, env=environment, start_new_session=True
            )

    def stop(self, *names: str) -> None:
        """Stop nodes that were started here, all at once; each has a session of its own, a launcher's Java in it."""
        stopped = [self.processes.pop(name) for name in names]
        for process in stopped:
            _signal(process, signal.SIGTERM)
        for process in stopped:
            try:
                process.wait(STOP_S)
            except subprocess.TimeoutExpired:
                _signal(process, signal.SIGKILL)
                process.wait()

    def require_alive(self) -> None:
        """Fail with what a node said last if one has ended that was not stopped."""
        for name, process in self.processes.items():
            assert process.poll() is None, f"{name} has ended with {process.poll()}:\n{self.end_of_log(name, 3000)}"

    def end_of_log(self, name: str, characters: int) -> str:
        """What a node said last."""
        return self.logs[name].read_text(errors="replace")[-characters:]

    def eventually(self, what: str, look: Callable[[], Any]) -> Any:
        """What `look` gives once it gives something; not before `WAIT_S` is it given up."""
        until, problem = time.monotonic() + WAIT_S, ""
        while True:
            self.require_alive()
            try:
                if found := look():
                    return found
            except ChainError as error:  # nobody answers yet, or not in time
                problem = error.message
            if time.monotonic() > until:
                said = "\n".join(f"{name}: …{self.end_of_log(name, 600)}" for name in self.processes)
                pytest.fail(f"{what}: not within {WAIT_S} s. {problem}\n{said}")
            time.sleep(1)


def _signal(process: subprocess.Popen[bytes], number: signal.Signals) -> None:
    with contextlib.suppress(ProcessLookupError):  # it has ended by itself
        os.killpg(process.pid, number)


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """The network, making blocks."""
    folder = tmp_path_factory.mktemp("besu") / "network"
    first = free_row(40)
    allowed = [known_signer(name).address for name in (*ACCOUNTS, *MEMBERS)]
    init.run(
        folder,
        allow=[str(one) for one in allowed],
        p2p_port=first,
        rpc_port=first + 10,
        admin_port=first + 20,
        metrics_port=first + 30,
    )
    assert findings(folder) == []
    network = Running(folder)
    try:
        for node in network.network.nodes:
            network.start(node)
        network.eventually("a block", lambda: _rpc(network).block_number() > 1)
        yield network
    finally:
        network.stop(*network.processes)


def _rpc(running: Running) -> Chain:
    return Chain.connect(f"http://127.0.0.1:{running.network.node('rpc-1').ports.rpc}", timeout_s=RPC_S)


@pytest.fixture(scope="module")
def world(running: Running, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """A community on it, deployed through the members' RPC node."""
    folder = tmp_path_factory.mktemp("world")
    with deployments_in(folder / "deployments"):
        yield make_world(_rpc(running), folder)


def test_node__answers_where_it_differs_from_anvil__are_those_kept(running: Running) -> None:
    chain = _rpc(running)
    version = re.match(r"besu/v(\d+)\.(\d+)\.(\d+)", chain.client())
    assert version is not None, chain.client()
    assert tuple(map(int, version.groups())) >= TRIED  # newer ones are tried with this very test
    for tag in ("safe", "finalized"):
        with pytest.raises(ChainError):
            chain.block(tag)
    with pytest.raises(ChainError, match=ANSWERS["send_transaction"]["error"]["message"][:40]):
        chain.request("eth_sendTransaction", {"from": "0x" + "11" * 20})
    with pytest.raises(ChainError):
        chain.request("evm_mine")
    with pytest.raises(SettingsError):
        embedded_signer(chain, "issuer")
    assert int(chain.request("eth_gasPrice"), 16) == 0


def test_node__says_who_it_is__to_those_with_a_token(running: Running) -> None:
    for node in running.network.nodes:
        rpc = node_rpc(running.folder, node)
        said = running.eventually(f"{node.name} says who it is", partial(rpc.request, "net_enode"))
        assert said.startswith(f"enode://{node.node_id}@127.0.0.1:{node.ports.p2p}")


def test_sender__not_on_the_list__is_refused_by_its_name(world: World) -> None:
    call = world.contracts.euro.call("approve", world.bob.address, 1)
    with pytest.raises(TransactionFailed, match=f"takes no transactions from {world.stranger.address}"):
        world.chain.send(world.stranger, call)


def test_fees__either_kind_of_transaction__cost_nothing(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    for legacy in ("false", "true"):
        monkeypatch.setenv("COMMONWATT_LEGACY_TRANSACTIONS", legacy)
        settings.cache_clear()
        assert world.chain.send(world.alice, world.contracts.euro.call("approve", world.bob.address, 1)).succeeded
    monkeypatch.undo()
    settings.cache_clear()


def test_deployment__run_again__finds_everything(world: World) -> None:
    assert deploy.plan(world.chain, NETWORK).missing == ()
    assert deployments.load(NETWORK).chain_id == world.chain.chain_id


def test_members__approved_and_left__lists_follow_and_a_late_node_still_syncs(
    running: Running, world: World, tmp_path: Path
) -> None:
    """A member is listed at approval, sends, leaves and is even taken off every list; then a new node joins, catches
    up with all of it, and is voted in."""
    follower = Follower(world.chain, NETWORK, running.folder)

    def everywhere_in_step() -> bool:
        return not any(report.problem for report in follower.step())

    form = joining.application_for(world.reader, world.stranger, MemberKind.CITIZEN, EnergyProfile.CONSUMER)
    world.chain.send(world.admin, joining.register_call(world.contracts, form))
    approval = joining.approve_call(
        world.contracts, world.stranger.address, joining.new_member_id(), form.application.adhesion_hash
    )
    world.chain.send(world.admin, approval)
    nodes = [node_rpc(running.folder, node) for node in running.network.nodes]
    running.eventually("the lists in step", everywhere_in_step)
    assert all(world.stranger.address in node.accounts() for node in nodes)
    world.chain.send(world.stranger, world.contracts.euro.call("approve", world.bob.address, 2))  # refused before: 1
    world.chain.send(world.stranger, world.contracts.community.call("leave"))
    running.eventually("the lists in step", everywhere_in_step)
    assert all(world.stranger.address in node.accounts() for node in nodes)  # nobody is taken off for leaving
    for node in nodes:
        running.eventually(f"{node.name} lists it no more", partial(off, node, world.stranger.address))

    write_files(tmp_path / "kit", kit_files(running.folder))
    request = join(
        tmp_path / "kit",
        tmp_path / "new",
        "late",
        Role.VALIDATOR,
        "127.0.0.1",
        "late",
        Ports(*(free_port() for _ in range(4))),
    )
    network = admitted(running.folder, request)
    for node in nodes:
        running.eventually(f"{node.name} lets it in", partial(admits, node, request.node))
    running.start(request.node, tmp_path / "new")
    late = node_rpc(tmp_path / "new", request.node)
    head = world.chain.block_number()
    running.eventually("the late node in sync", lambda: int(late.request("eth_blockNumber"), 16) >= head)
    for_it = voters(running.folder, network, [f"validator-{n}" for n in (1, 2, 3)])
    running.eventually("the late node voted in", lambda: hold_vote(for_it, request.node.address, True).effective)
    before = world.chain.block_number()
    running.eventually("blocks of five validators", lambda: world.chain.block_number() > before + 10)


def off(node: NodeRpc, account: Address) -> bool:
    """Take an account off a node's list; whether it is off."""
    if account in node.accounts():
        node.disallow([account])
    return account not in node.accounts()


def admits(node: NodeRpc, newcomer: Node) -> bool:
    """Have a node let another in; whether it does."""
    node.admit(newcomer)
    return newcomer.enode in node.peers_allowed()


def test_validator__one_of_them_stopped__the_chain_goes_on(running: Running, world: World) -> None:
    running.stop("validator-4")
    before = world.chain.block_number()
    running.eventually("blocks without it", lambda: world.chain.block_number() > before + 5)
    running.start(running.network.node("validator-4"))
    again = node_rpc(running.folder, running.network.node("validator-4"))
    head = world.chain.block_number()
    running.eventually("the chain on it again", lambda: int(again.request("eth_blockNumber"), 16) >= head)
