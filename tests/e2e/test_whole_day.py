"""One whole day as a newcomer sees it: `commonwatt up`, an audit, a second start, and processes that are killed."""

import json
import shutil
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.installation import LONGEST_S, Installation, interrupt, kill, kill_process
from tests.e2e.recomputation import recompute


@pytest.fixture(scope="module")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """A fresh installation; the tests of this file go on with what those before them did."""
    made = Installation.make(tmp_path_factory.mktemp("installation"))
    yield made
    made.commonwatt("chain", "stop")


@pytest.fixture(scope="module")
def first_day(installation: Installation) -> dict[str, Any]:
    """The day that the first start told."""
    return installation.up()


@pytest.fixture(scope="module")
def audited(installation: Installation, first_day: dict[str, Any]) -> Iterator[Installation]:
    """The installation with its chain running, as an auditor finds it."""
    assert first_day["session_id"] == 1
    assert installation.commonwatt("chain", "start", "--port", str(installation.port)).returncode == 0
    yield installation
    installation.commonwatt("chain", "stop")


def test_first_start__whole_day__comes_out_as_recomputed_off_the_chain(first_day: dict[str, Any]) -> None:
    expected = recompute(date.fromisoformat(first_day["day"]))

    assert [slot["price_uekwh"] for slot in first_day["slots"]] == expected.prices
    assert [slot["promised_wh"] for slot in first_day["slots"]] == expected.promised
    assert [slot["delivered_wh"] for slot in first_day["slots"]] == expected.delivered
    money = {h["home_id"]: (h["debit_ue"], h["credit_ue"], h["penalty_ue"]) for h in first_day["homes"]}
    assert {home: paid for home, paid in money.items() if any(paid)} == {
        home: paid for home, paid in expected.money.items() if any(paid)
    }


def test_first_start__the_same_meters__bill_by_grid_less_bill_with_market_is_the_gain(
    first_day: dict[str, Any],
) -> None:
    homes = first_day["homes"]

    assert len(homes) == 17
    assert sum(home["grid_alone_ue"] - home["with_market_ue"] for home in homes) == first_day["gain_ue"]
    assert first_day["audit"]["first_difference"] is None


def test_audit__what_make_run_did__is_right(audited: Installation) -> None:
    done = audited.commonwatt("audit", "session", "1")

    assert done.returncode == 0, done.stdout
    assert "Session 1 is right." in done.stdout


def test_audit__a_byte_of_a_dataset_changed__is_named(audited: Installation, tmp_path: Path) -> None:
    data = shutil.copytree(audited.published, tmp_path / "published")
    chunk = max(data.iterdir(), key=lambda file: file.stat().st_size)
    content = bytearray(chunk.read_bytes())
    content[len(content) // 2] ^= 1
    chunk.write_bytes(content)

    done = audited.commonwatt("audit", "session", "1", "--data", str(data))

    assert done.returncode == 1
    assert "Session 1 differs, first at:" in done.stdout
    assert chunk.name in done.stdout


def test_audit__a_chunk_removed__cannot_be_done_and_says_what_to_do(audited: Installation, tmp_path: Path) -> None:
    data = shutil.copytree(audited.published, tmp_path / "published")
    chunk = max(data.iterdir(), key=lambda file: file.stat().st_size)
    chunk.unlink()

    done = audited.commonwatt("audit", "session", "1", "--data", str(data))

    assert done.returncode == 2
    assert "the audit cannot be done" in done.stderr
    assert chunk.name in done.stderr


def test_second_start__killed_at_every_turn__takes_the_second_day_to_its_end(
    installation: Installation, first_day: dict[str, Any]
) -> None:
    installation.commonwatt("chain", "stop")
    kill(installation.start_up(), once_it_says="sealed their orders")
    interrupted = installation.start_up()
    interrupt(interrupted, once_it_says="revealed their orders")
    assert installation.commonwatt("chain", "status").returncode == 1, "Ctrl-C ended the chain as well"
    orphaned = installation.start_up()
    kill_process(installation.chain_pid, orphaned, once_it_says="agree on the prices")
    _, said = orphaned.communicate(timeout=LONGEST_S)
    assert orphaned.returncode == 1
    assert "the embedded chain has ended" in said
    assert "Traceback" not in said
    short_of_one = installation.start_up()
    kill_process(lambda: installation.operator_pid("operator-2"), short_of_one, once_it_says="agree on")

    printed, said = short_of_one.communicate(timeout=LONGEST_S)

    assert short_of_one.returncode == 0, said
    second_day = json.loads(printed)
    assert second_day["session_id"] == first_day["session_id"] + 1
    assert second_day["audit"]["first_difference"] is None
    assert timedelta(0) < date.fromisoformat(second_day["day"]) - date.fromisoformat(first_day["day"])
