"""Joining a community."""

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from api.schemas.common import AddressText, GivenAddress, GivenHash, Hash, Record, Seconds


class Adhesion(Record):
    """A document that was handed in; its hash goes into the application, its salt is the applicant's to keep."""

    adhesion_hash: Hash
    salt: Hash
    community: AddressText
    wallet: AddressText
    media_type: str
    size: int
    received: Seconds


class Review(Record):
    """A document handed in, beside what the chain has of its wallet."""

    document: Adhesion
    status: str
    """The wallet's membership; none if it has not applied yet."""
    matches: bool
    """Whether the application on the chain is for this very document."""


class GivenApplication(Record):
    """An application with the applicant's EIP-712 signature, for the relayer to carry."""

    applicant: GivenAddress
    kind: Literal["citizen", "stakeholder"]
    profile: Literal["consumer", "prosumer", "prostormer"]
    adhesion_hash: GivenHash
    recovery_key: GivenAddress
    nonce: Annotated[int, Field(ge=0, lt=2**53)]
    deadline: Annotated[int, Field(ge=0, lt=2**40)]
    signature: Annotated[str, StringConstraints(pattern=r"^0x([0-9a-fA-F]{2})+$", max_length=16_386)]


class Given(Record):
    """A signed transaction."""

    raw: Annotated[str, StringConstraints(pattern=r"^0x([0-9a-fA-F]{2})+$", max_length=262_146)]


class Forwarded(Record):
    """A transaction that the node has; whether it succeeds, the chain says."""

    hash: Hash
