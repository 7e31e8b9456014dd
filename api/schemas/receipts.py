"""The receipt, meter to money: what is needed to recheck one member's part of a session against the chain."""

from api.schemas.common import AddressText, Amount, Hash, Record, Seconds
from api.schemas.sessions import Outcome, Parameters, PositionDetail, Settlement, Trace


class Node(Record):
    """A sibling in an allocation tree, with its six sums: both sides filled; each margin, its quantity and fill."""

    hash: Hash
    sums: list[Amount]


class FilledOrder(Record):
    """An order with its fill; `path` leads from its leaf at `position` to the root of its slot."""

    index: int
    slot: int
    is_buy: bool
    quantity_wh: Amount
    limit_price: Amount
    filled_wh: Amount
    position: int
    leaf: Hash
    path: list[Node]


class SettledSlot(Record):
    """A slot of the settlement; money in µ€, energy in Wh."""

    slot: int
    is_buy: bool
    filled_wh: Amount
    counted_wh: Amount
    missing: bool
    excused: bool
    scaled_wh: Amount
    debit: Amount
    credit: Amount
    penalty: Amount


class Leaf(Record):
    """The member's leaf of the settlement, its proof up to the root, and the slots that it sums up."""

    debit: Amount
    credit: Amount
    penalty: Amount
    leaf: Hash
    proof: list[Hash]
    slots: list[SettledSlot]


class NotarisedDay(Record):
    """A dataset that the settlement rests on, as it was posted; `day` counts from 1970-01-01."""

    day: int
    version: int
    root: Hash
    data_cid: str
    posted: Trace


class Binding(Record):
    """A point bound to the member, as the chain has it."""

    point_id: Hash
    member_id: Hash
    number: int
    kind: str
    valid_from: Seconds
    valid_until: Seconds
    document_hash: Hash
    admin: AddressText
    bound: Trace
    released: Trace | None


class Receipt(Record):
    """All public parts; the readings themselves are the member's: `…/members/{wallet}/bundles/{day}`."""

    community: AddressText
    session: int
    wallet: AddressText
    member_id: Hash | None
    state: str
    parameters: Parameters
    position: PositionDetail
    outcome: Outcome | None
    orders: list[FilledOrder]
    settlement: Settlement | None
    leaf: Leaf | None
    days: list[NotarisedDay]
    bindings: list[Binding]
