"""An operator killed at every instruction that leaves a trace: it resumes, posts nothing twice, and all are paid."""

import os
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from oracle.duty import Over, due
from oracle.journal import Journal, SendingState
from oracle.lock import folder_lock
from oracle.session.types import LockReleased, Stage
from tests.support.chain import World
from tests.support.crash import Killed, Trap, die_and_resume, trapped
from tests.support.evidence import evidence_desks, jump_to_freeze, local_day_of, open_evidence_day
from tests.support.market import Day, OperatorDesk, desks, open_day, usual_orders, usual_readings
from tests.support.waiting import LONGEST_S, eventually

SENT = (
    "Marketplace.releaseLock",
    "Marketplace.setFinalOrders",
    "Marketplace.setValidTransactions",
    "SessionHandler.setPriorSessionValidation",
    "Marketplace.executeBatch",
    "Marketplace.sweepPot",
    "Marketplace.payTreasury",
)


@pytest.fixture
def operators(world: World, tmp_path: Path) -> list[OperatorDesk]:
    """The three operators."""
    return desks(world, tmp_path)


@pytest.fixture
def day(world: World, operators: list[OperatorDesk]) -> Day:
    """A session with one trader who does not reveal, metered by everybody."""
    opened = open_day(world, usual_orders(world))
    for operator in operators:
        operator.meter(opened.view, usual_readings(world))
    opened.reveal([trader for trader in opened.orders if trader is not world.carla])
    return opened


def require_paid_once(day: Day, operators: list[OperatorDesk]) -> None:
    """Nothing was posted twice, everybody is paid, and every operator's journal agrees with the chain."""
    view, world = day.view, day.world
    for stage in Stage:
        ballot = view.ballot(stage)
        votes = Counter(voter for _, voters in ballot.votes for voter in voters)
        assert set(votes.values()) == {1}
        assert len(view.posted(stage)) == 1
    assert Counter(m.trader for m in view.executions) == Counter(reveal.trader for reveal in view.reveals)
    assert due(view, world.chain.now(), operators[0].signer.address) == (Over(),)
    for operator in operators:
        rows = journal_of(operator).sendings()
        assert {row.state for row in rows} == {SendingState.DONE}
        assert len({row.nonce for row in rows}) == len(rows)


def journal_of(operator: OperatorDesk) -> Journal:
    """The operator's journal."""
    return operator.pipeline.journal


ACTS = ("publish", "record", "broadcast", "receipt of", "close")


@pytest.mark.parametrize("only", ["", *(f"{when} {act}" for act in ACTS for when in ("before", "after"))])
def test_operator__killed_at_every_instruction__posts_nothing_twice_and_pays_everybody(
    day: Day, operators: list[OperatorDesk], only: str
) -> None:
    traps = [Trap(only) for _ in operators]

    def all_resume() -> None:
        for operator, trap in zip(operators, traps, strict=True):
            die_and_resume(operator, trap)

    all_resume()
    day.deliver()
    all_resume()
    day.object()
    all_resume()
    require_paid_once(day, operators)
    if "broadcast" in only or "receipt" in only:
        assert {f"{only} {call}" for call in SENT} <= set(traps[0].sprung)
        assert f"{only} OracleQuorum.attest" in traps[1].sprung
    assert all(trap.sprung for trap in traps)


@pytest.mark.parametrize(
    "only", ["", "before freeze", "after freeze", "after publish", "after broadcast", "before close"]
)
def test_operator__killed_while_notarising__freezes_once_votes_once_and_settles(
    world: World, tmp_path: Path, only: str
) -> None:
    operators = evidence_desks(world, tmp_path)
    opened = open_evidence_day(world, usual_orders(world))
    for operator in operators:
        operator.meter(opened.view, usual_readings(world))
    opened.reveal()
    traps = [Trap(only) for _ in operators]

    def all_resume() -> None:
        for operator, trap in zip(operators, traps, strict=True):
            die_and_resume(operator, trap)

    all_resume()
    opened.deliver()
    jump_to_freeze(opened)
    all_resume()
    world.jump(world.reader.window_limits().challenge)
    all_resume()
    opened.object()
    all_resume()

    require_paid_once(opened, operators)
    events = world.chain.events(world.contracts.notary.address, world.community.created_block, names=("DatasetPosted",))
    posted = Counter(event.args["day"] for event in events)
    assert set(posted.values()) == {1}
    frozen = {o.pipeline.days.notariser.archive.versions(local_day_of(opened))[0].root for o in operators}
    assert frozen == {events[-1].args["dataset"].root}
    assert all(trap.sprung for trap in traps)


def test_operator__killed_after_broadcast_and_its_transaction_lost__sends_again(
    day: Day, operators: list[OperatorDesk]
) -> None:
    trap = Trap()
    snapshot = day.world.chain.request("evm_snapshot")
    while trap.sprung[-1:] != ["after broadcast Marketplace.setFinalOrders"]:
        with pytest.raises(Killed):
            trapped(operators[0].pipeline, trap).step()
    # In a block, before the chain forgets it.
    eventually(lambda: day.world.chain.request("txpool_status")["pending"] == "0x0", "it is in a block")
    day.world.chain.request("evm_revert", snapshot)
    report = operators[0].pipeline.step()
    assert not report.has_failed
    assert len(day.view.outcomes) == 1
    assert {m.trader for m in day.view.movements if isinstance(m, LockReleased)} == {day.world.carla.address}


# -------------------------------------------------------------------- a real kill


class Process:
    """`oracle run` as a process of its own."""

    def __init__(self, operator: OperatorDesk, var_dir: Path) -> None:
        command = [str(Path(sys.executable).with_name("commonwatt")), "oracle", "run", operator.signer.name]
        command += ["--folder", str(operator.folder), "--published", str(operator.published.folder), "--stagger", "0"]
        environment = {**os.environ, **operator.world.environment, "COMMONWATT_VAR_DIR": str(var_dir)}
        self.log = (var_dir / "run.log").open("ab")
        self.running = subprocess.Popen(command, env=environment, stdout=self.log, stderr=self.log)

    def kill(self) -> None:
        """Kill it, at once and for good."""
        self.running.send_signal(signal.SIGKILL)
        self.running.wait()
        self.log.close()


@pytest.fixture
def start(world: World, tmp_path: Path) -> Iterator[Callable[[OperatorDesk], Process]]:
    """Starts processes, and ends those that a test leaves."""
    started: list[Process] = []

    def begin(operator: OperatorDesk) -> Process:
        started.append(Process(operator, tmp_path))
        return started[-1]

    yield begin
    for process in started:
        process.kill()


def wait_for(condition: Callable[[], bool], process: Process) -> None:
    """Look again and again until something is so; the process must not end before."""
    said = Path(process.log.name).read_text

    def look() -> bool:
        assert process.running.poll() is None, said()
        return condition()

    eventually(look, said)


def recorded(operator: OperatorDesk, purpose: str) -> Callable[[], bool]:
    """Whether the operator's journal has a sending for a purpose."""
    return lambda: any(row.purpose.startswith(purpose) for row in journal_of(operator).sendings())


def test_operator__process_killed_for_real_at_several_moments__pays_everybody(
    day: Day, operators: list[OperatorDesk], start: Callable[[OperatorDesk], Process]
) -> None:
    first, second, _ = operators
    for purpose, move_on in (("outcome", day.deliver), ("settlement", day.object)):
        process = start(first)
        wait_for(recorded(first, purpose), process)
        process.kill()
        for operator in (first, second):
            operator.pipeline.step()
        move_on()
    process = start(first)
    wait_for(recorded(first, "validate"), process)
    process.kill()
    process = start(first)
    wait_for(lambda: "over" in journal_of(first).note(day.session_id).stands, process)
    process.running.send_signal(signal.SIGTERM)
    assert process.running.wait(LONGEST_S) == 0
    require_paid_once(day, operators[:2])


def test_folder__held_by_another_process__is_refused_with_its_number(
    day: Day, operators: list[OperatorDesk], start: Callable[[OperatorDesk], Process], tmp_path: Path
) -> None:
    with folder_lock(operators[0].folder):
        assert start(operators[0]).running.wait(LONGEST_S) == 2
    assert f"is already at work in process {os.getpid()}" in (tmp_path / "run.log").read_text()
