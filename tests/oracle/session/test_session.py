"""A session rebuilt from events equals what the contracts say of it, at every stage."""

from pathlib import Path

from commons.contracts import CommunityReader
from commons.records import PositionState
from oracle.session.answers import question
from oracle.session.fold import MarketFold
from oracle.session.types import SessionView, Stage
from tests.support.chain import World
from tests.support.market import Day, buy, desks, open_day, run_to_end, sell, step, usual_orders, usual_readings


def require_same(day: Day) -> None:
    """The view agrees with the contracts' own book-keeping."""
    view, reader = day.view, day.world.reader
    book = reader.book(day.session_id)
    assert view.parameters == reader.parameters(day.session_id)
    assert (view.order_count, len(view.reveals), len(view.executions)) == (
        book.order_count,
        book.traders,
        book.executed,
    )
    assert (view.pot, view.execution_deadline, view.is_cancelled) == (book.pot, book.execution_deadline, book.cancelled)
    assert view.settlement_root == (book.settlement_root if book.execution_deadline else None)
    require_same_ballots(view, reader)
    for reveal, position in zip(
        view.reveals, reader.positions(day.session_id, [reveal.trader for reveal in view.reveals]), strict=True
    ):
        bounds = view.bounds(reveal)
        assert (position.first_index, position.order_count) == (reveal.first_index, len(reveal.orders))
        assert (position.debit_bound, position.credit_bound) == (bounds.max_debit, bounds.max_credit)
        assert (position.state is PositionState.ENDED) == (reveal.trader in view.ended)


def require_same_ballots(view: SessionView, reader: CommunityReader) -> None:
    """The view's questions, votes and acceptances are the quorum's."""
    asked = {
        Stage.OUTCOME: reader.outcome_question(view.session_id),
        Stage.SETTLEMENT: reader.settlement_question(view.session_id),
    }
    for stage in Stage:
        ballot = view.ballot(stage)
        assert ballot.question == asked[stage] == question(view.market, stage, view.session_id, view.round)
        accepted = reader.accepted(ballot.question)
        assert (ballot.accepted, ballot.final_at) == (accepted.answer, accepted.final_at)
        for answer, voters in ballot.votes:
            assert len(voters) == reader.votes(ballot.question, answer)


def test_session__at_every_stage__is_what_the_contracts_say(world: World, tmp_path: Path) -> None:
    day = open_day(world, usual_orders(world))
    operators = desks(world, tmp_path)
    for operator in operators:
        operator.meter(day.view, usual_readings(world))
    require_same(day)
    day.reveal()
    require_same(day)
    step(operators[:1])
    require_same(day)
    step(operators)
    require_same(day)
    day.deliver()
    step(operators)
    require_same(day)
    day.object()
    step(operators)
    require_same(day)


def test_session__commitment_replaced_and_withdrawn__is_forgotten(world: World) -> None:
    day = open_day(world, {world.alice: [buy(0, 100, 9)], world.bob: [sell(0, 100, 9)]})
    day.commit()
    withdraw = world.contracts.marketplace.call("withdrawCommitment", day.session_id)
    world.chain.send(world.bob, withdraw)
    assert [commitment.trader for commitment in day.view.commitments] == [world.alice.address]


def test_session__vote_withdrawn_and_acceptance_revoked__counts_no_more(world: World, tmp_path: Path) -> None:
    day = open_day(world, usual_orders(world))
    operators = desks(world, tmp_path)
    for operator in operators:
        operator.meter(day.view, usual_readings(world))
    day.reveal()
    step(operators)
    day.deliver()
    step(operators[:2])
    ballot = day.view.settlement_ballot
    assert ballot.accepted is not None
    call = world.contracts.quorum.call("withdrawVote", ballot.question, ballot.accepted)
    world.chain.send(world.operators[1], call)
    assert day.view.settlement_ballot.accepted is None
    assert day.view.settlement_ballot.voters(ballot.accepted) == (world.operators[0].address,)
    require_same_ballots(day.view, world.reader)


def test_market__several_sessions_and_one_forgotten__keeps_the_others(world: World, tmp_path: Path) -> None:
    first = open_day(world, usual_orders(world))
    run_to_end(first, desks(world, tmp_path)[:0])
    start = (world.chain.now() // 3600 + 48) * 3600
    second = open_day(world, usual_orders(world), delivery_start=start)
    fold = MarketFold(first.view.market)
    fold.feed(world.chain.events(world.contracts.addresses, world.community.created_block))
    assert fold.sessions() == (first.view, second.view)
    fold.forget(first.session_id)
    assert fold.sessions() == (second.view,)
