"""Checks the lock files: they name no registry, and hold exactly what pyproject.toml and both package.json ask for.

Run by `make lint`. Reads only.
"""

import json
import re
import sys
import tomllib
from pathlib import Path

from commons.settings import PROJECT_DIR

EXACT_VERSION = re.compile(r"\d+\.\d+\.\d+")


def main() -> None:
    """Print every fault found and stop with exit code 1 if there is one."""
    faults = python_faults(PROJECT_DIR) + node_faults(PROJECT_DIR) + node_faults(PROJECT_DIR / "frontend")
    for fault in faults:
        print(f"locks: {fault}. `make lock` writes them anew.", file=sys.stderr)
    sys.exit(bool(faults))


def python_faults(root: Path) -> list[str]:
    """What is wrong between pyproject.toml and requirements.lock."""
    project = tomllib.loads((root / "pyproject.toml").read_text())
    lock = (root / "requirements.lock").read_text()
    wanted = project["project"]["dependencies"] + project["dependency-groups"]["dev"]
    locked = set(re.findall(r"^([a-z0-9.-]+==[^\s;\\]+)", lock, flags=re.MULTILINE))
    faults = [f"requirements.lock does not hold {pin}" for pin in wanted if pin not in locked]
    if re.search(r"https?://|--(extra-)?index-url|--find-links", lock):
        faults.append("requirements.lock names an address")
    return faults


def node_faults(root: Path) -> list[str]:
    """What is wrong between package.json and package-lock.json."""
    package = json.loads((root / "package.json").read_text())
    packages = json.loads((root / "package-lock.json").read_text())["packages"]
    faults = []
    for group in ("dependencies", "devDependencies"):
        wanted = package.get(group, {})
        if wanted != packages[""].get(group, {}):
            faults.append(f"package-lock.json has other {group} than package.json")
        faults += [
            f"package.json asks for {name} {v}, not one version"
            for name, v in wanted.items()
            if not EXACT_VERSION.fullmatch(v)
        ]
    faults += [
        f"package-lock.json names an address for {name}" for name, item in packages.items() if "resolved" in item
    ]
    return faults


if __name__ == "__main__":
    main()
