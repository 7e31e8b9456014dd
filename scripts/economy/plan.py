"""Thirty days of a community, drawn from a seed: the same seed gives the same days, deed by deed.

Nobody is planned to spend what it may not have: each member's tokens are followed from below, as if it got nothing but
the welcome bonus and nine tenths of what it is paid; of a service some days later, when nobody's word is needed.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from random import Random

from commons.records.economy import TokenCategory
from commons.units import TOKEN, UE_PER_EURO
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
from scripts.economy.people import People, Person

WELCOME_CITIZEN = 10 * TOKEN
WELCOME_STAKEHOLDER = 30 * TOKEN
QUARTER = TOKEN // 4
TOKEN_PRICE_UE = 12 * UE_PER_EURO
LIKELY_NET_PERCENT = 90
WAIT_DAYS = {Ending.CONFIRMED: 5, Ending.SILENT: 13}
"""After how many days a service is surely paid; a disputed one perhaps never."""
FEE_DAY, PURCHASE_DAY, LOAN_DAY, GROUP_DAY = 2, 4, 6, 9
WORK_DAYS = (5, 12, 19, 26)

HELP = (
    "an hour of Italian lessons",
    "help with the tax form",
    "walking the dog",
    "repairing a lamp",
    "looking after the children",
    "a lift to the hospital",
    "mending trousers",
    "help in the garden",
)
GOODS = ("bread", "a bicycle's inner tube", "vegetables", "a book", "seedlings", "a haircut", "cheese")
COURSES = ("a cooking course", "a first-aid course", "a repair café", "a choir evening")
ERRANDS = ("carrying parcels", "an afternoon at the till", "painting the shop window", "distributing leaflets")
TRADES = ("a counter top", "bread for the café", "new wiring", "flowers for the shop")
COMMUNITY_WORK = ("clearing the brook", "painting the school fence", "counting the meters", "the energy desk")


@dataclass
class Planner:
    """Draws the days of a community; `held` is the least that each member surely has."""

    people: People
    chance: Random
    held: dict[str, int] = field(default_factory=dict)
    coming: dict[int, list[tuple[str, int]]] = field(default_factory=lambda: defaultdict(list))
    """Day → who surely has been paid how much by then."""
    today: int = 0

    def __post_init__(self) -> None:
        self.held = {person.name: WELCOME_CITIZEN for person in self.people.citizens}
        self.held |= {person.name: WELCOME_STAKEHOLDER for person in self.people.stakeholders}

    def days(self, count: int) -> Iterator[Day]:
        """The days, one after the other."""
        for number in range(1, count + 1):
            self.today = number
            for name, amount in self.coming.pop(number, []):
                self.held[name] += amount
            deeds = [*self._usual(), *self._special(number)]
            yield Day(number, tuple(deed for deed in deeds if deed is not None))

    # ---------------------------------------------------------------- what happens every day

    def _usual(self) -> Iterator[Deed | None]:
        size = max(1, len(self.people.everybody) // 12)
        for _ in range(self.chance.randint(size, 2 * size)):
            yield self._help()
        for _ in range(self.chance.randint(size, 2 * size)):
            yield self._payment(TokenCategory.STAKEHOLDER_TO_CITIZEN, self._citizen, self._shop, (1, 10), GOODS)
        for _ in range(self.chance.randint(0, size)):
            yield self._payment(TokenCategory.CITIZEN_TO_CITIZEN, self._citizen, self._citizen, (1, 6), HELP)
        for _ in range(self.chance.randint(0, size)):
            yield self._payment(TokenCategory.SELLER_BONUS, self._shop, self._citizen, (1, 3), GOODS)
        yield self._payment(TokenCategory.STAKEHOLDER_TO_STAKEHOLDER, self._shop, self._shop, (4, 16), TRADES)
        if self.chance.random() < 0.5:
            yield self._errand()
        if self.chance.random() < 0.4:
            yield self._course()

    def _help(self) -> Deed | None:
        provider, customer = self._two(self.people.citizens)
        amount, what = self._amount(2, 12), self.chance.choice(HELP)
        ending = self.chance.choices(list(Ending), weights=(85, 10, 5))[0]
        if not self._serves((customer,), amount, provider, ending):
            return None
        return Service(provider, (customer,), TokenCategory.CITIZEN_TO_CITIZEN, amount, what, ending)

    def _course(self) -> Deed | None:
        """Three citizens pay one of them who teaches; the association hosts and has its share."""
        teacher, *pupils = self.chance.sample(self.people.citizens, min(4, len(self.people.citizens)))
        each, what = self._amount(2, 6), self.chance.choice(COURSES)
        if not self._serves(tuple(pupils), each, teacher, Ending.CONFIRMED):
            return None
        amount, host = each * len(pupils), self.people.association
        return Service(teacher, tuple(pupils), TokenCategory.WITH_STRUCTURE, amount, what, structure=host)

    def _errand(self) -> Deed | None:
        shop, citizen = self._shop(), self._citizen()
        amount = self._amount(4, 12)
        if not self._serves((shop,), amount, citizen, Ending.CONFIRMED):
            return None
        what = self.chance.choice(ERRANDS)
        return Service(citizen, (shop,), TokenCategory.CITIZEN_TO_STAKEHOLDER, amount, what)

    def _payment(
        self,
        category: TokenCategory,
        payers: Callable[[], Person],
        payees: Callable[[], Person],
        quarters: tuple[int, int],
        words: Sequence[str],
    ) -> Deed | None:
        payer, payee = payers(), payees()
        amount = self._amount(*quarters)
        if payer == payee or not self._moves((payer,), amount, payee, amount):
            return None
        return Payment(payer, payee, category, amount, self.chance.choice(words))

    # ---------------------------------------------------------------- what happens on some days

    def _special(self, number: int) -> Iterator[Deed | None]:
        people = self.people
        if number == FEE_DAY:
            yield from (YearlyFee(stakeholder) for stakeholder in people.stakeholders)
        if number == PURCHASE_DAY:
            yield from (TokenPurchase(shop, 25 * TOKEN_PRICE_UE) for shop in people.shops[::2])
        if number == LOAN_DAY:
            yield from self._loans()
        if number == GROUP_DAY:
            yield from self._group_purchases()
        if number in WORK_DAYS:
            yield Work(self._citizen(), 8 * TOKEN, self.chance.choice(COMMUNITY_WORK))
            yield Work(self._citizen(), 6 * TOKEN, self.chance.choice(COMMUNITY_WORK), people.association)
            yield Work(self._shop(), 5 * TOKEN, self.chance.choice(COMMUNITY_WORK))

    def _loans(self) -> Iterator[Deed]:
        for what, days in (("a ladder", 4), ("a cargo bicycle", 9)):
            owner, borrower = self._two(self.people.citizens)
            if self._moves((borrower,), 6 * TOKEN, owner, 0):
                yield Loan(owner, borrower, 5 * TOKEN, TOKEN, what, days)

    def _group_purchases(self) -> Iterator[Deed]:
        for what, takers in (("wood pellets", 6), ("a wine press", 2)):
            buyers = self.chance.sample(self.people.citizens, min(takers, len(self.people.citizens)))
            seller = self.people.shops[0]
            able = tuple(buyer for buyer in buyers if self._moves((buyer,), 3 * TOKEN, seller, 0))
            yield GroupPurchase(seller, able, 3 * TOKEN, 4, what)

    # ---------------------------------------------------------------- drawing

    def _citizen(self) -> Person:
        return self.chance.choice(self.people.citizens)

    def _shop(self) -> Person:
        return self.chance.choice(self.people.shops)

    def _two(self, of: Sequence[Person]) -> tuple[Person, Person]:
        one, other = self.chance.sample(of, 2)
        return one, other

    def _amount(self, least: int, most: int) -> int:
        return self.chance.randint(least, most) * QUARTER

    def _serves(self, payers: tuple[Person, ...], each: int, provider: Person, ending: Ending) -> bool:
        """As `_moves`; the provider of a service is paid later."""
        if not self._moves(payers, each, provider, 0):
            return False
        if ending in WAIT_DAYS:
            sure = each * LIKELY_NET_PERCENT // 100
            self.coming[self.today + WAIT_DAYS[ending]].append((provider.name, sure))
        return True

    def _moves(self, payers: tuple[Person, ...], each: int, payee: Person, sure: int) -> bool:
        """Whether all payers surely have `each`; if so it is taken, and nine tenths of `sure` counted for the payee."""
        if any(self.held[payer.name] < each for payer in payers):
            return False
        for payer in payers:
            self.held[payer.name] -= each
        self.held[payee.name] += sure * LIKELY_NET_PERCENT // 100
        return True


def plan(people: People, seed: int, days: int) -> list[Day]:
    """The days of a community."""
    return list(Planner(people, Random(seed)).days(days))  # noqa: S311  a story, no secret
