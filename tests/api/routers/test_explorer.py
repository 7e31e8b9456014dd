"""The explorer shows what the chain has, decoded, and finds what an address, hash or number may be."""

import pytest

from tests.support.api import Api


def test_show_block__not_made_yet__is_a_problem(api: Api) -> None:
    assert api.get("/v1/explorer/blocks/999999999", status=404)["code"] == "not_found"


@pytest.mark.parametrize("block", ["latest", "0x12", "-1", "1e3"])
def test_show_block__neither_number_nor_hash__is_refused(api: Api, block: str) -> None:
    assert api.get(f"/v1/explorer/blocks/{block}", status=400)["code"] == "malformed_request"


def test_list_blocks__in_pages__goes_back_without_a_gap(api: Api) -> None:
    first = api.get("/v1/explorer/blocks?limit=3")
    rest = api.get(f"/v1/explorer/blocks?limit=3&cursor={first['next']}")
    numbers = [block["number"] for block in first["items"] + rest["items"]]
    head = api.world.chain.block_number()
    assert numbers == list(range(head, head - 6, -1))
    assert first["items"][0]["hash"] == api.world.chain.block().hash


def test_show_transaction__of_ours__is_decoded_with_its_events(api: Api) -> None:
    number = api.world.open_session()
    api.catch_up()
    event = api.get(f"…/sessions/{number}/events")["items"][0]
    found = api.get(f"/v1/explorer/transactions/{event['tx_hash']}")
    assert found["succeeded"] is True
    assert found["call"]["function"] == "newSession"
    assert [e["name"] for e in found["events"]] == ["SessionOpened"]
    block = api.get(f"/v1/explorer/blocks/{found['block']}")
    assert event["tx_hash"] in block["transactions"]
    assert api.get(f"/v1/explorer/blocks/{block['hash']}") == block


def test_show_transaction__unknown__is_a_problem(api: Api) -> None:
    assert api.get(f"/v1/explorer/transactions/0x{'ab' * 32}", status=404)["code"] == "not_found"


def test_list_events__of_a_member__are_those_that_speak_of_it(api: Api) -> None:
    alice = api.world.alice.address
    names = [event["name"] for event in api.get(f"/v1/explorer/events?subject={alice}")["items"]]
    assert {"MemberApplied", "MemberApproved", "Deposited"} <= set(names)
    named = api.get(f"/v1/explorer/events?subject={alice}&name=MemberApproved")["items"]
    assert [event["args"]["wallet"] for event in named] == [alice]


def test_search__wallet_member_id_and_contract__are_found(api: Api) -> None:
    alice = api.world.alice.address
    assert "member" in {hit["kind"] for hit in api.get(f"/v1/explorer/search?q={alice}")}
    member_id = api.get(f"…/members/{alice}")["member_id"]
    assert ("member", alice) in {(hit["kind"], hit["key"]) for hit in api.get(f"/v1/explorer/search?q={member_id}")}
    market = api.world.contracts.marketplace.address
    assert ("contract", "marketplace") in {
        (hit["kind"], hit["label"]) for hit in api.get(f"/v1/explorer/search?q={market}")
    }
    assert api.get("/v1/explorer/search?q=nonsense") == []
