"""What a network carries: refusals, hand-computed figures, and the page that explains them."""

import json
import re
from dataclasses import replace
from pathlib import Path

import pytest
from eth_abi.abi import encode

from commons.chain.artefacts import OWN_CONTRACTS, artefact
from commons.errors import InputError, SettingsError
from commons.settings import PROJECT_DIR
from scripts.network.size import lines_of
from scripts.network.sizing import Action, Demand, load_actions, size
from tests.scripts.command import Command

ROUND = {name: Action(1000, 100, 100, 1) for name in load_actions()}


@pytest.mark.parametrize("field", ["members", "sessions_per_day", "communities", "block_seconds", "stagger"])
def test_size__figure_of_zero__is_refused(field: str) -> None:
    with pytest.raises(InputError, match=field):
        size(replace(Demand(10, 1), **{field: 0}), ROUND)


def test_size__more_members_than_a_network_holds__is_refused() -> None:
    with pytest.raises(InputError, match="more accounts than"):
        size(Demand(100_001, 1), ROUND)
    with pytest.raises(InputError, match="more than a network carries"):
        size(Demand(90_000, 24), load_actions())


def test_actions__missing_or_malformed_file__is_refused(tmp_path: Path) -> None:
    with pytest.raises(SettingsError):
        load_actions(tmp_path / "none.json")
    (tmp_path / "some.json").write_text('{"actions": {"commit": {"gas": 1}}}')
    with pytest.raises(SettingsError):
        load_actions(tmp_path / "some.json")


def test_size__round_figures__are_as_computed_by_hand() -> None:
    found = size(Demand(members=10, sessions_per_day=2, communities=100), ROUND)
    # 4 shared transactions, 2 × 2 attestations, 3 a member
    assert found.gas_per_session == (4 + 4 + 30) * 1000
    assert found.usable_gas_per_day == 60_000_000 * 43_200 // 2
    assert found.most_members_per_session == 99_995  # 54 million reveals would fit; the list of accounts does not
    assert found.communities_by_accounts == 100_000 // 15
    stored = 100 + 100 + 300 + 1330 + 3192
    assert found.stored_per_session_bytes == 38 * stored
    assert found.stored_per_year_empty_bytes == 365 * 43_200 * (730 + 4 * 88)
    moves = 10 * 2 * stored * 365 // 30
    assert found.stored_per_year_bytes == found.stored_per_year_empty_bytes + 100 * (2 * 365 * 38 * stored + moves)
    assert found.networks == 1


def test_size__more_reveal_windows__carries_as_many_times_the_communities() -> None:
    once, thrice = (size(Demand(50, 1, stagger=n), load_actions()) for n in (1, 3))
    assert thrice.communities_by_reveals in range(3 * once.communities_by_reveals, 3 * once.communities_by_reveals + 3)


def test_network_size__as_json__gives_every_figure(command: Command) -> None:
    code, printed, _ = command("network", "size", "--members", "200", "--sessions-per-day", "1", "--json")
    assert (code, json.loads(printed)["networks"] > 1) == (0, True)


@pytest.mark.parametrize("members", [17, 50, 200, 1000])
def test_page__table__holds_what_the_command_computes(members: int) -> None:
    page = (PROJECT_DIR / "docs/scale.md").read_text(encoding="utf-8")
    demand = Demand(members, 1)
    found = size(demand, load_actions())
    year = f"{found.stored_per_year_bytes / 10**9:,.0f} GB"
    row = f"| {members:,} | {found.gas_per_session:,} | {found.stored_per_session_bytes:,} | "
    row += f"{found.communities_per_network:,} | {year} | {found.networks:,} |"
    assert row in page
    assert any(f"{found.networks:,} networks" in line for line in lines_of(demand, found))


def test_page__figures_in_its_sentences__are_computed_so() -> None:
    page = (PROJECT_DIR / "docs/scale.md").read_text(encoding="utf-8")
    actions = load_actions()
    found = [size(Demand(members, 1), actions) for members in (17, 50, 200, 1000)]
    half_of_an_hours_gas = 3600 // 2 * 60_000_000 // 2
    assert f"{half_of_an_hours_gas // actions['reveal'].gas:,} by gas" in page
    assert f"{found[0].most_members_per_session:,} members fit by the list of accounts" in page
    assert f"{found[0].stored_per_year_empty_bytes / 10**9:.1f} GB of a year" in page
    shares = {f"{one.gas_per_session * one.communities_per_network / one.gas_per_day:.1%}" for one in found}
    assert shares == {"1.2%"}
    assert "use 1.2 % of the gas of a day" in page
    binding = {min(one.communities_by_gas, one.communities_by_reveals) > one.communities_by_disk for one in found}
    assert binding == {True}
    assert all(one.communities_by_accounts == one.communities_per_network for one in found)


IN_THE_BENCHMARKS = {
    "newSession": "open a session",
    "commit": "commit with the envelope of 24 orders",
    "reveal": "reveal 24 orders",
    "outcome": "post an outcome of 24 slots, each proposal",
    "attest": "attest, the deciding vote",
    "settlement": "post a settlement",
    "validate": "validate",
    "execute": "execute, per leaf of a batch of 50",
    "execute_alone": "execute one leaf",
    "deposit": "deposit",
    "withdraw": "withdraw all",
}


@pytest.mark.parametrize("action", sorted(load_actions()))
def test_actions__gas__is_that_of_the_committed_benchmarks(action: str) -> None:
    page = (PROJECT_DIR / "docs/benchmarks.md").read_text(encoding="utf-8")
    row = re.search(rf"^\| {re.escape(IN_THE_BENCHMARKS[action])} \| 1,000 members \| ([\d,]+) gas \|", page, re.M)
    assert row is not None
    measured, taken = int(row[1].replace(",", "")), load_actions()[action].gas
    assert measured <= taken <= measured * 105 // 100  # rounded up; a leaf of a batch of four takes more than one of 50


def test_runbook__largest_transaction__is_the_outcome_of_most_slots_and_below_besus_limit() -> None:
    source = (PROJECT_DIR / "contracts/SessionHandler.sol").read_text(encoding="utf-8")
    most = re.search(r"MOST_SLOTS = (\d+);", source)
    assert most is not None
    post = artefact("Marketplace").functions["setFinalOrders"]
    words = len(post.inputs[1]["components"])
    empty = tuple(bytes(32) if field["type"] == "bytes32" else 0 for field in post.inputs[1]["components"])
    longer = len(encode(post.types, [1, [empty] * int(most[1]), ""])) - len(encode(post.types, [1, [empty] * 24, ""]))
    assert longer == (int(most[1]) - 24) * words * 32
    largest = load_actions()["outcome"].bytes + longer
    assert largest > max(len(artefact(name).bytecode) for name in OWN_CONTRACTS)
    assert largest <= 128 * 1024  # from 26.8.1 on
    assert f"{largest:,} bytes" in (PROJECT_DIR / "docs/runbook-network.md").read_text(encoding="utf-8")
