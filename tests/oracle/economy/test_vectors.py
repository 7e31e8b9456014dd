"""The golden vectors of simulations, which the page's TypeScript is held to as well."""

from typing import Any

import pytest

from commons.addresses import Address
from commons.records.economy import CategoryTerms, TokenCategory
from commons.units import BasisPoints, EpochSeconds
from oracle.economy.simulation import simulate
from oracle.economy.types import Deal, Incentives, PastPayment, Table
from tests.golden import names, vectors

CASES = vectors("simulation")


@pytest.mark.parametrize("case", CASES, ids=names(CASES))
def test_simulation__golden_vector__is_told_to_the_unit(case: dict[str, Any]) -> None:
    given, expected = case["input"], case["expected"]
    proposed = Table({TokenCategory(one["category"]): _terms(one) for one in given["terms"]})
    effect = simulate([_payment(one) for one in given["payments"]], lambda _: proposed)

    assert [_paid(fee, incentives) for fee, incentives in effect.each] == expected["each"]
    counts = {name: getattr(effect, name) for name in ("short", "capped", "refused")}
    ends = {name: getattr(effect, name) for name in ("treasury_end", "treasury_lowest")}
    assert {**counts, **ends} == {name: expected[name] for name in (*counts, *ends)}
    assert [{"member": who, "net": flows.net} for who, flows in effect.by_member.items()] == expected["members"]
    assert [
        {
            "category": int(category),
            "payments": flows.payments,
            "amount": flows.amount,
            **_paid(flows.fee, Incentives(flows.payer_incentive, flows.payee_incentive)),
        }
        for category, flows in effect.by_category.items()
    ] == expected["categories"]


def _paid(fee: int, incentives: Incentives) -> dict[str, int]:
    return {"fee": fee, "payer_incentive": incentives.payer, "payee_incentive": incentives.payee}


def _terms(one: dict[str, Any]) -> CategoryTerms:
    return CategoryTerms(
        fee_bps=BasisPoints(one["fee_bps"]),
        payer_bps=BasisPoints(one["payer_bps"]),
        payee_bps=BasisPoints(one["payee_bps"]),
        most_per_payment=one["most_per_payment"],
        most_per_member=one["most_per_member"],
        most_per_pair=one["most_per_pair"],
        is_off=one["is_off"],
        since=EpochSeconds(0),
    )


def _payment(one: dict[str, Any]) -> PastPayment:
    return PastPayment(
        at=EpochSeconds(one["at"]),
        payer=Address(one["payer"]),
        payee=Address(one["payee"]),
        payer_key=one["payer_key"],
        payee_key=one["payee_key"],
        category=TokenCategory(one["category"]),
        amount=one["amount"],
        fee=one["fee"],
        incentives=Incentives(one["payer_incentive"], one["payee_incentive"]),
        treasury_before=one["treasury_before"],
        deal=None if one["deal"] is None else Deal(**one["deal"]),
    )
