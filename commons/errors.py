"""Everything Commonwatt refuses or cannot do, as one tree: catch as high or as low as you can answer for.

    CommonwattError
    ├── InputError                  what was handed in is not acceptable; nothing was done (exit code 2)
    │   ├── MalformedInput          a file or message that is not what its format says
    │   ├── MalformedOrders         orders that no session of these parameters may hold
    │   ├── UnitError               a figure in a unit, sign or range other than the one expected
    │   ├── ConflictingReading      a second, different reading of the same point and start
    │   ├── ConflictingPoint        a point known with another wallet or kind
    │   ├── InsufficientEscrow      more would be locked than the account holds
    │   └── TooLarge                more at once than is taken
    ├── NotFound                    the thing named does not exist (exit code 2)
    │   ├── UnknownSession
    │   ├── UnknownMember
    │   ├── UnknownCommunity
    │   ├── UnknownPoint
    │   └── NotYet                  it exists, but has not come so far
    ├── AccessError                 whoever asks may not (exit code 2)
    │   ├── NotSignedIn             no credential, or one that is unknown, expired or revoked
    │   ├── NotAllowed              known, but this is for somebody else
    │   └── RateLimited             too often: wait
    ├── Unavailable                 not now: what is asked for is full, or not there for a while
    ├── NotOffered                  this installation lacks the part asked for
    ├── SettingsError               the configuration contradicts itself or misses something (exit code 2)
    ├── ChainError                  the chain, or the way to it
    │   ├── RpcUnreachable
    │   ├── RelayUnreachable        nobody answers at a relay, or something else does
    │   ├── ChainIdMismatch
    │   ├── TransactionFailed
    │   └── ContractRefusal         a contract reverted with one of its own errors
    ├── DataError                   published data cannot be used
    │   ├── DatasetMissing
    │   ├── DatasetTruncated
    │   ├── CidMismatch             the bytes are not those which the name promises
    │   └── DatasetMalformed        the right bytes, which do not say what they should
    ├── EnvelopeError               an encrypted envelope does not open with this wallet
    ├── AuditMismatch               a recomputed figure differs from the one on the chain
    └── OperatorDisagreement        independent operators arrived at different results

Every error says what happened, to which thing, and what to do about it.
"""

# ruff: noqa: N818  these names say what went wrong; that they are errors is said where they are raised

from collections.abc import Mapping
from typing import Any, ClassVar


class CommonwattError(Exception):
    """The root. `what` is a sentence without its full stop; `which` the id of the thing concerned; `remedy` a sentence.

    `code` is stable: the API's problem details and the page's translations hang on it. `exit_code` is what a command
    that ends with this error returns.
    """

    code: ClassVar[str] = "commonwatt_error"
    exit_code: ClassVar[int] = 1

    def __init__(self, what: str, *, remedy: str, which: str | int | None = None) -> None:
        self.what = what
        self.which = None if which is None else str(which)
        self.remedy = remedy
        super().__init__(self.message)

    @property
    def message(self) -> str:
        """What happened, which thing it concerns (unless already named), and the remedy."""
        named = self.which is None or self.which.lower() in self.what.lower()
        return f"{self.what if named else f'{self.what} ({self.which})'}. {self.remedy}"


class InputError(CommonwattError):
    """What was handed in is not acceptable; nothing was done."""

    code = "input_error"
    exit_code = 2


class MalformedInput(InputError):
    """A file or message is not what its format says."""

    code = "malformed_input"


class MalformedOrders(InputError):
    """Orders that no session of these parameters may hold."""

    code = "malformed_orders"


class UnitError(InputError):
    """A figure in a unit, sign or range other than the one expected."""

    code = "unit_error"


class ConflictingReading(InputError):
    """A second, different reading of the same point and start; nothing was stored."""

    code = "conflicting_reading"


class ConflictingPoint(InputError):
    """A connection point is already known with another wallet or kind."""

    code = "conflicting_point"


class InsufficientEscrow(InputError):
    """More would be locked than the account holds."""

    code = "insufficient_escrow"


class TooLarge(InputError):
    """More at once than is taken; nothing was done."""

    code = "too_large"


class NotFound(CommonwattError):
    """The thing named does not exist."""

    code = "not_found"
    exit_code = 2


class UnknownSession(NotFound):
    """No session has this number."""

    code = "unknown_session"


class UnknownMember(NotFound):
    """No member of the community has this wallet or member id."""

    code = "unknown_member"


class UnknownCommunity(NotFound):
    """No community lives at this address."""

    code = "unknown_community"


class UnknownPoint(NotFound):
    """No connection point of this id is registered here."""

    code = "unknown_point"


class NotYet(NotFound):
    """The thing named exists, but has not come so far as to have what was asked for."""

    code = "not_yet"


class NotOffered(CommonwattError):
    """This installation lacks the part that was asked for."""

    code = "not_offered"


class AccessError(CommonwattError):
    """Whoever asks may not."""

    code = "access_error"
    exit_code = 2


class NotSignedIn(AccessError):
    """No credential came along, or one that is unknown, expired or revoked; which of them is not said."""

    code = "not_signed_in"


class NotAllowed(AccessError):
    """Whoever asks is known, but this is for somebody else."""

    code = "not_allowed"


class RateLimited(AccessError):
    """Whoever asks did so too often; `retry_after_s` seconds from now is early enough."""

    code = "rate_limited"

    def __init__(self, what: str, *, remedy: str, which: str | int | None = None, retry_after_s: int = 1) -> None:
        self.retry_after_s = retry_after_s
        super().__init__(what, remedy=remedy, which=which)


class Unavailable(CommonwattError):
    """Not now; nothing was done, and asking again in `retry_after_s` seconds may help."""

    code = "unavailable"

    def __init__(self, what: str, *, remedy: str, which: str | int | None = None, retry_after_s: int = 5) -> None:
        self.retry_after_s = retry_after_s
        super().__init__(what, remedy=remedy, which=which)


class SettingsError(CommonwattError):
    """The configuration contradicts itself or misses something."""

    code = "settings_error"
    exit_code = 2


class ChainError(CommonwattError):
    """The chain, or the way to it, did not do what was asked."""

    code = "chain_error"


class RpcUnreachable(ChainError):
    """Nobody answers at the address of the chain's RPC."""

    code = "rpc_unreachable"


class RelayUnreachable(ChainError):
    """Nobody answers at the address of a relay, or something else than one."""

    code = "relay_unreachable"


class ChainIdMismatch(ChainError):
    """The RPC speaks for another chain than the one configured."""

    code = "chain_id_mismatch"


class TransactionFailed(ChainError):
    """A transaction was included and failed, or was not included in time."""

    code = "transaction_failed"


class ContractRefusal(ChainError):
    """A contract reverted with one of its own errors: `error_name` as Solidity has it, with its values by name."""

    code = "contract_refusal"

    def __init__(
        self,
        what: str,
        *,
        remedy: str,
        which: str | int | None = None,
        error_name: str = "",
        error_args: Mapping[str, Any] | None = None,
    ) -> None:
        self.error_name = error_name
        self.error_args = dict(error_args or {})
        super().__init__(what, remedy=remedy, which=which)


class DataError(CommonwattError):
    """Published data cannot be used."""

    code = "data_error"


class DatasetMissing(DataError):
    """A manifest or chunk is nowhere to be found."""

    code = "dataset_missing"


class DatasetTruncated(DataError):
    """A chunk is shorter, or holds fewer records, than its manifest says."""

    code = "dataset_truncated"


class CidMismatch(DataError):
    """The bytes are not those which the content's name promises; `found` are those that were there instead."""

    code = "cid_mismatch"

    def __init__(self, what: str, *, remedy: str, which: str | int | None = None, found: bytes = b"") -> None:
        self.found = found
        super().__init__(what, remedy=remedy, which=which)


class DatasetMalformed(DataError):
    """The bytes are the right ones, but do not say what such a dataset says."""

    code = "dataset_malformed"


class EnvelopeError(CommonwattError):
    """An encrypted envelope does not open with this wallet."""

    code = "envelope_error"


class AuditMismatch(CommonwattError):
    """A recomputed figure differs from the one on the chain."""

    code = "audit_mismatch"


class OperatorDisagreement(CommonwattError):
    """Independent operators arrived at different results."""

    code = "operator_disagreement"
