"""The grid's tariff follows the civil clock of the community."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from commons.slots import day_grid
from scripts.demo.tariff import DEMO_TARIFF

F1, F2, F3 = DEMO_TARIFF.f1_uekwh, DEMO_TARIFF.f2_uekwh, DEMO_TARIFF.f3_uekwh


@pytest.mark.parametrize(
    ("local", "price"),
    [
        ("2026-07-15T06:59", F3),  # a Wednesday
        ("2026-07-15T07:00", F2),
        ("2026-07-15T08:00", F1),
        ("2026-07-15T18:59", F1),
        ("2026-07-15T19:00", F2),
        ("2026-07-15T23:00", F3),
        ("2026-01-14T08:00", F1),  # in winter time
        ("2026-07-18T08:00", F2),  # a Saturday
        ("2026-07-18T06:00", F3),
        ("2026-07-19T12:00", F3),  # a Sunday
    ],
)
def test_retail__by_hour_band__is_the_bands_price(local: str, price: int) -> None:
    when = datetime.fromisoformat(local).replace(tzinfo=ZoneInfo("Europe/Rome"))

    assert DEMO_TARIFF.retail_uekwh(int(when.timestamp())) == price


def test_over__slots_of_a_working_day__has_eleven_hours_of_f1() -> None:
    starts = [slot.start for slot in day_grid(datetime(2026, 7, 15, tzinfo=ZoneInfo("UTC")).date(), 3600)]

    assert DEMO_TARIFF.over(starts).retail_uekwh.count(F1) == 11
