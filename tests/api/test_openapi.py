"""The committed description is the application's own, and complete."""

import json

from scripts.openapi import FILE, document


def test_document__committed__is_what_the_application_says() -> None:
    assert FILE.read_text(encoding="utf-8") == document(), "run `python -m scripts.openapi` and commit api/openapi.json"


def test_document__every_operation__has_words_a_typed_answer_and_problems() -> None:
    for path, item in json.loads(document())["paths"].items():
        for method, operation in item.items():
            where = f"{method} {path}"
            assert operation.get("description"), where
            assert "default" in operation["responses"], where
            answers = [code for code in operation["responses"] if code.startswith("2")]
            assert answers, where


def test_document__operation_names__are_unique() -> None:
    names = [op["operationId"] for item in json.loads(document())["paths"].values() for op in item.values()]
    assert len(names) == len(set(names))
