"""`commonwatt up`: chain, contracts, operators and the demo in one process tree; what `make run` calls.

Starts the embedded chain with the state of last time, puts on it what is missing (contracts, the community of 17
measured homes, three bonded oracle operators), takes one day through every phase of a session, tells its story, and
then runs further days as live sessions until Ctrl-C. Ends every process it started; the state stays in `var/`, and a
session cut off half-way goes on with the next start. Settings: `COMMONWATT_VAR_DIR`, `COMMONWATT_DEPLOYMENTS_DIR`.
"""

import signal
import traceback
from types import FrameType
from typing import Annotated

import typer

from commons.errors import CommonwattError
from commons.settings import settings
from scripts.demo.screen import Screen, console_for

INTERRUPTED = 130
SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def run(
    once: Annotated[bool, typer.Option("--once", help="Run the main job, then stop everything and exit.")] = False,
    days: Annotated[int | None, typer.Option("--days", min=1, help="Run so many days, then stop.")] = None,
    without: Annotated[
        list[str] | None,
        typer.Option("--without", metavar="HOME", help="A home, such as H01, that a person bids for; repeat."),
    ] = None,
    port: Annotated[int | None, typer.Option("--port", help="Port of 127.0.0.1 for the chain; 8545 if none.")] = None,
    site_port: Annotated[
        int | None, typer.Option("--site-port", help="Port of 127.0.0.1 for the page and its API; 8000 if none.")
    ] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print each finished day as a line of JSON; progress goes to standard error.")
    ] = False,
) -> None:
    """Run the demo: a community of 17 measured homes trades, settles and is audited, day after day."""
    for number in SIGNALS:
        signal.signal(number, _interrupt)
    screen = Screen(console_for(as_json))
    screen.show("Commonwatt is starting. Ctrl-C ends it at any time; the state is kept.")
    try:
        with screen.alive():
            from scripts.demo.show import Show  # takes seconds, in which the screen already shows that it works
            from scripts.demo.site import DEFAULT_PORT as SITE_PORT
            from scripts.demo.site import Site
            from scripts.embedded import DEFAULT_PORT, EmbeddedChain

            embedded = EmbeddedChain.default(port or DEFAULT_PORT)
            if embedded.pid() is not None:
                embedded = EmbeddedChain.default(embedded.running_port)
            site = Site.of(embedded.url, site_port or SITE_PORT)
            Show(embedded, screen, 1 if once else days, tuple(without or ()), as_json, site).run()
    except KeyboardInterrupt as interruption:
        screen.note("Stopped. The state is kept, and the next start goes on from here.")
        raise typer.Exit(INTERRUPTED if once or days else 0) from interruption
    except CommonwattError:
        raise
    except Exception as error:
        raise _unexpected(error) from error


def _unexpected(error: Exception) -> CommonwattError:
    """What a person is told of an error that nobody foresaw; the details go to a file."""
    log = settings().var_dir / "up.log"
    with log.open("a") as file:
        traceback.print_exception(error, file=file)
    return CommonwattError(
        f"the demo ended by an error that nobody foresaw: {type(error).__name__}: {error}",
        remedy=f"The details are in {log}. Start again: what is done stays done.",
    )


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    """End the demo in good order; a second Ctrl-C does not disturb that."""
    for number in SIGNALS:
        signal.signal(number, signal.SIG_IGN)
    raise KeyboardInterrupt
