"""Services, incentives and payments in tokens as the API tells them: typed, in pages, for everybody."""

from dataclasses import replace
from typing import Any

import pytest

from commons.actions import incentives as incentive_calls
from commons.actions import services
from commons.actions.funds import mint_call
from commons.addresses import ZERO_ADDRESS, Address
from commons.merkle import StandardMerkleTree
from commons.records import GoodTerms, IncentiveSplit, ListingTerms, PurchaseTerms
from commons.records.economy import TokenCategory
from commons.units import BasisPoints, EpochSeconds, MoneyUe
from commons.wallets import Signer
from oracle.rewards.leaves import MemberReward, reward_tree
from tests.support.api import Api
from tests.support.chain import World
from tests.support.page_members import TOKEN, new_member_with_tokens

DAY_S = 24 * 3600
TEXT = "an hour of Italian, at the library"
CID = "bafkreigh2akiscaildcqabsyg3dfr6chu3fgpregiymsck7e7aqa4s52zy"
LISTS = ("listings", "deals", "purchases", "goods", "loans", "incentives", "tokens/payments")


def offer(world: World, maker: Signer, text: str | None, tokens: int = 4) -> None:
    """An offer; a text rides along, or its hash stands alone."""
    terms = ListingTerms(
        category=TokenCategory.CITIZEN_TO_CITIZEN,
        amount=tokens * TOKEN,
        places=2,
        accept_by=EpochSeconds(world.chain.now() + DAY_S),
        deliver_within=DAY_S,
        structure=ZERO_ADDRESS,
        structure_bps=BasisPoints(0),
        content_hash=services.text_hash(text or TEXT),
    )
    call = services.offer_call(world.contracts, terms)
    world.chain.send(maker, call if text is None else replace(call, data=call.data + text.encode()))


def accept(world: World, payer: Signer, listing: int, tokens: int = 4) -> None:
    """Take an offer: the tokens go into escrow."""
    at = world.contracts.services
    calls = services.escrow_calls(world.contracts, at, tokens * TOKEN, services.accept_call(at, listing))
    for call in calls:
        world.chain.send(payer, call)


# ---------------------------------------------------------------- lists


@pytest.mark.parametrize("path", LISTS)
def test_list__nothing_yet__is_empty_tagged_and_refuses_what_is_no_community(api: Api, path: str) -> None:
    answer = api.ask("GET", f"…/{path}")
    assert (answer.status_code, answer.json()) == (200, {"items": [], "next": None})
    tag = answer.headers["ETag"]
    assert api.ask("GET", f"…/{path}", headers={"If-None-Match": tag}).status_code == 304
    assert api.get(f"/v1/communities/{ZERO_ADDRESS}/{path}", status=404)["code"] == "unknown_community"
    assert api.ask("GET", f"…/{path}?limit=201").status_code == 400


# ---------------------------------------------------------------- services


def test_listings__offers__come_newest_first_in_pages_with_their_texts(api: Api) -> None:
    offer(api.world, api.world.alice, TEXT)
    offer(api.world, api.world.bob, None)
    api.catch_up()
    first = api.get("…/listings?limit=1")
    rest = api.get(f"…/listings?limit=1&cursor={first['next']}")
    newest, oldest = first["items"][0], rest["items"][0]
    assert [one["number"] for one in (newest, oldest)] == [2, 1]
    assert (newest["text"], oldest["text"]) == (None, TEXT)
    assert (oldest["maker"], oldest["amount"]) == (api.world.alice.address, str(4 * TOKEN))
    assert (oldest["category"], oldest["places"], oldest["is_closed"]) == ("citizen_to_citizen", 2, False)
    assert rest["next"] is None
    assert [one["number"] for one in api.get(f"…/listings?wallet={api.world.bob.address}")["items"]] == [2]


def test_deals__accepted_then_delivered__say_where_they_stand_and_whose_they_are(api: Api) -> None:
    world = api.world
    payer = new_member_with_tokens(world)
    offer(world, world.alice, TEXT)
    accept(world, payer, 1)
    api.catch_up()
    deal = api.get("…/deals")["items"][0]
    assert (deal["state"], deal["payer"], deal["payee"]) == ("accepted", payer.address, world.alice.address)
    assert (deal["listing_id"], deal["amount"], deal["place"]) == (1, str(4 * TOKEN), "services")
    world.chain.send(world.alice, world.contracts.services.call("deliver", 1, services.text_hash("done")))
    api.catch_up()
    assert api.get(f"…/deals?wallet={payer.address}")["items"][0]["state"] == "delivered"
    assert api.get(f"…/deals?wallet={world.bob.address}")["items"] == []
    assert api.get("…/deals?place=works")["items"] == []
    assert api.ask("GET", "…/deals?place=heaven").status_code == 400
    assert api.get("…/listings")["items"][0]["places"] == 1


def test_goods_purchases_and_loans__opened_on_the_chain__are_told_with_their_terms(api: Api) -> None:
    world = api.world
    borrower = new_member_with_tokens(world)
    digest = services.text_hash("a ladder")
    good = GoodTerms(2 * TOKEN, 3 * TOKEN, TOKEN, 7 * DAY_S, digest)
    world.chain.send(world.alice, services.offer_good_call(world.contracts, good))
    closes = EpochSeconds(world.chain.now() + DAY_S)
    terms = PurchaseTerms(TOKEN, 2, 5, closes, DAY_S, services.text_hash("olive oil"))
    world.chain.send(world.alice, services.open_purchase_call(world.contracts, terms))
    borrow = services.borrow_call(world.contracts, 1, DAY_S)
    for call in services.escrow_calls(world.contracts, world.contracts.loans, 5 * TOKEN, borrow):
        world.chain.send(borrower, call)
    api.catch_up()
    found = api.get("…/goods")["items"][0]
    assert (found["lender"], found["price"], found["loan_id"]) == (world.alice.address, str(2 * TOKEN), 1)
    purchase = api.get("…/purchases")["items"][0]
    assert (purchase["least_units"], purchase["units"], purchase["closes_at"]) == (2, 0, closes)
    loan = api.get("…/loans")["items"][0]
    assert (loan["state"], loan["borrower"], loan["deposit"]) == ("reserved", borrower.address, str(3 * TOKEN))


# ---------------------------------------------------------------- tokens


def test_payments__a_transfer__is_told_with_its_cost_and_summed_by_category(api: Api) -> None:
    world = api.world
    payer = new_member_with_tokens(world)
    sent = world.contracts.token.call("transfer", world.alice.address, 5 * TOKEN)
    world.chain.send(payer, sent)
    world.chain.send(payer, sent)
    api.catch_up()
    page = api.get(f"…/tokens/payments?wallet={payer.address}&limit=1")
    payment = page["items"][0]
    assert (payment["payer"], payment["payee"], payment["amount"]) == (
        payer.address,
        world.alice.address,
        str(5 * TOKEN),
    )
    assert page["next"] is not None
    other = "to_community" if payment["category"] != "to_community" else "seller_bonus"
    assert api.get(f"…/tokens/payments?category={other}")["items"] == []
    assert len(api.get(f"…/tokens/payments?category={payment['category']}")["items"]) == 2
    of_payer = flow(api, payer.address, payment["category"])
    of_payee = flow(api, world.alice.address, payment["category"])
    assert (of_payer["payments"], of_payer["paid"], of_payer["received"]) == (2, str(10 * TOKEN), "0")
    assert of_payee["received"] == str(10 * TOKEN - int(of_payee["fees"]))
    assert api.get(f"…/tokens/flows?until={payment['made']['time'] - DAY_S}") == []


def flow(api: Api, wallet: str, category: str) -> dict[str, Any]:
    found = [one for one in api.get(f"…/tokens/flows?wallet={wallet}") if one["category"] == category]
    assert len(found) == 1
    return dict(found[0])


def test_payments__no_category_of_ours__is_refused(api: Api) -> None:
    assert api.ask("GET", "…/tokens/payments?category=gift").status_code == 400


# ---------------------------------------------------------------- incentives


def test_incentive__recorded_divided_claimed__says_so_at_each_step(api: Api) -> None:
    world = api.world
    record(world)
    api.catch_up()
    received = api.get("…/incentives")["items"][0]
    assert (received["number"], received["state"], received["amount"]) == (1, "received", "90")
    tree = divide(world, {world.alice.address: 60, world.bob.address: 30})
    api.catch_up()
    divided = api.get("…/incentives")["items"][0]
    assert (divided["state"], divided["splits"][0]["total"], divided["splits"][0]["claims"]) == ("divided", "90", 2)
    assert len(divided["splits"][0]["operators"]) == 2
    world.jump_to(divided["splits"][0]["final_at"] + 1)
    claims = [incentive_calls.ShareClaim(world.bob.address, MoneyUe(30), tuple(tree.proof(1)))]
    world.chain.send(world.alice, incentive_calls.claim_call(world.contracts, 1, claims))
    api.catch_up()
    claimed = api.get("…/incentives")["items"][0]
    assert (claimed["shares_paid"], claimed["paid"], claimed["left"]) == (1, "30", None)
    share = api.get("…/incentives/1/shares")["items"][0]
    assert (share["incentive"], share["member"], share["amount"]) == (1, world.bob.address, "30")


def test_shares__no_such_incentive__are_not_found(api: Api) -> None:
    assert api.get("…/incentives/7/shares", status=404)["code"] == "not_found"


def record(world: World) -> None:
    """An incentive of 90 µ€ whose euro came by way of the admin."""
    world.chain.send(world.issuer, mint_call(world.contracts.euro, world.admin.address, MoneyUe(90)))
    end = world.chain.now()
    calls = incentive_calls.record_calls(world.contracts, "GSE 1", "shared", EpochSeconds(1), end, MoneyUe(90))
    for call in calls:
        world.chain.send(world.admin, call)


def divide(world: World, shares: dict[Address, int]) -> StandardMerkleTree:
    """Two operators post the same split."""
    tree = reward_tree(1, [MemberReward(wallet, share) for wallet, share in shares.items()])
    split = IncentiveSplit(tree.root, MoneyUe(sum(shares.values())), len(shares))
    for operator in world.operators[:2]:
        world.chain.send(operator, incentive_calls.post_call(world.contracts, 1, split, CID))
    return tree
