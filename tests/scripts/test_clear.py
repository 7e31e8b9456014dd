"""`commonwatt clear`: exact shapes out, and a sentence for whatever is wrong with what goes in."""

import io
import json
import re
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest

from tests.golden import names, vectors
from tests.scripts.command import Command

CASES = vectors("clearing")
SOUND = next(case["input"] for case in CASES if case["name"].startswith("two slots"))


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Command:
    return Command(monkeypatch, capsys)


def changed(path: list[Any], value: Any) -> dict[str, Any]:
    """The sound input with one figure replaced, added, or (`...`) taken out."""
    document: dict[str, Any] = deepcopy(SOUND)
    target: Any = document
    for step in path[:-1]:
        target = target[step]
    if value is ...:
        del target[path[-1]]
    else:
        target[path[-1]] = value
    return document


@pytest.mark.parametrize(
    ("path", "value", "why"),
    [
        (["slot_count"], ..., "lacks 'slot_count'"),
        (["slot_count"], 0, "slot_count is 0.*from 1 to 100"),
        (["slot_count"], 101, "slot_count is 101"),
        (["note"], "hello", "unknown key 'note'"),
        (["orders"], {}, "orders is not a list"),
        (["orders", 0], 7, r"orders\[0\] is not an object"),
        (["orders", 0, "quantity_kwh"], 1, r"orders\[0\] has the unknown key 'quantity_kwh'.*whole Wh"),
        (["orders", 0, "quantity_wh"], 0, r"orders\[0\].quantity_wh is 0.*whole Wh"),
        (["orders", 0, "quantity_wh"], 1 << 40, r"quantity_wh is 1099511627776"),
        (["orders", 0, "quantity_wh"], 1.5, r"quantity_wh is 1.5"),
        (["orders", 0, "quantity_wh"], "100", r'quantity_wh is "100"'),
        (["orders", 0, "quantity_wh"], True, r"quantity_wh is true"),
        (["orders", 0, "limit_price"], 400_001, r"limit_price is 400001.*µ€/kWh.*from 1 to 400000"),
        (["orders", 0, "limit_price"], 0, r"limit_price is 0"),
        (["floor_price"], 400_001, "floor_price 400001 is above cap_price"),
        (["orders", 0, "slot"], 3, r"slot is 3.*from 0 to 2"),
        (["orders", 0, "side"], "bid", r'side is "bid".*buy or sell'),
        (["orders", 0, "trader"], "0x12", "'0x12' is not an address"),
        (["orders", 1, "index"], 0, "index 0 is given twice"),
        (["orders", 0, "index"], 2, "order 1 comes after order 2"),
        (["orders", 0, "index"], -1, "index is -1"),
    ],
)
def test_clear__one_thing_wrong__says_what_and_the_remedy(
    run: Command, tmp_path: Path, path: list[Any], value: Any, why: str
) -> None:
    file = tmp_path / "session.json"
    file.write_text(json.dumps(changed(path, value)))
    code, printed, said = run("clear", str(file))
    assert (code, printed) == (2, "")
    assert re.search(why, said), said


@pytest.mark.parametrize(
    ("text", "why"),
    [("", "not JSON"), ("[]", "not an object"), ('{"a": 1, "a": 2}', "'a' is given twice"), ("NaN", "NaN")],
)
def test_clear__no_such_document__is_refused(run: Command, tmp_path: Path, text: str, why: str) -> None:
    file = tmp_path / "session.json"
    file.write_text(text)
    code, _, said = run("clear", str(file))
    assert code == 2
    assert why in said


def test_clear__no_such_file__is_refused(run: Command, tmp_path: Path) -> None:
    code, _, said = run("clear", str(tmp_path / "none.json"))
    assert code == 2
    assert "none.json cannot be read" in said


def test_clear__trader_on_both_sides__is_refused(run: Command, tmp_path: Path) -> None:
    document = deepcopy(SOUND)
    document["orders"][1] |= {key: document["orders"][0][key] for key in ("trader", "slot")}
    document["orders"][1]["side"] = "sell" if document["orders"][0]["side"] == "buy" else "buy"
    (tmp_path / "session.json").write_text(json.dumps(document))
    code, _, said = run("clear", str(tmp_path / "session.json"))
    assert code == 2
    assert "both buys and sells" in said


@pytest.mark.parametrize("case", CASES, ids=names(CASES))
def test_clear__golden_vectors__prints_what_is_expected(run: Command, tmp_path: Path, case: dict[str, Any]) -> None:
    file = tmp_path / "session.json"
    file.write_text(json.dumps(case["input"]))
    code, printed, said = run("clear", str(file))
    assert (code, said) == (0, "")
    assert json.loads(printed) == case["expected"]


def test_clear__dash__reads_standard_input(run: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    stdin = io.TextIOWrapper(io.BytesIO(json.dumps(CASES[3]["input"]).encode()))
    monkeypatch.setattr("sys.stdin", stdin)
    code, printed, _ = run("clear", "-")
    assert code == 0
    assert json.loads(printed) == CASES[3]["expected"]
