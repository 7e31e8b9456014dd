"""Every way in which a contract of ours refuses, in plain words with what to do about it.

A sentence names the error's values in braces, by Solidity's names, with a format: `time`, `eur`, `price`, `kwh`,
`tokens`, `text` (bytes32 that spell a word), `order` (a place counted from 0), `role`; none shows the value as it is. A
test checks that every error of every interface has its sentence, and that it names no value which the error lacks.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from string import Formatter
from typing import Any

from commons.addresses import Address, checksummed
from commons.chain.community_sentences import COMMUNITY
from commons.chain.evidence_sentences import EVIDENCE
from commons.chain.exchange_sentences import EXCHANGE
from commons.chain.market_sentences import MARKET
from commons.chain.refutation_sentences import REFUTATION
from commons.chain.remedies import BUG
from commons.chain.token_sentences import TOKEN
from commons.keccak import keccak256
from commons.slots import LOCAL_ZONE
from commons.units import EnergyWh, MoneyUe, PriceUekwh, show_eur, show_eur_kwh, show_kwh, show_tokens

ADDRESS_LENGTH = 42

SENTENCES: Mapping[str, tuple[str, str]] = {
    **COMMUNITY,
    **EVIDENCE,
    **REFUTATION,
    **TOKEN,
    **EXCHANGE,
    **MARKET,
    # OpenZeppelin's
    "AccessControlUnauthorizedAccount": (
        "{account} lacks the role {neededRole:role}",
        "Sign as somebody who has it, or have it granted.",
    ),
    "AccessControlBadConfirmation": ("a role can be renounced only by its holder", "Sign as that account."),
    "ECDSAInvalidSignature": ("the signature is none", "Sign again."),
    "ECDSAInvalidSignatureLength": ("a signature of {length} bytes is none", "Sign again."),
    "ECDSAInvalidSignatureS": ("the signature is in a form that is not taken", "Sign again."),
    "ERC20InsufficientAllowance": (
        "{spender} may take {allowance:eur} of this account, and {needed:eur} are needed",
        "Approve the amount first.",
    ),
    "ERC20InsufficientBalance": ("{sender} holds {balance:eur}, and {needed:eur} are needed", "Pay less, or get more."),
    "ERC20InvalidApprover": ("{approver} cannot approve", BUG),
    "ERC20InvalidReceiver": ("{receiver} cannot receive", "Give another address."),
    "ERC20InvalidSender": ("{sender} cannot send", BUG),
    "ERC20InvalidSpender": ("{spender} cannot spend", BUG),
    "ERC2612ExpiredSignature": ("the permit was good until {deadline:time}", "Sign again."),
    "ERC2612InvalidSigner": ("the permit is signed by {signer}, not by {owner}", "Sign again with that wallet."),
    "CloneArgumentsTooLong": ("a community's contract would be given too much at its birth", BUG),
    "FailedDeployment": ("a contract could not be created", BUG),
    "InsufficientBalance": ("{balance} are there, and {needed} are needed", BUG),
    "InvalidAccountNonce": ("{account}'s next nonce is {currentNonce}", "Sign again."),
    "InvalidInitialization": ("the contract was set up already", "Create a community through the factory."),
    "NotInitializing": ("the contract is not being set up", BUG),
    "InvalidShortString": ("a text is not what it says", BUG),
    "StringTooLong": ("the text {str!r} is too long", "Shorten it."),
    "ReentrancyGuardReentrantCall": ("a token called back into the contract", "Do not use that token."),
    "SafeCastOverflowedUintDowncast": ("{value} does not fit {bits} bits", "Use a smaller figure."),
    "SafeERC20FailedOperation": (
        "the settlement token {token} did not move the amount",
        "Look at balance and allowance.",
    ),
}

ROLES = {
    bytes(32): "default admin",
    **{
        keccak256(f"{name}_ROLE".encode()): name.lower().replace("_", " ")
        for name in (
            "COMMUNITY_ADMIN",
            "TOKEN_ADMIN",
            "ORACLE_ADMIN",
            "MARKET_OPERATOR",
            "PLATFORM_ADMIN",
            "ISSUER",
        )
    },
}
"""Digest of a role → its name."""


TOKEN_CONTRACTS = ("CommunityToken", "ServiceExchange", "GroupPurchases", "GoodsLoans", "CommunityWorks")
"""Contracts that move the community's token, and no settlement euro."""
OF_TOKENS: Mapping[str, tuple[str, str]] = {
    "ERC20InsufficientAllowance": (
        "{spender} may take {allowance:tokens} of this account, and {needed:tokens} are needed",
        "Approve the amount first.",
    ),
    "ERC20InsufficientBalance": (
        "{sender} holds {balance:tokens}, and {needed:tokens} are needed",
        "Pay less, or earn some first.",
    ),
}
"""The sentences of these errors where the community's token refuses."""


def sentence(name: str, values: Mapping[str, Any], contract: str = "") -> tuple[str, str]:
    """What happened, without its full stop, and the remedy, for an error by its name and values.

    `contract` is the one that was called: it says what an ERC-20's amounts are of.
    """
    if name in OF_TOKENS and contract in TOKEN_CONTRACTS:
        return _Sentence().vformat(OF_TOKENS[name][0], (), values), OF_TOKENS[name][1]
    if name not in SENTENCES:
        said = ", ".join(f"{key} {_shown(value)}" for key, value in values.items())
        return f"the contract refused with {name}" + (f" ({said})" if said else ""), "Look it up in the contract."
    what, remedy = SENTENCES[name]
    return _Sentence().vformat(what, (), values), remedy


_NEVER = 2**256 - 1


def show_moment(epoch: int) -> str:
    """A chain's time for people: local, to the second, whatever figure a contract names."""
    try:
        return datetime.fromtimestamp(epoch, LOCAL_ZONE).strftime("%Y-%m-%d %H:%M:%S %Z")
    except (OverflowError, ValueError, OSError):
        return f"second {epoch} since 1970"


def _show_end(epoch: int) -> str:
    """When something ends that may never end."""
    return "for ever" if epoch == _NEVER else f"until {show_moment(epoch)}"


class _Sentence(Formatter):
    def format_field(self, value: Any, format_spec: str) -> str:
        return str(_FORMATS[format_spec](value)) if format_spec in _FORMATS else _shown(value)

    def convert_field(self, value: Any, conversion: str | None) -> Any:
        return value if conversion is None else repr(value)


def _shown(value: Any) -> str:
    if isinstance(value, bytes):
        return "0x" + value.hex()
    if isinstance(value, str) and value.startswith("0x") and len(value) == ADDRESS_LENGTH:
        return checksummed(Address(value))
    return value.name.lower() if hasattr(value, "name") else str(value)


def _text(value: bytes) -> str:
    return value.rstrip(b"\0").decode("ascii", "replace")


_FORMATS: Mapping[str, Callable[[Any], object]] = {
    "time": show_moment,
    "end": _show_end,
    "eur": lambda value: show_eur(MoneyUe(value)),
    "price": lambda value: show_eur_kwh(PriceUekwh(value)),
    "kwh": lambda value: show_kwh(EnergyWh(value)),
    "tokens": show_tokens,
    "text": _text,
    "order": lambda value: value + 1,
    "role": lambda value: f"“{ROLES.get(value, '0x' + value.hex())}”",
}
