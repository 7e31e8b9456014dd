"""`commonwatt network guard DIR`: the TLS proxy in front of members' and auditors' RPC.

Lets reading methods and signed transactions through, within the limits of `guard.json`: gas of a transaction (5
million), length of a request, requests a minute for each address, transactions a minute for each account. The
certificate in `secrets/` is signed by itself until a real one takes its place; only this proxy listens for the outside.
"""

import time
from pathlib import Path
from typing import Annotated

import typer
import uvicorn

from commons.errors import InputError
from scripts.network import inventory
from scripts.network.compose import GUARD_PORT
from scripts.network.guard.app import Guard
from scripts.network.guard.policy import Policy, load_limits
from scripts.network.inventory import LOOPBACK, Network, Role
from scripts.network.keys import TLS_CERTIFICATE, TLS_KEY, require_private

CONNECTIONS = 500
IDLE_S = 20
STOP_S = 5


def run(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="The network's folder.")],
    node: Annotated[str | None, typer.Option(help="The RPC node behind it; the first if not given.")] = None,
    listen: Annotated[str, typer.Option(metavar="HOST:PORT", help="Where members reach it.")] = f"0.0.0.0:{GUARD_PORT}",
    certificate: Annotated[Path | None, typer.Option(metavar="FILE", help="Certificate chain (PEM).")] = None,
    key: Annotated[Path | None, typer.Option(metavar="FILE", help="Its key (PEM, mode 0600).")] = None,
) -> None:
    """Serve the proxy until Ctrl-C or a TERM signal."""
    host, _, port = listen.rpartition(":")
    if not port.isdigit():
        raise InputError(f"{listen!r} names no port", remedy="Write HOST:PORT.")
    key_file = key or folder / TLS_KEY
    require_private(key_file)
    uvicorn.run(
        application(folder, node),
        host=host.strip("[]"),
        port=int(port),
        ssl_keyfile=key_file,
        ssl_certfile=certificate or folder / TLS_CERTIFICATE,
        log_level="warning",
        access_log=False,
        server_header=False,
        proxy_headers=False,
        limit_concurrency=CONNECTIONS,
        timeout_keep_alive=IDLE_S,
        timeout_graceful_shutdown=STOP_S,
    )


def application(folder: Path, node: str | None) -> Guard:
    """The proxy before a node of this folder's network.

    Raises:
        InputError: the node is a validator, or there is no RPC node.
    """
    network = inventory.load(folder)
    name = node or _first(network)
    behind = network.node(name)
    if behind.role is not Role.RPC:
        raise InputError(f"{name} is a validator", which=name, remedy="Members reach RPC nodes alone: name one.")
    policy = Policy(load_limits(folder / "guard.json"), network.chain_id, time.monotonic)
    return Guard(policy, f"http://{LOOPBACK}:{behind.ports.rpc}")


def _first(network: Network) -> str:
    if not network.rpc_nodes:
        raise InputError("the network has no RPC node", remedy="Add one: commonwatt network join --role rpc.")
    return network.rpc_nodes[0].name
