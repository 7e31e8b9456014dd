"""The loop of an operator: what it says when the chain is away, and that it goes on when it is back."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from commons.errors import RpcUnreachable, TransactionFailed
from oracle.pipeline import Pipeline
from oracle.report import Key, PassReport, Report, SessionReport
from oracle.service import Service, changed
from oracle.session.types import Stage
from tests.support.chain import World
from tests.support.crash import Trapped
from tests.support.market import Day, OperatorDesk, desks, open_day, usual_orders


@pytest.fixture
def operator_desk(world: World, tmp_path: Path) -> OperatorDesk:
    """The first operator."""
    return desks(world, tmp_path)[0]


@pytest.fixture
def day(world: World) -> Day:
    """A session to be cleared."""
    opened = open_day(world, usual_orders(world))
    opened.reveal()
    return opened


@dataclass
class Breakdown:
    """The way to the chain breaks at the n-th use of a method and stays broken for a number of uses."""

    method: str
    good_uses: int
    bad_uses: int
    error: type[Exception] = RpcUnreachable

    def on(self, pipeline: Pipeline) -> Pipeline:
        """The pipeline with this ahead of it."""
        chain: Any = Trapped(pipeline.chain, **{self.method: self._through(getattr(pipeline.chain, self.method))})
        pipeline.follower._chain = chain
        return replace(pipeline, chain=chain, outbox=replace(pipeline.outbox, chain=chain))

    def _through(self, act: Callable[..., Any]) -> Callable[..., Any]:
        def broken(*arguments: Any) -> Any:
            if self.good_uses > 0:
                self.good_uses -= 1
                return act(*arguments)
            if self.bad_uses > 0:
                self.bad_uses -= 1
                raise self.error("nobody answers at the chain's RPC", remedy="Start it.")  # type: ignore[call-arg]
            return act(*arguments)

        return broken


def run_until_voted(pipeline: Pipeline, day: Day) -> list[str]:
    """Let the service run until its vote is on the chain; what it said."""
    said: list[str] = []
    service = Service(pipeline, said.append, poll_s=0.001)

    def stop_when_voted(_: PassReport) -> None:
        if day.view.ballot(Stage.OUTCOME).answer_of(pipeline.turns.operator) is not None:
            service.stop.set()

    service.on_pass = stop_when_voted
    service.run()
    return said


@pytest.mark.parametrize("method", ["block", "events", "prepare", "broadcast", "wait"])
def test_service__chain_away_in_the_middle_of_a_pass__waits_with_a_sentence_and_goes_on(
    day: Day, operator_desk: OperatorDesk, method: str
) -> None:
    pipeline = Breakdown(method, good_uses=1 if method == "block" else 0, bad_uses=3).on(operator_desk.pipeline)
    said = run_until_voted(pipeline, day)
    assert said == [
        "nobody answers at the chain's RPC. Start it. Waiting for it; nothing is lost.",
        "the chain answers again",
    ]
    assert len(day.view.outcomes) == 1


def test_service__transaction_in_no_block_in_time__is_followed_up_and_not_repeated(
    day: Day, operator_desk: OperatorDesk
) -> None:
    pipeline = Breakdown("wait", good_uses=0, bad_uses=1, error=TransactionFailed).on(operator_desk.pipeline)
    run_until_voted(pipeline, day)
    assert len(day.view.outcomes) == 1
    assert len(operator_desk.pipeline.journal.sendings()) == 1


def test_service__nothing_new_on_the_chain__does_not_pass_again(day: Day, operator_desk: OperatorDesk) -> None:
    pipeline = operator_desk.pipeline
    passes: list[PassReport] = []
    service = Service(pipeline, lambda text: None, passes.append, poll_s=0.001)
    looks = 0

    def look() -> Any:
        nonlocal looks
        looks += 1
        if looks == 20:
            service.stop.set()
        return chain.block()

    chain = pipeline.chain
    watched: Any = Trapped(chain, block=look)
    service.pipeline = replace(pipeline, chain=watched)
    service.run()
    assert [report.has_acted for report in passes] == [True, False]


def test_following__restarted__reads_from_the_oldest_open_session_on(day: Day, operator_desk: OperatorDesk) -> None:
    operator_desk.pipeline.step()
    asked: list[int] = []
    pipeline = operator_desk.pipeline
    chain = pipeline.chain

    def events(addresses: Any, first: int, last: int) -> Any:
        asked.append(first)
        return chain.events(addresses, first, last)

    watched: Any = Trapped(chain, events=events)
    pipeline.follower._chain = watched
    pipeline.step()
    day.world.jump(1)
    pipeline.step()
    assert asked == [day.view.opened_block, chain.block_number()]


def test_news__same_report_again__is_none() -> None:
    told: dict[Key, Report] = {}
    quiet = PassReport(1, 1, (SessionReport(1, "waits", findings=("slot 1 differs",)),))  # type: ignore[arg-type]
    assert [one.findings for one in changed(told, quiet)] == [("slot 1 differs",)]
    assert changed(told, quiet) == []
    moved = PassReport(2, 2, (SessionReport(1, "goes on", findings=("slot 1 differs",)),))  # type: ignore[arg-type]
    assert [one.findings for one in changed(told, moved)] == [()]
