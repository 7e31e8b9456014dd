"""The explorer tells every event of every contract in words, in both languages."""

import json
import re

from commons.chain.artefacts import OWN_CONTRACTS, artefact
from commons.settings import PROJECT_DIR

SOURCES = PROJECT_DIR / "frontend" / "src"
NAMES = SOURCES / "app" / "features" / "explorer" / "event-names.ts"
NAMED = re.compile(r"^  (\w+): \$localize`([^`]+)`,$", re.MULTILINE)


def names() -> dict[str, str]:
    """Event → its name in English."""
    return dict(NAMED.findall(NAMES.read_text(encoding="utf-8")))


def test_event_names__every_event_of_our_contracts__has_one_and_no_name_is_left_over() -> None:
    events = {event.name for contract in OWN_CONTRACTS for event in artefact(contract).events}
    assert names().keys() == events


def test_event_names__every_name__is_its_own_and_has_an_italian_text() -> None:
    english = list(names().values())
    assert len(set(english)) == len(english)
    files = (SOURCES / "locale").glob("it*.json")
    italian = {key for file in files for key in json.loads(file.read_text(encoding="utf-8"))}
    assert [text for text in english if text not in italian] == []
