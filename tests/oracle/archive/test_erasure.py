"""After an erasure no byte of the member is left with the operator, and everybody else's proofs still hold."""

import os
import shutil
import signal
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import Engine, select, text

from commons.database import clean
from commons.database import engine as engine_module
from commons.database.engine import open_database
from commons.database.tables import ErasureRow, store_metadata, table_of
from commons.errors import SettingsError, UnknownMember
from commons.slots import day_grid
from commons.store import FolderStore
from commons.units import EpochSeconds
from oracle.archive import erasure
from oracle.archive.archive import Archive, Frozen
from oracle.archive.erasure import PERSONAL, Erased, erase
from oracle.archive.freezing import DayPoints, build_dataset_of, freeze
from oracle.archive.keys import KeyBook
from oracle.archive.traces import Words, naming_files
from oracle.evidence.bundle import take_out, verify_bundle
from oracle.evidence.types import DatasetId
from oracle.journal import FindingRow, Journal, NoteRow
from oracle.measurement.store import ReadingStore
from oracle.session.types import MarketId
from tests.oracle.archive.operators import COMMUNITY, DAY, GIULIA, OPERATOR, PIERO, Person, fill

MARKET = MarketId(1, COMMUNITY)
DAYS = (date(2026, 3, 28), DAY)
IMPERSONAL = {
    "communities",
    "roles",
    "suppliers",
    "weather",
    "datasets",
    "dataset_remains",
    "erasures",
}
"""Tables that say nothing about anybody; whoever adds a table decides here or in `PERSONAL`."""


def needles(person: Person) -> dict[str, bytes]:
    """What the person can be recognised by in any file, and what it is."""
    found = {
        "name": person.name.encode(),
        "contact": person.contact.encode(),
        "meter": person.serial.encode(),
        "wallet": person.wallet.encode(),
        "member id": person.member_id.hex().encode(),
        "what a meter signed": str(person.value).encode(),
        "reading": (person.value >> 8).to_bytes(4, "big"),
        "frozen reading": (person.value >> 8).to_bytes(4, "little"),
    }
    for pod, point in zip(person.pods, person.points, strict=True):
        found |= {pod: pod.encode(), f"point of {pod}": point.point_id.encode()}
    return found


def left_in(folder: Path, person: Person) -> set[str]:
    """What of the person is in some file of the folder."""
    contents = [path.read_bytes() for path in folder.rglob("*") if path.is_file()]
    return {what for what, needle in needles(person).items() if any(needle in content for content in contents)}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The folder of an operator who knows two members: two frozen days, a journal, a log, published files."""
    folder = tmp_path / "operator"
    engine = open_database(folder / "operator.sqlite")
    prepare(engine, folder)
    engine.dispose()
    return folder


def prepare(engine: Engine, folder: Path) -> None:
    folder.mkdir(exist_ok=True)
    fill(engine, GIULIA, PIERO, days=DAYS)
    for day in DAYS:
        frozen_day(engine, day, FolderStore(folder.with_name("published")))
    journal = Journal(engine, OPERATOR.address, MARKET)
    for number, person in enumerate((GIULIA, PIERO), start=1):
        told = f"slot 3, member {person.wallet}: counted Wh 12 here, 13 there"
        row = FindingRow(session_id=number, stage="settlement", answer=f"{number:02x}", text=told, is_compared=True)
        journal.keep_finding(row)
        journal.write_note(NoteRow(session_id=number, stands=f"failed: point {person.points[0].point_id}"))
    lines = [f"block {n}: {p.name} ({p.wallet}) at {p.pods[0]}" for n, p in enumerate((GIULIA, PIERO, GIULIA))]
    (folder / "operator.log").write_text("\n".join(["it begins", *lines, "it ends"]) + "\n", encoding="utf-8")


def points_of(*people: Person) -> DayPoints:
    member_ids = {point.point_id: person.member_id for person in people for point in person.points}
    return DayPoints(member_ids, {person.member_id: person.key for person in people})


def frozen_day(engine: Engine, day: date, published: FolderStore) -> Frozen:
    points = points_of(GIULIA, PIERO)
    slots = day_grid(day)
    batch = ReadingStore(engine).batch(sorted(points.member_ids), slots.start, slots.end)
    built = build_dataset_of(batch, 1, DatasetId(COMMUNITY, day, 1), points)
    published.publish(built.published)
    return freeze(Archive(engine, COMMUNITY), built, points, EpochSeconds(5))


def keys_of(engine: Engine) -> dict[bytes, bytes]:
    return dict(KeyBook(engine, COMMUNITY, OPERATOR).opened())


def erase_in(folder: Path, name: str = GIULIA.wallet) -> Erased:
    engine = open_database(folder / "operator.sqlite")
    try:
        return erase(engine, folder, [name], keys_of(engine), lambda: 77)
    finally:
        engine.dispose()


@pytest.fixture
def engine(folder: Path) -> Iterator[Engine]:
    opened = open_database(folder / "operator.sqlite")
    yield opened
    opened.dispose()


def test_erase__nobody_of_that_name__is_refused_and_changes_nothing(folder: Path) -> None:
    with pytest.raises(UnknownMember, match="nothing is known here"):
        erase_in(folder, "0x" + "99" * 20)
    assert left_in(folder, GIULIA) == set(needles(GIULIA))


def test_erase__somebody_else_reads_the_database__says_so_and_ends_it_when_repeated(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine_module, "_PRAGMAS", (*engine_module._PRAGMAS, "busy_timeout=50"))
    reader = open_database(folder / "operator.sqlite")
    with reader.connect() as connection:
        connection.exec_driver_sql("BEGIN")
        connection.execute(text("SELECT count(*) FROM readings")).all()
        with pytest.raises(SettingsError, match="has the database open"):
            erase_in(folder)
    reader.dispose()

    erase_in(folder)
    assert left_in(folder, GIULIA) == set()


@pytest.mark.parametrize(
    "name", [GIULIA.wallet, GIULIA.wallet.upper().replace("0X", "0x"), "0x" + GIULIA.member_id.hex()]
)
def test_erase__member__leaves_no_byte_of_them(folder: Path, name: str) -> None:
    assert left_in(folder, GIULIA) == set(needles(GIULIA))  # all of it would be found

    erased = erase_in(folder, name)

    assert left_in(folder, GIULIA) == set()
    assert left_in(folder, PIERO) == set(needles(PIERO))
    assert erased.rows["readings"] == sum(2 * (96 if day != DAY else 92) for day in DAYS)
    assert erased.log_lines == 2
    assert erased.days_without_proofs == 0


def test_erase__their_key__does_not_open_any_more(folder: Path, engine: Engine) -> None:
    before = b"".join(path.read_bytes() for path in folder.iterdir() if path.is_file())
    with engine.connect() as connection:
        sealed = connection.execute(text("SELECT sealed FROM member_keys ORDER BY member_id")).scalars().all()
    engine.dispose()
    assert all(key in before for key in sealed)

    erase_in(folder)

    after = b"".join(path.read_bytes() for path in folder.iterdir() if path.is_file())
    assert sum(key in after for key in sealed) == 1
    assert set(keys_of(engine)) == {PIERO.member_id}


def test_erase__log__keeps_every_other_line(folder: Path) -> None:
    erase_in(folder)

    lines = (folder / "operator.log").read_text(encoding="utf-8").splitlines()
    assert lines == ["it begins", f"block 1: {PIERO.name} ({PIERO.wallet}) at {PIERO.pods[0]}", "it ends"]


def test_erase__journal__forgets_what_names_them(folder: Path, engine: Engine) -> None:
    erase_in(folder)

    journal = Journal(engine, OPERATOR.address, MARKET)
    assert [finding.session_id for finding in journal.findings()] == [2]
    assert [note.stands for note in journal.notes()] == ["", f"failed: point {PIERO.points[0].point_id}"]


def test_erase__published_files__never_named_them(folder: Path) -> None:
    """But for the ids of points, which the chain has anyway."""
    published = folder.with_name("published")
    assert len(list(published.iterdir())) == 4
    words = Words.of([GIULIA.name, GIULIA.contact, GIULIA.serial, GIULIA.wallet, *GIULIA.pods, GIULIA.key.hex()])
    assert list(naming_files(published, words)) == []


@pytest.mark.parametrize("day", DAYS)
def test_erase__others_proofs__still_lead_to_the_roots(folder: Path, engine: Engine, day: date) -> None:
    archive = Archive(engine, COMMUNITY)
    root = archive.versions(day)[0].root
    before = take_out(archive.readings(day, 1).dataset(keys_of(engine)), [PIERO.points[0].point_id])

    erase_in(folder)

    frozen = archive.readings(day, 1)
    dataset = frozen.dataset(keys_of(engine))
    assert dataset.root == root
    assert len(frozen.remains) == 2 * (96 if day != DAY else 92)
    bundle = take_out(dataset, [PIERO.points[0].point_id])
    assert bundle == before
    verify_bundle(bundle, root)


def test_erase__one_after_the_other__leaves_the_root_of_hashes_alone(folder: Path, engine: Engine) -> None:
    erase_in(folder)
    erase_in(folder, PIERO.wallet)

    assert left_in(folder, PIERO) == set()
    frozen = Archive(engine, COMMUNITY).readings(DAY, 1)
    assert (len(frozen.grids), len(frozen.remains)) == (0, 3 * 92)


def test_erase__point_that_is_somebody_elses_by_now__keeps_the_hashes_and_the_successors_point(
    folder: Path, engine: Engine
) -> None:
    point = GIULIA.points[0].point_id
    change = (
        "UPDATE points SET wallet = :wallet, member_id = :id, membership = NULL, pod = NULL WHERE point_id = :point"
    )
    with engine.begin() as connection:
        successor = {"wallet": PIERO.wallet, "id": "0x" + PIERO.member_id.hex(), "point": point}
        connection.execute(text(change), successor)
    root = Archive(engine, COMMUNITY).versions(DAY)[0].root

    erase_in(folder)

    frozen = Archive(engine, COMMUNITY).readings(DAY, 1)
    assert len(frozen.remains) == 2 * 92
    assert frozen.dataset(keys_of(engine)).root == root
    assert point in {one.point_id for one in ReadingStore(engine).points()}


def test_erase__several_wallets_and_communities__one_wallet_names_them_all(folder: Path, engine: Engine) -> None:
    other = "0x" + "d4" * 20
    copy = (
        "INSERT INTO memberships (community, person, role, wallet, member_id, profile, joined) "
        "SELECT community, person, role, :wallet, :id, profile, 1 FROM memberships WHERE wallet = :old"
    )
    with engine.begin() as connection:
        connection.execute(text(copy), {"wallet": other, "id": "0x" + "d5" * 32, "old": GIULIA.wallet})

    erased = erase_in(folder, other)

    assert erased.rows["memberships"] == 2
    assert left_in(folder, GIULIA) == set()
    assert other.encode() not in b"".join(path.read_bytes() for path in folder.iterdir())


def test_words__of_any_alphabet_and_case__are_found_whole() -> None:
    words = Words.of(["Nicolò Ñandú", "Al"])
    lines = "nicolò ñandú came\nNICOLÒ ÑANDÚ\nalso\nAl: 3\n".encode() + b"\xff\xfe\n"
    assert words.lines_without(lines) == (b"also\n\xff\xfe\n", 3)


def test_erase__without_their_key__tells_of_which_days_proofs_are_lost(folder: Path, engine: Engine) -> None:
    assert erase(engine, folder, [GIULIA.wallet], {}, lambda: 77).days_without_proofs == len(DAYS)


STEPS = ("clean_logs", "_delete", "rewrite")


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("when", ["before", "after"])
def test_erase__killed__ends_complete_when_repeated(folder: Path, engine: Engine, step: str, when: str) -> None:
    die_in_erasure(folder, step, when)

    erase_in(folder)

    assert left_in(folder, GIULIA) == set()
    with engine.connect() as connection:
        erasures = connection.execute(select(table_of(ErasureRow))).all()
    assert {row.done for row in erasures} == {77}
    with pytest.raises(UnknownMember):
        erase_in(folder)


def die_in_erasure(folder: Path, step: str, when: str) -> None:
    """A process of its own that kills itself before or after a step."""
    child = os.fork()
    if not child:
        act: Callable[..., object] = getattr(erasure, step)

        def die(*arguments: object) -> None:
            if when == "after":
                act(*arguments)
            os.kill(os.getpid(), signal.SIGKILL)

        setattr(erasure, step, die)
        erase_in(folder)
        os._exit(0)
    _, status = os.waitpid(child, 0)
    assert os.WTERMSIG(status) == signal.SIGKILL


def test_tables__each__is_erased_from_or_says_nothing_about_anybody() -> None:
    erased = {table_of(row).name for row, _, _ in PERSONAL}
    assert erased | IMPERSONAL == set(store_metadata().tables)
    assert not erased & IMPERSONAL


def test_erase__postgresql__leaves_no_byte_in_its_tables(request: pytest.FixtureRequest, tmp_path: Path) -> None:
    engine = open_database(request.getfixturevalue("postgres").database())
    prepare(engine, tmp_path)
    with engine.connect() as connection:
        data = Path(connection.execute(text("SHOW data_directory")).scalar_one())
        number = connection.execute(text("SELECT oid FROM pg_database WHERE datname = current_database()")).scalar_one()
        base = data / "base" / str(number)  # of this database: other tests keep the same people in theirs

    def found(person: Person) -> set[str]:
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("CHECKPOINT"))
        copy = tmp_path / f"base-{len(list(tmp_path.iterdir()))}"
        shutil.copytree(base, copy)
        return left_in(copy, person)

    low_byte_first = set(needles(GIULIA)) - {"reading"}  # as PostgreSQL keeps integers
    assert found(GIULIA) == low_byte_first

    erase(engine, tmp_path, [GIULIA.wallet], keys_of(engine), lambda: 77)

    assert found(GIULIA) == set()
    assert len(found(PIERO)) == len(needles(PIERO)) - 1
    engine.dispose()


@pytest.mark.parametrize("where", ["the same database", "another database"])
def test_erase__postgresql_with_a_transaction_under_way__refuses_until_it_ends(
    where: str, request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = request.getfixturevalue("postgres")
    url = server.database()
    engine = open_database(url)
    prepare(engine, tmp_path)
    monkeypatch.setattr(clean, "WAIT_S", 0.3)
    with psycopg.connect(url if where == "the same database" else server.database()) as writer:
        writer.execute("SELECT pg_current_xact_id()")

        with pytest.raises(SettingsError, match="do not end"):
            erase(engine, tmp_path, [GIULIA.wallet], keys_of(engine), lambda: 77)

        writer.rollback()
    monkeypatch.undo()
    assert erase(engine, tmp_path, [GIULIA.wallet], keys_of(engine), lambda: 78).rows == {}
    with engine.connect() as connection:
        assert connection.execute(select(table_of(ErasureRow).c.done)).scalars().all() == [78]
    engine.dispose()
