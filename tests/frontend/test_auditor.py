"""An auditor at the page: no wallet, no account; sessions recomputed in the browser, files checked."""

import re
from pathlib import Path

from playwright.sync_api import expect

from tests.support.market import Day, OperatorDesk, desks, open_day, run_to_end, usual_orders, usual_readings
from tests.support.page import Site


def _whole_day(site: Site, folder: Path) -> tuple[Day, list[OperatorDesk]]:
    """A session that has been settled."""
    operators = desks(site.world, folder)
    day = open_day(site.world, usual_orders(site.world))
    for operator in operators:
        operator.meter(day.view, usual_readings(site.world))
    run_to_end(day, operators)
    return day, operators


def test_auditor__a_settled_session__every_step_agrees_in_the_browser(site: Site, tmp_path: Path) -> None:
    day, _ = _whole_day(site, tmp_path)
    auditor = site.visitor()
    auditor.go(f"/market/{day.session_id}")
    with auditor.page.expect_worker():  # a long book would freeze the page
        auditor.page.get_by_role("button", name="Recompute in this browser").click()
    summary = auditor.page.locator("[data-recheck-summary]")
    summary.wait_for()
    expect(summary).to_have_text(re.compile(r"^\s*All 15 steps agree"))
    auditor.picture("session")
    assert auditor.faults == []


def test_auditor__a_server_that_changes_one_byte_of_a_published_file__is_found_out(site: Site, tmp_path: Path) -> None:
    day, operators = _whole_day(site, tmp_path)
    cid = day.view.settlements[-1].data_cid
    altered = bytearray((operators[0].published.folder / cid).read_bytes())
    altered[len(altered) // 2] ^= 1
    auditor = site.visitor()
    auditor.page.route(f"**/v1/published/{cid}", lambda route: route.fulfill(body=bytes(altered)))
    auditor.go(f"/market/{day.session_id}")
    auditor.page.get_by_role("button", name="Recompute in this browser").click()
    step = auditor.page.locator("[data-step='settlement-file']")
    step.wait_for()
    expect(step).to_have_attribute("data-verdict", "wrong")
    expect(step).to_contain_text(cid)
    expect(auditor.page.locator("[data-step='prices']")).to_have_attribute("data-verdict", "right")
