"""Sessions taken to their end: what is refused, what goes wrong, what is given back, and the honest case."""

from dataclasses import replace
from pathlib import Path

import pytest

from commons.chain import Call
from commons.contracts import CommunityReader
from commons.errors import ChainError, SettingsError
from commons.records import Bond, ReleaseReason
from commons.units import MoneyUe
from oracle.attestation import OwnOutcome, OwnSettlement
from oracle.duty import Over, Wait, due
from oracle.journal import Journal
from oracle.lock import folder_lock
from oracle.operator import Market
from oracle.options import Options
from oracle.session.types import LockReleased, SessionView, Stage
from oracle.voting import Voter
from tests.support.chain import World
from tests.support.market import Day, OperatorDesk, desks, open_day, run_to_end, step, usual_orders, usual_readings


@pytest.fixture
def operators(world: World, tmp_path: Path) -> list[OperatorDesk]:
    """The three operators."""
    return desks(world, tmp_path)


def metered(day: Day, operators: list[OperatorDesk]) -> Day:
    """The day, with the usual readings at every operator."""
    for operator in operators:
        operator.meter(day.view, usual_readings(day.world))
    return day


# -------------------------------------------------------------------- refusals


def test_folder__held_by_another_process__is_refused(tmp_path: Path) -> None:
    with folder_lock(tmp_path), pytest.raises(SettingsError, match="already at work in process"), folder_lock(tmp_path):
        pass


def test_journal__of_another_operator__is_refused(world: World, operators: list[OperatorDesk]) -> None:
    market = Market(world.chain, world.contracts, 0).market_id
    Journal(operators[0].engine, operators[0].signer.address, market)
    with pytest.raises(SettingsError, match="belongs to"):
        Journal(operators[0].engine, operators[1].signer.address, market)


def test_sending__purpose_that_was_reached__is_refused(world: World, operators: list[OperatorDesk]) -> None:
    outbox = operators[0].pipeline.outbox
    call = world.contracts.euro.call("approve", world.contracts.quorum.address, 1)
    outbox.send("approve", call)
    with pytest.raises(ChainError, match="seems to be due"):
        outbox.send("approve", call)


def test_step__reveals_not_over__does_nothing(world: World, operators: list[OperatorDesk]) -> None:
    open_day(world, usual_orders(world))
    report = operators[0].pipeline.step()
    assert not report.has_acted
    assert "being collected" in report.sessions[0].stands


def test_step__delivery_not_over__does_not_settle(world: World, operators: list[OperatorDesk]) -> None:
    day = metered(open_day(world, usual_orders(world)), operators)
    day.reveal()
    step(operators)
    world.jump_to(day.view.outcome_ballot.final_at)
    report = operators[0].pipeline.step()
    assert not report.has_acted
    assert "being delivered" in report.sessions[0].stands


def test_settlement__readings_missing__is_waited_for_until_the_grace_is_over(
    world: World, operators: list[OperatorDesk]
) -> None:
    day = open_day(world, usual_orders(world))
    patient = replace(operators[0], options=Options(stagger_blocks=0, readings_grace_s=3600))
    patient.meter(day.view, {**usual_readings(world), world.bob.address: [-1500, None, -1500, -1500]})
    day.reveal()
    step(operators)
    day.deliver()
    report = patient.pipeline.step()
    assert not report.has_acted
    assert "readings of 1 filled slots are missing" in report.sessions[0].stands
    world.jump_to(day.view.parameters.delivery_end + 3600)
    assert patient.pipeline.step().has_acted


def test_vote__stranger_to_the_session__is_not_sent(world: World, operators: list[OperatorDesk]) -> None:
    day = open_day(world, usual_orders(world))
    day.reveal()
    outsider = replace(operators[0], signer=world.stranger, folder=operators[0].folder / "outsider")
    report = outsider.pipeline.step()
    assert not report.has_acted
    assert "of which this is none" in report.sessions[0].stands


# -------------------------------------------------------------------- disagreement


def test_settlement__one_operator_with_another_reading__is_outvoted_and_told_where(
    world: World, operators: list[OperatorDesk]
) -> None:
    day = open_day(world, usual_orders(world))
    odd, *others = operators
    metered(day, others)
    odd.meter(day.view, {**usual_readings(world), world.bob.address: [-1500, -400, -1500, -1500]})
    day.reveal()
    step(operators)
    day.deliver()
    step(operators)
    view = day.view
    accepted = view.settlement_ballot.accepted
    assert accepted is not None
    assert set(view.settlement_ballot.voters(accepted)) == {other.signer.address for other in others}
    finding = odd.pipeline.step().sessions[0].findings[0]
    assert "slot 1 " in finding
    assert f"member {world.bob.address}: counted Wh 400 here, 600 there (by 200)" in finding
    day.object()
    step(operators)
    assert due(day.view, world.chain.now(), odd.signer.address) == (Over(),)


def test_settlement__operator_late_after_acceptance__sends_nothing_and_is_told_where(
    world: World, operators: list[OperatorDesk]
) -> None:
    day = open_day(world, usual_orders(world))
    *others, odd = operators
    metered(day, others)
    odd.meter(day.view, {**usual_readings(world), world.alice.address: [1000, 1200, 999, 1000]})
    day.reveal()
    step(operators)
    day.deliver()
    step(others)
    report = odd.pipeline.step().sessions[0]
    assert not report.done
    assert "another settlement was accepted" in report.stands
    assert f"member {world.alice.address}: counted Wh 999 here, 1,000 there" in report.findings[0]


def test_settlement__no_two_alike__is_cancelled_and_everything_comes_back(
    world: World, operators: list[OperatorDesk]
) -> None:
    day = open_day(world, usual_orders(world))
    for shift, operator in enumerate(operators):
        operator.meter(day.view, {**usual_readings(world), world.bob.address: [-1500, -400 - shift, -1500, -1500]})
    day.reveal()
    step(operators)
    day.deliver()
    step(operators)
    assert day.view.settlement_ballot.accepted is None
    assert all(len(operator.pipeline.step().sessions[0].findings) == 2 for operator in operators)
    world.jump_to(day.view.parameters.settlement_timeout)
    step(operators)
    assert {m.reason for m in day.view.movements if isinstance(m, LockReleased)} == {ReleaseReason.CANCELLED}
    assert all(funds.locked == 0 for funds in world.reader.funds_of([trader.address for trader in day.orders]))


# -------------------------------------------------------------------- ways out


def test_session__operators_vanish__one_that_returns_gives_everything_back(
    world: World, operators: list[OperatorDesk]
) -> None:
    day = open_day(world, usual_orders(world))
    before = world.reader.funds_of([trader.address for trader in day.orders])
    day.reveal()
    world.jump_to(day.view.parameters.settlement_timeout)
    step(operators[:1])
    after = world.reader.funds_of([trader.address for trader in day.orders])
    assert [funds.balance for funds in after] == [funds.balance for funds in before]
    assert all(funds.locked == 0 for funds in after)
    assert due(day.view, world.chain.now(), operators[0].signer.address) == (Over(),)


def test_session__nobody_reveals__forfeits_deposits_alone(world: World, operators: list[OperatorDesk]) -> None:
    day = open_day(world, usual_orders(world))
    before = world.reader.funds_of([trader.address for trader in day.orders])
    day.reveal([])
    step(operators[:1])
    after = world.reader.funds_of([trader.address for trader in day.orders])
    deposits = {commitment.trader: commitment.deposit for commitment in day.view.commitments}
    assert [b.balance - a.balance for b, a in zip(before, after, strict=True)] == list(deposits.values())
    assert all(funds.locked == 0 for funds in after)
    assert world.reader.euro_balance(world.contracts.treasury.address) == sum(deposits.values())


def test_session__one_member_does_not_reveal__goes_on_without(world: World, operators: list[OperatorDesk]) -> None:
    day = metered(open_day(world, usual_orders(world)), operators)
    run_to_end(day, operators, reveal=[trader for trader in day.orders if trader is not world.carla])
    view = day.view
    assert {m.trader for m in view.executions} == {t.address for t in day.orders} - {world.carla.address}
    assert view.ended == {trader.address for trader in day.orders}
    assert due(view, world.chain.now(), operators[0].signer.address) == (Over(),)


def test_session__more_do_not_reveal_than_a_batch__is_cleared_between_their_releases(
    world: World, operators: list[OperatorDesk]
) -> None:
    day = open_day(world, usual_orders(world))
    day.reveal([world.alice])
    operator = replace(operators[0], options=Options(batch_size=2, stagger_blocks=0))
    step([operator])
    names = [row.name.rpartition(".")[2] for row in operator.pipeline.journal.sendings()]
    assert names == ["releaseLock", "releaseLock", "setFinalOrders", "payTreasury", "releaseLock", "payTreasury"]
    assert not day.view.unrevealed()


def test_session__accepted_but_never_validated__releases_locks_at_the_execution_timeout(
    world: World, operators: list[OperatorDesk]
) -> None:
    day = metered(open_day(world, usual_orders(world)), operators)
    day.reveal()
    step(operators)
    day.deliver()
    step(operators)
    view = day.view
    world.jump_to(view.settlement_ballot.final_at + view.parameters.execution_timeout)
    step(operators[:1])
    reasons = [m.reason for m in day.view.movements if isinstance(m, LockReleased)]
    assert reasons == [ReleaseReason.EXECUTION_TIMEOUT] * len(day.orders)


def test_sessions__one_fails__the_other_goes_on(
    world: World, operators: list[OperatorDesk], monkeypatch: pytest.MonkeyPatch
) -> None:
    now = world.chain.now()
    later = {"commit_deadline": now + 1800, "reveal_deadline": now + 2400, "delivery_start": next_day(world)}
    days = [open_day(world, usual_orders(world)), open_day(world, usual_orders(world), **later)]
    for day in days:
        day.reveal()
    pipeline = operators[0].pipeline
    honest = pipeline.voter.vote
    broken = days[0].session_id

    def vote(_: Voter, view: SessionView, own: OwnOutcome | OwnSettlement) -> Call | Wait:
        if view.session_id == broken:
            raise ZeroDivisionError("a bug")
        return honest(view, own)

    monkeypatch.setattr(Voter, "vote", vote)
    report = pipeline.step()
    assert "ZeroDivisionError: a bug" in (report.sessions[0].failure or "")
    assert report.sessions[1].done
    assert days[1].view.ballot(Stage.OUTCOME).answer_of(operators[0].signer.address) is not None


def next_day(world: World) -> int:
    """A start of delivery that no session of the usual length reaches."""
    return (world.chain.now() // 3600 + 24) * 3600


# -------------------------------------------------------------------- turns


def test_posting__not_ones_turn__waits_for_blocks_and_attests_what_is_posted(
    world: World, operators: list[OperatorDesk]
) -> None:
    day = open_day(world, usual_orders(world))
    day.reveal()
    patient = [replace(operator, options=Options(stagger_blocks=3)) for operator in operators]
    first = next(o for i, o in enumerate(patient) if (day.session_id + i) % 3 == 0)
    second = next(o for i, o in enumerate(patient) if (day.session_id + i) % 3 == 1)
    late = second.pipeline
    assert "another operator's turn" in late.step().sessions[0].stands
    assert first.pipeline.step().sessions[0].done[0].startswith("posted the outcome")
    assert late.step().sessions[0].done[0].startswith("attested the outcome")


def test_posting__first_operator_absent__comes_to_the_next_after_some_blocks(
    world: World, operators: list[OperatorDesk]
) -> None:
    day = open_day(world, usual_orders(world))
    day.reveal()
    number = next(i for i in range(3) if (day.session_id + i) % 3 == 1)
    second = replace(operators[number], options=Options(stagger_blocks=3)).pipeline
    for _ in range(3):
        assert not second.step().has_acted
        world.jump(1)
    assert second.step().sessions[0].done[0].startswith("posted the outcome")


# -------------------------------------------------------------------- the honest case


def test_session__honest_operators__pays_every_member(world: World, operators: list[OperatorDesk]) -> None:
    day = metered(open_day(world, usual_orders(world)), operators)
    run_to_end(day, operators)
    view = day.view
    assert due(view, world.chain.now(), operators[0].signer.address) == (Over(),)
    assert {m.trader for m in view.executions} == {trader.address for trader in day.orders}
    assert view.pot == 0
    everybody = tuple(operator.signer.address for operator in operators)
    assert view.outcome_ballot.voters(view.outcome_ballot.accepted or b"") == everybody
    assert view.settlement_ballot.voters(view.settlement_ballot.accepted or b"") == everybody
    assert world.reader.euro_balance(world.contracts.treasury.address) == sum(
        m.debit + m.penalty - m.credit for m in view.executions
    )


def test_execution__small_batches__pays_every_member(world: World, operators: list[OperatorDesk]) -> None:
    day = metered(open_day(world, usual_orders(world)), operators)
    run_to_end(day, [replace(operator, options=Options(batch_size=1, stagger_blocks=0)) for operator in operators])
    assert len(day.view.executions) == len(day.orders)


def test_session__chain_set_back_to_before_the_vote__votes_again(world: World, operators: list[OperatorDesk]) -> None:
    day = open_day(world, usual_orders(world))
    day.reveal()
    snapshot = world.chain.request("evm_snapshot")
    pipeline = operators[0].pipeline
    assert pipeline.step().has_acted
    world.chain.request("evm_revert", snapshot)
    assert pipeline.step().has_acted
    assert len(day.view.outcomes) == 1


def test_stakes__of_a_bond_that_is_pledged_by_more_than_half__are_ended_when_over(
    world: World, operators: list[OperatorDesk], monkeypatch: pytest.MonkeyPatch
) -> None:
    day = metered(open_day(world, usual_orders(world)), operators)
    day.reveal()
    step(operators)
    day.deliver()
    operator = operators[0].signer.address
    assert world.reader.bond(operator).stakes == 1
    scarce = Bond(MoneyUe(10), 1, MoneyUe(6))
    monkeypatch.setattr(CommunityReader, "bond", lambda reader, of: scarce)
    step(operators[:1])
    monkeypatch.undo()
    assert operator in day.view.outcome_ballot.released
    assert world.reader.bond(operator).stakes == 1  # the settlement's, by now
