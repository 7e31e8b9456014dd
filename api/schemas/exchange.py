"""What members offer, ask for and have agreed on, in tokens with 18 decimals; shares in hundredths of a percent."""

from api.schemas.common import AddressText, Amount, Hash, Record, Seconds
from api.schemas.sessions import Trace


class Listing(Record):
    """An offer or a request; `places` are those left."""

    number: int
    place: str
    """services, or works: of the community itself."""
    maker: AddressText
    is_request: bool
    is_closed: bool
    category: str
    """The category of its payments: see docs/economy.md."""
    amount: Amount
    places: int
    accept_by: Seconds
    deliver_within: int
    """Seconds."""
    structure: AddressText
    structure_bps: int
    content_hash: Hash
    text: str | None
    """The text that the hash stands for; null where it did not ride along."""
    opened: Trace


class Deal(Record):
    """What a payer and a payee agreed on; the amount is in escrow until it is paid or refunded."""

    number: int
    place: str
    """services, works or purchases."""
    listing_id: int
    """Its listing, or its group purchase."""
    state: str
    """pledged, accepted, delivered, confirmed, disputed, paid or refunded."""
    payer: AddressText
    payee: AddressText
    category: str
    amount: Amount
    fee_bps: int
    structure: AddressText
    structure_bps: int
    is_checked: bool
    value_bps: int
    """The value that an administrator found in it, which incentives go by."""
    deadline: Seconds
    """When the time of its state is over."""
    opened: Trace


class Purchase(Record):
    """A group purchase."""

    number: int
    supplier: AddressText
    units: int
    """Pledged so far."""
    is_cancelled: bool
    unit_price: Amount
    least_units: int
    most_units: int
    closes_at: Seconds
    deliver_within: int
    content_hash: Hash
    text: str | None
    opened: Trace


class Good(Record):
    """A good on loan."""

    number: int
    lender: AddressText
    loan_id: int
    """The loan that it is out for; 0 while it is at home."""
    is_withdrawn: bool
    price: Amount
    deposit: Amount
    late_per_day: Amount
    longest: int
    """Seconds."""
    content_hash: Hash
    text: str | None
    opened: Trace


class Loan(Record):
    """A loan of a good; while it is reserved, `due_at` is its length in seconds."""

    number: int
    good_id: int
    state: str
    """reserved, lent, given_back, disputed or closed."""
    borrower: AddressText
    lender: AddressText
    category: str
    price: Amount
    deposit: Amount
    late_per_day: Amount
    fee_bps: int
    due_at: Seconds
    given_back_at: Seconds
    """0 while it is out."""
    deadline: Seconds
    opened: Trace
