"""The start scripts for machines without Docker: what they say and end with when a node cannot start, or stops."""

import os
import signal
import subprocess
from pathlib import Path

import pytest

from tests.support.waiting import LONGEST_S, eventually


@pytest.fixture
def besu(tmp_path: Path) -> dict[str, str]:
    """An environment whose besu runs until it is stopped; in a node's folder with a file `broken` it ends at once."""
    program = tmp_path / "besu"
    program.write_text('#!/bin/sh\n[ -f broken ] && { echo "cannot read genesis"; exit 3; }\nexec sleep 1000\n')
    program.chmod(0o755)
    return {**os.environ, "BESU_BIN": str(program)}


def test_node__without_besu__says_what_to_install(network_folder: Path) -> None:
    done = _run(network_folder / "nodes/rpc-1/start.sh", {**os.environ, "BESU_BIN": "/nowhere/besu"})
    assert (done.returncode, "install Besu" in done.stderr) == (1, True)


@pytest.mark.parametrize("script", ["start.sh", "nodes/rpc-1/start.sh"])
def test_either__path_of_besu_from_the_caller__is_found(
    network_folder: Path, besu: dict[str, str], tmp_path: Path, script: str
) -> None:
    for folder in (network_folder / "nodes").iterdir():
        (folder / "broken").touch()
    done = _run(network_folder / script, {**besu, "BESU_BIN": "./besu"}, tmp_path)
    assert "No besu found" not in done.stderr
    assert "cannot read genesis" in done.stdout + done.stderr


def test_node__without_its_key__does_not_let_besu_make_another(network_folder: Path, besu: dict[str, str]) -> None:
    (network_folder / "nodes/rpc-1/key").unlink()
    done = _run(network_folder / "nodes/rpc-1/start.sh", besu)
    assert (done.returncode, "restore it from its backup" in done.stderr) == (1, True)


def test_all__every_node_fails__says_why_and_exits_1(network_folder: Path, besu: dict[str, str]) -> None:
    for folder in (network_folder / "nodes").iterdir():
        (folder / "broken").touch()
    done = _run(network_folder / "start.sh", besu)
    assert done.returncode == 1
    assert done.stderr.count("has ended") == len(list((network_folder / "nodes").iterdir()))
    assert "cannot read genesis" in done.stderr


def test_all__one_fails_and_the_rest_is_stopped__tells_of_the_one_and_exits_0(
    network_folder: Path, besu: dict[str, str], tmp_path: Path
) -> None:
    (network_folder / "nodes/rpc-1/broken").touch()
    said = tmp_path / "said"
    with said.open("w") as file:
        process = subprocess.Popen([str(network_folder / "start.sh")], env=besu, stdout=file, stderr=file)
    try:
        eventually(lambda: "rpc-1 has ended" in said.read_text(), said.read_text)
        assert "validator-1 has ended" not in said.read_text()
        process.send_signal(signal.SIGTERM)
        assert process.wait(LONGEST_S) == 0
    finally:
        process.kill()
    assert "rpc-1 has ended" in said.read_text()


def _run(
    script: Path, environment: dict[str, str], called_from: Path | None = None
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(script)],
        env=environment,
        cwd=called_from,
        capture_output=True,
        text=True,
        check=False,
        timeout=LONGEST_S,
    )
