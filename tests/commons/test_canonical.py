"""Canonical JSON: one way to write, and nothing else is read."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commons import canonical
from commons.errors import DatasetMalformed, UnitError


@pytest.mark.parametrize("value", [1.0, b"bytes", {"a": [0.5]}, {1, 2}])
def test_encode__no_exact_form__is_refused(value: Any) -> None:
    with pytest.raises(UnitError, match="canonical form"):
        canonical.encode(value)


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b'{"a":1}',
        b"[1.5]",
        b"NaN",
        b'{"b":"1","a":"2"}',
        b'{"a":"1","a":"2"}',
        b'["a", "b"]',
        b'["\\u0041"]',
        b'["a"]\n',
        b"\xff",
        b'"\\ud800"',
        b"[" * 100_000,
    ],
)
def test_decode__not_canonical_to_the_byte__is_refused(raw: bytes) -> None:
    with pytest.raises(DatasetMalformed):
        canonical.decode(raw)


@pytest.mark.parametrize("text", ["", "01", "+1", "1.0", " 1", "-0", "1e3", "١", None, 1])
def test_integer__any_other_spelling__is_refused(text: Any) -> None:
    with pytest.raises(DatasetMalformed, match="decimal string"):
        canonical.integer(text)


@pytest.mark.parametrize("sign", ["", "-"])
def test_integer__longer_than_any_figure__is_refused(sign: str) -> None:
    """Python itself refuses to read one of thousands of digits, and not with an error of ours."""
    assert canonical.integer(sign + "9" * canonical.MOST_DIGITS)
    for digits in (canonical.MOST_DIGITS + 1, 5000):
        with pytest.raises(DatasetMalformed, match="decimal string"):
            canonical.integer(sign + "9" * digits)


def test_encode__integers_of_any_size__become_decimal_strings() -> None:
    raw = canonical.encode({"b": 1 << 80, "a": [True, None, -1]})
    assert raw == b'{"a":[true,null,"-1"],"b":"1208925819614629174706176"}'


texts = st.text(st.characters(blacklist_categories=("Cs",)))
leaves = st.none() | st.booleans() | texts
values = st.recursive(leaves, lambda v: st.lists(v) | st.dictionaries(texts, v), max_leaves=8)


@given(values)
def test_decode__what_encode_wrote__comes_back(value: Any) -> None:
    assert canonical.decode(canonical.encode(value)) == value


@given(st.integers())
def test_integer__any_integer__survives_the_way(value: int) -> None:
    assert canonical.integer(canonical.decode(canonical.encode(value))) == value
