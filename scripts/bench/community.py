"""A community to measure with, on an embedded chain of its own that ends with the measurement.

The chain keeps nothing and listens on a free port; addresses and operators' folders lie in a temporary folder. Members
and operators are known accounts of the embedded mnemonic.
"""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from commons.actions import community as joining
from commons.actions import deploy, funds, tokens
from commons.chain import Chain
from commons.contracts import CommunityReader, Contracts
from commons.records import (
    EVIDENCE_OPEN,
    CategoryTerms,
    CommunityParameters,
    EnergyProfile,
    MemberKind,
    OperatorTerms,
    TokenAmount,
    TokenCategory,
    WindowLimits,
)
from commons.settings import settings
from commons.units import UE_PER_EURO, BasisPoints, EpochSeconds, MoneyUe
from commons.wallets import Signer, known_signer
from scripts.bench.blocks import blocks_when_needed
from scripts.bench.stopwatch import Phase, timed
from scripts.embedded import EmbeddedChain, free_port

NETWORK = "bench"
SYMBOL = "BENCH"
ESCROW = MoneyUe(400 * UE_PER_EURO)
POCKET = MoneyUe(10 * UE_PER_EURO)
BOND = MoneyUe(1_000_000 * UE_PER_EURO)
TERMS = OperatorTerms(threshold=2, bond=MoneyUe(100 * UE_PER_EURO), bond_share_bps=BasisPoints(1000))
LIMITS = WindowLimits(commit=60, reveal=60, challenge=60, settlement=600, execution=600)
DAY = 24 * 3600
TOKEN = 10**18
WELCOME = 50 * TOKEN
PAYMENT = 3 * TOKEN + 7
PAYMENT_TERMS = CategoryTerms(
    fee_bps=BasisPoints(500),
    payer_bps=BasisPoints(250),
    payee_bps=BasisPoints(200),
    most_per_payment=10**8,
    most_per_member=10**9,
    most_per_pair=10**9,
    is_off=False,
    since=EpochSeconds(0),
)
"""A fee, and incentives for both; limits in millionths of a token."""
_FIRST_MEMBER = 200


@dataclass(frozen=True)
class BenchCommunity:
    """A community with three bonded operators, of whom two must agree, and members without escrow yet."""

    chain: Chain
    contracts: Contracts
    first_block: int
    folder: Path
    admin: Signer
    issuer: Signer
    market_operator: Signer
    operators: tuple[Signer, ...]
    members: tuple[Signer, ...]

    @property
    def reader(self) -> CommunityReader:
        """What the community's contracts know."""
        return CommunityReader(self.chain, self.contracts, self.first_block)

    def apply(self) -> Phase:
        """Every member's application, handed in by the admin."""
        return timed(self.chain, "apply", self._apply)

    def approve(self) -> Phase:
        """The admin reads and approves every application."""
        return timed(self.chain, "approve", self._approve)

    def deposit(self) -> Phase:
        """Every member pays settlement euro into escrow; they got it before."""
        mints = [funds.mint_call(self.contracts.euro, one.address, MoneyUe(ESCROW + POCKET)) for one in self.members]
        self.chain.send_all([(self.issuer, mint) for mint in mints])
        paying = [(one, call) for one in self.members for call in funds.deposit_calls(self.contracts, ESCROW)]
        return timed(self.chain, "deposit", lambda: self.chain.send_all(paying))

    def transfer_around(self) -> None:
        """The yardstick: each member hands its neighbour 1 µ€ of settlement euro, a plain ERC-20 transfer."""
        receivers = (*self.members[1:], self.members[0])
        transfer = self.contracts.euro.call
        calls = [
            (giver, transfer("transfer", to.address, 1)) for giver, to in zip(self.members, receivers, strict=True)
        ]
        self.chain.send_all(calls)

    def open_economy(self) -> None:
        """Fee and incentives of payments among citizens, and a welcome bonus for those who are approved from now on."""
        calls = (
            tokens.schedule_call(self.contracts, TokenCategory.CITIZEN_TO_CITIZEN, PAYMENT_TERMS),
            tokens.schedule_amount_call(self.contracts, TokenAmount.WELCOME_CITIZEN, WELCOME),
            tokens.issue_call(self.contracts, WELCOME * (len(self.members) + 1)),
        )
        self.chain.send_all([(self.admin, call) for call in calls])

    def pay_around(self) -> None:
        """Each member pays its neighbour in tokens; the reference has 32 bytes, as a hash would."""
        receivers = (*self.members[1:], self.members[0])
        category = TokenCategory.CITIZEN_TO_CITIZEN
        calls = [
            (payer, tokens.pay_call(self.contracts, to.address, PAYMENT, category, "x" * 32))
            for payer, to in zip(self.members, receivers, strict=True)
        ]
        self.chain.send_all(calls)

    def _apply(self) -> None:
        applicants = [(one, MemberKind.CITIZEN, EnergyProfile.PROSUMER) for one in self.members]
        signed = joining.applications_for(self.reader, applicants)
        self.chain.send_all([(self.admin, joining.register_call(self.contracts, one)) for one in signed])

    def _approve(self) -> None:
        wallets = [one.address for one in self.members]
        applied = zip(wallets, self.reader.members(wallets), strict=True)
        calls = [
            joining.approve_call(self.contracts, wallet, joining.new_member_id(), member.adhesion_hash)
            for wallet, member in applied
        ]
        self.chain.send_all([(self.admin, call) for call in calls])


@contextmanager
def community_of(count: int) -> Iterator[BenchCommunity]:
    """A community whose `count` future members have not applied yet; its chain ends with the block."""
    with tempfile.TemporaryDirectory(prefix="commonwatt-bench-") as name, _deployments_in(Path(name) / "deployments"):
        embedded = EmbeddedChain(Path(name) / "chain", free_port(), block_seconds=0, kept=False)
        try:
            with blocks_when_needed(chain := embedded.start()):
                yield _founded(chain, Path(name), count)
        finally:
            embedded.stop()


def _founded(chain: Chain, folder: Path, count: int) -> BenchCommunity:
    platform_admin, admin, issuer, market_operator = (
        known_signer(role) for role in ("platform-admin", "community-admin", "issuer", "market-operator")
    )
    operators = tuple(known_signer(f"operator-{number}") for number in (1, 2, 3))
    deployment = deploy.deploy(chain, deploy.plan(chain, NETWORK), platform_admin, issuer.address)
    parameters = CommunityParameters(
        name="Benchmark",
        token_symbol=SYMBOL,
        admin=admin.address,
        settlement_token=deployment.euro,
        replacement_delay=30 * DAY,
        notice_period=DAY,
        emission_cap=10**24,
        evidence_from=EVIDENCE_OPEN,
        leaver_period=0,
        window_limits=LIMITS,
        operator_terms=TERMS,
        operators=tuple(operator.address for operator in operators),
    )
    created, _ = joining.create_community(chain, platform_admin, deployment, parameters)
    contracts = Contracts.bind(created.contracts, deployment.euro)
    chain.send(admin, joining.grant_call(contracts, "MARKET_OPERATOR", market_operator.address))
    # Two batches: in one, a bond could come before the money for it.
    chain.send_all([(issuer, funds.mint_call(contracts.euro, operator.address, BOND)) for operator in operators])
    chain.send_all([(operator, call) for operator in operators for call in funds.bond_calls(contracts, BOND)])
    members = tuple(known_signer(f"account-{number}") for number in range(_FIRST_MEMBER, _FIRST_MEMBER + count))
    first_block = created.created_block
    return BenchCommunity(chain, contracts, first_block, folder, admin, issuer, market_operator, operators, members)


@contextmanager
def _deployments_in(folder: Path) -> Iterator[None]:
    """Addresses of this process's deployments go to `folder`, not to the installation's."""
    name = "COMMONWATT_DEPLOYMENTS_DIR"
    before = os.environ.get(name)
    os.environ[name] = str(folder)
    settings.cache_clear()
    try:
        yield
    finally:
        if before is None:
            del os.environ[name]
        else:
            os.environ[name] = before
        settings.cache_clear()
