"""Periods of local days, as they are asked for."""

from datetime import date, timedelta
from typing import Annotated

from fastapi import Query

from commons.errors import InputError

_FIRST_DAY, _LAST_DAY = date(2000, 1, 1), date(2199, 12, 31)
FirstDay = Annotated[date, Query(alias="from", description="First local day.")]
LastDay = Annotated[date, Query(alias="to", description="Last local day, itself included.")]


def require_period(first: date, last: date, most: int) -> None:
    """Refuse what is no period, or one of more than `most` days."""
    if not _FIRST_DAY <= first <= last <= _LAST_DAY:
        raise InputError(f"{first} to {last} is no period", remedy="Give the first day, then the last.")
    if last - first >= timedelta(days=most):
        raise InputError(f"{first} to {last} are too many days", remedy=f"Ask for at most {most} at once.")
