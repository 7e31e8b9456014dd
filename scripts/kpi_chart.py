"""The chart of `commonwatt kpi`: the community's average day, and its energy week by week."""

from pathlib import Path

import numpy as np
import numpy.typing as npt

from commons.slots import HOUR_S, local_day
from commons.units import WH_PER_KWH, EpochSeconds
from oracle.indicators.types import Report
from oracle.measurement.member_energy import MemberEnergy
from scripts.canvas import Axes, Figure, write

_DAY_HOURS = 24
_WEEK_HOURS = 7 * _DAY_HOURS
# Colours that people with any colour vision can tell apart (Okabe and Ito), in the order of the series.
_COLOURS = ("#0072B2", "#E69F00", "#009E73")
_NAMES = ("used", "produced", "shared")

HourlyKwh = npt.NDArray[np.float64]


def draw(energy: MemberEnergy, report: Report, path: Path) -> None:
    """Write the chart to `path`, as PNG or SVG by its ending; the same readings give the same file."""
    series = hourly_kwh(energy, report)
    figure = Figure(figsize=(11, 7), layout="constrained")
    above, below = figure.subplots(2, 1)
    _draw_day(above, series)
    _draw_weeks(below, series, report)
    write(figure, path)


def hourly_kwh(energy: MemberEnergy, report: Report) -> tuple[HourlyKwh, ...]:
    """Used, produced and shared energy of the community in each hour, kWh."""
    per_hour = HOUR_S // energy.slot_seconds
    used = np.where(energy.present, energy.consumed_wh, 0).sum(axis=0).reshape(-1, per_hour).sum(axis=1)
    produced = energy.produced_wh.sum(axis=0).reshape(-1, per_hour).sum(axis=1)
    return tuple(np.asarray(wh, dtype=np.float64) / WH_PER_KWH for wh in (used, produced, np.array(report.shared_wh)))


def _draw_day(axes: Axes, series: tuple[HourlyKwh, ...]) -> None:
    """The average of each hour counted from the period's first, a local midnight."""
    hours = np.arange(_DAY_HOURS)
    for name, colour, kwh in zip(_NAMES, _COLOURS, series, strict=True):
        averages = [float(kwh[hour::_DAY_HOURS].mean()) if len(kwh) > hour else 0.0 for hour in hours]
        axes.step(hours, averages, where="post", color=colour, label=name)
    axes.set(title="Average day", xlabel="hour since midnight of the first day", ylabel="kWh in the hour")
    axes.set_xlim(0, _DAY_HOURS - 1)
    axes.legend()


def _draw_weeks(axes: Axes, series: tuple[HourlyKwh, ...], report: Report) -> None:
    weeks = np.arange(-(-len(series[0]) // _WEEK_HOURS))
    for place, (name, colour, kwh) in enumerate(zip(_NAMES, _COLOURS, series, strict=True)):
        sums = [float(kwh[week * _WEEK_HOURS : (week + 1) * _WEEK_HOURS].sum()) for week in weeks]
        axes.bar(weeks + (place - 1) * 0.27, sums, width=0.27, color=colour, label=name)
    day = local_day(EpochSeconds(report.start))
    axes.set(title="Week by week", xlabel=f"weeks since {day}", ylabel="kWh in the week")
