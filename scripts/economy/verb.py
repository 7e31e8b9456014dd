"""`commonwatt demo economy`: thirty days of the token economy in a community of sixty, on a chain of its own.

Starts an embedded chain in a folder of its own, founds the community, plays the days with every member's own signature,
checks that each payment and each balance can be recomputed from the chain's events, and ends in tables and a chart. The
chain of `make run` is not touched. The same seed gives the same days. Settings: `COMMONWATT_VAR_DIR`.
"""

import json
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from commons.chain import Chain
from commons.errors import AuditMismatch, InputError
from commons.settings import settings
from scripts.demo.screen import Screen, console_for
from scripts.surroundings import Json, jsonable

app = typer.Typer(no_args_is_help=True, help="Demonstrations that run by themselves, on a chain of their own.")
CHARTS = (".png", ".svg")
LEAST_DAYS = 8
"""Before, the budget for community work and bonuses is not there yet."""


@app.callback()
def demo() -> None:
    """Demonstrations that run by themselves, on a chain of their own."""


@app.command()
def economy(
    days: Annotated[int, typer.Option("--days", min=LEAST_DAYS, max=90, help="How many days.")] = 30,
    citizens: Annotated[int, typer.Option("--citizens", min=17, max=80, help="How many citizens.")] = 45,
    shops: Annotated[int, typer.Option("--shops", min=3, max=13, help="How many shops and firms.")] = 13,
    seed: Annotated[int, typer.Option("--seed", help="The same seed gives the same days.")] = 7,
    chart: Annotated[
        Path | None, typer.Option("--chart", metavar="FILE", help="The chart's file, .png or .svg; var/economy.png.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Play thirty days of a community's own economy, and show where every token came from and went."""
    file = chart_file(chart)
    screen = Screen(console_for(as_json))
    began = time.monotonic()
    with screen.alive(), own_chain() as chain:
        from scripts.economy.show import run  # takes seconds, in which the screen already shows that it works

        finished = run(chain, screen, days, citizens, shops, seed)
        from scripts.economy.chart import draw

        changed_on = None if finished.announced is None else finished.announced.first_day - 0.5
        draw(finished.books, finished.start, days, changed_on, file)
    if finished.wrong:
        raise AuditMismatch(
            f"{len(finished.wrong)} payments cost or earned something else than the rule says",
            remedy="Report it with the seed: the rule of the contract and its simulation have to agree.",
        )
    if as_json:
        typer.echo(json.dumps(jsonable({**finished.document(), "chart": str(file), "seed": seed}), indent=1))
        return
    from scripts.economy.story import tell

    for part in tell(finished):
        screen.show("")
        screen.show(part)
    screen.done(f"Each payment and each balance is recomputed from events alone, and agrees. The chart: {file}")
    screen.note(f"It took {time.monotonic() - began:.0f} s.")


def chart_file(asked: Path | None) -> Path:
    """Where the chart goes.

    Raises:
        InputError: its name or folder is none.
    """
    if asked is None:
        settings().var_dir.mkdir(parents=True, exist_ok=True)
        return settings().var_dir / "economy.png"
    if asked.suffix not in CHARTS:
        raise InputError(f"{asked.name} is no kind of chart", remedy="End its name in .png or .svg.")
    if not asked.parent.is_dir():
        raise InputError(f"there is no folder {asked.parent}", remedy="Make it, or draw the chart elsewhere.")
    return asked


@contextmanager
def own_chain() -> Iterator[Chain]:
    """A chain for this demonstration alone, with a folder and a deployments file of its own; gone at the end."""
    from scripts.embedded import EmbeddedChain, free_port

    settings().var_dir.mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix="economy-", dir=settings().var_dir))
    embedded = EmbeddedChain(folder, free_port(), block_seconds=0, kept=False)
    try:
        yield embedded.start()
    finally:
        embedded.stop()
        shutil.rmtree(folder, ignore_errors=True)
