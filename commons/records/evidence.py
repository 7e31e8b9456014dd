"""Whose meter a point is, meters' keys, notarised datasets, and what rewards are computed from and come to."""

from dataclasses import dataclass
from enum import IntEnum

from commons.units import BasisPoints, EpochSeconds

OPEN_END = EpochSeconds((1 << 40) - 1)
"""The end of a binding or key that lasts until somebody ends it."""


class PointKind(IntEnum):
    """What a point measures; `NONE` for one that was never bound."""

    NONE = 0
    EXCHANGE = 1
    PRODUCTION = 2


class ModelKind(IntEnum):
    """What tokens are given for; `NONE` before any parameters."""

    NONE = 0
    SELF_CONSUMPTION = 1
    NO_PEAKS = 2
    COMBINED = 3


@dataclass(frozen=True, slots=True)
class PointBinding:
    """What a member and a community admin both sign; `document_hash` is keccak256(document ‖ 32-byte salt)."""

    point_id: bytes
    member_id: bytes
    kind: PointKind
    valid_from: EpochSeconds
    valid_until: EpochSeconds
    document_hash: bytes
    number: int
    deadline: EpochSeconds


@dataclass(frozen=True, slots=True)
class BoundPoint:
    """A point's last binding, from `valid_from` until before `valid_until`; `number` 0 says that it was never bound."""

    member_id: bytes
    document_hash: bytes
    valid_from: EpochSeconds
    valid_until: EpochSeconds
    number: int
    kind: PointKind


@dataclass(frozen=True, slots=True)
class MeterKey:
    """A meter's key, good from `valid_from` until before `valid_until`."""

    point_id: bytes
    valid_from: EpochSeconds
    valid_until: EpochSeconds


@dataclass(frozen=True, slots=True)
class PostedDataset:
    """The dataset of a local day in one version, as operators post it."""

    root: bytes
    points: int
    leaves: int


@dataclass(frozen=True, slots=True)
class RewardParameters:
    """The reward models' parameters; tokens in the token's smallest unit (10⁻¹⁸)."""

    model: ModelKind
    own_bps: BasisPoints
    load_bps: BasisPoints
    production_bps: BasisPoints
    threshold_bps: BasisPoints
    full_bps: BasisPoints
    self_consumption_weight_bps: BasisPoints
    no_peaks_weight_bps: BasisPoints
    tokens_per_kwh: int
    max_tokens: int


@dataclass(frozen=True, slots=True)
class RewardBatch:
    """A day's rewards as operators post them: the root of a tree of claims, and their sum."""

    root: bytes
    total: int
    claims: int
    dataset_version: int
