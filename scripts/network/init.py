"""`commonwatt network init`: the files of a new permissioned Besu network, in a new folder.

Keys are made unless `--keys` names a folder that has them; the same keys and options give the same files. Secrets lie
in files of mode 0600 and are not printed. Nothing is started. To undo it, delete the folder, unless a chain uses it.
"""

from pathlib import Path
from typing import Annotated

import typer

from commons.addresses import address
from commons.errors import SettingsError
from scripts.network.files import require_empty, write_files
from scripts.network.folder import network_files
from scripts.network.inventory import Ports
from scripts.network.keys import KeyRing, NodeKey
from scripts.network.layout import Wish, laid_out
from scripts.network.rules import require_sound
from scripts.surroundings import Json, show

DEFAULT_CHAIN_ID = 20_266


def run(
    out: Annotated[Path, typer.Option("--out", metavar="DIR", help="A folder that is new or empty.")],
    validators: Annotated[int, typer.Option(help="Nodes that make blocks.")] = 4,
    rpc: Annotated[int, typer.Option(help="Nodes that answer members and auditors.")] = 1,
    chain_id: Annotated[int, typer.Option(help="Number of the chain; nobody else's.")] = DEFAULT_CHAIN_ID,
    hosts: Annotated[
        str, typer.Option(metavar="IP,…", help="The machines: one, or one for each node, validators first.")
    ] = "",
    keys: Annotated[Path | None, typer.Option(metavar="DIR", help="Take the keys of this network's folder.")] = None,
    allow: Annotated[
        list[str] | None,
        typer.Option(metavar="ADDRESS", help="An account that may send from the start: deployer, operators. Repeat."),
    ] = None,
    gas_limit: Annotated[int, typer.Option(help="Gas of a block, 30 to 60 million.")] = 60_000_000,
    block_seconds: Annotated[int, typer.Option(help="Seconds between blocks.")] = 2,
    p2p_port: Annotated[int, typer.Option(help="First port for peers; further nodes of a machine count up.")] = 30303,
    rpc_port: Annotated[int, typer.Option(help="First port for RPC.")] = 8545,
    admin_port: Annotated[int, typer.Option(help="First port for the administration of RPC nodes.")] = 18545,
    metrics_port: Annotated[int, typer.Option(help="First port for metrics.")] = 9545,
    few: Annotated[bool, typer.Option("--few", help="Allow fewer than 4 validators, for a trial.")] = False,
    as_json: Json = False,
) -> None:
    """Write genesis, configuration, keys, permissions, compose file and start scripts of a new network."""
    require_empty(out)
    if keys is not None and not keys.is_dir():
        raise SettingsError(f"there is no folder {keys}", remedy="Name the folder of an earlier network.")
    ring = KeyRing(keys)
    node_keys: dict[str, NodeKey] = {}

    def key_of(name: str) -> NodeKey:
        return node_keys.setdefault(name, ring.node_key(name))

    machines = tuple(host.strip() for host in hosts.split(",") if host.strip())
    accounts = tuple(address(account) for account in allow or ())
    ports = Ports(p2p_port, rpc_port, admin_port, metrics_port)
    network = laid_out(
        Wish(validators, rpc, chain_id, machines, accounts, ports, gas_limit, block_seconds, few), key_of
    )
    write_files(out, network_files(network, node_keys, ring))
    require_sound(out)
    show(as_json, network, lambda: _lines(out, len(network.nodes), bool(accounts)))


def _lines(out: Path, nodes: int, somebody: bool) -> list[str]:
    allowed = "" if somebody else " Nobody may send yet: list deployer and operators with `commonwatt network allow`."
    return [
        f"The files of {nodes} nodes are in {out}; keys lie in nodes/*/key and secrets/, for you alone.{allowed}",
        f"Start with Docker: cd {out} && docker compose up -d. Without: {out}/start.sh.",
    ]
