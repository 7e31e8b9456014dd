"""`commonwatt clear FILE`: clear a session from its orders, as every operator does, without any chain.

Takes one `input` of tests/vectors/clearing.json (orders by ascending index, Wh, µ€/kWh) and prints its `expected`:
per slot price, interval, witnesses, volume and the allocation tree's root; per order the Wh filled. Needs no settings
and changes nothing. A malformed input ends with exit code 2 and a sentence on standard error.
"""

import json
from itertools import pairwise
from typing import Annotated, Any

import numpy as np
import typer

from commons import documents
from commons.addresses import Address, address, address_bytes
from commons.errors import MalformedInput, MalformedOrders
from commons.units import PRICE_LIMIT, QUANTITY_LIMIT
from oracle.clearing.outcome import outcome_of
from oracle.clearing.types import NO_WITNESS, Book, Outcome

MOST_SLOTS = 100
SESSION_KEYS = {
    "slot_count": "the number of slots",
    "floor_price": "the lowest limit allowed, in µ€/kWh",
    "cap_price": "the highest limit allowed, in µ€/kWh",
    "orders": "the revealed orders by ascending index",
}
ORDER_KEYS = {
    "index": "the order's index in the session",
    "trader": "the address of its trader",
    "slot": "the slot, from 0",
    "side": "buy or sell",
    "quantity_wh": "energy in whole Wh (1 kWh is 1000)",
    "limit_price": "price in whole µ€/kWh (0.15 €/kWh is 150000)",
}


def run(
    file: Annotated[
        str,
        typer.Argument(metavar="FILE", help="JSON file with the session's orders; - reads them from standard input."),
    ],
) -> None:
    """Clear a session's orders: prices, fills and tree roots as JSON."""
    book, slot_count = parse(documents.read_document(file))
    typer.echo(json.dumps(show(book, outcome_of(book, slot_count)), indent=1))


def parse(value: Any) -> tuple[Book, int]:
    """The book and the slot count that a document says.

    Raises:
        InputError: naming the order and figure at fault, and what is expected.
    """
    session = documents.record(value, SESSION_KEYS, "the input")
    slot_count = documents.whole(session["slot_count"], 1, MOST_SLOTS, "slot_count", SESSION_KEYS["slot_count"])
    floor, cap = (
        documents.whole(session[key], 0, PRICE_LIMIT - 1, key, SESSION_KEYS[key])
        for key in ("floor_price", "cap_price")
    )
    if floor > cap:
        raise MalformedInput(f"floor_price {floor} is above cap_price {cap}", remedy="Exchange them.")
    orders = [
        _order(entry, place, slot_count, (max(floor, 1), cap))
        for place, entry in enumerate(documents.rows(session["orders"], "orders"))
    ]
    _require_sequence([order["index"] for order in orders])
    _require_one_side(orders)
    return _book(orders), slot_count


def show(book: Book, outcome: Outcome) -> dict[str, Any]:
    """The outcome in the shape of `expected`."""
    return {
        "slots": [
            {
                "slot": slot.slot,
                "price": slot.price,
                "lo": slot.lo,
                "hi": slot.hi,
                "lo_witness": slot.lo_witness,
                "hi_witness": slot.hi_witness,
                "volume_wh": slot.volume,
                "order_count": slot.order_count,
                "root": "0x" + slot.root.hex(),
            }
            for slot in outcome.slots
        ],
        "allocations": [
            {"index": index, "filled_wh": filled}
            for index, filled in zip(book.index.tolist(), outcome.filled.tolist(), strict=True)
        ],
    }


def _order(value: Any, place: int, slot_count: int, limits: tuple[int, int]) -> dict[str, Any]:
    where = f"orders[{place}]"
    order = documents.record(value, ORDER_KEYS, where)
    ranges = {
        "index": (0, NO_WITNESS - 1),
        "slot": (0, slot_count - 1),
        "quantity_wh": (1, QUANTITY_LIMIT - 1),
        "limit_price": limits,
    }
    for key, (least, most) in ranges.items():
        documents.whole(order[key], least, most, f"{where}.{key}", ORDER_KEYS[key])
    documents.choice(order["side"], ("buy", "sell"), f"{where}.side")
    return order | {"trader": address(order["trader"])}


def _require_sequence(indices: list[int]) -> None:
    for before, index in pairwise(indices):
        if index == before:
            raise MalformedOrders(f"the order index {index} is given twice", remedy="Give every order once.")
        if index < before:
            raise MalformedOrders(f"order {index} comes after order {before}", remedy="Sort the orders by index.")


def _require_one_side(orders: list[dict[str, Any]]) -> None:
    sides: dict[tuple[Address, int], str] = {}
    for order in orders:
        if sides.setdefault((order["trader"], order["slot"]), order["side"]) != order["side"]:
            raise MalformedOrders(
                f"order {order['index']}: {order['trader']} both buys and sells in slot {order['slot']}",
                remedy="All orders of a trader in one slot are on one side.",
            )


def _book(orders: list[dict[str, Any]]) -> Book:
    traders = b"".join(address_bytes(order["trader"]) for order in orders)
    return Book(
        index=np.array([order["index"] for order in orders], dtype=np.uint32),
        trader=np.frombuffer(traders, dtype=np.uint8).reshape(-1, 20),
        slot=np.array([order["slot"] for order in orders], dtype=np.uint16),
        is_buy=np.array([order["side"] == "buy" for order in orders], dtype=bool),
        quantity=np.array([order["quantity_wh"] for order in orders], dtype=np.int64),
        limit=np.array([order["limit_price"] for order in orders], dtype=np.int64),
    )
