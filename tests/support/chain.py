"""A chain for tests: one Anvil per run, contracts deployed once, a community with operators and members on it.

`world` is what a test takes; whatever it does is undone after it. The chain makes a block per transaction, and what it
calls now is the time of its latest block: `world.jump(seconds)` and `world.jump_to(moment)` move it.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from commons.actions import community as joining
from commons.actions import deploy, funds
from commons.addresses import Address
from commons.chain import Chain
from commons.contracts import CommunityReader, Contracts
from commons.deployments import DeployedCommunity, Deployment
from commons.records import (
    EVIDENCE_OPEN,
    CommunityParameters,
    EnergyProfile,
    MemberKind,
    OperatorTerms,
    SessionParameters,
    WindowLimits,
)
from commons.settings import settings
from commons.units import UE_PER_EURO, BasisPoints, EnergyWh, EpochSeconds, MoneyUe, PriceUekwh, SessionId
from commons.wallets import Signer, known_signer
from scripts.embedded import EmbeddedChain, jump_to
from tests.support.ports import free_port

NETWORK = "test"
BEGINNING = EpochSeconds(1_781_079_420)
"""10:17 in Rome on Wednesday, 10 June 2026."""
ESCROW = MoneyUe(100 * UE_PER_EURO)
POCKET = MoneyUe(50 * UE_PER_EURO)
BOND = MoneyUe(1000 * UE_PER_EURO)
HOUR = 3600
LIMITS = WindowLimits(commit=60, reveal=60, challenge=60, settlement=600, execution=600)
TERMS = OperatorTerms(threshold=2, bond=MoneyUe(100 * UE_PER_EURO), bond_share_bps=BasisPoints(1000))


@dataclass(frozen=True)
class World:
    """A running community: three bonded operators, four members with 100 € in escrow and 50 € outside."""

    chain: Chain
    deployment: Deployment
    community: DeployedCommunity
    contracts: Contracts
    folder: Path
    """A folder of this test."""

    platform_admin: Signer
    admin: Signer
    market_operator: Signer
    issuer: Signer
    operators: tuple[Signer, ...]
    alice: Signer
    bob: Signer
    carla: Signer
    dino: Signer
    stranger: Signer

    @property
    def reader(self) -> CommunityReader:
        """What the community's contracts know."""
        return CommunityReader(self.chain, self.contracts, self.community.created_block)

    @property
    def members(self) -> tuple[Signer, ...]:
        """All members."""
        return (self.alice, self.bob, self.carla, self.dino)

    @property
    def environment(self) -> dict[str, str]:
        """What a process needs in its environment to work with this chain."""
        return {
            "COMMONWATT_NETWORK": NETWORK,
            "COMMONWATT_RPC_URL": self.chain.rpc_url,
            "COMMONWATT_DEPLOYMENTS_DIR": str(settings().deployments_dir),
        }

    def jump_to(self, moment: int) -> None:
        """Move the chain's clock to a moment."""
        jump_to(self.chain, EpochSeconds(moment))

    def jump(self, seconds: int) -> None:
        """Move the chain's clock forward."""
        self.jump_to(self.chain.now() + seconds)

    def session_parameters(self, **changes: object) -> SessionParameters:
        """Parameters of a session of 24 hours that starts as soon as it may; `changes` replace single ones."""
        now = self.chain.now()
        start = (now + 2 * HOUR) // HOUR * HOUR
        fields: dict[str, object] = {
            "commit_deadline": EpochSeconds(now + 600),
            "reveal_deadline": EpochSeconds(now + 1200),
            "deposit_fixed": MoneyUe(UE_PER_EURO),
            "deposit_bps": BasisPoints(500),
            "most_orders": 100,
            "slot_count": 24,
            "slot_seconds": HOUR,
            "missing_allowance": 2,
            "tolerance_bps": BasisPoints(500),
            "floor_price": PriceUekwh(1),
            "cap_price": PriceUekwh(500_000),
            "penalty_price": PriceUekwh(50_000),
            "smallest_order_wh": EnergyWh(10),
            "challenge_window": 300,
            "execution_timeout": 24 * HOUR,
            "delivery_start": EpochSeconds(start),
            "settlement_timeout": EpochSeconds(start + 10 * 24 * HOUR),
        }
        return SessionParameters(**{**fields, **changes})  # type: ignore[arg-type]

    def open_session(self, **changes: object) -> SessionId:
        """Open such a session and give its number."""
        call = self.contracts.sessions.call("newSession", self.session_parameters(**changes))
        receipt = self.chain.send(self.market_operator, call)
        return SessionId(next(e.args["sessionId"] for e in receipt.events if e.name == "SessionOpened"))


@pytest.fixture(scope="session")
def anvil(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chain]:
    """A bare chain of this test run; its state is not kept."""
    with bare_chain(tmp_path_factory.mktemp("chain")) as chain:
        yield chain


@pytest.fixture(scope="session")
def settled_world(anvil: Chain, tmp_path_factory: pytest.TempPathFactory) -> World:
    """The community, made once; tests take `world`."""
    folder = tmp_path_factory.mktemp("world")
    with deployments_in(folder / "deployments"):
        return make_world(anvil, folder)


@pytest.fixture
def world(settled_world: World, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """The community as it was made; what the test does is undone."""
    chain, deployments = settled_world.chain, settled_world.folder / "deployments"
    snapshot = chain.request("evm_snapshot")
    before = {file: file.read_bytes() for file in deployments.iterdir()}
    with deployments_in(deployments):
        yield replace(settled_world, folder=tmp_path_factory.mktemp("world"))
    for file in deployments.iterdir():
        file.unlink()
    for file, content in before.items():
        file.write_bytes(content)
    chain.request("evm_revert", snapshot)


@contextmanager
def deployments_in(folder: Path) -> Iterator[None]:
    """Inside the block, addresses of contracts are kept in a folder of the test's own; settings are read anew."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("COMMONWATT_DEPLOYMENTS_DIR", str(folder))
        settings.cache_clear()
        yield
    settings.cache_clear()


@pytest.fixture
def alice(world: World) -> Signer:
    """A member."""
    return world.alice


@pytest.fixture
def bob(world: World) -> Signer:
    """Another member."""
    return world.bob


@pytest.fixture
def operator(world: World) -> Signer:
    """An oracle operator with its bond."""
    return world.operators[0]


@pytest.fixture
def stranger(world: World) -> Signer:
    """Somebody who never applied."""
    return world.stranger


@contextmanager
def bare_chain(folder: Path) -> Iterator[Chain]:
    """A chain with nothing on it, whose time is the same in each run: each block is a second after the one before.

    With a clock that goes on, windows would close on a test while a busy machine computes; with the present, a test
    might pass by day and fail at midnight, or in the night that has no third hour.
    """
    embedded = EmbeddedChain(folder, free_port(), block_seconds=0, kept=False, begins_at=BEGINNING)
    try:
        chain = embedded.start()
        chain.request("anvil_setBlockTimestampInterval", 1)
        yield chain
    finally:
        embedded.stop()


def make_world(chain: Chain, folder: Path) -> World:
    """Deploy, create the community, and bring in operators and members."""
    platform_admin, admin, issuer = (known_signer(n) for n in ("platform-admin", "community-admin", "issuer"))
    market_operator = known_signer("market-operator")
    operators = tuple(known_signer(f"operator-{number}") for number in (1, 2, 3))
    deployment = deploy.deploy(chain, deploy.plan(chain, NETWORK), platform_admin, issuer.address)
    parameters = community_parameters(deployment, admin.address, [operator.address for operator in operators])
    community, deployment = joining.create_community(chain, platform_admin, deployment, parameters)
    contracts = Contracts.bind(community.contracts, deployment.euro)
    members = {name: known_signer(f"H{n:02d}") for n, name in enumerate(("alice", "bob", "carla", "dino"), start=1)}
    world = World(
        chain=chain,
        deployment=deployment,
        community=community,
        contracts=contracts,
        folder=folder,
        platform_admin=platform_admin,
        admin=admin,
        market_operator=market_operator,
        issuer=issuer,
        operators=operators,
        stranger=known_signer("account-90"),
        **members,
    )
    grant = joining.grant_call(contracts, "MARKET_OPERATOR", market_operator.address)
    # One batch after the other: of what different accounts send at once, a chain takes any first.
    mints = [(issuer, funds.mint_call(contracts.euro, one.address, BOND)) for one in operators]
    chain.send_all([(admin, grant), *mints])
    chain.send_all([(one, call) for one in operators for call in funds.bond_calls(contracts, BOND)])
    admit(world, members.values())
    return world


def community_parameters(deployment: Deployment, admin: Address, operators: list[Address]) -> CommunityParameters:
    """A community with short windows and two of three operators."""
    return CommunityParameters(
        name="Test Community",
        token_symbol="TEST",
        admin=admin,
        settlement_token=deployment.euro,
        replacement_delay=30 * 24 * HOUR,
        notice_period=24 * HOUR,
        emission_cap=10**24,
        evidence_from=EVIDENCE_OPEN,
        leaver_period=0,
        window_limits=LIMITS,
        operator_terms=TERMS,
        operators=tuple(operators),
    )


def admit(world: World, wallets: Iterable[Signer]) -> None:
    """Make active members of the wallets, with escrow and settlement euro beside it."""
    signers = list(wallets)
    applicants = [(signer, MemberKind.CITIZEN, EnergyProfile.PROSUMER) for signer in signers]
    applications = joining.applications_for(world.reader, applicants)
    calls = [(world.admin, joining.register_call(world.contracts, signed)) for signed in applications]
    calls += [
        (
            world.admin,
            joining.approve_call(
                world.contracts,
                signed.application.applicant,
                joining.new_member_id(),
                signed.application.adhesion_hash,
            ),
        )
        for signed in applications
    ]
    amount = MoneyUe(ESCROW + POCKET)
    calls += [(world.issuer, funds.mint_call(world.contracts.euro, signer.address, amount)) for signer in signers]
    world.chain.send_all(calls)
    world.chain.send_all([(s, call) for s in signers for call in funds.deposit_calls(world.contracts, ESCROW)])
