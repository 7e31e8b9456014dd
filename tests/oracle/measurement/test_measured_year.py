"""The measured year is read exactly, or not at all."""

import gzip
from datetime import datetime
from pathlib import Path

import pytest

from commons.errors import MalformedInput
from oracle.measurement.measured_year import load_measured_year

LOAD = "interval_start,A,B\n2016-07-31T23:00:00,2.2758,0.0\n2016-08-01T00:00:00,0.8512,1.0005\n"
PV = "interval_start,A,B\n2016-07-31T23:00:00,0.0,0.1\n2016-08-01T00:00:00,1.0,1.00\n"


def write(folder: Path, load: str, pv: str) -> Path:
    (folder / "load_kwh.csv.gz").write_bytes(gzip.compress(load.encode()))
    (folder / "pv_kwh.csv.gz").write_bytes(gzip.compress(pv.encode()))
    return folder


@pytest.mark.parametrize(
    ("load", "says"),
    [
        (LOAD.replace("0.8512", "n/a"), "plain decimal"),
        (LOAD.replace("0.8512", "-0.8512"), "plain decimal"),
        (LOAD.replace("0.8512", "0.85123"), "at most 4 decimals"),
        (LOAD.replace("2016-08-01T00", "2016-08-01T01"), "gaps between its hours"),
        (LOAD.replace("A,B", "A,C"), "same homes"),
        ("", "no columns"),
        (LOAD.replace("A,B", "A,B,C"), "3 homes in the header, 2 below it"),
        (LOAD.replace(",0.8512", ""), "cannot be read"),
    ],
)
def test_load__damaged_table__is_refused_with_a_remedy(tmp_path: Path, load: str, says: str) -> None:
    with pytest.raises(MalformedInput, match=says) as refusal:
        load_measured_year(write(tmp_path, load, PV))
    assert "Restore" in refusal.value.remedy


def test_load__cut_off_archive__is_refused(tmp_path: Path) -> None:
    write(tmp_path, LOAD, PV)
    path = tmp_path / "pv_kwh.csv.gz"
    path.write_bytes(path.read_bytes()[:-9])
    with pytest.raises(MalformedInput, match=r"pv_kwh\.csv\.gz"):
        load_measured_year(tmp_path)


def test_load__no_such_folder__is_refused(tmp_path: Path) -> None:
    with pytest.raises(MalformedInput, match="cannot be read"):
        load_measured_year(tmp_path / "nowhere")


def test_load__small_tables__are_exact_and_netted(tmp_path: Path) -> None:
    year = load_measured_year(write(tmp_path, LOAD, PV))

    assert year.home_ids == ("A", "B")
    assert year.first_hour == datetime.fromisoformat("2016-07-31T23:00:00")
    assert year.withdrawn_dwh.tolist() == [[22758, 0], [0, 5]]
    assert year.injected_dwh.tolist() == [[0, 1488], [1000, 0]]
    assert year.withdrawn_wh.tolist() == [[2276, 0], [0, 0]]
    assert year.injected_wh.tolist() == [[0, 149], [100, 0]]
    assert year.produced_wh.tolist() == [[0, 1000], [100, 1000]]
