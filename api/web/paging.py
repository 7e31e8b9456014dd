"""Lists in pages: a cursor says where the next page begins, and stays good while the list grows."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Annotated, TypeVar

from fastapi import Depends, Query

from api.schemas.common import Page

MOST = 200
USUAL = 50
_LARGEST = 2**63 - 1
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Cut:
    """The part of a list that is asked for: after `cursor`, at most `limit`."""

    cursor: int | None
    limit: int

    def page(self, found: Sequence[T], place: Callable[[T], int]) -> Page[T]:
        """The page of what a query found that asked for `limit` + 1; `place` is the cursor that follows an item."""
        items = list(found[: self.limit])
        more = len(found) > self.limit
        return Page[T](items=items, next=str(place(items[-1])) if more else None)


def _cut(
    cursor: Annotated[
        int | None, Query(ge=0, le=_LARGEST, description="The `next` of the page before; none for the first.")
    ] = None,
    limit: Annotated[int, Query(ge=1, le=MOST, description="The most items of a page.")] = USUAL,
) -> Cut:
    return Cut(cursor, limit)


Paging = Annotated[Cut, Depends(_cut)]
