"""Sessions over HTTP: everything that the chain has of them, in pages, with problems where there is nothing."""

from pathlib import Path

from commons.units import SessionId
from tests.support.api import Api
from tests.support.market import Day, desks, open_day, run_to_end, usual_orders, usual_readings


def finished(api: Api, tmp_path: Path) -> Day:
    operators = desks(api.world, tmp_path / "operators")
    day = open_day(api.world, usual_orders(api.world))
    for operator in operators:
        operator.meter(day.view, usual_readings(api.world))
    run_to_end(day, operators)
    api.catch_up()
    return day


def test_show_session__unknown__is_a_problem_with_its_code(api: Api) -> None:
    problem = api.get("…/sessions/99", status=404)
    assert (problem["code"], problem["which"]) == ("unknown_session", "99")


def test_show_session__unknown_community__is_a_problem(api: Api) -> None:
    assert api.get(f"/v1/communities/0x{'12' * 20}/sessions/1", status=404)["code"] == "unknown_community"


def test_show_session__malformed_address__is_refused(api: Api) -> None:
    assert api.get("/v1/communities/0x12/sessions/1", status=400)["code"] == "malformed_request"


def test_show_session__address_with_a_wrong_checksum__is_refused(api: Api) -> None:
    wrong = "0x" + api.world.contracts.community.address[2:].upper().replace("A", "a", 1)
    assert api.get(f"/v1/communities/{wrong}", status=400)["code"] in ("malformed_input", "malformed_request")


def test_show_outcome__before_it_is_accepted__is_not_yet(api: Api) -> None:
    number = api.world.open_session()
    api.catch_up()
    assert api.get(f"…/sessions/{number}/outcome", status=404)["code"] == "not_yet"
    assert api.get(f"…/sessions/{number}/settlement", status=404)["code"] == "not_yet"


def test_list_sessions__state_that_does_not_exist__is_refused(api: Api) -> None:
    assert api.get("…/sessions?state=asleep", status=400)["code"] == "malformed_request"


def test_list_sessions__in_pages__gives_each_once_newest_first(api: Api) -> None:
    start = api.world.chain.now() // 3600 * 3600
    numbers = [api.world.open_session(delivery_start=start + (k + 3) * 86400) for k in range(3)]
    api.catch_up()
    first = api.get("…/sessions?limit=2")
    rest = api.get(f"…/sessions?limit=2&cursor={first['next']}")
    assert [s["number"] for s in first["items"] + rest["items"]] == sorted(numbers, reverse=True)
    assert rest["next"] is None


def test_session__finished__tells_what_the_contracts_know(api: Api, tmp_path: Path) -> None:
    day = finished(api, tmp_path)
    number, world = day.session_id, api.world
    found = api.get(f"…/sessions/{number}")
    assert found["state"] == world.reader.state(number).name.lower()
    assert int(found["parameters"]["cap_price"]) == day.view.parameters.cap_price
    assert {(b["stage"], b["accepted"] is not None) for b in found["ballots"]} == {
        ("outcome", True),
        ("settlement", True),
    }
    outcome = api.get(f"…/sessions/{number}/outcome")
    accepted = world.reader.accepted(world.reader.outcome_question(SessionId(number)))
    assert outcome["answer"] == "0x" + (accepted.answer or b"").hex()
    assert outcome["final_at"] == accepted.final_at
    assert [int(s["volume"]) for s in outcome["slots"]] == [r.volume for r in day.view.outcomes[0].results]
    settlement = api.get(f"…/sessions/{number}/settlement")
    assert settlement["root"] == "0x" + world.reader.book(number).settlement_root.hex()
    assert int(settlement["debit"]) >= int(settlement["credit"]) > 0


def test_list_orders__finished__are_the_reveals(api: Api, tmp_path: Path) -> None:
    day = finished(api, tmp_path)
    first = api.get(f"…/sessions/{day.session_id}/orders?limit=3")
    rest = api.get(f"…/sessions/{day.session_id}/orders?limit=3&cursor={first['next']}")
    listed = {reveal["trader"]: reveal["orders"] for reveal in first["items"] + rest["items"]}
    assert set(listed) == {trader.address for trader in day.orders}
    for trader, orders in day.orders.items():
        assert [
            (o["slot"], o["is_buy"], int(o["quantity_wh"]), int(o["limit_price"])) for o in listed[trader.address]
        ] == [(o.slot, o.is_buy, o.quantity_wh, o.limit_price) for o in orders]


def test_show_position__finished__has_envelope_traces_and_money(api: Api, tmp_path: Path) -> None:
    day = finished(api, tmp_path)
    alice = api.world.alice.address
    found = api.get(f"…/sessions/{day.session_id}/positions/{alice}")
    assert bytes.fromhex(found["envelope"][2:]) == b"sealed"
    executed = api.world.chain.receipt(found["executed"]["tx_hash"])
    assert executed is not None
    said = next(e for e in executed.events if e.name == "Executed" and e.args["trader"] == alice)
    assert [int(found[name]) for name in ("debit", "credit", "penalty")] == [
        said.args[name] for name in ("debit", "credit", "penalty")
    ]
    assert [p["session"] for p in api.get(f"…/traders/{alice}/positions")["items"]] == [day.session_id]


def test_show_position__no_part__is_a_problem(api: Api) -> None:
    number = api.world.open_session()
    api.catch_up()
    stranger = api.world.stranger.address
    assert api.get(f"…/sessions/{number}/positions/{stranger}", status=404)["code"] == "unknown_member"


def test_list_session_events__finished__hold_the_votes_too(api: Api, tmp_path: Path) -> None:
    day = finished(api, tmp_path)
    names = {event["name"] for event in api.get(f"…/sessions/{day.session_id}/events?limit=200")["items"]}
    assert {"SessionOpened", "CommitmentSubmitted", "OutcomePosted", "Attested", "Accepted", "Executed"} <= names


def test_list_sessions__client_has_the_latest__is_told_so(api: Api) -> None:
    answer = api.ask("GET", "…/sessions")
    tag = answer.headers["ETag"]
    again = api.ask("GET", "…/sessions", headers={"If-None-Match": tag})
    assert (again.status_code, again.content, again.headers["ETag"]) == (304, b"", tag)
    api.world.open_session()
    api.catch_up()
    assert api.ask("GET", "…/sessions", headers={"If-None-Match": tag}).status_code == 200
