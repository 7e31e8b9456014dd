"""`commonwatt store device add|list`: the meters, inverters and batteries at points."""

from typing import Annotated

import typer

from commons.addresses import address
from oracle.registry.people import community_of
from oracle.registry.things import add_device, devices, point_of
from scripts.store.common import Database, InCommunity, Json, register, show_added, show_list

app = typer.Typer(no_args_is_help=True, help="Devices at points.")


@app.command()
def add(
    serial: Annotated[str, typer.Argument(help="Its serial number.")],
    point: Annotated[str, typer.Option(metavar="POINT_ID|POD", help="The point it is at.")],
    database: Database,
    model: Annotated[str | None, typer.Option(help="Maker and model.")] = None,
    key: Annotated[
        str | None,
        typer.Option(metavar="ADDRESS", help="Address of the key that signs its readings; a note, not a right."),
    ] = None,
    as_json: Json = False,
) -> None:
    """Register a device. Whose signature counts is decided by the keys registered on the chain."""
    with register(database) as connection:
        number = add_device(connection, point_of(connection, point), serial, model, address(key) if key else None)
    show_added(as_json, "device", number)


@app.command("list")
def list_all(database: Database, community: InCommunity = None, as_json: Json = False) -> None:
    """List devices; of all communities if none is named."""
    with register(database) as connection:
        rows = devices(connection, community_of(connection, community) if community else None)
    show_list(as_json, rows, ("id", "serial", "model", "key_address", "point_id"), "devices")
