"""`commonwatt settle`: exact shapes out, and a sentence for whatever is wrong with what goes in."""

import json
import re
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest

from tests.golden import names, vectors
from tests.scripts.command import Command

CASES = vectors("settlement")
SOUND = CASES[0]["input"]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Command:
    return Command(monkeypatch, capsys)


def settle(run: Command, folder: Path, document: Any) -> tuple[int, str, str]:
    (folder / "session.json").write_text(json.dumps(document))
    return run("settle", str(folder / "session.json"))


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"session_id": -1}, "session_id is -1"),
        ({"penalty_price": 0}, "penalty_price is 0.*µ€/kWh, from 1"),
        ({"tolerance_bps": 10_001}, "tolerance_bps is 10001.*basis points"),
        ({"missing_allowance": 0.5}, "missing_allowance is 0.5"),
        ({"prices": []}, "prices has 0 entries"),
        ({"prices": [1] * 101}, "prices has 101 entries"),
        ({"prices": [None]}, "fills energy in slot 0, which has no price"),
        ({"fills": []}, "fills is empty"),
        ({"day": "today"}, "unknown key 'day'"),
    ],
)
def test_settle__session_with_one_thing_wrong__says_what(
    run: Command, tmp_path: Path, change: dict[str, Any], why: str
) -> None:
    code, printed, said = settle(run, tmp_path, SOUND | change)
    assert (code, printed) == (2, "")
    assert re.search(why, said), said


@pytest.mark.parametrize(
    ("table", "change", "why"),
    [
        ("fills", {"slot": 1}, r"fills\[1\].slot is 1.*from 0 to 0"),
        ("fills", {"filled_wh": 1.5}, r"fills\[1\].filled_wh is 1.5.*whole Wh"),
        ("fills", {"filled_kwh": 1}, r"unknown key 'filled_kwh'"),
        ("fills", {"side": "long"}, r'fills\[1\].side is "long"'),
        ("fills", {"first_index": 0}, "two traders have the same first_index"),
        ("fills", {"trader": SOUND["fills"][0]["trader"]}, "another first_index"),
        ("fills", {"trader": SOUND["fills"][0]["trader"], "first_index": 0}, "both buys and sells in slot 0"),
        ("readings", {"injected_wh": -1}, r"readings\[1\].injected_wh is -1.*0 or more"),
        ("readings", {"trader": SOUND["readings"][0]["trader"]}, "has two readings of slot 0"),
    ],
)
def test_settle__row_with_one_thing_wrong__says_which(
    run: Command, tmp_path: Path, table: str, change: dict[str, Any], why: str
) -> None:
    document = deepcopy(SOUND)
    document[table][1] |= change
    code, printed, said = settle(run, tmp_path, document)
    assert (code, printed) == (2, "")
    assert re.search(why, said), said


@pytest.mark.parametrize("case", CASES, ids=names(CASES))
def test_settle__golden_vectors__prints_what_is_expected(run: Command, tmp_path: Path, case: dict[str, Any]) -> None:
    code, printed, said = settle(run, tmp_path, case["input"])
    assert (code, said) == (0, "")
    assert json.loads(printed) == case["expected"]


def test_settle__readings_of_somebody_who_did_not_trade__change_nothing(run: Command, tmp_path: Path) -> None:
    stranger = SOUND["readings"][0] | {"trader": "0x" + "5e" * 20}
    _, printed, _ = settle(run, tmp_path, SOUND | {"readings": [*SOUND["readings"], stranger]})
    assert json.loads(printed) == CASES[0]["expected"]


def test_settle__slot_without_trade__may_have_a_null_price(run: Command, tmp_path: Path) -> None:
    code, printed, _ = settle(run, tmp_path, SOUND | {"prices": [*SOUND["prices"], None]})
    assert code == 0
    assert json.loads(printed)["slots"][1] == {"slot": 1, "settled_wh": 0}
