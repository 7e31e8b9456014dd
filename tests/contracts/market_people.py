"""The market's people in the fuzz: their money, their membership, their wallets, and the clock."""

from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule

from tests.contracts.chain import Receipt, Refusal, attempt, now, pass_to, request, send
from tests.contracts.community import FUNDS_UE, Contracts, Person, mint, person, replace_wallet
from tests.contracts.market_model import Model, Trade

MOST_REPLACEMENTS = 1
few = st.integers(0, 63)
amounts = st.sampled_from([1, 999_999, 1_000_000, 77_777_777, FUNDS_UE])


class EveryRule:
    """Hypothesis leaves out some rules in each example; here a session comes to its end only if none is missing."""

    def is_enabled(self, name: str) -> bool:
        """Always."""
        return True


class People(RuleBasedStateMachine):
    """What everybody may do with money and membership at any time."""

    def __init__(self, contracts: Contracts, admin: Person, issuer: Person, operators: list[Person]) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._rules_strategy.enabled_rules_strategy = st.just(EveryRule())
        self.snapshot = request("evm_snapshot")
        self.contracts, self.admin, self.issuer, self.operators = contracts, admin, issuer, operators
        self.market, self.quorum = contracts.marketplace, contracts.quorum
        self.stranger = person("stranger", 10)
        self.members = [person(name, number) for number, name in ((7, "alice"), (8, "bob"), (9, "carol"))]
        self.wallets = [person(f"wallet {number}", number) for number in (14, 15)]
        self.model = Model(contracts, dict.fromkeys(self.members, FUNDS_UE) | dict.fromkeys(self.wallets, 0))
        self.active = set(self.members)
        self.suspended: list[Person] = []
        self.bondless: dict[Person, None] = {}
        self.replaced: dict[Person, tuple[Person, int]] = {}
        self.deadlines: set[int] = set()
        self.acts, self.pace, self.diligence, self.is_resting = 0, 1, [1], False

    # ------------------------------------------------------------ helpers

    def attempt(self, function: Any, *arguments: Any, by: Person, may: str = "") -> Receipt | None:
        """Send; a refusal must be one of those named, or known to be impossible is a failure."""
        done = attempt(function, *arguments, by=by)
        if isinstance(done, Refusal):
            assert done.error in may.split(), f"{function._name}: {done}"
            return None
        return done

    def one_of(self, things: list[Any], choice: int) -> Any:
        """One of a list, by a number drawn."""
        return things[choice % len(things)]

    def trades(self, *states: str) -> list[Trade]:
        """The sessions that stood in one of these states after the last act, and are not past their timeout."""
        return [trade for trade in self.model.trades if trade.state in states and not self.overdue(trade)]

    def people(self) -> list[Person]:
        """Every wallet that ever held money."""
        return list(self.model.balance)

    def traders(self) -> list[Person]:
        """Active members with money to trade; all wallets where there is none."""
        able = [who for who in self.people() if who in self.active and self.model.free(who) > FUNDS_UE // 50]
        return able or self.people()

    def overdue(self, trade: Trade) -> bool:
        """Whether a session came to its settlement timeout without an end."""
        late = trade.session.terms.settlement_timeout <= self.model.checked_at
        return late and trade.state in ("Clearing", "Challenge", "Delivery")

    def wait(self, timestamp: int) -> None:
        """A moment worth jumping to."""
        self.deadlines.add(timestamp)

    # ------------------------------------------------------------ money

    @initialize(pace=st.integers(1, 5), diligence=st.lists(st.integers(0, 7), min_size=1, max_size=4))
    def begin(self, pace: int, diligence: list[int]) -> None:
        """How fast the world goes on, and how much of what is due is done in time."""
        self.pace, self.diligence = pace, diligence

    @rule(who=few, amount=amounts)
    def deposit(self, who: int, amount: int) -> None:
        member = self.one_of(self.people(), who)
        mint(self.contracts, self.issuer, member, amount)
        send(self.contracts.euro.approve, self.market.address, amount, by=member)
        if self.attempt(self.market.deposit, amount, by=member, may="" if member in self.active else "NotActive"):
            self.model.balance[member] += amount

    @rule(who=few, amount=amounts)
    def withdraw(self, who: int, amount: int) -> None:
        """An amount, or all there is once in a while."""
        member = self.one_of(self.people(), who)
        if amount == FUNDS_UE and who % 4 == 0:
            self._withdraw_all(member)
            return
        enough = amount <= self.model.free(member)
        may = "" if enough else "InsufficientEscrow"
        if self.attempt(self.market.claimAvailableFunds, amount, by=member, may=may):
            assert enough
            self.model.balance[member] -= amount

    def _withdraw_all(self, member: Person) -> None:
        free = self.model.free(member)
        if self.attempt(self.market.withdrawAllFunds, by=member, may="" if free else "EmptyAmount"):
            self.model.balance[member] -= free

    @precondition(lambda self: self.model.owed)
    @rule()
    def pay_treasury(self) -> None:
        send(self.market.payTreasury, by=self.stranger)
        self.model.owed = 0

    # ------------------------------------------------------------ membership and time

    @rule(who=few)
    def suspend_or_reinstate(self, who: int) -> None:
        """One member at most is suspended at a time."""
        if self.suspended:
            member = self.suspended.pop()
            send(self.contracts.community.reinstateMember, member.address, by=self.admin)
            self.active.add(member)
        elif self.active:
            member = self.one_of(sorted(self.active, key=str), who)
            send(self.contracts.community.suspendMember, member.address, by=self.admin)
            self.active.discard(member)
            self.suspended.append(member)

    @precondition(lambda self: len(self.replaced) < MOST_REPLACEMENTS and self.active)
    @rule(who=few)
    def lose_wallet(self, who: int) -> None:
        old = self.one_of([member for member in self.members if member in self.active] or [None], who)
        if old is None:
            return
        new = self.wallets[len(self.replaced)]
        moves_at = replace_wallet(self.contracts, self.admin, old, new)
        self.replaced[old] = (new, moves_at)
        self.active = (self.active - {old}) | {new}
        self.wait(moves_at)

    @precondition(lambda self: self.replaced)
    @rule(who=few)
    def move_escrow(self, who: int) -> None:
        self._move(self.one_of(list(self.replaced), who))

    def _move(self, old: Person) -> None:
        new, moves_at = self.replaced[old]
        free = self.model.free(old)
        may = "NoSuccessor" if now() + 1 < moves_at else ("" if free else "EmptyAmount")
        done = self.attempt(self.market.moveEscrow, old.address, by=self.stranger, may=may)
        if done:
            assert done.event("EscrowMoved")["amount"] == self.model.move(old, new)

    @rule(which=st.sampled_from([0, 0, 0, 1, 3]), off=st.sampled_from([-1, 0, 0]))
    def jump(self, which: int, off: int) -> None:
        """To one of the next moments at which something changes."""
        ahead = sorted(moment for moment in self.deadlines if moment + off > now() + 1)
        if ahead:
            pass_to(ahead[min(which, len(ahead) - 1)] + off)
