"""The embedded chain keeps its state and its clock, however it ends."""

import os
import signal
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from commons.errors import ChainError
from commons.units import EpochSeconds
from scripts.embedded import EmbeddedChain, jump_to
from tests.support.ports import free_port
from tests.support.waiting import eventually

DAY = 24 * 3600


@pytest.fixture
def embedded(tmp_path: Path) -> Iterator[EmbeddedChain]:
    chain = EmbeddedChain(tmp_path, free_port(), block_seconds=0)
    yield chain
    chain.stop()


def kill(embedded: EmbeddedChain) -> None:
    pid = embedded.pid()
    assert pid is not None
    os.kill(pid, signal.SIGKILL)
    eventually(lambda: embedded.pid() is None, "the killed chain has ended")


def test_start__port_of_somebody_else__is_refused(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        embedded = EmbeddedChain(tmp_path, other.getsockname()[1])
        with pytest.raises(ChainError, match="something else answers"):
            embedded.start()

    assert embedded.pid() is None


def test_start__running_already__gives_the_same_chain(embedded: EmbeddedChain) -> None:
    embedded.start()
    first = embedded.pid()
    embedded.start()

    assert embedded.pid() == first


def test_restart__clock_moved_before__never_goes_back(embedded: EmbeddedChain) -> None:
    chain = embedded.start()
    moment = EpochSeconds(chain.now() + 3 * DAY)
    jump_to(chain, moment)
    embedded.stop()

    chain = embedded.start()
    embedded.mine()

    assert chain.now() >= moment
    assert chain.block_number() == 2


def test_restart__state_cut_short__continues_from_the_last_whole_one(embedded: EmbeddedChain) -> None:
    chain = embedded.start()
    moment = EpochSeconds(chain.now() + 3 * DAY)
    jump_to(chain, moment)
    embedded.stop()
    embedded.copy_state()
    whole = embedded.state_file.read_bytes()
    embedded.state_file.write_bytes(whole[: len(whole) // 2])

    chain = embedded.start()

    assert chain.block_number() == 1
    assert chain.now() >= moment


def test_copy_state__state_cut_short__keeps_the_copy(embedded: EmbeddedChain) -> None:
    embedded.start()
    embedded.stop()
    assert embedded.copy_state() is not None
    before = embedded.state_copy.read_bytes()
    embedded.state_file.write_bytes(before[:100])

    assert embedded.copy_state() is None
    assert embedded.state_copy.read_bytes() == before


def test_restart__killed__starts_again(embedded: EmbeddedChain) -> None:
    embedded.start()
    kill(embedded)

    assert embedded.start().block_number() == 0
