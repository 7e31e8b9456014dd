"""An operator's journal and anomalies, behind the API's port of records."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import Engine

from api.ports import AnomalyCount, Finding, OperatorStanding, Trouble
from commons.addresses import Address
from commons.slots import local_day, local_midnight
from commons.units import EpochSeconds
from oracle.intake.anomaly_book import AnomalyBook
from oracle.journal import FindingRow, Journal


@dataclass(frozen=True)
class KeptRecords:
    """Reads one operator's database, which is that of one community."""

    engine: Engine
    community: Address
    marketplace: Address

    def standing(self, community: Address) -> OperatorStanding | None:
        """How the operator does, by its journal."""
        journal = self._journal(community)
        if journal is None:
            return None
        cursor = journal.cursor()
        troubles = (note for note in journal.notes() if note.failures)
        return OperatorStanding(
            operator=journal.owner().operator,
            followed_block=None if cursor is None else cursor.head_block,
            open_transactions=tuple(row.tx_hash for row in journal.open_sendings()),
            troubles=tuple(Trouble(n.session_id, n.stands, n.failures, n.retry_block) for n in troubles),
        )

    def findings(self, community: Address, before: int | None, limit: int) -> Sequence[Finding]:
        """The journal's findings."""
        journal = self._journal(community)
        kept = [] if journal is None else [_given(row) for row in reversed(journal.findings())]
        return [one for one in kept if before is None or one.number < before][:limit]

    def anomalies(self, community: Address, first: date, last: date) -> Sequence[AnomalyCount]:
        """The anomalies as they were found at intake and by `commonwatt readings check`."""
        if community != self.community:
            return []
        counts: Counter[tuple[date, str]] = Counter()
        points: defaultdict[tuple[date, str], set[int]] = defaultdict(set)
        end = local_midnight(last + timedelta(days=1))
        for start, code, point in AnomalyBook(self.engine).counts(local_midnight(first), end):
            key = local_day(EpochSeconds(start)), code
            counts[key] += 1
            points[key].add(point)
        return [AnomalyCount(*key, count, len(points[key])) for key, count in sorted(counts.items())]

    def _journal(self, community: Address) -> Journal | None:
        """The operator's journal, if it is of this community's market."""
        journal = Journal.begun(self.engine) if community == self.community else None
        return journal if journal is not None and journal.owner().marketplace == self.marketplace else None


def _given(row: FindingRow) -> Finding:
    answer = "0x" + row.answer.removeprefix("0x")
    return Finding(row.id or 0, row.session_id or None, row.stage, answer, row.text, row.is_compared)
