"""Putting the contracts of a platform on a chain, once, and picking up where an attempt was cut off."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from commons import deployments
from commons.addresses import Address
from commons.chain import Call, Chain
from commons.chain.artefacts import artefact
from commons.contracts import Contract
from commons.deployments import Deployment
from commons.errors import ChainIdMismatch, SettingsError, TransactionFailed
from commons.keccak import keccak256
from commons.records import Implementations
from commons.wallets import Signer

IMPLEMENTATIONS = {
    "community": "Community",
    "treasury": "Treasury",
    "token": "CommunityToken",
    "sessions": "SessionHandler",
    "marketplace": "Marketplace",
    "quorum": "OracleQuorum",
    "refuter": "Refuter",
    "demands": "TreeDemands",
    "notary": "MeasurementNotary",
    "rewards": "RewardModels",
    "desk": "StakeholderDesk",
    "services": "ServiceExchange",
    "purchases": "GroupPurchases",
    "loans": "GoodsLoans",
    "works": "CommunityWorks",
}
"""Place in `Implementations` → contract."""
SEQUENCE = ("SettlementEuro", "OutcomeVerifier", "RefutationVerifier", *IMPLEMENTATIONS.values(), "CommunityFactory")
"""Each rests only on those before it."""
EURO_DECIMALS = 6


@dataclass(frozen=True)
class DeploymentPlan:
    """What is missing on a network: `present` is what an earlier attempt put there."""

    present: Deployment
    missing: tuple[str, ...]


def plan(chain: Chain, network: str, settlement_token: Address | None = None, anew: bool = False) -> DeploymentPlan:
    """What there is to do on a network; changes nothing.

    Contracts that the network's file names but the chain does not have are missing: the chain was started anew. Then
    the communities are gone as well. With `anew` all are missing.

    Raises:
        ChainIdMismatch: the network's file is of another chain.
        SettingsError: what is there was made from other sources.
        TransactionFailed: the settlement token given is none.
    """
    known = deployments.load_if_any(network) or Deployment(network, chain.chain_id, chain.block_number())
    if known.chain_id != chain.chain_id:
        raise ChainIdMismatch(
            f"network {network} is chain {known.chain_id}, and the RPC {chain.rpc_url} speaks for {chain.chain_id}",
            which=chain.chain_id,
            remedy="Give the RPC of that chain with --rpc, or name another network with --network.",
        )
    alive = {} if anew else {name: at for name, at in known.contracts.items() if chain.has_code(at)}
    if not alive:
        known = Deployment(network, chain.chain_id, chain.block_number())
    _require_same_sources(known, alive)
    if settlement_token is not None:
        require_settlement_token(chain, settlement_token)
        alive.setdefault("SettlementEuro", settlement_token)
    missing = tuple(name for name in SEQUENCE if name not in alive)
    communities = () if missing else known.communities
    return DeploymentPlan(replace(known, contracts=alive, communities=communities), missing)


def source_digest(name: str) -> str:
    """keccak256 of the code that creates the contract, as compiled here."""
    return "0x" + keccak256(artefact(name).bytecode).hex()


def _require_same_sources(known: Deployment, alive: Mapping[str, Address]) -> None:
    changed = [name for name in alive if known.code.get(name, source_digest(name)) != source_digest(name)]
    if changed:
        raise SettingsError(
            f"the contracts on network {known.network} were made from other sources ({', '.join(changed)})",
            remedy="Use the release that deployed them, or run `commonwatt deploy --anew` for a new set of contracts.",
        )


def deploy(
    chain: Chain,
    planned: DeploymentPlan,
    platform_admin: Signer,
    issuer: Address,
    told: Callable[[str, Address], None] = lambda name, at: None,
) -> Deployment:
    """Put what is missing on the chain, noting each contract in the network's file as soon as it is there.

    `platform_admin` signs, and may create communities from then on; `issuer` mints settlement euro where it is ours.
    """
    deployment = planned.present
    deployments.save(deployment)
    for name in planned.missing:
        at = create(chain, platform_admin, creation(name, deployment, platform_admin.address, issuer))
        deployment = deployment.with_contract(name, at, source_digest(name))
        deployments.save(deployment)
        told(name, at)
    require_complete(chain, deployment)
    return deployment


def creation(name: str, deployment: Deployment, platform_admin: Address, issuer: Address) -> Call:
    """The call that creates the contract of that name, given those before it in `SEQUENCE`."""
    if name == "SettlementEuro":
        return artefact(name).creation(issuer)
    if name == "Marketplace":
        return artefact(name).creation(deployment.address_of("OutcomeVerifier"))
    if name == "Refuter":
        return artefact(name).creation(deployment.address_of("RefutationVerifier"))
    if name == "CommunityFactory":
        code = {place: deployment.address_of(contract) for place, contract in IMPLEMENTATIONS.items()}
        return artefact(name).creation(platform_admin, Implementations(**code))
    return artefact(name).creation()


def create(chain: Chain, signer: Signer, call: Call) -> Address:
    """Send a creation and give the new contract's address.

    Raises:
        TransactionFailed: there is no code at the end.
    """
    receipt = chain.send(signer, call)
    if receipt.created is None or not chain.has_code(receipt.created):
        raise TransactionFailed(
            f"{call.name} left no contract", which=receipt.hash, remedy="Look at the transaction; then deploy again."
        )
    return receipt.created


def require_settlement_token(chain: Chain, token: Address) -> None:
    """Refuse an address that is no ERC-20 with 6 decimals."""
    decimals = chain.call(Contract(token, "SettlementEuro").call("decimals"))
    if decimals != EURO_DECIMALS:
        raise TransactionFailed(
            f"the token {token} has {decimals} decimals, not {EURO_DECIMALS}",
            which=token,
            remedy="Use a settlement token that counts in millionths.",
        )


def require_complete(chain: Chain, deployment: Deployment) -> None:
    """Assert that the factory runs the code that was deployed."""
    used = chain.call(Contract(deployment.factory, "CommunityFactory").call("implementations"))
    for place, name in IMPLEMENTATIONS.items():
        if getattr(used, place) != deployment.address_of(name):
            raise TransactionFailed(
                f"the factory runs {name} at {getattr(used, place)}, not at {deployment.address_of(name)}",
                which=deployment.factory,
                remedy="The network's file was changed: restore it from the repository.",
            )
