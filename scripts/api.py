"""`commonwatt api`: serve the HTTP API with the page, and follow the chain into its read model.

Settings: COMMONWATT_API_DATABASE, COMMONWATT_API_ORIGIN, COMMONWATT_API_RPC_URL, COMMONWATT_API_CORS, and those of the
network. Both commands can be killed at any time; what they keep is under `var/api`. Deleting the read model's database
loses sign-ins and the salts of documents handed in; everything else is read from the chain again.
"""

import logging
import signal
from contextlib import ExitStack
from pathlib import Path
from threading import Event
from typing import Annotated

import typer

from commons.addresses import Address, address
from commons.errors import InputError
from commons.settings import settings
from scripts.surroundings import As, CommunityAt, Keystore, Network, PasswordFile, Place, Rpc, SignIn, open_network

app = typer.Typer(no_args_is_help=True, help="Serve the HTTP API and the page; follow the chain.")
LOOPBACK = "127.0.0.1"
SHUTDOWN_S = 2
"""How long open streams of live changes may hold up the end."""


@app.command()
def serve(
    port: Annotated[int, typer.Option(min=1, max=65535, help="Port.")] = 8000,
    host: Annotated[
        str, typer.Option(help="Address to listen at; another than this machine's own wants TLS.")
    ] = LOOPBACK,
    published: Annotated[
        str | None, typer.Option(metavar="FOLDER|URL", help="Where operators publish; var/published if none.")
    ] = None,
    operator: Annotated[
        Path | None, typer.Option(metavar="FOLDER", help="An operator's folder: members see their readings of it.")
    ] = None,
    community: CommunityAt = None,
    name: As = None,
    keystore: Keystore = None,
    password_file: PasswordFile = None,
    follows: Annotated[
        bool,
        typer.Option("--follow/--no-follow", help="Follow the chain here, or leave it to `commonwatt api follow`."),
    ] = True,
    network: Network = None,
    rpc: Rpc = None,
) -> None:
    """Serve the API, and the page where it is built, until Ctrl-C.

    The operator's key, named by --as or --keystore, opens members' keys for their take-outs; it signs nothing here.
    """
    import uvicorn

    from oracle.operator import operator_database
    from scripts.ingest.keys import following as following_keys
    from scripts.serving import OperatorDesk, assemble

    logging.basicConfig(level=logging.INFO, format="%(levelname)s %(name)s: %(message)s")
    place = open_network(network, rpc)
    desk = None
    if operator is not None:
        is_named = name is not None or keystore is not None
        signer = SignIn(name, keystore, password_file).signer(place.chain) if is_named else None
        desk = OperatorDesk(operator, _community_of(place, community), signer)
    serving = assemble(place, settings(), published, desk)
    config = uvicorn.Config(
        serving.app,
        host=host,
        port=port,
        log_level="warning",
        server_header=False,
        timeout_graceful_shutdown=SHUTDOWN_S,
    )
    server = uvicorn.Server(config)
    typer.echo(f"The API answers at http://{host}:{port}/v1/health; Ctrl-C ends it.")
    with ExitStack() as meanwhile:
        if follows:
            meanwhile.enter_context(serving.following())
            if desk is not None:  # meters' keys, for the readings that it takes in
                engine = operator_database(desk.folder)
                meanwhile.enter_context(following_keys(engine, True, network, rpc, community))
        server.run()
    if not server.started:
        raise InputError(f"nothing can listen at {host}:{port}", remedy="Choose another port with --port.")


@app.command()
def follow(
    once: Annotated[bool, typer.Option("--once", help="Read up to the latest block, say how far, and stop.")] = False,
    network: Network = None,
    rpc: Rpc = None,
) -> None:
    """Follow the chain into the read model, until Ctrl-C."""
    from scripts.serving import follower_of, open_store

    logging.basicConfig(level=logging.INFO, format="%(levelname)s %(name)s: %(message)s")
    follower = follower_of(open_network(network, rpc), open_store(settings()))
    progress = follower.step()
    typer.echo(f"Read up to block {progress.block} of {progress.head}: {progress.events} new events")
    if once:
        return
    stop = Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda _number, _frame: stop.set())
    follower.run(stop)


def _community_of(place: Place, community: str | None) -> Address:
    """The community that an operator's folder is of: the one named, or the network's only one."""
    at = None if community is None else address(community)
    return place.deployment.community(at).contracts.community
