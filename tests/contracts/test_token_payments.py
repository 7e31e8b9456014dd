"""Payments in a category: who may, what the fee and the incentives are, and that a circle gains nothing."""

from typing import Any

import pytest

from tests.contracts.chain import mine_at, now, refused, send
from tests.contracts.community import (
    CITIZEN,
    STAKEHOLDER,
    Contracts,
    Implementations,
    Person,
    create_community,
    join,
    member_id,
    parameters,
    replace_wallet,
)
from tests.contracts.economy import (
    CATEGORIES,
    CITIZENS,
    ENERGY_BONUS,
    MICRO,
    NO_REFERENCE,
    SELLER_BONUS,
    STAKEHOLDERS,
    TO_CITIZEN,
    TO_COMMUNITY,
    TO_COMMUNITY_WITH_STRUCTURE,
    TO_STAKEHOLDER,
    TOKEN,
    TRANSFER,
    WELCOME_CITIZEN,
    WELCOME_STAKEHOLDER,
    WITH_STRUCTURE,
    Terms,
    balances,
    issue,
    pay,
    set_all,
    set_amount,
    set_terms,
)
from tests.contracts.test_lost_wallet import give_tokens

PERIOD = 30 * 86_400
MOST_GAS = 110_000
FITS = {
    CITIZENS: (CITIZEN, CITIZEN),
    TO_CITIZEN: (CITIZEN, STAKEHOLDER),
    SELLER_BONUS: (STAKEHOLDER, CITIZEN),
    STAKEHOLDERS: (STAKEHOLDER, STAKEHOLDER),
    TO_STAKEHOLDER: (STAKEHOLDER, CITIZEN),
}


@pytest.fixture
def shop(fontana: Contracts, admin: Person, stranger: Person, isolation: None) -> Person:
    """A stakeholder."""
    join(fontana, admin, stranger, kind=STAKEHOLDER)
    return stranger


@pytest.fixture
def firm(fontana: Contracts, admin: Person, relayer: Person, isolation: None) -> Person:
    """Another stakeholder."""
    join(fontana, admin, relayer, kind=STAKEHOLDER)
    return relayer


@pytest.fixture
def rich(
    fontana: Contracts, admin: Person, second_admin: Person, alice: Person, bob: Person, isolation: None
) -> Contracts:
    """Alice has 100 tokens, Bob 10."""
    give_tokens(fontana, admin, second_admin, alice, 110 * TOKEN)
    send(fontana.token.transfer, bob.address, 10 * TOKEN, by=alice)
    return fontana


def supply_is_whole(contracts: Contracts, *holders: Any) -> bool:
    """Whether these hold all there is."""
    return bool(sum(balances(contracts, *holders)) == contracts.token.totalSupply())


def test_payment__in_a_category_for_others__is_refused(
    rich: Contracts, alice: Person, bob: Person, shop: Person, firm: Person
) -> None:
    parties = {
        (CITIZEN, CITIZEN): (alice, bob),
        (CITIZEN, STAKEHOLDER): (alice, shop),
        (STAKEHOLDER, CITIZEN): (shop, alice),
        (STAKEHOLDER, STAKEHOLDER): (shop, firm),
    }
    for payer in (shop, firm):
        send(rich.token.transfer, payer.address, TOKEN, by=alice)
    for category in range(1, len(CATEGORIES)):
        for kinds, (payer, payee) in parties.items():
            if FITS.get(category) == kinds:
                assert pay(rich, payer, payee, 10, category).event("Paid")["category"] == category
            else:
                call = (rich.token.pay, payee.address, 10, category, NO_REFERENCE)
                values = {"category": category, "payer": kinds[0], "payee": kinds[1]}
                refused("WrongCategory", *call, by=payer, **values)
    assert {WITH_STRUCTURE, ENERGY_BONUS, TO_COMMUNITY, TO_COMMUNITY_WITH_STRUCTURE}.isdisjoint(FITS)


def test_payment__by_or_to_nobody_active__is_refused(
    rich: Contracts, admin: Person, alice: Person, bob: Person, stranger: Person
) -> None:
    for payee in (stranger.address, rich.treasury.address):
        refused("NotEntitled", rich.token.pay, payee, 1, CITIZENS, NO_REFERENCE, by=alice, account=payee)
    refused("NotEntitled", rich.token.pay, alice.address, 1, CITIZENS, NO_REFERENCE, by=stranger, account=stranger)
    send(rich.community.suspendMember, bob.address, by=admin)
    refused("NotEntitled", rich.token.pay, bob.address, 1, CITIZENS, NO_REFERENCE, by=alice, account=bob)
    refused("NotEntitled", rich.token.pay, alice.address, 1, CITIZENS, NO_REFERENCE, by=bob, account=bob)
    send(rich.community.leave, by=bob)
    refused("NotEntitled", rich.token.pay, alice.address, 1, CITIZENS, NO_REFERENCE, by=bob, account=bob)


def test_payment__to_oneself_or_of_nothing__is_refused(rich: Contracts, alice: Person, bob: Person) -> None:
    refused("SelfPayment", rich.token.pay, alice.address, 1, CITIZENS, NO_REFERENCE, by=alice, account=alice)
    refused("NothingToPay", rich.token.pay, bob.address, 0, CITIZENS, NO_REFERENCE, by=alice)


def test_payment__in_a_category_that_is_off__is_refused(
    rich: Contracts, admin: Person, alice: Person, bob: Person
) -> None:
    set_all(rich, admin, {CITIZENS: Terms(is_off=True), TRANSFER: Terms(is_off=True)})
    refused("CategoryOff", rich.token.pay, bob.address, 1, CITIZENS, NO_REFERENCE, by=alice, category=CITIZENS)
    refused("CategoryOff", rich.token.transfer, bob.address, 1, by=alice, category=TRANSFER)
    send(rich.token.transfer, rich.treasury.address, 1, by=alice)


def test_payment__beyond_the_balance__is_refused(rich: Contracts, alice: Person, bob: Person) -> None:
    call = (rich.token.pay, bob.address, 100 * TOKEN + 1, CITIZENS, NO_REFERENCE)
    refused("ERC20InsufficientBalance", *call, by=alice, balance=100 * TOKEN, needed=100 * TOKEN + 1)


def test_payment__with_fee_and_incentives__moves_the_parts_and_tells_them(
    rich: Contracts, admin: Person, alice: Person, bob: Person
) -> None:
    set_terms(rich, admin, CITIZENS, Terms(500, 300, 100))
    holders = (alice, bob, rich.treasury)
    before = balances(rich, *holders)
    told = pay(rich, alice, bob, 20 * TOKEN, reference=b"lawn").event("Paid")
    assert told.values == {
        "payer": alice.address,
        "payee": bob.address,
        "category": CITIZENS,
        "amount": 20 * TOKEN,
        "fee": TOKEN,
        "structure": "0x" + "00" * 20,
        "structureAmount": 0,
        "payerIncentive": 6 * TOKEN // 10,
        "payeeIncentive": 2 * TOKEN // 10,
        "paymentReference": b"lawn".ljust(32, b"\0"),
    }
    moved = tuple(after - earlier for earlier, after in zip(before, balances(rich, *holders), strict=True))
    assert moved == (-20 * TOKEN + 6 * TOKEN // 10, 19 * TOKEN + 2 * TOKEN // 10, 2 * TOKEN // 10)
    assert supply_is_whole(rich, *holders)
    assert rich.token.grantsOf(member_id(alice))[0] == 6 * TOKEN // 10
    assert rich.token.grantedBetween(member_id(bob), member_id(alice)) == 8 * TOKEN // 10


def test_quote__is_what_the_payment_then_costs(rich: Contracts, admin: Person, alice: Person, bob: Person) -> None:
    set_terms(rich, admin, CITIZENS, Terms(777, 555, 666))
    for amount in (1, 999, 12_345_678_901, 3 * TOKEN + 7):
        quoted = rich.token.quote(alice.address, bob.address, amount, CITIZENS)
        told = pay(rich, alice, bob, amount).event("Paid")
        assert quoted == (told["fee"], told["payerIncentive"], told["payeeIncentive"])


@pytest.mark.parametrize(
    "terms", [Terms(0, 2_000, 2_000), Terms(1, 2_000, 0), Terms(900, 0, 2_000), Terms(700, 1_500, 2)]
)
def test_incentives__above_the_fee__are_cut_to_it(
    rich: Contracts, admin: Person, alice: Person, bob: Person, terms: Terms
) -> None:
    set_terms(rich, admin, CITIZENS, terms)
    issue(rich, admin, 100 * TOKEN)
    treasury = balances(rich, rich.treasury)
    told = pay(rich, alice, bob, 10 * TOKEN + 3).event("Paid")
    assert told["payerIncentive"] + told["payeeIncentive"] <= told["fee"]
    assert balances(rich, rich.treasury) >= treasury
    sum_bps = terms.payer_bps + terms.payee_bps
    assert abs(told["payerIncentive"] * sum_bps - told["fee"] * terms.payer_bps) <= sum_bps


def test_circle__of_payments__costs_those_in_it_and_never_the_treasury(
    rich: Contracts, admin: Person, alice: Person, bob: Person, carol: Person
) -> None:
    set_terms(rich, admin, CITIZENS, Terms(2_000, 2_000, 2_000))
    issue(rich, admin, 500 * TOKEN)
    ring = (alice, bob, carol)
    together, treasury = sum(balances(rich, *ring)), balances(rich, rich.treasury)[0]
    for turn in range(9):
        payer, payee = ring[turn % 3], ring[(turn + 1) % 3]
        pay(rich, payer, payee, min(5 * TOKEN + turn, *balances(rich, payer)))
    assert sum(balances(rich, *ring)) <= together
    assert balances(rich, rich.treasury)[0] >= treasury


def test_incentive__of_one_payment__ends_at_its_limit(
    rich: Contracts, admin: Person, alice: Person, bob: Person
) -> None:
    set_terms(rich, admin, CITIZENS, Terms(1_000, 400, 500, per_payment=MICRO // 100))
    told = pay(rich, alice, bob, 10 * TOKEN).event("Paid")
    assert (told["payerIncentive"], told["payeeIncentive"]) == (TOKEN // 100, TOKEN // 100)


def test_incentives__of_a_member_in_a_period__end_at_their_limit_and_begin_anew(
    rich: Contracts, admin: Person, alice: Person, bob: Person, carol: Person
) -> None:
    set_terms(rich, admin, CITIZENS, Terms(1_000, 400, 0, per_member=MICRO // 2))
    mine_at((now() // PERIOD + 1) * PERIOD)
    paid = [pay(rich, alice, who, 10 * TOKEN).event("Paid")["payerIncentive"] for who in (bob, carol, bob)]
    assert paid == [4 * TOKEN // 10, TOKEN // 10, 0]
    assert rich.token.grantsOf(member_id(alice))[0] == TOKEN // 2
    mine_at((now() // PERIOD + 1) * PERIOD)
    assert pay(rich, alice, bob, 10 * TOKEN).event("Paid")["payerIncentive"] == 4 * TOKEN // 10


def test_incentives__of_a_pair_in_a_period__end_at_their_limit_whoever_pays(
    rich: Contracts, admin: Person, alice: Person, bob: Person, carol: Person
) -> None:
    set_terms(rich, admin, CITIZENS, Terms(1_000, 400, 100, per_pair=MICRO))
    mine_at((now() // PERIOD + 1) * PERIOD)
    told = [pay(rich, *pair, 9 * TOKEN).event("Paid") for pair in ((alice, bob), (bob, alice), (alice, bob))]
    sums = [one["payerIncentive"] + one["payeeIncentive"] for one in told]
    assert sums == [45 * TOKEN // 100, 45 * TOKEN // 100, TOKEN // 10]
    assert pay(rich, alice, carol, 9 * TOKEN).event("Paid")["payerIncentive"] == 36 * TOKEN // 100
    mine_at((now() // PERIOD + 1) * PERIOD)
    assert rich.token.grantedBetween(member_id(alice), member_id(bob)) == 0


def test_limits__hang_on_the_person__and_follow_to_a_new_wallet(
    rich: Contracts, admin: Person, alice: Person, bob: Person, new_wallet: Person
) -> None:
    set_terms(rich, admin, CITIZENS, Terms(1_000, 0, 400, per_member=MICRO // 2))
    mine_at((now() // PERIOD + 1) * PERIOD)
    pay(rich, alice, bob, 10 * TOKEN)
    replace_wallet(rich, admin, bob, new_wallet)
    assert pay(rich, alice, new_wallet, 10 * TOKEN).event("Paid")["payeeIncentive"] == TOKEN // 10


def test_transfer__among_members__bears_the_fee_of_its_category_and_no_incentive(
    rich: Contracts, admin: Person, alice: Person, bob: Person
) -> None:
    set_terms(rich, admin, TRANSFER, Terms(100))
    before = balances(rich, alice, bob, rich.treasury)
    told = send(rich.token.transfer, bob.address, 10 * TOKEN, by=alice).event("Paid")
    assert (told["category"], told["fee"], told["payerIncentive"], told["payeeIncentive"]) == (0, TOKEN // 10, 0, 0)
    after = balances(rich, alice, bob, rich.treasury)
    assert after == (before[0] - 10 * TOKEN, before[1] + 99 * TOKEN // 10, before[2] + TOKEN // 10)
    told = pay(rich, alice, bob, 10 * TOKEN, TRANSFER, b"rent").event("Paid")
    assert (told["fee"], told["paymentReference"]) == (TOKEN // 10, b"rent".ljust(32, b"\0"))
    send(rich.token.transfer, rich.treasury.address, TOKEN, by=bob)
    assert balances(rich, rich.treasury) == (after[2] + 11 * TOKEN // 10,)


def test_contracts_only__functions__refuse_everybody_else(
    rich: Contracts, admin: Person, alice: Person, bob: Person
) -> None:
    deal = (alice.address, bob.address, alice.address, CITIZENS, 0, False, 0, 1, 0, NO_REFERENCE)
    for caller in (alice, admin):
        refused("NotOwnContract", rich.token.payDeal, deal, by=caller, account=caller)
        refused("NotOwnContract", rich.token.returnEscrow, alice.address, 1, by=caller, account=caller)
        refused("NotOwnContract", rich.token.sell, alice.address, 1, by=caller, account=caller)


# ---------------------------------------------------------------- welcome


def test_welcome__of_nobody_active__is_refused(fontana: Contracts, stranger: Person) -> None:
    refused("NotEntitled", fontana.token.welcome, stranger.address, by=stranger, account=stranger)


@pytest.mark.parametrize("kind", [CITIZEN, STAKEHOLDER])
def test_welcome__at_approval__is_paid_by_kind(fontana: Contracts, admin: Person, stranger: Person, kind: int) -> None:
    set_all(fontana, admin, amounts={WELCOME_CITIZEN: 5 * TOKEN, WELCOME_STAKEHOLDER: 2 * TOKEN})
    issue(fontana, admin, 10 * TOKEN)
    join(fontana, admin, stranger, kind=kind)
    bonus = {CITIZEN: 5 * TOKEN, STAKEHOLDER: 2 * TOKEN}[kind]
    assert balances(fontana, stranger, fontana.treasury) == (bonus, 10 * TOKEN - bonus)
    assert not send(fontana.token.welcome, stranger.address, by=stranger).events


def test_welcome__while_the_treasury_is_short__waits_and_is_paid_once(
    fontana: Contracts, admin: Person, stranger: Person, alice: Person
) -> None:
    set_all(fontana, admin, amounts={WELCOME_CITIZEN: 5 * TOKEN})
    join(fontana, admin, stranger)
    assert fontana.token.grantsOf(member_id(stranger))[2:] == (5 * TOKEN, True)
    issue(fontana, admin, 5 * TOKEN - 1)
    assert not send(fontana.token.welcome, stranger.address, by=alice).events
    set_amount(fontana, admin, WELCOME_CITIZEN, 3 * TOKEN)
    issue(fontana, admin, 20 * TOKEN)
    told = send(fontana.token.welcome, stranger.address, by=alice).event("Welcomed")
    assert told.values == {
        "memberId": member_id(stranger),
        "wallet": stranger.address,
        "kind": CITIZEN,
        "amount": 5 * TOKEN,
    }
    assert not send(fontana.token.welcome, stranger.address, by=alice).events
    assert balances(fontana, stranger) == (5 * TOKEN,)


def test_welcome__of_who_comes_back_under_the_same_id__is_not_paid_again(
    fontana: Contracts, admin: Person, stranger: Person, new_wallet: Person
) -> None:
    set_all(fontana, admin, amounts={WELCOME_CITIZEN: 5 * TOKEN})
    issue(fontana, admin, 20 * TOKEN)
    join(fontana, admin, stranger)
    send(fontana.community.leave, by=stranger)
    join(fontana, admin, stranger)
    replace_wallet(fontana, admin, stranger, new_wallet)
    assert not send(fontana.token.welcome, new_wallet.address, by=stranger).events
    assert balances(fontana, stranger, new_wallet) == (5 * TOKEN, 0)


def test_welcome__of_members_from_before_the_bonus__stays_nothing(
    fontana: Contracts, admin: Person, alice: Person
) -> None:
    set_all(fontana, admin, amounts={WELCOME_CITIZEN: 5 * TOKEN})
    issue(fontana, admin, 20 * TOKEN)
    assert not send(fontana.token.welcome, alice.address, by=alice).events
    assert balances(fontana, alice) == (0,)


# ---------------------------------------------------------------- leavers


def test_leaver__before_the_period_is_over__keeps_what_is_left(
    rich: Contracts, alice: Person, bob: Person, stranger: Person
) -> None:
    refused("LeaverKeeps", rich.token.settleLeaver, alice.address, by=stranger, wallet=alice, until=2**256 - 1)
    send(rich.community.leave, by=alice)
    until = now() + rich.token.leaverPeriod()
    mine_at(until - 2)
    refused("LeaverKeeps", rich.token.settleLeaver, alice.address, by=stranger, wallet=alice, until=until)
    send(rich.token.transfer, bob.address, TOKEN, by=alice)
    told = send(rich.token.settleLeaver, alice.address, by=stranger).event("LeaverBalanceDonated")
    assert told.values == {"wallet": alice.address, "amount": 99 * TOKEN}
    assert balances(rich, alice, bob, rich.treasury) == (0, 11 * TOKEN, 99 * TOKEN)


def test_leaver__who_was_removed_or_came_back__keeps_it_for_ever(
    rich: Contracts, admin: Person, alice: Person, bob: Person
) -> None:
    send(rich.community.removeMember, alice.address, by=admin)
    send(rich.community.leave, by=bob)
    join(rich, admin, bob)
    mine_at(now() + rich.token.leaverPeriod() + 1)
    for who in (alice, bob):
        refused("LeaverKeeps", rich.token.settleLeaver, who.address, by=admin, wallet=who, until=2**256 - 1)
    assert balances(rich, alice, bob) == (100 * TOKEN, 10 * TOKEN)


@pytest.mark.parametrize("period", [1, 30 * 86_400 - 1, 3_650 * 86_400 + 1])
def test_creation__with_a_leaver_period_out_of_range__is_refused(
    platform: Implementations, platform_admin: Person, admin: Person, euro: Any, operators: list[Person], period: int
) -> None:
    call = (platform.factory.createCommunity, parameters(admin, euro, operators, leaver_period_s=period))
    least, most = 30 * 86_400, 3_650 * 86_400
    refused("LeaverPeriodOutOfRange", *call, by=platform_admin, period=period, least=least, most=most)


def test_leaver__of_a_community_without_the_rule__keeps_it_for_ever(
    project: Any,
    platform: Implementations,
    platform_admin: Person,
    admin: Person,
    euro: Any,
    operators: list[Person],
    alice: Person,
) -> None:
    values = parameters(admin, euro, operators, name="Lago", symbol="LGO", leaver_period_s=0)
    lago = create_community(project, platform.factory, platform_admin, euro, values)
    set_all(lago, admin, amounts={WELCOME_CITIZEN: 5 * TOKEN})
    issue(lago, admin, 5 * TOKEN)
    join(lago, admin, alice)
    send(lago.community.leave, by=alice)
    mine_at(now() + 4_000 * 86_400)
    refused("LeaverKeeps", lago.token.settleLeaver, alice.address, by=admin, wallet=alice, until=2**256 - 1)
    assert balances(lago, alice) == (5 * TOKEN,)


# ---------------------------------------------------------------- gas


def test_gas__of_a_payment_with_fee_and_both_incentives__is_within_its_limit(
    rich: Contracts, admin: Person, alice: Person, bob: Person
) -> None:
    """The first between two who hold tokens, which writes what the pair got for the first time, and one after it."""
    issue(rich, admin, TOKEN)
    set_terms(rich, admin, CITIZENS, Terms(500, 250, 200))
    receipts = [pay(rich, alice, bob, 3 * TOKEN + 7, reference=b"r" * 32) for _ in range(2)]
    for receipt in receipts:
        told = receipt.event("Paid")
        assert told["payerIncentive"] > 0
        assert told["payeeIncentive"] > 0
        assert told["payerIncentive"] + told["payeeIncentive"] < told["fee"]
    assert max(receipt.gas_used for receipt in receipts) <= MOST_GAS, [receipt.gas_used for receipt in receipts]
