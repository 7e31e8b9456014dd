"""Operators take a notarised day's rewards to the chain and have them paid; each refusal says why."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from commons.actions import community as joining
from commons.actions import rewards as onchain
from commons.actions.funds import unbond
from commons.slots import day_number
from commons.units import show_tokens
from commons.wallets import Signer
from oracle.publication.reading import read_rewards
from oracle.publication.rewards import RewardsDocument
from oracle.report import RewardReport
from oracle.rewarding.round import NO_SESSION
from tests.support.chain import World
from tests.support.evidence import evidence_desks
from tests.support.market import OperatorDesk, step
from tests.support.rewards import (
    PARAMETERS,
    Flows,
    earned,
    meter_day,
    notarise_day,
    pass_window,
    prepare_day,
    tokens_of,
    usual_flows,
)


@pytest.fixture
def operators(world: World, tmp_path: Path) -> list[OperatorDesk]:
    """The three operators, each with the members' keys."""
    return evidence_desks(world, tmp_path)


@pytest.fixture
def day(world: World, operators: list[OperatorDesk]) -> date:
    """A day whose rewards the first operator has yet to post."""
    return metered_day(world, operators, usual_flows(world))


def metered_day(world: World, operators: list[OperatorDesk], flows: Mapping[Signer, Flows]) -> date:
    """A day that all operators read alike and notarised."""
    found = prepare_day(world)
    for operator in operators:
        meter_day(operator, found, flows)
    notarise_day(world, operators, found)
    return found


def reports(operator: OperatorDesk) -> dict[date, RewardReport]:
    """What a pass says about rewards."""
    return {report.day: report for report in operator.pipeline.step().rewards}


def balances(world: World) -> dict[str, int]:
    """Everybody's community tokens."""
    return {member.address: tokens_of(world, member.address) for member in world.members}


def published(world: World, operators: list[OperatorDesk]) -> RewardsDocument:
    """The batch that was posted first."""
    event = world.chain.events(world.contracts.rewards.address, 0, names=("BatchPosted",))[0]
    return read_rewards(operators[0].published, event.args["dataCid"])


def test_rewards__before_any_parameters__are_nobodys_business(world: World, operators: list[OperatorDesk]) -> None:
    day = prepare_day(world, parameters=None)
    for operator in operators:
        meter_day(operator, day, usual_flows(world))
    notarise_day(world, operators, day)
    assert reports(operators[0]) == {}


def test_rewards__of_a_day_notarised_unlike_this_operators_readings__are_not_vouched_for(
    world: World, operators: list[OperatorDesk]
) -> None:
    day = prepare_day(world)
    for operator in operators[:2]:
        meter_day(operator, day, usual_flows(world))
    meter_day(operators[2], day, usual_flows(world) | {world.alice: Flows(withdrawn=1499)})
    notarise_day(world, operators, day)

    report = reports(operators[2])[day]
    assert report.stands == f"another dataset of {day} was notarised than this operator froze"
    assert report.done == ()


def test_rewards__on_which_nobody_earned_anything__are_not_posted(world: World, operators: list[OperatorDesk]) -> None:
    silent = {member: replace(flow, silent=2) for member, flow in usual_flows(world).items()}
    day = metered_day(world, operators, silent)
    pipeline = operators[0].pipeline
    assert [report.stands for report in pipeline.step().rewards] == ["nobody has earned anything"]
    assert pipeline.step().rewards == ()
    assert onchain.batch_of(world.reader, day) is None


def test_rewards__one_operator_after_the_other__are_posted_attested_final_and_paid(
    world: World, operators: list[OperatorDesk], day: date
) -> None:
    posted, attested, late = (reports(operator)[day] for operator in operators)
    assert posted.done[0].startswith("posted them (bafk")
    assert attested.done[0].startswith("attested them (bafk")
    assert late.stands.startswith("they may be objected to until")
    batch = onchain.batch_of(world.reader, day)
    assert batch is not None
    assert batch.batch.total == sum(earned(world).values())
    assert balances(world) == dict.fromkeys(earned(world), 0)
    pass_window(world)
    paid = reports(operators[0])[day]
    assert paid.done == (f"paid {show_tokens(sum(earned(world).values()))} to 4 members",)
    assert reports(operators[1]) == {}
    assert balances(world) == earned(world)


def test_rewards__published__list_what_counted_and_lead_to_the_root(
    world: World, operators: list[OperatorDesk], day: date
) -> None:
    step(operators)
    batch = onchain.batch_of(world.reader, day)
    assert batch is not None
    document = published(world, operators)
    assert {one.member: one.amount for one in document.claims} == earned(world)
    assert document.tree().root == batch.batch.root
    assert (document.day, document.parameters, document.dataset_version) == (day_number(day), 1, 1)
    assert document.datasets[-1].day == day_number(day)


def test_rewards__with_other_parameters_than_those_in_force__find_no_votes(
    world: World, operators: list[OperatorDesk], day: date
) -> None:
    """An operator whose program pays twice as much posts first: nobody joins it, and all say where it parts."""
    real = onchain.parameters_on(world.reader, day)
    assert real is not None
    twice = replace(real, parameters=replace(PARAMETERS, tokens_per_kwh=2 * PARAMETERS.tokens_per_kwh))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("oracle.rewarding.reckoner.parameters_on", lambda *_: twice)
        operators[0].pipeline.step()
    honest = reports(operators[1])[day]
    assert honest.done[0].startswith("posted them")
    assert f"member {world.alice.address}: 3.6 tokens here, 7.2 tokens there" in honest.findings[0]
    assert reports(operators[2])[day].done[0].startswith("attested them")
    pass_window(world)
    step(operators[1:])
    assert balances(world) == earned(world)
    assert [row.stage for row in operators[1].pipeline.journal.findings(NO_SESSION)] == ["rewards"]


def test_rewards__changed_parameters__count_from_their_day_on(world: World, operators: list[OperatorDesk]) -> None:
    first = prepare_day(world)
    second = first + timedelta(days=1)
    half = replace(PARAMETERS, tokens_per_kwh=PARAMETERS.tokens_per_kwh // 2)
    onchain.set_parameters(world.reader, world.admin, half, second)
    for day in (first, second):
        for operator in operators:
            meter_day(operator, day, usual_flows(world))
        notarise_day(world, operators, day)
        step(operators)
        pass_window(world)
    step(operators)
    assert balances(world) == {member: amount + amount // 2 for member, amount in earned(world).items()}


def test_rewards__beyond_the_emission_cap__are_paid_as_far_as_it_goes_and_then_wait(
    world: World, operators: list[OperatorDesk], day: date
) -> None:
    step(operators)
    pass_window(world)
    room = earned(world)[world.alice.address] + 1
    world.chain.send(world.admin, world.contracts.token.call("issue", onchain.emission_left(world.reader) - room))
    first = reports(operators[0])[day]
    assert first.done
    assert "claims wait for the next emission period" in first.stands
    paid = balances(world)
    assert 0 < sum(paid.values()) <= room
    assert reports(operators[1])[day].done == ()
    world.jump(365 * 24 * 3600)
    late = operators[1].pipeline
    late.days.calendar.freeze_s = 2 * 365 * 24 * 3600  # a year of empty days is not what this is about
    late.step()
    assert balances(world) == earned(world)


def test_rewards__claimed_by_a_member_itself__are_passed_over(
    world: World, operators: list[OperatorDesk], day: date
) -> None:
    step(operators)
    pass_window(world)
    document = published(world, operators)
    row = [one.member for one in document.claims].index(world.alice.address)
    claim = onchain.Claim(world.alice.address, document.claims[row].amount, tuple(document.tree().proof(row)))
    onchain.claim(world.reader, world.alice, document.batch_id, claim)
    both = [world.alice.address, world.bob.address]
    assert onchain.unclaimed(world.reader, document.batch_id, both) == [world.bob.address]
    assert "3 members" in reports(operators[0])[day].done[0]
    assert balances(world) == earned(world)


def test_rewards__of_a_wallet_replaced_after_the_day__wait_with_its_other_tokens(
    world: World, operators: list[OperatorDesk], day: date
) -> None:
    joining.replace_wallet(world.reader, world.admin, world.alice.address, world.stranger)
    step(operators)
    pass_window(world)
    step(operators)
    assert balances(world) == earned(world)


def test_rewards__of_a_wallet_replaced_before_the_day__are_the_new_ones(
    world: World, operators: list[OperatorDesk]
) -> None:
    day = prepare_day(world)
    joining.replace_wallet(world.reader, world.admin, world.alice.address, world.stranger)
    for operator in operators:
        meter_day(operator, day, usual_flows(world))
    notarise_day(world, operators, day)
    step(operators)
    pass_window(world)
    step(operators)
    assert tokens_of(world, world.stranger.address) == earned(world)[world.alice.address]
    assert tokens_of(world, world.alice.address) == 0


def test_rewards__on_which_nobody_agrees_in_time__go_into_another_round(
    world: World, operators: list[OperatorDesk], day: date
) -> None:
    operators[0].pipeline.step()
    world.jump(24 * 3600)
    report = reports(operators[1])[day]
    assert (report.round, report.done[0][:11]) == (2, "posted them")
    reports(operators[2])
    pass_window(world)
    reports(operators[2])
    assert balances(world) == earned(world)


def test_bond__of_whoever_attested_datasets_and_rewards__comes_back_when_all_is_final(
    world: World, operators: list[OperatorDesk], day: date
) -> None:
    step(operators)
    pass_window(world)
    step(operators)
    assert world.reader.bond(operators[0].signer.address).stakes >= 3
    assert unbond(world.reader, operators[0].signer).amount == 0


def test_rewards__of_a_day_notarised_late__are_seen_to_all_the_same(
    world: World, operators: list[OperatorDesk]
) -> None:
    """Nobody froze the day in time; a process that had given it up takes it on once its dataset is there."""
    day = prepare_day(world)
    pipelines = [operator.pipeline for operator in operators]
    for pipeline in pipelines:
        pipeline.days.calendar.freeze_s = 20 * 24 * 3600
    world.jump(15 * 24 * 3600)
    for pipeline in pipelines:
        pipeline.step()
    for operator in operators:
        meter_day(operator, day, usual_flows(world))
    world.jump(10 * 24 * 3600)
    for _ in range(3):
        for pipeline in pipelines:
            pipeline.step()
        pass_window(world)
    assert balances(world) == earned(world)


def test_rewards__paid_out__are_not_looked_at_again_by_a_new_process(
    world: World, operators: list[OperatorDesk], day: date
) -> None:
    step(operators)
    pass_window(world)
    step(operators)
    sent = [len(operator.pipeline.journal.sendings()) for operator in operators]
    assert [reports(operator) for operator in operators] == [{}, {}, {}]
    assert [len(operator.pipeline.journal.sendings()) for operator in operators] == sent
