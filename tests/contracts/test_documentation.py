"""docs/contracts.md names every function, event and error of every contract, and nothing that does not exist."""

import re
from itertools import pairwise

import pytest

from commons.chain.sentences import SENTENCES
from commons.settings import PROJECT_DIR
from tests.contracts.chain import artefacts

INHERITED = "Inherited from OpenZeppelin"
PAGE = (PROJECT_DIR / "docs" / "contracts.md").read_text()


def sections() -> dict[str, set[str]]:
    """The page's sections, and the names that each writes as code."""
    parts = re.split(r"^## (.+)$", PAGE, flags=re.M)[1:]
    return {title: set(re.findall(r"`(\w+)`", text)) for title, text in zip(parts[::2], parts[1::2], strict=True)}


def surfaces() -> dict[str, set[str]]:
    """The functions, events and errors of each of our contracts that is deployed."""
    deployed = [build for build in artefacts() if build["bytecode"] and "/libraries/" not in build["sourcePath"]]
    kinds = ("function", "event", "error")
    return {
        build["contractName"]: {item["name"] for item in build["abi"] if item["type"] in kinds} for build in deployed
    }


def test_page__has_a_section_for_each_contract() -> None:
    assert set(sections()) - {INHERITED} == set(surfaces())


@pytest.mark.parametrize("contract", sorted(set(sections()) - {INHERITED}))
def test_page__of_a_contract__names_all_it_has_and_nothing_else(contract: str) -> None:
    named, has = sections()[contract], surfaces()[contract]
    assert named - has == set(), "named, and not there"
    assert has - named - sections()[INHERITED] == set(), "there, and not named"


def test_page__of_what_is_inherited__names_nothing_that_no_contract_has() -> None:
    everything = set().union(*surfaces().values())
    assert sections()[INHERITED] - everything == set()


def test_page__says_of_every_error_what_the_tools_say_to_do() -> None:
    """One voice: the commands' remedy is the page's."""
    rows = re.findall(r"^\| `(\w+)` \| [^|]+ \| ([^|]+) \|$", PAGE, flags=re.M)
    differing = {name: said for name, said in rows if said != SENTENCES[name][1].replace("`", "")}
    assert differing == {}


def test_page__keeps_its_tables_whole() -> None:
    for before, line in pairwise(PAGE.splitlines()):
        if line.startswith("|") and before.startswith("|"):
            assert line.count("|") == before.count("|"), line
