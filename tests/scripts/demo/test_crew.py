"""What the demo gives its operators: readings as the meters report them, and processes that end with it."""

import subprocess
import sys
from pathlib import Path

import pytest

from commons.settings import settings
from commons.units import EpochSeconds
from oracle.measurement.replay import SLOT_SECONDS, standard_day_start
from oracle.measurement.store import ReadingStore
from oracle.measurement.types import Quality
from oracle.operator import operator_database
from scripts.demo.crew import PAST_DAYS, deliver
from scripts.demo.fontana import Homes
from tests.scripts.demo.test_calendar import MONDAY, SUNDAY
from tests.support.waiting import LONGEST_S

HOURS = 24
SUNDAY_START, MONDAY_START = (EpochSeconds(standard_day_start(day)) for day in (SUNDAY, MONDAY))


@pytest.fixture(scope="module")
def homes() -> Homes:
    return Homes.load(settings().data_dir)


def test_deliver__new_operator__gets_the_past_and_nothing_of_the_future(homes: Homes, tmp_path: Path) -> None:
    added = deliver(tmp_path, homes, EpochSeconds(SUNDAY_START + 1799))

    store = ReadingStore(operator_database(tmp_path))
    around = store.readings(
        homes.exchange_points, SUNDAY_START - SLOT_SECONDS, SUNDAY_START + SLOT_SECONDS, SLOT_SECONDS
    )
    assert added == PAST_DAYS * HOURS * len(homes.points)
    assert (around.quality[:, 0] == Quality.MEASURED).all()
    assert (around.quality[:, 1] == Quality.MISSING).all()


def test_deliver__a_day_later__adds_that_day_once(homes: Homes, tmp_path: Path) -> None:
    deliver(tmp_path, homes, SUNDAY_START)

    assert deliver(tmp_path, homes, MONDAY_START) == HOURS * len(homes.points)
    assert deliver(tmp_path, homes, MONDAY_START) == 0


def test_tethered__starter_lets_go_of_standard_input__the_command_ends() -> None:
    words = "import scripts.main, time; scripts.main.main = lambda: time.sleep(600); import runpy; "
    words += "runpy.run_module('scripts.tethered', run_name='__main__')"
    process = subprocess.Popen([sys.executable, "-c", words], stdin=subprocess.PIPE)
    assert process.stdin is not None

    process.stdin.close()

    assert process.wait(LONGEST_S) != 0
