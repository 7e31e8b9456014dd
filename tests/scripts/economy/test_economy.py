"""The demonstration end to end, shortened: a small community, two weeks, and every token accounted for."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from commons.settings import settings
from tests.scripts.command import Command

SHORT = ("demo", "economy", "--citizens", "17", "--shops", "3", "--days")
CATEGORIES = {
    "citizen to citizen",
    "with structure",
    "stakeholder to citizen",
    "seller bonus",
    "energy bonus",
    "stakeholder to stakeholder",
    "citizen to stakeholder",
    "to community",
    "to community with structure",
}


@pytest.fixture
def command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Iterator[Command]:
    """`commonwatt` with folders of its own."""
    monkeypatch.setenv("COMMONWATT_VAR_DIR", str(tmp_path / "var"))
    monkeypatch.setenv("COMMONWATT_DEPLOYMENTS_DIR", str(tmp_path / "deployments"))
    settings.cache_clear()
    yield Command(monkeypatch, capsys)
    settings.cache_clear()


def found(command: Command, days: int, *arguments: str) -> Any:
    """What the demonstration prints as JSON."""
    code, printed, said = command(*SHORT, str(days), *arguments, "--json")
    assert code == 0, said
    return json.loads(printed)


def test_demo__chart_of_no_kind_or_nowhere__is_refused_before_anything_starts(command: Command, tmp_path: Path) -> None:
    for chart, why in (("chart.gif", "no kind of chart"), (str(tmp_path / "no" / "chart.svg"), "no folder")):
        code, printed, said = command(*SHORT, "14", "--chart", chart)
        assert (code, printed) == (2, "")
        assert why in said
    assert not (tmp_path / "var").exists()


def test_demo__shortened__accounts_for_every_token_and_leaves_nothing_behind(command: Command, tmp_path: Path) -> None:
    chart = tmp_path / "chart.svg"
    end = found(command, 14, "--chart", str(chart))

    assert end["members"] == 22
    assert end["recomputed_differently"] == 0
    assert end["treasury"] + sum(end["held"].values()) + end["in_contracts"] == end["supply"]
    assert end["fee_change"]["happened"] > 0
    assert end["fee_change"]["happened"] * 3 == pytest.approx(end["fee_change"]["without"] * 5, abs=10)
    assert end["treasury_euro"]["yearly fee"] == 5 * 50_000_000
    assert end["treasury_euro"]["incentive received"] == -end["treasury_euro"]["incentive shares"] == 412_370_000
    assert set(end["by_category"]) >= CATEGORIES
    assert "<svg" in chart.read_text()
    assert [left.name for left in (tmp_path / "var").iterdir() if left.name != "cache"] == []
    assert not (tmp_path / "deployments" / "economy.json").exists()


def test_demo__same_seed__tells_the_same(command: Command, tmp_path: Path) -> None:
    first, second = (found(command, 8, "--chart", str(tmp_path / "chart.svg")) for _ in range(2))

    assert first == second
