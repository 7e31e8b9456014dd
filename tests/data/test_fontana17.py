"""The measured year in the repository is the published one, whole and unrounded."""

import csv
import json
from pathlib import Path

import numpy as np
import pytest

from oracle.measurement.measured_year import MeasuredYear, load_measured_year

FOLDER = Path(__file__).parents[2] / "data" / "fontana17"
DWH_PER_KWH = 10_000


@pytest.fixture(scope="module")
def year() -> MeasuredYear:
    return load_measured_year(FOLDER)


def test_year__against_checks_json__has_its_shape_and_totals(year: MeasuredYear) -> None:
    checks = json.loads((FOLDER / "checks.json").read_text())
    totals = {
        "load": year.load_dwh.sum(),
        "pv": year.pv_dwh.sum(),
        "inj": year.injected_dwh.sum(),
        "wdr": year.withdrawn_dwh.sum(),
    }

    assert year.load_dwh.shape == (checks["homes"], checks["hours"])
    assert year.load_dwh.size == checks["rows"]
    for name, total in totals.items():
        decimals = len(str(checks[name]).split(".")[1])
        assert round(int(total) / DWH_PER_KWH, decimals) == checks[name]


def test_year__against_homes_csv__has_each_homes_totals(year: MeasuredYear) -> None:
    with (FOLDER / "homes.csv").open() as file:
        homes = list(csv.DictReader(file))

    assert tuple(home["home_id"] for home in homes) == year.home_ids
    flows = {
        "load_kwh": year.load_dwh,
        "pv_kwh": year.pv_dwh,
        "withdrawal_kwh": year.withdrawn_dwh,
        "injection_kwh": year.injected_dwh,
    }
    for column, flow in flows.items():
        expected = [float(home[column]) for home in homes]
        np.testing.assert_allclose(flow.sum(axis=1) / DWH_PER_KWH, expected, atol=0.0005001)
    below_one_wh = 10
    zero_hours = [int(home["zero_load_hours"]) for home in homes]
    assert (year.load_dwh < below_one_wh).sum(axis=1).tolist() == zero_hours


def test_shared_energy__in_the_files_decimals__is_17695_71_kwh(year: MeasuredYear) -> None:
    shared_dwh = np.minimum(year.withdrawn_dwh.sum(axis=0), year.injected_dwh.sum(axis=0)).sum()

    assert shared_dwh == 176_957_137


def test_shared_energy__each_value_rounded_to_wh__is_17695_754_kwh(year: MeasuredYear) -> None:
    shared_wh = np.minimum(year.withdrawn_wh.sum(axis=0), year.injected_wh.sum(axis=0)).sum()

    assert shared_wh == 17_695_754


def test_folder__all_files__stays_below_a_megabyte() -> None:
    assert sum(path.stat().st_size for path in FOLDER.iterdir()) < 1_000_000
