"""The chart of the demonstration: what was paid day by day, where the tokens were, and the treasury's ins and outs."""

from collections.abc import Sequence
from pathlib import Path

from commons.records.economy import TokenCategory
from commons.units import TOKEN, EpochSeconds
from oracle.books.read import Books
from oracle.books.reasons import category_word
from oracle.economy.ledger import by_reason, outside
from scripts.canvas import Axes, Figure, write

DAY_S = 24 * 3600
# Colours that people with any colour vision can tell apart (Okabe and Ito, and two greys).
_COLOURS = (
    "#0072B2",
    "#E69F00",
    "#009E73",
    "#CC79A7",
    "#56B4E9",
    "#D55E00",
    "#F0E442",
    "#000000",
    "#999999",
    "#555555",
)


def draw(books: Books, start: EpochSeconds, days: int, changed_on: float | None, path: Path) -> None:
    """Write the chart to `path`, as PNG or SVG by its ending; `changed_on` is the day on which a fee changed."""
    figure = Figure(figsize=(12, 11), layout="constrained")
    above, middle, below = figure.subplots(3, 1)
    _draw_payments(above, books, start, days)
    _draw_balances(middle, books, start, days, changed_on)
    _draw_treasury(below, books)
    write(figure, path)


def per_day(books: Books, start: EpochSeconds, days: int) -> dict[TokenCategory, list[float]]:
    """Tokens paid per category on each day."""
    sums: dict[TokenCategory, list[int]] = {}
    for payment in books.payments:
        day = (payment.at - start) // DAY_S
        if 0 <= day < days:
            sums.setdefault(payment.category, [0] * days)[day] += payment.amount
    return {category: [amount / TOKEN for amount in sums[category]] for category in sorted(sums)}


def _draw_payments(axes: Axes, books: Books, start: EpochSeconds, days: int) -> None:
    base = [0.0] * days
    for category, amounts in per_day(books, start, days).items():
        colour = _COLOURS[category % len(_COLOURS)]
        axes.bar(range(1, days + 1), amounts, bottom=base, color=colour, label=category_word(category))
        base = [below + amount for below, amount in zip(base, amounts, strict=True)]
    axes.set(title="What was paid, by category", xlabel="day", ylabel="tokens")
    axes.legend(fontsize="small", ncols=2)


def _draw_balances(axes: Axes, books: Books, start: EpochSeconds, days: int, changed_on: float | None) -> None:
    evenings = [EpochSeconds(start + (day + 1) * DAY_S - 1) for day in range(days)]
    held = outside(books.token_movements, books.treasury, evenings)
    series: Sequence[tuple[str, str, list[float]]] = (
        ("circulating (all but the treasury)", _COLOURS[0], [circulating / TOKEN for _, circulating in held]),
        ("control wallet", _COLOURS[5], [treasury / TOKEN for treasury, _ in held]),
    )
    for label, colour, amounts in series:
        axes.plot(range(1, days + 1), amounts, color=colour, marker="o", markersize=3, label=label)
    if changed_on is not None:
        axes.axvline(changed_on, color="#999999", linestyle="--", label="the new fee is in force")
    axes.set(title="Where the tokens are", xlabel="day", ylabel="tokens")
    axes.set_ylim(bottom=0)
    axes.legend(fontsize="small")


def _draw_treasury(axes: Axes, books: Books) -> None:
    flows = [(reason, came - left) for reason, (came, left) in by_reason(books.token_movements, books.treasury).items()]
    flows = sorted((flow for flow in flows if flow[0] != "issued"), key=lambda flow: (flow[1], flow[0]))
    colours = [_COLOURS[2] if net >= 0 else _COLOURS[1] for _, net in flows]
    bars = axes.barh([reason for reason, _ in flows], [net / TOKEN for _, net in flows], color=colours)
    axes.bar_label(bars, [f"{net / TOKEN:+,.1f}" for _, net in flows], padding=3, fontsize="small")
    axes.set_xscale("symlog", linthresh=1)
    axes.margins(x=0.12)
    axes.axvline(0, color="#000000", linewidth=0.8)
    axes.set(title="The control wallet: in and out, beside what was issued", xlabel="tokens (scale compressed)")
    axes.tick_params(axis="y", labelsize="small")
