"""What refuters and those who demand a tree send: `IRefutationVerifier.sol`, `ITreeDemands.sol`."""

from dataclasses import dataclass
from enum import IntEnum

from commons.addresses import Address
from commons.units import EpochSeconds, MoneyUe, SessionId


class Refutation(IntEnum):
    """What a refutation shows of a posted slot; see `IRefutationVerifier.sol`."""

    PADDING_MISPLACED = 0
    PADDING_REPLACED = 1
    INDICES_NOT_ASCENDING = 2
    LEAF_UNLIKE_REVEAL = 3
    ORDER_MISSING = 4
    WRONG_LEAF_SUMS = 5
    WRONG_PADDING_SUMS = 6
    WRONG_NODE_SUMS = 7
    OVERFILLED = 8
    BETTER_NOT_FULL = 9
    WORSE_FILLED = 10
    WRONG_SHARE = 11
    UNIT_MISPLACED = 12
    BEYOND_BOUND = 13
    LOWER_WITNESS = 14
    IDLE_WITNESS = 15
    WITNESS_ABSENT = 16
    FILL_WITHOUT_TRADE = 17
    CROSSING_UNCLEARED = 18


@dataclass(frozen=True, slots=True)
class TreePlace:
    """A place of a posted allocation tree, opened; the bytes are described in `IRefutationVerifier.sol`."""

    level: int
    position: int
    content: bytes
    path: bytes


@dataclass(frozen=True, slots=True)
class RevealedOrder:
    """Which of a trader's revealed orders, and `abi.encode(Order[])` of them all."""

    trader: Address
    number: int
    orders: bytes


@dataclass(frozen=True, slots=True)
class DemandedNode:
    """A node of a posted tree with its path, as whoever demands it names it."""

    level: int
    position: int
    hash: bytes
    path: bytes


@dataclass(frozen=True, slots=True)
class Demand:
    """A demand to open a node; `bond` is 0 once it went its way."""

    session_id: SessionId
    question: bytes
    node: bytes
    hash: bytes
    demander: Address
    answer_by: EpochSeconds
    slot: int
    level: int
    position: int
    bond: MoneyUe
