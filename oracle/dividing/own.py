"""What an operator says that the division of an incentive is: its own frozen readings under the rule that was recorded.

Everything else that counts is read from the chain as of moments gone by, so that operators who work at different times
come to the same figures: the versions of the days' datasets that were final when the first division was posted; whose
points were whose; the wallet that each member had when the period ended.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date

import numpy as np

from commons.actions.incentives import IncentiveView
from commons.contracts import CommunityReader
from commons.errors import InputError
from commons.publication import Published, split
from commons.records import IncentiveSplit
from commons.roster import Roster, last_block_before
from commons.slots import HOUR_S, day_grid, day_number, local_days, local_midnight
from commons.units import EpochSeconds
from oracle.duty import Wait
from oracle.incentive.period import joined
from oracle.incentive.rule import divide, division_rule
from oracle.incentive.types import Division
from oracle.measurement.member_energy import MemberEnergy
from oracle.publication.incentive import IncentiveDocument, UsedDataset, to_dataset
from oracle.rewarding.energy import energy_of
from oracle.rewarding.reckoner import FinalVersion, Reckoner


@dataclass(frozen=True, slots=True)
class OwnDivision:
    """An operator's own answer about an incentive."""

    incentive_id: int
    division: Division
    document: IncentiveDocument
    published: Published = field(repr=False)

    @property
    def split(self) -> IncentiveSplit:
        """What is posted."""
        return IncentiveSplit(self.document.root, self.document.total, len(self.document.claims))


def own_division(reader: CommunityReader, view: IncentiveView, reckoner: Reckoner) -> OwnDivision:
    """The operator's division.

    Raises:
        InputError: the period is not whole local days, a day is not notarised or not frozen here, the rule is unknown,
            or nobody shared energy.
    """
    start, end = view.incentive.period_start, view.incentive.period_end
    days = local_days(start, end)
    if local_midnight(days[0]) != start or day_grid(days[-1]).end != end:
        raise InputError(
            f"the period of incentive {view.incentive_id} is not whole local days",
            which=view.incentive_id,
            remedy="It was recorded so: it cannot be divided, and its euro go back to the treasury in the end.",
        )
    roster = reckoner.rosters.now()
    moment = _opened_at(reader, view.incentive_id)
    finals = {day: reckoner.version_at(day, moment) for day in days}
    _require_notarised(finals, roster)
    energy = joined([[_day(day, final, reckoner, roster)] for day, final in finals.items()])
    division = divide(view.incentive.amount, _by_wallet(reader, energy, roster, end), division_rule(view.rule))
    datasets = [UsedDataset(day_number(one.day), one.version, one.root) for one in finals.values() if one is not None]
    chain_id, treasury = reader.chain.chain_id, reader.contracts.treasury.address
    document = IncentiveDocument.of(chain_id, treasury, view.incentive_id, datasets, division)
    return OwnDivision(view.incentive_id, division, document, split(to_dataset(document)))


def _opened_at(reader: CommunityReader, incentive_id: int) -> EpochSeconds:
    """When the first division was posted; now, where none is."""
    events = reader.chain.events(reader.contracts.treasury.address, reader.first_block, names=("SplitPosted",))
    blocks = [event.block for event in events if event.args["incentiveId"] == incentive_id]
    return reader.chain.block(blocks[0]).timestamp if blocks else reader.chain.now()


def _require_notarised(finals: dict[date, FinalVersion | None], roster: Roster) -> None:
    """Refuse a day on which points were bound and no dataset is final; one without points has none."""
    spans = roster.points()
    for day, final in finals.items():
        grid = day_grid(day)
        if final is None and any(span.touches(grid.start, grid.end) for span in spans):
            raise InputError(
                f"the readings of {day} are not notarised yet",
                which=day.isoformat(),
                remedy="Wait until they are: see `commonwatt dataset list`.",
            )


def _day(day: date, final: FinalVersion | None, reckoner: Reckoner, roster: Roster) -> MemberEnergy:
    """A day's hours by member id; of nobody where the day has no dataset."""
    if final is None:
        grid = day_grid(day, HOUR_S)
        nothing = np.zeros((0, grid.count), dtype=np.int64)
        return MemberEnergy((), grid.start, HOUR_S, nothing, nothing, nothing, nothing.astype(bool))
    frozen = reckoner.frozen(final)
    if isinstance(frozen, Wait):
        raise InputError(str(frozen), which=day.isoformat(), remedy="This operator cannot vouch for a division.")
    return energy_of(frozen, roster, HOUR_S)


def _by_wallet(reader: CommunityReader, energy: MemberEnergy, roster: Roster, end: EpochSeconds) -> MemberEnergy:
    """The energy under the wallet that each member had when the period ended."""
    block = last_block_before(reader.chain, end, reader.first_block)
    wallets = [roster.wallet(bytes.fromhex(member), block) for member in energy.members]
    known = [row for row, wallet in enumerate(wallets) if wallet is not None]
    return replace(
        energy,
        members=tuple(str(wallets[row]) for row in known),
        withdrawn_wh=_rows(energy.withdrawn_wh, known),
        injected_wh=_rows(energy.injected_wh, known),
        produced_wh=_rows(energy.produced_wh, known),
        present=energy.present[known],
    )


def _rows(
    table: np.ndarray[tuple[int, ...], np.dtype[np.int64]], rows: Sequence[int]
) -> np.ndarray[tuple[int, ...], np.dtype[np.int64]]:
    return np.asarray(table[list(rows)], dtype=np.int64)
