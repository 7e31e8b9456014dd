"""After an erasure nothing that the API keeps of its own tells of the person, wherever it or a hand-in was cut off."""

import os
import signal
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import Engine, insert, select

from api import erasure
from api.adhesion.desk import AdhesionDesk
from api.adhesion.folder import DocumentFolder
from api.adhesion.tables import AdhesionRow
from api.auth.tables import SignInRow
from api.database import api_metadata, open_api_database
from api.erasure import OWN, erase
from api.read_model.tables import FACTS, FollowedRow
from commons.addresses import Address
from commons.database.tables import table_of
from commons.errors import NotFound

COMMUNITY = Address("0x" + "fe" * 20)
GIULIA, PIERO = Address("0x" + "A1" * 20), Address("0x" + "b2" * 20)


@pytest.fixture
def desk(tmp_path: Path) -> AdhesionDesk:
    """Where two applicants handed their contracts in and signed in."""
    engine = open_api_database(str(tmp_path / "api" / "api.sqlite"))
    desk = AdhesionDesk(engine, DocumentFolder(tmp_path / "api" / "adhesions"))
    for wallet in (GIULIA, PIERO):
        hand_in(desk, wallet)
        sign_in(engine, wallet)
    engine.dispose()
    return desk


def content_of(wallet: Address) -> bytes:
    return b"%PDF-1.7 signed by " + wallet.encode()


def hand_in(desk: AdhesionDesk, wallet: Address) -> AdhesionRow:
    return desk.take(COMMUNITY, wallet, "application/pdf", content_of(wallet))


def sign_in(engine: Engine, wallet: Address) -> None:
    row = {"id": f"id of {wallet}", "wallet": wallet, "refresh": f"refresh of {wallet}"}
    with engine.begin() as connection:
        connection.execute(insert(table_of(SignInRow)).values(**row, began=1, expires=2, rotated=1, is_over=False))


def needles(desk: AdhesionDesk, wallet: Address) -> set[bytes]:
    """What a person can be recognised by in any file or its name."""
    rows = desk.listed(COMMUNITY, wallet)
    assert rows
    own = {one.encode() for row in rows for one in (row.adhesion_hash, row.salt)}
    return own | {content_of(wallet), wallet.encode(), f"id of {wallet}".encode(), f"refresh of {wallet}".encode()}


def left(desk: AdhesionDesk, wanted: set[bytes]) -> set[bytes]:
    files = [path for path in desk.documents.folder.parent.rglob("*") if path.is_file()]
    content = b"".join(path.name.encode() + path.read_bytes() for path in files)
    return {needle for needle in wanted if needle in content}


@pytest.mark.parametrize("name", [GIULIA, GIULIA.lower()])
def test_erase__applicant__leaves_no_byte_of_them(desk: AdhesionDesk, name: str) -> None:
    hers, his = needles(desk, GIULIA), needles(desk, PIERO)
    assert left(desk, hers) == hers  # all of it would be found

    assert erase(desk.engine, desk.documents, [name]) == {"adhesion_documents": 1, "sign_ins": 1}

    assert left(desk, hers) == set()
    assert left(desk, his) == his
    assert erase(desk.engine, desk.documents, [name]) == {}


def test_erase__postgresql__leaves_no_row(desk: AdhesionDesk, request: pytest.FixtureRequest) -> None:
    engine = open_api_database(request.getfixturevalue("postgres").database())
    there = AdhesionDesk(engine, desk.documents)
    for wallet in (GIULIA, PIERO):
        hand_in(there, wallet)
        sign_in(engine, wallet)

    assert erase(engine, desk.documents, [GIULIA]) == {"adhesion_documents": 1, "sign_ins": 1}

    with engine.connect() as connection:
        for table in OWN:
            assert connection.execute(select(table.c.wallet)).scalars().all() == [PIERO]
    engine.dispose()


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("step", ["delete", "rewrite"])
def test_erase__killed__ends_complete_when_repeated(desk: AdhesionDesk, step: str, when: str) -> None:
    hers = needles(desk, GIULIA)
    desk.engine.dispose()
    target = DocumentFolder if step == "delete" else erasure
    killed(target, step, when, lambda: erase(desk.engine, desk.documents, [GIULIA]))

    erase(desk.engine, desk.documents, [GIULIA])

    assert left(desk, hers) == set()


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("step", ["fsync", "replace"])
def test_hand_in__killed__leaves_nothing_that_an_erasure_would_miss(desk: AdhesionDesk, step: str, when: str) -> None:
    desk.engine.dispose()
    killed(os if step == "fsync" else Path, step, when, lambda: hand_in(desk, GIULIA))
    hers = needles(desk, GIULIA)
    assert len(desk.listed(COMMUNITY, GIULIA)) == 2

    erase(desk.engine, desk.documents, [GIULIA])

    assert left(desk, hers) == set()


def test_hand_in__while_its_member_is_erased__is_refused_and_leaves_no_document(
    desk: AdhesionDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    write = DocumentFolder.write

    def write_late(self: DocumentFolder, name: str, content: bytes) -> None:
        erase(desk.engine, desk.documents, [GIULIA])
        write(self, name, content)

    monkeypatch.setattr(DocumentFolder, "write", write_late)
    with pytest.raises(NotFound, match="erased meanwhile"):
        hand_in(desk, GIULIA)

    assert left(desk, {content_of(GIULIA)}) == set()


def test_hand_in__disk_that_is_full__keeps_no_row_either(desk: AdhesionDesk, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        hand_in(desk, GIULIA)

    assert len(desk.listed(COMMUNITY, GIULIA)) == 1
    assert len(list(desk.documents.folder.iterdir())) == 2


def test_tables__each__is_erased_from_or_a_copy_of_the_chain_or_says_nothing_about_anybody() -> None:
    """Whoever adds a table decides here."""
    erased, copied = {table.name for table in OWN}, {table_of(row).name for row in (FollowedRow, *FACTS)}
    assert erased | copied | {"sign_in_nonces"} == set(api_metadata().tables)
    assert not erased & copied


def killed(target: object, step: str, when: str, act: Callable[[], object]) -> None:
    """Act in a process of its own that kills itself before or after a step."""
    child = os.fork()
    if not child:
        original: Callable[..., object] = getattr(target, step)

        def die(*arguments: object) -> None:
            if when == "after":
                original(*arguments)
            os.kill(os.getpid(), signal.SIGKILL)

        setattr(target, step, die)
        act()
        os._exit(0)
    _, status = os.waitpid(child, 0)
    assert os.WTERMSIG(status) == signal.SIGKILL
