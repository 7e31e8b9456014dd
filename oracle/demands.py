"""Demands to open a tree, as the chain tells of them, and an operator's answers."""

from collections.abc import Iterator
from dataclasses import dataclass

from commons.addresses import Address
from commons.chain import Chain
from commons.contracts import Contracts
from commons.records import Demand
from oracle.clearing.outcome import outcome_of
from oracle.hands import Sending
from oracle.refutation import opening
from oracle.refutation.examine import Answer
from oracle.refutation.opening import known_tree, leaves_of
from oracle.session.types import SessionView


@dataclass(frozen=True, slots=True)
class Asked:
    """A demand about the outcome of the present round, and what was answered."""

    number: int
    demand: Demand
    answer: Answer | None

    @property
    def demander(self) -> Address:
        """Who asks."""
        return self.demand.demander


@dataclass(frozen=True, slots=True)
class DemandBook:
    """The demands of a community."""

    chain: Chain
    contracts: Contracts

    def asked(self, view: SessionView) -> list[Asked]:
        """The demands about a session's outcome in its present round, in their order."""
        contract = self.contracts.demands
        names = ("NodeDemanded", "NodeOpened")
        events = self.chain.events(contract.address, view.opened_block, names=names)
        events = [event for event in events if event.args["sessionId"] == view.session_id]
        numbers = [event.args["demandId"] for event in events if event.name == "NodeDemanded"]
        demands = self.chain.calls([contract.call("demandOf", number) for number in numbers]) if numbers else []
        opened = {e.args["demandId"]: (e.args["sums"], e.args["bottom"]) for e in events if e.name == "NodeOpened"}
        # One answer answers every demand of the same node.
        by_node = {d.node: opened[n] for n, d in zip(numbers, demands, strict=True) if n in opened}
        return [
            Asked(number, demand, _answer(demand, by_node.get(demand.node)))
            for number, demand in zip(numbers, demands, strict=True)
            if demand.question == view.outcome_ballot.question
        ]


def _answer(demand: Demand, shown: tuple[bytes, bytes] | None) -> Answer | None:
    return None if shown is None else Answer(demand.slot, demand.level, demand.position, *shown)


@dataclass(frozen=True, slots=True)
class Answerer:
    """An operator's answers to demands about outcomes that it has worked out alike."""

    book: DemandBook

    def sendings(self, view: SessionView, now: int) -> Iterator[Sending]:
        """The calls that answer what is still open; nothing where the accepted outcome is another than this operator's.

        Asks the chain for the number of demands, and for more only while there are any.
        """
        posted, ballot = view.accepted_outcome(), view.outcome_ballot
        if posted is None or ballot.is_final(now):
            return
        contract = self.book.contracts.demands
        if not int(self.book.chain.call(contract.call("demandCount"))):
            return
        due = [a for a in self.book.asked(view) if a.answer is None and now < a.demand.answer_by]
        if not due:
            return
        orders = view.book()
        outcome = outcome_of(orders, view.parameters.slot_count)
        if tuple(slot.to_chain() for slot in outcome.slots) != posted.results:
            return
        done: set[bytes] = set()
        for asked in due:
            demand = asked.demand
            if demand.node in done:
                continue
            done.add(demand.node)
            leaves = leaves_of(orders, outcome.filled, demand.slot)
            tree = known_tree(posted.results[demand.slot], leaves).tree
            shown = opening.answer(tree, leaves, demand.level, demand.position)
            call = contract.call("answer", asked.number, *shown)
            what = f"opened slot {demand.slot}'s tree at level {demand.level}, position {demand.position}"
            yield Sending(f"open/{asked.number}", call, what)
