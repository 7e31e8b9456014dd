"""Communities and their members, all of it public on the chain."""

from api.schemas.common import AddressText, Hash, Record, Seconds


class Community(Record):
    """A community and its contracts by their roles."""

    address: AddressText
    name: str
    number: int
    created_block: int
    created_at: Seconds
    settlement_token: AddressText
    contracts: dict[str, AddressText]
    active_members: int
    applications: int
    sessions: int


class Member(Record):
    """A wallet that ever applied, as it stands; names are nowhere on the chain."""

    wallet: AddressText
    status: str
    """none (refused), applied, active, suspended, left or replaced."""
    kind: str
    profile: str
    member_id: Hash | None
    adhesion_hash: Hash
    recovery_key: AddressText
    applied_at: Seconds
    approved_at: Seconds | None
    changed_at: Seconds
    replaced_by: AddressText | None
