"""Orders files: what is not in the expected unit is refused with the line and the unit."""

import json
from pathlib import Path

import pytest

from commons.errors import InputError, MalformedInput, MalformedOrders, UnitError
from commons.orders import Order
from commons.orders_file import parse_csv, parse_json, read_orders
from commons.units import EnergyWh, PriceUekwh, SlotIndex

HEADER = "slot,side,quantity_wh,limit_price\n"
ORDERS = [
    Order(SlotIndex(0), True, EnergyWh(1500), PriceUekwh(180_000)),
    Order(SlotIndex(3), False, EnergyWh(700), PriceUekwh(90_000)),
]


@pytest.mark.parametrize("column", ["quantity_kwh", "limit_eur_mwh", "price", "quantity_wh "])
def test_csv__column_of_another_unit__is_refused_with_the_expected_units(column: str) -> None:
    with pytest.raises(UnitError, match=rf"{column}.*whole Wh \(1 kWh is 1000\).*whole µ€/kWh"):
        parse_csv(f"slot,side,quantity_wh,limit_price,{column}\n0,buy,1,1,1\n")


@pytest.mark.parametrize("figure", ["1.5", "1,5", "-1", "", "1e3", "abc", "1 500"])
def test_csv__quantity_not_whole__is_refused_with_its_line(figure: str) -> None:
    with pytest.raises(UnitError, match=r"line 3: quantity_wh .* whole Wh"):
        parse_csv(HEADER + f'0,buy,1,1\n1,buy,"{figure}",1\n')


@pytest.mark.parametrize(
    ("text", "kind", "why"),
    [
        ("", MalformedOrders, "lacks the column"),
        ("slot,side,quantity_wh\n0,buy,1\n", MalformedOrders, "lacks the column 'limit_price'"),
        (HEADER + "0,bid,1,1\n", MalformedOrders, "line 2: side 'bid'.*buy or sell"),
        (HEADER + "0,buy,1\n", MalformedOrders, "line 2 has more or fewer fields"),
        (HEADER + "0,buy,1,1,1\n", MalformedOrders, "line 2 has more or fewer fields"),
        (HEADER + '0,"buy,1,1\n', MalformedInput, "not CSV"),
    ],
)
def test_csv__malformed__is_refused_with_the_place(text: str, kind: type[InputError], why: str) -> None:
    with pytest.raises(kind, match=why):
        parse_csv(text)


@pytest.mark.parametrize(
    ("text", "kind", "why"),
    [
        ("{", MalformedInput, "not JSON"),
        ("{}", MalformedInput, "list of objects"),
        ("[1]", MalformedInput, "list of objects"),
        ('[{"slot": 0, "side": "buy", "quantity_wh": 1}]', MalformedOrders, "order 1 lacks"),
        ('[{"slot": 0, "side": "buy", "quantity_wh": 1.0, "limit_price": 1}]', UnitError, "quantity_wh 1.0"),
        ('[{"slot": true, "side": "buy", "quantity_wh": 1, "limit_price": 1}]', UnitError, "slot True"),
        ('[{"slot": 0, "side": "buy", "kwh": 1, "limit_price": 1}]', UnitError, "'kwh'"),
    ],
)
def test_json__malformed__is_refused_with_the_place(text: str, kind: type[InputError], why: str) -> None:
    with pytest.raises(kind, match=why):
        parse_json(text)


def test_read_orders__no_such_file__is_refused(tmp_path: Path) -> None:
    with pytest.raises(MalformedInput, match="cannot be read"):
        read_orders(tmp_path / "none.csv")


def test_read_orders__csv_and_json__say_the_same(tmp_path: Path) -> None:
    rows = [(o.slot, "buy" if o.is_buy else "sell", o.quantity_wh, o.limit_price) for o in ORDERS]
    as_csv, as_json = tmp_path / "orders.csv", tmp_path / "orders.JSON"
    as_csv.write_text("\ufeff" + HEADER + "".join(f"{','.join(map(str, row))}\n" for row in rows), encoding="utf-8")
    as_json.write_text(json.dumps([dict(zip(HEADER.strip().split(","), row, strict=True)) for row in rows]))
    assert read_orders(as_csv) == read_orders(as_json) == ORDERS
