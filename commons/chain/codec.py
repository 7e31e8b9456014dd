"""From Python to the contracts' ABI and back: functions, events and errors, structs as the dataclasses of `records`.

What comes back is typed by the ABI's `internalType`: a struct becomes its dataclass, an enum its `IntEnum`, an address
lower-case text, bytes stay bytes, an array a tuple.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass
from enum import IntEnum
from functools import cached_property
from types import MappingProxyType
from typing import Any

from eth_abi.abi import decode, encode
from eth_abi.exceptions import EncodingError

from commons.errors import InputError
from commons.keccak import keccak256
from commons.records import ENUMS, STRUCTS

AbiItem = Mapping[str, Any]
"""An entry of an ABI, or one of its parameters, as the compiler writes it."""


@dataclass(frozen=True)
class Signature:
    """The common part of functions, events and errors: a name with the parameters that it takes."""

    item: AbiItem

    @property
    def name(self) -> str:
        """The name alone."""
        return str(self.item["name"])

    @property
    def inputs(self) -> Sequence[AbiItem]:
        """The parameters."""
        inputs: Sequence[AbiItem] = self.item.get("inputs", ())
        return inputs

    @cached_property
    def types(self) -> tuple[str, ...]:
        """The parameters' types as `eth_abi` names them."""
        return tuple(type_name(parameter) for parameter in self.inputs)

    @cached_property
    def digest(self) -> bytes:
        """keccak256 of the signature: an event's first topic; its first four bytes select a function or error."""
        return keccak256(f"{self.name}({','.join(self.types)})".encode())

    @property
    def selector(self) -> bytes:
        """The first four bytes of the digest."""
        return self.digest[:4]


class Function(Signature):
    """A function of a contract."""

    @property
    def is_read(self) -> bool:
        """Whether it changes nothing."""
        return self.item["stateMutability"] in ("view", "pure")

    def encode(self, arguments: Sequence[Any]) -> bytes:
        """The call's data.

        Raises:
            InputError: an argument is none that the contract can take, such as a figure of too many bits.
        """
        try:
            return self.selector + encode(self.types, [plain(argument) for argument in arguments])
        except EncodingError as error:
            raise InputError(
                f"{self.name} cannot take what was given: a figure is negative, or larger than the contract counts",
                remedy="Give another figure.",
            ) from error

    def decode(self, data: bytes) -> Any:
        """What the function returned: nothing, one value, or a tuple of values."""
        outputs: Sequence[AbiItem] = self.item.get("outputs", ())
        values = decode([type_name(output) for output in outputs], data)
        typed = tuple(record(output, value) for output, value in zip(outputs, values, strict=True))
        return typed[0] if len(typed) == 1 else typed or None


class ErrorAbi(Signature):
    """A custom error of a contract."""

    def decode(self, data: bytes) -> Mapping[str, Any]:
        """The error's values by name; `data` without the selector."""
        return named(self.inputs, decode(self.types, data))


class EventAbi(Signature):
    """An event of a contract."""

    def decode(self, topics: Sequence[bytes], data: bytes) -> Mapping[str, Any]:
        """The event's values by name, in the order of its declaration; `topics` without the first."""
        indexed = [parameter for parameter in self.inputs if parameter["indexed"]]
        others = [parameter for parameter in self.inputs if not parameter["indexed"]]
        found = dict(zip((p["name"] for p in others), decode([type_name(p) for p in others], data), strict=True))
        for parameter, topic in zip(indexed, topics, strict=True):
            found[parameter["name"]] = decode([type_name(parameter)], topic)[0]
        return named(self.inputs, [found[parameter["name"]] for parameter in self.inputs])

    @property
    def indexed_count(self) -> int:
        """How many parameters are topics."""
        return sum(bool(parameter["indexed"]) for parameter in self.inputs)


def type_name(parameter: AbiItem) -> str:
    """The type as the ABI's signature writes it, structs as tuples."""
    kind = str(parameter["type"])
    if not kind.startswith("tuple"):
        return kind
    inner = ",".join(type_name(component) for component in parameter["components"])
    return f"({inner}){kind.removeprefix('tuple')}"


def plain(value: Any) -> Any:
    """The value as `eth_abi` takes it: records as tuples, enums as integers."""
    if is_dataclass(value) and not isinstance(value, type):
        return tuple(plain(getattr(value, field.name)) for field in fields(value))
    if isinstance(value, IntEnum):
        return int(value)
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    return value


def record(parameter: AbiItem, value: Any) -> Any:
    """The value as the rest of the code knows it."""
    if parameter["type"].endswith("]"):
        element = {**parameter, "type": parameter["type"].rpartition("[")[0]}
        return tuple(record(element, item) for item in value)
    kind = str(parameter.get("internalType", "")).partition("[")[0].removeprefix("struct ").removeprefix("enum ")
    kind = kind.rpartition(".")[2]
    if parameter["type"] == "tuple":
        parts = [record(c, v) for c, v in zip(parameter["components"], value, strict=True)]
        return STRUCTS[kind](*parts)
    return ENUMS[kind](value) if kind in ENUMS else value


def named(parameters: Sequence[AbiItem], values: Sequence[Any]) -> Mapping[str, Any]:
    """The values by the parameters' names, read-only."""
    return MappingProxyType({p["name"]: record(p, v) for p, v in zip(parameters, values, strict=True)})
