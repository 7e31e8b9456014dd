"""Who belongs to a community, what it consists of, and what it starts with."""

from dataclasses import dataclass
from enum import IntEnum

from commons.addresses import Address
from commons.units import BasisPoints, EpochSeconds, MoneyUe


class MemberKind(IntEnum):
    """What a member is; `NONE` for a wallet that never applied."""

    NONE = 0
    CITIZEN = 1
    STAKEHOLDER = 2


class EnergyProfile(IntEnum):
    """How a member uses energy."""

    CONSUMER = 0
    PROSUMER = 1
    PROSTORMER = 2


class MemberStatus(IntEnum):
    """Where a wallet stands."""

    NONE = 0
    APPLIED = 1
    ACTIVE = 2
    SUSPENDED = 3
    LEFT = 4
    REPLACED = 5


EVIDENCE_OPEN = (1 << 32) - 1
"""The day from which on evidence is required, where the community's admin has yet to say it."""


@dataclass(frozen=True, slots=True)
class CommunityContracts:
    """The contracts that make up one community."""

    community: Address
    treasury: Address
    token: Address
    sessions: Address
    marketplace: Address
    quorum: Address
    refuter: Address
    demands: Address
    notary: Address
    rewards: Address
    desk: Address
    services: Address
    purchases: Address
    loans: Address
    works: Address


@dataclass(frozen=True, slots=True)
class Implementations:
    """The code that every community's clones run."""

    community: Address
    treasury: Address
    token: Address
    sessions: Address
    marketplace: Address
    quorum: Address
    refuter: Address
    demands: Address
    notary: Address
    rewards: Address
    desk: Address
    services: Address
    purchases: Address
    loans: Address
    works: Address


@dataclass(frozen=True, slots=True)
class Application:
    """What an applicant signs; `adhesion_hash` is keccak256(document ‖ 32-byte salt)."""

    applicant: Address
    kind: MemberKind
    profile: EnergyProfile
    adhesion_hash: bytes
    recovery_key: Address
    nonce: int
    deadline: EpochSeconds


@dataclass(frozen=True, slots=True)
class Member:
    """A member as the community knows it."""

    member_id: bytes
    adhesion_hash: bytes
    recovery_key: Address
    kind: MemberKind
    profile: EnergyProfile
    status: MemberStatus


@dataclass(frozen=True, slots=True)
class Standing:
    """What other contracts ask about a member again and again."""

    member_id: bytes
    kind: MemberKind
    status: MemberStatus


@dataclass(frozen=True, slots=True)
class Replacement:
    """A lost wallet on its way to a new one; money moves at `moves_at`."""

    new_wallet: Address
    moves_at: EpochSeconds
    prior_status: MemberStatus
    vetoed: bool


@dataclass(frozen=True, slots=True)
class WindowLimits:
    """The least lengths that a community sets for its sessions, in seconds."""

    commit: int
    reveal: int
    challenge: int
    settlement: int
    execution: int


@dataclass(frozen=True, slots=True)
class OperatorTerms:
    """How many operators must agree (k), and what each must have at stake."""

    threshold: int
    bond: MoneyUe
    bond_share_bps: BasisPoints


@dataclass(frozen=True, slots=True)
class OperatorSet:
    """A set of operators with its terms."""

    terms: OperatorTerms
    effective_from: EpochSeconds
    operators: tuple[Address, ...]


@dataclass(frozen=True, slots=True)
class CommunityParameters:
    """What a new community starts with; `emission_cap` in the token's 18 decimals, periods in seconds.

    `evidence_from` is the local day from which on settlements must name notarised datasets, counted from 1970-01-01
    (`commons.slots.day_number`), or `EVIDENCE_OPEN`.
    `leaver_period` is from leaving until what a leaver still has goes to the treasury; 0: it is kept for ever.
    """

    name: str
    token_symbol: str
    admin: Address
    settlement_token: Address
    replacement_delay: int
    notice_period: int
    emission_cap: int
    evidence_from: int
    leaver_period: int
    window_limits: WindowLimits
    operator_terms: OperatorTerms
    operators: tuple[Address, ...]


@dataclass(frozen=True, slots=True)
class Payment:
    """A payment out of the treasury."""

    asset: Address
    payee: Address
    amount: int
    purpose_hash: bytes
    proposer: Address
    approver: Address
    due_at: EpochSeconds
    done: bool
