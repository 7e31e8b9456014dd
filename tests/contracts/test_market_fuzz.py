"""A stateful fuzz of the whole market: members, operators honest and not, lost wallets, and the clock.

After every step the model of `market_model` and the chain agree on every account, lock, pot and due. At the end the
operators vanish and everybody gets out alone. Refused transactions are part of the game; panics are not.
"""

from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import invariant, run_state_machine_as_test

from tests.contracts.chain import now, pass_to, request, send
from tests.contracts.community import DAY, Contracts, Person, bond
from tests.contracts.market import ENDED
from tests.contracts.market_settlements import Settlements

LYING, STEALING = 4, 6
"""Days on which two operators agree on something wrong; the others are honest."""


class MarketMachine(Settlements):
    """The market's people doing what they may, and what they may not."""

    def keep_up(self, choice: int) -> None:
        """Do what is due in a session of each stage, mostly the honest way; a choice of 0 is a day off."""
        if not choice:
            return
        if self.bondless:
            self._collect(64)
        while self.bondless:
            bond(self.contracts, self.issuer, self.bondless.popitem()[0])
        self.model.check()
        if self.trades("Reveal"):
            self.reveal(choice, 0)
        if self.trades("Clearing"):
            if choice == LYING:
                self.post_lie(choice, choice, self.acts, 4321, 500_000, self.acts, agreed=True)
            self.clear_honestly(choice, choice)
        if self.trades("Delivery"):
            if choice >= STEALING:
                self.settle_beyond_a_bound(choice, choice, self.acts, (self.acts + len(self.model.trades)) % 3)
            self.settle_honestly(choice, choice, 1000, 999)
        for trade in self.trades("Execution"):
            if trade.settlements and not trade.final:
                self._validate(trade)
            if trade.final:
                traders = list(trade.session.revealed)
                self._execute(trade, traders[choice % len(traders) :], batched=True)

    # ------------------------------------------------------------ what must hold

    @invariant()
    def model_and_chain_agree(self) -> None:
        self.model.check()

    @invariant()
    def the_quorum_holds_bonds_and_bounties(self) -> None:
        """Nothing more, and nothing less."""
        bonds = sum(self.quorum.bondOf(operator.address)[0] for operator in self.operators)
        held = self.contracts.euro.balanceOf(self.quorum.address)
        assert held == bonds + self.quorum.bountyOf(self.stranger.address)

    @invariant()
    def the_world_goes_on(self) -> None:
        """Every few acts what is due is done, and the clock goes to the next moment at which something changes."""
        self.acts += 1
        if self.model.trades and self.acts % self.pace == 0:
            self.keep_up(self.diligence[self.acts // self.pace % len(self.diligence)])
            if not self.is_resting and self.trades("Execution"):
                self.is_resting = True
                return
            self.is_resting = False
            self.jump(0, 0)
            self.model.check()

    def teardown(self) -> None:
        """Every lock ends: the operators vanish, time passes, and everybody gets out alone."""
        try:
            self._drain()
            self.model.check()
            assert self.market.liabilities() == 0
            assert self.contracts.euro.balanceOf(self.market.address) == 0
            assert self.contracts.euro.balanceOf(self.quorum.address) == 0
        finally:
            request("evm_revert", self.snapshot)

    def _drain(self) -> None:
        pass_to(max([*self.deadlines, now()]) + 60 * DAY)
        for trade in self.model.trades:
            self._cancel(trade)
            for member, part in trade.parts.items():
                if part.state != ENDED:
                    self._release(trade, member)
        for trade in self.model.trades:
            if trade.settlements and not trade.final:
                self._validate(trade)
            if trade.pot:
                self.sweep([other for other in self.model.trades if other.pot].index(trade))
        for old in self.replaced:
            self._move(old)
        for member in self.people():
            self._withdraw_all(member)
        if self.model.owed:
            self.pay_treasury()
        self._collect(64)
        self.attempt(self.quorum.payBounty, self.stranger.address, by=self.stranger, may="NoBounty")
        for operator in self.operators:
            questions = [question for trade in self.model.trades for who, question in trade.votes if who == operator]
            send(self.quorum.releaseStakes, questions, by=operator)
            left = self.quorum.bondOf(operator.address)[0]
            if left:
                send(self.quorum.withdrawBond, left, by=operator)


@pytest.fixture
def machine(
    fontana: Contracts, admin: Person, issuer: Person, operators: list[Person], isolation: None
) -> Callable[[], MarketMachine]:
    """Makes a machine over the community as it is."""
    return lambda: MarketMachine(fontana, admin, issuer, operators)


def test_market__under_any_sequence_of_acts__is_solvent_and_lets_everybody_out(
    machine: Callable[[], MarketMachine],
) -> None:
    run_state_machine_as_test(  # type: ignore[no-untyped-call]
        machine,
        settings=settings(
            max_examples=30,
            stateful_step_count=70,
            suppress_health_check=list(HealthCheck),
            # Shrinking takes as long again as all examples: what failed is printed as it was.
            phases=(Phase.explicit, Phase.reuse, Phase.generate),
        ),
    )
