"""One look of an operator at every incentive that is to be divided: divide, post or attest.

An incentive that cannot be divided yet, or fails, is told of, and tried again after more and more blocks; it never
stops the others. Shares are claimed by members, or by anybody for them (`commonwatt incentive claim`).
"""

from dataclasses import dataclass, field

from commons.actions import incentives
from commons.actions.incentives import IncentiveView
from commons.chain import Block
from commons.chain.sentences import show_moment
from commons.contracts import CommunityReader
from commons.errors import CommonwattError, InputError, RpcUnreachable
from commons.store import FolderStore, Reader
from oracle.dividing.difference import Comparison
from oracle.dividing.own import own_division
from oracle.dividing.posting import equal_answer, post_own
from oracle.outbox import Outbox
from oracle.report import IncentiveReport
from oracle.rewarding.reckoner import Reckoner
from oracle.session.types import Operators
from oracle.turns import Turns

LONGEST_RETREAT = 6
"""An incentive that waits or fails is looked at again after 2, 4, … and at last 2⁶ blocks."""
STAGE = "incentive"


@dataclass
class IncentiveRound:
    """The incentives that one operator sees to."""

    reader: CommunityReader
    reckoner: Reckoner
    published: FolderStore
    elsewhere: Reader
    outbox: Outbox
    turns: Turns
    _over: set[int] = field(default_factory=set)
    _retreats: dict[int, tuple[int, int]] = field(default_factory=dict)
    """Incentive → how often in a row it was in vain, and the block from which on it is looked at again."""
    _voted: dict[int, tuple[bytes, bytes]] = field(default_factory=dict)
    """Incentive → question and this operator's answer, so that no division is worked out again for nothing."""
    _compared: dict[int, Comparison] = field(default_factory=dict)
    """Incentive → this operator's division beside those of others."""

    def look(self, block: Block) -> list[IncentiveReport]:
        """What was done for each incentive that is not divided for good, and how it stands."""
        count = int(self.reader.chain.call(self.reader.contracts.treasury.call("incentiveCount")))
        numbers = [number for number in range(1, count + 1) if number not in self._over and self._is_due(number, block)]
        reports = [self._incentive(view, block) for view in incentives.incentives(self.reader, numbers)]
        return [report for report in reports if report is not None]

    def _is_due(self, number: int, block: Block) -> bool:
        return not self.turns.is_patient or block.number >= self._retreats.get(number, (0, 0))[1]

    def _incentive(self, view: IncentiveView, block: Block) -> IncentiveReport | None:
        """The round's edge: whatever goes wrong with an incentive fails that incentive, visibly."""
        number = view.incentive_id
        found = self.reader.operator_set(view.incentive.set_id)
        operators = Operators(view.incentive.set_id, found.operators, found.terms.threshold)
        is_final = bool(view.final_at) and block.timestamp >= view.final_at
        if view.incentive.is_closed or is_final or operators.number_of(self.turns.operator) is None:
            self._over.add(number)
            self._compared.pop(number, None)
            return None
        try:
            report = self._take_on(view, block, operators)
        except RpcUnreachable:
            raise
        except InputError as error:
            self._retreat(number, block)
            return IncentiveReport(number, error.what)
        except Exception as error:  # noqa: BLE001
            self._retreat(number, block)
            message = error.message if isinstance(error, CommonwattError) else f"{type(error).__name__}: {error}"
            return IncentiveReport(number, f"failed: {message}", failure=message)
        self._retreats.pop(number, None)
        return report

    def _take_on(self, view: IncentiveView, block: Block, operators: Operators) -> IncentiveReport:
        number = view.incentive_id
        if number in self._voted and self.reader.backs(*self._voted[number], self.turns.operator):
            return IncentiveReport(number, self._waits(view), findings=self._compared[number].findings())
        own = own_division(self.reader, view, self.reckoner)
        comparison = self._compared.setdefault(number, Comparison(self.reader, own, self.elsewhere))
        answer = equal_answer(self.reader, own)
        question = self.reader.chain.call(self.reader.contracts.treasury.call("splitQuestion", number))
        if answer is not None and self.reader.backs(question, answer, self.turns.operator):
            self._voted[number] = (question, answer)
            return IncentiveReport(number, self._waits(view), findings=comparison.findings())
        if answer is None:
            left = self.turns.blocks_left(number, operators, (STAGE, number), block.number)
            if left:
                stands = f"another operator's turn to post it for {left} more blocks"
                return IncentiveReport(number, stands, findings=comparison.findings())
        done = post_own(self.reader, own, self.outbox, self.published, self.elsewhere)
        return IncentiveReport(number, done, (f"{done} ({own.published.cid})",), comparison.findings())

    def _waits(self, view: IncentiveView) -> str:
        if not view.final_at:
            return "other operators are dividing it"
        return f"it may be objected to until {show_moment(view.final_at)}"

    def _retreat(self, number: int, block: Block) -> None:
        times = self._retreats.get(number, (0, 0))[0] + 1
        self._retreats[number] = (times, block.number + 2 ** min(times, LONGEST_RETREAT))
