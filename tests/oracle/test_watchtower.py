"""A stranger's watchtower against operators who agree on something wrong, and against those who keep the tree back."""

from pathlib import Path

import pytest

from commons.actions import funds
from commons.contracts import CommunityReader
from commons.errors import ContractRefusal
from commons.publication import Dataset
from commons.records import Bond, SessionState
from commons.store import FolderStore
from commons.units import UE_PER_EURO, MoneyUe
from oracle.clearing.types import SlotResult
from oracle.publication.outcome import KIND, OutcomeDocument
from oracle.refutation import opening
from oracle.refutation.examine import Examination, Right, Withheld, Wrong
from oracle.refutation.places import OpenedTree
from oracle.refutation.sending import demanded_node, outcome_proof
from oracle.watchtower import Watchtower
from scripts.embedded import mine
from tests.support import collusion
from tests.support.chain import BOND, World
from tests.support.market import Day, OperatorDesk, desks, open_day, step, usual_orders

POCKET = MoneyUe(20 * UE_PER_EURO)


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


def watchtower(world: World, published: FolderStore) -> Watchtower:
    """A watchtower as a new process finds it."""
    return Watchtower(world.reader, published, world.stranger)


def lied(day: Day) -> OutcomeDocument:
    """An outcome in which a better bid of the first slot gets less."""
    honest = collusion.honest_outcome(day.view)
    book = honest.book
    first_buy = int(book.index[(book.slot == 0) & book.is_buy][0])
    first_sell = int(book.index[(book.slot == 0) & ~book.is_buy][0])
    filled = dict(zip(book.index.tolist(), honest.filled.tolist(), strict=True))
    fills = {first_buy: filled[first_buy] - 100, first_sell: filled[first_sell] - 100}
    return collusion.refilled(honest, fills, volume={0: honest.results[0].volume - 100})


def with_root(document: OutcomeDocument, root: bytes) -> OutcomeDocument:
    """The outcome with another root in its first slot."""
    results: list[SlotResult] = list(document.results)
    results[0] = results[0]._replace(root=root)
    return OutcomeDocument(
        document.market, document.session_id, document.round, tuple(results), document.book, document.filled
    )


def test_watchtower__right_outcome__leaves_it_alone(day: Day, tower: Watchtower, operators: list[OperatorDesk]) -> None:
    step(operators)
    (sighting,) = tower.look()
    assert sighting.is_right
    assert sighting.done == ()
    found = tower.examine(day.session_id)
    assert found is not None
    assert isinstance(found[2], Right)


def test_watchtower__nothing_accepted__sees_nothing(day: Day, tower: Watchtower) -> None:
    assert tower.look() == []
    assert tower.examine(day.session_id) is None


def test_watchtower__wrong_outcome__commits_then_proves_and_the_session_is_cleared_again(
    world: World, day: Day, tower: Watchtower, operators: list[OperatorDesk]
) -> None:
    collusion.post_outcome(day, operators[1:], lied(day))
    (sighting,) = tower.look()
    assert not sighting.is_right
    assert sighting.done == ("committed to the proof",)
    assert tower.look()[0].done == ()
    mine(world.chain)
    (sighting,) = watchtower(world, operators[0].published).look()
    assert sighting.done[0].startswith("refuted the outcome (")
    assert world.reader.state(day.session_id) is SessionState.CLEARING
    assert day.view.round == 2
    world.chain.send(world.issuer, funds.mint_call(world.contracts.euro, operators[1].signer.address, BOND))
    funds.pay_bond(world.reader, operators[1].signer, BOND)
    bonds = [world.reader.bond(operator.signer.address) for operator in operators]
    assert [bond.amount for bond in bonds] == [BOND, BOND, 0]
    assert bonds[1].pledged == bonds[2].pledged == 0
    step(operators[:2])
    assert world.reader.state(day.session_id) is SessionState.CHALLENGE
    assert tower.look()[0].is_right


def refuted_beside(day: Day, tower: Watchtower, operators: list[OperatorDesk]) -> bytes:
    """Two operators outvote the first with a lie, which is refuted; the question of that round."""
    step(operators[:1])
    collusion.post_outcome(day, operators[1:], lied(day))
    question = day.view.outcome_ballot.question
    tower.look()
    mine(day.world.chain)
    assert tower.look()[0].done[0].startswith("refuted")
    return question


def test_stakes__in_a_refuted_round__are_free_for_whoever_backed_another_answer_and_for_nobody_else(
    world: World, day: Day, tower: Watchtower, operators: list[OperatorDesk]
) -> None:
    question = refuted_beside(day, tower, operators)
    honest, liar, _ = (operator.signer for operator in operators)
    assert funds.ended_stakes(world.reader, honest.address) == [question]
    assert funds.ended_stakes(world.reader, liar.address) == []
    with pytest.raises(ContractRefusal, match="held by 1 open stakes"):
        funds.unbond(world.reader, liar)
    funds.unbond(world.reader, honest)
    assert world.reader.euro_balance(honest.address) == BOND
    funds.collect_bonds(world.reader, world.stranger)
    assert funds.ended_stakes(world.reader, liar.address) == []
    assert world.reader.bond(liar.address) == Bond(MoneyUe(0), 0, MoneyUe(0))


def test_operator__who_was_outvoted_in_a_refuted_round__ends_its_stake_there_in_its_pass(
    world: World,
    day: Day,
    tower: Watchtower,
    operators: list[OperatorDesk],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    question = refuted_beside(day, tower, operators)
    monkeypatch.setattr(CommunityReader, "bond", lambda reader, of: Bond(MoneyUe(10), 1, MoneyUe(6)))
    step(operators[:1])
    monkeypatch.undo()
    past = day.view.past_ballots[0]
    assert past.question == question
    assert past.released == (operators[0].signer.address,)
    step(operators[:1])
    assert world.reader.bond(operators[0].signer.address).stakes == 1  # the new round's


def test_watchtower__tree_kept_back_and_answered__refutes_with_what_was_opened(
    world: World, day: Day, tower: Watchtower, operators: list[OperatorDesk]
) -> None:
    document = lied(day)
    collusion.post_outcome(day, operators[1:], document, cid="kept-back")
    (sighting,) = tower.look()
    assert sighting.done == ("demanded slot 0's tree at level 2, position 0",)
    assert tower.look()[0].done == ()
    leaves = opening.leaves_of(document.book, document.filled, 0)
    tree = opening.known_tree(document.results[0], leaves).tree
    call = world.contracts.demands.call("answer", 1, *opening.answer(tree, leaves, 2, 0))
    world.chain.send(operators[1].signer, call)
    assert tower.look()[0].done == ("committed to the proof",)
    mine(world.chain)
    assert tower.look()[0].done[0].startswith("refuted the outcome")
    assert tower.look() == []


def test_watchtower__garbage_root__voids_the_outcome_when_nobody_answers(
    world: World, day: Day, tower: Watchtower, operators: list[OperatorDesk]
) -> None:
    document = with_root(collusion.honest_outcome(day.view), b"\x77" * 32)
    collusion.post_outcome(day, operators[1:], document)
    found = tower.examine(day.session_id)
    assert found is not None
    assert isinstance(found[2], Withheld)
    assert tower.look()[0].done == ("demanded slot 0's tree at level 2, position 0",)
    _, window = world.chain.call(world.contracts.demands.call("demandTerms", day.session_id))
    world.jump(window)
    assert tower.look()[0].done == ("made the outcome void: nobody answered demand 1",)
    assert world.reader.state(day.session_id) is SessionState.CLEARING


def test_watchtower__dataset_made_to_break_its_reader__is_taken_as_kept_back(
    day: Day, tower: Watchtower, operators: list[OperatorDesk]
) -> None:
    """A figure that Python refuses to read, and not with an error of ours."""
    head = {"chain_id": "9" * 5000, "marketplace": "0x", "session": "1", "round": "1"}
    made = collusion.publish(operators[1].published, Dataset(KIND, head, {"allocations": [], "slots": []}))
    collusion.post_outcome(day, operators[1:], lied(day), cid=made)
    assert tower.look()[0].done == ("demanded slot 0's tree at level 2, position 0",)


def test_watchtower__session_that_breaks_it__does_not_hide_the_next(
    world: World, day: Day, tower: Watchtower, operators: list[OperatorDesk], monkeypatch: pytest.MonkeyPatch
) -> None:
    second = open_day(world, usual_orders(world), delivery_start=day.view.parameters.delivery_end)
    second.reveal()
    for one in (day, second):
        collusion.post_outcome(one, operators[1:], lied(one))
    examine = Examination.verdict

    def breaks(examination: Examination, *given: object) -> object:
        if examination.view.session_id == day.session_id:
            raise IndexError("an order that is not there")
        return examine(examination, *given)  # type: ignore[arg-type]

    monkeypatch.setattr(Examination, "verdict", breaks)
    broken, able = tower.look()
    assert (broken.words, broken.is_right) == ("its outcome could not be judged", False)
    assert broken.trouble == "IndexError: an order that is not there"
    assert able.done == ("committed to the proof",)


def test_watchtower__one_session_in_which_it_can_do_nothing__goes_on_with_the_next(
    world: World, day: Day, operators: list[OperatorDesk]
) -> None:
    """Without money for a demand."""
    tower = watchtower(world, operators[0].published)
    parameters = day.view.parameters
    second = open_day(world, usual_orders(world), delivery_start=parameters.delivery_end)
    second.reveal()
    collusion.post_outcome(day, operators[1:], lied(day), cid="kept-back")
    collusion.post_outcome(second, operators[1:], lied(second))
    poor, able = tower.look()
    assert (poor.session_id, able.session_id) == (day.session_id, second.session_id)
    assert poor.done == ()
    assert "holds 0.00 €, and 1.00 € are needed" in poor.trouble
    assert able.done == ("committed to the proof",)
    assert able.trouble == ""
    mine(world.chain)
    (chosen,) = tower.look(second.session_id)
    assert chosen.done[0].startswith("refuted the outcome")


def test_watchtower__without_a_key__tells_and_sends_nothing(
    world: World, day: Day, operators: list[OperatorDesk]
) -> None:
    collusion.post_outcome(day, operators[1:], lied(day))
    looker = Watchtower(world.reader, operators[0].published)
    (sighting,) = looker.look()
    assert not sighting.is_right
    assert sighting.done == ()
    found = looker.examine(day.session_id)
    assert found is not None
    assert isinstance(found[2], Wrong)


def test_operator__tree_of_its_own_outcome_demanded__opens_it_in_its_pass(
    world: World, day: Day, tower: Watchtower, operators: list[OperatorDesk]
) -> None:
    step(operators)
    posted = day.view.accepted_outcome()
    assert posted is not None
    assert not Examination.of(day.view, posted).wrong_slots
    node = demanded_node(OpenedTree(posted.results[3]), 2, 0)
    demands = world.contracts.demands
    world.chain.send(world.stranger, world.contracts.euro.call("approve", demands.address, POCKET))
    call = demands.call("demand", day.session_id, outcome_proof(posted, 3), node, 0)
    world.chain.send(world.stranger, call)
    step(operators)
    opened = [operator.signer.address for operator in operators]
    assert world.chain.call(demands.call("answeredBy", 1)) in opened
    step(operators)
