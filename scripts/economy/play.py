"""The days of the demonstration on its chain: what was planned is signed by those who do it, in batches.

The chain's clock jumps from morning to morning. Everything goes through the same actions as the commands.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from commons.actions import tokens
from commons.units import TOKEN, EpochSeconds, MoneyUe, show_eur
from scripts.demo.screen import Screen
from scripts.economy.deals import Deals, Sending
from scripts.economy.deeds import Day, Deed, GroupPurchase, Loan, Payment, Service, TokenPurchase, Work, YearlyFee
from scripts.economy.fee_change import Announced, announce
from scripts.economy.founding import DAY_S, YEARLY_FEE_UE, Stage
from scripts.economy.incentive import pay_incentive
from scripts.economy.plan import TOKEN_PRICE_UE
from scripts.embedded import jump_to

MORNING_S = 9 * 3600
EVENING_S = 11 * 3600
"""From the morning: late enough that what follows some days later is in force between two days' payments."""
Kind = TypeVar("Kind", bound=Deed)


@dataclass
class Play:
    """Plays the days.

    On day `change_on` the admin announces another fee; on day `incentive_on` the incentive in euro for the days before
    has arrived.
    """

    stage: Stage
    screen: Screen
    start: EpochSeconds
    change_on: int
    incentive_on: int
    announced: Announced | None = None
    notes: list[str] = field(default_factory=list)
    deals: Deals = field(init=False, repr=False)

    def __post_init__(self) -> None:
        self.deals = Deals(self.stage)

    def run(self, days: Sequence[Day]) -> None:
        """Play one day after the other."""
        self.deals.fund_works()
        for day in days:
            jump_to(self.stage.chain, self.morning(day.number))
            self.screen.doing(f"Day {day.number} of {len(days)}")
            self.deals.due(day.number)
            self._pay(day.deeds)
            self._desk(day.deeds)
            self._deal(day)
            if day.number == self.incentive_on:
                self._incentive(day.number)
            if day.number == self.change_on:
                jump_to(self.stage.chain, EpochSeconds(self.morning(day.number) + EVENING_S))
                self.announced = announce(self.stage, self.start, day.number)
                self.screen.done(f"Day {day.number}: the admin simulated another fee, and announced it")
        jump_to(self.stage.chain, EpochSeconds(self.start + len(days) * DAY_S))

    def morning(self, number: int) -> EpochSeconds:
        """Nine o'clock of a day, as the first day counts its hours."""
        return EpochSeconds(self.start + (number - 1) * DAY_S + MORNING_S)

    # ---------------------------------------------------------------- deals

    def _deal(self, day: Day) -> None:
        deeds, number = day.deeds, day.number
        self.deals.serve(number, of_kind(deeds, Service))
        self.deals.work(of_kind(deeds, Work))
        self.deals.lend(number, of_kind(deeds, Loan))
        self.deals.buy_together(number, of_kind(deeds, GroupPurchase))

    def _incentive(self, number: int) -> None:
        paid = pay_incentive(self.stage, self.deals, self.start, number - 1)
        self.notes += paid.sentences()
        self.screen.done(f"Day {number}: {show_eur(paid.paid)} of the community's incentive are paid to its members")

    # ---------------------------------------------------------------- from wallet to wallet

    def _pay(self, deeds: Iterable[Deed]) -> None:
        contracts = self.stage.contracts
        self._send(
            (
                one.payer.signer,
                tokens.pay_call(contracts, one.payee.address, one.amount, one.category, one.what),
            )
            for one in of_kind(deeds, Payment)
        )

    def _desk(self, deeds: Iterable[Deed]) -> None:
        """Stakeholders pay their yearly fee, and buy tokens."""
        contracts = self.stage.contracts
        fees, purchases = of_kind(deeds, YearlyFee), of_kind(deeds, TokenPurchase)
        members = self.stage.reader.members([one.stakeholder.address for one in fees])
        sendings: list[Sending] = []
        for fee, member in zip(fees, members, strict=True):
            calls = tokens.yearly_fee_calls(contracts, member.member_id, MoneyUe(YEARLY_FEE_UE))
            sendings += [(fee.stakeholder.signer, call) for call in calls]
        for one in purchases:
            least = one.money_ue * TOKEN // TOKEN_PRICE_UE
            calls = tokens.buy_calls(contracts, MoneyUe(one.money_ue), least)
            sendings += [(one.stakeholder.signer, call) for call in calls]
        self._send(sendings)

    def _send(self, sendings: Iterable[Sending]) -> None:
        self.deals.send(sendings)


def of_kind(deeds: Iterable[Deed], kind: type[Kind]) -> list[Kind]:
    """The deeds of one kind, in order."""
    return [deed for deed in deeds if isinstance(deed, kind)]
