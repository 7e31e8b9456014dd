"""The planned days: the same from the same seed, of every kind, and within what people surely have."""

from collections import defaultdict

import pytest

from commons.records.economy import TokenCategory
from scripts.economy.deeds import (
    Day,
    Deed,
    Ending,
    GroupPurchase,
    Loan,
    Payment,
    Service,
    TokenPurchase,
    Work,
    YearlyFee,
)
from scripts.economy.people import People
from scripts.economy.plan import WELCOME_CITIZEN, WELCOME_STAKEHOLDER, plan

PEOPLE = People.of()
DAYS = plan(PEOPLE, 7, 30)


def deeds(days: list[Day]) -> list[Deed]:
    return [deed for day in days for deed in day.deeds]


def test_people__sixty__have_wallets_of_their_own() -> None:
    assert len(PEOPLE.everybody) == len(PEOPLE.by_wallet) == 60
    groups = [PEOPLE.group(person.address) for person in PEOPLE.everybody]
    assert [groups.count(name) for name in ("citizens", "shops", "association", "municipality")] == [45, 13, 1, 1]


def test_plan__same_seed__is_the_same_and_another_is_not() -> None:
    assert plan(PEOPLE, 7, 30) == DAYS
    assert plan(PEOPLE, 8, 30) != DAYS
    assert plan(PEOPLE, 7, 10) == DAYS[:10]


def test_plan__thirty_days__has_everything_that_people_do() -> None:
    found = deeds(DAYS)
    kinds = {type(deed) for deed in found}
    assert kinds == {Payment, Service, Work, Loan, GroupPurchase, YearlyFee, TokenPurchase}
    categories = {deed.category for deed in found if isinstance(deed, Payment | Service)}
    assert categories == {
        TokenCategory.CITIZEN_TO_CITIZEN,
        TokenCategory.WITH_STRUCTURE,
        TokenCategory.STAKEHOLDER_TO_CITIZEN,
        TokenCategory.SELLER_BONUS,
        TokenCategory.STAKEHOLDER_TO_STAKEHOLDER,
        TokenCategory.CITIZEN_TO_STAKEHOLDER,
    }
    assert {deed.structure is None for deed in found if isinstance(deed, Work)} == {True, False}
    assert {deed.ending for deed in found if isinstance(deed, Service)} == set(Ending)


@pytest.mark.parametrize("seed", range(5))
def test_plan__any_seed__spends_no_more_than_people_have(seed: int) -> None:
    held: dict[str, int] = defaultdict(int)
    held |= {person.name: WELCOME_CITIZEN for person in PEOPLE.citizens}
    held |= {person.name: WELCOME_STAKEHOLDER for person in PEOPLE.stakeholders}
    coming: dict[int, list[tuple[str, int]]] = defaultdict(list)
    for day in plan(PEOPLE, seed, 30):
        for name, amount in coming[day.number]:
            held[name] += amount
        for deed in day.deeds:
            for payer, amount in outlays(deed):
                held[payer] -= amount
            if isinstance(deed, Payment):
                held[deed.payee.name] += deed.amount * 9 // 10
            if isinstance(deed, Service) and deed.ending is not Ending.DISPUTED:
                paid_on = day.number + (5 if deed.ending is Ending.CONFIRMED else 13)
                coming[paid_on].append((deed.provider.name, deed.amount // len(deed.customers) * 9 // 10))
            assert min(held.values()) >= 0, deed


def outlays(deed: Deed) -> list[tuple[str, int]]:
    """Who gives how many tokens away with a deed."""
    if isinstance(deed, Payment):
        assert deed.payer != deed.payee
        return [(deed.payer.name, deed.amount)]
    if isinstance(deed, Service):
        assert deed.provider not in deed.customers
        return [(customer.name, deed.amount // len(deed.customers)) for customer in deed.customers]
    if isinstance(deed, Loan):
        return [(deed.borrower.name, deed.deposit + deed.price)]
    if isinstance(deed, GroupPurchase):
        return [(buyer.name, deed.price_each) for buyer in deed.buyers]
    return []
