"""Where the contracts of a network are: `deployments/<network>.json`, the only place of addresses.

The file of the embedded chain belongs to one machine and is not committed. Files are written whole or not at all.
"""

import json
import os
import tempfile
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from pathlib import Path
from typing import Any

from commons.addresses import Address, address
from commons.chain import Chain
from commons.errors import ChainIdMismatch, InputError, SettingsError, UnknownCommunity
from commons.records import CommunityContracts
from commons.settings import settings

_CONTRACTS = {part.name for part in fields(CommunityContracts)}


@dataclass(frozen=True)
class DeployedCommunity:
    """One community of a network."""

    name: str
    created_block: int
    contracts: CommunityContracts


@dataclass(frozen=True)
class Deployment:
    """What is deployed on a network: contract's name → address, for those deployed once, and the communities.

    `contracts` holds the implementations that clones run, `CommunityFactory`, `OutcomeVerifier`, and `SettlementEuro`:
    the settlement token, ours or another. `first_block` is where following the network's events begins.
    """

    network: str
    chain_id: int
    first_block: int
    contracts: Mapping[str, Address] = field(default_factory=dict)
    code: Mapping[str, str] = field(default_factory=dict)
    """keccak256 of the code that created each contract, so that contracts of other sources are noticed."""
    communities: tuple[DeployedCommunity, ...] = ()

    @property
    def euro(self) -> Address:
        """The settlement token; errors as `address_of`."""
        return self.address_of("SettlementEuro")

    @property
    def factory(self) -> Address:
        """The factory of communities; errors as `address_of`."""
        return self.address_of("CommunityFactory")

    def address_of(self, name: str) -> Address:
        """The address of a contract that is deployed once.

        Raises:
            SettingsError: it is not deployed yet.
        """
        if name not in self.contracts:
            raise SettingsError(
                f"{name} is not deployed on network {self.network}", remedy="Run `commonwatt deploy` to finish."
            )
        return self.contracts[name]

    def community(self, community: Address | None = None) -> DeployedCommunity:
        """The community at the address, or the only one.

        Raises:
            UnknownCommunity: it is not known here, or there is none, or more than one.
        """
        if community is None and len(self.communities) == 1:
            return self.communities[0]
        for known in self.communities:
            if known.contracts.community == community:
                return known
        listed = ", ".join(f"{c.contracts.community} ({c.name})" for c in self.communities) or "none"
        if community is None:
            what = f"network {self.network} has {len(self.communities)} communities"
            remedy = (
                f"Choose one with --community: {listed}." if self.communities else "Run `commonwatt community create`."
            )
            raise UnknownCommunity(what, remedy=remedy)
        raise UnknownCommunity(
            f"there is no community {community} on network {self.network}", which=community, remedy=f"Known: {listed}."
        )

    def with_contract(self, name: str, at: Address, code: str) -> "Deployment":
        """The same with one contract more."""
        return replace(self, contracts={**self.contracts, name: at}, code={**self.code, name: code})

    def with_community(self, community: DeployedCommunity) -> "Deployment":
        """The same with one community more."""
        return replace(self, communities=(*self.communities, community))


def deployment_file(network: str) -> Path:
    """The file of a network."""
    return settings().deployments_dir / f"{network}.json"


def load(network: str) -> Deployment:
    """What is deployed on a network.

    Raises:
        SettingsError: nothing is, or the file cannot be read.
    """
    found = load_if_any(network)
    if found is None:
        raise SettingsError(
            f"nothing is deployed on network {network!r} as far as {deployment_file(network)} knows",
            remedy="Run `commonwatt deploy`, or name another network with --network.",
        )
    return found


def load_if_any(network: str) -> Deployment | None:
    """What is deployed on a network, None if nothing; errors as `load`."""
    file = deployment_file(network)
    if not file.exists():
        return None
    try:
        return _parsed(network, json.loads(file.read_text(encoding="utf-8")))
    except (OSError, ValueError, KeyError, TypeError, InputError) as error:
        raise SettingsError(
            f"the deployment file {file} cannot be read ({error})",
            remedy="Restore it from the repository, or delete it and run `commonwatt deploy`.",
        ) from error


def save(deployment: Deployment) -> None:
    """Write the network's file, whole or not at all."""
    file = deployment_file(deployment.network)
    file.parent.mkdir(parents=True, exist_ok=True)
    handle, draft = tempfile.mkstemp(dir=file.parent, prefix=f".{file.name}-")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as stream:
            json.dump(asdict(deployment), stream, indent=2)
            stream.write("\n")
            stream.flush()
            os.fsync(stream.fileno())
        Path(draft).chmod(0o644)
        Path(draft).replace(file)
    finally:
        Path(draft).unlink(missing_ok=True)


def forget(network: str) -> None:
    """Delete the network's file: its chain is gone."""
    deployment_file(network).unlink(missing_ok=True)


def require_on(chain: Chain, deployment: Deployment) -> None:
    """Refuse a chain on which the deployment does not exist.

    Raises:
        ChainIdMismatch: it is on another chain.
        SettingsError: the chain holds no code at the factory's address: it was started anew.
    """
    if chain.chain_id != deployment.chain_id:
        raise ChainIdMismatch(
            f"the RPC {chain.rpc_url} speaks for chain {chain.chain_id}, and network {deployment.network} is chain "
            f"{deployment.chain_id}",
            which=chain.chain_id,
            remedy="Give the RPC of that chain with --rpc, or name the other network with --network.",
        )
    if not chain.has_code(deployment.factory):
        raise SettingsError(
            f"the chain at {chain.rpc_url} has no contracts at the addresses of network {deployment.network}",
            remedy="It was started anew: run `commonwatt deploy`.",
        )


def _parsed(network: str, content: Mapping[str, Any]) -> Deployment:
    """The file's content, less communities of another release: they lack contracts that this one works with."""
    communities = tuple(
        DeployedCommunity(
            c["name"],
            int(c["created_block"]),
            CommunityContracts(**{name: address(at) for name, at in c["contracts"].items()}),
        )
        for c in content["communities"]
        if c["contracts"].keys() == _CONTRACTS
    )
    contracts = {name: address(at) for name, at in content["contracts"].items()}
    code = {name: str(digest) for name, digest in content["code"].items()}
    return Deployment(network, int(content["chain_id"]), int(content["first_block"]), contracts, code, communities)
