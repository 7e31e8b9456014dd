"""Records are the contracts' structs, field by field, and survive the way to the chain and back."""

import re
from dataclasses import fields
from typing import Any

import pytest
from eth_abi.abi import decode, encode

from commons.addresses import Address
from commons.chain.artefacts import OWN_CONTRACTS, artefact
from commons.chain.codec import AbiItem, plain, record, type_name
from commons.errors import SettingsError
from commons.orders import Order
from commons.records import ENUMS, STRUCTS, MemberStatus, OperatorSet, OperatorTerms
from commons.units import BasisPoints, EnergyWh, EpochSeconds, MoneyUe, PriceUekwh, SlotIndex

# The unit that Python says in a name where Solidity says it in the documentation.
RENAMED = {"smallest_order_wh": "smallest_order"}


def structs() -> dict[str, AbiItem]:
    """Every struct that occurs in an ABI of ours."""
    found: dict[str, AbiItem] = {}

    def visit(parameter: AbiItem) -> None:
        for component in parameter.get("components", ()):
            visit(component)
        if parameter["type"].startswith("tuple"):
            found[_kind(parameter)] = parameter

    for name in OWN_CONTRACTS:
        for item in artefact(name).abi:
            for parameter in (*item.get("inputs", ()), *item.get("outputs", ())):
                visit(parameter)
    return found


def enums() -> set[str]:
    """Every enum that occurs in an ABI of ours."""
    words = re.findall(r"'internalType': 'enum (\w+)", str([artefact(name).abi for name in OWN_CONTRACTS]))
    return set(words)


def _kind(parameter: AbiItem) -> str:
    return str(parameter["internalType"]).partition("[")[0].removeprefix("struct ").rpartition(".")[2]


def _snake(name: str) -> str:
    return re.sub(r"(?<=[a-z0-9])([A-Z])", r"_\1", name).lower()


@pytest.mark.parametrize("name", sorted(structs()))
def test_record__struct_of_a_contract__has_its_fields_in_its_order(name: str) -> None:
    components = structs()[name]["components"]
    names = [RENAMED.get(field.name, field.name) for field in fields(STRUCTS[name])]
    assert names == [_snake(component["name"]) for component in components]


def test_enum__of_a_contract__is_known() -> None:
    assert enums() <= ENUMS.keys()


def test_artefact__not_compiled__says_how_to_compile() -> None:
    with pytest.raises(SettingsError, match="make setup"):
        artefact("NoSuchContract")


def _there_and_back(function: str, contract: str, value: Any) -> Any:
    parameter = artefact(contract).functions[function].item["outputs"][0]
    return record(parameter, decode([type_name(parameter)], encode([type_name(parameter)], [plain(value)]))[0])


def test_codec__nested_struct_with_array__comes_back_as_it_was() -> None:
    operators = (Address("0x" + "11" * 20), Address("0x" + "22" * 20))
    whole = OperatorSet(OperatorTerms(2, MoneyUe(5), BasisPoints(7)), EpochSeconds(9), operators)
    assert _there_and_back("operatorSet", "OracleQuorum", whole) == whole


def test_codec__enum__comes_back_as_its_kind() -> None:
    found = _there_and_back("statusOf", "Community", MemberStatus.SUSPENDED)
    assert found is MemberStatus.SUSPENDED


def test_codec__array_of_structs__comes_back_as_records() -> None:
    parameter = artefact("Marketplace").functions["revealOrders"].inputs[2]
    orders = (Order(SlotIndex(3), True, EnergyWh(1000), PriceUekwh(200_000)),)
    encoded = encode([type_name(parameter)], [plain(orders)])
    assert record(parameter, decode([type_name(parameter)], encoded)[0]) == orders
