"""An operator's part in a day's rewards: its own answer, the call that posts or attests it, and the claims to be paid.

An operator stands for nothing but what it reckoned itself, and says in words where others' rewards differ.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date

from commons.actions import rewards as onchain
from commons.actions.rewards import Claim
from commons.addresses import Address
from commons.chain import Block, Call
from commons.contracts import CommunityReader
from commons.errors import DataError, DatasetMalformed
from commons.merkle import StandardMerkleTree
from commons.slots import day_number, numbered_day
from commons.store import FolderStore, Reader
from commons.units import show_tokens
from oracle.duty import Wait
from oracle.publication.reading import read_rewards
from oracle.publication.rewards import RewardsDocument
from oracle.rewarding.reckoner import FinalVersion, OwnBatch, Reckoner
from oracle.rewarding.types import BatchView, PostedBatch

MOST_TOLD = 5


@dataclass(frozen=True, slots=True)
class RewardWork:
    """A day's rewards in a round to see to; `view` is None where nobody has posted them."""

    day: date
    round: int
    view: BatchView | None


@dataclass(frozen=True, slots=True)
class RewardFinding:
    """Another operator's rewards, and where they differ from one's own; or, not compared, why it cannot be told."""

    answer: bytes
    text: str
    is_compared: bool


@dataclass(frozen=True, slots=True)
class Payment:
    """Claims that are left to be paid of a final batch, and as many of them as the emission cap lets pass now."""

    batch_id: int
    left: int
    claims: tuple[Claim, ...]


@dataclass
class Rewarder:
    """Reckons, answers and pays for one operator; `published` is its own folder."""

    reckoner: Reckoner
    operator: Address
    published: FolderStore
    elsewhere: Reader
    _own: dict[tuple[FinalVersion, int], OwnBatch | None] = field(default_factory=dict, repr=False)
    _documents: dict[tuple[date, str], RewardsDocument] = field(default_factory=dict, repr=False)

    @property
    def reader(self) -> CommunityReader:
        """What the chain knows."""
        return self.reckoner.reader

    def own(self, work: RewardWork, block: Block) -> OwnBatch | Wait | None:
        """The operator's own answer, what it waits for, or None where nobody earned anything.

        The version of the day's dataset is the one that was final when the round was opened, if it was.
        """
        opened = block if work.view is None else self.reader.chain.block(work.view.opened_block)
        final = self.reckoner.version_at(work.day, opened.timestamp)
        if final is None:
            return Wait("its dataset is not notarised")
        if (final, work.round) not in self._own:
            reckoning = self.reckoner.reckon(final)
            if isinstance(reckoning, Wait):
                return reckoning
            self._own[final, work.round] = self.reckoner.own(reckoning, work.round)
        return self._own[final, work.round]

    def forget(self, day: date) -> None:
        """Let go of a day that is over."""
        self._own = {key: kept for key, kept in self._own.items() if key[0].day != day}
        self._documents = {key: kept for key, kept in self._documents.items() if key[0] != day}

    def digest(self, work: RewardWork, own: OwnBatch) -> bytes:
        """The answer's hash."""
        return own.answer.digest(self.reckoner.rewards_id.question(work.day, work.round))

    def call(self, work: RewardWork, own: OwnBatch) -> Call | Wait:
        """The call that attests an equal answer, or posts this one; none where an answer has its votes or this one has
        the operator's."""
        digest, view, contracts = self.digest(work, own), work.view, self.reader.contracts
        if view is not None:
            if view.ballot.accepted not in (None, digest):
                return Wait("other rewards were accepted than this operator's", view.ballot.final_at)
            if view.ballot.accepted == digest:
                return Wait("they may be objected to", view.ballot.final_at)
            if view.ballot.answer_of(self.operator) == digest:
                return Wait("other operators are working them out")
            if digest in {posted.answer for posted in view.posted}:
                return contracts.quorum.call("attest", view.ballot.question, digest)
        answer = own.answer
        return contracts.rewards.call("postBatch", day_number(work.day), work.round, answer.batch, answer.cid)

    def findings(self, work: RewardWork, own: OwnBatch) -> Iterator[RewardFinding]:
        """Where each different batch that was posted differs."""
        digest = self.digest(work, own)
        others = {} if work.view is None else {one.answer: one for one in work.view.posted if one.answer != digest}
        for other in others.values():
            yield self._finding(work, own, other)

    def payment(self, view: BatchView) -> Payment:
        """What is left to be paid of a final batch.

        Raises:
            DataError: the published batch cannot be read, or is not the final one.
        """
        document = self._final(view)
        tree = document.tree()
        left = [row for row, one in enumerate(document.claims) if one.member not in view.claimed]
        room = onchain.emission_left(self.reader) if left else 0
        return Payment(document.batch_id, len(left), tuple(_fitting(document, tree, left, room)))

    # ---------------------------------------------------------------- parts

    def _finding(self, work: RewardWork, own: OwnBatch, other: PostedBatch) -> RewardFinding:
        who = f"operator {other.operator} posted other rewards of {work.day}"
        try:
            told = differences(own.document, read_rewards(self.elsewhere, other.data_cid))
        except DataError as error:
            text = f"{who}, which cannot be compared: {error.message}"
            return RewardFinding(other.answer, text, is_compared=False)
        return RewardFinding(other.answer, f"{who}: {told}", is_compared=True)

    def _final(self, view: BatchView) -> RewardsDocument:
        """The published batch under the final root, whoever published it."""
        accepted = view.accepted()
        assert accepted is not None, "a batch is paid once it is accepted"
        key = view.day, accepted.data_cid
        document = self._documents.get(key) or read_rewards(self.elsewhere, accepted.data_cid)
        if document.root != accepted.batch.root or document.batch_id != onchain.batch_id_of(view.day, view.round):
            raise DatasetMalformed(
                f"the claims in rewards dataset {accepted.data_cid} do not lead to the final root",
                remedy="Members can claim what they hold a proof of; ask an operator who attested the batch.",
            )
        self._documents[key] = document
        return document


def differences(here: RewardsDocument, there: RewardsDocument) -> str:
    """Where two batches of a day part: parameters, then datasets, then amounts."""
    if here.parameters != there.parameters:
        return f"parameters {here.parameters} here, {there.parameters} there"
    versions = [{one.day: (one.version, one.root) for one in document.datasets} for document in (here, there)]
    days = sorted(
        day for day in versions[0].keys() | versions[1].keys() if versions[0].get(day) != versions[1].get(day)
    )
    if days:
        return f"other datasets of {len(days)} days, the last of them {numbered_day(days[-1])}"
    amounts = [{one.member: one.amount for one in document.claims} for document in (here, there)]
    members = sorted(m for m in amounts[0].keys() | amounts[1].keys() if amounts[0].get(m) != amounts[1].get(m))
    if not members:
        return "the published figures are the same"
    told = "; ".join(
        f"member {m}: {show_tokens(amounts[0].get(m, 0))} here, {show_tokens(amounts[1].get(m, 0))} there"
        for m in members[:MOST_TOLD]
    )
    more = len(members) - MOST_TOLD
    return told if more <= 0 else f"{told}; and {more} more"


def claim_of(document: RewardsDocument, tree: StandardMerkleTree, row: int) -> Claim:
    """A claim of a batch with its proof."""
    one = document.claims[row]
    return Claim(one.member, one.amount, tuple(tree.proof(row)))


def _fitting(document: RewardsDocument, tree: StandardMerkleTree, rows: Sequence[int], room: int) -> Iterator[Claim]:
    """The claims that may be minted within `room`, as many as their order allows."""
    for row in rows:
        amount = document.claims[row].amount
        if amount <= room:
            room -= amount
            yield claim_of(document, tree, row)
