"""The words that all of the API's JSON shares."""

from typing import Annotated, Generic, TypeVar

from pydantic import AfterValidator, BaseModel, ConfigDict, Field
from pydantic.types import StringConstraints

from commons.addresses import Address, address

T = TypeVar("T")

Amount = Annotated[str, StringConstraints(pattern=r"^-?[0-9]+$"), Field(examples=["1250000"])]
"""An integer as decimal text, exact beyond what JSON numbers are."""
Hash = Annotated[str, StringConstraints(pattern=r"^0x[0-9a-f]{64}$")]
Hex = Annotated[str, StringConstraints(pattern=r"^0x([0-9a-f]{2})*$")]
AddressText = Annotated[str, StringConstraints(pattern=r"^0x[0-9a-f]{40}$")]
GivenAddress = Annotated[
    str, StringConstraints(pattern=r"^0x[0-9a-fA-F]{40}$"), AfterValidator(lambda text: str(address(text)))
]
"""An address that a client writes, in lower case or with its checksum."""
GivenHash = Annotated[str, StringConstraints(pattern=r"^0x[0-9a-fA-F]{64}$"), AfterValidator(str.lower)]
Seconds = Annotated[int, Field(description="UTC epoch seconds")]

__all__ = ["Address", "AddressText", "Amount", "GivenAddress", "GivenHash", "Hash", "Hex", "Page", "Record", "Seconds"]


class Record(BaseModel):
    """A JSON object of the API."""

    model_config = ConfigDict(frozen=True, from_attributes=True)


class Page(Record, Generic[T]):
    """A part of a list; `next` is the cursor of what follows, none at the end."""

    items: list[T]
    next: str | None = None


class ProblemDetails(BaseModel):
    """What went wrong (RFC 9457); `code` is stable and may be hung on."""

    type: str
    title: str
    status: int
    detail: str
    code: str
    which: str | None = None
    remedy: str | None = None
