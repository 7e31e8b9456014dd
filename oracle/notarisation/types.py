"""What the chain says about a version of a local day's dataset. Source: `IMeasurementNotary.sol`."""

from dataclasses import dataclass
from datetime import date

from eth_abi.abi import encode

from commons.addresses import Address
from commons.cid import Cid
from commons.keccak import keccak256
from commons.slots import day_number
from oracle.session.types import Ballot

_STAGE = b"dataset".ljust(32, b"\0")


@dataclass(frozen=True, slots=True)
class NotaryId:
    """Which notary on which chain: part of every question's hash."""

    chain_id: int
    notary: Address

    def question(self, day: date, version: int) -> bytes:
        """What the operators are asked about a version of a day."""
        types = ["uint256", "address", "bytes32", "uint32", "uint32"]
        return keccak256(encode(types, [self.chain_id, self.notary, _STAGE, day_number(day), version]))


@dataclass(frozen=True, slots=True)
class DayAnswer:
    """A dataset as an operator answers with it: root, number of points and leaves, and what is published of it."""

    root: bytes
    points: int
    leaves: int
    cid: Cid

    def digest(self, question: bytes) -> bytes:
        """The answer's hash, which operators vote for."""
        types = ["bytes32", "(bytes32,uint32,uint64)", "bytes32"]
        dataset = (self.root, self.points, self.leaves)
        return keccak256(encode(types, [question, dataset, keccak256(self.cid.encode())]))


@dataclass(frozen=True, slots=True)
class PostedDay:
    """A dataset that an operator posted; its CID is as the operator wrote it, which may be anything."""

    operator: Address
    answer: bytes
    root: bytes
    data_cid: str


@dataclass(frozen=True, slots=True)
class DayView:
    """All that the chain's events say about a version of a day, up to some block."""

    day: date
    version: int
    opened_block: int
    ballot: Ballot
    posted: tuple[PostedDay, ...] = ()

    def accepted(self) -> PostedDay | None:
        """The dataset with k votes."""
        return next((one for one in self.posted if one.answer == self.ballot.accepted), None)
