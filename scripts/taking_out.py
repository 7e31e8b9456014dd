"""An operator's archive and oracle's bundles, behind the API's port of take-out."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from commons.addresses import Address
from commons.errors import NotFound
from commons.slots import day_number
from oracle.evidence.bundle import encode
from oracle.notarisation.notariser import Notariser
from oracle.notarisation.takeout import bundles_of


@dataclass(frozen=True)
class ArchivedTakeOut:
    """Takes out of one operator's archive, which is that of one community."""

    notariser: Notariser

    def days(self, community: Address, member_id: bytes) -> Sequence[tuple[date, int]]:
        """The notarised days that hold points of the member, each with its version."""
        if community != self._community:
            return []
        kept = self.notariser.archive.days_of(member_id)
        days = list(dict.fromkeys(day for day, _ in kept))
        notary, chain = self.notariser.reader.contracts.notary, self.notariser.reader.chain
        answers = chain.calls([notary.call("latestNotarised", day_number(day)) for day in days])
        latest = {day: int(version) for day, (version, _) in zip(days, answers, strict=True)}
        return [(day, version) for day, version in kept if latest[day] == version]

    def bundle(self, community: Address, member_id: bytes, day: date) -> bytes:
        """The member's bundle of a day."""
        found = list(bundles_of(self.notariser, member_id, [day])) if community == self._community else []
        if not found:
            raise NotFound(
                f"the member has no notarised readings of {day} here",
                which=day.isoformat(),
                remedy="See which days there are at …/bundles.",
            )
        return encode(found[0])

    @property
    def _community(self) -> Address:
        return self.notariser.reader.contracts.community.address
