"""A community and its members: creating it, applying, approving, suspending, and replacing a lost wallet."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from commons import deployments
from commons.addresses import ZERO_ADDRESS, Address, checksummed
from commons.chain import Call, Chain, Event, Receipt
from commons.contracts import CommunityReader, Contract, Contracts
from commons.deployments import DeployedCommunity, Deployment
from commons.errors import MalformedInput, TransactionFailed, UnknownMember
from commons.keccak import keccak256
from commons.records import (
    Application,
    CommunityContracts,
    CommunityParameters,
    EnergyProfile,
    Member,
    MemberKind,
    MemberStatus,
)
from commons.units import EpochSeconds
from commons.wallets import Signer

SIGNATURE_SECONDS = 7 * 24 * 3600
"""How long an application stays good: time enough for somebody to relay it."""
SALT_BYTES = 32
ADHESION = b"Commonwatt: adhesion contract of the embedded demo community, version 1\n"
"""What members of the embedded demo sign; a real community has its own document."""
ROLES = ("COMMUNITY_ADMIN", "TOKEN_ADMIN", "ORACLE_ADMIN", "MARKET_OPERATOR")
DOMAIN_FIELDS = (
    {"name": "name", "type": "string"},
    {"name": "version", "type": "string"},
    {"name": "chainId", "type": "uint256"},
    {"name": "verifyingContract", "type": "address"},
)
APPLICATION_FIELDS = (
    {"name": "applicant", "type": "address"},
    {"name": "kind", "type": "uint8"},
    {"name": "profile", "type": "uint8"},
    {"name": "adhesionHash", "type": "bytes32"},
    {"name": "recoveryKey", "type": "address"},
    {"name": "nonce", "type": "uint256"},
    {"name": "deadline", "type": "uint256"},
)
REPLACEMENT_FIELDS = (
    {"name": "oldWallet", "type": "address"},
    {"name": "newWallet", "type": "address"},
    {"name": "deadline", "type": "uint256"},
)


@dataclass(frozen=True)
class SignedApplication:
    """An application with its applicant's signature, for anybody to relay; the salt belongs to the applicant."""

    application: Application
    signature: bytes
    salt: bytes


@dataclass(frozen=True)
class MemberEntry:
    """A wallet that ever applied, and what the community knows of it."""

    wallet: Address
    member: Member


# -------------------------------------------------------------------- the community


def create_community(
    chain: Chain, platform_admin: Signer, deployment: Deployment, parameters: CommunityParameters
) -> tuple[DeployedCommunity, Deployment]:
    """Create a community and note it in the network's file; gives it, and the file's new content.

    Raises:
        ContractRefusal: the parameters are not acceptable, or the signer is no platform admin.
    """
    factory = Contract(deployment.factory, "CommunityFactory")
    receipt = chain.send(platform_admin, factory.call("createCommunity", parameters))
    created = _created(receipt)
    contracts: CommunityContracts = created.args["contracts"]
    community = DeployedCommunity(parameters.name, receipt.block, contracts)
    extended = deployment.with_community(community)
    deployments.save(extended)
    return community, extended


def _created(receipt: Receipt) -> Event:
    for event in receipt.events:
        if event.name == "CommunityCreated":
            return event
    raise TransactionFailed(
        "createCommunity left no community", which=receipt.hash, remedy="Check that the factory is ours: deploy again."
    )


def communities_of(chain: Chain, deployment: Deployment) -> list[DeployedCommunity]:
    """Every community that the network's factory ever created, in that order, whoever created it."""
    events = chain.events(deployment.factory, deployment.first_block, names=("CommunityCreated",))
    return [DeployedCommunity(event.args["name"], event.block, event.args["contracts"]) for event in events]


def role_hash(role: str) -> bytes:
    """A role of a community as its contracts know it.

    Raises:
        MalformedInput: there is no role of this name.
    """
    if role not in ROLES:
        raise MalformedInput(f"there is no role {role!r}", remedy=f"Choose one of {', '.join(ROLES)}.")
    return keccak256(f"{role}_ROLE".encode())


def grant_call(contracts: Contracts, role: str, account: Address) -> Call:
    """Give an account a role of the community, one of `ROLES`. Default admin only."""
    return contracts.community.call("grantRole", role_hash(role), account)


def revoke_call(contracts: Contracts, role: str, account: Address) -> Call:
    """Take a role of the community from an account. Default admin only."""
    return contracts.community.call("revokeRole", role_hash(role), account)


# -------------------------------------------------------------------- applying and approving


def adhesion_hash(document: bytes, salt: bytes) -> bytes:
    """What an applicant signs of the adhesion contract: keccak256(document ‖ salt), which no one can guess back."""
    return keccak256(document + salt)


def application_for(
    reader: CommunityReader,
    signer: Signer,
    kind: MemberKind,
    profile: EnergyProfile,
    document: bytes = ADHESION,
    recovery_key: Address = ZERO_ADDRESS,
) -> SignedApplication:
    """The signer's application to the community, good for a week of the chain's time."""
    return applications_for(reader, [(signer, kind, profile)], document, recovery_key)[0]


def applications_for(
    reader: CommunityReader,
    applicants: Sequence[tuple[Signer, MemberKind, EnergyProfile]],
    document: bytes = ADHESION,
    recovery_key: Address = ZERO_ADDRESS,
) -> list[SignedApplication]:
    """The applications of many, as `application_for` makes one, with a handful of requests."""
    community = reader.contracts.community
    nonces = reader.chain.calls([community.call("nonceOf", signer.address) for signer, _, _ in applicants])
    deadline = EpochSeconds(reader.chain.now() + SIGNATURE_SECONDS)
    signed = []
    for (signer, kind, profile), nonce in zip(applicants, nonces, strict=True):
        salt = secrets.token_bytes(SALT_BYTES)
        hashed = adhesion_hash(document, salt)
        application = Application(signer.address, kind, profile, hashed, recovery_key, nonce, deadline)
        signed.append(SignedApplication(application, sign_application(reader, signer, application), salt))
    return signed


def sign_application(reader: CommunityReader, signer: Signer, application: Application) -> bytes:
    """The applicant's EIP-712 signature."""
    message = {
        "applicant": application.applicant,
        "kind": int(application.kind),
        "profile": int(application.profile),
        "adhesionHash": application.adhesion_hash,
        "recoveryKey": application.recovery_key,
        "nonce": application.nonce,
        "deadline": application.deadline,
    }
    return signer.sign_typed(typed_message(reader, "Application", APPLICATION_FIELDS, message))


def register_call(contracts: Contracts, signed: SignedApplication) -> Call:
    """Hand an application in; anybody may."""
    return contracts.community.call("registerUser", signed.application, signed.signature)


def approve_call(contracts: Contracts, applicant: Address, member_id: bytes, adhesion: bytes) -> Call:
    """Approve an application as it was read: with the adhesion hash that it then carried."""
    return contracts.community.call("approveMember", applicant, member_id, adhesion)


def new_member_id() -> bytes:
    """A member id for a person new to the community: random, since a hash of a name could be guessed."""
    return secrets.token_bytes(32)


def approve(reader: CommunityReader, admin: Signer, applicant: Address, member_id: bytes | None = None) -> bytes:
    """Approve the application on record and give the member id; who was a member before keeps theirs.

    Raises:
        UnknownMember: the wallet has not applied.
    """
    member = reader.member(applicant)
    if member.status != MemberStatus.APPLIED:
        raise UnknownMember(
            f"{checksummed(applicant)} has no application to approve (status: {member.status.name.lower()})",
            which=applicant,
            remedy="See who has applied with `commonwatt member list`.",
        )
    prior = member.member_id if any(member.member_id) else None
    granted = member_id or prior or new_member_id()
    reader.chain.send(admin, approve_call(reader.contracts, applicant, granted, member.adhesion_hash))
    return granted


def member_list(reader: CommunityReader) -> list[MemberEntry]:
    """All wallets that ever applied or took over, in the order of their first application, as they stand now."""
    names = ("MemberApplied", "WalletReplaced")
    events = reader.chain.events(reader.contracts.community.address, reader.first_block, names=names)
    wallets = list(dict.fromkeys(e.args["applicant" if e.name == "MemberApplied" else "newWallet"] for e in events))
    return [MemberEntry(w, m) for w, m in zip(wallets, reader.members(wallets), strict=True)]


# -------------------------------------------------------------------- lost wallets


def sign_replacement(reader: CommunityReader, new_wallet: Signer, old_wallet: Address, deadline: EpochSeconds) -> bytes:
    """The new wallet's EIP-712 signature that it takes over from the old one."""
    message = {"oldWallet": old_wallet, "newWallet": new_wallet.address, "deadline": deadline}
    return new_wallet.sign_typed(typed_message(reader, "WalletReplacement", REPLACEMENT_FIELDS, message))


def replace_wallet(reader: CommunityReader, admin: Signer, old_wallet: Address, new_wallet: Signer) -> Receipt:
    """Move the membership of a lost wallet to a new one; money follows after the community's delay."""
    deadline = EpochSeconds(reader.chain.now() + SIGNATURE_SECONDS)
    signature = sign_replacement(reader, new_wallet, old_wallet, deadline)
    call = reader.contracts.community.call("replaceWallet", old_wallet, new_wallet.address, deadline, signature)
    return reader.chain.send(admin, call)


def typed_message(
    reader: CommunityReader, kind: str, kind_fields: tuple[dict[str, str], ...], message: Mapping[str, Any]
) -> dict[str, Any]:
    """A message to the community's contract as wallets sign it (EIP-712)."""
    domain = {
        "name": "Commonwatt Community",
        "version": "1",
        "chainId": reader.chain.chain_id,
        "verifyingContract": reader.contracts.community.address,
    }
    types = {"EIP712Domain": list(DOMAIN_FIELDS), kind: list(kind_fields)}
    return {"types": types, "primaryType": kind, "domain": domain, "message": dict(message)}
