"""Datasets and reward batches that operators posted."""

from api.schemas.common import AddressText, Amount, Hash, Record, Seconds
from api.schemas.sessions import Trace


class Dataset(Record):
    """The readings of a local day as operators posted their root; `day` counts from 1970-01-01."""

    day: int
    version: int
    root: Hash
    points: int
    leaves: int
    data_cid: str
    answer: Hash
    operators: list[AddressText]
    """Who backs it."""
    final_at: Seconds | None
    """When it is or was final; null while too few agree."""
    posted: Trace


class Batch(Record):
    """Rewards of a local day, in tokens with 18 decimals."""

    batch_id: Amount
    day: int
    root: Hash
    total: Amount
    claims: int
    data_cid: str
    answer: Hash
    operators: list[AddressText]
    final_at: Seconds | None
    posted: Trace
