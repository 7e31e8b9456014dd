"""`commonwatt ingest http`: take readings over HTTP into an operator's database, beside or without the whole API.

Can be killed at any time: what was answered is committed, what was not is sent again by its sender.
"""

from typing import Annotated

import typer

from commons.errors import InputError
from commons.settings import settings
from scripts.ingest.keys import Follow, following
from scripts.store.common import Database, now, opened
from scripts.surroundings import CommunityAt, Network, Rpc

LOOPBACK = "127.0.0.1"
STOP_S = 5
CONNECTIONS = 1_000


def run(
    database: Database,
    port: Annotated[int, typer.Option(min=1, max=65535, help="Port.")] = 8100,
    host: Annotated[
        str, typer.Option(help="Address to listen at; another than this machine's own wants TLS.")
    ] = LOOPBACK,
    follows: Follow = True,
    network: Network = None,
    rpc: Rpc = None,
    community: CommunityAt = None,
) -> None:
    """Serve POST /v1/measurement/readings until Ctrl-C."""
    import uvicorn

    from api.app import create_app
    from api.services import Services
    from oracle.intake.clerk import Clerk
    from oracle.intake.door import Door

    with opened(database) as engine:
        clerk = Clerk(Door(engine, now))
        config = uvicorn.Config(
            create_app(settings(), Services(intake=clerk)),
            host=host,
            port=port,
            log_level="warning",
            access_log=False,
            server_header=False,
            limit_concurrency=CONNECTIONS,
            timeout_graceful_shutdown=STOP_S,
        )
        server = uvicorn.Server(config)
        typer.echo(f"Readings are taken at http://{host}:{port}/v1/measurement/readings; Ctrl-C ends it.")
        with following(engine, follows, network, rpc, community):
            server.run()
        clerk.close()
    if not server.started:
        raise InputError(f"nothing can listen at {host}:{port}", remedy="Choose another port with --port.")
