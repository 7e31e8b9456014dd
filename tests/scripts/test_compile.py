"""The compile verb: bytecode hashes, and what the launcher does to the compiler's input."""

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from commons.settings import PROJECT_DIR
from scripts.compile import (
    BUILD_DIR,
    HASHES_FILE,
    bytecode_hashes,
    code_bytes,
    committed_hashes,
    differing_contracts,
    inputs_hash,
    oversized_contracts,
)

LAUNCHER = str(PROJECT_DIR / "scripts" / "solc_launcher.mjs")


def test_committed_hashes__current_sources__agree() -> None:
    differing = differing_contracts(bytecode_hashes(BUILD_DIR), committed_hashes(HASHES_FILE))
    assert differing == [], "run `commonwatt compile --update-hashes` if the change is meant"


def test_differing_contracts__changed_added_and_removed__are_named() -> None:
    built = {"Same": "0x01", "Changed": "0x02", "Added": "0x03"}
    committed = {"Same": "0x01", "Changed": "0xff", "Removed": "0x04"}
    assert differing_contracts(built, committed) == ["Added", "Changed", "Removed"]


def test_code_bytes__unlinked_library__counts_as_address_zero() -> None:
    placeholder = "__Library" + "_" * 31
    assert code_bytes(f"0x6001{placeholder}6002") == bytes.fromhex("6001" + "00" * 20 + "6002")


def test_oversized_contracts__one_byte_over_the_limit__is_named(tmp_path: Path) -> None:
    write_artefact(tmp_path, "Fits", runtime_bytes=24_576)
    write_artefact(tmp_path, "Bursts", runtime_bytes=24_577)
    assert oversized_contracts(tmp_path) == {"Bursts": 24_577}


def test_bytecode_hashes__library_code_and_interfaces__are_left_out(tmp_path: Path) -> None:
    write_artefact(tmp_path, "Ours", runtime_bytes=1)
    write_artefact(tmp_path, "IOurs", runtime_bytes=0)
    write_artefact(tmp_path, "Theirs", runtime_bytes=1, folder="node_modules")
    assert list(bytecode_hashes(tmp_path)) == ["Ours"]


def test_inputs_hash__one_source_changed__is_another(tmp_path: Path) -> None:
    files = [tmp_path / "A.sol", tmp_path / "B.sol"]
    for file in files:
        file.write_text("contract C {}")
    before = inputs_hash(files)
    assert inputs_hash(files) == before
    files[1].write_text("contract D {}")
    assert inputs_hash(files) != before


def test_launcher__unknown_request__is_refused() -> None:
    done = subprocess.run(["node", LAUNCHER, "--bin"], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "--standard-json" in done.stderr


def test_launcher__import_from_outside_the_project__is_refused() -> None:
    said = [error["message"] for error in compile_source('import "/etc/hostname"; contract A {}')["errors"]]
    assert any("lies outside the project" in message for message in said)


def test_launcher__other_comment__same_bytecode() -> None:
    codes = [bytecode_of(f"contract A {{ /* {comment} */ uint256 public x; }}") for comment in ("one", "another")]
    assert codes[0] == codes[1]


def test_launcher__native_compiler__gets_the_same_input(tmp_path: Path) -> None:
    native = tmp_path / "solc"
    native.write_text(f'#!/bin/sh\necho "$@" > {tmp_path}/arguments\ncat\n')
    native.chmod(0o755)
    command = ["node", LAUNCHER, "--native", str(native), "--standard-json", "--allow-paths", "."]
    done = subprocess.run(command, input=standard_json("contract A {}"), capture_output=True, text=True, check=True)
    assert json.loads(done.stdout)["settings"]["metadata"] == {"bytecodeHash": "none", "appendCBOR": False}
    assert (tmp_path / "arguments").read_text() == "--standard-json --allow-paths .\n"


@pytest.fixture(autouse=True, scope="module")
def built() -> None:
    """The artefacts that `make setup` made."""
    if not (BUILD_DIR / "contracts").is_dir():
        pytest.fail("no artefacts: run `make setup` first")


def write_artefact(build: Path, name: str, *, runtime_bytes: int, folder: str = "contracts") -> None:
    """An artefact as brownie writes it, as far as it is read here."""
    code = "00" * runtime_bytes
    item = {"contractName": name, "sourcePath": f"{folder}/{name}.sol", "bytecode": code, "deployedBytecode": code}
    (build / "contracts").mkdir(exist_ok=True)
    (build / "contracts" / f"{name}.json").write_text(json.dumps(item))


def standard_json(source: str) -> str:
    """The compiler's standard input for one source that asks for the code of contract A."""
    selection = {"*": {"*": ["evm.bytecode.object"]}}
    sources = {"A.sol": {"content": f"pragma solidity 0.8.37; {source}"}}
    return json.dumps({"language": "Solidity", "sources": sources, "settings": {"outputSelection": selection}})


def compile_source(source: str) -> Any:
    """The compiler's standard output, through the launcher."""
    command = ["node", LAUNCHER, "--standard-json"]
    done = subprocess.run(
        command, input=standard_json(source), cwd=PROJECT_DIR, capture_output=True, text=True, check=True
    )
    return json.loads(done.stdout)


def bytecode_of(source: str) -> str:
    """Creation code of contract A."""
    code: str = compile_source(source)["contracts"]["A.sol"]["A"]["evm"]["bytecode"]["object"]
    return code
