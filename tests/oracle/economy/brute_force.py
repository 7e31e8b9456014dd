"""The token's rule again, with a real ledger of the treasury, written from the design and the contract's words."""

from dataclasses import dataclass, field

from commons.addresses import Address
from commons.records.economy import TokenCategory
from oracle.economy.types import Deal, Incentives, PastPayment, Table

PERIOD_S = 30 * 24 * 3600


@dataclass(frozen=True)
class Step:
    """Either `flow` into the treasury (out of it where negative) or a payment."""

    at: int
    flow: int = 0
    payer: int = 0
    payee: int = 0
    category: TokenCategory = TokenCategory.TRANSFER
    amount: int = 0
    deal: Deal | None = None


@dataclass
class Ledger:
    """Plays steps under one table."""

    table: Table
    treasury: int
    given: dict[tuple[object, ...], int] = field(default_factory=dict)
    history: list[PastPayment] = field(default_factory=list)

    def play(self, steps: list[Step]) -> "Ledger":
        for step in steps:
            if step.amount:
                self._pay(step)
            else:
                self.treasury += step.flow
        return self

    def _pay(self, step: Step) -> None:
        terms, before = self.table.of(step.category), self.treasury
        fee = step.amount * terms.fee_bps // 10_000
        payer, payee = self._incentives(step, fee)
        self.treasury += fee - payer - payee
        period = step.at // PERIOD_S
        for key, amount in (((period, step.payer), payer), ((period, step.payee), payee)):
            self.given[key] = self.given.get(key, 0) + amount
        pair = (period, frozenset((step.payer, step.payee)))
        self.given[pair] = self.given.get(pair, 0) + payer + payee
        self.history.append(past_payment(step, before, fee, Incentives(payer, payee)))

    def _incentives(self, step: Step, fee: int) -> tuple[int, int]:
        terms, deal, period = self.table.of(step.category), step.deal, step.at // PERIOD_S
        if terms.is_off or step.payer == step.payee or step.category is TokenCategory.TRANSFER:
            return 0, 0
        worth = deal.value_bps if deal and deal.is_checked else 10_000
        payer = min(step.amount * terms.payer_bps * worth // 100_000_000, terms.most_per_payment * 10**12)
        payee = min(step.amount * terms.payee_bps * worth // 100_000_000, terms.most_per_payment * 10**12)
        payer *= deal is None or deal.payer_is_entitled
        payee *= deal is None or deal.payee_is_entitled
        if not (deal and deal.is_checked):
            payer, payee = cut(payer, payee, fee)
        payer = min(payer, max(0, terms.most_per_member * 10**12 - self.given.get((period, step.payer), 0)))
        payee = min(payee, max(0, terms.most_per_member * 10**12 - self.given.get((period, step.payee), 0)))
        used = self.given.get((period, frozenset((step.payer, step.payee))), 0)
        payer, payee = cut(payer, payee, max(0, terms.most_per_pair * 10**12 - used))
        return cut(payer, payee, max(0, self.treasury + fee))


def cut(one: int, other: int, most: int) -> tuple[int, int]:
    """Both in proportion, together at most `most`."""
    if one + other <= most:
        return one, other
    return one * most // (one + other), other * most // (one + other)


def past_payment(step: Step, before: int, fee: int, incentives: Incentives) -> PastPayment:
    return PastPayment(
        at=step.at,  # type: ignore[arg-type]
        payer=wallet(step.payer),
        payee=wallet(step.payee),
        payer_key=str(step.payer),
        payee_key=str(step.payee),
        category=step.category,
        amount=step.amount,
        fee=fee,
        incentives=incentives,
        treasury_before=before,
        deal=step.deal,
    )


def wallet(number: int) -> Address:
    return Address(f"0x{number + 1:040x}")
