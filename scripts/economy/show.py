"""The demonstration from start to end: founding, days, and the books at the end."""

from datetime import date

from commons import deployments
from commons.chain import Chain
from commons.slots import local_day, local_midnight
from commons.units import EpochSeconds
from oracle.books.balances import balance_lines
from oracle.books.read import read_books
from scripts.books import require_right
from scripts.demo.screen import Screen
from scripts.economy.fee_change import outcome
from scripts.economy.founding import NETWORK, found
from scripts.economy.people import People
from scripts.economy.plan import plan
from scripts.economy.play import Play
from scripts.economy.story import Finished
from scripts.embedded import jump_to


def run(chain: Chain, screen: Screen, days: int, citizens: int, shops: int, seed: int) -> Finished:
    """Play the demonstration on this chain.

    Raises:
        AuditMismatch: a balance cannot be rebuilt from events.
    """
    people = People.of(citizens, shops)
    screen.doing("Founding the community")
    try:
        stage = found(chain, people)
    finally:
        deployments.forget(NETWORK)  # the chain does not outlive the demonstration
    screen.done(
        f"{len(people.everybody)} members have joined: {citizens} citizens, {shops} shops, an association, the "
        "municipality"
    )
    start = _next_september(chain)
    jump_to(chain, start)
    play = Play(stage, screen, start, change_on=max(2, days * 2 // 5), incentive_on=max(3, days * 2 // 3))
    play.run(plan(people, seed, days))
    screen.doing("Rebuilding the books from events")
    books = read_books(stage.reader)
    require_right(balance_lines(stage.reader, books))
    announced = play.announced
    came = None if announced is None or announced.first_day > days else outcome(books, announced, start, days)
    return Finished(books, people, start, days, announced, came, tuple(play.notes))


def _next_september(chain: Chain) -> EpochSeconds:
    """The first of September that the chain has not reached: a month with sun, and the same days all the year round."""
    today = local_day(chain.now())
    first = date(today.year, 9, 1)
    return local_midnight(first if today < first else date(today.year + 1, 9, 1))
