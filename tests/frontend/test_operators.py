"""Operators at the page: what waits for them, who attested what, what their own operator found, and for whose eyes."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from commons.slots import local_midnight
from oracle.intake.anomaly_book import AnomalyBook
from oracle.measurement.points import point_id
from oracle.measurement.store import ReadingStore
from oracle.quality.types import Anomalies, Anomaly, AnomalyCode
from scripts.serving import OperatorDesk as Served
from tests.support.chain import World
from tests.support.evidence import local_day_of
from tests.support.market import SALT, Day, OperatorDesk, desks, open_day, step, usual_orders, usual_readings
from tests.support.page import Site, serve

SECRET_WH = 77_123


@pytest.fixture
def operators(world: World, tmp_path: Path) -> list[OperatorDesk]:
    """The three operators."""
    return desks(world, tmp_path)


@pytest.fixture
def disputed(world: World, operators: list[OperatorDesk]) -> Day:
    """A session on whose settlement no two operators agree, for their meters told each another figure."""
    day = open_day(world, usual_orders(world))
    for shift, operator in enumerate(operators):
        operator.meter(day.view, {**usual_readings(world), world.bob.address: [-1500, -400 - shift, -1500, -1500]})
    day.reveal()
    step(operators)
    day.deliver()
    step(operators)
    step(operators)  # now each has seen the others' answers
    return day


@pytest.fixture
def site(world: World, browser: Browser, operators: list[OperatorDesk], tmp_path: Path) -> Iterator[Site]:
    """The page of a service that reads the first operator's folder."""
    own = operators[0]
    own.folder.mkdir(exist_ok=True)
    ReadingStore(own.engine).close()
    with serve(world, tmp_path, Served(own.folder, world.contracts.community.address, own.signer)) as (url, serving):
        found = Site(world, url, serving, browser)
        yield found
        found.close()


def record_anomaly(operator: OperatorDesk, day: Day) -> None:
    """Something wrong with Alice's readings, with the value that was reported."""
    start = local_midnight(local_day_of(day))
    odd = Anomaly(AnomalyCode.STUCK, point_id(SALT, day.world.alice.address), start, 3600, SECRET_WH, 0)
    AnomalyBook(operator.engine).record(Anomalies((odd,)), start)


def test_operator__answers_differ__sees_what_needs_doing_who_said_what_and_its_own_findings(
    disputed: Day, site: Site, operators: list[OperatorDesk]
) -> None:
    record_anomaly(operators[0], disputed)
    operator = site.visitor(site.wallet(operators[0].signer))
    page = operator.page
    operator.go("/operators")
    page.locator("[data-duty]").get_by_text("The answers differ.").wait_for()
    row = page.locator(f"[data-session='{disputed.session_id}']")
    expect(row.locator("[data-stage='outcome']")).to_have_attribute("data-answers", "1")
    expect(row.locator("[data-stage='settlement']")).to_have_attribute("data-answers", "3")
    expect(row.locator("[data-stage='settlement']").get_by_text("3 answers differ")).to_be_visible()
    page.get_by_text("at once, over an open stream").wait_for()
    operator.connect()
    page.get_by_role("button", name="Sign in and show the operator's records").click()
    page.locator("[data-standing]").get_by_text(operators[0].signer.address).wait_for()
    assert page.locator("[data-finding]").count() == 2
    page.locator("[data-field='anomalies-last']").fill(str(local_day_of(disputed)))
    page.locator("[data-anomaly='stuck']").get_by_text("the same energy for a whole day").wait_for()
    assert str(SECRET_WH) not in page.content()
    operator.picture("operators")
    assert operator.serious_violations() == []
    assert operator.faults == []


def test_member__at_the_operators_page__is_refused_the_operators_records_and_sees_the_votes(
    disputed: Day, site: Site
) -> None:
    member = site.visitor(site.wallet(site.world.alice))
    member.go("/operators")
    member.connect()
    member.page.get_by_role("button", name="Sign in and show the operator's records").click()
    member.page.get_by_text("this is for the community's oracle operators and administrators").wait_for()
    assert member.page.locator("[data-finding], [data-standing], [data-anomaly]").count() == 0
    assert member.page.locator(f"[data-session='{disputed.session_id}']").count() == 1


def test_reader__service_tells_nothing_of_news__page_asks_the_node_and_sees_them(site: Site) -> None:
    reader = site.visitor(language="it")
    reader.page.route("**/v1/events*", lambda route: route.abort())
    reader.go("/operators")
    reader.page.get_by_text("chiedendo ogni due secondi").wait_for()
    reader.page.get_by_text("Nessuna sessione è stata ancora aperta.").wait_for()
    number = site.world.open_session()
    reader.page.locator(f"[data-session='{number}']").wait_for()
    assert reader.faults == []
