"""Balances and operators are the contracts' own."""

from tests.support.api import Api
from tests.support.market import open_day, usual_orders


def test_account__of_a_trader__is_what_the_contracts_hold(api: Api) -> None:
    open_day(api.world, usual_orders(api.world))
    alice, reader = api.world.alice.address, api.world.reader
    found, funds = api.get(f"…/accounts/{alice}"), reader.funds(alice)
    assert [int(found[name]) for name in ("escrow", "locked", "free")] == [funds.balance, funds.locked, funds.free]
    assert int(found["euro"]) == reader.euro_balance(alice)
    assert int(found["locked"]) > 0


def test_account__unknown_community__is_a_problem(api: Api) -> None:
    path = f"/v1/communities/0x{'12' * 20}/accounts/{api.world.alice.address}"
    assert api.get(path, status=404)["code"] == "unknown_community"


def test_operators__in_force__have_their_bonds(api: Api) -> None:
    found = api.get("…/operators")
    assert [one["address"] for one in found["operators"]] == [one.address for one in api.world.operators]
    bonds = [api.world.reader.bond(one.address).amount for one in api.world.operators]
    assert [int(one["bond"]) for one in found["operators"]] == bonds
    assert found["threshold"] == 2
