"""The receipts of both wallets of a member, from its one meter to the money: each rechecked in the browser."""

from pathlib import Path

from commons.wallets import Signer
from oracle.evidence.bundle import encode
from oracle.notarisation.takeout import bundles_of
from tests.support.evidence import evidence_desks, local_day_of
from tests.support.market import Day, OperatorDesk
from tests.support.page import Site, Visitor
from tests.support.replacement import settle_notarised

METERED = ("bound", "proved", "notarised", "counted-from-readings")


def taken_out(day: Day, operator: OperatorDesk) -> bytes:
    """Alice's readings of the day, with their proofs."""
    member_id = day.world.reader.member(day.world.alice.address).member_id
    (bundle,) = bundles_of(operator.pipeline.days.notariser, member_id, [local_day_of(day)])
    return encode(bundle)


def verdicts(reader: Visitor) -> dict[str, str | None]:
    """What the page says of each step from the meter to counted energy, once it says something."""
    reader.page.locator("[data-step='counted-from-readings']:not([data-verdict='not-yet'])").wait_for()
    steps = {name: reader.page.locator(f"[data-step='{name}']") for name in METERED}
    return {name: step.get_attribute("data-verdict") for name, step in steps.items()}


def test_receipt__of_both_wallets_of_a_member__follows_from_its_one_meter(
    site: Site, stranger: Signer, tmp_path: Path
) -> None:
    operators = evidence_desks(site.world, tmp_path)
    day = settle_notarised(site.world, operators, stranger)
    bundle = taken_out(day, operators[0])
    for wallet in (stranger, site.world.alice):
        reader = site.visitor()
        reader.go(f"/receipt/{day.session_id}/{wallet.address}")
        reader.page.locator("[data-bundles]").set_input_files(
            {"name": "bundle.json", "mimeType": "application/json", "buffer": bundle}
        )
        assert verdicts(reader) == dict.fromkeys(METERED, "right")
        assert reader.page.locator("[data-verdict='wrong']").count() == 0
        assert reader.faults == []
