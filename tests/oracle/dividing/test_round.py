"""Incentives divided by operators: killed at every instruction, each votes once; who is outvoted says so."""

from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

from commons.actions import funds, incentives
from commons.publication import split
from commons.slots import day_grid
from commons.units import UE_PER_EURO, MoneyUe, show_eur
from oracle.incentive.rule import DEFAULT_RULE
from oracle.incentive.types import CENT_UE
from oracle.journal import SendingState
from oracle.publication.incentive import IncentiveDocument, to_dataset
from oracle.publication.reading import read_incentive
from oracle.rewards.leaves import reward_tree
from tests.support.chain import World
from tests.support.crash import Trap, die_and_resume
from tests.support.evidence import evidence_desks
from tests.support.market import OperatorDesk
from tests.support.rewards import meter_day, notarise_day, pass_window, prepare_day, usual_flows

AMOUNT = MoneyUe(96 * UE_PER_EURO)


@pytest.fixture
def operators(world: World, tmp_path: Path) -> list[OperatorDesk]:
    """Three operators who notarised a day, for which the community then received an incentive."""
    found = evidence_desks(world, tmp_path)
    day = prepare_day(world, parameters=None)
    for operator in found:
        meter_day(operator, day, usual_flows(world))
    notarise_day(world, found, day)
    grid = day_grid(day)
    world.chain.send(world.issuer, funds.mint_call(world.contracts.euro, world.admin.address, AMOUNT))
    for call in incentives.record_calls(world.contracts, "GSE 1", DEFAULT_RULE, grid.start, grid.end, AMOUNT):
        world.chain.send(world.admin, call)
    return found


@pytest.mark.parametrize("only", ["", "before publish", "before broadcast", "after broadcast", "before receipt"])
def test_operators__killed_at_every_instruction__divide_an_incentive_once(
    world: World, operators: list[OperatorDesk], only: str
) -> None:
    traps = [Trap(only) for _ in operators]

    for _ in range(2):
        for operator, trap in zip(operators, traps, strict=True):
            die_and_resume(operator, trap)
    pass_window(world)

    events = world.chain.events([world.contracts.treasury.address, world.contracts.quorum.address], 0)
    assert [event.name for event in events].count("SplitPosted") == 1
    view = incentives.incentive(world.reader, 1)
    asked = question(world)
    votes = Counter(e.args["operator"] for e in events if e.name == "Attested" and e.args["question"] == asked)
    assert votes == {operator.signer.address: 1 for operator in operators}
    assert 0 < view.final_at <= world.chain.now()
    for operator in operators:
        rows = operator.pipeline.journal.sendings()
        assert {row.state for row in rows} == {SendingState.DONE}
        assert len({row.nonce for row in rows}) == len(rows)
    assert all(trap.sprung for trap in traps)


def test_operator__another_division_is_accepted__fails_visibly_and_votes_for_none(
    world: World, operators: list[OperatorDesk]
) -> None:
    contracts, chain = world.contracts, world.chain
    operators[0].pipeline.step()
    (own,) = chain.events(contracts.treasury.address, 0, names=("SplitPosted",))
    chain.send(operators[0].signer, contracts.quorum.call("withdrawVote", question(world), own.args["answer"]))
    wrong = replace(own.args["split"], root=b"\x11" * 32)
    posted = chain.send(operators[0].signer, incentives.post_call(contracts, 1, wrong, "another"))
    answer = next(event.args["answer"] for event in posted.events if event.name == "SplitPosted")
    chain.send(operators[1].signer, contracts.quorum.call("attest", question(world), answer))

    report = operators[2].pipeline.step()

    assert report.has_failed
    assert "another division of incentive 1 was accepted" in str(report)
    assert not world.reader.backs(question(world), answer, operators[2].signer.address)


def test_operator__a_division_that_moves_a_cent__names_the_members_and_what_each_gets_by_both(
    world: World, operators: list[OperatorDesk]
) -> None:
    """Posted beside an equal one it is a finding; accepted it is a failure; both say whose cent it is."""
    contracts, chain = world.contracts, world.chain
    operators[0].pipeline.step()
    (own,) = chain.events(contracts.treasury.address, 0, names=("SplitPosted",))
    document = read_incentive(operators[0].published, own.args["dataCid"])
    moved = with_moved_cent(document)
    published = split(to_dataset(moved))
    operators[0].published.publish(published)
    answer = own.args["answer"]
    chain.send(operators[0].signer, contracts.quorum.call("withdrawVote", question(world), answer))
    call = incentives.post_call(contracts, 1, replace(own.args["split"], root=moved.root), published.cid)
    posted = chain.send(operators[0].signer, call)
    first, second = document.claims[:2]
    told = (
        f"member {first.member}: {show_eur(MoneyUe(first.amount))} here, "
        f"{show_eur(MoneyUe(first.amount - CENT_UE))} there; "
        f"member {second.member}: {show_eur(MoneyUe(second.amount))} here, "
        f"{show_eur(MoneyUe(second.amount + CENT_UE))} there"
    )

    beside = operators[1].pipeline.step()

    assert f"operator {operators[0].signer.address} posted another division: {told}" in str(beside)
    assert not beside.has_failed
    other = next(event.args["answer"] for event in posted.events if event.name == "SplitPosted")
    chain.send(operators[1].signer, contracts.quorum.call("withdrawVote", question(world), answer))
    chain.send(operators[1].signer, contracts.quorum.call("attest", question(world), other))

    outvoted = operators[2].pipeline.step()

    assert outvoted.has_failed
    assert f"another division of incentive 1 was accepted than this operator's: {told}" in str(outvoted)


def with_moved_cent(document: IncentiveDocument) -> IncentiveDocument:
    """The same division, but for a cent of the first member that the second gets."""
    first, second, *rest = document.claims
    claims = (
        replace(first, amount=MoneyUe(first.amount - CENT_UE)),
        replace(second, amount=MoneyUe(second.amount + CENT_UE)),
        *rest,
    )
    return replace(document, claims=claims, root=reward_tree(document.incentive_id, claims).root)


def question(world: World) -> bytes:
    """What operators are asked about the incentive."""
    asked: bytes = world.chain.call(world.contracts.treasury.call("splitQuestion", 1))
    return asked
