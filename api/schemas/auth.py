"""Signing in."""

from typing import Annotated

from pydantic import StringConstraints

from api.schemas.common import AddressText, Record, Seconds


class Nonce(Record):
    """A number for one sign-in message."""

    nonce: str
    expires_at: Seconds
    domain: str
    """The domain that the message must name."""
    uri: str
    chain_id: int


class SignedMessage(Record):
    """A sign-in message (EIP-4361) with the wallet's signature."""

    message: Annotated[str, StringConstraints(min_length=1, max_length=4096)]
    signature: Annotated[str, StringConstraints(pattern=r"^0x([0-9a-fA-F]{2})+$", max_length=16_386)]


class Access(Record):
    """An access token, to be sent as `Authorization: Bearer …` and kept in memory only."""

    wallet: AddressText
    access_token: str
    expires_at: Seconds


class Standing(Record):
    """What the wallet is in a community, as its contracts say now."""

    community: AddressText
    name: str
    status: str
    member_id: str | None
    kind: str
    roles: list[str]


class Me(Record):
    """Who is signed in."""

    wallet: AddressText
    communities: list[Standing]
