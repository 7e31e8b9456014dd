"""Where the tools that are not Python are found, and the surroundings in which brownie stays inside this folder.

brownie keeps its networks and accounts in the home folder and its compilers beside them. Every process that runs
brownie is therefore started in `brownie_environment()`, whose home is `var/brownie`.
"""

import os
import shlex
from pathlib import Path

from commons.settings import PROJECT_DIR, settings

SOLC_VERSION = "0.8.37"


def anvil_executable() -> Path:
    """The embedded chain's program, the real one and not npm's wrapper, so that a signal reaches it."""
    found = sorted((PROJECT_DIR / "node_modules" / "@foundry-rs").glob("anvil-*/bin/anvil*"))
    if not found:
        raise FileNotFoundError("anvil is missing from node_modules: run `make setup`")
    return found[0]


def brownie_environment() -> dict[str, str]:
    """The environment for a process that runs brownie: home, compilers and anvil all inside the project."""
    home = settings().var_dir / "brownie"
    prepare_home(home)
    path = os.pathsep.join([str(anvil_executable().parent), os.environ.get("PATH", os.defpath)])
    return {**os.environ, "HOME": str(home), "SOLCX_BINARY_PATH": str(home / "solc"), "PATH": path}


def prepare_home(home: Path) -> None:
    """Put the networks and the compiler where brownie looks for them; what is already right is left alone."""
    for folder in (home / ".brownie", home / "solc", home / "native"):
        folder.mkdir(parents=True, exist_ok=True)
    networks = PROJECT_DIR / "scripts" / "brownie-networks.yaml"
    _put(home / ".brownie" / "network-config.yaml", networks.read_text(encoding="utf-8"))
    write_launcher(home)


def write_launcher(home: Path) -> None:
    """Register scripts/solc_launcher.mjs as the solc of this version."""
    native = native_solc(home)
    words = ["node", str(PROJECT_DIR / "scripts" / "solc_launcher.mjs")]
    words += ["--native", str(native)] if native.exists() else []
    _put(home / "solc" / f"solc-v{SOLC_VERSION}", f'#!/bin/sh\nexec {shlex.join(words)} "$@"\n', mode=0o755)


def _put(file: Path, text: str, mode: int = 0o644) -> None:
    """Write a file whole or not at all, and only where it is another: other processes may be reading it."""
    if not file.exists() or file.read_text(encoding="utf-8") != text:
        fresh = file.with_name(f".{file.name}.{os.getpid()}")
        fresh.write_text(text, encoding="utf-8")
        fresh.chmod(mode)
        fresh.replace(file)


def native_solc(home: Path) -> Path:
    """Where a native solc lies if one could be downloaded."""
    return home / "native" / f"solc-v{SOLC_VERSION}"
