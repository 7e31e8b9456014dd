"""Judging an accepted outcome from a session's reveals: right, refutable by a proof, or kept back by its backers.

Pure: reads nothing but what it is given. Source: DESIGN.md section 7.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from oracle.clearing.outcome import outcome_of, slot_hash
from oracle.clearing.types import SlotResult
from oracle.publication.outcome import OutcomeDocument
from oracle.refutation import opening
from oracle.refutation.opening import is_posted, known_tree, leaves_of, reference_tree
from oracle.refutation.places import OpenedTree, Proof, Sight, WholeTree
from oracle.refutation.records import Records
from oracle.refutation.search import cheapest_proof
from oracle.session.types import PostedOutcome, SessionView


@dataclass(frozen=True, slots=True)
class Right:
    """The outcome is the one that the reveals lead to."""


@dataclass(frozen=True, slots=True)
class Wrong:
    """A slot is wrong, and this shows it."""

    proof: Proof


@dataclass(frozen=True, slots=True)
class Withheld:
    """A slot is wrong, and nothing that is known of its tree shows it: these nodes are to be demanded."""

    slot: int
    nodes: tuple[tuple[int, int], ...]
    opened: OpenedTree

    @property
    def words(self) -> str:
        """What is known, and why that is no proof yet."""
        return f"slot {self.slot} is wrong, and nobody has shown its orders with their fills: there is no proof yet"

    @property
    def places(self) -> str:
        """What the operators are to open, in words; empty where all of it is."""
        return "; ".join(f"level {level}, position {position}" for level, position in self.nodes)


Verdict = Right | Wrong | Withheld


@dataclass(frozen=True, slots=True)
class Answer:
    """What an operator showed of a node on the chain."""

    slot: int
    level: int
    position: int
    sums: bytes
    bottom: bytes


@dataclass(frozen=True, slots=True)
class Examination:
    """An accepted outcome beside what it must be."""

    view: SessionView
    posted: PostedOutcome
    right: tuple[SlotResult, ...]

    @classmethod
    def of(cls, view: SessionView, posted: PostedOutcome) -> "Examination":
        """Recomputes the outcome from the reveals."""
        outcome = outcome_of(view.book(), view.parameters.slot_count)
        return cls(view, posted, tuple(slot.to_chain() for slot in outcome.slots))

    @property
    def wrong_slots(self) -> list[int]:
        """The slots that differ from what they must be."""
        pairs = zip(self.posted.results, self.right, strict=True)
        return [slot for slot, (posted, right) in enumerate(pairs) if slot_hash(posted) != slot_hash(right)]

    def verdict(
        self,
        document: Callable[[], OutcomeDocument | None] = lambda: None,
        answers: Sequence[Answer] = (),
    ) -> Verdict:
        """What to do: the cheapest proof over all wrong slots, or else the demands for the first of them.

        Args:
            document: what was published under the outcome's name, asked for only if it is needed.
            answers: what operators opened on the chain, in its order.
        """
        wrong = self.wrong_slots
        if not wrong:
            return Right()
        records = Records.of(self.view)
        published = document()
        sights = {slot: self._sight(slot, records, published, answers) for slot in wrong}
        found = [cheapest_proof(sight, slot, records) for slot, sight in sights.items()]
        proofs = [proof for proof in found if proof is not None]
        if proofs:
            return Wrong(min(proofs, key=lambda proof: (proof.size, proof.slot)))
        return _withheld(sights)

    def _sight(
        self, slot: int, records: Records, published: OutcomeDocument | None, answers: Sequence[Answer]
    ) -> Sight:
        result = self.posted.results[slot]
        reference = reference_tree(result, records, slot)
        for known in (reference, *_published_trees(slot, result, published)):
            if is_posted(known):
                return known
        opened = OpenedTree(result, reference)
        for answer in answers:
            if answer.slot == slot:
                opening.take_in(opened, answer.level, answer.position, answer.sums, answer.bottom)
        return opened


def _published_trees(slot: int, result: SlotResult, published: OutcomeDocument | None) -> list[WholeTree]:
    return [] if published is None else [known_tree(result, leaves_of(published.book, published.filled, slot))]


def _withheld(sights: Mapping[int, Sight]) -> Withheld:
    for slot, sight in sights.items():
        if isinstance(sight, OpenedTree):
            nodes = tuple(opening.demands(sight))
            if nodes:
                return Withheld(slot, nodes, sight)
    slot, sight = next(iter(sights.items()))
    return Withheld(slot, (), sight if isinstance(sight, OpenedTree) else OpenedTree(sight.result))
