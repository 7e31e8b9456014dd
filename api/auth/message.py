"""The text by which a wallet signs in (EIP-4361), read strictly: what is not exactly of that form is refused.

example.org wants you to sign in with your Ethereum account:
0x… (with its checksum)

A sentence for people, if any.

URI: https://example.org
Version: 1
Chain ID: 31337
Nonce: …
Issued At: 2026-11-27T10:00:00Z
Expiration Time: …      Not Before: …      Request ID: …      Resources: (these four only if wanted)
"""

import re
from dataclasses import dataclass
from datetime import datetime

from commons.addresses import Address, checksummed
from commons.errors import MalformedInput

MOST_LENGTH = 4096
_FORM = re.compile(
    r"(?:(?P<scheme>[a-z][a-z0-9+.-]*)://)?(?P<domain>[^\s/?#]+) wants you to sign in with your Ethereum account:\n"
    r"(?P<address>0x[0-9a-fA-F]{40})\n"
    r"\n"
    r"(?:(?P<statement>[^\n]+)\n)?"
    r"\n"
    r"URI: (?P<uri>[^\s]+)\n"
    r"Version: (?P<version>[0-9]+)\n"
    r"Chain ID: (?P<chain_id>[0-9]{1,20})\n"
    r"Nonce: (?P<nonce>[a-zA-Z0-9]{8,96})\n"
    r"Issued At: (?P<issued_at>[^\n]+)"
    r"(?:\nExpiration Time: (?P<expiration_time>[^\n]+))?"
    r"(?:\nNot Before: (?P<not_before>[^\n]+))?"
    r"(?:\nRequest ID: (?P<request_id>[^\n]*))?"
    r"(?:\nResources:(?P<resources>(?:\n- [^\n]+)*))?"
)
_TIME = re.compile(r"\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d{1,9})?([Zz]|[+-]\d\d:\d\d)")
_REMEDY = "Let the wallet sign the text of EIP-4361 as the page builds it."


@dataclass(frozen=True, slots=True)
class SignInMessage:
    """What the text says; times in UTC epoch seconds."""

    scheme: str | None
    domain: str
    wallet: Address
    uri: str
    version: str
    chain_id: int
    nonce: str
    issued_at: float
    expires_at: float | None
    not_before: float | None


def parse(text: str) -> SignInMessage:
    """What a sign-in text says.

    Raises:
        MalformedInput: it is not of the form, or the address has not its checksum.
    """
    found = _FORM.fullmatch(text) if len(text) <= MOST_LENGTH else None
    if found is None:
        raise MalformedInput("the text is no sign-in message of EIP-4361", remedy=_REMEDY)
    wallet = Address(found["address"].lower())
    if checksummed(wallet) != found["address"]:
        raise MalformedInput("the address of the sign-in message is written without its checksum", remedy=_REMEDY)
    return SignInMessage(
        scheme=found["scheme"],
        domain=found["domain"],
        wallet=wallet,
        uri=found["uri"],
        version=found["version"],
        chain_id=int(found["chain_id"]),
        nonce=found["nonce"],
        issued_at=_time(found["issued_at"], "Issued At"),
        expires_at=_optional(found["expiration_time"], "Expiration Time"),
        not_before=_optional(found["not_before"], "Not Before"),
    )


def _optional(text: str | None, name: str) -> float | None:
    return None if text is None else _time(text, name)


def _time(text: str, name: str) -> float:
    try:
        if _TIME.fullmatch(text):
            return datetime.fromisoformat(text.upper()).timestamp()
    except (ValueError, OverflowError):
        pass
    raise MalformedInput(f"the sign-in message's {name} is no moment of RFC 3339", remedy=_REMEDY)
