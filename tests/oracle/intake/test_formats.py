"""Every format reads its file exactly, or refuses it with the line and what to do."""

import contextlib
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from commons.errors import CommonwattError, InputError, MalformedInput, UnitError, UnknownPoint
from oracle.intake.formats import FORMATS
from oracle.measurement.types import Quality
from oracle.quality.types import FlowRules, RawReadings
from tests.oracle.intake.files import FILES, PODS, RULES, T0, P, Q, write


def readings(raw: RawReadings) -> list[tuple[str, int, int, int, int]]:
    """Point, quarter-hours since T0, withdrawn, injected and quality of each reading."""
    columns = ((raw.start - T0) // 900, raw.withdrawn_wh, raw.injected_wh, raw.quality)
    return list(zip([raw.point_ids[point] for point in raw.point], *(c.tolist() for c in columns), strict=True))


def read(path: Path, name: str) -> RawReadings:
    return FORMATS[name](path, PODS, RULES)


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "empty or ends in the middle"),
        ("\n", "(?s)."),
        ("a,b\n1,2\n", "line 1"),
        ("cut off", "in the middle of a line"),
    ],
)
def test_read__file_of_another_form__is_refused(tmp_path: Path, name: str, text: str, said: str) -> None:
    with pytest.raises(MalformedInput, match=said):
        read(write(tmp_path, name, text), name)


@pytest.mark.parametrize("name", FILES)
def test_read__line_with_a_field_too_few__is_refused_and_not_taken_for_missing(tmp_path: Path, name: str) -> None:
    lines = FILES[name].splitlines()
    lines[2] = lines[2].rpartition(",")[0]
    with pytest.raises(MalformedInput, match=r"line 3 has \d fields, and the first"):
        read(write(tmp_path, name, "\n".join(lines) + "\n"), name)


@pytest.mark.parametrize("name", FILES)
def test_read__no_such_file_or_no_text__is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(MalformedInput, match="cannot be read"):
        read(tmp_path / "nothing.csv", name)
    (tmp_path / "binary.csv").write_bytes(b"\xff\xfe\x00\n\n")
    with pytest.raises(MalformedInput):
        read(tmp_path / "binary.csv", name)


@pytest.mark.parametrize("name", FILES)
def test_read__point_that_is_not_registered__is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(UnknownPoint, match="not registered"):
        FORMATS[name](write(tmp_path, name), {P: P, "IT001E1": P}, RULES)


@pytest.mark.parametrize("name", ["long-kwh", "wide-kwh"])
@pytest.mark.parametrize(
    "moment", ["2026-06-10T00:00:00", "yesterday", "2026-06-10", "", "2026-06-10T00:00:00.5+02:00", str(T0)]
)
def test_read__moment_without_offset__names_the_line(tmp_path: Path, name: str, moment: str) -> None:
    text = FILES[name].replace("2026-06-10T00:15:00+02:00", moment)
    with pytest.raises(MalformedInput, match=r"line [34]: .* is no moment with its offset"):
        read(write(tmp_path, name, text), name)


@pytest.mark.parametrize("name", ["long-kwh", "wide-kwh"])
@pytest.mark.parametrize("figure", ["0,512", "1e3", "abc", "0.1234567", "--1", "9" * 16, "nan", " 1", "+1"])
def test_read__what_is_no_figure__names_the_line(tmp_path: Path, name: str, figure: str) -> None:
    text = FILES[name].replace("0.512", figure)
    with pytest.raises(InputError, match=r"line 2|fields"):
        read(write(tmp_path, name, text), name)


@pytest.mark.parametrize("figure", ["0.512", "1e3", "", "9" * 19, "abc"])
def test_long_wh__what_is_no_whole_number__names_line_and_column(tmp_path: Path, figure: str) -> None:
    with pytest.raises(MalformedInput, match="line 2: withdrawn_wh is"):
        read(write(tmp_path, "long-wh", FILES["long-wh"].replace("512", figure, 1)), "long-wh")


def test_long_wh__unknown_quality__is_refused(tmp_path: Path) -> None:
    with pytest.raises(MalformedInput, match="unknown quality"):
        read(write(tmp_path, "long-wh", FILES["long-wh"].replace(",0,2\n", ",0,3\n")), "long-wh")


def test_wide__point_named_twice__is_refused(tmp_path: Path) -> None:
    with pytest.raises(MalformedInput):
        read(write(tmp_path, "wide-kwh", FILES["wide-kwh"].replace("E2", "E1")), "wide-kwh")


def test_fontana17__folder_that_is_none__is_refused(tmp_path: Path) -> None:
    with pytest.raises(MalformedInput, match="cannot be read"):
        FORMATS["fontana17"](tmp_path, {}, FlowRules(3600, 10_000))


@given(name=st.sampled_from(sorted(FILES)), cut=st.integers(0, 200), junk=st.text(max_size=12))
def test_read__file_mangled_anywhere__is_read_or_refused_with_a_sentence(
    tmp_path_factory: pytest.TempPathFactory, name: str, cut: int, junk: str
) -> None:
    text = FILES[name]
    mangled = text[: cut % len(text)] + junk + text[(cut % len(text)) + len(junk) :]
    path = tmp_path_factory.mktemp("mangled") / "file.csv"
    path.write_text(mangled, encoding="utf-8", errors="replace")
    with contextlib.suppress(CommonwattError):  # anything else is a stack trace to the partner
        assert set(read(path, name).point_ids) <= {P, Q}


@pytest.mark.parametrize("name", FILES)
def test_read__each_format__gives_the_same_readings(tmp_path: Path, name: str) -> None:
    found = readings(read(write(tmp_path, name), name))

    assert found[:3] == [
        (P, 0, 512, 0, Quality.MEASURED),
        (Q, 0, 0, 33, Quality.MEASURED),
        (P, 1, 0, 0, Quality.MISSING),
    ]
    last = 6 if name == "long-kwh" else 7  # 6.5 and 0.5 Wh round to the even neighbour
    assert found[3] == (Q, 1, last, 0, Quality.MEASURED)


def test_read__windows_line_ends__are_read(tmp_path: Path) -> None:
    text = FILES["long-kwh"].replace("\n", "\r\n")
    path = tmp_path / "windows.csv"
    path.write_bytes(text.encode())

    assert len(read(path, "long-kwh")) == 4


def test_read__hour_that_comes_twice_in_october__is_two_by_its_offset(tmp_path: Path) -> None:
    text = "start,IT001E1\n2026-10-25T02:00:00+02:00,0.001\n2026-10-25T02:00:00+01:00,0.002\n"
    found = read(write(tmp_path, "wide-kwh", text), "wide-kwh")

    assert np.diff(found.start).tolist() == [3600]


def test_fontana17__measured_year__has_both_meters_of_each_home() -> None:
    folder = Path(__file__).parents[3] / "data" / "fontana17"
    homes = [f"H{number:02d}{panels}" for panels in ("", "-PV") for number in range(1, 18)]
    found = FORMATS["fontana17"](folder, {home: home for home in homes}, FlowRules(3600, 20_000))

    assert len(found) == 34 * 8760
    assert int(found.withdrawn_wh.sum()) // 1000 == 112_121
    assert (found.seconds == 3600).all()


def test_unit_error__of_a_figure__says_how_to_write_it(tmp_path: Path) -> None:
    with pytest.raises(UnitError, match=r"such as 0\.512"):
        read(write(tmp_path, "wide-kwh", FILES["wide-kwh"].replace("-0.033", "thirty")), "wide-kwh")
