"""What an operator says that a day's rewards are: its own frozen readings under the parameters in force.

Everything else that counts is read from the chain as of moments gone by, so that operators who work at different times
come to the same figures: the version of the day's dataset; of the 60 days before, the versions that were final when
that one became final; whose points are whose; the wallet that each member had when the day ended.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from commons.actions.rewards import SetParameters, parameters_on
from commons.addresses import ZERO_ADDRESS, Address
from commons.calendar import is_working_day
from commons.cid import Cid
from commons.contracts import CommunityReader
from commons.publication import Published, split
from commons.records import RewardBatch
from commons.roster import Roster, RosterReader, last_block_before
from commons.slots import day_grid, day_number
from commons.units import EpochSeconds
from oracle.archive.archive import Archive, FrozenReadings
from oracle.duty import Wait
from oracle.publication.incentive import UsedDataset
from oracle.publication.rewards import RewardsDocument, batch_id_of, to_dataset
from oracle.rewarding.energy import DayPeaks, energy_of, history_of, peaks_of, slot_seconds_of
from oracle.rewarding.types import BatchAnswer, RewardsId, model_of
from oracle.rewards.leaves import MemberReward, reward_tree
from oracle.rewards.rule import reward
from oracle.rewards.types import HISTORY_DAYS, Circumstances, DayRewards


@dataclass(frozen=True, slots=True)
class FinalVersion:
    """A version of a day's dataset that k operators attested and nobody objected to in time."""

    day: date
    version: int
    root: bytes
    final_at: EpochSeconds


@dataclass(frozen=True, slots=True, eq=False)
class DayReckoning:
    """A day's rewards with every number that led there; members go by their ids, in hexadecimal, as in `wallets`."""

    day: date
    parameters: SetParameters
    versions: tuple[FinalVersion, ...]
    """The datasets that counted, by day; the last is the rewarded day's."""
    rewards: DayRewards
    wallets: dict[str, Address]

    @property
    def claims(self) -> tuple[MemberReward, ...]:
        """What members may claim, by ascending wallet; who earned nothing is not among them."""
        earned = zip(self.rewards.members, self.rewards.tokens, strict=True)
        listed = [MemberReward(self.wallets[member], tokens) for member, tokens in earned if tokens]
        return tuple(sorted(listed, key=lambda one: one.member))


@dataclass(frozen=True, slots=True)
class OwnBatch:
    """An operator's own answer about a day's rewards in a round."""

    answer: BatchAnswer
    document: RewardsDocument = field(repr=False)
    published: Published = field(repr=False)


@dataclass
class Reckoner:
    """Reckons for one operator; keeps the peaks of days that it has read."""

    reader: CommunityReader
    archive: Archive
    rosters: RosterReader
    _peaks: dict[tuple[date, int, int], DayPeaks] = field(default_factory=dict, repr=False)

    @property
    def rewards_id(self) -> RewardsId:
        """The contract that asks."""
        return RewardsId(self.reader.chain.chain_id, self.reader.contracts.rewards.address)

    def version_at(self, day: date, moment: EpochSeconds) -> FinalVersion | None:
        """The last version of a day's dataset that was final at a moment."""
        return self._versions([day], moment).get(day)

    def reckon(self, final: FinalVersion) -> DayReckoning | Wait:
        """The rewards of a day from a version of its dataset, or why this operator cannot tell."""
        parameters = parameters_on(self.reader, final.day)
        if parameters is None:
            return Wait("no reward parameters were in force on that day")
        before = [final.day - timedelta(days=ago) for ago in range(HISTORY_DAYS, 0, -1)]
        versions = (*self._versions(before, final.final_at).values(), final)
        frozen = self.frozen(final)
        if isinstance(frozen, Wait):
            return frozen
        roster = self.rosters.now()
        seconds = slot_seconds_of(frozen)
        peaks = self._all_peaks(versions[:-1], roster, seconds)
        if isinstance(peaks, Wait):
            return peaks
        energy = energy_of(frozen, roster, seconds)
        last_block = last_block_before(self.reader.chain, day_grid(final.day).end, self.reader.first_block)
        ids = [bytes.fromhex(member) for member in energy.members]
        profiles = [roster.profile(member_id, last_block) for member_id in ids]
        wallets = {member_id.hex(): roster.wallet(member_id, last_block) or ZERO_ADDRESS for member_id in ids}
        names = tuple("" if profile is None else profile.name for profile in profiles)
        around = Circumstances(history_of(final.day, energy.members, peaks), is_working_day(final.day), names)
        rewards = reward(energy, around, model_of(parameters.parameters))
        return DayReckoning(final.day, parameters, versions, rewards, wallets)

    def own(self, reckoning: DayReckoning, round_: int) -> OwnBatch | None:
        """The operator's answer in a round; None where nobody earned anything, and there is nothing to post."""
        claims = reckoning.claims
        if not claims:
            return None
        day, final = day_number(reckoning.day), reckoning.versions[-1]
        document = RewardsDocument(
            chain_id=self.reader.chain.chain_id,
            rewards=self.reader.contracts.rewards.address,
            day=day,
            round=round_,
            parameters=reckoning.parameters.number,
            dataset_version=final.version,
            datasets=tuple(UsedDataset(day_number(one.day), one.version, one.root) for one in reckoning.versions),
            claims=claims,
            root=reward_tree(batch_id_of(day, round_), claims).root,
        )
        published = split(to_dataset(document))
        batch = RewardBatch(document.root, document.total, len(claims), final.version)
        return OwnBatch(BatchAnswer(document.parameters, batch, Cid(published.cid)), document, published)

    # ---------------------------------------------------------------- parts

    def _versions(self, days: Sequence[date], moment: EpochSeconds) -> dict[date, FinalVersion]:
        """Per day the last version that was final at a moment; days without one are left out."""
        notary, chain = self.reader.contracts.notary, self.reader.chain
        counts = chain.calls([notary.call("versionCount", day_number(day)) for day in days])
        asked = [
            (day, version) for day, count in zip(days, counts, strict=True) for version in range(1, int(count) + 1)
        ]
        answers = chain.calls([notary.call("datasetOf", day_number(day), version) for day, version in asked])
        found = {}
        for (day, version), (dataset, final_at) in zip(asked, answers, strict=True):
            if final_at and final_at <= moment:
                found[day] = FinalVersion(day, version, dataset.root, EpochSeconds(final_at))
        return found

    def frozen(self, final: FinalVersion) -> FrozenReadings | Wait:
        """What this operator froze, if it is what was notarised."""
        own = self.archive.find(final.day, final.version)
        if own is None:
            return Wait(f"version {final.version} of the dataset of {final.day} was never frozen here")
        if own.root != final.root:
            return Wait(f"another dataset of {final.day} was notarised than this operator froze")
        return self.archive.readings(final.day, final.version)

    def _all_peaks(self, versions: Sequence[FinalVersion], roster: Roster, seconds: int) -> dict[date, DayPeaks] | Wait:
        found = {}
        for one in versions:
            key = (one.day, one.version, seconds)
            if key not in self._peaks:
                frozen = self.frozen(one)
                if isinstance(frozen, Wait):
                    return frozen
                self._peaks[key] = peaks_of(energy_of(frozen, roster, seconds))
            found[one.day] = self._peaks[key]
        oldest = min(found, default=date.max)
        self._peaks = {key: kept for key, kept in self._peaks.items() if key[0] >= oldest}
        return found
