"""`commonwatt settle FILE`: settle a session from its fills and readings, as every operator does, without any chain.

Takes one `input` of tests/vectors/settlement.json (Wh, µ€/kWh; a reading left out is missing) and prints its
`expected`: per slot the Wh settled, per member debit, credit and penalty in µ€, the totals, and the settlement tree's
root. Needs no settings and changes nothing. A malformed input ends with exit code 2 and a sentence on standard error.
"""

import json
from typing import Annotated, Any

import numpy as np
import typer

from commons import documents
from commons.addresses import Address, address, address_bytes
from commons.errors import MalformedInput
from commons.units import BPS, PRICE_LIMIT, QUANTITY_LIMIT, BasisPoints, PriceUekwh, SessionId
from oracle.settlement.rule import count, settle
from oracle.settlement.types import Fills, Readings, Settlement, SettlementRules

MOST_SLOTS = 100
SESSION_KEYS = {
    "session_id": "the session's number",
    "penalty_price": "price of undelivered energy, in µ€/kWh",
    "tolerance_bps": "tolerated shortfall, in basis points",
    "missing_allowance": "missing slots excused per trader",
    "prices": "the price of each slot in µ€/kWh; null or 0 where nothing traded",
    "fills": "filled energy per order, or per trader and slot",
    "readings": "metered energy per trader and slot",
}
FILL_KEYS = {
    "trader": "the address of the trader",
    "first_index": "the lowest order index of the trader in the session",
    "slot": "the slot, from 0",
    "side": "buy or sell",
    "filled_wh": "energy in whole Wh (1 kWh is 1000)",
}
READING_KEYS = {
    "trader": "the address of the trader",
    "slot": "the slot, from 0",
    "withdrawn_wh": "energy in whole Wh, 0 or more",
    "injected_wh": "energy in whole Wh, 0 or more",
}


def run(
    file: Annotated[
        str, typer.Argument(metavar="FILE", help="JSON file with fills and readings; - reads them from standard input.")
    ],
) -> None:
    """Settle a session's fills against readings: what each member pays and gets, as JSON."""
    fills, readings, prices, rules = parse(documents.read_document(file))
    settlement = settle(count(fills, readings, rules.missing_allowance), prices, rules)
    typer.echo(json.dumps(show(settlement), indent=1))


def parse(value: Any) -> tuple[Fills, Readings, list[int], SettlementRules]:
    """Fills, readings, prices (0 where nothing traded) and rules that a document says.

    Raises:
        InputError: naming the entry and figure at fault, and what is expected.
    """
    session = documents.record(value, SESSION_KEYS, "the input")
    rules = SettlementRules(
        session_id=SessionId(_figure(session, "session_id", 0, (1 << 256) - 1, SESSION_KEYS)),
        penalty_price=PriceUekwh(_figure(session, "penalty_price", 1, PRICE_LIMIT - 1, SESSION_KEYS)),
        tolerance=BasisPoints(_figure(session, "tolerance_bps", 0, BPS, SESSION_KEYS)),
        missing_allowance=_figure(session, "missing_allowance", 0, (1 << 16) - 1, SESSION_KEYS),
    )
    prices = [
        0 if price is None else documents.whole(price, 0, PRICE_LIMIT - 1, f"prices[{slot}]", SESSION_KEYS["prices"])
        for slot, price in enumerate(documents.rows(session["prices"], "prices"))
    ]
    if not 1 <= len(prices) <= MOST_SLOTS:
        raise MalformedInput(f"prices has {len(prices)} entries", remedy=f"Give one per slot, 1 to {MOST_SLOTS}.")
    fills, row_of = _fills(documents.rows(session["fills"], "fills"), prices)
    readings = _readings(documents.rows(session["readings"], "readings"), row_of, len(prices))
    return fills, readings, prices, rules


def show(settlement: Settlement) -> dict[str, Any]:
    """The settlement in the shape of `expected`."""
    return {
        "slots": [{"slot": slot, "settled_wh": settled} for slot, settled in enumerate(settlement.settled)],
        "members": [
            {"trader": m.trader, "debit": m.debit, "credit": m.credit, "penalty": m.penalty} for m in settlement.members
        ],
        "total_debit": settlement.totals.debit,
        "total_credit": settlement.totals.credit,
        "total_penalty": settlement.totals.penalty,
        "root": "0x" + settlement.root.hex(),
    }


def _fills(entries: list[Any], prices: list[int]) -> tuple[Fills, dict[Address, int]]:
    """The fills, traders by ascending first index, and the row of each trader."""
    fills = [_fill(entry, f"fills[{place}]", prices) for place, entry in enumerate(entries)]
    if not fills:
        raise MalformedInput("fills is empty", remedy="A session in which nobody revealed has nothing to settle.")
    first_of = _first_indices(fills)
    row_of = {trader: row for row, trader in enumerate(sorted(first_of, key=lambda trader: first_of[trader]))}
    filled = np.zeros((len(row_of), len(prices)), dtype=np.int64)
    is_buy = np.zeros(filled.shape, dtype=bool)
    for (trader, slot), buys in _sides(fills).items():
        is_buy[row_of[trader], slot] = buys
    for fill in fills:
        filled[row_of[fill["trader"]], fill["slot"]] += fill["filled_wh"]
    traders = np.frombuffer(b"".join(address_bytes(trader) for trader in row_of), dtype=np.uint8).reshape(-1, 20)
    return Fills(traders, np.array(sorted(first_of.values()), dtype=np.uint32), is_buy, filled), row_of


def _first_indices(fills: list[dict[str, Any]]) -> dict[Address, int]:
    first_of: dict[Address, int] = {}
    for place, fill in enumerate(fills):
        if first_of.setdefault(fill["trader"], fill["first_index"]) != fill["first_index"]:
            raise MalformedInput(
                f"fills[{place}] gives {fill['trader']} another first_index",
                remedy="It is the trader's lowest order index in the session, the same in every slot.",
            )
    if len(set(first_of.values())) < len(first_of):
        raise MalformedInput("two traders have the same first_index", remedy="No order belongs to two traders.")
    return first_of


def _sides(fills: list[dict[str, Any]]) -> dict[tuple[Address, int], bool]:
    sides: dict[tuple[Address, int], bool] = {}
    for place, fill in enumerate(fills):
        buys = fill["side"] == "buy"
        if sides.setdefault((fill["trader"], fill["slot"]), buys) != buys:
            raise MalformedInput(
                f"fills[{place}]: {fill['trader']} both buys and sells in slot {fill['slot']}",
                remedy="All orders of a trader in one slot are on one side.",
            )
    return sides


def _fill(value: Any, where: str, prices: list[int]) -> dict[str, Any]:
    fill = documents.record(value, FILL_KEYS, where)
    _figure(fill, "first_index", 0, (1 << 32) - 2, FILL_KEYS, where)
    _figure(fill, "slot", 0, len(prices) - 1, FILL_KEYS, where)
    _figure(fill, "filled_wh", 0, QUANTITY_LIMIT - 1, FILL_KEYS, where)
    documents.choice(fill["side"], ("buy", "sell"), f"{where}.side")
    if fill["filled_wh"] and not prices[fill["slot"]]:
        raise MalformedInput(
            f"{where} fills energy in slot {fill['slot']}, which has no price", remedy="Check prices and slots."
        )
    return fill | {"trader": address(fill["trader"])}


def _readings(entries: list[Any], row_of: dict[Address, int], slot_count: int) -> Readings:
    """The readings of the traders that revealed; those of others concern no settlement."""
    withdrawn, injected = (np.zeros((len(row_of), slot_count), dtype=np.int64) for _ in range(2))
    present = np.zeros((len(row_of), slot_count), dtype=bool)
    seen = set()
    for place, value in enumerate(entries):
        where = f"readings[{place}]"
        reading = documents.record(value, READING_KEYS, where)
        trader, slot = address(reading["trader"]), _figure(reading, "slot", 0, slot_count - 1, READING_KEYS, where)
        energies = [
            _figure(reading, key, 0, (1 << 60) - 1, READING_KEYS, where) for key in ("withdrawn_wh", "injected_wh")
        ]
        if (trader, slot) in seen:
            raise MalformedInput(f"{where}: {trader} has two readings of slot {slot}", remedy="Give one, their sum.")
        seen.add((trader, slot))
        if trader in row_of:
            at = (row_of[trader], slot)
            withdrawn[at], injected[at], present[at] = *energies, True
    return Readings(withdrawn, injected, present)


def _figure(
    entry: dict[str, Any], key: str, least: int, most: int, meanings: dict[str, str], where: str | None = None
) -> int:
    return documents.whole(entry[key], least, most, f"{where}.{key}" if where else key, meanings[key])
