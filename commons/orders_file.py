"""Orders from a file that a person wrote: CSV or JSON, with the units in the names and nothing guessed.

CSV has the header `slot,side,quantity_wh,limit_price`; JSON is a list of objects with those keys. `side` is `buy` or
`sell`, energy whole Wh, prices whole µ€/kWh. Anything else is refused with the line and the unit expected, because a
figure read in the wrong unit is a thousand times the bid somebody meant.
"""

import csv
import io
import json
import re
from pathlib import Path
from typing import Any

from commons.errors import MalformedInput, MalformedOrders, UnitError
from commons.orders import Order
from commons.units import EnergyWh, PriceUekwh, SlotIndex

COLUMNS = {
    "slot": "the number of the slot in the session, from 0",
    "side": "buy or sell",
    "quantity_wh": "energy in whole Wh (1 kWh is 1000)",
    "limit_price": "price in whole µ€/kWh (0.15 €/kWh is 150000, 1 €/MWh is 1000)",
}
_EXPECTED = "; ".join(f"{name}: {meaning}" for name, meaning in COLUMNS.items())
_WHOLE = re.compile(r"[0-9]{1,20}")


def read_orders(path: Path) -> list[Order]:
    """The orders that the file holds, in its own sequence; JSON by the ending `.json`, else CSV.

    Raises:
        MalformedInput: the file cannot be read, or is neither CSV nor JSON.
        MalformedOrders: a column or side is unknown or missing.
        UnitError: a figure is not a whole number, or a column has another unit.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise MalformedInput(f"the orders file {path} cannot be read ({error})", remedy="Check its name.") from error
    return parse_json(text) if path.suffix.lower() == ".json" else parse_csv(text)


def parse_csv(text: str) -> list[Order]:
    """The orders of a CSV text with a header line; errors as `read_orders`."""
    table = csv.DictReader(io.StringIO(text), strict=True)
    try:
        records = list(table)
    except csv.Error as error:
        raise MalformedInput(f"the orders file is not CSV ({error})", remedy=f"Expected {_EXPECTED}.") from error
    _require_columns(set(table.fieldnames or ()), "the header")
    for line, record in enumerate(records, start=2):
        if None in record or None in record.values():
            raise MalformedOrders(f"line {line} has more or fewer fields than the header", remedy="Use four a line.")
    return [_order(record, f"line {line}") for line, record in enumerate(records, start=2)]


def parse_json(text: str) -> list[Order]:
    """The orders of a JSON text; errors as `read_orders`."""
    try:
        records = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise MalformedInput(f"the orders file is not JSON ({error})", remedy="Write a list of objects.") from error
    if not isinstance(records, list) or not all(isinstance(record, dict) for record in records):
        raise MalformedInput("the orders file is not a list of objects", remedy=f"Each holds {_EXPECTED}.")
    for place, record in enumerate(records, start=1):
        _require_columns(set(record), f"order {place}")
    return [_order(record, f"order {place}") for place, record in enumerate(records, start=1)]


def _require_columns(found: set[str], where: str) -> None:
    for name in sorted(found - COLUMNS.keys()):
        raise UnitError(f"{where} has the unknown column {name!r}", remedy=f"Expected are {_EXPECTED}.")
    for name in COLUMNS.keys() - found:
        raise MalformedOrders(f"{where} lacks the column {name!r}", remedy=f"Add it: {COLUMNS[name]}.")


def _order(record: dict[str, Any], where: str) -> Order:
    side = record["side"]
    if side not in ("buy", "sell"):
        raise MalformedOrders(f"{where}: side {side!r} is unknown", remedy="Write buy or sell.")
    return Order(
        slot=SlotIndex(_whole(record, "slot", where)),
        is_buy=side == "buy",
        quantity_wh=EnergyWh(_whole(record, "quantity_wh", where)),
        limit_price=PriceUekwh(_whole(record, "limit_price", where)),
    )


def _whole(record: dict[str, Any], column: str, where: str) -> int:
    figure = record[column]
    if isinstance(figure, int) and not isinstance(figure, bool) and figure >= 0:
        return figure
    if isinstance(figure, str) and _WHOLE.fullmatch(figure.strip()):
        return int(figure)
    raise UnitError(
        f"{where}: {column} {figure!r} is not a whole number of 0 or more", remedy=f"Expected {COLUMNS[column]}."
    )
