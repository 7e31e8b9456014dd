"""Oracle's reckoning of a day's rewards, behind the API's port of reasons."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from api.ports import Reasons
from commons.addresses import Address
from commons.contracts import CommunityReader
from commons.errors import NotYet, UnknownMember
from commons.roster import RosterReader
from oracle.archive.archive import Archive
from oracle.duty import Wait
from oracle.rewarding.reckoner import Reckoner
from oracle.rewards.explanation import explain
from oracle.rewards.words import sentences
from scripts.surroundings import jsonable


@dataclass(frozen=True)
class ReckonedRewards:
    """Reckons from one operator's archive, which is that of one community."""

    reader: CommunityReader
    archive: Archive

    def explain(self, community: Address, member_id: bytes, day: date) -> Reasons:
        """Why a member earned what it earned on a day."""
        if community != self.reader.contracts.community.address:
            raise _no_point(day)
        reckoner = Reckoner(self.reader, self.archive, RosterReader(self.reader))
        final = reckoner.version_at(day, self.reader.chain.now())
        found = Wait("its dataset is not notarised") if final is None else reckoner.reckon(final)
        if isinstance(found, Wait):
            raise NotYet(
                f"the rewards of {day} cannot be reckoned: {found}",
                which=day.isoformat(),
                remedy="Ask again once the day's dataset is final.",
            )
        if member_id.hex() not in found.rewards.members:
            raise _no_point(day)
        told = explain(found.rewards, member_id.hex())
        figures: Mapping[str, Any] = with_token_texts(jsonable(told))
        return Reasons(found.parameters.number, found.versions[-1].version, sentences(told), figures)


def with_token_texts(value: Any) -> Any:
    """The value with amounts of tokens, which pass what numbers in JSON can say exactly, as decimal text."""
    if isinstance(value, list):
        return [with_token_texts(item) for item in value]
    if not isinstance(value, dict):
        return value
    return {
        key: str(item) if "tokens" in key and isinstance(item, int) else with_token_texts(item)
        for key, item in value.items()
    }


def _no_point(day: date) -> UnknownMember:
    return UnknownMember(
        f"no point was bound to the member on {day}",
        which=day.isoformat(),
        remedy="Without a meter there is nothing to reward.",
    )
