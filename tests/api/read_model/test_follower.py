"""The read model says what the chain says, however often the follower was killed and whatever became of the chain."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, func
from sqlmodel import Session, col, select

from api.database import open_api_database
from api.read_model.follower import Follower, Source
from api.read_model.tables import (
    BallotFactRow,
    CommunityFactRow,
    EventRow,
    FollowedRow,
    MemberFactRow,
    PositionFactRow,
    SessionFactRow,
    SubjectRow,
)
from commons.addresses import Address
from commons.records import SessionState
from commons.units import SessionId
from tests.support.chain import World, bare_chain
from tests.support.market import Day, desks, open_day, run_to_end, usual_orders, usual_readings


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    opened = open_api_database(str(tmp_path / "api.db"))
    yield opened
    opened.dispose()


def follower(world: World, engine: Engine, span: int = 5000) -> Follower:
    return Follower(world.chain, engine, Source(world.deployment.factory, world.deployment.first_block), span=span)


def finished_day(world: World, tmp_path: Path) -> Day:
    operators = desks(world, tmp_path)
    day = open_day(world, usual_orders(world))
    for operator in operators:
        operator.meter(day.view, usual_readings(world))
    run_to_end(day, operators)
    return day


def dump(engine: Engine) -> list[object]:
    """Everything that follows from the chain, in a fixed order."""
    with Session(engine) as rows:
        found: list[object] = []
        for table in (
            CommunityFactRow,
            EventRow,
            SubjectRow,
            MemberFactRow,
            SessionFactRow,
            PositionFactRow,
            BallotFactRow,
        ):
            found += sorted(str(row.model_dump()) for row in rows.exec(select(table)))
        return found


def mark(engine: Engine) -> FollowedRow:
    with Session(engine) as rows:
        found = rows.get(FollowedRow, 1)
        assert found is not None
        return found


def test_step__a_whole_day__sessions_positions_and_members_are_the_contracts_own(
    world: World, engine: Engine, tmp_path: Path
) -> None:
    day = finished_day(world, tmp_path)
    progress = follower(world, engine).step()
    assert progress.behind == 0
    reader, community = world.reader, world.contracts.community.address
    with Session(engine) as rows:
        session = rows.get(SessionFactRow, (community, day.session_id))
        assert session is not None
        assert session.state == reader.state(day.session_id).name.lower()
        book = reader.book(SessionId(day.session_id))
        assert (session.orders, session.executed, session.revealed) == (book.order_count, book.executed, book.traders)
        assert session.outcome is not None
        assert session.settlement is not None
        for member in world.members:
            position = rows.get(PositionFactRow, (community, day.session_id, member.address))
            on_chain = reader.position(day.session_id, member.address)
            assert position is not None
            assert position.state == on_chain.state.name.lower()
            assert (position.first_index, position.order_count) == (on_chain.first_index, on_chain.order_count)
            fact = rows.get(MemberFactRow, (community, member.address))
            known = reader.member(member.address)
            assert fact is not None
            assert (fact.status, fact.kind) == (known.status.name.lower(), known.kind.name.lower())
            assert fact.member_id == "0x" + known.member_id.hex()
        ballots = list(rows.exec(select(BallotFactRow)))
        assert {(b.stage, b.accepted is not None) for b in ballots} == {("outcome", True), ("settlement", True)}
        voted = rows.exec(select(EventRow).where(EventRow.name == "Attested", EventRow.session == day.session_id))
        assert len(list(voted)) >= 4


def test_step__in_ranges_of_seven_blocks__leaves_the_same_rows(world: World, tmp_path: Path) -> None:
    finished_day(world, tmp_path)
    at_once, in_pieces = (open_api_database(str(tmp_path / name)) for name in ("one.db", "many.db"))
    follower(world, at_once).step()
    follower(world, in_pieces, span=7).step()
    assert dump(at_once) == dump(in_pieces)


def test_step__killed_before_the_first_range__says_that_everything_is_still_to_be_read(
    world: World, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    def die(*_: object) -> int:
        raise KeyboardInterrupt

    monkeypatch.setattr(Follower, "_follow", die)
    with pytest.raises(KeyboardInterrupt):
        follower(world, engine).step()
    begun = mark(engine)
    assert begun.head == world.chain.block_number()
    assert begun.block < begun.head


def test_step__a_new_process_every_time__goes_on_from_the_mark(world: World, engine: Engine, tmp_path: Path) -> None:
    follower(world, engine).step()
    before = mark(engine)
    finished_day(world, tmp_path)
    follower(world, engine).step()
    after = mark(engine)
    assert after.generation == before.generation
    assert after.block > before.block
    assert after.revision > before.revision
    once = open_api_database(str(tmp_path / "once.db"))
    follower(world, once).step()
    assert dump(engine) == dump(once)


def test_step__nothing_new__changes_no_revision(world: World, engine: Engine) -> None:
    follower(world, engine).step()
    before = mark(engine).revision
    follower(world, engine).step()
    assert mark(engine).revision == before


def test_step__time_alone_passes__the_session_is_in_its_next_state(world: World, engine: Engine) -> None:
    number = world.open_session()
    following = follower(world, engine)
    following.step()
    world.jump_to(world.reader.parameters(number).commit_deadline)
    before = mark(engine).revision
    following.step()
    with Session(engine) as rows:
        session = rows.get(SessionFactRow, (world.contracts.community.address, number))
    assert session is not None
    assert session.state == SessionState.REVEAL.name.lower()
    assert mark(engine).revision > before


def test_step__two_followers_of_one_database__keep_every_event_once(
    world: World, engine: Engine, tmp_path: Path
) -> None:
    one, other = follower(world, engine, span=9), follower(world, engine, span=7)
    one.step()
    finished_day(world, tmp_path)
    other.step()
    one.step()
    with Session(engine) as rows:
        total, places = rows.exec(
            select(func.count(), func.count(func.distinct(col(EventRow.block) * 100_000 + col(EventRow.log_index))))
        ).one()
    assert total == places > 0


def test_step__the_chain_went_back__reads_everything_again(world: World, engine: Engine) -> None:
    following = follower(world, engine)
    snapshot = world.chain.request("evm_snapshot")
    number = world.open_session()
    following.step()
    before = mark(engine)
    world.chain.request("evm_revert", snapshot)
    progress = following.step()
    after = mark(engine)
    assert progress.behind == 0
    assert after.generation == before.generation + 1
    assert after.revision > before.revision
    with Session(engine) as rows:
        assert rows.get(SessionFactRow, (world.contracts.community.address, number)) is None
        assert rows.get(CommunityFactRow, world.contracts.community.address) is not None


def test_step__another_chain_of_the_same_id__is_noticed_by_its_genesis(
    world: World, engine: Engine, tmp_path: Path
) -> None:
    follower(world, engine).step()
    before = mark(engine)
    with bare_chain(tmp_path / "other") as other:
        Follower(other, engine, Source(world.deployment.factory, 0)).step()
    after = mark(engine)
    assert (after.generation, after.block) == (before.generation + 1, 0)
    with Session(engine) as rows:
        assert list(rows.exec(select(EventRow))) == []


def test_step__another_factory_on_the_chain__starts_anew(world: World, engine: Engine) -> None:
    follower(world, engine).step()
    Follower(world.chain, engine, Source(Address("0x" + "12" * 20), world.deployment.first_block)).step()
    with Session(engine) as rows:
        assert list(rows.exec(select(CommunityFactRow))) == []
