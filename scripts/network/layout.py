"""Which nodes a new network gets: names, machines, ports."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from ipaddress import ip_address

from commons.addresses import Address
from commons.errors import InputError
from scripts.network.inventory import LOOPBACK, MOST_NODES, Network, Node, Ports, Role, port_troubles
from scripts.network.keys import NodeKey

LEAST_VALIDATORS = 4
"""With fewer, one that fails stops the chain: QBFT needs more than two thirds."""
CHAIN_IDS = range(1, 2**31)
WELL_KNOWN = {1: "Ethereum", 31337: "the embedded chain"}


@dataclass(frozen=True)
class Wish:
    """What the command line asks for."""

    validators: int
    rpc: int
    chain_id: int
    hosts: tuple[str, ...] = ()
    accounts: tuple[Address, ...] = ()
    first_ports: Ports = field(default_factory=Ports)
    gas_limit: int = 60_000_000
    block_seconds: int = 2
    few: bool = False


def laid_out(wish: Wish, key_of: Callable[[str], NodeKey]) -> Network:
    """The network wished for.

    Raises:
        InputError: it cannot be built so.
    """
    _require_possible(wish)
    names = [(f"validator-{n + 1}", Role.VALIDATOR) for n in range(wish.validators)]
    names += [(f"rpc-{n + 1}", Role.RPC) for n in range(wish.rpc)]
    hosts = spread(wish.hosts, len(names))
    nodes = []
    for place, (name, role) in enumerate(names):
        ports = wish.first_ports.shifted(hosts[:place].count(hosts[place]))
        key = key_of(name)
        nodes.append(Node(name, role, hosts[place], ports, key.node_id, key.address))
    require_ports(nodes)
    return Network(
        wish.chain_id, tuple(nodes), tuple(sorted(set(wish.accounts))), (), wish.gas_limit, wish.block_seconds
    )


def spread(hosts: Sequence[str], count: int) -> list[str]:
    """A machine for each node: all on this one, all on the one named, or each on its own.

    Raises:
        InputError: another number of them, or one is no IP address.
    """
    for host in hosts:
        require_ip(host)
    require_one_kind(hosts)
    if len(hosts) <= 1:
        return [*hosts, LOOPBACK][:1] * count
    if len(hosts) != count:
        raise InputError(
            f"--hosts names {len(hosts)} machines for {count} nodes", remedy="Name one, or one for each node in order."
        )
    return list(hosts)


def require_ip(host: str) -> None:
    """Refuse what peers cannot connect to, and a name where they compare addresses.

    Raises:
        InputError: it is no IPv4 address of one machine.
    """
    try:
        found = ip_address(host)
    except ValueError:
        raise InputError(
            f"{host!r} is no IP address", which=host, remedy="Allowlists compare addresses: give the IP, not a name."
        ) from None
    if found.version != 4:
        raise InputError(
            f"{host} is an IPv6 address", which=host, remedy="Nodes listen on IPv4: give such an address, say of a VPN."
        )
    if found.is_unspecified or found.is_multicast or found.is_reserved:
        raise InputError(
            f"{host} is no address of a machine", which=host, remedy="Give the one where peers reach the node."
        )


def require_one_kind(hosts: Sequence[str]) -> None:
    """Refuse this machine's own address among others: a node there listens for nobody else, and is reached by nobody.

    Raises:
        InputError: it is there.
    """
    inside = [host for host in hosts if ip_address(host).is_loopback]
    if inside and len(inside) < len(hosts):
        raise InputError(
            f"{inside[0]} is reached from no other machine",
            which=inside[0],
            remedy="Give each machine the address where the others reach it; only a network of one may use it.",
        )


def require_ports(nodes: Sequence[Node]) -> None:
    """Refuse ports that do not exist or that two nodes of a machine would take.

    Raises:
        InputError: there are some.
    """
    troubles = port_troubles(nodes)
    if troubles:
        raise InputError(troubles[0], remedy="Choose other ports; further nodes of a machine count up from the first.")


def _require_possible(wish: Wish) -> None:
    if wish.validators < 1 or wish.rpc < 0 or wish.validators + wish.rpc > MOST_NODES:
        raise InputError(
            f"{wish.validators} validators and {wish.rpc} RPC nodes are no network", remedy="Choose others."
        )
    if wish.validators < LEAST_VALIDATORS and not wish.few:
        raise InputError(
            f"with {wish.validators} validators the chain stops as soon as one fails",
            remedy=f"Use at least {LEAST_VALIDATORS}, or add --few for a trial.",
        )
    if wish.chain_id not in CHAIN_IDS or wish.chain_id in WELL_KNOWN:
        owner = WELL_KNOWN.get(wish.chain_id, "no chain a wallet takes")
        raise InputError(
            f"chain id {wish.chain_id} is {owner}",
            remedy="Choose one that nobody uses, so that no signature holds on two chains.",
        )
    if not 30_000_000 <= wish.gas_limit <= 60_000_000:
        raise InputError(
            f"a block gas limit of {wish.gas_limit} is outside 30 to 60 million",
            remedy="More would let a block take longer to build than its period.",
        )
    if not 1 <= wish.block_seconds <= 60:
        raise InputError(f"a block every {wish.block_seconds} s is too much or too little", remedy="Choose 1 to 60.")
