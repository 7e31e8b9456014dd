"""The year measured in 17 homes that the demo lives on (`data/fontana17`), in exact integers."""

import csv
import gzip
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import numpy.typing as npt

from commons.errors import MalformedInput
from oracle.measurement.decimals import divide_half_even, scaled_integers
from oracle.measurement.member_energy import MemberEnergy
from oracle.measurement.types import IntArray

_SOURCE_DECIMALS = 4  # of a kWh
_DWH_PER_WH = 10
_RESTORE = "Restore the file from the repository."
_HOUR = np.timedelta64(1, "h")


@dataclass(frozen=True, eq=False)
class MeasuredYear:
    """Hourly load and production of homes, shape [homes, hours], in tenths of a Wh (`dwh`) as the source has them.

    `first_hour` is the start of the first hour in the homes' local standard time, which has no daylight saving.
    """

    home_ids: tuple[str, ...]
    first_hour: datetime
    load_dwh: IntArray
    pv_dwh: IntArray

    @property
    def withdrawn_dwh(self) -> IntArray:
        """What each home took from the grid, netted per hour."""
        return np.asarray(np.maximum(self.load_dwh - self.pv_dwh, 0), dtype=np.int64)

    @property
    def injected_dwh(self) -> IntArray:
        """What each home fed into the grid, netted per hour."""
        return np.asarray(np.maximum(self.pv_dwh - self.load_dwh, 0), dtype=np.int64)

    @property
    def withdrawn_wh(self) -> IntArray:
        return divide_half_even(self.withdrawn_dwh, _DWH_PER_WH)

    @property
    def injected_wh(self) -> IntArray:
        return divide_half_even(self.injected_dwh, _DWH_PER_WH)

    @property
    def produced_wh(self) -> IntArray:
        return divide_half_even(self.pv_dwh, _DWH_PER_WH)


def load_measured_year(folder: Path) -> MeasuredYear:
    """Read `load_kwh.csv.gz` and `pv_kwh.csv.gz` of the folder; raises `MalformedInput` if they are not whole."""
    home_ids, hours, load_dwh = _read_table(folder / "load_kwh.csv.gz")
    pv_home_ids, pv_hours, pv_dwh = _read_table(folder / "pv_kwh.csv.gz")
    if home_ids != pv_home_ids or not np.array_equal(hours, pv_hours):
        raise MalformedInput(
            "load and production do not cover the same homes and hours", which=str(folder), remedy=_RESTORE
        )
    return MeasuredYear(home_ids, hours[0].item(), load_dwh, pv_dwh)


def _read_table(path: Path) -> tuple[tuple[str, ...], npt.NDArray[np.datetime64], IntArray]:
    """Homes, hours and values [homes, hours] of a wide table in kWh."""
    try:
        with gzip.open(path, "rt", encoding="ascii", newline="") as file:
            header, *lines = list(csv.reader(file, strict=True)) or [[]]
        home_ids = header[1:]
        if not home_ids or not lines:
            raise ValueError("it holds no columns, or no lines")
        table = np.array(lines, dtype=np.str_)
        hours = table[:, 0].astype("datetime64[s]")
        values_dwh = scaled_integers(table[:, 1:].T, _SOURCE_DECIMALS)
        if len(values_dwh) != len(home_ids):
            raise ValueError(f"{len(home_ids)} homes in the header, {len(values_dwh)} below it")
    except (OSError, EOFError, ValueError, IndexError, csv.Error) as error:
        raise MalformedInput(f"the measured year cannot be read: {error}", which=str(path), remedy=_RESTORE) from error
    if len(hours) == 0 or (np.diff(hours) != _HOUR).any():
        raise MalformedInput("the measured year has gaps between its hours", which=str(path), remedy=_RESTORE)
    return tuple(home_ids), hours, values_dwh


def year_energy(year: MeasuredYear, standard_offset_seconds: int) -> MemberEnergy:
    """The whole year as energy of its homes, in Wh, as if they lay where standard time is so much ahead of UTC."""
    start = int(year.first_hour.replace(tzinfo=UTC).timestamp()) - standard_offset_seconds
    withdrawn_wh = year.withdrawn_wh
    return MemberEnergy(
        members=year.home_ids,
        start=start,
        slot_seconds=3600,
        withdrawn_wh=withdrawn_wh,
        injected_wh=year.injected_wh,
        produced_wh=year.produced_wh,
        present=np.ones(withdrawn_wh.shape, dtype=bool),
    )
