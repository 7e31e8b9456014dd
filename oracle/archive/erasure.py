"""Erase a member at one operator: no name, contact, meter, reading or key of theirs is left in its folder.

Three steps, each of which may be cut off and repeated: the logs lose the lines that name the member; one transaction
deletes every row, and keeps of the member's frozen readings the salted hashes alone, so that everybody else's proofs
still lead to the notarised roots; then the database is written anew, so that no freed page keeps anything. Whoever is
killed before the end erases again. Backups, and the write-ahead log of a PostgreSQL server, end by their own expiry.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import Connection, Delete, Engine, Table, delete, insert, inspect, select, update

from commons.database.clean import rewrite
from commons.database.migrate import upgrade
from commons.database.tables import (
    AnomalyRow,
    CredentialRow,
    DatasetPointRow,
    DerivedRow,
    DeviceRow,
    ErasureRow,
    FlowRow,
    MeasurementRow,
    MemberKeyRow,
    MembershipRow,
    MeterKeyRow,
    PointRow,
    ReadingRow,
    SignedDeliveryRow,
    UserRow,
    table_of,
)
from commons.errors import UnknownMember
from oracle.archive.remains import keep_hashes
from oracle.archive.subject import Subject, find_subject
from oracle.archive.traces import Words, clean_logs
from oracle.journal import FindingRow, NoteRow

PERSONAL = (
    (DatasetPointRow, "point", "points"),
    (DerivedRow, "point", "points"),
    (AnomalyRow, "point", "points"),
    (ReadingRow, "point", "points"),
    (SignedDeliveryRow, "point", "points"),
    (MeasurementRow, "flow", "flows"),
    (CredentialRow, "flow", "flows"),
    (FlowRow, "id", "flows"),
    (DeviceRow, "id", "devices"),
    (PointRow, "id", "points"),
    (MeterKeyRow, "point_id", "point_ids"),
    (MemberKeyRow, "member_id", "member_ids"),
    (MembershipRow, "id", "memberships"),
    (UserRow, "id", "people"),
)
"""The tables that hold something about people, the column that says about whom, and that field of `Subject`; in this
order a row goes before the one it refers to."""
_ERASURES, _FINDINGS, _NOTES = (table_of(row) for row in (ErasureRow, FindingRow, NoteRow))


@dataclass(frozen=True, slots=True)
class Erased:
    """What was deleted: rows by table, and lines of logs.

    `days_without_proofs` counts the frozen datasets of which the member's hashes could not be kept, because its key was
    not here: of these this operator can make no more proofs, for anybody.
    """

    rows: Mapping[str, int] = field(default_factory=dict)
    log_lines: int = 0
    days_without_proofs: int = 0


def subject_of(engine: Engine, names: Sequence[str]) -> Subject:
    """Everything by which this operator knows the person whom wallets or member ids name."""
    upgrade(engine)
    with engine.connect() as connection:
        return find_subject(connection, names)


def erase(
    engine: Engine,
    folder: Path,
    names: Sequence[str],
    keys: Mapping[bytes, bytes],
    clock: Callable[[], int],
    others: Sequence[Path] = (),
) -> Erased:
    """Erase the person whom wallets or member ids name, in this database and in the logs of the operator's folder.

    Whoever calls this holds the folder's lock, and has other processes let go of the database.

    Args:
        keys: member id → key, of this operator's members: what makes the hashes that are kept.
        clock: the epoch second.
        others: more folders whose logs lose the lines that name the person.

    Raises:
        UnknownMember: nothing here is known of such a person, and no erasure was cut off.
        SettingsError: another process has the database open; everything is deleted, and erasing again ends it.
    """
    upgrade(engine)
    with engine.connect() as connection:
        subject = find_subject(connection, names)
        is_cut_off = connection.execute(select(_ERASURES.c.id).where(_ERASURES.c.done.is_(None))).first() is not None
    if not subject.is_known and not is_cut_off:
        raise UnknownMember("nothing is known here of this member", which=names[0], remedy="Check the wallet or id.")
    words = Words.of(subject.words)
    lines = sum(clean_logs(one, words) for one in (folder, *others))
    rows, days = _delete(engine, subject, words, keys, clock()) if subject.is_known else ({}, 0)
    rewrite(engine, _tables(engine))
    with engine.begin() as connection:
        connection.execute(update(_ERASURES).where(_ERASURES.c.done.is_(None)).values(done=clock()))
    return Erased(rows, lines, days)


def _delete(
    engine: Engine, subject: Subject, words: Words, keys: Mapping[bytes, bytes], now: int
) -> tuple[dict[str, int], int]:
    """Everything in one transaction; with it, that an erasure has begun."""
    with engine.begin() as connection:
        days_without_proofs = keep_hashes(connection, subject.points, subject.member_ids, keys)
        counts = {name: connection.execute(statement).rowcount for name, statement in _deletions(subject)}
        counts |= _forget_in_journal(connection, words)
        connection.execute(insert(_ERASURES).values(begun=now))
    return {name: count for name, count in counts.items() if count}, days_without_proofs


def _deletions(subject: Subject) -> Iterator[tuple[str, Delete]]:
    for row, column, of in PERSONAL:
        table = table_of(row)
        yield table.name, delete(table).where(table.c[column].in_(getattr(subject, of)))
    frozen = table_of(DatasetPointRow)  # of points that are somebody else's by now
    yield f"{frozen.name} of earlier points", delete(frozen).where(frozen.c.member_id.in_(subject.member_ids))


def _forget_in_journal(connection: Connection, words: Words) -> dict[str, int]:
    """Findings that name the person go; notes that do lose their words."""
    if not inspect(connection).has_table(_FINDINGS.name):
        return {}
    found = connection.execute(select(_FINDINGS.c.id, _FINDINGS.c.text)).all()
    told = connection.execute(select(_NOTES.c.session_id, _NOTES.c.stands)).all()
    findings = [row.id for row in found if words.are_in(row.text)]
    notes = [row.session_id for row in told if words.are_in(row.stands)]
    connection.execute(delete(_FINDINGS).where(_FINDINGS.c.id.in_(findings)))
    connection.execute(update(_NOTES).where(_NOTES.c.session_id.in_(notes)).values(stands=""))
    return {_FINDINGS.name: len(findings), _NOTES.name: len(notes)}


def _tables(engine: Engine) -> list[str]:
    """The tables to write anew."""
    tables: list[Table] = [*(table_of(row) for row, _, _ in PERSONAL), _FINDINGS, _NOTES]
    there = set(inspect(engine).get_table_names())
    return [table.name for table in tables if table.name in there]
