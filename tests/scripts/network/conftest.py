"""A network's folder for tests, made once and copied for each that alters it."""

import shutil
from pathlib import Path

import pytest

from tests.scripts.command import Command


@pytest.fixture
def command(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Command:
    """`commonwatt`."""
    return Command(monkeypatch, capsys)


@pytest.fixture(scope="session")
def made_network(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Four validators and an RPC node on this machine; not to be altered."""
    from scripts.network import init

    folder = tmp_path_factory.mktemp("network") / "made"
    init.run(folder, allow=["0x00000000000000000000000000000000000000aa"])
    return folder


@pytest.fixture
def network_folder(made_network: Path, tmp_path: Path) -> Path:
    """A copy to alter."""
    return Path(shutil.copytree(made_network, tmp_path / "network"))
