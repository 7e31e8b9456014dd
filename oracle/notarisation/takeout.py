"""Take a member's own readings out: a bundle for each local day, proved against the root on the chain."""

from collections.abc import Iterator, Sequence
from datetime import date

from commons.chain import Event
from commons.contracts import CommunityReader
from commons.errors import NotFound
from commons.slots import day_number
from oracle.evidence.bundle import Bundle, take_out
from oracle.notarisation.notariser import Notariser


def bundles_of(notariser: Notariser, member_id: bytes, days: Sequence[date]) -> Iterator[Bundle]:
    """The bundles of a member, of the last notarised version of each day on which it had points.

    Raises:
        NotFound: a day is not notarised, or not frozen here as it was notarised.
        InputError: a member's key is not here.
    """
    reader = notariser.reader
    contract = reader.contracts.notary
    latest = reader.chain.calls([contract.call("latestNotarised", day_number(day)) for day in days])
    events = reader.chain.events(contract.address, reader.first_block, names=("DatasetPosted",))
    for day, (version, dataset) in zip(days, latest, strict=True):
        if not version:
            raise NotFound(
                f"the readings of {day} are not notarised",
                which=day.isoformat(),
                remedy="Take out days that `commonwatt dataset list` calls notarised.",
            )
        frozen = notariser.archive.readings(day, version)
        if frozen.frozen.root != dataset.root:
            raise NotFound(
                f"other readings of {day} are notarised than this operator froze",
                which=day.isoformat(),
                remedy="Take them out with another operator.",
            )
        points = sorted(point for point, member in frozen.member_ids.items() if member == member_id)
        if points:
            transaction = posting(events, day, version, dataset.root)
            yield take_out(frozen.dataset(notariser.keys.opened()), points, transaction)


def posting(events: Sequence[Event], day: date, version: int, root: bytes) -> bytes | None:
    """The transaction that posted this root first."""
    for event in events:
        args = event.args
        if (args["day"], args["version"], args["dataset"].root) == (day_number(day), version, root):
            return bytes.fromhex(event.tx_hash.removeprefix("0x"))
    return None


def notarised_root(reader: CommunityReader, day: date, version: int) -> bytes:
    """The root of a version that is accepted and final.

    Raises:
        NotFound: it is not.
    """
    dataset, final_at = reader.chain.call(reader.contracts.notary.call("datasetOf", day_number(day), version))
    if not 0 < final_at <= reader.chain.now():
        raise NotFound(
            f"version {version} of the readings of {day} is not notarised on this chain",
            which=day.isoformat(),
            remedy="Check community and RPC; what is not final yet may come to be.",
        )
    root: bytes = dataset.root
    return root
