"""Readings that nobody signed, as files are: taken only where their community says so, and as estimates at best."""

from dataclasses import replace

import numpy as np
from sqlalchemy import Connection, select

from commons.database.tables import CommunityRow, table_of
from commons.errors import NotAllowed
from oracle.measurement.types import Quality
from oracle.quality.types import RawReadings

_COMMUNITIES = table_of(CommunityRow)


def require_unsigned(connection: Connection, community: int) -> None:
    """Refuse a community that takes signed readings only.

    Raises:
        NotAllowed: it is one.
    """
    columns = _COMMUNITIES.c
    row = connection.execute(select(columns.name, columns.takes_unsigned).where(columns.id == community)).one()
    if not row.takes_unsigned:
        raise NotAllowed(
            f"{row.name} takes only readings that meters signed",
            remedy="Let it take others: commonwatt store community unsigned --allow.",
        )


def as_estimates(raw: RawReadings) -> RawReadings:
    """The same readings, none of them better than estimated."""
    return replace(raw, quality=np.maximum(raw.quality, np.uint8(Quality.ESTIMATED)))
