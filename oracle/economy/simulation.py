"""Past payments under other terms: what an admin looks at before setting a fee or an incentive.

The same payments are told again, one by one, under a table or the timeline of tables that was in force; the treasury's
other flows stay as they were. Told under the timeline, the result is to the unit what the chain did, which a test
holds. What people would do differently under other terms is not part of it.
"""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from commons.addresses import Address
from commons.records.economy import LIMIT_UNIT, TokenCategory
from commons.units import EpochSeconds
from oracle.economy.payment_rule import Allowance, fee_of, fit, incentives_of
from oracle.economy.types import (
    INCENTIVE_PERIOD_S,
    NO_INCENTIVES,
    Effect,
    Flows,
    Incentives,
    MemberFlows,
    PastPayment,
    Table,
)

TableAt = Callable[[EpochSeconds], Table]


def simulate(payments: Sequence[PastPayment], table_at: TableAt, *, keeps_agreed_fees: bool = False) -> Effect:
    """What the payments cost and earn under the tables.

    Args:
        payments: in the chain's order.
        table_at: the table in force at a moment; for a proposal, the same one always.
        keeps_agreed_fees: whether deals bear the fee that was agreed on at their acceptance, as they do on the chain,
            instead of the table's.
    """
    run = _Run()
    for payment in payments:
        run.take(payment, table_at(payment.at), keeps_agreed_fees)
    return run.effect(payments)


def recorded(payments: Sequence[PastPayment]) -> Effect:
    """What the payments cost and earned as the chain has it; no rule is asked, so nothing is known to be capped."""
    run = _Run()
    for payment in payments:
        run.note(payment, payment.fee, payment.incentives)
    return run.effect(payments)


@dataclass
class _Run:
    """A simulation under way; `shift` is by how much the treasury differs from what it really held."""

    shift: int = 0
    lowest: int | None = None
    short: int = 0
    capped: int = 0
    refused: int = 0
    each: list[tuple[int, Incentives]] = field(default_factory=list)
    by_category: dict[TokenCategory, Flows] = field(default_factory=lambda: defaultdict(Flows))
    by_member: dict[Address, list[int]] = field(default_factory=lambda: defaultdict(lambda: [0, 0, 0, 0]))
    granted: dict[tuple[str, ...], int] = field(default_factory=lambda: defaultdict(int))

    def take(self, payment: PastPayment, table: Table, keeps_agreed_fees: bool) -> None:
        """Tell one payment again."""
        terms = table.of(payment.category)
        if terms.is_off and payment.deal is None:
            self.refused += 1
            self._book(payment, 0, NO_INCENTIVES)
            return
        is_agreed = payment.deal is not None and (keeps_agreed_fees or payment.is_from_treasury)
        fee = fee_of(payment.amount, payment.deal.fee_bps if is_agreed and payment.deal else terms.fee_bps)
        self.note(payment, fee, self._incentives(payment, fee, table))

    def note(self, payment: PastPayment, fee: int, incentives: Incentives) -> None:
        """Take a payment with this fee and these incentives."""
        self._book(payment, fee, incentives)
        self.by_category[payment.category] = self.by_category[payment.category].plus(
            payment.amount, fee, payment.structure_amount, incentives
        )
        self._count_members(payment, fee, incentives)

    def effect(self, payments: Sequence[PastPayment]) -> Effect:
        """What came of all payments."""
        start = payments[0].treasury_before if payments else 0
        last = payments[-1] if payments else None
        end = 0 if last is None else last.treasury_before + last.fee - last.incentives.total
        return Effect(
            by_category=dict(sorted(self.by_category.items())),
            by_member={member: MemberFlows(*flows) for member, flows in sorted(self.by_member.items())},
            treasury_start=start,
            treasury_end=end + self.shift,
            treasury_lowest=start if self.lowest is None else self.lowest,
            short=self.short,
            capped=self.capped,
            refused=self.refused,
            each=tuple(self.each),
        )

    # ---------------------------------------------------------------- one payment

    def _incentives(self, payment: PastPayment, fee: int, table: Table) -> Incentives:
        terms = table.of(payment.category)
        is_without = terms.is_off or payment.is_from_treasury or payment.payer_key == payment.payee_key
        if is_without or payment.category is TokenCategory.TRANSFER:
            return NO_INCENTIVES
        period = str(payment.at // INCENTIVE_PERIOD_S)
        payer, payee = (period, payment.payer_key), (period, payment.payee_key)
        pair = (period, *sorted((payment.payer_key, payment.payee_key)))
        allowance = Allowance(
            max(terms.most_per_member * LIMIT_UNIT - self.granted[payer], 0),
            max(terms.most_per_member * LIMIT_UNIT - self.granted[payee], 0),
            max(terms.most_per_pair * LIMIT_UNIT - self.granted[pair], 0),
        )
        wanted = incentives_of(payment.amount, fee, terms, payment.deal, allowance)
        self.capped += wanted.is_capped
        available = max(payment.treasury_before + self.shift + fee, 0)
        paid = Incentives(*fit((wanted.incentives.payer, wanted.incentives.payee), available))
        self.short += wanted.incentives.total > available
        self.granted[payer] += paid.payer
        self.granted[payee] += paid.payee
        self.granted[pair] += paid.total
        return paid

    def _book(self, payment: PastPayment, fee: int, incentives: Incentives) -> None:
        """Note the payment, and what the treasury has after it."""
        self.shift += (fee - incentives.total) - (payment.fee - payment.incentives.total)
        after = payment.treasury_before + payment.fee - payment.incentives.total + self.shift
        self.lowest = after if self.lowest is None else min(self.lowest, after)
        self.each.append((fee, incentives))

    def _count_members(self, payment: PastPayment, fee: int, incentives: Incentives) -> None:
        payer, payee = self.by_member[payment.payer], self.by_member[payment.payee]
        payer[0] += payment.amount
        payee[1] += payment.amount - fee - payment.structure_amount
        if payment.structure_amount:
            self.by_member[payment.structure][2] += payment.structure_amount
        payer[3] += incentives.payer
        payee[3] += incentives.payee


def differences(payments: Sequence[PastPayment], told: Effect) -> list[int]:
    """The places of the payments whose fee or incentives the chain has otherwise than `told`."""
    return [
        place
        for place, (payment, (fee, incentives)) in enumerate(zip(payments, told.each, strict=True))
        if (payment.fee, payment.incentives) != (fee, incentives)
    ]
