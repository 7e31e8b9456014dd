"""The console script `commonwatt`: finds the file of the verb that was asked for and runs it.

A verb is one file under scripts/. It offers `run`, a function that becomes `commonwatt VERB`, or `app`, a
`typer.Typer` whose commands become `commonwatt VERB SUBVERB`; a `run` that wants click's context settings names them
in `CONTEXT_SETTINGS`. Only the file of the verb asked for is imported, so
that no command waits for the libraries of another.
"""

import importlib
import sys
from importlib.metadata import version
from typing import Annotated

import typer

from commons.errors import CommonwattError

VERBS = {
    "up": "scripts.up",
    "demo": "scripts.economy.verb",
    "chain": "scripts.chain",
    "deploy": "scripts.deploy",
    "community": "scripts.community",
    "member": "scripts.member",
    "point": "scripts.point",
    "rewards": "scripts.rewards",
    "euro": "scripts.euro",
    "treasury": "scripts.treasury",
    "token": "scripts.token",
    "pay": "scripts.pay",
    "books": "scripts.books",
    "service": "scripts.service",
    "purchase": "scripts.purchase",
    "loan": "scripts.loan",
    "incentive": "scripts.incentive",
    "funds": "scripts.funds",
    "session": "scripts.session",
    "order": "scripts.order",
    "execute": "scripts.execute",
    "cancel": "scripts.cancel",
    "release": "scripts.release",
    "oracle": "scripts.oracle",
    "audit": "scripts.audit",
    "watch": "scripts.watch",
    "refute": "scripts.refute",
    "network": "scripts.network.verb",
    "brownie": "scripts.run_brownie",
    "compile": "scripts.compile",
    "clear": "scripts.clear",
    "settle": "scripts.settle",
    "kpi": "scripts.kpi",
    "readings": "scripts.readings",
    "weather": "scripts.weather",
    "dataset": "scripts.dataset",
    "takeout": "scripts.takeout",
    "store": "scripts.store.verb",
    "ingest": "scripts.ingest.verb",
    "api": "scripts.api",
}


def main() -> None:
    """Run the verb named on the command line; what the project's errors say goes to stderr."""
    try:
        assemble(sys.argv[1:])()
    except CommonwattError as error:
        typer.echo(f"commonwatt: {error}", err=True)
        sys.exit(error.exit_code)


def assemble(arguments: list[str]) -> typer.Typer:
    """The application with the verb that `arguments` begin with, or with all of them where they begin with none."""
    app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)
    app.callback()(commonwatt)
    wanted = arguments[0] if arguments else None
    for verb in [wanted] if wanted in VERBS else VERBS:
        module = importlib.import_module(VERBS[verb])
        if hasattr(module, "app"):
            app.add_typer(module.app, name=verb)
        else:
            app.command(name=verb, context_settings=getattr(module, "CONTEXT_SETTINGS", None))(module.run)
    return app


def print_version(wanted: bool) -> None:
    """Print the version and stop, where `--version` was given."""
    if wanted:
        typer.echo(f"commonwatt {version('commonwatt')}")
        raise typer.Exit


def commonwatt(
    _: Annotated[
        bool, typer.Option("--version", callback=print_version, is_eager=True, help="Print the version and stop.")
    ] = False,
) -> None:
    """Run an energy community's market: chain, contracts, oracles, sessions, audit."""
