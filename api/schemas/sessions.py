"""Sessions: parameters, orders, outcome, settlement, and what each trader has in them."""

from api.schemas.common import AddressText, Amount, Hash, Hex, Record, Seconds


class Parameters(Record):
    """What a session was opened with; prices in µ€/kWh, money in µ€, energy in Wh."""

    commit_deadline: Seconds
    reveal_deadline: Seconds
    deposit_fixed: Amount
    deposit_bps: int
    most_orders: int
    slot_count: int
    slot_seconds: int
    missing_allowance: int
    tolerance_bps: int
    floor_price: Amount
    cap_price: Amount
    penalty_price: Amount
    smallest_order_wh: Amount
    challenge_window: int
    execution_timeout: int
    delivery_start: Seconds
    settlement_timeout: Seconds


class SessionSummary(Record):
    """A session in a list."""

    community: AddressText
    number: int
    state: str
    """commit, reveal, clearing, challenge, delivery, objection, execution, closed or cancelled."""
    opened_at: Seconds
    opened_block: int
    commit_deadline: Seconds
    reveal_deadline: Seconds
    delivery_start: Seconds
    delivery_end: Seconds
    slot_seconds: int
    traders: int
    revealed: int
    orders: int
    executed: int
    round: int
    outcome_final_at: Seconds | None
    settlement_final_at: Seconds | None


class Vote(Record):
    """An answer and the operators that back it."""

    answer: Hash
    operators: list[AddressText]


class Ballot(Record):
    """A question to the operators about a stage of a session, in a round."""

    question: Hash
    stage: str
    round: int
    accepted: Hash | None
    final_at: Seconds | None
    voided: bool
    votes: list[Vote]


class SessionDetail(SessionSummary):
    """A session with its parameters and votes."""

    opener: AddressText
    operator_set: int
    parameters: Parameters
    execution_deadline: Seconds | None
    ballots: list[Ballot]


class Order(Record):
    """A revealed order."""

    index: int
    slot: int
    is_buy: bool
    quantity_wh: Amount
    limit_price: Amount


class Reveal(Record):
    """What a trader revealed."""

    trader: AddressText
    first_index: int
    lock: Amount
    orders: list[Order]
    tx_hash: Hash
    block: int
    time: Seconds


class Position(Record):
    """A trader's part of a session; money in µ€."""

    session: int
    trader: AddressText
    state: str
    """committed, revealed, ended, or none (withdrawn)."""
    commitment: Hash
    max_lock: Amount
    deposit: Amount
    first_index: int | None
    order_count: int | None
    lock: Amount | None
    debit: Amount | None
    credit: Amount | None
    penalty: Amount | None
    ended: str | None


class Trace(Record):
    """Where on the chain something happened."""

    tx_hash: Hash
    block: int
    log_index: int
    time: Seconds


class PositionDetail(Position):
    """A trader's part with its sealed envelope and where it all happened."""

    envelope: Hex
    committed: Trace
    revealed: Trace | None
    executed: Trace | None
    orders: list[Order]


class SlotOutcome(Record):
    """The outcome of a slot as the chain has it."""

    slot: int
    start: Seconds
    price: Amount
    lo: Amount
    hi: Amount
    lo_witness: int
    hi_witness: int
    volume: Amount
    order_count: int
    root: Hash
    buy_filled: Amount
    sell_filled: Amount
    margin_buy_quantity: Amount
    margin_buy_filled: Amount
    margin_sell_quantity: Amount
    margin_sell_filled: Amount


class Outcome(Record):
    """The accepted outcome of a session."""

    session: int
    round: int
    answer: Hash
    operator: AddressText
    data_cid: str
    final_at: Seconds
    posted: Trace
    slots: list[SlotOutcome]


class DatasetVersion(Record):
    """Which version of a local day's dataset a settlement used; `day` counts from 1970-01-01."""

    day: int
    version: int


class Settlement(Record):
    """The accepted settlement of a session; money in µ€."""

    session: int
    round: int
    answer: Hash
    operator: AddressText
    root: Hash
    debit: Amount
    credit: Amount
    penalty: Amount
    versions: list[DatasetVersion]
    data_cid: str
    final_at: Seconds
    execution_deadline: Seconds | None
    posted: Trace
