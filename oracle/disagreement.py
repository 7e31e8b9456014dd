"""Where two operators' answers differ, in words: which slot, which member, which figure, and by how much.

Figures follow from each other, so the first stage at which two answers part explains all that comes after it. Only that
stage's differences are told.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from commons.addresses import Address, address_of
from commons.records import DatasetVersion
from commons.slots import SlotGrid, numbered_day, show_time
from oracle.clearing.types import SlotResult
from oracle.publication.outcome import OutcomeDocument
from oracle.publication.settlement import SettlementDocument

MOST_TOLD = 5

Table = NDArray[Any]


@dataclass(frozen=True, slots=True)
class Sides:
    """What the two sides of a comparison are called."""

    here: str = "here"
    there: str = "there"


OPERATORS = Sides()


@dataclass(frozen=True, slots=True)
class Difference:
    """One figure of which there are two: here, and there."""

    figure: str
    here: Any
    there: Any
    slot: int | None = None
    member: Address | None = None

    def told(self, grid: SlotGrid, sides: Sides) -> str:
        """The sentence about it, with the slot's time and, for energy and money, by how much it differs."""
        place = []
        if self.slot is not None:
            when = f" ({show_time(grid[self.slot].start)})" if self.slot < len(grid) else ""
            place.append(f"slot {self.slot}{when}")
        if self.member is not None:
            place.append(f"member {self.member}")
        where = ", ".join(place)
        figures = f"{self.figure} {_shown(self.here)} {sides.here}, {_shown(self.there)} {sides.there}{self._gap()}"
        return f"{where}: {figures}" if where else figures

    def _gap(self) -> str:
        values = (self.here, self.there)
        if all(isinstance(v, int | np.integer) and not isinstance(v, bool | np.bool_) for v in values):
            return f" (by {abs(int(self.here) - int(self.there)):,})"
        return ""


def tell(differences: Sequence[Difference], grid: SlotGrid, sides: Sides = OPERATORS) -> str:
    """The first differences in words, and how many more there are."""
    if not differences:
        return "the published figures are the same"
    told = "; ".join(difference.told(grid, sides) for difference in differences[:MOST_TOLD])
    more = len(differences) - MOST_TOLD
    return told if more <= 0 else f"{told}; and {more} more"


# ---------------------------------------------------------------- outcomes


def outcome_differences(here: OutcomeDocument, there: OutcomeDocument) -> list[Difference]:
    """Where two outcomes of one session part: orders, then fills, then prices, volumes and trees."""
    return (
        list(order_differences(here, there))
        or list(fill_differences(here, there))
        or list(result_differences(here.results, there.results))
    )


def order_differences(here: OutcomeDocument, there: OutcomeDocument) -> Iterator[Difference]:
    """Where the orders differ, in the first of their fields that does."""
    if len(here.book) != len(there.book):
        yield Difference("number of orders", len(here.book), len(there.book))
        return
    columns: dict[str, tuple[Table, Table]] = {
        "index": (here.book.index, there.book.index),
        "trader": (_texts(here.book.trader), _texts(there.book.trader)),
        "slot": (here.book.slot, there.book.slot),
        "buys": (here.book.is_buy, there.book.is_buy),
        "quantity in Wh": (here.book.quantity, there.book.quantity),
        "limit in µ€/kWh": (here.book.limit, there.book.limit),
    }
    for name, (ours, theirs) in columns.items():
        differing = np.flatnonzero(ours != theirs).tolist()
        for order in differing:
            index, slot = int(here.book.index[order]), int(here.book.slot[order])
            yield Difference(f"order {index}: {name}", ours[order], theirs[order], slot)
        if differing:
            return


def fill_differences(here: OutcomeDocument, there: OutcomeDocument) -> Iterator[Difference]:
    """Where fills of the same orders differ."""
    for order in np.flatnonzero(here.filled != there.filled).tolist():
        yield Difference(
            f"order {here.book.index[order]}: filled Wh",
            here.filled[order],
            there.filled[order],
            int(here.book.slot[order]),
            address_of(here.book.trader[order].tobytes()),
        )


def result_differences(here: Sequence[SlotResult], there: Sequence[SlotResult]) -> Iterator[Difference]:
    """Where the results of slots differ; roots only where nothing else does, since they follow from all else."""
    if len(here) != len(there):
        yield Difference("number of slots", len(here), len(there))
    for slot, (ours, theirs) in enumerate(zip(here, there, strict=False)):
        differing = [name for name in SlotResult._fields if getattr(ours, name) != getattr(theirs, name)]
        for name in [name for name in differing if name != "root"] or differing:
            figure = "root of the allocation tree" if name == "root" else name.replace("_", " ")
            yield Difference(figure, getattr(ours, name), getattr(theirs, name), slot)


# ---------------------------------------------------------------- settlements


def settlement_differences(here: SettlementDocument, there: SettlementDocument) -> list[Difference]:
    """Where two settlements of one session part: what they rest on, energy as metered, money, leaves."""
    return (
        list(basis_differences(here, there))
        or list(energy_differences(here, there))
        or list(money_differences(here, there))
        or list(leaf_differences(here, there))
    )


def basis_differences(here: SettlementDocument, there: SettlementDocument) -> Iterator[Difference]:
    """Where the outcome settled differs: its dataset, prices, members, or fills."""
    if here.outcome_cid != there.outcome_cid:
        yield Difference("the outcome settled", here.outcome_cid, there.outcome_cid)
    if len(here.prices) != len(there.prices):
        yield Difference("number of slots", len(here.prices), len(there.prices))
        return
    for slot, (ours, theirs) in enumerate(zip(here.prices, there.prices, strict=True)):
        if ours != theirs:
            yield Difference("price in µ€/kWh", ours, theirs, slot)
    fills, others = here.counted.fills, there.counted.fills
    if fills.traders != others.traders:
        yield Difference("members settled", ", ".join(fills.traders), ", ".join(others.traders))
        return
    if not np.array_equal(fills.first_index, others.first_index):
        yield Difference("first order indices", str(fills.first_index.tolist()), str(others.first_index.tolist()))
    yield from _cells(here, "filled Wh", fills.filled, others.filled)
    yield from _cells(here, "buys", fills.is_buy & (fills.filled > 0), others.is_buy & (others.filled > 0))


def version_differences(here: Sequence[DatasetVersion], there: Sequence[DatasetVersion]) -> list[str]:
    """Of which local days two settlements go by other notarised readings, in sentences."""
    ours, theirs = ({one.day: one.version for one in versions} for versions in (here, there))
    return [
        f"of {numbered_day(day)} it goes by {_version(theirs.get(day))}, and by {_version(ours.get(day))} here"
        for day in sorted({*ours, *theirs})
        if ours.get(day) != theirs.get(day)
    ]


def energy_differences(here: SettlementDocument, there: SettlementDocument) -> list[Difference]:
    """Where metered energy differs, in the first table that does; the members and slots are the same."""
    ours, theirs = here.counted, there.counted
    return (
        list(_cells(here, "missing reading", ours.missing, theirs.missing))
        or list(_cells(here, "counted Wh", ours.counted, theirs.counted))
        or list(_cells(here, "excused reading", ours.excused, theirs.excused))
    )


def money_differences(here: SettlementDocument, there: SettlementDocument) -> list[Difference]:
    """Where what follows from counted energy differs, in the first table that does; also the slots' sums."""
    return (
        list(_cells(here, "settled Wh", here.scaled, there.scaled))
        or [
            Difference("settled Wh", ours, theirs, slot)
            for slot, (ours, theirs) in enumerate(zip(here.settled, there.settled, strict=True))
            if ours != theirs
        ]
        or list(_cells(here, "debit in µ€", here.debit, there.debit))
        or list(_cells(here, "credit in µ€", here.credit, there.credit))
        or list(_cells(here, "penalty in µ€", here.penalty, there.penalty))
    )


def leaf_differences(here: SettlementDocument, there: SettlementDocument) -> Iterator[Difference]:
    """Where leaves, totals and roots differ; the members are the same."""
    for ours, theirs in zip(here.members, there.members, strict=True):
        for figure in ("debit", "credit", "penalty"):
            if getattr(ours, figure) != getattr(theirs, figure):
                name = f"the leaf's {figure} in µ€"
                yield Difference(name, getattr(ours, figure), getattr(theirs, figure), member=ours.trader)
    for figure in ("debit", "credit", "penalty"):
        if getattr(here.totals, figure) != getattr(there.totals, figure):
            yield Difference(f"total {figure} in µ€", getattr(here.totals, figure), getattr(there.totals, figure))
    if here.root != there.root:
        yield Difference("settlement root", here.root, there.root)


def _version(number: int | None) -> str:
    return "no notarised readings" if number is None else f"version {number} of the readings"


def _cells(document: SettlementDocument, figure: str, ours: Table, theirs: Table) -> Iterator[Difference]:
    traders = document.counted.fills.traders
    for row, slot in np.argwhere(np.asarray(ours != theirs, dtype=bool)).tolist():
        yield Difference(figure, ours[row, slot], theirs[row, slot], slot, traders[row])


def _texts(traders: Table) -> Table:
    return np.array([address_of(row.tobytes()) for row in traders], dtype=object)


def _shown(value: Any) -> str:
    if isinstance(value, bytes):
        return "0x" + value.hex()
    if isinstance(value, bool | np.bool_):
        return "yes" if value else "no"
    if isinstance(value, int | np.integer):
        return f"{int(value):,}"
    return str(value)
