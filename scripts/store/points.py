"""`commonwatt store point add|list`: connection points, whose they are, and what they carry."""

import re
from typing import Annotated

import typer

from commons.errors import InputError
from oracle.measurement.types import PointKind
from oracle.registry.people import community_of, membership_of
from oracle.registry.things import PointEntry, add_point, points
from scripts.store.common import Database, InCommunity, Json, register, show_added, show_list
from scripts.surroundings import wallet

app = typer.Typer(no_args_is_help=True, help="Connection points.")
_POINT_ID = re.compile("0x[0-9a-f]{64}")


@app.command()
def add(
    point_id: Annotated[
        str, typer.Argument(metavar="POINT_ID", help="The point's salted hash, as bound on the chain.")
    ],
    at: Annotated[str, typer.Option("--wallet", metavar="ADDRESS|NAME", help="The member's wallet.")],
    database: Database,
    kind: Annotated[PointKind, typer.Option(help="What its meter sees.")] = PointKind.EXCHANGE,
    pod: Annotated[str | None, typer.Option(help="The point's name in the grid operator's files.")] = None,
    supplier: Annotated[str | None, typer.Option(help="Who sells it the energy that the community does not.")] = None,
    most_w: Annotated[int | None, typer.Option(metavar="W", min=1, help="The most power it can carry.")] = None,
    community: InCommunity = None,
    as_json: Json = False,
) -> None:
    """Register a member's point; again, to add what was not known."""
    if not _POINT_ID.fullmatch(point_id.lower()):
        raise InputError(f"{point_id!r} is no point id", remedy="Write 0x and 64 hexadecimal digits.")
    owner = wallet(at)
    with register(database) as connection:
        membership = membership_of(connection, community_of(connection, community), owner)
        entry = PointEntry(point_id.lower(), owner, kind, membership, pod, supplier, most_w)
        number = add_point(connection, entry)
    show_added(as_json, "point", number)


@app.command("list")
def list_all(database: Database, community: InCommunity = None, as_json: Json = False) -> None:
    """List points; of all communities if none is named."""
    with register(database) as connection:
        rows = points(connection, community_of(connection, community) if community else None)
    show_list(as_json, rows, ("id", "community", "kind", "pod", "supplier", "most_w", "point_id"), "points")
