"""What every suite shares: how much hypothesis explores, and what no test leaves to the next one in its process.

The same examples each time by default, so that a red run stays red; `--hypothesis-profile explore` looks further. No
example is judged by how long it takes: a busy machine would decide the result.
"""

import os
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, settings

from commons.settings import PROJECT_DIR
from commons.settings import settings as read_settings

untimed = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow], print_blob=True)
settings.register_profile("commonwatt", untimed, derandomize=True)
settings.register_profile("explore", untimed, max_examples=2_000)
settings.load_profile("commonwatt")

# Else the first test that draws a chart would decide, for all after it, where matplotlib keeps its fonts.
os.environ.setdefault("MPLCONFIGDIR", str(PROJECT_DIR / "var" / "cache" / "matplotlib"))

pytest_plugins = [
    "tests.support.chain",
    "tests.support.postgres",
    "tests.support.api",
    "tests.support.intake",
    "tests.support.mosquitto",
    "tests.support.page",
    "tests.support.page_earning",
]


@pytest.fixture(autouse=True)
def fresh_settings() -> Iterator[None]:
    """Settings are read from the environment as this test finds it, whatever the one before it set."""
    read_settings.cache_clear()
    yield
    read_settings.cache_clear()
