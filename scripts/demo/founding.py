"""Founding Fontana on the embedded chain: contracts, community, operators with their bonds, members.

Every step looks at the chain for what is missing, so that a founding that was cut off is picked up, and a second start
finds everything done.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from commons import deployments
from commons.actions import community as joining
from commons.actions import deploy, funds, rewards
from commons.actions.bindings import PointOfMember, bind_call, bindings_for, bound_points
from commons.addresses import Address
from commons.chain import Call, Chain
from commons.contracts import CommunityReader, Contracts
from commons.deployments import DeployedCommunity, Deployment
from commons.errors import SettingsError
from commons.records import (
    CommunityParameters,
    EnergyProfile,
    MemberKind,
    MemberStatus,
    ModelKind,
    OperatorTerms,
    PointKind,
    RewardParameters,
    WindowLimits,
)
from commons.settings import settings
from commons.slots import day_number, local_day
from commons.units import TOKEN, UE_PER_EURO, BasisPoints, MoneyUe, show_eur
from commons.wallets import Signer, known_signer
from scripts.demo.fontana import NAME, OPERATORS, SYMBOL, THRESHOLD, Fontana, Homes
from scripts.demo.households import Profile
from scripts.demo.keys import hand_out_keys
from scripts.demo.screen import Screen

DAY = 24 * 3600
BOND = MoneyUe(1000 * UE_PER_EURO)
TERMS = OperatorTerms(threshold=THRESHOLD, bond=MoneyUe(100 * UE_PER_EURO), bond_share_bps=BasisPoints(1000))
LIMITS = WindowLimits(commit=30, reveal=20, challenge=15, settlement=DAY, execution=3600)
"""Short, because the chain's clock runs as everybody's and nobody wants to wait an hour for a demo."""
EMISSION_CAP = 1_000_000 * TOKEN
REWARDS = RewardParameters(
    model=ModelKind.SELF_CONSUMPTION,
    own_bps=BasisPoints(5_000),
    load_bps=BasisPoints(10_000),
    production_bps=BasisPoints(7_500),
    threshold_bps=BasisPoints(500),
    full_bps=BasisPoints(0),
    self_consumption_weight_bps=BasisPoints(0),
    no_peaks_weight_bps=BasisPoints(0),
    tokens_per_kwh=TOKEN // 10,
    max_tokens=0,
)
"""A tenth of a token, six minutes of somebody's time, for a kWh that counts in full."""
LEAVER_PERIOD_S = 365 * 24 * 3600
PROFILES = {Profile.CONSUMER: EnergyProfile.CONSUMER, Profile.PROSUMER: EnergyProfile.PROSUMER}


@dataclass(frozen=True)
class Founders:
    """Who does what on the embedded chain."""

    platform_admin: Signer
    admin: Signer
    market_operator: Signer
    issuer: Signer
    relayer: Signer

    @classmethod
    def embedded(cls) -> "Founders":
        """The embedded chain's accounts for it."""
        return cls(
            known_signer("platform-admin"),
            known_signer("community-admin"),
            known_signer("market-operator"),
            known_signer("issuer"),
            known_signer("relayer"),
        )


def found(chain: Chain, homes: Homes, screen: Screen) -> Fontana:
    """The community, founded as far as it was not."""
    founders = Founders.embedded()
    deployment = _deployed(chain, founders, screen)
    community = _created(chain, deployment, founders, screen)
    contracts = Contracts.bind(community.contracts, deployment.euro)
    fontana = Fontana(chain, contracts, community.created_block, homes)
    _bind_operators(fontana.reader, founders, fontana.operators, screen)
    _admit(fontana.reader, founders, homes, screen)
    _set_rewards(fontana.reader, founders, screen)
    _bind_points(fontana.reader, founders, homes, screen)
    if hand_out_keys(fontana):
        screen.done(f"Each home has a key that salts its readings, sealed to {len(OPERATORS)} operators")
    return fontana


# -------------------------------------------------------------------- contracts and community


def _deployed(chain: Chain, founders: Founders, screen: Screen) -> Deployment:
    network = settings().network
    screen.doing("Putting the contracts on the chain")
    planned = _planned(chain, network, screen)
    deployment = deploy.deploy(chain, planned, founders.platform_admin, founders.issuer.address)
    if planned.missing:
        screen.done(f"{len(planned.missing)} contracts are on the chain")
    return _without_lost_communities(chain, deployment)


def _planned(chain: Chain, network: str, screen: Screen) -> deploy.DeploymentPlan:
    """What is missing; everything, where the contracts here are not those that were deployed."""
    try:
        return deploy.plan(chain, network)
    except SettingsError:
        planned = deploy.plan(chain, network, anew=True)
        screen.note(f"The contracts have changed since last time: they are put on the chain anew, and {NAME} with them")
        return planned


def _without_lost_communities(chain: Chain, deployment: Deployment) -> Deployment:
    """The deployment less the communities that the chain forgot, because it was killed before it wrote them down."""
    alive = tuple(c for c in deployment.communities if chain.has_code(c.contracts.community))
    if alive == deployment.communities:
        return deployment
    kept = replace(deployment, communities=alive)
    deployments.save(kept)
    return kept


def _created(chain: Chain, deployment: Deployment, founders: Founders, screen: Screen) -> DeployedCommunity:
    for known in deployment.communities:
        if known.name == NAME:
            return known
    screen.doing(f"Creating the community {NAME}")
    parameters = CommunityParameters(
        name=NAME,
        token_symbol=SYMBOL,
        admin=founders.admin.address,
        settlement_token=deployment.euro,
        replacement_delay=30 * DAY,
        notice_period=DAY,
        emission_cap=EMISSION_CAP,
        evidence_from=day_number(local_day(chain.now())) + 1,
        leaver_period=LEAVER_PERIOD_S,
        window_limits=LIMITS,
        operator_terms=TERMS,
        operators=tuple(known_signer(name).address for name in OPERATORS),
    )
    created, _ = joining.create_community(chain, founders.platform_admin, deployment, parameters)
    screen.done(f"The community {NAME} is founded: {THRESHOLD} of {len(OPERATORS)} oracle operators must agree")
    return created


# -------------------------------------------------------------------- operators


def _bind_operators(reader: CommunityReader, founders: Founders, operators: Sequence[Signer], screen: Screen) -> None:
    """Give the market operator its role, and every operator without one its bond."""
    calls: list[tuple[Signer, Call]] = []
    role = reader.chain.call(reader.contracts.community.call("MARKET_OPERATOR_ROLE"))
    if not reader.has_role(role, founders.market_operator.address):
        grant = reader.contracts.community.call("grantRole", role, founders.market_operator.address)
        calls.append((founders.admin, grant))
    poor = [one for one in operators if reader.bond(one.address).amount < TERMS.bond]
    for one in poor:
        calls.append((founders.issuer, funds.mint_call(reader.contracts.euro, one.address, BOND)))
    reader.chain.send_all(calls)
    reader.chain.send_all([(one, call) for one in poor for call in funds.bond_calls(reader.contracts, BOND)])
    if poor:
        screen.done(f"{len(poor)} oracle operators have put down a bond of {show_eur(BOND)} each")


# -------------------------------------------------------------------- members


def _admit(reader: CommunityReader, founders: Founders, homes: Homes, screen: Screen) -> None:
    """Relay the applications of the homes that are missing, and approve those that wait."""
    wallets = list(homes.members)
    status = dict(zip(wallets, (member.status for member in reader.members(wallets)), strict=True))
    new = [wallet for wallet in wallets if status[wallet] == MemberStatus.NONE]
    if not any(status[wallet] in (MemberStatus.NONE, MemberStatus.APPLIED) for wallet in wallets):
        return
    screen.doing("The homes apply for membership, and the community's admin approves")
    reader.chain.send_all([(founders.relayer, call) for call in _applications(reader, homes, new)])
    approvals = _approvals(reader, wallets)
    reader.chain.send_all([(founders.admin, call) for call in approvals])
    screen.done(f"{len(approvals)} homes are members: they signed the adhesion, the admin approved")


def _applications(reader: CommunityReader, homes: Homes, wallets: Sequence[Address]) -> list[Call]:
    """The homes' own signed applications, which the relayer hands in."""
    profiles = [PROFILES[homes.members[wallet].home.profile] for wallet in wallets]
    applicants = [(homes.signers[w], MemberKind.CITIZEN, p) for w, p in zip(wallets, profiles, strict=True)]
    return [joining.register_call(reader.contracts, one) for one in joining.applications_for(reader, applicants)]


def _approvals(reader: CommunityReader, wallets: Sequence[Address]) -> list[Call]:
    members = zip(wallets, reader.members(wallets), strict=True)
    return [
        joining.approve_call(reader.contracts, wallet, joining.new_member_id(), member.adhesion_hash)
        for wallet, member in members
        if member.status == MemberStatus.APPLIED
    ]


def _bind_points(reader: CommunityReader, founders: Founders, homes: Homes, screen: Screen) -> None:
    """Bind the homes' meters that are nobody's yet: each home signs, the admin agrees by handing it in."""
    points = [
        PointOfMember(
            bytes.fromhex(point.point_id.removeprefix("0x")),
            PointKind[point.kind.name],
            homes.signers[Address(point.wallet)],
        )
        for point in homes.points
    ]
    bound = bound_points(reader, [point.point_id for point in points])
    missing = [point for point, last in zip(points, bound, strict=True) if not last.number]
    if not missing:
        return
    screen.doing("The homes and the admin sign whose meter is whose")
    calls = [bind_call(reader, founders.admin, signed) for signed in bindings_for(reader, missing)]
    reader.chain.send_all([(founders.admin, call) for call in calls])
    screen.done(f"{len(missing)} meters are bound to their homes: both sides signed, salted ids are on the chain")


# -------------------------------------------------------------------- rewards


def _set_rewards(reader: CommunityReader, founders: Founders, screen: Screen) -> None:
    """Put a reward model in force from the first day that has not begun, unless one was set before."""
    if rewards.parameters_history(reader):
        return
    first = rewards.first_day_for_parameters(reader)
    rewards.set_parameters(reader, founders.admin, REWARDS, first)
    screen.done(f"Tokens for energy used where and when it is made: the model is on the chain, from {first:%d %B} on")
