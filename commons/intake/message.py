"""The message in which a flow sends readings, and the receipt that answers it; JSON, alike over HTTP and MQTT.

Figures are checked for their form here, strictly: text is no number, 1.0 no integer, and a field that nobody knows is a
mistake. Whether a reading can be right is for `oracle.quality`.
"""

from collections.abc import Sequence
from enum import StrEnum
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from commons.errors import MalformedInput
from commons.slots import LAST_START

MOST_READINGS = 10_000
"""In one message."""
MOST_SECONDS = 3600
LARGEST_WH = 1 << 40

Start = Annotated[int, Field(ge=0, lt=LAST_START, description="Epoch second at which the slot begins.")]
Seconds = Annotated[int, Field(ge=1, le=MOST_SECONDS, description="Length of the slot.")]
Energy = Annotated[int, Field(ge=-LARGEST_WH, le=LARGEST_WH, description="Whole Wh, without a sign in either way.")]
Signature = Annotated[str, Field(pattern="^0x[0-9a-f]{130}$", description="secp256k1: r, s, v in hexadecimal.")]
Figure = Annotated[float | None, Field(allow_inf_nan=False, ge=-1e12, le=1e12)]


class _Strict(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)


class Reading(_Strict):
    """Energy of the flow's point over `[start, start + seconds)`."""

    start: Start
    seconds: Seconds
    withdrawn_wh: Energy
    injected_wh: Energy
    quality: Annotated[int, Field(ge=0, le=1, description="0 measured, 1 estimated by the meter.")] = 0
    signature: Signature | None = None
    """Of this reading alone; the message's own covers all."""


class Measurement(_Strict):
    """Whatever else the flow's device reports; nothing of it decides about money."""

    start: Start
    seconds: Seconds
    current_a: Figure = None
    voltage_v: Figure = None
    active_power_w: Figure = None
    reactive_power_var: Figure = None
    energy_wh: Energy | None = None
    state_of_charge_pct: Annotated[float | None, Field(ge=0, le=100)] = None


class Message(_Strict):
    """What a flow sends at once."""

    id: Annotated[str, Field(max_length=64)] | None = None
    """The sender's own name for this message; the receipt repeats it."""
    readings: Annotated[tuple[Reading, ...], Field(max_length=MOST_READINGS, strict=False)] = ()
    measurements: Annotated[tuple[Measurement, ...], Field(max_length=MOST_READINGS, strict=False)] = ()
    signature: Signature | None = None
    """The meter's, over all readings in their order."""

    @model_validator(mode="after")
    def _says_something(self) -> "Message":
        if not self.readings and not self.measurements:
            raise ValueError("there are neither readings nor measurements")
        return self


class Result(StrEnum):
    """What became of a reading."""

    STORED = "stored"
    KNOWN = "known"
    """It was there already, the same: nothing is lost, nothing changes."""
    REFUSED = "refused"


class Verdict(BaseModel):
    """What became of one reading; `code` says why it was refused, see docs/quality.md."""

    model_config = ConfigDict(frozen=True)

    start: int
    result: Result
    code: str | None = None


class Receipt(BaseModel):
    """What became of a message. What is stored or known is safe: the sender need not keep it."""

    model_config = ConfigDict(frozen=True)

    id: str | None = None
    stored: int
    known: int
    refused: int
    readings: tuple[Verdict, ...]
    """In the order of the message."""
    measurements: tuple[Verdict, ...] = ()


def parsed(payload: bytes) -> Message:
    """The message of a payload.

    Raises:
        MalformedInput: it is none; says where it differs, and does not repeat what was sent.
    """
    try:
        return Message.model_validate_json(payload)
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        where = ".".join(map(str, first["loc"])) or "the payload"
        raise MalformedInput(
            f"the message is not of its form: {where}: {first['msg']}", remedy="See docs/intake.md."
        ) from error


def receipt_of(message: Message, readings: Sequence[Verdict], measurements: Sequence[Verdict]) -> Receipt:
    """The receipt of a message, counted."""
    every = [*readings, *measurements]
    counts = {result: sum(one.result is result for one in every) for result in Result}
    return Receipt(
        id=message.id,
        stored=counts[Result.STORED],
        known=counts[Result.KNOWN],
        refused=counts[Result.REFUSED],
        readings=tuple(readings),
        measurements=tuple(measurements),
    )
