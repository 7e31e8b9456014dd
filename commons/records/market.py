"""Sessions, orders, outcomes, settlements and escrow."""

from dataclasses import dataclass
from enum import IntEnum

from commons.addresses import Address
from commons.orders import OrderRules
from commons.units import BPS, BasisPoints, EnergyWh, EpochSeconds, MoneyUe, OrderIndex, PriceUekwh


class SessionState(IntEnum):
    """Where a session stands."""

    UNKNOWN = 0
    COMMIT = 1
    REVEAL = 2
    CLEARING = 3
    CHALLENGE = 4
    DELIVERY = 5
    OBJECTION = 6
    EXECUTION = 7
    CLOSED = 8
    CANCELLED = 9


class PositionState(IntEnum):
    """How far a trader's part of a session has come."""

    NONE = 0
    COMMITTED = 1
    REVEALED = 2
    ENDED = 3


class ReleaseReason(IntEnum):
    """Why a lock ended without execution."""

    NOT_REVEALED = 0
    CANCELLED = 1
    EXECUTION_TIMEOUT = 2


@dataclass(frozen=True, slots=True)
class SessionParameters:
    """The parameters of a session, set once."""

    commit_deadline: EpochSeconds
    reveal_deadline: EpochSeconds
    deposit_fixed: MoneyUe
    deposit_bps: BasisPoints
    most_orders: int
    slot_count: int
    slot_seconds: int
    missing_allowance: int
    tolerance_bps: BasisPoints
    floor_price: PriceUekwh
    cap_price: PriceUekwh
    penalty_price: PriceUekwh
    smallest_order_wh: EnergyWh
    challenge_window: int
    execution_timeout: int
    delivery_start: EpochSeconds
    settlement_timeout: EpochSeconds

    @property
    def delivery_end(self) -> EpochSeconds:
        """The end of the last slot."""
        return EpochSeconds(self.delivery_start + self.slot_seconds * self.slot_count)

    @property
    def order_rules(self) -> OrderRules:
        """What the session asks of a trader's orders."""
        return OrderRules(self.slot_count, self.floor_price, self.cap_price, self.smallest_order_wh, self.most_orders)

    def deposit(self, max_lock: MoneyUe) -> MoneyUe:
        """The deposit that a commitment locking `max_lock` puts down: the fixed one or the share, rounded up."""
        share = -(-max_lock * self.deposit_bps // BPS)
        return MoneyUe(max(self.deposit_fixed, share))


@dataclass(frozen=True, slots=True)
class SlotResult:
    """The outcome of one slot: price interval, witnesses, volume, and its allocation tree's root with sums."""

    price: PriceUekwh
    lo: PriceUekwh
    hi: PriceUekwh
    lo_witness: OrderIndex
    hi_witness: OrderIndex
    volume: EnergyWh
    order_count: int
    root: bytes
    buy_filled: EnergyWh
    sell_filled: EnergyWh
    margin_buy_quantity: EnergyWh
    margin_buy_filled: EnergyWh
    margin_sell_quantity: EnergyWh
    margin_sell_filled: EnergyWh


@dataclass(frozen=True, slots=True)
class SettlementLeaf:
    """One trader's part of a settlement, µ€."""

    trader: Address
    debit: MoneyUe
    credit: MoneyUe
    penalty: MoneyUe


@dataclass(frozen=True, slots=True)
class SettlementTotals:
    """Sums over a settlement's leaves, µ€."""

    debit: MoneyUe
    credit: MoneyUe
    penalty: MoneyUe


@dataclass(frozen=True, slots=True)
class DatasetVersion:
    """Which version of a local day's dataset a settlement used."""

    day: int
    version: int


@dataclass(frozen=True, slots=True)
class Position:
    """A trader's part of a session; money in µ€."""

    digest: bytes
    lock: MoneyUe
    debit_bound: MoneyUe
    first_index: OrderIndex
    order_count: int
    state: PositionState
    credit_bound: MoneyUe


@dataclass(frozen=True, slots=True)
class SessionBook:
    """A session's book-keeping; money in µ€."""

    order_count: int
    traders: int
    executed: int
    round: int
    cancelled: bool
    locks: MoneyUe
    pot: MoneyUe
    execution_deadline: EpochSeconds
    settlement_root: bytes


@dataclass(frozen=True, slots=True)
class PostedSettlement:
    """A settlement that operators posted."""

    root: bytes
    totals: SettlementTotals


@dataclass(frozen=True, slots=True)
class AllocationProof:
    """A leaf of an allocation tree with its path, from the leaf up."""

    index: OrderIndex
    trader: Address
    is_buy: bool
    quantity_wh: EnergyWh
    limit_price: PriceUekwh
    filled_wh: EnergyWh
    position: int
    siblings: tuple[bytes, ...]
    sibling_sums: tuple[tuple[int, ...], ...]


@dataclass(frozen=True, slots=True)
class OutcomeProof:
    """One slot's result among the hashes of all of an outcome's results."""

    slot: int
    slot_hashes: tuple[bytes, ...]
    result: SlotResult
    data_cid: str


@dataclass(frozen=True, slots=True)
class Funds:
    """A member's escrow, µ€; `free` is what is not locked."""

    balance: MoneyUe
    locked: MoneyUe
    free: MoneyUe
