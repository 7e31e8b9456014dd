"""A whole community on the test chain: its contracts as the factory makes them, and its people."""

from dataclasses import dataclass
from itertools import count
from typing import Any

from brownie import accounts
from brownie._config import CONFIG
from eth_account import Account
from eth_account.messages import encode_typed_data

from tests.contracts.chain import contract_at, deploy, now, send

ZERO = "0x" + "00" * 20
DAY = 86_400
HOUR = 3_600
CITIZEN, STAKEHOLDER = 1, 2
PROSUMER = 1
STATUS = {name: number for number, name in enumerate(("None", "Applied", "Active", "Suspended", "Left", "Replaced"))}
FUNDS_UE = 1_000_000_000
BOND_UE = 50_000_000
NOTICE_S = 2 * DAY
REPLACEMENT_DELAY_S = 30 * DAY
EMISSION_CAP = 1_000 * 10**18
LEAVER_PERIOD_S = 90 * DAY
BOND_SHARE_BPS = 100
EVIDENCE_OPEN = 2**32 - 1
WINDOW_LIMITS = (600, 600, 600, HOUR, HOUR)

_references = count(1)


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody with a wallet."""

    name: str
    address: str
    key: bytes

    def __str__(self) -> str:
        return self.address


def person(name: str, number: int) -> Person:
    """The `number`-th account of the test chain, which signs with its key and sends without it."""
    mnemonic = CONFIG.networks["development"]["cmd_settings"]["mnemonic"]
    Account.enable_unaudited_hdwallet_features()
    account = Account.from_mnemonic(mnemonic, account_path=f"m/44'/60'/0'/0/{number}")
    assert account.address == accounts[number].address
    return Person(name, account.address.lower(), bytes(account.key))


@dataclass(frozen=True, slots=True)
class Implementations:
    """What the clones of all communities run, deployed once."""

    factory: Any
    verifier: Any
    community: Any
    treasury: Any
    token: Any
    sessions: Any
    marketplace: Any
    quorum: Any
    refuter: Any
    demands: Any
    notary: Any
    rewards: Any
    desk: Any
    services: Any
    purchases: Any
    loans: Any
    works: Any


@dataclass(frozen=True, slots=True)
class Contracts:
    """The clones of one community, and the settlement token it uses."""

    euro: Any
    community: Any
    treasury: Any
    token: Any
    sessions: Any
    marketplace: Any
    quorum: Any
    refuter: Any
    demands: Any
    notary: Any
    rewards: Any
    desk: Any
    services: Any
    purchases: Any
    loans: Any
    works: Any


def deploy_platform(project: Any, platform_admin: Person) -> Implementations:
    """The implementations and the factory."""
    verifier = deploy(project.OutcomeVerifier, by=platform_admin)
    refutations = deploy(project.RefutationVerifier, by=platform_admin)
    parts = [
        deploy(project.Community, by=platform_admin),
        deploy(project.Treasury, by=platform_admin),
        deploy(project.CommunityToken, by=platform_admin),
        deploy(project.SessionHandler, by=platform_admin),
        deploy(project.Marketplace, verifier.address, by=platform_admin),
        deploy(project.OracleQuorum, by=platform_admin),
        deploy(project.Refuter, refutations.address, by=platform_admin),
        deploy(project.TreeDemands, by=platform_admin),
        deploy(project.MeasurementNotary, by=platform_admin),
        deploy(project.RewardModels, by=platform_admin),
        deploy(project.StakeholderDesk, by=platform_admin),
        deploy(project.ServiceExchange, by=platform_admin),
        deploy(project.GroupPurchases, by=platform_admin),
        deploy(project.GoodsLoans, by=platform_admin),
        deploy(project.CommunityWorks, by=platform_admin),
    ]
    addresses = [part.address for part in parts]
    factory = deploy(project.CommunityFactory, platform_admin.address, addresses, by=platform_admin)
    return Implementations(factory, verifier, *parts)


def parameters(
    admin: Person,
    euro: Any,
    operators: list[Person],
    *,
    name: str = "Fontana",
    symbol: str = "FNT",
    replacement_delay_s: int = REPLACEMENT_DELAY_S,
    notice_s: int = NOTICE_S,
    leaver_period_s: int = LEAVER_PERIOD_S,
    terms: tuple[int, int, int] = (2, BOND_UE, BOND_SHARE_BPS),
    limits: tuple[int, int, int, int, int] = WINDOW_LIMITS,
    evidence_from: int = EVIDENCE_OPEN,
) -> tuple[Any, ...]:
    """`CommunityParameters`."""
    return (
        name,
        symbol,
        admin.address,
        getattr(euro, "address", euro),
        replacement_delay_s,
        notice_s,
        EMISSION_CAP,
        evidence_from,
        leaver_period_s,
        limits,
        terms,
        [operator.address for operator in operators],
    )


def create_community(
    project: Any, factory: Any, platform_admin: Person, euro: Any, values: tuple[Any, ...]
) -> Contracts:
    """A community made by the factory."""
    made = send(factory.createCommunity, values, by=platform_admin).event("CommunityCreated")["contracts"]
    kinds = (
        "Community",
        "Treasury",
        "CommunityToken",
        "SessionHandler",
        "Marketplace",
        "OracleQuorum",
        "Refuter",
        "TreeDemands",
        "MeasurementNotary",
        "RewardModels",
        "StakeholderDesk",
        "ServiceExchange",
        "GroupPurchases",
        "GoodsLoans",
        "CommunityWorks",
    )
    clones = [contract_at(getattr(project, kind), address) for kind, address in zip(kinds, made, strict=True)]
    return Contracts(euro, *clones)


# ---------------------------------------------------------------- money


def mint(contracts: Contracts, issuer: Person, holder: Any, amount: int) -> None:
    """Settlement euro for `holder`, under a bank reference never used before."""
    reference = next(_references).to_bytes(32, "big")
    send(contracts.euro.mint, str(holder), amount, reference, by=issuer)


def fund(contracts: Contracts, issuer: Person, member: Person, amount: int) -> None:
    """Escrow for a member, out of freshly minted euro."""
    mint(contracts, issuer, member, amount)
    send(contracts.euro.approve, contracts.marketplace.address, amount, by=member)
    send(contracts.marketplace.deposit, amount, by=member)


def bond(contracts: Contracts, issuer: Person, operator: Person, amount: int = BOND_UE) -> None:
    """A bond for an operator, out of freshly minted euro."""
    mint(contracts, issuer, operator, amount)
    send(contracts.euro.approve, contracts.quorum.address, amount, by=operator)
    send(contracts.quorum.depositBond, amount, by=operator)


# ---------------------------------------------------------------- joining


def member_id(who: Person) -> bytes:
    """A member id: what the admin's salted hash of a person might be."""
    return who.name.encode().ljust(32, b"\x01")


def adhesion(text: str = "adhesion") -> bytes:
    """A salted adhesion hash."""
    return text.encode().ljust(32, b"\x02")


def application(
    contracts: Contracts,
    applicant: Person,
    *,
    kind: int = CITIZEN,
    adhesion_hash: bytes | None = None,
    recovery_key: str = ZERO,
    nonce: int | None = None,
    deadline: int | None = None,
) -> tuple[Any, ...]:
    """`Application`, with the applicant's next nonce and an hour's time."""
    return (
        applicant.address,
        kind,
        PROSUMER,
        adhesion() if adhesion_hash is None else adhesion_hash,
        recovery_key,
        contracts.community.nonceOf(applicant.address) if nonce is None else nonce,
        now() + HOUR if deadline is None else deadline,
    )


def sign_application(contracts: Contracts, values: tuple[Any, ...], signer: Person) -> bytes:
    """EIP-712 signature over an application."""
    names = ("applicant", "kind", "profile", "adhesionHash", "recoveryKey", "nonce", "deadline")
    types = ("address", "uint8", "uint8", "bytes32", "address", "uint256", "uint256")
    return sign_typed(contracts, "Application", names, types, values, signer)


def sign_replacement(contracts: Contracts, old: Person, new: Person, deadline: int, signer: Person) -> bytes:
    """EIP-712 signature of the new wallet over a replacement."""
    names, types = ("oldWallet", "newWallet", "deadline"), ("address", "address", "uint256")
    values = (old.address, new.address, deadline)
    return sign_typed(contracts, "WalletReplacement", names, types, values, signer)


def apply_for(contracts: Contracts, applicant: Person, relayer: Person, **changes: Any) -> tuple[Any, ...]:
    """A signed application, sent by somebody else."""
    values = application(contracts, applicant, **changes)
    send(contracts.community.registerUser, values, sign_application(contracts, values, applicant), by=relayer)
    return values


def join(contracts: Contracts, admin: Person, applicant: Person, **changes: Any) -> None:
    """Apply and be approved."""
    values = apply_for(contracts, applicant, admin, **changes)
    send(contracts.community.approveMember, applicant.address, member_id(applicant), values[3], by=admin)


def replace_wallet(contracts: Contracts, admin: Person, old: Person, new: Person) -> int:
    """Move a lost wallet's membership; the time from which its money moves."""
    deadline = now() + HOUR
    signature = sign_replacement(contracts, old, new, deadline, new)
    done = send(contracts.community.replaceWallet, old.address, new.address, deadline, signature, by=admin)
    moves_at: int = done.event("WalletReplaced")["movesAt"]
    return moves_at


def sign_typed(
    contracts: Contracts,
    primary: str,
    names: tuple[str, ...],
    types: tuple[str, ...],
    values: tuple[Any, ...],
    signer: Person,
) -> bytes:
    domain = {
        "name": "Commonwatt Community",
        "version": "1",
        "chainId": 31337,
        "verifyingContract": contracts.community.address,
    }
    fields = [{"name": name, "type": type_} for name, type_ in zip(names, types, strict=True)]
    message = dict(zip(names, values, strict=True))
    signable = encode_typed_data(domain, {primary: fields}, message)
    return bytes(Account.sign_message(signable, signer.key).signature)
