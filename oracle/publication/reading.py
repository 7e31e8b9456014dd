"""Reading published documents by the CID that the chain names, from wherever they lie."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from commons.cid import Cid, parse_cid
from commons.errors import DataError, DatasetMalformed, DatasetMissing, MalformedInput
from commons.publication import MOST_BYTES
from commons.store import Reader, fetch
from oracle.publication import evidence, incentive, outcome, rewards, settlement
from oracle.publication.evidence import EvidenceDocument
from oracle.publication.incentive import IncentiveDocument
from oracle.publication.outcome import OutcomeDocument
from oracle.publication.rewards import RewardsDocument
from oracle.publication.settlement import SettlementDocument

HEAD_BYTES = 1 << 17
"""More than a session's dataset takes beside its orders."""
ORDER_BYTES = 1 << 10
"""More than an order takes in one, with a whole record to itself."""
PATIENCE_S = 60.0
"""With a dataset that somebody published who may not want it to be read."""


@dataclass(frozen=True, slots=True)
class Places:
    """Several places, asked one after the other; a `Reader`."""

    readers: Sequence[Reader]

    def read(self, cid: Cid) -> bytes:
        """The content from the first place that has it whole; else what the first place says."""
        failures: list[DataError] = []
        for reader in self.readers:
            try:
                return reader.read(cid)
            except DataError as error:
                failures.append(error)
        if failures:
            raise failures[0]
        raise DatasetMissing(f"there is no place to look for {cid}", which=cid, remedy="Name a folder or URL.")


@dataclass(frozen=True, slots=True)
class Hurried:
    """A `Reader` for one dataset of somebody who may mean to keep it back: after so many seconds it gives up."""

    reader: Reader
    patience_s: float
    clock: Callable[[], float] = time.monotonic
    _began: list[float] = field(default_factory=list)

    def read(self, cid: Cid) -> bytes:
        """The content, while there is time; `DatasetMissing` afterwards."""
        now = self.clock()
        if not self._began:
            self._began.append(now)
        if now - self._began[0] > self.patience_s:
            raise DatasetMissing(
                f"what was published takes longer to arrive than {self.patience_s:g} s",
                which=cid,
                remedy="Name the folder or URL of another operator.",
            )
        return self.reader.read(cid)


def read_outcome(reader: Reader, cid: str, orders: int | None = None) -> OutcomeDocument:
    """The outcome document that `cid` names.

    Args:
        orders: how many the session has, where that is known: a dataset larger than they can fill is not fetched.

    Raises:
        DataError: it is missing, cut short, altered, too large, or not such a document.
    """
    return outcome.from_dataset(fetch(reader, named(cid), outcome.KIND, _most_bytes(orders)), cid)


def read_settlement(reader: Reader, cid: str, orders: int | None = None) -> SettlementDocument:
    """The settlement document that `cid` names; arguments and errors as `read_outcome`."""
    return settlement.from_dataset(fetch(reader, named(cid), settlement.KIND, _most_bytes(orders)), cid)


def read_evidence(reader: Reader, cid: str) -> EvidenceDocument:
    """The document of a notarised day that `cid` names; errors as `read_outcome`."""
    return evidence.from_dataset(fetch(reader, named(cid), evidence.KIND), cid)


def read_incentive(reader: Reader, cid: str) -> IncentiveDocument:
    """The document of an incentive's division that `cid` names; errors as `read_outcome`."""
    return incentive.from_dataset(fetch(reader, named(cid), incentive.KIND), cid)


def read_rewards(reader: Reader, cid: str) -> RewardsDocument:
    """The document of a day's rewards that `cid` names; errors as `read_outcome`."""
    return rewards.from_dataset(fetch(reader, named(cid), rewards.KIND), cid)


def _most_bytes(orders: int | None) -> int:
    return MOST_BYTES if orders is None else HEAD_BYTES + ORDER_BYTES * orders


def named(cid: str) -> Cid:
    """The CID that the chain gives as text, which an operator may have filled with anything."""
    try:
        return parse_cid(cid)
    except MalformedInput as error:
        raise DatasetMalformed(
            f"the chain names the dataset {cid[:80]!r}, which is no CID",
            remedy="Nobody can fetch it: ask the operator who posted it, and object.",
        ) from error
