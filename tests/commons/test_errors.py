"""The exception tree says what, which and the remedy, and its picture is the tree that there is."""

import re

import pytest

from commons import errors
from commons.errors import CommonwattError, InputError, UnknownSession


def descendants(kind: type[CommonwattError], depth: int = 0) -> list[tuple[int, str]]:
    found = []
    for child in kind.__subclasses__():
        if child.__module__ == errors.__name__:
            found += [(depth, child.__name__), *descendants(child, depth + 1)]
    return found


def test_message__id_not_in_the_sentence__names_it() -> None:
    assert UnknownSession("no such session", which=7, remedy="List them.").message == "no such session (7). List them."


def test_message__id_in_the_sentence__is_not_repeated() -> None:
    assert str(UnknownSession("no session 7", which=7, remedy="List them.")) == "no session 7. List them."


@pytest.mark.parametrize(("kind", "code"), [(InputError, 2), (UnknownSession, 2), (errors.RpcUnreachable, 1)])
def test_exit_code__by_branch__tells_input_from_failure(kind: type[CommonwattError], code: int) -> None:
    assert kind.exit_code == code


def test_codes__all_errors__are_distinct() -> None:
    codes = [getattr(errors, name).code for _, name in descendants(CommonwattError)]
    assert len(set(codes)) == len(codes)


def test_picture__of_the_module__is_the_tree() -> None:
    assert errors.__doc__ is not None
    drawn = re.findall(r"^    ([│ ]*)[├└]── (\w+)", errors.__doc__, re.MULTILINE)
    assert sorted((len(indent) // 4, name) for indent, name in drawn) == sorted(descendants(CommonwattError))
