"""A receipt's proofs lead to what the chain has, recomputed here from the receipt alone."""

from pathlib import Path
from typing import Any

import pytest

from commons.addresses import address_bytes
from commons.merkle import leaf_hash as merkle_leaf
from commons.merkle import verify
from oracle.clearing.tree import Node, climb, leaf_hash
from oracle.clearing.types import Sums
from tests.support.api import Api
from tests.support.market import Day, desks, open_day, run_to_end, step, usual_orders, usual_readings


def finished(api: Api, tmp_path: Path) -> Day:
    operators = desks(api.world, tmp_path)  # they publish where the API looks
    day = open_day(api.world, usual_orders(api.world))
    for operator in operators:
        operator.meter(day.view, usual_readings(api.world))
    run_to_end(day, operators)
    api.catch_up()
    return day


def root_of(order: dict[str, Any], trader: str, price: int) -> bytes:
    """Where an order's path leads, with the leaf's own sums added up again."""
    quantity, limit, filled = (int(order[name]) for name in ("quantity_wh", "limit_price", "filled_wh"))
    leaf = leaf_hash(order["index"], address_bytes(trader), order["is_buy"], quantity, limit, filled)  # type: ignore[arg-type]
    assert order["leaf"] == "0x" + leaf.hex()
    margin = (quantity, filled) if limit == price else (0, 0)
    sums = Sums(filled, 0, *margin, 0, 0) if order["is_buy"] else Sums(0, filled, 0, 0, *margin)
    path = [Node(bytes.fromhex(n["hash"][2:]), Sums(*map(int, n["sums"]))) for n in order["path"]]
    return climb(Node(leaf, sums), order["position"], path).hash


def test_receipt__finished_session__every_order_leads_to_its_slots_root(api: Api, tmp_path: Path) -> None:
    day = finished(api, tmp_path)
    for trader, orders in day.orders.items():
        receipt = api.get(f"…/sessions/{day.session_id}/receipts/{trader.address}")
        assert len(receipt["orders"]) == len(orders)
        for order in receipt["orders"]:
            slot = day.view.outcomes[0].results[order["slot"]]
            assert root_of(order, trader.address, slot.price) == slot.root
            assert receipt["outcome"]["slots"][order["slot"]]["root"] == "0x" + slot.root.hex()


def test_receipt__finished_session__leaf_leads_to_the_root_and_was_executed(api: Api, tmp_path: Path) -> None:
    day = finished(api, tmp_path)
    root = api.world.reader.book(day.session_id).settlement_root
    for trader in day.orders:
        receipt = api.get(f"…/sessions/{day.session_id}/receipts/{trader.address}")
        leaf, position = receipt["leaf"], receipt["position"]
        figures = [int(leaf[name]) for name in ("debit", "credit", "penalty")]
        words = (day.session_id, int(trader.address, 16), *figures)
        hashed = merkle_leaf(b"".join(word.to_bytes(32, "big") for word in words))
        assert leaf["leaf"] == "0x" + hashed.hex()
        assert verify(root, hashed, [bytes.fromhex(sibling[2:]) for sibling in leaf["proof"]])
        assert figures == [int(position[name]) for name in ("debit", "credit", "penalty")]
        assert figures[0] == sum(int(slot["debit"]) for slot in leaf["slots"])
        assert position["executed"] is not None


def test_receipt__session_still_open__has_what_there_is(api: Api) -> None:
    day = open_day(api.world, usual_orders(api.world))
    api.catch_up()
    receipt = api.get(f"…/sessions/{day.session_id}/receipts/{api.world.alice.address}")
    assert (receipt["outcome"], receipt["settlement"], receipt["leaf"], receipt["orders"]) == (None, None, None, [])
    assert receipt["position"]["state"] == "committed"


def test_receipt__nothing_published_here__is_a_problem_that_names_the_file(api: Api, tmp_path: Path) -> None:
    operators = desks(api.world, tmp_path / "elsewhere")
    day = open_day(api.world, usual_orders(api.world))
    day.reveal()
    step(operators)
    api.catch_up()
    problem = api.get(f"…/sessions/{day.session_id}/receipts/{api.world.alice.address}", status=404)
    assert problem["code"] == "dataset_missing"


@pytest.mark.parametrize("who", ["stranger", "issuer"])
def test_receipt__no_part_in_the_session__is_a_problem(api: Api, who: str) -> None:
    day = open_day(api.world, usual_orders(api.world))
    api.catch_up()
    wallet = getattr(api.world, who).address
    assert api.get(f"…/sessions/{day.session_id}/receipts/{wallet}", status=404)["code"] == "unknown_member"


def test_history__of_escrow__speaks_of_the_wallet_only(api: Api) -> None:
    alice = api.world.alice.address
    found = api.get(f"…/history/escrow?wallet={alice}")["items"]
    assert [(event["name"], event["args"]["account"]) for event in found] == [("Deposited", alice)]
    assert api.get("…/history/gossip", status=400)["code"] == "malformed_request"


def test_lists_of_evidence__nothing_posted_yet__are_empty(api: Api) -> None:
    assert api.get("…/datasets")["items"] == api.get("…/rewards/batches")["items"] == []
    assert api.get(f"…/members/{api.world.alice.address}/points") == []
    assert api.get(f"…/members/{api.world.stranger.address}/points", status=404)["code"] == "unknown_member"
