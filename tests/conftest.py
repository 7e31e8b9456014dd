"""What every suite shares: how much hypothesis explores.

The same examples each time by default, so that a red run stays red; `--hypothesis-profile explore` looks further.
"""

from hypothesis import settings

settings.register_profile("commonwatt", deadline=None, derandomize=True, print_blob=True)
settings.register_profile("explore", deadline=None, max_examples=2_000, print_blob=True)
settings.load_profile("commonwatt")

pytest_plugins = [
    "tests.support.chain",
    "tests.support.postgres",
    "tests.support.api",
    "tests.support.intake",
    "tests.support.mosquitto",
    "tests.support.page",
    "tests.support.page_earning",
]
