"""`commonwatt kpi`: how a community and its members use their energy, as a table, JSON, CSV, or a chart.

Reads the measured year of `data/fontana17`, or with `--database` an operator's own readings; changes nothing but the
chart's file. Days are local ones (Europe/Rome). Each member stands beside its own past, the period of the same length
before, and beside the median of all members. The percentiles and the CO₂ factor are conventions and stated with every
result.
"""

import csv
import io
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import typer

from commons.calendar import hour_band
from commons.database.engine import open_existing
from commons.errors import InputError, UnknownMember
from commons.settings import settings
from commons.slots import SLOT_LENGTHS_S, iso_utc, local_day, local_midnight
from commons.units import EnergyWh, EpochSeconds, show_kwh
from oracle.indicators.rule import compare, indicators_of
from oracle.indicators.types import Conventions, Indicators, Report
from oracle.measurement.measured_year import load_measured_year, year_energy
from oracle.measurement.member_energy import MemberEnergy, member_energy
from oracle.measurement.replay import STANDARD_OFFSET_SECONDS
from oracle.measurement.store import ReadingStore

_CHARTS = (".png", ".svg")


@dataclass(frozen=True, slots=True)
class Period:
    """Local days from `first` to `last`, both included."""

    first: date
    last: date

    @property
    def start(self) -> EpochSeconds:
        """The first second."""
        return local_midnight(self.first)

    @property
    def end(self) -> EpochSeconds:
        """The first second after it."""
        return local_midnight(self.last + timedelta(days=1))

    @property
    def before(self) -> "Period":
        """The period of as many days before."""
        days = (self.last - self.first).days + 1
        return Period(self.first - timedelta(days=days), self.first - timedelta(days=1))


def run(
    first: Annotated[str | None, typer.Option("--from", metavar="DAY", help="First day, such as 2017-06-01.")] = None,
    last: Annotated[str | None, typer.Option("--to", metavar="DAY", help="Last day, itself included.")] = None,
    member: Annotated[str | None, typer.Option(help="One member only, beside its past and the community.")] = None,
    database: Annotated[
        str | None, typer.Option(metavar="FILE|URL", help="An operator's database, instead of the measured year.")
    ] = None,
    slot: Annotated[int, typer.Option(metavar="SECONDS", help="Length of the readings' slots: 900 or 3600.")] = 3600,
    co2: Annotated[
        float, typer.Option(metavar="G", min=0, help="CO₂ of a kWh from the grid, in g.")
    ] = Conventions().co2_g_per_kwh,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
    as_csv: Annotated[bool, typer.Option("--csv", help="Print CSV, one line per member.")] = False,
    chart: Annotated[Path | None, typer.Option(metavar="FILE", help="Also draw a chart: .png or .svg.")] = None,
) -> None:
    """Show how a community and its members use their energy."""
    _refuse_options(slot, chart, as_json and as_csv)
    energy, past = _energies(first, last, database, slot)
    report = _report(energy, past, Conventions(co2_g_per_kwh=co2))
    if member is not None and member not in energy.members:
        raise UnknownMember(
            "no such member in these readings", which=member, remedy=f"There are {', '.join(energy.members[:20])}."
        )
    if chart is not None:
        from scripts.kpi_chart import draw  # loads matplotlib, which no other output needs

        draw(energy, report, chart)
    chosen = [found for found in (report.community, *report.members) if member in (None, found.name)]
    if as_json:
        typer.echo(json.dumps(document(report, chosen, member), indent=1))
    elif as_csv:
        typer.echo(table(chosen), nl=False)
    else:
        typer.echo("\n".join(lines(report, chosen, member)))


def document(report: Report, chosen: Sequence[Indicators], member: str | None) -> dict[str, Any]:
    """The report as JSON: the chosen indicators, the hours' shared energy, and one member's comparisons."""
    found: dict[str, Any] = {
        "from": iso_utc(EpochSeconds(report.start)),
        "to": iso_utc(EpochSeconds(report.end)),
        "slot_seconds": report.slot_seconds,
        "conventions": asdict(report.conventions),
        "indicators": [asdict(figures) for figures in chosen],
    }
    if member is None:
        return found | {"shared_wh_per_hour": list(report.shared_wh)}
    return found | {"comparisons": [asdict(figure) for figure in compare(report, member)]}


def table(chosen: Sequence[Indicators]) -> str:
    """The chosen indicators as CSV; what has no value is empty."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    rows = [_flat(figures) for figures in chosen]
    writer.writerow(rows[0])
    writer.writerows(row.values() for row in rows)
    return out.getvalue()


def lines(report: Report, chosen: Sequence[Indicators], member: str | None) -> list[str]:
    """The chosen indicators for people."""
    first, last = local_day(EpochSeconds(report.start)), local_day(EpochSeconds(report.end - 1))
    conventions = report.conventions
    said = [
        f"{first} to {last}, {report.slot_seconds // 60} minutes a slot",
        "",
        f"{'':10} {'used':>14} {'produced':>14} {'self-cons.':>10} {'self-suff.':>10} {'peak':>8} {'base':>8} "
        f"{'load f.':>8} {'F1/F2/F3':>14} {'CO₂ avoided':>12}",
        *(_line(figures) for figures in chosen),
        "",
    ]
    if member is None:
        shared = EnergyWh(sum(report.shared_wh))
        said.append(f"Shared within the community, hour by hour: {show_kwh(shared)}.")
    else:
        said += [
            f"{figure.name}: {_shown(figure.value)}, in the period before {_shown(figure.past)}, median of all "
            f"members {_shown(figure.community)}"
            for figure in compare(report, member)
        ]
    said.append(
        f"Peak and base: percentiles {conventions.peak_percentile:g} and {conventions.base_percentile:g} of the power "
        f"used. CO₂: {conventions.co2_g_per_kwh:g} g per kWh from the grid. Bands: energy withdrawn."
    )
    return said


def _line(figures: Indicators) -> str:
    bands = "–" if figures.band_pct is None else "/".join(f"{share:.0f}" for share in figures.band_pct)
    return (
        f"{figures.name[:10]:10} {show_kwh(EnergyWh(figures.consumed_wh)):>14} "
        f"{show_kwh(EnergyWh(figures.produced_wh)):>14} {_percent(figures.self_consumption_pct):>10} "
        f"{_percent(figures.self_sufficiency_pct):>10} {figures.peak_w:>6.0f} W {figures.base_w:>6.0f} W "
        f"{_percent(figures.load_factor_pct):>8} {bands + ' %':>14} {figures.co2_avoided_kg:>9.1f} kg"
    )


def _percent(value: float | None) -> str:
    return "–" if value is None else f"{value:.1f} %"


def _shown(value: float | None) -> str:
    return "–" if value is None else f"{value:.1f}"


def _flat(figures: Indicators) -> dict[str, Any]:
    """The indicators with a column for each band."""
    row = asdict(figures)
    band_wh, band_pct = row.pop("band_wh"), row.pop("band_pct") or (None,) * 3
    for name, wh, share in zip(("f1", "f2", "f3"), band_wh, band_pct, strict=True):
        row |= {f"{name}_wh": wh, f"{name}_pct": share}
    return row


def _report(energy: MemberEnergy, past: MemberEnergy | None, conventions: Conventions) -> Report:
    before = None if past is None else (past, _bands(past))
    return indicators_of(energy, _bands(energy), before, conventions)


def _bands(energy: MemberEnergy) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    starts = range(energy.start, energy.start + energy.slots * energy.slot_seconds, energy.slot_seconds)
    return np.array([hour_band(start) for start in starts], dtype=np.int64)


def _energies(
    first: str | None, last: str | None, database: str | None, slot: int
) -> tuple[MemberEnergy, MemberEnergy | None]:
    """The readings of the period, and of the one before where there are any."""
    if database is None:
        return _measured(first, last)
    if first is None or last is None:
        raise InputError("a database has no period of its own", remedy="Give --from and --to.")
    period = _period(_day(first), _day(last))
    store = ReadingStore(open_existing(database))
    try:
        energy, past = (_stored(store, of, slot) for of in (period, period.before))
    finally:
        store.close()
    return energy, past if past.present.any() else None


def _stored(store: ReadingStore, period: Period, slot: int) -> MemberEnergy:
    points = store.points()
    if not points:
        raise InputError("the database knows no point", remedy="Name the database of an operator that has readings.")
    grid = store.readings([point.point_id for point in points], period.start, period.end, slot)
    return member_energy(grid, points)


def _measured(first: str | None, last: str | None) -> tuple[MemberEnergy, MemberEnergy | None]:
    """The measured year, or days of it; the period before only where the year holds all of it."""
    year = year_energy(load_measured_year(settings().data_dir / "fontana17"), STANDARD_OFFSET_SECONDS)
    end = year.start + year.slots * year.slot_seconds
    whole = Period(local_day(EpochSeconds(year.start)), local_day(EpochSeconds(end - 1)))
    period = _period(_day(first) if first else whole.first, _day(last) if last else whole.last)
    if period.first < whole.first or period.last > whole.last:
        raise InputError(
            f"the measured year has no readings from {period.first} to {period.last}",
            remedy=f"It goes from {whole.first} to {whole.last}.",
        )
    before = period.before
    past = year.between(before.start, before.end) if before.first >= whole.first else None
    return year.between(period.start, period.end), past


def _period(first: date, last: date) -> Period:
    if last < first:
        raise InputError(f"{last} is before {first}", remedy="Give the first day with --from and the last with --to.")
    return Period(first, last)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise InputError(f"{text!r} is no day", remedy="Write it as 2017-06-01.") from error


def _refuse_options(slot: int, chart: Path | None, is_both: bool) -> None:
    if slot not in SLOT_LENGTHS_S:
        raise InputError(f"a slot of {slot} s is neither a quarter-hour nor an hour", remedy="Use 900 or 3600.")
    if chart is not None and chart.suffix not in _CHARTS:
        raise InputError(f"{chart.name} is no kind of chart", remedy="End its name in .png or .svg.")
    if chart is not None and not chart.parent.is_dir():
        raise InputError(f"there is no folder {chart.parent}", remedy="Make it, or draw the chart elsewhere.")
    if is_both:
        raise InputError("JSON and CSV at once", remedy="Choose --json or --csv.")
