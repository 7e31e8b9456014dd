"""A day that was read, notarised, rewarded and divided, behind a page whose API shows one operator's readings."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from commons.actions import funds, incentives, services
from commons.actions.incentives import incentive
from commons.roster import RosterReader
from commons.slots import day_grid
from commons.units import UE_PER_EURO, MoneyUe
from oracle.archive.archive import Archive
from oracle.dividing.own import own_division
from oracle.dividing.posting import post_own
from oracle.incentive.rule import DEFAULT_RULE
from oracle.journal import Journal
from oracle.outbox import Outbox
from oracle.rewarding.reckoner import Reckoner
from oracle.session.types import MarketId
from scripts.serving import OperatorDesk as ShownDesk
from tests.support.chain import World
from tests.support.evidence import evidence_desks
from tests.support.market import OperatorDesk, step
from tests.support.page import Site, serve
from tests.support.page_members import TOKEN, give_tokens, issue_tokens
from tests.support.rewards import meter_day, notarise_day, pass_window, prepare_day, usual_flows

INCENTIVE = MoneyUe(96 * UE_PER_EURO)
SHARES = {"alice": "36.00 €", "bob": "48.00 €"}
"""Of `INCENTIVE` by the energy shared: Bob gave all of it, Alice used 1500 Wh of each 2000."""


@dataclass
class Earned:
    """The site, and the day that was earned on."""

    site: Site
    day: date


@pytest.fixture
def earned_day(world: World, browser: Browser, tmp_path: Path) -> Iterator[Earned]:
    """Rewards of a day, shares of an incentive for it and the bonus after these can be claimed; nobody has."""
    issue_tokens(world)
    give_tokens(world, world.contracts.works.address, 100 * TOKEN)
    operators = evidence_desks(world, tmp_path)
    day = prepare_day(world)
    for operator in operators:
        meter_day(operator, day, usual_flows(world))
    notarise_day(world, operators, day)
    step(operators)
    _divide(world, operators, day)
    pass_window(world)
    shown = ShownDesk(operators[0].folder, world.contracts.community.address, operators[0].signer)
    with serve(world, tmp_path, shown) as (url, serving):
        site = Site(world, url, serving, browser)
        yield Earned(site, day)
        site.close()


def _divide(world: World, operators: list[OperatorDesk], day: date) -> None:
    """The community receives an incentive for the day; two operators divide it alike, and the bonus is confirmed."""
    grid, contracts, admin = day_grid(day), world.contracts, world.admin
    world.chain.send(world.issuer, funds.mint_call(contracts.euro, admin.address, INCENTIVE))
    for call in incentives.record_calls(contracts, "GSE 1", DEFAULT_RULE, grid.start, grid.end, INCENTIVE):
        world.chain.send(admin, call)
    view = incentive(world.reader, 1)
    for operator in operators[:2]:
        reckoner = Reckoner(
            world.reader, Archive(operator.engine, contracts.community.address), RosterReader(world.reader)
        )
        market = MarketId(world.chain.chain_id, contracts.marketplace.address)
        journal = Journal(operator.engine, operator.signer.address, market)
        own = own_division(world.reader, view, reckoner)
        outbox = Outbox(world.chain, operator.signer, journal)
        post_own(world.reader, own, outbox, operator.published, operator.published)
    world.chain.send(admin, services.confirm_bonus_call(contracts, 1))
