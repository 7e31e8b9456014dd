"""`commonwatt network size --members N --sessions-per-day M`: what a network carries, computed from measured gas.

The measured figures are in `besu-network/actions.json`; formulas and assumptions in `docs/scale.md`. Changes nothing.
"""

from typing import Annotated

import typer

from scripts.network.sizing import Demand, Size, load_actions, size
from scripts.surroundings import Json, show

GIGA = 10**9


def run(
    members: Annotated[int, typer.Option(help="Members of a community who trade in a session.")],
    sessions_per_day: Annotated[int, typer.Option(help="Sessions that a community holds a day.")] = 1,
    communities: Annotated[int, typer.Option(help="Communities to lay out over networks.")] = 40_000,
    operators: Annotated[int, typer.Option(help="Oracle operators of a community.")] = 3,
    validators: Annotated[int, typer.Option(help="Validators of a network.")] = 4,
    gas_limit: Annotated[int, typer.Option(help="Gas of a block.")] = 60_000_000,
    block_seconds: Annotated[int, typer.Option(help="Seconds between blocks.")] = 2,
    reveal_seconds: Annotated[int, typer.Option(help="Length of the reveal window.")] = 3_600,
    stagger: Annotated[int, typer.Option(help="Reveal windows over which communities take turns.")] = 1,
    as_json: Json = False,
) -> None:
    """Say how many members, sessions and communities a network carries, and how much it stores."""
    demand = Demand(
        members, sessions_per_day, communities, operators, validators, gas_limit, block_seconds, reveal_seconds, stagger
    )
    found = size(demand, load_actions())
    show(as_json, found, lambda: lines_of(demand, found))


def lines_of(demand: Demand, found: Size) -> list[str]:
    """The figures for people."""
    limits = {
        "gas of a day": found.communities_by_gas,
        "reveals in one window": found.communities_by_reveals,
        "accounts on a node's list": found.communities_by_accounts,
        "growth of the disk": found.communities_by_disk,
    }
    tightest = min(limits, key=lambda name: limits[name])
    return [
        f"A session of {demand.members:,} members takes {found.gas_per_session:,} gas and "
        f"{found.stored_per_session_bytes:,} bytes for good.",
        f"A network makes {found.gas_per_day:,} gas a day, of which half is planned for.",
        f"A session has at most {found.most_members_per_session:,} members.",
        *(f"By {name}, a network carries {count:,} communities." for name, count in limits.items()),
        f"So it carries {found.communities_per_network:,} ({tightest} is what binds), with "
        f"{found.sessions_per_day_per_network:,} sessions a day.",
        f"A node stores {found.stored_per_year_bytes / GIGA:,.1f} GB a year, "
        f"{found.stored_per_year_empty_bytes / GIGA:,.1f} GB of that in empty blocks.",
        f"{demand.communities:,} communities take {found.networks:,} networks.",
    ]
