"""How measured figures are written: a table for each benchmark, and before them what the aims came to."""

import os
import platform
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from scripts.bench.row import Row

INTRODUCTION = """\
# Benchmarks

Written whole by `make bench`, with what one machine measured in one run. Times of computing are processor time, the
median of several runs; times of sessions are wall time, of a single one, and longer where the machine has other work.
Times do not travel from machine to machine; ratios travel better: each compares with a yardstick measured in the same
run, the plainest work of the same kind: numpy's sort for clearing, the fastest single keccak for hashing, a plain
ERC-20 transfer for the chain. Gas is exact and the same everywhere.
"""
_MEMINFO = Path("/proc/meminfo")


@dataclass(frozen=True)
class Section:
    """A benchmark's title and what it measured."""

    title: str
    rows: tuple[Row, ...]
    missing: str = ""
    """Why nothing was measured, where nothing was."""


def page(sections: Sequence[Section]) -> str:
    """All of `docs/benchmarks.md`."""
    return "\n".join([INTRODUCTION, f"Measured on {machine()}.\n", *_aims(sections), *map(table, sections)])


def table(section: Section) -> str:
    """A section with its rows, or why it has none; columns that no row fills are left out."""
    if section.missing:
        return f"## {section.title}\n\n{section.missing}\n"
    columns = {
        "what": [row.name for row in section.rows],
        "size": [row.size for row in section.rows],
        "figure": [f"{number(row.figure)} {row.unit}" for row in section.rows],
        "ratio": ["" if row.ratio is None else number(row.ratio) for row in section.rows],
        "to": [row.yardstick for row in section.rows],
        "at most": [_limits(row) for row in section.rows],
        "beside": [row.note for row in section.rows],
    }
    return "\n".join([f"## {section.title}", "", *_lines({n: cells for n, cells in columns.items() if any(cells)}), ""])


def told(row: Row) -> str:
    """A row in one line, for who waits."""
    compared = "" if row.ratio is None else f" ({number(row.ratio)} × {row.yardstick})"
    missed = "" if row.holds else f", more than {_limits(row)}"
    return f"{row.name}, {row.size}: {number(row.figure)} {row.unit}{compared}{missed}"


def number(value: float) -> str:
    """Three digits that count, and all of a larger whole number."""
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"


def machine() -> str:
    """The class of machine: what it has, not which it is."""
    memory = ""
    if _MEMINFO.exists():
        kilobytes = int(_MEMINFO.read_text(encoding="ascii").split()[1])
        memory = f" and {round(kilobytes / 1024**2)} GB of memory"
    cores = os.cpu_count() or 1
    system = f"{platform.system()} {platform.machine()}, Python {platform.python_version()}"
    return f"{cores} cores{memory}, {system}"


def _aims(sections: Sequence[Section]) -> list[str]:
    """The rows that are meant not to pass something, and whether they do."""
    rows = [row for section in sections for row in section.rows if row.has_aim]
    if not rows:
        return []
    missed = sum(not row.holds for row in rows)
    told = "All hold in this run." if not missed else f"{missed} of {len(rows)} are missed in this run."
    columns = {
        "aim": [f"{row.name}, {row.size}" for row in rows],
        "at most": [_limits(row) for row in rows],
        "measured": [_measured(row) for row in rows],
        "holds": ["yes" if row.holds else "**no**" for row in rows],
    }
    return [f"## Aims\n\n{told}\n", *_lines(columns), ""]


def _measured(row: Row) -> str:
    parts = [] if row.most is None else [f"{number(row.figure)} {row.unit}"]
    if row.most_ratio is not None:
        parts.append("–" if row.ratio is None else f"{number(row.ratio)} ×")
    return ", ".join(parts)


def _limits(row: Row) -> str:
    parts = [] if row.most is None else [f"{number(row.most)} {row.unit}"]
    if row.most_ratio is not None:
        parts.append(f"{number(row.most_ratio)} × {row.yardstick}")
    return ", ".join(parts)


def _lines(columns: dict[str, list[str]]) -> list[str]:
    rows = zip(*columns.values(), strict=True)
    return [f"| {' | '.join(cells)} |" for cells in (tuple(columns), ("---",) * len(columns), *rows)]
