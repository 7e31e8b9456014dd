"""The outcome of a session: clearing and trees put together, as it is posted and published."""

from collections.abc import Sequence

from commons.keccak import keccak256
from commons.units import EnergyWh, OrderIndex, PriceUekwh, SlotIndex
from oracle.clearing.rule import clear
from oracle.clearing.tree import AllocationTree, slot_trees
from oracle.clearing.types import Book, Clearing, Outcome, SlotOutcome, SlotResult

_WORD_BYTES = 32


def outcome_of(book: Book, slot_count: int) -> Outcome:
    """The outcome of a session's revealed orders.

    Raises:
        MalformedOrders: the book is not one that a chain can have revealed.
    """
    book.require_sound(slot_count)
    clearing = clear(book, slot_count)
    return join(clearing, slot_trees(book, clearing))


def join(clearing: Clearing, trees: Sequence[AllocationTree]) -> Outcome:
    """The outcome of a clearing and the trees built over it."""
    slots = tuple(_slot_outcome(clearing, slot, tree) for slot, tree in enumerate(trees))
    return Outcome(slots, clearing.filled)


def slot_hash(result: SlotResult) -> bytes:
    """`keccak256(abi.encode(SlotResult))`."""
    return keccak256(b"".join(_word(figure) for figure in result))


def slots_hash(results: Sequence[SlotResult]) -> bytes:
    """What the contract keeps of an outcome: `keccak256(abi.encodePacked(bytes32[]))` of the slots' hashes."""
    return keccak256(b"".join(slot_hash(result) for result in results))


def _word(figure: int | bytes) -> bytes:
    return figure if isinstance(figure, bytes) else figure.to_bytes(_WORD_BYTES, "big")


def _slot_outcome(clearing: Clearing, slot: int, tree: AllocationTree) -> SlotOutcome:
    volume = int(clearing.volume[slot])
    trades = volume > 0
    return SlotOutcome(
        slot=SlotIndex(slot),
        price=PriceUekwh(int(clearing.price[slot])) if trades else None,
        lo=PriceUekwh(int(clearing.lo[slot])) if trades else None,
        hi=PriceUekwh(int(clearing.hi[slot])) if trades else None,
        lo_witness=OrderIndex(int(clearing.lo_witness[slot])) if trades else None,
        hi_witness=OrderIndex(int(clearing.hi_witness[slot])) if trades else None,
        volume=EnergyWh(volume),
        order_count=tree.order_count,
        root=tree.root.hash,
        sums=tree.root.sums,
    )
