"""The story is short, in plain words, and right even where nothing happened."""

from datetime import date

import pytest
from rich.console import Console

from commons.units import EnergyWh, EpochSeconds, MoneyUe, PriceUekwh
from scripts.demo.market_day import HomeDay, MarketDay, SlotTrade
from scripts.demo.story import tell
from scripts.demo.tariff import GridPrices

MIDNIGHT = 1_789_509_600  # 2026-09-16T00:00+02:00


def slot(hour: int, price: int | None = None, promised: int = 0, delivered: int = 0) -> SlotTrade:
    start = EpochSeconds(MIDNIGHT + hour * 3600)
    return SlotTrade(start, None if price is None else PriceUekwh(price), EnergyWh(promised), EnergyWh(delivered))


def home(home_id: str, bought: int, sold: int, debit: int, credit: int, penalty: int = 0) -> HomeDay:
    def at_noon(wh: int) -> tuple[EnergyWh, ...]:
        return tuple(EnergyWh(wh if hour == 12 else 0) for hour in range(24))

    energies = (at_noon(5000), at_noon(5000), at_noon(bought), at_noon(sold))
    return HomeDay(home_id, f"Casa {home_id}", *energies, MoneyUe(debit), MoneyUe(credit), MoneyUe(penalty))


def told(slots: list[SlotTrade], homes: list[HomeDay]) -> str:
    grid = GridPrices((PriceUekwh(300_000),) * 24, PriceUekwh(90_000))
    day = MarketDay("Fontana", 7, date(2026, 9, 16), tuple(slots), tuple(homes), grid)
    console = Console(width=100, record=True, file=None, quiet=False, force_terminal=False)
    with console.capture() as capture:
        console.print(tell(day))
    return capture.get()


@pytest.fixture
def sunny() -> str:
    slots = [slot(12, 200_000, 4000, 1000) if hour == 12 else slot(hour) for hour in range(24)]
    return told(slots, [home("H01", 1000, 0, 200_000, 0), home("H02", 0, 1000, 0, 200_000, 160_000)])


def test_tell__no_trade_at_all__says_so() -> None:
    text = told([slot(hour) for hour in range(24)], [home("H01", 0, 0, 0, 0)])

    assert "00:00–00:00" in text
    assert "no trade" in text
    assert "promised each other" not in text
    assert "0.00 € better off" in text


def test_tell__no_home_at_all__still_tells() -> None:
    assert "0 homes" in told([slot(hour) for hour in range(24)], [])


def test_tell__one_sunny_hour__has_its_price_and_volume_and_sums_up_the_dark_ones(sunny: str) -> None:
    lines = sunny.splitlines()

    assert any(all(part in line for part in ("12:00–13:00", "0.200", "4.0", "1.0", "██████░░░░")) for line in lines)
    assert any("00:00–12:00" in line and "no trade" in line for line in lines)
    assert any("13:00–00:00" in line and "no trade" in line for line in lines)


def test_tell__each_home__has_its_bills_and_what_it_gained(sunny: str) -> None:
    rows = {line.split()[0]: line for line in sunny.splitlines() if line.startswith("H0")}

    assert all(part in rows["H01"] for part in ("0.20", "1.05", "0.95", "+0.10"))
    assert all(part in rows["H02"] for part in ("0.16", "1.05", "1.10", "-0.05"))


def test_tell__the_sum_of_it__is_said_in_words(sunny: str) -> None:
    text = " ".join(sunny.split())

    assert "promised each other 4.0 kWh and delivered 1.0 kWh, at 0.20 to 0.20 €/kWh" in text
    assert "0.05 € better off than with the grid alone: 1 home is better off, 1 home is worse off" in text
    assert "Fines of 0.16 €" in text


def test_tell__a_loss__is_not_hidden() -> None:
    slots = [slot(12, 200_000, 4000, 0) if hour == 12 else slot(hour) for hour in range(24)]
    text = " ".join(told(slots, [home("H01", 0, 0, 0, 0, 80_000)]).split())

    assert "0.08 € worse off" in text
