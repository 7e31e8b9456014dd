"""What `docs/benchmarks.md` says of measured rows."""

import pytest

from scripts.bench.page import Section, number, page, table, told
from scripts.bench.row import Row

PLAIN = Row("hash", "64 bytes", 0.9241, "µs")
HOLDS = Row("clear", "100,000 orders", 2.02, "ms", "np.sort", 1.43, most_ratio=4)
MISSED = Row("post", "24 slots", 395_570, "gas", "a transfer", 11.48, most=380_000)


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (0, "0"),
        (0.0123456, "0.0123"),
        (9.876, "9.88"),
        (99.94, "99.9"),
        (100, "100"),
        (1_567.4, "1,567"),
        (395570, "395,570"),
    ],
)
def test_number__is_written_with_three_digits_or_whole(value: float, written: str) -> None:
    assert number(value) == written


def test_number__just_below_a_hundred__is_not_written_with_an_exponent() -> None:
    assert number(99.96) == "100"


def test_table__of_rows_without_aims_or_notes__has_no_columns_for_them() -> None:
    assert table(Section("Hashing", (PLAIN,))) == (
        "## Hashing\n\n| what | size | figure |\n| --- | --- | --- |\n| hash | 64 bytes | 0.924 µs |\n"
    )


def test_table__of_rows_with_aims__shows_them_beside_figure_and_ratio() -> None:
    lines = table(Section("Gas", (HOLDS, MISSED))).splitlines()
    assert lines[2] == "| what | size | figure | ratio | to | at most |"
    assert lines[4] == "| clear | 100,000 orders | 2.02 ms | 1.43 | np.sort | 4 × np.sort |"
    assert lines[5] == "| post | 24 slots | 395,570 gas | 11.5 | a transfer | 380,000 gas |"


def test_page__with_an_aim_missed__says_so_before_the_tables() -> None:
    text = page([Section("Clearing", (HOLDS, PLAIN)), Section("Gas", (MISSED,))])
    aims = text[text.index("## Aims") : text.index("## Clearing")]
    assert "1 of 2 are missed in this run." in aims
    assert "| clear, 100,000 orders | 4 × np.sort | 1.43 × | yes |" in aims
    assert "| post, 24 slots | 380,000 gas | 395,570 gas | **no** |" in aims
    assert "hash" not in aims


def test_page__with_all_aims_kept__says_so() -> None:
    assert "All hold in this run." in page([Section("Clearing", (HOLDS,))])


def test_page__without_aims__has_no_table_of_them() -> None:
    assert "## Aims" not in page([Section("Hashing", (PLAIN,))])


def test_told__of_a_missed_aim__names_it() -> None:
    assert told(MISSED) == "post, 24 slots: 395,570 gas (11.5 × a transfer), more than 380,000 gas"
    assert told(HOLDS) == "clear, 100,000 orders: 2.02 ms (1.43 × np.sort)"


def test_table__of_what_could_not_be_measured__says_why() -> None:
    section = Section("Screens", (), "Not measured: no Chromium is installed.")
    assert table(section) == "## Screens\n\nNot measured: no Chromium is installed.\n"
