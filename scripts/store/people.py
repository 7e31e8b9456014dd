"""`commonwatt store person add|list`: the people of a community; the only place of their names and contacts."""

import re
from typing import Annotated

import typer

from commons.errors import InputError
from oracle.registry.people import PROFILES, Person, add_person, community_of, people
from scripts.store.common import Database, InCommunity, Json, now, register, show_added, show_list
from scripts.surroundings import wallet

app = typer.Typer(no_args_is_help=True, help="People in communities.")
_MEMBER_ID = re.compile("0x[0-9a-f]{64}")


@app.command()
def add(
    name: Annotated[str, typer.Argument(help="The person's or organisation's name; it stays in this database.")],
    at: Annotated[str, typer.Option("--wallet", metavar="ADDRESS|NAME", help="The wallet it is a member with.")],
    member_id: Annotated[str, typer.Option("--member-id", metavar="HEX", help="The id that the admin gave.")],
    database: Database,
    profile: Annotated[str, typer.Option(help=f"One of {', '.join(PROFILES)}.")] = PROFILES[0],
    role: Annotated[str, typer.Option(help="What the person is in the community.")] = "member",
    contact: Annotated[str | None, typer.Option(help="How to reach the person.")] = None,
    community: InCommunity = None,
    as_json: Json = False,
) -> None:
    """Register a person in a community, in one role; repeat for more roles and communities."""
    if not _MEMBER_ID.fullmatch(member_id.lower()):
        raise InputError(f"{member_id!r} is no member id", remedy="Write 0x and 64 hexadecimal digits.")
    person = Person(name, contact, role, wallet(at), member_id.lower(), profile)
    with register(database) as connection:
        number = add_person(connection, community_of(connection, community), person, now())
    show_added(as_json, "membership", number)


@app.command("list")
def list_all(database: Database, community: InCommunity = None, as_json: Json = False) -> None:
    """List the people of a community."""
    with register(database) as connection:
        rows = people(connection, community_of(connection, community))
    show_list(as_json, rows, ("id", "name", "role", "profile", "wallet"), "people")
