"""Units of energy, price and money: integers whose name says the unit, and the only roundings there are.

Energy is integer Wh, price integer µ€/kWh (1 €/MWh = 1000), money integer µ€, the smallest unit of the settlement
ERC-20. `euro(wh, price) = wh × price / 1000`: up for what a member owes, down for what one gets, so that the pot of a
session never runs short. Nothing here is a float. Source: DESIGN.md section 2.
"""

import re
from decimal import ROUND_HALF_EVEN, Decimal, InvalidOperation
from typing import NewType

from commons.errors import UnitError

EnergyWh = NewType("EnergyWh", int)
PriceUekwh = NewType("PriceUekwh", int)
MoneyUe = NewType("MoneyUe", int)
BasisPoints = NewType("BasisPoints", int)
EpochSeconds = NewType("EpochSeconds", int)
SlotIndex = NewType("SlotIndex", int)
OrderIndex = NewType("OrderIndex", int)
SessionId = NewType("SessionId", int)

WH_PER_KWH = 1000
UE_PER_EURO = 1_000_000
BPS = 10_000
TOKEN = 10**18
"""A community token in its smallest unit: one hour of time-bank."""
QUANTITY_LIMIT = 1 << 40
"""Quantities (Wh) and prices (µ€/kWh) stay strictly below this, so that nothing summed per slot passes 64 bits."""
PRICE_LIMIT = 1 << 40


def euro_up(energy: EnergyWh, price: PriceUekwh) -> MoneyUe:
    """What `energy` at `price` costs somebody who owes it: µ€, rounded up."""
    return MoneyUe(-(-energy * price // WH_PER_KWH))


def euro_down(energy: EnergyWh, price: PriceUekwh) -> MoneyUe:
    """What `energy` at `price` brings somebody who gets it: µ€, rounded down."""
    return MoneyUe(energy * price // WH_PER_KWH)


def wh_from_kwh(text: str | int | Decimal) -> EnergyWh:
    """Wh of a figure in kWh, rounded half to even; the sign is kept.

    Takes the figure as it was written, never a float, whose digits are not those of the file it came from.

    Raises:
        UnitError: not a finite decimal number.
    """
    if isinstance(text, float):
        raise UnitError(f"{text!r} kWh came as a float", remedy="Hand the figure over as the text it was read from.")
    try:
        kwh = Decimal(text)
    except InvalidOperation:
        kwh = Decimal("NaN")
    if not kwh.is_finite():
        raise UnitError(f"{text!r} is not a figure in kWh", remedy="Write a decimal number such as 1.250.")
    return EnergyWh(int((kwh * WH_PER_KWH).quantize(Decimal(1), rounding=ROUND_HALF_EVEN)))


def ue_from_eur(text: str) -> MoneyUe:
    """µ€ of an amount in €, exact: at most six decimals, not negative, nothing but digits and a point.

    Raises:
        UnitError: it is written in another way.
    """
    if not re.fullmatch(r"[0-9]{1,20}(\.[0-9]{1,6})?", text):
        raise UnitError(
            f"{text!r} is not an amount in €",
            remedy="Write euros with a point and at most six decimals, such as 12.50.",
        )
    whole, _, decimals = text.partition(".")
    return MoneyUe(int(whole) * UE_PER_EURO + int(decimals.ljust(6, "0")))


def tokens_from_text(text: str) -> int:
    """A token amount in the smallest unit, exact: at most 18 decimals, not negative, nothing but digits and a point.

    Raises:
        UnitError: it is written in another way.
    """
    if not re.fullmatch(r"[0-9]{1,20}(\.[0-9]{1,18})?", text):
        raise UnitError(
            f"{text!r} is not an amount of tokens",
            remedy="Write tokens with a point and at most 18 decimals, such as 1.5.",
        )
    whole, _, decimals = text.partition(".")
    return int(whole) * TOKEN + int(decimals.ljust(18, "0"))


def show_tokens(amount: int) -> str:
    """Tokens for people, exact: `1500000000000000000` is `1.5 tokens`."""
    whole, rest = divmod(abs(amount), TOKEN)
    decimals = f"{rest:018d}".rstrip("0")
    sign = "-" if amount < 0 else ""
    return f"{sign}{whole:,}{'.' + decimals if decimals else ''} token{'' if abs(amount) == TOKEN else 's'}"


def show_kwh(energy: EnergyWh) -> str:
    """Energy for people, exact: `1234567` Wh is `1,234.567 kWh`."""
    return f"{_thousandths(energy)} kWh"


def show_eur_kwh(price: PriceUekwh) -> str:
    """Price for people, exact: `150000` µ€/kWh is `0.15 €/kWh`, with at least two decimals."""
    return f"{_millionths(price)} €/kWh"


def show_eur(money: MoneyUe) -> str:
    """Money for people, exact: `1500` µ€ is `0.0015 €`, with at least two decimals."""
    return f"{_millionths(money)} €"


def show_percent(share: BasisPoints) -> str:
    """A share for people, exact: `525` basis points are `5.25 %`, `1000` are `10 %`."""
    whole, rest = divmod(share, 100)
    return f"{whole}.{rest:02d}".rstrip("0").rstrip(".") + " %" if rest else f"{whole} %"


def _thousandths(value: int) -> str:
    whole, rest = divmod(abs(value), 1000)
    return f"{'-' if value < 0 else ''}{whole:,}.{rest:03d}"


def _millionths(value: int) -> str:
    whole, rest = divmod(abs(value), UE_PER_EURO)
    decimals = f"{rest:06d}".rstrip("0").ljust(2, "0")
    return f"{'-' if value < 0 else ''}{whole:,}.{decimals}"
