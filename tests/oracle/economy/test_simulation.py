"""The simulation against a ledger that really holds the treasury's tokens, and its figures by hand."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from commons.records.economy import LIMIT_UNIT, CategoryTerms, TokenCategory
from commons.units import TOKEN, BasisPoints, EpochSeconds
from oracle.economy.simulation import differences, simulate
from oracle.economy.types import Deal, Effect, Flows, Incentives, MemberFlows, PastPayment, Table
from tests.oracle.economy.brute_force import PERIOD_S, Ledger, Step, past_payment, wallet

CATEGORY = TokenCategory.CITIZEN_TO_CITIZEN
UNLIMITED = 1 << 47
MICRO = LIMIT_UNIT
"""A millionth of a token, in which limits count."""


def terms(
    fee: int,
    payer: int,
    payee: int,
    most: int = UNLIMITED,
    per_member: int = UNLIMITED,
    per_pair: int = UNLIMITED,
    *,
    off: bool = False,
) -> CategoryTerms:
    shares = (BasisPoints(fee), BasisPoints(payer), BasisPoints(payee))
    return CategoryTerms(*shares, most, per_member, per_pair, off, EpochSeconds(0))


def table(of: CategoryTerms) -> Table:
    return Table({CATEGORY: of})


def told(payments: list[PastPayment], under: Table) -> Effect:
    return simulate(payments, lambda _: under)


def paid(amount: int, before: int = 100 * TOKEN, *, at: int = 0, deal: Deal | None = None) -> PastPayment:
    return past_payment(Step(at, payer=0, payee=1, category=CATEGORY, amount=amount, deal=deal), before, 0, NOTHING)


NOTHING = Incentives(0, 0)
CHECKED = Deal(BasisPoints(0), True, BasisPoints(10_000))


# ---------------------------------------------------------------- by hand


def test_simulation__nothing_paid__is_nothing() -> None:
    effect = told([], table(terms(100, 0, 0)))

    assert (effect.total, effect.treasury_end, effect.by_member) == (Flows(), 0, {})


def test_simulation__fee_and_incentives_of_one_payment__are_rounded_down() -> None:
    effect = told([paid(1999)], table(terms(100, 25, 25)))

    assert effect.total == Flows(1, 1999, 19, 0, 4, 4)
    assert effect.treasury_end - effect.treasury_start == 19 - 8
    assert effect.by_member == {wallet(0): MemberFlows(1999, 0, 0, 4), wallet(1): MemberFlows(0, 1980, 0, 4)}
    assert effect.by_member[wallet(1)].net == 1984


def test_simulation__incentives_above_the_fee__are_cut_to_it_unless_checked() -> None:
    under = table(terms(100, 300, 100))

    assert told([paid(10_000)], under).each == ((100, Incentives(75, 25)),)
    assert told([paid(10_000, deal=CHECKED)], under).each == ((100, Incentives(300, 100)),)


def test_simulation__value_of_the_check__scales_the_incentives() -> None:
    half = replace(CHECKED, value_bps=BasisPoints(5_000), payer_is_entitled=False)

    assert told([paid(10_000, deal=half)], table(terms(0, 300, 100))).each == ((0, Incentives(0, 50)),)


def test_simulation__most_of_payment_member_and_pair__cut() -> None:
    twice = [paid(10_000 * MICRO, deal=CHECKED)] * 2

    def each(*limits: int) -> list[tuple[int, int]]:
        effect = told(twice, table(terms(0, 300, 100, *limits)))
        return [(found.payer // MICRO, found.payee // MICRO) for _, found in effect.each]

    assert each(150)[0] == (150, 100)
    assert each(UNLIMITED, 400) == [(300, 100), (100, 100)]
    assert each(UNLIMITED, UNLIMITED, 500) == [(300, 100), (75, 25)]
    per_member = told(twice, table(terms(0, 300, 100, UNLIMITED, 400)))
    per_pair = told(twice, table(terms(0, 300, 100, UNLIMITED, UNLIMITED, 500)))
    assert (per_member.capped, per_pair.capped) == (1, 1)


def test_simulation__next_period__has_limits_of_its_own() -> None:
    both = [paid(10_000 * MICRO, deal=CHECKED), paid(10_000 * MICRO, deal=CHECKED, at=PERIOD_S)]
    under = table(terms(0, 300, 100, UNLIMITED, UNLIMITED, 400))

    assert told(both, under).each[1] == (0, Incentives(300 * MICRO, 100 * MICRO))


def test_simulation__treasury_short__pays_what_it_has_and_counts_it() -> None:
    effect = told([paid(10_000, before=100, deal=CHECKED)], table(terms(20, 300, 100)))

    assert effect.each == ((20, Incentives(90, 30)),)
    assert (effect.short, effect.treasury_lowest, effect.treasury_end) == (1, 0, 0)


def test_simulation__category_off__leaves_payments_out_but_pays_deals() -> None:
    effect = told([paid(10_000), paid(10_000, deal=CHECKED)], table(terms(100, 300, 100, off=True)))

    assert effect.refused == 1
    assert effect.each == ((0, NOTHING), (100, NOTHING))
    assert effect.total.payments == 1


def test_simulation__agreed_fees__are_kept_only_if_asked() -> None:
    deal = replace(CHECKED, fee_bps=BasisPoints(50))
    payments = [paid(10_000, deal=deal)]
    under = table(terms(100, 0, 0))

    assert told(payments, under).total.fee == 100
    assert simulate(payments, lambda _: under, keeps_agreed_fees=True).total.fee == 50


def test_simulation__treasurys_own_payment__earns_no_incentive() -> None:
    bonus = replace(paid(10_000, deal=CHECKED), is_from_treasury=True)

    assert told([bonus], table(terms(100, 300, 100))).each == ((0, NOTHING),)


# ---------------------------------------------------------------- against the ledger

BPS_UP_TO_CAP = st.integers(0, 2_000)
TABLES = st.builds(
    table,
    st.builds(
        terms,
        BPS_UP_TO_CAP,
        BPS_UP_TO_CAP,
        BPS_UP_TO_CAP,
        st.integers(0, 400),
        st.integers(0, 2_000),
        st.integers(0, 1_500),
    ),
)
DEALS = st.one_of(
    st.none(),
    st.builds(Deal, st.just(BasisPoints(0)), st.booleans(), st.integers(0, 10_000), st.booleans(), st.booleans()),
)
PAYMENTS = st.builds(
    Step,
    at=st.integers(0, 2 * PERIOD_S),
    payer=st.integers(0, 3),
    payee=st.integers(0, 3),
    category=st.sampled_from([CATEGORY, TokenCategory.TRANSFER]),
    amount=st.integers(1, 20_000 * MICRO),
    deal=DEALS,
)
FLOWS = st.builds(Step, at=st.integers(0, 2 * PERIOD_S), flow=st.integers(-300 * MICRO, 300 * MICRO))
STEPS = st.lists(PAYMENTS | FLOWS, max_size=25).map(lambda steps: sorted(steps, key=lambda step: step.at))


@given(STEPS, TABLES, TABLES, st.integers(0, 2_000 * MICRO))
def test_simulation__any_history__is_what_a_ledger_under_the_other_table_does(
    steps: list[Step], was: Table, proposed: Table, treasury: int
) -> None:
    happened = Ledger(was, treasury).play(steps)
    again = Ledger(proposed, treasury).play(steps)
    effect = told(happened.history, proposed)

    assert effect.each == tuple((payment.fee, payment.incentives) for payment in again.history)
    if again.history:
        last = again.history[-1]
        assert effect.treasury_end == last.treasury_before + last.fee - last.incentives.total


@given(STEPS, TABLES, st.integers(0, 2_000 * MICRO))
def test_simulation__under_the_table_that_was__is_what_happened(steps: list[Step], was: Table, treasury: int) -> None:
    history = Ledger(was, treasury).play(steps).history

    assert differences(history, told(history, was)) == []


@given(STEPS, TABLES, st.integers(0, 2_000 * MICRO))
def test_simulation__any_history__conserves_tokens(steps: list[Step], proposed: Table, treasury: int) -> None:
    effect = told(Ledger(proposed, treasury).play(steps).history, proposed)

    gained = sum(member.net for member in effect.by_member.values())
    assert gained == effect.total.incentives - effect.total.fee
    for fee, incentives in effect.each:
        assert fee >= 0
        assert incentives.payer >= 0
        assert incentives.payee >= 0


def test_differences__one_figure_altered__names_its_place() -> None:
    history = [paid(10_000), replace(paid(10_000), fee=1)]

    assert differences(history, told(history, table(terms(0, 0, 0)))) == [1]
