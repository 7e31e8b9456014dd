"""One look of an operator at every day whose rewards are due: reckon, compare, post or attest, and pay the claims.

A day that fails is told of, and tried again after more and more blocks; it never stops the others.
"""

from dataclasses import dataclass, field
from datetime import date, timedelta

from commons.actions import rewards as onchain
from commons.chain import Block
from commons.errors import CommonwattError, ContractRefusal, RpcUnreachable
from commons.slots import day_number, local_day
from commons.units import SessionId, show_tokens
from oracle.duty import Wait
from oracle.journal import FindingRow, Journal
from oracle.outbox import Outbox
from oracle.report import RewardReport
from oracle.rewarding.fold import RewardsFold
from oracle.rewarding.reckoner import OwnBatch
from oracle.rewarding.rewarder import Rewarder, RewardWork
from oracle.rewarding.types import BatchView
from oracle.session.types import Operators
from oracle.turns import Turns

LONGEST_RETREAT = 6
"""A failing day is looked at again after 2, 4, … and at last 2⁶ blocks."""
FIRST_ROUND = 1
LATEST_DAYS = 7
"""A day before these of which nobody has posted a dataset is looked at again only when somebody does."""
STAGE = "rewards"
NO_SESSION = SessionId(0)
"""The session under which the journal keeps findings about rewards, which concern none."""


@dataclass
class RewardRound:
    """The rewards that one operator sees to."""

    fold: RewardsFold
    rewarder: Rewarder
    journal: Journal
    outbox: Outbox
    turns: Turns
    _over: set[date] = field(default_factory=set)
    _asleep: set[date] = field(default_factory=set)
    _failures: dict[date, tuple[int, int]] = field(default_factory=dict)

    def look(self, block: Block, operators: Operators, day: date | None = None) -> list[RewardReport]:
        """What was done for each day whose rewards are due, or for one alone, and how it stands."""
        if operators.number_of(self.turns.operator) is None:
            return []
        works = [work for work in self.works(block) if day in (None, work.day)]
        return [report for work in works if (report := self._day(work, block, operators))]

    def works(self, block: Block) -> list[RewardWork]:
        """The days to see to: over, with parameters in force and a notarised dataset, and not paid out."""
        stirred = self.fold.stirred()
        self._over -= stirred
        self._asleep -= stirred
        reader = self.rewarder.reader
        rewards, notary = reader.contracts.rewards, reader.contracts.notary
        every = self._days(block)
        days = [day for day in every if day not in self._over and day not in self._asleep]
        rounds = reader.chain.calls([rewards.call("roundOf", day_number(day)) for day in days])
        latest = reader.chain.calls([notary.call("latestNotarised", day_number(day)) for day in days])
        counts = reader.chain.calls([notary.call("versionCount", day_number(day)) for day in days])
        without = {day for day, (version, _) in zip(days, latest, strict=True) if not version}
        unposted = {day for day, count in zip(days, counts, strict=True) if not count}
        self._asleep |= unposted.difference(every[-LATEST_DAYS:])
        return [
            work
            for day, round_ in zip(days, rounds, strict=True)
            if day not in without and (work := self._work(day, int(round_), block)) is not None
        ]

    def close(self, day: date) -> None:
        """Nothing is left to be done about a day."""
        self._over.add(day)
        self.fold.forget(day)
        self.rewarder.forget(day)

    # ---------------------------------------------------------------- which days

    def _days(self, block: Block) -> list[date]:
        """The days that are over, from the first on which parameters were in force."""
        history = onchain.parameters_history(self.rewarder.reader)
        if not history:
            return []
        first = min(one.from_day for one in history)
        last = local_day(block.timestamp) - timedelta(days=1)
        return [first + timedelta(days=n) for n in range((last - first).days + 1)]

    def _work(self, day: date, round_: int, block: Block) -> RewardWork | None:
        if not round_:
            return RewardWork(day, FIRST_ROUND, None)
        reader = self.rewarder.reader
        question = reader.question(self.rewarder.reckoner.rewards_id.question(day, round_))
        if not question.accepted_at and block.timestamp >= question.deadline:
            return RewardWork(day, round_ + 1, None)
        view = self.fold.view(day, round_)
        if view is None:
            # An earlier process of this operator has seen it through, or the events are still to be read.
            batch = onchain.batch_of(reader, day)
            if batch is not None and batch.final_at and batch.claimed == batch.batch.total:
                self.close(day)
            return None
        return RewardWork(day, round_, view)

    # ---------------------------------------------------------------- one day

    def _day(self, work: RewardWork, block: Block, operators: Operators) -> RewardReport | None:
        """The round's edge: whatever goes wrong with a day fails that day, visibly."""
        failures, retry_block = self._failures.get(work.day, (0, 0))
        if self.turns.is_patient and block.number < retry_block:
            return None
        try:
            report = self._take_on(work, block, operators)
        except RpcUnreachable:
            raise
        except ContractRefusal as refusal:
            if self.rewarder.reader.chain.block().number != block.number and work not in self._again():
                return RewardReport(work.day, work.round, "somebody else was faster")
            return self._failed(work, block, failures, refusal)
        except Exception as error:  # noqa: BLE001
            return self._failed(work, block, failures, error)
        self._failures.pop(work.day, None)
        return report

    def _again(self) -> list[RewardWork]:
        return self.works(self.rewarder.reader.chain.block())

    def _take_on(self, work: RewardWork, block: Block, operators: Operators) -> RewardReport | None:
        view = work.view
        if view is not None and view.ballot.is_final(block.timestamp):
            return self._pay(work, view, block, operators)
        own = self.rewarder.own(work, block)
        if own is None:
            return self._nothing_earned(work)
        if isinstance(own, Wait):
            return RewardReport(work.day, work.round, str(own))
        self.rewarder.published.publish(own.published)
        findings = self._findings(work, own)
        call = self.rewarder.call(work, own)
        if isinstance(call, Wait):
            return RewardReport(work.day, work.round, str(call), findings=findings)
        posts = call.name.endswith(".postBatch")
        left = self._blocks_left(work, "post", operators, block) if posts and view is None else 0
        if left:
            stands = f"another operator's turn to post them for {left} more blocks"
            return RewardReport(work.day, work.round, stands, findings=findings)
        self.outbox.send(f"{STAGE}/{work.day}/{work.round}", call)
        what = f"{'posted' if posts else 'attested'} them ({own.answer.cid})"
        return RewardReport(work.day, work.round, what, (what,), findings)

    def _nothing_earned(self, work: RewardWork) -> RewardReport | None:
        if work.view is not None:
            text = f"operator {work.view.posted[-1].operator} posted rewards, and nobody has earned any"
            return RewardReport(work.day, work.round, "nobody has earned anything", findings=(text,))
        self.close(work.day)
        return RewardReport(work.day, work.round, "nobody has earned anything")

    def _pay(self, work: RewardWork, view: BatchView, block: Block, operators: Operators) -> RewardReport | None:
        """Have what is left of a final batch minted for the members, in their order, as far as the cap goes."""
        payment = self.rewarder.payment(view)
        if not payment.left:
            self.close(work.day)
            return None
        if not payment.claims:
            room = show_tokens(onchain.emission_left(self.rewarder.reader))
            stands = f"{payment.left} claims wait for the next emission period: {room} may still be minted in this one"
            return RewardReport(work.day, work.round, stands)
        left = self._blocks_left(work, ("claims", payment.left), operators, block)
        if left:
            return RewardReport(work.day, work.round, f"another operator's turn to pay them for {left} more blocks")
        claims = payment.claims[: onchain.MOST_CLAIMS]
        call = onchain.claim_call(self.rewarder.reader, payment.batch_id, claims)
        self.outbox.send(f"claims/{payment.batch_id}/{claims[0].member}/{payment.left}", call)
        what = f"paid {show_tokens(sum(one.amount for one in claims))} to {len(claims)} members"
        return RewardReport(work.day, work.round, what, (what,))

    def _findings(self, work: RewardWork, own: OwnBatch) -> tuple[str, ...]:
        """What others' rewards differ in, kept in the journal; each is compared once."""
        answers = {posted.answer.hex() for posted in work.view.posted} if work.view else set()
        kept = {row.answer: row for row in self.journal.findings(NO_SESSION) if row.stage == STAGE}
        known = {answer for answer, row in kept.items() if row.is_compared}
        if not answers - {self.rewarder.digest(work, own).hex()} <= known:
            for found in self.rewarder.findings(work, own):
                answer = found.answer.hex()
                row = FindingRow(
                    session_id=NO_SESSION, stage=STAGE, answer=answer, text=found.text, is_compared=found.is_compared
                )
                self.journal.keep_finding(row)
                kept[answer] = row
        return tuple(kept[answer].text for answer in sorted(answers) if answer in kept)

    def _blocks_left(self, work: RewardWork, what: object, operators: Operators, block: Block) -> int:
        return self.turns.blocks_left(day_number(work.day), operators, (STAGE, work.day, what), block.number)

    def _failed(self, work: RewardWork, block: Block, failures: int, error: Exception) -> RewardReport:
        message = error.message if isinstance(error, CommonwattError) else f"{type(error).__name__}: {error}"
        self._failures[work.day] = (failures + 1, block.number + 2 ** min(failures + 1, LONGEST_RETREAT))
        return RewardReport(work.day, work.round, f"failed: {message}", failure=message)
