"""Reading published documents by the CID that the chain names, from wherever they lie."""

from collections.abc import Sequence
from dataclasses import dataclass

from commons.cid import Cid, parse_cid
from commons.errors import DataError, DatasetMalformed, DatasetMissing, MalformedInput
from commons.store import Reader, fetch
from oracle.publication import evidence, incentive, outcome, rewards, settlement
from oracle.publication.evidence import EvidenceDocument
from oracle.publication.incentive import IncentiveDocument
from oracle.publication.outcome import OutcomeDocument
from oracle.publication.rewards import RewardsDocument
from oracle.publication.settlement import SettlementDocument


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


def read_outcome(reader: Reader, cid: str) -> OutcomeDocument:
    """The outcome document that `cid` names.

    Raises:
        DataError: it is missing, cut short, altered, or not such a document.
    """
    return outcome.from_dataset(fetch(reader, named(cid), outcome.KIND), cid)


def read_settlement(reader: Reader, cid: str) -> SettlementDocument:
    """The settlement document that `cid` names; errors as `read_outcome`."""
    return settlement.from_dataset(fetch(reader, named(cid), settlement.KIND), cid)


def read_evidence(reader: Reader, cid: str) -> EvidenceDocument:
    """The document of a notarised day that `cid` names; errors as `read_outcome`."""
    return evidence.from_dataset(fetch(reader, named(cid), evidence.KIND), cid)


def read_incentive(reader: Reader, cid: str) -> IncentiveDocument:
    """The document of an incentive's division that `cid` names; errors as `read_outcome`."""
    return incentive.from_dataset(fetch(reader, named(cid), incentive.KIND), cid)


def read_rewards(reader: Reader, cid: str) -> RewardsDocument:
    """The document of a day's rewards that `cid` names; errors as `read_outcome`."""
    return rewards.from_dataset(fetch(reader, named(cid), rewards.KIND), cid)


def named(cid: str) -> Cid:
    """The CID that the chain gives as text, which an operator may have filled with anything."""
    try:
        return parse_cid(cid)
    except MalformedInput as error:
        raise DatasetMalformed(
            f"the chain names the dataset {cid[:80]!r}, which is no CID",
            remedy="Nobody can fetch it: ask the operator who posted it, and object.",
        ) from error
