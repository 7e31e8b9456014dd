"""What a network carries: pure arithmetic on measured gas, in integers. `docs/scale.md` explains each figure.

Assumed, not measured: `USABLE_BPS`, `MOST_ACCOUNTS`, `MOST_YEAR_BYTES`, and the bytes that Besu keeps.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from commons.errors import InputError, SettingsError
from commons.settings import PROJECT_DIR

ACTIONS_FILE = PROJECT_DIR / "besu-network" / "actions.json"
DAY_S = 86_400
HOUR_S = 3_600
DAYS_A_YEAR = 365
BPS = 10_000

USABLE_BPS = 5_000
"""Of the gas there is, planned for: the rest is for late ones, a slow validator, and everything but the market."""
MOST_ACCOUNTS = 100_000
"""Assumed: Besu looks an account up in its allowlist one after the other, for each transaction."""
MOST_YEAR_BYTES = 2 * 10**12
"""Planned for: what a node may grow in a year."""
DAYS_PER_MOVE = 30
"""Each member deposits and withdraws once in as many days."""
BLOCK_BYTES = 730
"""Header and indices of an empty block."""
VALIDATOR_BYTES = 88
"""A validator's address and seal in each header."""
TRANSACTION_BYTES = 300
"""Receipt and indices of a transaction beside its own bytes and logs."""
SLOT_STATE_BYTES = 1_330
"""Two and a half trie nodes of 532 bytes, kept for good in FOREST, for each storage slot changed."""
ACCOUNT_STATE_BYTES = 3_192
"""Six more for the two accounts that a transaction touches."""


@dataclass(frozen=True)
class Action:
    """One kind of transaction."""

    gas: int
    bytes: int
    log_bytes: int
    slots: int

    @property
    def stored_bytes(self) -> int:
        """What a node keeps of it for good."""
        state = self.slots * SLOT_STATE_BYTES + ACCOUNT_STATE_BYTES
        return self.bytes + self.log_bytes + TRANSACTION_BYTES + state


@dataclass(frozen=True)
class Demand:
    """What is asked of the network: members of a community who trade, its sessions a day, and the network's figures."""

    members: int
    sessions_per_day: int
    communities: int = 40_000
    operators: int = 3
    validators: int = 4
    gas_limit: int = 60_000_000
    block_seconds: int = 2
    reveal_seconds: int = HOUR_S
    stagger: int = 1
    """In how many reveal windows, one after the other, the communities of a network take turns."""


@dataclass(frozen=True)
class Size:
    """The answer; each figure with its formula is a row of `docs/scale.md`."""

    gas_per_session: int
    gas_per_day: int
    usable_gas_per_day: int
    most_members_per_session: int
    sessions_per_day_per_network: int
    communities_by_gas: int
    communities_by_reveals: int
    communities_by_accounts: int
    communities_by_disk: int
    communities_per_network: int
    networks: int
    stored_per_session_bytes: int
    stored_per_year_empty_bytes: int
    stored_per_year_bytes: int


def load_actions(file: Path = ACTIONS_FILE) -> Mapping[str, Action]:
    """The measured actions.

    Raises:
        SettingsError: the file cannot be read.
    """
    try:
        content = json.loads(file.read_text(encoding="utf-8"))
        return {name: Action(**fields) for name, fields in content["actions"].items()}
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise SettingsError(f"{file} holds no measured actions ({error})", remedy="Restore it.") from error


def size(demand: Demand, actions: Mapping[str, Action]) -> Size:
    """What one network carries of it, and how many networks it takes.

    Raises:
        InputError: a figure is below 1, or a single community is too large for a network.
    """
    _require_positive(demand)
    gas_session = _per_session(demand, {name: action.gas for name, action in actions.items()})
    gas_day = demand.gas_limit * (DAY_S // demand.block_seconds)
    usable_day = gas_day * USABLE_BPS // BPS
    reveals = _reveals_a_window(demand, actions)
    moves_gas = demand.members * (actions["deposit"].gas + actions["withdraw"].gas) // DAYS_PER_MOVE
    by_gas = usable_day // (demand.sessions_per_day * gas_session + moves_gas)
    at_once = demand.members * max(1, -(-demand.sessions_per_day * demand.reveal_seconds // DAY_S))
    by_reveals = reveals * demand.stagger // at_once
    by_accounts = MOST_ACCOUNTS // (demand.members + demand.operators + 2)
    stored = {name: action.stored_bytes for name, action in actions.items()}
    session_bytes = _per_session(demand, stored)
    moves = demand.members * (stored["deposit"] + stored["withdraw"]) * DAYS_A_YEAR // DAYS_PER_MOVE
    year_each, empty = demand.sessions_per_day * DAYS_A_YEAR * session_bytes + moves, _empty_year(demand)
    by_disk = max(0, MOST_YEAR_BYTES - empty) // year_each
    carried = min(by_gas, by_reveals, by_accounts, by_disk)
    if carried < 1:
        raise InputError(
            f"{demand.members} members with {demand.sessions_per_day} sessions a day are more than a network carries",
            remedy="Lengthen the reveal window, or split the community.",
        )
    return Size(
        gas_per_session=gas_session,
        gas_per_day=gas_day,
        usable_gas_per_day=usable_day,
        most_members_per_session=min(reveals, MOST_ACCOUNTS - demand.operators - 2),
        sessions_per_day_per_network=carried * demand.sessions_per_day,
        communities_by_gas=by_gas,
        communities_by_reveals=by_reveals,
        communities_by_accounts=by_accounts,
        communities_by_disk=by_disk,
        communities_per_network=carried,
        networks=-(-demand.communities // carried),
        stored_per_session_bytes=session_bytes,
        stored_per_year_empty_bytes=empty,
        stored_per_year_bytes=empty + min(carried, demand.communities) * year_each,
    )


def _per_session(demand: Demand, of: Mapping[str, int]) -> int:
    """What a session takes of something, gas or bytes: what all share, and what each member adds."""
    attested = demand.operators - 1
    shared = of["newSession"] + of["outcome"] + of["settlement"] + of["validate"] + 2 * attested * of["attest"]
    return shared + demand.members * (of["commit"] + of["reveal"] + of["execute"])


def _reveals_a_window(demand: Demand, actions: Mapping[str, Action]) -> int:
    blocks = demand.reveal_seconds // demand.block_seconds
    return blocks * demand.gas_limit * USABLE_BPS // BPS // actions["reveal"].gas


def _empty_year(demand: Demand) -> int:
    blocks = DAYS_A_YEAR * DAY_S // demand.block_seconds
    return blocks * (BLOCK_BYTES + demand.validators * VALIDATOR_BYTES)


def _require_positive(demand: Demand) -> None:
    for name, value in vars(demand).items():
        if value < 1:
            raise InputError(f"{name} is {value}", remedy="Give a whole number above 0.")
    if demand.members > MOST_ACCOUNTS:
        raise InputError(
            f"{demand.members} members are more accounts than a node's list should hold",
            remedy=f"A network is planned for {MOST_ACCOUNTS} accounts.",
        )
