"""A bundle proves its readings without any server, and nothing else."""

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commons import canonical
from commons.errors import AuditMismatch, DatasetMalformed, InputError
from oracle.evidence.bundle import Bundle, ProvedReading, decode, encode, take_out, verify_bundle
from tests.oracle.evidence.days import ALICE_GRID, ALICE_KEY, ALICE_PANELS, BOB_GRID, dataset

DATASET = dataset()
TRANSACTION = bytes(range(200, 232))


def bundle() -> Bundle:
    return take_out(DATASET, [ALICE_PANELS, ALICE_GRID], TRANSACTION)


def with_reading(place: int, **changes: Any) -> Bundle:
    found = list(bundle().readings)
    found[place] = replace(found[place], **changes)
    return replace(bundle(), readings=tuple(found))


@pytest.mark.parametrize("points", [[], [ALICE_GRID, "0x" + "99" * 32]])
def test_take_out__points_that_are_not_in_the_dataset__are_refused(points: list[str]) -> None:
    with pytest.raises(InputError, match="holds no such point"):
        take_out(DATASET, points)


@pytest.mark.parametrize(
    "changes",
    [
        {"withdrawn_wh": 5_001},
        {"injected_wh": 5_001},
        {"quality": 3},
        {"start": 900},
        {"seconds": 901},
        {"point_id": BOB_GRID},
        {"salt": bytes(32)},
        {"proof": ()},
    ],
)
def test_verify__a_field_altered__says_which_reading(changes: dict[str, Any]) -> None:
    with pytest.raises(AuditMismatch, match="does not lead to the root"):
        verify_bundle(with_reading(7, **changes))


def test_verify__root_of_the_chain_differs__is_refused() -> None:
    with pytest.raises(AuditMismatch, match="the chain notarised 0x00"):
        verify_bundle(bundle(), bytes(32))


def cut(readings: tuple[ProvedReading, ...], place: int) -> tuple[ProvedReading, ...]:
    return readings[:place] + readings[place + 1 :]


def repeated(readings: tuple[ProvedReading, ...]) -> tuple[ProvedReading, ...]:
    return (*readings[:5], readings[4], *readings[5:])


@pytest.mark.parametrize(
    "changed",
    [lambda r: cut(r, 0), lambda r: cut(r, 40), lambda r: cut(r, len(r) - 1), repeated],
    ids=["first", "middle", "last", "twice"],
)
def test_verify__a_reading_left_out_or_given_twice__is_noticed(
    changed: Callable[[tuple[ProvedReading, ...]], tuple[ProvedReading, ...]],
) -> None:
    """The missing readings have leaves, too, so a bundle that leaves one out hides something."""
    with pytest.raises(AuditMismatch, match=r"the bundle goes on|the readings end"):
        verify_bundle(replace(bundle(), readings=changed(bundle().readings)))


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("format", "commonwatt/bundle/2"),
        ("community", "0x12"),
        ("day", "29 March"),
        ("version", "one"),
        ("root", "0x00"),
        ("root", "0x" + "AB" * 32),
        ("transaction", "pending"),
        ("readings", []),
        ("readings", ["reading"]),
        ("readings", None),
    ],
)
def test_decode__malformed_head__is_refused(key: str, value: Any) -> None:
    document = json.loads(encode(bundle())) | {key: value}
    with pytest.raises(DatasetMalformed):
        decode(canonical.encode(document))


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("start", "-1"),
        ("start", str(1 << 64)),
        ("seconds", "0"),
        ("quality", "3"),
        ("withdrawnWh", "1.5"),
        ("salt", "0x"),
        ("point", 7),
        ("proof", "0x"),
        ("proof", ["0x" + "00" * 31]),
        ("proof", ["0x" + "00" * 32] * 65),
    ],
)
def test_decode__malformed_reading__is_refused(key: str, value: Any) -> None:
    document = json.loads(encode(bundle()))
    document["readings"][3][key] = value
    with pytest.raises(DatasetMalformed):
        decode(canonical.encode(document))


@given(st.one_of(st.binary(max_size=80), st.text(max_size=80).map(str.encode)))
def test_decode__anything_at_all__is_refused_with_a_sentence(raw: bytes) -> None:
    with pytest.raises(DatasetMalformed):
        decode(raw)


def test_bundle__of_a_member__verifies_and_shows_nobody_else() -> None:
    found = bundle()
    verify_bundle(found)
    verify_bundle(found, DATASET.root)

    assert len(found.readings) == 2 * 92
    assert {reading.point_id for reading in found.readings} == {ALICE_GRID, ALICE_PANELS}
    assert BOB_GRID.encode() not in encode(found)
    assert ALICE_KEY.hex().encode() not in encode(found)


def test_bundle__of_hours__verifies() -> None:
    verify_bundle(take_out(DATASET, [BOB_GRID]))


@pytest.mark.parametrize("transaction", [None, TRANSACTION])
def test_bundle__written_and_read__is_the_same(transaction: bytes | None) -> None:
    written = take_out(DATASET, [ALICE_GRID], transaction)

    assert decode(encode(written)) == written
