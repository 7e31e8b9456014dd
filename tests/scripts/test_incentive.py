"""The euro incentive from the command line: recorded, divided by each operator's notarised readings, attested, paid."""

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest

from commons.errors import ContractRefusal
from commons.units import UE_PER_EURO
from oracle.journal import Journal
from oracle.session.types import MarketId
from tests.scripts.verbs import Verbs
from tests.support.chain import World
from tests.support.evidence import evidence_desks
from tests.support.market import OperatorDesk
from tests.support.rewards import Flows, meter_day, notarise_day, pass_window, prepare_day, usual_flows

AMOUNT = "96.000003"
Post = Callable[[int], str]


@pytest.fixture
def operators(world: World, tmp_path: Path) -> list[OperatorDesk]:
    """The three operators, each with the members' keys."""
    return evidence_desks(world, tmp_path)


@pytest.fixture
def day(verbs: Verbs, world: World, operators: list[OperatorDesk]) -> date:
    """A notarised day: per hour Bob feeds in 2000 Wh, and Alice, Carla and Dino take out 1500, 400 and 100 of it."""
    found = prepare_day(world, parameters=None)
    for operator in operators:
        meter_day(operator, found, usual_flows(world))
    notarise_day(world, operators, found)
    verbs.found("euro", "mint", "community-admin", AMOUNT)
    return found


def record(day: date, *more: str) -> tuple[str, ...]:
    days = ("--from", day.isoformat(), "--to", day.isoformat())
    return ("incentive", "record", AMOUNT, "--reference", "GSE 1", *days, *more)


def places(operator: OperatorDesk) -> tuple[str, ...]:
    return ("--folder", str(operator.folder))


def post(operators: list[OperatorDesk], number: int) -> tuple[str, ...]:
    operator = operators[number - 1]
    published = ("--published", str(operator.published.folder))
    return ("incentive", "post", "1", "--operator", f"operator-{number}", *places(operator), *published)


# ---------------------------------------------------------------- refusals


def test_record__wrong_days_rule_or_money__is_refused(verbs: Verbs, world: World) -> None:
    today = date(2026, 11, 20)
    backwards = ("--from", "2026-11-21", "--to", "2026-11-20")
    assert "is before" in verbs.refused("incentive", "record", "5", "--reference", "x", *backwards, "--yes")
    assert "no rule of division" in verbs.refused(*record(today, "--rule", "gse/9", "--yes"))
    assert "holds 0.00 €" in verbs.refused(*record(today, "--yes"))
    assert "token admin" in verbs.refused(
        *record(today, "--as", "H01")[:2], "5", *record(today)[3:], "--as", "H01", "--json"
    )


def test_incentive__unknown__is_refused_in_every_verb(verbs: Verbs, operators: list[OperatorDesk]) -> None:
    for verb in (("compute", "1"), ("explain", "1", "H01"), ("claim", "1")):
        assert "no incentive 1" in verbs.refused("incentive", *verb)
    assert "no incentive 1" in verbs.refused(*post(operators, 1))


def test_compute__day_that_is_not_notarised__is_refused(
    verbs: Verbs, world: World, operators: list[OperatorDesk], day: date
) -> None:
    tomorrow = day + timedelta(days=1)
    verbs.found(*record(tomorrow))
    said = verbs.refused("incentive", "compute", "1", *places(operators[0]))
    assert f"readings of {tomorrow} are not notarised" in said


def test_claim__before_a_division_is_final__is_refused(
    verbs: Verbs, world: World, operators: list[OperatorDesk], day: date
) -> None:
    verbs.found(*record(day))
    published = ("--published", str(operators[0].published.folder))
    assert "no division" in verbs.refused("incentive", "claim", "1", *published)
    for number in (1, 2):
        verbs.found(*post(operators, number))
    assert "final" in verbs.refused("incentive", "claim", "1", *published)


def test_record__same_bank_payment_twice__is_refused(verbs: Verbs, day: date) -> None:
    verbs.found(*record(day))
    verbs.found("euro", "mint", "community-admin", AMOUNT)
    assert "recorded" in verbs.refused(*record(day), "--json")


# ---------------------------------------------------------------- from receipt to members


def test_incentive__divided_attested_and_claimed__pays_each_member_its_part(
    verbs: Verbs, world: World, operators: list[OperatorDesk], day: date
) -> None:
    before = {member.address: world.reader.euro_balance(member.address) for member in world.members}
    assert verbs.found(*record(day))["incentive_id"] == 1
    assert "to be divided" in verbs.told("incentive", "list")

    computed = verbs.found("incentive", "compute", "1", *places(operators[0]))
    assert computed["undivided_ue"] == 3
    assert "posted" in verbs.told(*post(operators, 1))
    assert "voted for this division already" in verbs.told(*post(operators, 1))
    assert verbs.found(*post(operators, 2))["data_cid"] == computed["data_cid"]
    pass_window(world)

    published = ("--published", str(operators[0].published.folder))
    assert verbs.found("incentive", "claim", "1", *published)["paid_ue"] == 96 * UE_PER_EURO
    assert verbs.found("incentive", "claim", "1", *published)["paid_ue"] == 0
    got = [world.reader.euro_balance(member.address) - before[member.address] for member in world.members]
    assert got == [36_000_000, 48_000_000, 9_600_000, 2_400_000]
    assert "96.00 € of 96.00 € are paid" in verbs.told("incentive", "list")


def test_incentive__explained__says_each_number(verbs: Verbs, operators: list[OperatorDesk], day: date) -> None:
    verbs.found(*record(day))
    told = verbs.told("incentive", "explain", "1", "H02", *places(operators[0]))
    assert "used 0 Wh and gave 48000 Wh" in told
    assert "48.00 € of the incentive" in told
    assert "no readings" in verbs.refused("incentive", "explain", "1", "H30", *places(operators[0]))


def test_incentive__operator_with_other_readings__does_not_vouch(
    verbs: Verbs, world: World, operators: list[OperatorDesk]
) -> None:
    day = prepare_day(world, parameters=None)
    for number, operator in enumerate(operators):
        flows = usual_flows(world)
        if number == 2:
            flows = {**flows, world.alice: Flows(withdrawn=1)}
        meter_day(operator, day, flows)
    notarise_day(world, operators, day)
    verbs.found("euro", "mint", "community-admin", AMOUNT)
    verbs.found(*record(day))
    verbs.found(*post(operators, 1))
    assert "another dataset" in verbs.refused(*post(operators, 3))


def test_post__through_the_journal__is_recorded_before_it_is_sent(
    verbs: Verbs, world: World, operators: list[OperatorDesk], day: date
) -> None:
    verbs.found(*record(day))
    verbs.found(*post(operators, 1))
    market = MarketId(world.chain.chain_id, world.contracts.marketplace.address)
    journal = Journal(operators[0].engine, operators[0].signer.address, market)
    latest = journal.latest("incentive/1")
    assert latest is not None
    assert latest.state == "done"
    with pytest.raises(ContractRefusal):
        world.chain.send(world.stranger, world.contracts.treasury.call("closeIncentive", 1))


def test_oracle_run__recorded_incentive__is_divided_and_attested_by_itself(
    verbs: Verbs, world: World, operators: list[OperatorDesk], day: date
) -> None:
    verbs.found(*record(day))
    first = operators[0].pipeline.step()
    assert first.incentives[0].stands.startswith("other operators are dividing it")
    assert first.incentives[0].done[0].startswith("posted the division")
    second = operators[1].pipeline.step().incentives[0]
    assert second.done[0].startswith("attested the division")
    assert "objected" in second.stands
    pass_window(world)
    assert operators[2].pipeline.step().incentives == ()
    assert verbs.found("incentive", "list")[0]["split"]["claims"] == 4


def test_oracle_run__day_not_notarised__waits_and_says_so(
    verbs: Verbs, operators: list[OperatorDesk], day: date
) -> None:
    verbs.found(*record(day + timedelta(days=1)))
    found = operators[0].pipeline.step().incentives[0]
    assert "not notarised" in found.stands
    assert found.failure is None
