"""`commonwatt store community add|list|unsigned`: the communities whose readings an operator keeps."""

from typing import Annotated

import typer

from commons.addresses import address
from oracle.registry.people import add_community, communities, community_of, let_unsigned
from scripts.store.common import Database, InCommunity, Json, register, show_added, show_list
from scripts.surroundings import show

app = typer.Typer(no_args_is_help=True, help="Communities.")


@app.command()
def add(
    name: Annotated[str, typer.Argument(help="Its name.")],
    at: Annotated[str, typer.Option("--address", metavar="ADDRESS", help="Its contract.")],
    chain_id: Annotated[int, typer.Option("--chain-id", min=1, help="The chain it lives on.")],
    database: Database,
    as_json: Json = False,
) -> None:
    """Register a community, in a new database if there is none. It takes signed readings only: see `unsigned`."""
    with register(database, may_make=True) as connection:
        number = add_community(connection, name, chain_id, address(at))
    show_added(as_json, "community", number)


@app.command("list")
def list_all(database: Database, as_json: Json = False) -> None:
    """List the communities."""
    with register(database) as connection:
        rows = communities(connection)
    show_list(as_json, rows, ("id", "name", "chain_id", "address", "takes_unsigned"), "communities")


@app.command()
def unsigned(
    database: Database,
    is_allowed: Annotated[bool, typer.Option("--allow/--refuse", help="Take them, as estimates, or refuse them.")],
    community: InCommunity = None,
    as_json: Json = False,
) -> None:
    """Say whether a community takes readings without a meter's signature; they count as estimated."""
    with register(database) as connection:
        let_unsigned(connection, community_of(connection, community), is_allowed)
    said = "are taken, as estimates" if is_allowed else "are refused"
    show(as_json, {"takes_unsigned": is_allowed}, lambda: [f"Readings without a signature {said}."])
