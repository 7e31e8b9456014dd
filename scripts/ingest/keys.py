"""`commonwatt ingest keys`: copy the keys registered for meters from the chain, once or until Ctrl-C.

The services that take readings do so by themselves; this is for looking, and for services on a machine without a chain.
A key registered or ended on the chain counts here within a quarter of a minute.
"""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, Thread
from typing import Annotated

import typer
from sqlalchemy import Engine

from commons.errors import CommonwattError
from oracle.intake.meter_keys import copy_keys
from scripts.store.common import Database, Json, opened
from scripts.surroundings import CommunityAt, Network, Rpc, open_community, show

EVERY_S = 15
Follow = Annotated[
    bool,
    typer.Option("--follow/--no-follow", help="Copy meters' keys from the chain meanwhile, or leave that to others."),
]
_log = logging.getLogger(__name__)


def run(
    database: Database, network: Network = None, rpc: Rpc = None, community: CommunityAt = None, as_json: Json = False
) -> None:
    """Copy a community's meter keys from the chain into the database."""
    with opened(database) as engine:
        count = copy_keys(engine, open_community(network, rpc, community))
    show(as_json, {"keys": count}, lambda: [f"{count} keys of meters are known."])


@contextmanager
def following(
    engine: Engine, is_wanted: bool, network: str | None, rpc: str | None, community: str | None
) -> Iterator[None]:
    """Copy meters' keys every quarter of a minute in a thread of its own; a chain that is away is waited for."""
    if not is_wanted:
        yield
        return
    stop = Event()

    def work() -> None:
        was_away = False
        while not stop.is_set():
            try:
                copy_keys(engine, open_community(network, rpc, community))
                was_away = False
            except CommonwattError as error:
                if not was_away:
                    _log.warning("meters' keys stay as they were: %s", error)
                was_away = True
            stop.wait(EVERY_S)

    thread = Thread(target=work, name="meter keys", daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
