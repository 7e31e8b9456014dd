"""The verbs of people, at work on the tests' chain."""

from collections.abc import Iterator

import pytest

from commons.settings import settings
from tests.scripts.command import Command
from tests.scripts.verbs import Verbs
from tests.support.chain import World


@pytest.fixture
def verbs(world: World, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Iterator[Verbs]:
    """The verbs, whose settings name the tests' chain."""
    for name, value in world.environment.items():
        monkeypatch.setenv(name, value)
    settings.cache_clear()
    yield Verbs(Command(monkeypatch, capsys))
    settings.cache_clear()
