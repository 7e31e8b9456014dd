"""What the compiler made of the contracts: ABI and code, from brownie's artefacts in `build/contracts`."""

import json
from collections.abc import Mapping
from functools import cache, cached_property
from typing import Any

from commons.addresses import Address
from commons.chain.codec import AbiItem, ErrorAbi, EventAbi, Function
from commons.chain.types import Call
from commons.errors import SettingsError
from commons.settings import PROJECT_DIR

ARTEFACTS_DIR = PROJECT_DIR / "build" / "contracts"

COMMUNITY_CONTRACTS = (
    "Community",
    "Treasury",
    "CommunityToken",
    "StakeholderDesk",
    "ServiceExchange",
    "GroupPurchases",
    "GoodsLoans",
    "CommunityWorks",
    "SessionHandler",
    "Marketplace",
    "OracleQuorum",
    "Refuter",
    "TreeDemands",
    "MeasurementNotary",
    "RewardModels",
)
OWN_CONTRACTS = (*COMMUNITY_CONTRACTS, "CommunityFactory", "OutcomeVerifier", "RefutationVerifier", "SettlementEuro")
FOREIGN_INTERFACES = ("IERC20", "IERC20Errors", "IAccessControl")
"""What another settlement token may say."""


class Artefact:
    """One contract or interface as compiled."""

    def __init__(self, name: str, fields: Mapping[str, Any]) -> None:
        self.name = name
        self.abi: tuple[AbiItem, ...] = tuple(fields["abi"])
        self._bytecode = str(fields.get("bytecode") or "")

    @property
    def bytecode(self) -> bytes:
        """The code that creates an instance."""
        return bytes.fromhex(self._bytecode.removeprefix("0x"))

    @cached_property
    def functions(self) -> Mapping[str, Function]:
        """The functions by name; none of ours is overloaded."""
        return {item["name"]: Function(item) for item in self.abi if item["type"] == "function"}

    @cached_property
    def events(self) -> tuple[EventAbi, ...]:
        """The events."""
        return tuple(EventAbi(item) for item in self.abi if item["type"] == "event")

    @cached_property
    def errors(self) -> tuple[ErrorAbi, ...]:
        """The custom errors."""
        return tuple(ErrorAbi(item) for item in self.abi if item["type"] == "error")

    def creation(self, *arguments: Any) -> Call:
        """The call that puts an instance on the chain."""
        constructor = next((item for item in self.abi if item["type"] == "constructor"), {"inputs": ()})
        named = {**constructor, "name": "constructor", "type": "function"}
        data = self.bytecode + Function(named).encode(arguments)[4:]
        # 200 gas a byte kept, 16 a byte sent, and what the constructor itself does.
        return Call(None, f"new {self.name}", data, gas=1_000_000 + 230 * len(data))

    def function_call(self, to: Address, name: str, arguments: tuple[Any, ...], gas: int | None = None) -> Call:
        """The call of a function of an instance."""
        function = self.functions[name]
        return Call(to, f"{self.name}.{name}", function.encode(arguments), function, gas)


@cache
def artefact(name: str) -> Artefact:
    """The artefact of a contract or interface.

    Raises:
        SettingsError: it is not there, or cannot be read.
    """
    file = ARTEFACTS_DIR / f"{name}.json"
    try:
        return Artefact(name, json.loads(file.read_text(encoding="utf-8")))
    except (OSError, ValueError, KeyError) as error:
        raise SettingsError(
            f"the compiled contract {name} is missing from build/contracts",
            which=name,
            remedy="Run `make setup`, which compiles the contracts.",
        ) from error


@cache
def errors_by_selector() -> Mapping[bytes, ErrorAbi]:
    """Every custom error that a call may end with, its own contract's or that of one it called."""
    return {error.selector: error for name in (*FOREIGN_INTERFACES, *OWN_CONTRACTS) for error in artefact(name).errors}


@cache
def events_by_topic() -> Mapping[tuple[bytes, int], EventAbi]:
    """Every event of ours by its first topic and its number of further ones."""
    names = (*FOREIGN_INTERFACES, *OWN_CONTRACTS)
    return {(event.digest, event.indexed_count): event for name in names for event in artefact(name).events}
