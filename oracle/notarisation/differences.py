"""Where two operators' datasets of a day part, in words: which point, and in which slots, as far as it can be told.

Readings are compared by what is published of them (`oracle.evidence.point_hashes`), so the words hold no reading.
"""

from collections.abc import Iterator

from commons.slots import day_grid, show_time
from oracle.evidence.point_hashes import HINT_BYTES, PointHash
from oracle.publication.evidence import EvidenceDocument

MOST_TOLD = 5
MOST_SLOTS = 4


def tell_differences(here: EvidenceDocument, there: EvidenceDocument) -> str:
    """The first differences in words, and how many more points differ."""
    found = list(_differences(here, there))
    if not found:
        return "the published hashes are the same, and yet the roots differ: one of them is not of these readings"
    told = "; ".join(found[:MOST_TOLD])
    return told if len(found) <= MOST_TOLD else f"{told}; and {len(found) - MOST_TOLD} more points"


def _differences(here: EvidenceDocument, there: EvidenceDocument) -> Iterator[str]:
    if here.dataset != there.dataset or here.chain_id != there.chain_id:
        yield (
            f"it is about version {there.dataset.version} of {there.dataset.day} of community "
            f"{there.dataset.community} on chain {there.chain_id}"
        )
        return
    ours, theirs = ({point.point_id: point for point in document.points} for document in (here, there))
    for point_id in sorted(ours.keys() | theirs.keys()):
        if point_id not in theirs:
            yield f"point {point_id} is here alone"
        elif point_id not in ours:
            yield f"point {point_id} is there alone"
        elif ours[point_id] != theirs[point_id]:
            yield f"point {point_id}: {_compared(here, ours[point_id], theirs[point_id])}"


def _compared(document: EvidenceDocument, here: PointHash, there: PointHash) -> str:
    if here.seconds != there.seconds:
        return f"read in slots of {here.seconds} s here, of {there.seconds} s there"
    grid = day_grid(document.dataset.day, here.seconds)
    slots = [n for n in range(grid.count) if _hint(here, n) != _hint(there, n)]
    if not slots:
        return "a reading differs, in a slot that cannot be told"
    if len(slots) == grid.count:
        return "every reading differs, or the keys of its member do"
    told = ", ".join(show_time(grid[n].start) for n in slots[:MOST_SLOTS])
    more = f" and {len(slots) - MOST_SLOTS} more slots" if len(slots) > MOST_SLOTS else ""
    return f"the readings from {told}{more} differ"


def _hint(point: PointHash, slot: int) -> bytes:
    return point.hints[slot * HINT_BYTES : (slot + 1) * HINT_BYTES]
