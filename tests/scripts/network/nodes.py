"""A network whose nodes are stand-ins that answer as Besu does, sharing validators and their votes."""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from scripts.network import inventory
from scripts.network.files import plain, write_file
from scripts.network.inventory import Network, Role
from tests.support.besu_like import BesuLike, serving, serving_websocket

NOWHERE = "http://127.0.0.1:9"


@dataclass(frozen=True)
class Stand:
    """The folder, and each node by its name."""

    folder: Path
    nodes: dict[str, BesuLike]

    @property
    def network(self) -> Network:
        """The inventory as it is now."""
        return inventory.load(self.folder)


class Ballot:
    """Votes of all nodes: more than half change the validators of all."""

    def __init__(self) -> None:
        self.nodes: dict[str, BesuLike] = {}

    def count(self, address: str, wanted: bool) -> None:
        """Look whether the votes suffice."""
        some = next(iter(self.nodes.values()))
        votes = sum(node.votes.get(address) == wanted for node in self.nodes.values())
        if votes > len(some.validators) // 2:
            for node in self.nodes.values():
                node.validators = sorted({*node.validators, address} if wanted else set(node.validators) - {address})


@contextmanager
def standing(folder: Path, chain_url: str = NOWHERE, silent: Sequence[str] = ()) -> Iterator[Stand]:
    """Serve a stand-in for each node of the folder but the `silent` ones, and have the inventory point there."""
    network, ballot = inventory.load(folder), Ballot()
    with ExitStack() as stack:
        nodes = []
        for node in network.nodes:
            known = [peer.enode for peer in network.nodes]
            like = BesuLike(
                chain_url,
                enode=node.enode,
                allowed=set(network.accounts),
                nodes=list(known),
                fixed_nodes=[enode for enode in known if enode != node.enode],
                validators=[one.address for one in network.validators],
                vote_counter=ballot.count,
            )
            ballot.nodes[node.name] = like
            serve = serving if node.role is Role.VALIDATOR else serving_websocket
            url = NOWHERE if node.name in silent else stack.enter_context(serve(like))
            nodes.append(replace(node, admin_url=url))
        write_file(folder / inventory.FILE_NAME, plain(inventory.document(replace(network, nodes=tuple(nodes)))))
        yield Stand(folder, ballot.nodes)
