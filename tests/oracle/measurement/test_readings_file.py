"""A readings file is taken whole, or refused with the line and the remedy."""

from pathlib import Path

import pytest

from commons.errors import MalformedInput, UnitError
from oracle.measurement.files import COLUMNS, read_readings_file

P, Q = "0x" + "ab" * 32, "0x" + "22" * 32
HEADER = ",".join(COLUMNS)
GOOD = f"{P},1799996400,3600,512,0,0"


def write(folder: Path, *lines: str, end: str = "\n") -> Path:
    path = folder / "readings.csv"
    path.write_text("\n".join(lines) + end)
    return path


def test_read__no_such_file__is_refused(tmp_path: Path) -> None:
    with pytest.raises(MalformedInput, match=r"cannot be read.*Check the path"):
        read_readings_file(tmp_path / "nothing.csv")


def test_read__empty_file__is_refused(tmp_path: Path) -> None:
    with pytest.raises(MalformedInput, match="is empty"):
        read_readings_file(write(tmp_path, end=""))


@pytest.mark.parametrize(
    ("header", "error", "says"),
    [
        ("point_id,start,seconds,withdrawn_kwh,injected_kwh,quality", UnitError, "whole Wh"),
        ("point_id,start,withdrawn_wh,injected_wh,quality", MalformedInput, "first line must be point_id"),
        (GOOD, MalformedInput, "line 1"),
    ],
)
def test_read__another_header__is_refused(tmp_path: Path, header: str, error: type[Exception], says: str) -> None:
    with pytest.raises(error, match=says):
        read_readings_file(write(tmp_path, header, GOOD))


@pytest.mark.parametrize(
    ("line", "error", "says"),
    [
        (f"{P},1799996400,3600,0.512,0,0", UnitError, "not kWh"),
        (f"{P},1799996400,3600,-5,0,0", UnitError, "negative"),
        (f"{P},1799996400,3600,5,-1,0", UnitError, "negative"),
        (f"{P},1799996400,3600,{2**40},0,0", UnitError, "below 1099511627776"),
        (f"{P},1799996401,3600,5,0,0", UnitError, "not aligned"),
        (f"{P},-3600,3600,5,0,0", UnitError, "not aligned"),
        (f"{P},1799996400,7200,5,0,0", UnitError, "divide an hour"),
        (f"{P},1799996400,0,5,0,0", UnitError, "divide an hour"),
        (f"{P},2027-01-15T08:00,3600,5,0,0", MalformedInput, "start is no whole number"),
        (f"{P},1799996400,3600,{10**30},0,0", MalformedInput, "no whole number"),
        (f"{P},1799996400,3600,,0,0", MalformedInput, "withdrawn_wh is empty"),
        (f"{P},1799996400,3600,5", MalformedInput, "injected_wh is empty"),
        ("", MalformedInput, "start is empty"),
        (f"{P},1799996400,3600,5,0,3", MalformedInput, "quality is unknown"),
        (f"{P},1799996400,3600,5,0,2", MalformedInput, "quality 2 both energies are 0"),
        (f"{P[:-1]},1799996400,3600,5,0,0", MalformedInput, "64 hex digits"),
        (f"{P},1799996400,3600,5,0,0,0", MalformedInput, "line 3"),
        (f'"{P}",1799996400,3600,5,0,0', MalformedInput, "64 hex digits"),
    ],
)
def test_read__one_bad_line__is_named(tmp_path: Path, line: str, error: type[Exception], says: str) -> None:
    with pytest.raises(error, match=says) as refusal:
        read_readings_file(write(tmp_path, HEADER, GOOD, line, GOOD))
    assert "line 3" in str(refusal.value)


def test_read__a_field_too_many__is_refused_even_in_every_line(tmp_path: Path) -> None:
    with pytest.raises(MalformedInput, match="Every line has the fields"):
        read_readings_file(write(tmp_path, HEADER, f"{GOOD},7", f"{GOOD},7"))


def test_read__cut_off_in_the_last_number__is_refused(tmp_path: Path) -> None:
    with pytest.raises(MalformedInput, match=r"line 3: the file ends in the middle of a line.*cut off"):
        read_readings_file(write(tmp_path, HEADER, GOOD, GOOD[:-3], end=""))


def test_read__not_text__is_refused(tmp_path: Path) -> None:
    path = tmp_path / "readings.csv"
    path.write_bytes(HEADER.encode() + b"\n\xff\xfe,1,2,3,4,5\n")
    with pytest.raises(MalformedInput, match="UTF-8"):
        read_readings_file(path)


def test_read__good_lines__become_columns(tmp_path: Path) -> None:
    lines = (GOOD, f"{Q},1799996400,900,7,8,1", f"{P.upper().replace('0X', '0x')},1800000000,3600,0,0,2")

    batch = read_readings_file(write(tmp_path, HEADER, *lines))

    assert batch.point_ids == (P, Q)
    assert batch.point.tolist() == [0, 1, 0]
    assert batch.start.tolist() == [1799996400, 1799996400, 1800000000]
    assert batch.seconds.tolist() == [3600, 900, 3600]
    assert batch.withdrawn_wh.tolist() == [512, 7, 0]
    assert batch.injected_wh.tolist() == [0, 8, 0]
    assert batch.quality.tolist() == [0, 1, 2]


def test_read__header_alone__is_an_empty_batch(tmp_path: Path) -> None:
    assert len(read_readings_file(write(tmp_path, HEADER))) == 0
