"""What a challenger has coming, and how it comes by it: bounties, and the bonds of its demands."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from commons.actions.funds import collect_bonds
from commons.addresses import ZERO_ADDRESS, Address
from commons.chain import Event, TransactionSigner
from commons.contracts import CommunityReader
from commons.records import Demand
from commons.units import show_eur


@dataclass
class Earnings:
    """What one account has coming, as the events fed so far say; what it got already is on the chain."""

    reader: CommunityReader
    account: Address
    _demands: set[int] = field(default_factory=set)
    _may_have_bounty: bool = False

    def feed(self, events: Iterable[Event]) -> None:
        """Take the next events of the quorum and the contract of demands."""
        for event in events:
            if event.name == "NodeDemanded" and event.args["demander"] == self.account:
                self._demands.add(event.args["demandId"])
            elif event.name == "DemandBondPaid":
                self._demands.discard(event.args["demandId"])
            elif event.name == "AnswerVoided" and event.args["challenger"] == self.account:
                self._may_have_bounty = True

    def collect(self, signer: TransactionSigner) -> list[str]:
        """Collect what is due by now, and say what it was.

        Raises:
            ChainError: the chain does not answer, or refuses because somebody else was faster; collect again.
        """
        return self._bounties(signer) + self._bonds(signer)

    def _bounties(self, signer: TransactionSigner) -> list[str]:
        """Lost bonds are collected first: the bounty is a part of them."""
        if not self._may_have_bounty:
            return []
        collect_bonds(self.reader, signer)
        bounty = self.reader.bounty(self.account)
        if bounty:
            self.reader.chain.send(signer, self.reader.contracts.quorum.call("payBounty", self.account))
        self._may_have_bounty = False
        return [f"was paid a bounty of {show_eur(bounty)}"] if bounty else []

    def _bonds(self, signer: TransactionSigner) -> list[str]:
        """A bond goes to its demander unless an operator answered and the demander did not refute the outcome."""
        contract, chain, done = self.reader.contracts.demands, self.reader.chain, []
        for number, demand in self._settled():
            self._demands.discard(number)
            if demand.bond and self._is_own(number, demand):
                chain.send(signer, contract.call("payBond", number))
                done.append(f"got back the bond of demand {number}, {show_eur(demand.bond)}")
        return done

    def _settled(self) -> list[tuple[int, Demand]]:
        """The account's demands about outcomes that are void or final by now."""
        numbers = sorted(self._demands)
        if not numbers:
            return []
        demands = self.reader.chain.calls([self.reader.contracts.demands.call("demandOf", n) for n in numbers])
        questions = self.reader.questions([demand.question for demand in demands])
        now = self.reader.chain.now()
        both = zip(numbers, demands, questions, strict=True)
        return [(number, demand) for number, demand, question in both if question.is_over(now)]

    def _is_own(self, number: int, demand: Demand) -> bool:
        answered_by, refuted_by = self.reader.chain.calls(
            [
                self.reader.contracts.demands.call("answeredBy", number),
                self.reader.contracts.quorum.call("refutedBy", demand.question),
            ]
        )
        return bool(answered_by == ZERO_ADDRESS or refuted_by == self.account)
