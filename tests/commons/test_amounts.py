"""Amounts that people type and read: exact, or refused."""

import pytest

from commons.errors import UnitError
from commons.units import TOKEN, BasisPoints, show_eur, show_percent, show_tokens, tokens_from_text, ue_from_eur


@pytest.mark.parametrize("text", ["", " 1", "1,5", "-1", "+1", "1.", ".5", "1e3", "1.2345678", "NaN", "٣", "1_000"])
def test_ue_from_eur__not_an_amount__is_refused(text: str) -> None:
    with pytest.raises(UnitError, match=r"12\.50"):
        ue_from_eur(text)


@pytest.mark.parametrize(
    ("text", "ue"), [("0", 0), ("12.5", 12_500_000), ("0.000001", 1), ("100", 100_000_000), ("0.10", 100_000)]
)
def test_ue_from_eur__amount__is_exact(text: str, ue: int) -> None:
    assert ue_from_eur(text) == ue
    assert ue_from_eur(show_eur(ue_from_eur(text)).removesuffix(" €")) == ue


@pytest.mark.parametrize(("bps", "text"), [(0, "0 %"), (1000, "10 %"), (525, "5.25 %"), (5, "0.05 %"), (50, "0.5 %")])
def test_show_percent__basis_points__are_exact(bps: int, text: str) -> None:
    assert show_percent(BasisPoints(bps)) == text


@pytest.mark.parametrize("text", ["", "1,5", "-1", "1.", ".5", "1e3", "0." + "0" * 18 + "1", "NaN", "1_000"])
def test_tokens_from_text__not_an_amount__is_refused(text: str) -> None:
    with pytest.raises(UnitError, match="18 decimals"):
        tokens_from_text(text)


@pytest.mark.parametrize(
    ("amount", "shown"),
    [(0, "0 tokens"), (TOKEN, "1 token"), (TOKEN + 1, "1.000000000000000001 tokens"), (3 * TOKEN // 2, "1.5 tokens")],
)
def test_show_tokens__any_amount__is_exact(amount: int, shown: str) -> None:
    assert show_tokens(amount) == shown
    assert tokens_from_text(shown.partition(" ")[0]) == amount


def test_show_tokens__negative__keeps_its_sign() -> None:
    assert show_tokens(-1500 * TOKEN) == "-1,500 tokens"
