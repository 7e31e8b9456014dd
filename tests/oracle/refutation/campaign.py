"""The attack on random markets: every mutant there is, and what stops it.

Run as a module, it says how many mutants of each family there were, and what caught them; with `--write` it also keeps
what caught how many in `counts.json`, which docs/proofs.md is held to:

    python -m tests.oracle.refutation.campaign [MARKETS] [--write]
"""

import json
import random
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from oracle.clearing.checks import posting_violations
from oracle.clearing.tree import Node
from oracle.clearing.types import NO_ROOT
from oracle.refutation.places import Leaf, OpenedTree, depth_of
from oracle.refutation.search import cheapest_proof
from tests.oracle.refutation.attack import mutants, random_market
from tests.oracle.refutation.attack_two import together
from tests.oracle.refutation.posted import CAP, FLOOR, Market, Slot

DEMAND = "demand"
"""Nobody can open that root: whoever demands it has the outcome voided."""

COUNTS = Path(__file__).parent / "counts.json"
FIRST_MARKETS = 24
"""Those that every run of the tests attacks again."""

Wrong = Mapping[int, Slot]
"""The slots that somebody posts otherwise, by their numbers."""


def caught_by(market: Market, wrong: Wrong) -> str | None:
    """What stops an outcome: a check at posting, the kind of a proof, or a demand; None where nothing does."""
    results = [wrong.get(slot.slot, slot).result for slot in market.slots]
    if posting_violations(results, FLOOR, CAP, market.revealed):
        return "posting"
    unopened = False
    for number, slot in wrong.items():
        sight = sight_of(market, wrong, slot)
        proof = None if sight is None else cheapest_proof(sight, number, market.records)
        if proof is not None:
            return proof.kind.name
        unopened |= sight is None
    return DEMAND if unopened else None


def sight_of(market: Market, wrong: Wrong, slot: Slot) -> OpenedTree | None:
    """What can be seen of a slot's tree: all of it; None where nobody has a tree of that height under that root.

    A root that is not that of the slot's own leaves, because count or root came from elsewhere, may still be that of
    another tree that somebody has: of whatever was ever hashed here.
    """
    result = slot.result
    if result.order_count == 0 or slot.hashed(keep_sums=True).result.root == result.root:
        return slot.sight()
    known = preimages([*market.slots, *wrong.values()])
    sight, level = OpenedTree(result), {0: result.root}
    for height in range(depth_of(result.order_count) - 1, -1, -1):
        below: dict[int, bytes] = {}
        for place, hash_ in level.items():
            children = known.get(hash_)
            if not isinstance(children, tuple):
                return None
            sight.nodes |= {(height, 2 * place + side): node for side, node in enumerate(children)}
            below |= {2 * place + side: node.hash for side, node in enumerate(children)}
        level = below
    for place, hash_ in level.items():
        leaf = known.get(hash_)
        if isinstance(leaf, tuple) or (leaf is None and hash_ != NO_ROOT):
            return None
        sight.opened[place] = leaf
    return sight


def preimages(slots: Iterable[Slot]) -> dict[bytes, Leaf | tuple[Node, Node]]:
    """What was hashed: orders, and pairs of nodes."""
    known: dict[bytes, Leaf | tuple[Node, Node]] = {}
    for slot in slots:
        known |= {leaf.hash(): leaf for leaf in slot.leaves if leaf is not None}
        nodes = slot.tree()
        for level, place in nodes:
            if level:
                children = nodes[level - 1, 2 * place], nodes[level - 1, 2 * place + 1]
                known[nodes[level, place].hash] = children
    return known


def wrong_outcomes(market: Market, rng: random.Random) -> Iterator[tuple[str, Wrong]]:
    """Everything that is tried: in one slot, and in two."""
    for honest in market.slots:
        for family, slot in mutants(market, honest, rng):
            yield family, {honest.slot: slot}
    for family, pair in together(market, rng):
        yield f"two slots: {family}", dict(enumerate(pair))


def attack(seed: int) -> tuple[Counter[tuple[str, str]], list[tuple[str, Wrong]]]:
    """All mutants of one random market: what caught how many, and those that nothing caught."""
    rng = random.Random(seed)
    market = random_market(rng)
    counts: Counter[tuple[str, str]] = Counter()
    survivors = []
    for family, wrong in wrong_outcomes(market, rng):
        caught = caught_by(market, wrong)
        counts[family, caught or "nothing"] += 1
        if caught is None:
            survivors.append((family, wrong))
    return counts, survivors


def by_catcher(counts: Counter[tuple[str, str]]) -> dict[str, int]:
    """How many mutants each check, kind of proof or demand caught, by its name in lower case."""
    names = sorted({caught for _, caught in counts})
    return {name.lower(): sum(n for (_, caught), n in counts.items() if caught == name) for name in names}


def kept() -> dict[str, Any]:
    """The figures of the campaign that was run last: in all, and of each of the first markets."""
    found: dict[str, Any] = json.loads(COUNTS.read_text(encoding="utf-8"))
    return found


def keep(markets: int, mutants: int, in_two_slots: int, caught: Mapping[str, int], first: list[dict[str, int]]) -> None:
    """Write a campaign's figures down, a market a line."""
    lines = ",\n  ".join(json.dumps(market) for market in first)
    head = f'"markets": {markets},\n "mutants": {mutants},\n "in_two_slots": {in_two_slots}'
    text = f'{{\n {head},\n "caught": {json.dumps(caught)},\n "first_markets": [\n  {lines}\n ]\n}}\n'
    COUNTS.write_text(text, encoding="utf-8")


def main() -> None:
    """Attack many markets and print the tables."""
    numbers = [int(argument) for argument in sys.argv[1:] if argument.isdigit()]
    markets = numbers[0] if numbers else 300
    counts: Counter[tuple[str, str]] = Counter()
    first: list[dict[str, int]] = []
    for seed in range(markets):
        found, _ = attack(seed)
        counts += found
        first += [by_catcher(found)] if seed < FIRST_MARKETS else []
    two = sum(n for (family, _), n in counts.items() if family.startswith("two slots"))
    if "--write" in sys.argv:
        keep(markets, sum(counts.values()), two, by_catcher(counts), first)
    print(f"{markets} markets, {sum(counts.values()):,} mutants, {two:,} of them in two slots")
    for table in (0, 1):
        for name in sorted({key[table] for key in counts}):
            print(f"  {name.lower():36} {sum(n for key, n in counts.items() if key[table] == name):>9,}")


if __name__ == "__main__":
    main()
