"""What a watchtower earns: bounties and the bonds of its demands, collected when they are due and by nobody else."""

from pathlib import Path

import pytest

from commons.actions import funds
from commons.chain import Call
from oracle.refutation import opening
from oracle.watchtower import Watchtower
from scripts.embedded import mine
from tests.oracle.test_watchtower import POCKET, lied, watchtower, with_root
from tests.support import collusion
from tests.support.chain import BOND, World
from tests.support.market import Day, OperatorDesk, desks, open_day, step, usual_orders


@pytest.fixture
def operators(world: World, tmp_path: Path) -> list[OperatorDesk]:
    """The three operators."""
    return desks(world, tmp_path)


@pytest.fixture
def day(world: World) -> Day:
    """A session whose orders are revealed."""
    opened = open_day(world, usual_orders(world))
    opened.reveal()
    return opened


@pytest.fixture
def tower(world: World, operators: list[OperatorDesk]) -> Watchtower:
    """A stranger's watchtower, with money for demands."""
    world.chain.send(world.issuer, funds.mint_call(world.contracts.euro, world.stranger.address, POCKET))
    return watchtower(world, operators[0].published)


def answer_root(world: World, day: Day) -> Call:
    """What opens the first slot's lied tree from its root, as demand 1 asks."""
    document = lied(day)
    leaves = opening.leaves_of(document.book, document.filled, 0)
    tree = opening.known_tree(document.results[0], leaves).tree
    return world.contracts.demands.call("answer", 1, *opening.answer(tree, leaves, 2, 0))


def test_collection__nothing_earned__sends_nothing(
    world: World, day: Day, tower: Watchtower, operators: list[OperatorDesk]
) -> None:
    step(operators)
    tower.look()
    before = world.chain.block_number()
    assert tower.collect() == []
    assert world.chain.block_number() == before


def test_bounty__of_a_proof__is_collected_by_whichever_process_comes_next(
    world: World, day: Day, tower: Watchtower, operators: list[OperatorDesk]
) -> None:
    collusion.post_outcome(day, operators[1:], lied(day))
    tower.look()
    assert tower.collect() == []
    mine(world.chain)
    tower.look()
    later = watchtower(world, operators[0].published)
    assert later.collect() == ["was paid a bounty of 1,000.00 €"]
    assert world.reader.euro_balance(world.stranger.address) == POCKET + BOND
    assert later.collect() == []
    assert tower.collect() == []
    assert world.reader.uncollected_answers() == 0


def test_bounty__whose_bonds_somebody_else_collected__is_paid(
    world: World, day: Day, tower: Watchtower, operators: list[OperatorDesk]
) -> None:
    collusion.post_outcome(day, operators[1:], lied(day))
    tower.look()
    mine(world.chain)
    tower.look()
    funds.collect_bonds(world.reader, world.alice)
    assert tower.collect() == ["was paid a bounty of 1,000.00 €"]


def test_bounty__of_somebody_else__is_left_alone(
    world: World, day: Day, tower: Watchtower, operators: list[OperatorDesk]
) -> None:
    collusion.post_outcome(day, operators[1:], lied(day))
    tower.look()
    mine(world.chain)
    tower.look()
    other = Watchtower(world.reader, operators[0].published, world.alice)
    other.look()
    assert other.collect() == []
    assert world.reader.uncollected_answers() == 1


def test_demand__that_nobody_answered__brings_bounty_and_bond(
    world: World, day: Day, tower: Watchtower, operators: list[OperatorDesk]
) -> None:
    collusion.post_outcome(day, operators[1:], with_root(collusion.honest_outcome(day.view), b"\x77" * 32))
    tower.look()
    assert tower.collect() == []
    _, window = world.chain.call(world.contracts.demands.call("demandTerms", day.session_id))
    world.jump(window)
    tower.look()
    assert tower.collect() == ["was paid a bounty of 1,000.00 €", "got back the bond of demand 1, 1.00 €"]
    assert world.reader.euro_balance(world.stranger.address) == POCKET + BOND
    assert tower.collect() == []


def test_demand__answered_and_refuted_with_that__brings_its_bond_back(
    world: World, day: Day, tower: Watchtower, operators: list[OperatorDesk]
) -> None:
    collusion.post_outcome(day, operators[1:], lied(day), cid="kept-back")
    tower.look()
    world.chain.send(operators[1].signer, answer_root(world, day))
    tower.look()
    mine(world.chain)
    tower.look()
    assert tower.collect() == ["was paid a bounty of 1,000.00 €", "got back the bond of demand 1, 1.00 €"]


def test_demand__answered_where_somebody_else_refuted__is_the_operators(
    world: World, day: Day, tower: Watchtower, operators: list[OperatorDesk]
) -> None:
    collusion.post_outcome(day, operators[1:], lied(day), cid="kept-back")
    tower.look()
    world.chain.send(operators[1].signer, answer_root(world, day))
    other = Watchtower(world.reader, operators[0].published, world.alice)
    other.look()
    mine(world.chain)
    other.look()
    assert tower.collect() == []
    assert other.collect() == ["was paid a bounty of 1,000.00 €"]
