"""A message is strictly of its form, or it is none; what was sent is not repeated in the refusal."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commons.errors import MalformedInput
from commons.intake.message import Message, Result, Verdict, parsed, receipt_of

ONE = b'{"start": 900, "seconds": 900, "withdrawn_wh": 1, "injected_wh": 0}'


@pytest.mark.parametrize(
    "payload",
    [
        b"",
        b"null",
        b"[]",
        b"{}",
        b'{"readings": []}',
        b'{"readings": [{}]}',
        b'{"readings": [' + ONE.replace(b"900,", b"900.0,") + b"]}",
        b'{"readings": [' + ONE.replace(b"1,", b'"secret",') + b"]}",
        b'{"readings": [' + ONE.replace(b"}", b', "more": 1}') + b"]}",
        b'{"readings": [' + ONE.replace(b'"seconds": 900', b'"seconds": 3601') + b"]}",
        b'{"readings": [' + ONE + b'], "signature": "0xAB"}',
        b'{"measurements": [{"start": 0, "seconds": 60, "voltage_v": NaN}]}',
        b'{"measurements": [{"start": 0, "seconds": 60, "state_of_charge_pct": 101}]}',
        b"[" * 10_000,
    ],
)
def test_parsed__not_of_its_form__is_refused(payload: bytes) -> None:
    with pytest.raises(MalformedInput) as refusal:
        parsed(payload)
    assert "secret" not in str(refusal.value)


@given(payload=st.binary(max_size=200))
def test_parsed__any_bytes__are_a_message_or_a_refusal(payload: bytes) -> None:
    with contextlib.suppress(MalformedInput):
        assert isinstance(parsed(payload), Message)


def test_parsed__a_message__says_what_it_says() -> None:
    found = parsed(b'{"id": "a", "readings": [' + ONE + b"]}")

    assert (found.id, found.readings[0].start, found.readings[0].quality) == ("a", 900, 0)


def test_receipt__of_verdicts__counts_them() -> None:
    verdicts = [Verdict(start=0, result=result) for result in (Result.STORED, Result.STORED, Result.REFUSED)]
    found = receipt_of(
        Message(id="x", readings=parsed(b'{"readings": [' + ONE + b"]}").readings), verdicts[:2], verdicts
    )

    assert (found.id, found.stored, found.known, found.refused) == ("x", 4, 0, 1)
