"""What the API asks of code that it must not import: readings, indicators, proofs, bundles.

`scripts/serving.py` puts oracle's implementations behind these protocols. Energy is Wh, times UTC epoch seconds.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol

from commons.addresses import Address


@dataclass(frozen=True, slots=True)
class TreeNode:
    """A sibling on the way up an allocation tree, with the sums that stand beside its hash."""

    hash: bytes
    sums: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class FilledOrder:
    """One order with its fill, and its place in the allocation tree of its slot."""

    index: int
    slot: int
    is_buy: bool
    quantity_wh: int
    limit_price: int
    filled_wh: int
    position: int
    leaf: bytes
    path: tuple[TreeNode, ...]


@dataclass(frozen=True, slots=True)
class SettledSlot:
    """What a trader was filled, counted, charged and paid in a slot; money in µ€."""

    slot: int
    is_buy: bool
    filled_wh: int
    counted_wh: int
    missing: bool
    excused: bool
    scaled_wh: int
    debit: int
    credit: int
    penalty: int


@dataclass(frozen=True, slots=True)
class SettledTrader:
    """A trader's leaf of a settlement with its proof, and the slots that it sums up; money in µ€."""

    debit: int
    credit: int
    penalty: int
    leaf: bytes
    proof: tuple[bytes, ...]
    slots: tuple[SettledSlot, ...]


class Proofs(Protocol):
    """Reads published outcomes and settlements by their CIDs, verified against them."""

    def orders(self, outcome_cid: str, trader: Address) -> tuple[FilledOrder, ...]:
        """A trader's orders with fills and proofs; none for one who has none. A `DataError` where it cannot be read."""
        ...

    def settled(self, settlement_cid: str, trader: Address) -> SettledTrader | None:
        """A trader's part of a settlement; None for one who has none. A `DataError` where it cannot be read."""
        ...


@dataclass(frozen=True, slots=True)
class EnergySlot:
    """A member's energy in a slot; what is missing is None."""

    start: int
    seconds: int
    withdrawn_wh: int | None
    injected_wh: int | None
    produced_wh: int | None
    consumed_wh: int | None


@dataclass(frozen=True, slots=True)
class Figure:
    """An indicator of a member beside its own past, and the median of the community's members; None without a value."""

    name: str
    value: float | None
    past: float | None
    community: float | None


@dataclass(frozen=True, slots=True)
class Indicators:
    """How a member, or a community, used its energy in a period."""

    members: int
    """Of how many members these are the figures."""
    slots: int
    missing_slots: int
    consumed_wh: int
    produced_wh: int
    withdrawn_wh: int
    injected_wh: int
    own_wh: int
    shared_wh: int | None
    self_consumption_pct: float | None
    self_sufficiency_pct: float | None
    peak_w: float
    base_w: float
    load_factor_pct: float | None
    band_wh: tuple[int, int, int]
    co2_avoided_kg: float


class Energy(Protocol):
    """A member's own readings, and what follows from them; a member is its wallet, and those that this replaced."""

    def readings(
        self, community: Address, wallets: Sequence[str], first: date, last: date, slot_seconds: int
    ) -> Sequence[EnergySlot]:
        """The slots of local days, both included; none where the member has no point here."""
        ...

    def indicators(self, community: Address, wallets: Sequence[str], first: date, last: date) -> Indicators | None:
        """A member's indicators of local days; None where it has no point here."""
        ...

    def compared(
        self, community: Address, wallets: Sequence[str], first: date, last: date, least: int
    ) -> Sequence[Figure]:
        """A member's indicators beside its past and the community, which is left out below `least` members."""
        ...

    def community_indicators(self, community: Address, first: date, last: date) -> Indicators | None:
        """The community's indicators of local days; None where nobody has a point here."""
        ...


class TakeOut(Protocol):
    """A member's take-out bundles."""

    def days(self, community: Address, member_id: bytes) -> Sequence[tuple[date, int]]:
        """The local days with the version of their dataset, for which there is a bundle; oldest first."""
        ...

    def bundle(self, community: Address, member_id: bytes, day: date) -> bytes:
        """The bundle of a day in its latest version, as canonical JSON. `NotFound` where there is none."""
        ...


@dataclass(frozen=True, slots=True)
class Reasons:
    """Why a member earned what it earned: the parameters and dataset that counted, sentences, and every number."""

    parameters: int
    dataset_version: int
    sentences: tuple[str, ...]
    figures: Mapping[str, Any]


class Rewards(Protocol):
    """Why a member earned its tokens of a day."""

    def explain(self, community: Address, member_id: bytes, day: date) -> Reasons:
        """The reasons; `NotYet` while the day is not notarised, `UnknownMember` where it had no point."""
        ...


@dataclass(frozen=True, slots=True)
class AnomalyCount:
    """How often something was wrong with readings of a local day, and at how many points; no reading is told."""

    day: date
    code: str
    count: int
    points: int


@dataclass(frozen=True, slots=True)
class Finding:
    """Where another operator's answer differs from this one's, in words; `session` is None for days and incentives."""

    number: int
    session: int | None
    stage: str
    answer: str
    text: str
    is_compared: bool


@dataclass(frozen=True, slots=True)
class Trouble:
    """A session that an operator could not take on, and until which block it leaves it."""

    session: int
    stands: str
    failures: int
    retry_block: int


@dataclass(frozen=True, slots=True)
class OperatorStanding:
    """How an operator does: the block that it has followed the chain to, and what is unfinished."""

    operator: str
    followed_block: int | None
    open_transactions: tuple[str, ...]
    troubles: tuple[Trouble, ...]


class OperatorRecords(Protocol):
    """What one operator keeps about its own work, and about the quality of what it was sent."""

    def standing(self, community: Address) -> OperatorStanding | None:
        """How it does; None where it never worked for this community."""
        ...

    def findings(self, community: Address, before: int | None, limit: int) -> Sequence[Finding]:
        """Its findings about others' answers, newest first: those before a number."""
        ...

    def anomalies(self, community: Address, first: date, last: date) -> Sequence[AnomalyCount]:
        """What was wrong with readings of local days, both included, by day and code."""
        ...
