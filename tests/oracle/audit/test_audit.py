"""The audit finds what colluding operators agreed on, and names the first step that differs; the honest pass."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from commons.contracts import CommunityReader
from commons.errors import ContractRefusal, DatasetMissing, DatasetTruncated
from commons.orders import Order
from commons.wallets import Signer
from oracle.audit.audit import audit
from oracle.audit.types import AuditReport, Evidence, Verdict
from oracle.options import Options
from oracle.publication import outcome as outcome_data
from oracle.publication import settlement as settlement_data
from scripts.audit import gather
from tests.support import collusion
from tests.support.chain import World
from tests.support.evidence import evidence_desks, jump_to_freeze, open_evidence_day
from tests.support.market import Day, OperatorDesk, buy, desks, open_day, run_to_end, sell, step, usual_readings


@pytest.fixture
def operators(world: World, tmp_path: Path) -> list[OperatorDesk]:
    """The three operators."""
    return desks(world, tmp_path)


@pytest.fixture
def day(world: World, operators: list[OperatorDesk]) -> Day:
    """A session in which the fill at the margin is shared: orders revealed, readings with every operator."""
    orders: dict[Signer, list[Order]] = {
        world.alice: [buy(slot, 1000, 200_000) for slot in range(4)],
        world.bob: [sell(slot, 1000, 100_000) for slot in range(4)],
        world.carla: [buy(0, 500, 200_000), buy(2, 400, 150_000)],
        world.dino: [sell(3, 900, 100_000)],
    }
    opened = open_day(world, orders)
    for operator in operators:
        operator.meter(opened.view, usual_readings(world))
    opened.reveal()
    return opened


def report_on(day: Day, operators: list[OperatorDesk]) -> AuditReport:
    """What a stranger's audit says."""
    world = day.world
    reader = CommunityReader(world.chain, world.contracts, world.community.created_block)
    return audit(gather(reader, day.session_id, operators[0].published))


def settle_after(day: Day, operators: list[OperatorDesk]) -> None:
    """The right outcome, delivered."""
    step(operators)
    day.deliver()


def require_first(report: AuditReport, name: str, *words: str) -> None:
    """The first step that differs has this name, and says all this."""
    assert report.first_wrong is not None
    assert report.first_wrong.name == name
    for word in words:
        assert word in report.first_wrong.detail


# -------------------------------------------------------------------- wrong outcomes


def test_audit__outcome_that_contradicts_itself__was_refused_by_the_contract(
    day: Day, operators: list[OperatorDesk]
) -> None:
    wrong = collusion.refilled(collusion.honest_outcome(day.view), {0: 999})
    with pytest.raises(ContractRefusal):
        collusion.post_outcome(day, operators, wrong)


def test_audit__plausible_outcome_with_another_share_at_the_margin__names_order_and_fill(
    day: Day, operators: list[OperatorDesk]
) -> None:
    honest = collusion.honest_outcome(day.view)
    row = {int(i): int(f) for i, f in zip(honest.book.index, honest.filled, strict=True)}
    alice, carla = (
        next(r for r in day.view.reveals if r.trader == t.address) for t in (day.world.alice, day.world.carla)
    )
    first, second = int(alice.first_index), int(carla.first_index)
    shifted = {first: row[first] - 7, second: row[second] + 7}
    collusion.post_outcome(day, operators, collusion.refilled(honest, shifted))
    require_first(
        report_on(day, operators), "clearing: fills", "slot 0", f"order {alice.first_index}: filled Wh 667", "by 7"
    )


def test_audit__plausible_outcome_with_another_price__names_slot_and_price(
    day: Day, operators: list[OperatorDesk]
) -> None:
    honest = collusion.honest_outcome(day.view)
    other = {2: honest.results[2].price + 1}
    wrong = collusion.refilled(honest, {}, price=other, lo=other, hi=other)
    collusion.post_outcome(day, operators, wrong)
    require_first(report_on(day, operators), "clearing: prices and volumes", "slot 2", "price", "by 1")


def test_audit__outcome_dataset_of_another_outcome__names_the_fill(day: Day, operators: list[OperatorDesk]) -> None:
    honest = collusion.honest_outcome(day.view)
    other = replace(honest, filled=honest.filled // 2)
    cid = collusion.publish(operators[0].published, outcome_data.to_dataset(other))
    collusion.post_outcome(day, operators, honest, cid)
    require_first(report_on(day, operators), "clearing: fills", "recomputed", "published")


def test_audit__outcome_dataset_of_another_session__is_named(day: Day, operators: list[OperatorDesk]) -> None:
    honest = collusion.honest_outcome(day.view)
    other = replace(honest, session_id=77)  # type: ignore[arg-type]
    cid = collusion.publish(operators[0].published, outcome_data.to_dataset(other))
    collusion.post_outcome(day, operators, honest, cid)
    require_first(report_on(day, operators), "outcome dataset", "about session 77")


def test_audit__outcome_dataset_named_by_no_cid__is_named(day: Day, operators: list[OperatorDesk]) -> None:
    collusion.post_outcome(day, operators, collusion.honest_outcome(day.view), "../../etc/passwd")
    require_first(report_on(day, operators), "outcome dataset", "which is no CID")


# -------------------------------------------------------------------- wrong settlements


def test_audit__settlement_with_another_debit__names_member_slot_and_figure(
    day: Day, operators: list[OperatorDesk]
) -> None:
    settle_after(day, operators)
    honest = collusion.honest_settlement(day.view, operators[0])
    debit = honest.debit.copy()
    debit[0, 1] += 5
    collusion.post_settlement(day, operators, collusion.summed(replace(honest, debit=debit)))
    require_first(
        report_on(day, operators), "settled energy, debits, credits, penalties", "slot 1", "debit in µ€", "by 5"
    )


def test_audit__settlement_with_another_penalty__names_member_slot_and_figure(
    day: Day, operators: list[OperatorDesk]
) -> None:
    settle_after(day, operators)
    honest = collusion.honest_settlement(day.view, operators[0])
    penalty = honest.penalty.copy()
    row, slot = (int(at) for at in np.argwhere(penalty)[0])
    penalty[row, slot] = 0
    collusion.post_settlement(day, operators, collusion.summed(replace(honest, penalty=penalty)))
    trader = honest.members[row].trader
    require_first(
        report_on(day, operators), "settled energy, debits, credits, penalties", f"slot {slot}", trader, "penalty in µ€"
    )


def test_audit__settlement_scaled_otherwise__names_settled_energy(day: Day, operators: list[OperatorDesk]) -> None:
    settle_after(day, operators)
    honest = collusion.honest_settlement(day.view, operators[0])
    scaled = honest.scaled.copy()
    scaled[0, 0] -= 1
    collusion.post_settlement(day, operators, replace(honest, scaled=scaled))
    require_first(report_on(day, operators), "settled energy, debits, credits, penalties", "settled Wh", "by 1")


def test_audit__settlement_counting_more_than_filled__is_named(day: Day, operators: list[OperatorDesk]) -> None:
    settle_after(day, operators)
    honest = collusion.honest_settlement(day.view, operators[0])
    table = honest.counted.counted.copy()
    table[0, 0] += 1_000
    wrong = replace(honest, counted=replace(honest.counted, counted=table))
    collusion.post_settlement(day, operators, wrong)
    require_first(report_on(day, operators), "counted energy, missing and excused readings", "counts more than")


def test_audit__settlement_excusing_a_reading_that_is_there__is_named(day: Day, operators: list[OperatorDesk]) -> None:
    settle_after(day, operators)
    honest = collusion.honest_settlement(day.view, operators[0])
    excused = honest.counted.excused.copy()
    excused[1, 1] = True
    wrong = replace(honest, counted=replace(honest.counted, excused=excused))
    collusion.post_settlement(day, operators, wrong)
    require_first(report_on(day, operators), "counted energy, missing and excused readings", "is excused, or not")


def test_audit__settlement_with_another_leaf__names_the_member(day: Day, operators: list[OperatorDesk]) -> None:
    settle_after(day, operators)
    honest = collusion.honest_settlement(day.view, operators[0])
    wrong = collusion.recharged(honest, debit={0: honest.members[0].debit + 9})
    collusion.post_settlement(day, operators, wrong)
    trader = honest.members[0].trader
    require_first(report_on(day, operators), "leaves of the settlement", trader, "the leaf's debit", "by 9")


def test_audit__settlement_with_a_root_of_other_leaves__names_the_root(day: Day, operators: list[OperatorDesk]) -> None:
    settle_after(day, operators)
    honest = collusion.honest_settlement(day.view, operators[0])
    cid = collusion.publish(operators[0].published, settlement_data.to_dataset(honest))
    collusion.post_settlement(day, operators, replace(honest, root=bytes(31) + b"\1"), cid)
    require_first(report_on(day, operators), "root of the settlement", "recomputed")


def test_audit__settlement_with_other_totals__names_the_figure(day: Day, operators: list[OperatorDesk]) -> None:
    settle_after(day, operators)
    honest = collusion.honest_settlement(day.view, operators[0])
    cid = collusion.publish(operators[0].published, settlement_data.to_dataset(honest))
    totals = replace(honest.totals, penalty=honest.totals.penalty + 3)  # type: ignore[arg-type]
    collusion.post_settlement(day, operators, replace(honest, totals=totals), cid)
    require_first(report_on(day, operators), "totals of the settlement", "total penalty", "by 3")


def test_audit__settlement_of_other_fills__names_the_fill(day: Day, operators: list[OperatorDesk]) -> None:
    settle_after(day, operators)
    honest = collusion.honest_settlement(day.view, operators[0])
    filled = honest.counted.fills.filled.copy()
    filled[0, 0] += 1
    fills = replace(honest.counted.fills, filled=filled)
    collusion.post_settlement(day, operators, replace(honest, counted=replace(honest.counted, fills=fills)))
    require_first(report_on(day, operators), "settled fills and prices", "filled Wh", "by 1")


# -------------------------------------------------------------------- tampered datasets


def files_of(day: Day, operators: list[OperatorDesk]) -> list[Path]:
    """The files of the outcome's dataset, manifest first."""
    folder, posted = operators[0].published.folder, day.view.accepted_outcome()
    assert posted is not None
    manifest = folder / posted.data_cid
    return [manifest, *(path for path in folder.iterdir() if path.name in manifest.read_text())]


@pytest.mark.parametrize("which", [0, 1, 2])
def test_audit__published_file_with_a_byte_altered__is_named(
    day: Day, operators: list[OperatorDesk], which: int
) -> None:
    step(operators)
    file = files_of(day, operators)[which]
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    file.write_bytes(content)
    require_first(report_on(day, operators), "outcome dataset", "was altered", file.name)


@pytest.mark.parametrize("which", [0, 1, 2])
@pytest.mark.parametrize("kept", [0, 20])
def test_audit__published_file_cut_short__cannot_be_done(
    day: Day, operators: list[OperatorDesk], which: int, kept: int
) -> None:
    step(operators)
    file = files_of(day, operators)[which]
    file.write_bytes(file.read_bytes()[:kept])
    with pytest.raises(DatasetTruncated, match=file.name):
        report_on(day, operators)


@pytest.mark.parametrize("which", [0, 1, 2])
def test_audit__published_file_missing__cannot_be_done(day: Day, operators: list[OperatorDesk], which: int) -> None:
    step(operators)
    file = files_of(day, operators)[which]
    file.unlink()
    with pytest.raises(DatasetMissing, match=file.name):
        report_on(day, operators)


# -------------------------------------------------------------------- honest sessions


def test_audit__session_not_cleared_yet__is_right_so_far(day: Day, operators: list[OperatorDesk]) -> None:
    report = report_on(day, operators)
    assert report.first_wrong is None
    assert any(step.verdict is Verdict.NOT_YET for step in report.steps)


def test_audit__cancelled_session__is_right(day: Day, operators: list[OperatorDesk]) -> None:
    day.world.jump_to(day.view.parameters.settlement_timeout)
    step(operators[:1])
    report = report_on(day, operators)
    assert report.first_wrong is None
    assert "4 locks released" in {step.name: step.detail for step in report.steps}["released locks"]


def test_audit__paid_session_with_a_forfeit__is_right_at_every_step(
    world: World, operators: list[OperatorDesk]
) -> None:
    orders = {
        world.alice: [buy(0, 1000, 200_000)],
        world.bob: [sell(0, 900, 100_000)],
        world.dino: [sell(1, 90, 9_000)],
    }
    operators = [replace(one, options=Options(stagger_blocks=0, readings_grace_s=0)) for one in operators]
    day = open_day(world, orders)
    for operator in operators:
        operator.meter(day.view, {**usual_readings(world), world.bob.address: [None, None, None, None]})
    run_to_end(day, operators, reveal=[world.alice, world.bob])
    report = report_on(day, operators)
    assert [step.name for step in report.steps if step.verdict is not Verdict.RIGHT] == []
    details = {step.name: step.detail for step in report.steps}
    assert "1 deposits forfeited" in details["forfeited deposits"]
    assert "2 of 2 leaves executed" in details["executions"]


def test_audit__unfilled_orders_freed_before_settlement__is_right_at_every_step(
    day: Day, operators: list[OperatorDesk]
) -> None:
    step(operators)
    day.deliver()
    honest = collusion.honest_outcome(day.view)
    unfilled = np.flatnonzero(honest.filled < honest.book.quantity)
    assert len(unfilled) >= 2
    for index in honest.book.index[unfilled].tolist():
        day.world.chain.send(day.world.stranger, collusion.free_call(day, honest, index))
    step(operators)
    day.object()
    step(operators)
    report = report_on(day, operators)
    assert [step.name for step in report.steps if step.verdict is not Verdict.RIGHT] == []
    details = {step.name: step.detail for step in report.steps}
    assert details["locks freed after clearing"] == f"{len(unfilled)} orders"


# -------------------------------------------------------------------- notarised readings


@pytest.fixture
def evidence(world: World, tmp_path: Path) -> Evidence:
    """A session that was settled from a notarised day."""
    operators = evidence_desks(world, tmp_path)
    day = open_evidence_day(world, {world.alice: [buy(0, 1000, 200_000)], world.bob: [sell(0, 1000, 100_000)]})
    for operator in operators:
        operator.meter(day.view, usual_readings(world))
    day.reveal()
    step(operators)
    day.deliver()
    jump_to_freeze(day)
    step(operators)
    world.jump(world.reader.window_limits().challenge)
    step(operators)
    return gather(world.reader, day.session_id, operators[0].published)


def test_audit__notarised_readings__are_a_step_that_can_differ(evidence: Evidence) -> None:
    report = audit(evidence)
    assert report.first_wrong is None
    step_ = next(one for one in report.steps if one.name == "notarised readings")
    assert (step_.verdict, step_.detail.endswith(evidence.datasets[0].hex())) == (Verdict.RIGHT, True)  # type: ignore[union-attr]

    require_first(audit(replace(evidence, datasets=(None,))), "notarised readings", "is not notarised")
    posted = evidence.view.settlements[0]
    (named,) = posted.versions
    for versions in ((), (replace(named, day=named.day + 1),), (named, named)):
        view = replace(evidence.view, settlements=(replace(posted, versions=versions),))
        changed = audit(replace(evidence, view=view))
        require_first(changed, "notarised readings", "it names")


def test_audit__day_before_evidence__needs_none(evidence: Evidence) -> None:
    posted = replace(evidence.view.settlements[0], versions=())
    view = replace(evidence.view, settlements=(posted,))
    day_after = evidence.evidence_from + 1
    report = audit(replace(evidence, view=view, evidence_from=day_after))
    assert next(one for one in report.steps if one.name == "notarised readings").verdict is Verdict.RIGHT
