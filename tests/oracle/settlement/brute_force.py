"""The settlement rule again, written from DESIGN.md section 6 with dictionaries and plain integers, slowly."""

from dataclasses import dataclass

from tests.oracle.clearing.brute_force import share


@dataclass(frozen=True)
class Fill:
    """What a trader traded in a slot; traders are numbers here."""

    trader: int
    first_index: int
    slot: int
    is_buy: bool
    filled: int


Reading = tuple[int, int]
Money = tuple[int, int, int]


@dataclass(frozen=True)
class Settled:
    """Per slot the Wh settled, per trader (debit, credit, penalty)."""

    settled: list[int]
    members: dict[int, Money]


def settle(
    fills: list[Fill],
    readings: dict[tuple[int, int], Reading],
    prices: list[int],
    penalty_price: int,
    tolerance_bps: int,
    missing_allowance: int,
) -> Settled:
    """The settlement; `readings` maps (trader, slot) to withdrawn and injected Wh, a missing one being absent."""
    first = {fill.trader: fill.first_index for fill in fills}
    traders = sorted(first, key=lambda trader: first[trader])
    positions: dict[tuple[int, int], tuple[bool, int]] = {}
    for fill in fills:
        _, so_far = positions.get((fill.trader, fill.slot), (fill.is_buy, 0))
        positions[fill.trader, fill.slot] = fill.is_buy, so_far + fill.filled
    excused = {key for trader in traders for key in missing_of(trader, positions, readings)[:missing_allowance]}
    members = dict.fromkeys(traders, (0, 0, 0))
    settled = []
    for slot, price in enumerate(prices):
        here = [(trader, *positions[trader, slot]) for trader in traders if (trader, slot) in positions]
        counted = {t: count(buys, filled, readings.get((t, slot))) for t, buys, filled in here}
        sides = [[(t, counted[t]) for t, buys, _ in here if buys == side] for side in (True, False)]
        both = min(sum(wh for _, wh in side) for side in sides)
        scaled = {trader: wh for side in sides if any(wh for _, wh in side) for trader, wh in share(side, both).items()}
        settled.append(both)
        for trader, buys, filled in here:
            short = max(0, filled - counted[trader] - filled * tolerance_bps // 10_000)
            fined = 0 if (trader, slot) in excused else -(-short * penalty_price // 1000)
            wh = scaled.get(trader, 0)
            paid, got = (-(-wh * price // 1000), 0) if buys else (0, wh * price // 1000)
            debit, credit, penalty = members[trader]
            members[trader] = debit + paid, credit + got, penalty + fined
    return Settled(settled, members)


def missing_of(
    trader: int, positions: dict[tuple[int, int], tuple[bool, int]], readings: dict[tuple[int, int], Reading]
) -> list[tuple[int, int]]:
    """The slots in which the trader has filled energy and no reading, in slot order."""
    keys = sorted(key for key, (_, filled) in positions.items() if key[0] == trader and filled > 0)
    return [key for key in keys if key not in readings]


def count(buys: bool, filled: int, reading: Reading | None) -> int:
    """Counted energy."""
    return 0 if reading is None else min(filled, reading[0] if buys else reading[1])
