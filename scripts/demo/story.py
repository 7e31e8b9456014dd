"""Tell a settled day so that a person understands it: prices, volumes, and what each home paid or earned."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from decimal import Decimal
from itertools import groupby

from rich import box
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from commons.slots import LOCAL_ZONE
from commons.units import UE_PER_EURO, WH_PER_KWH
from scripts.demo.comparison import Comparison, compare
from scripts.demo.market_day import HomeDay, MarketDay, SlotTrade

_BAR_WIDTH = 24
_SLOT_SECONDS = 3600


def tell(day: MarketDay) -> RenderableType:
    """Two tables and the sum of it in plain words; amounts are rounded to cents for reading."""
    comparisons = tuple(compare(home, day.grid) for home in day.homes)
    return Group(
        Text(f"{day.community}, {day.day:%A %d %B %Y}: {len(day.homes)} homes, session {day.session_id}", style="bold"),
        _price_table(day.slots),
        _home_table(day.homes, comparisons),
        Text("\n" + " ".join(_sentences(day, comparisons))),
    )


def _price_table(slots: tuple[SlotTrade, ...]) -> Table:
    """One row per hour with a trade, one for each run of hours without."""
    table = Table(
        title="\nWhat the energy cost, hour by hour",
        title_justify="left",
        caption_justify="left",
        box=box.SIMPLE_HEAD,
        padding=(0, 1, 0, 0),
        pad_edge=False,
        show_edge=False,
    )
    table.caption = "█ delivered  ░ promised, but not metered on both sides"
    table.add_column("Hour", no_wrap=True)
    table.add_column("€/kWh", justify="right")
    table.add_column("promised\nkWh", justify="right")
    table.add_column("delivered\nkWh", justify="right")
    table.add_column("", no_wrap=True)
    most_wh = max((slot.promised_wh for slot in slots), default=0)
    for has_trade, run in groupby(slots, key=lambda slot: slot.price_uekwh is not None):
        if has_trade:
            for slot in run:
                price = f"{_units(slot.price_uekwh or 0, UE_PER_EURO):.3f}"
                table.add_row(_hours([slot]), price, kwh(slot.promised_wh), kwh(slot.delivered_wh), _bar(slot, most_wh))
        else:
            table.add_row(_hours(list(run)), "–", "–", "–", Text("no trade: no seller met a buyer", style="dim"))
    return table


def _bar(slot: SlotTrade, most_wh: int) -> str:
    """The promised energy to the scale of the largest, the delivered part of it solid."""
    promised = -(-slot.promised_wh * _BAR_WIDTH // most_wh)
    delivered = slot.delivered_wh * promised // slot.promised_wh
    return "█" * delivered + "░" * (promised - delivered)


def _hours(slots: list[SlotTrade]) -> str:
    begin, end = (datetime.fromtimestamp(at, LOCAL_ZONE) for at in (slots[0].start, slots[-1].start + _SLOT_SECONDS))
    return f"{begin:%H:%M}–{end:%H:%M}"


def _home_table(homes: tuple[HomeDay, ...], comparisons: tuple[Comparison, ...]) -> Table:
    """One row per home and one for all of them; a bill is what is paid, with a minus what is received."""
    table = Table(
        title="\nWhat each home paid or earned, and its whole bill for the day, in €",
        title_justify="left",
        show_footer=True,
        box=box.SIMPLE_HEAD,
        padding=(0, 1, 0, 0),
        pad_edge=False,
        show_edge=False,
    )
    table.add_column("Home", "All together", no_wrap=True)
    figures = (
        ("bought\nkWh", kwh(sum(sum(home.bought_wh) for home in homes))),
        ("sold\nkWh", kwh(sum(sum(home.sold_wh) for home in homes))),
        ("paid", euro(sum(home.debit_ue for home in homes))),
        ("earned", euro(sum(home.credit_ue for home in homes))),
        ("fined", euro(sum(home.penalty_ue for home in homes))),
        ("grid\nalone", euro(sum(comparison.grid_alone_ue for comparison in comparisons))),
        ("with\nmarket", euro(sum(comparison.with_market_ue for comparison in comparisons))),
    )
    for header, footer in figures:
        table.add_column(header, footer, justify="right")
    table.add_column("better\noff", _gain(sum(comparison.gain_ue for comparison in comparisons)), justify="right")
    for home, comparison in zip(homes, comparisons, strict=True):
        table.add_row(f"{home.home_id} {home.label}", *_home_row(home, comparison), _gain(comparison.gain_ue))
    return table


def _home_row(home: HomeDay, comparison: Comparison) -> Iterable[str]:
    yield from (kwh(sum(home.bought_wh)), kwh(sum(home.sold_wh)))
    amounts = (home.debit_ue, home.credit_ue, home.penalty_ue, comparison.grid_alone_ue, comparison.with_market_ue)
    yield from (euro(amount) for amount in amounts)


def _sentences(day: MarketDay, comparisons: tuple[Comparison, ...]) -> Iterator[str]:
    prices = [slot.price_uekwh for slot in day.slots if slot.price_uekwh is not None]
    if prices:
        yield _traded(day, min(prices), max(prices))
    if len(prices) < len(day.slots):
        yield "In the hours without a trade, the dark ones above all, nobody sold and the grid served everybody."
    yield _verdict(comparisons)
    fined = sum(home.penalty_ue for home in day.homes)
    if fined:
        yield f"Fines of {euro(fined)} € for energy promised and not metered went to the community's treasury."


def _traded(day: MarketDay, low_uekwh: int, high_uekwh: int) -> str:
    promised, delivered = (
        kwh(sum(getattr(slot, name) for slot in day.slots)) for name in ("promised_wh", "delivered_wh")
    )
    return (
        f"The homes promised each other {promised} kWh and delivered {delivered} kWh, "
        f"at {euro(low_uekwh)} to {euro(high_uekwh)} €/kWh; "
        f"the grid pays {euro(day.grid.feed_in_uekwh)} €/kWh and charges up to {euro(max(day.grid.retail_uekwh))}."
    )


def _verdict(comparisons: tuple[Comparison, ...]) -> str:
    gain = sum(comparison.gain_ue for comparison in comparisons)
    gaining, losing = (sum(sign * comparison.gain_ue > 0 for comparison in comparisons) for sign in (1, -1))
    how = "better" if gain >= 0 else "worse"
    return (
        f"Together they are {euro(abs(gain))} € {how} off than with the grid alone: "
        f"{_homes(gaining)} better off, {_homes(losing)} worse off."
    )


def _homes(count: int) -> str:
    return "1 home is" if count == 1 else f"{count} homes are"


def _units(value: int, per_unit: int) -> Decimal:
    return Decimal(value) / per_unit


def kwh(energy_wh: int) -> str:
    return f"{_units(energy_wh, WH_PER_KWH):,.1f}"


def euro(money_ue: int) -> str:
    """Rounded to cents, halves to even; what rounds to nothing has no sign."""
    return f"{_units(money_ue, UE_PER_EURO):z,.2f}"


def _gain(money_ue: int) -> Text:
    style = "green" if money_ue > 0 else "red" if money_ue < 0 else "dim"
    return Text(f"{_units(money_ue, UE_PER_EURO):+z,.2f}", style=style)
