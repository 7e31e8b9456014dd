"""Run every benchmark and write `docs/benchmarks.md`. Changes nothing else; `make bench` calls it.

A benchmark is a module with a `TITLE` and `rows(progress)`, and where it may not be possible everywhere `missing()`,
which says in a sentence what is not there. Those to run are listed in `MODULES`. Names of modules as
arguments run those alone, print what would be written, and write nothing.
"""

import importlib
import sys
import time
from pathlib import Path

from scripts.bench.page import Section, page, told

MODULES = (
    "clearing",
    "hashing",
    "gas",
    "gas_rewards",
    "sessions",
    "refutation",
    "evidence",
    "rewards",
    "intake",
    "ways_in",
    "screens",
)
OUTPUT = Path(__file__).resolve().parents[2] / "docs" / "benchmarks.md"


def main() -> None:
    """Measure, telling what is measured now, and write the tables."""
    wanted = sys.argv[1:] or list(MODULES)
    unknown = [name for name in wanted if name not in MODULES]
    if unknown:
        sys.exit(f"There is no benchmark {', '.join(unknown)}; there are {', '.join(MODULES)}.")
    began = time.monotonic()
    text = page([_measure(name) for name in wanted])
    _say(f"Measured for {time.monotonic() - began:.0f} s.")
    if sys.argv[1:]:
        print(text)
        return
    OUTPUT.parent.mkdir(exist_ok=True)
    OUTPUT.write_text(text, encoding="utf-8")
    _say(f"Written: {OUTPUT.parent.name}/{OUTPUT.name}")


def _measure(name: str) -> Section:
    module = importlib.import_module(f"scripts.bench.{name}")
    _say(f"{module.TITLE} …")
    missing = module.missing() if hasattr(module, "missing") else None
    if missing is not None:
        _say(f"  {missing}")
        return Section(module.TITLE, (), missing)
    found = []
    for row in module.rows(lambda what: _say(f"  {what}")):
        _say(f"    {told(row)}")
        found.append(row)
    return Section(module.TITLE, tuple(found))


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
