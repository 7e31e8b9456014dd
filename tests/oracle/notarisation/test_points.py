"""Whose points were on a day: the chain's answers and its events say the same; no point is asked about day by day."""

from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from commons.actions.bindings import PointOfMember, bind_call, bindings_for
from commons.actions.points import release_call
from commons.chain import Call, Chain
from commons.records import PointKind
from commons.roster import RosterReader
from commons.slots import local_day
from commons.units import EpochSeconds
from oracle.measurement.store import ReadingStore
from oracle.measurement.types import Point
from oracle.measurement.types import PointKind as StoredKind
from oracle.notarisation.points import bindings_on, bound_on
from tests.support.chain import World
from tests.support.evidence import bind_points, evidence_desks, point_of

DAY_S = 24 * 3600


def test_bound_on__bound_released_and_bound_again__is_what_the_chain_answers(world: World) -> None:
    reader, chain = world.reader, world.chain
    first = local_day(chain.now())
    bind_points(world, [world.alice, world.bob])
    chain.send(world.alice, release_call(reader, point_of(world.alice), EpochSeconds(chain.now() + DAY_S)))
    world.jump(3 * DAY_S)
    again = PointOfMember(point_of(world.alice), PointKind.EXCHANGE, world.bob)
    (signed,) = bindings_for(reader, [again], EpochSeconds(chain.now() + DAY_S))
    chain.send(world.admin, bind_call(reader, world.admin, signed))
    point_ids = ["0x" + point_of(member).hex() for member in world.members]
    roster = RosterReader(reader).now()

    seen = set()
    for number in range(-1, 8):
        day = first + timedelta(days=number)
        found = bound_on(roster, day, point_ids)
        assert found == bindings_on(reader, day, point_ids), day
        seen |= {(point_id, span.number) for point_id, span in found.items()}
    assert sorted(seen) == sorted([(point_ids[0], 1), (point_ids[0], 2), (point_ids[1], 1)])


def test_days__before_the_first_binding__cost_no_question_a_point(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    operator = evidence_desks(world, tmp_path)[0]
    points = ["0x" + point_of(member).hex() for member in world.members]
    ReadingStore(operator.engine).add_points([Point(one, world.alice.address, StoredKind.EXCHANGE) for one in points])
    world.jump(5 * DAY_S)
    asked: list[str] = []
    calls = Chain.calls

    def noted(self: Chain, given: Sequence[Call], *more: Any) -> list[Any]:
        asked.extend(call.name for call in given)
        return calls(self, given, *more)

    monkeypatch.setattr(Chain, "calls", noted)
    assert operator.pipeline.step().days == ()

    assert sum(name.endswith(".versionCount") for name in asked) >= 3
    assert [name for name in asked if name.endswith(".pointOf")] == []
