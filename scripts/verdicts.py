"""How a check that trusts nobody ends: its exit codes, and what is said where it cannot be done."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import typer

from commons.errors import CommonwattError

DIFFERS = 1
NOT_DONE = 2


@contextmanager
def told_if_not_done(subject: Mapping[str, object], as_json: bool) -> Iterator[None]:
    """End with `NOT_DONE`, and say why, where what an audit of `subject` needs is missing."""
    try:
        yield
    except CommonwattError as error:
        if as_json:
            typer.echo(json.dumps({**subject, "verdict": "not done", "error": error.message}, indent=1))
        typer.echo(f"commonwatt: the audit cannot be done: {error.message}", err=True)
        raise typer.Exit(NOT_DONE) from error
