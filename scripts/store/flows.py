"""`commonwatt store flow add|list`: what devices send, how often, how personal it is, from when to when."""

from typing import Annotated

import typer

from oracle.registry.people import community_of
from oracle.registry.things import GDPR_CLASSES, MEASURES, FlowEntry, add_flow, flows
from scripts.store.common import Database, InCommunity, Json, moment, register, show_added, show_list

app = typer.Typer(no_args_is_help=True, help="Flows of devices.")


@app.command()
def add(
    name: Annotated[str, typer.Argument(help="Its name, such as energy.")],
    device: Annotated[int, typer.Option(metavar="NUMBER", help="The device's number.")],
    starts: Annotated[str, typer.Option("--from", metavar="MOMENT", help="Such as 2026-06-10T00:00:00+02:00.")],
    database: Database,
    measure: Annotated[str, typer.Option(help=f"One of {', '.join(MEASURES)}.")] = MEASURES[0],
    every: Annotated[int, typer.Option(metavar="SECONDS", help="Length of a slot that it measures.")] = 900,
    sends: Annotated[int, typer.Option(metavar="SECONDS", help="How often it sends.")] = 900,
    gdpr: Annotated[str, typer.Option(help=f"How personal: one of {', '.join(GDPR_CLASSES)}.")] = "detailed",
    ends: Annotated[str | None, typer.Option("--to", metavar="MOMENT", help="When it ends, if that is known.")] = None,
    as_json: Json = False,
) -> None:
    """Register a flow; a device has many. `credential create` then lets it send."""
    until = moment(ends) if ends else None
    entry = FlowEntry(device, name, measure, every, sends, gdpr, moment(starts), until)
    with register(database) as connection:
        number = add_flow(connection, entry)
    show_added(as_json, "flow", number)


@app.command("list")
def list_all(database: Database, community: InCommunity = None, as_json: Json = False) -> None:
    """List flows with the last slot that each delivered; of all communities if none is named."""
    with register(database) as connection:
        rows = flows(connection, community_of(connection, community) if community else None)
    columns = ("id", "name", "serial", "measure", "measuring_seconds", "has_credential", "last_start", "last_arrived")
    show_list(as_json, rows, columns, "flows")
