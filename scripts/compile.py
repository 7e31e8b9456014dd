"""`commonwatt compile`: build the contracts, and compare their bytecode with what was committed.

Effect: writes the artefacts (ABI, bytecode) into `build/contracts`; with `--update-hashes`, also
`contracts/bytecode.json`. Nothing touches a chain. Undo: delete `build/`, or restore `bytecode.json`.
"""

import hashlib
import json
import re
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer
from eth_utils.crypto import keccak

from commons.settings import PROJECT_DIR
from scripts.toolchain import brownie_environment

BUILD_DIR = PROJECT_DIR / "build"
HASHES_FILE = PROJECT_DIR / "contracts" / "bytecode.json"
RUNTIME_LIMIT_BYTES = 24_576
SOURCES_DIR = PROJECT_DIR / "contracts"
# A change of any of these may change bytecode without changing a source of ours, which brownie would not notice.
TOOLCHAIN_FILES = ("package-lock.json", "brownie-config.yaml", "scripts/solc_launcher.mjs")


def run(
    update_hashes: Annotated[bool, typer.Option("--update-hashes", help="Write contracts/bytecode.json anew.")] = False,
    check: Annotated[bool, typer.Option("--check", help="Fail where bytecode differs from bytecode.json.")] = False,
) -> None:
    """Compile the contracts and compare their bytecode with the committed hashes."""
    compile_contracts()
    too_large = oversized_contracts(BUILD_DIR)
    if too_large:
        fail(f"larger than {RUNTIME_LIMIT_BYTES} bytes: " + ", ".join(f"{n} ({s})" for n, s in too_large.items()))
    built = bytecode_hashes(BUILD_DIR)
    if update_hashes:
        HASHES_FILE.write_text(json.dumps(built, indent=2) + "\n")
        typer.echo(f"{len(built)} hashes written to {HASHES_FILE.relative_to(PROJECT_DIR)}")
        return
    differing = differing_contracts(built, committed_hashes(HASHES_FILE))
    if differing:
        message = f"bytecode differs from contracts/bytecode.json: {', '.join(differing)}"
        if check:
            fail(f"{message}. If that is meant, run `commonwatt compile --update-hashes` and commit the file.")
        typer.echo(message, err=True)
    typer.echo(f"{len(built)} contracts compiled")


def compile_contracts() -> None:
    """Let brownie compile everything where a source, the compiler, its settings or a library changed; else nothing."""
    if not any(SOURCES_DIR.rglob("*.sol")):
        return
    forget_other_sources()
    command = [str(Path(sys.executable).with_name("brownie")), "compile"]
    done = subprocess.run(
        command, cwd=PROJECT_DIR, env=brownie_environment(), check=False, capture_output=True, text=True
    )
    if done.returncode:
        typer.echo(done.stdout + done.stderr, err=True)
        fail("the contracts do not compile; the compiler's words are above")


def forget_other_sources() -> None:
    """Delete artefacts that other sources or another toolchain made.

    brownie would compile the changed sources alone; but the order in which the compiler lays out a contract's internal
    functions hangs on what else it compiles, and the committed hashes are those of all sources at once.
    """
    stamp = BUILD_DIR / "inputs"
    now = inputs_hash([PROJECT_DIR / name for name in TOOLCHAIN_FILES] + sorted(SOURCES_DIR.rglob("*.sol")))
    if not stamp.exists() or stamp.read_text() != now:
        shutil.rmtree(BUILD_DIR, ignore_errors=True)
        BUILD_DIR.mkdir()
        stamp.write_text(now)


def inputs_hash(files: Sequence[Path]) -> str:
    """SHA-256 over the hash of each file, in the order given."""
    return hashlib.sha256(b"".join(hashlib.sha256(file.read_bytes()).digest() for file in files)).hexdigest()


def artefacts(build_dir: Path) -> list[dict[str, str]]:
    """brownie's artefacts of our own contracts that have code, ordered by name."""
    files = sorted((build_dir / "contracts").glob("*.json"))
    found = [json.loads(file.read_text()) for file in files]
    return [item for item in found if item["bytecode"] and item["sourcePath"].startswith("contracts/")]


def bytecode_hashes(build_dir: Path) -> dict[str, str]:
    """keccak256 of each contract's creation code, addresses of libraries not linked yet taken as zero."""
    return {item["contractName"]: "0x" + keccak(code_bytes(item["bytecode"])).hex() for item in artefacts(build_dir)}


def oversized_contracts(build_dir: Path) -> dict[str, int]:
    """Contracts whose runtime code no chain would accept, with their size in bytes."""
    sizes = {item["contractName"]: len(code_bytes(item["deployedBytecode"])) for item in artefacts(build_dir)}
    return {name: size for name, size in sizes.items() if size > RUNTIME_LIMIT_BYTES}


def code_bytes(code: str) -> bytes:
    """Bytes of hexadecimal code in which brownie marks a library's address by 40 characters beginning with `__`."""
    return bytes.fromhex(re.sub(r"__.{38}", "0" * 40, code.removeprefix("0x")))


def committed_hashes(file: Path) -> dict[str, str]:
    """The hashes in the repository; none where the file does not exist yet."""
    if not file.exists():
        return {}
    hashes: dict[str, str] = json.loads(file.read_text())
    return hashes


def differing_contracts(built: dict[str, str], committed: dict[str, str]) -> list[str]:
    """Names whose hash differs, is not committed, or is committed for a contract that is gone."""
    return sorted(name for name in built.keys() | committed.keys() if built.get(name) != committed.get(name))


def fail(message: str) -> None:
    """Say what is wrong and stop with exit code 1."""
    typer.echo(f"compile: {message}", err=True)
    raise typer.Exit(1)
