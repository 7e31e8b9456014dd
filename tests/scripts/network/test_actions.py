"""The gas in `besu-network/actions.json`, on which every figure of `docs/scale.md` rests, is what the contracts use."""

from collections.abc import Sequence
from pathlib import Path

from commons.chain.artefacts import COMMUNITY_CONTRACTS, artefact
from commons.orders import Order, bounds, commitment
from scripts.network.sizing import load_actions
from tests.support.chain import World
from tests.support.market import SALT, Day, buy, desks, run_to_end, sell

SLOTS = 24
ENVELOPE = bytes(373)
"""As long as the envelope of 24 orders."""
NAMES = {
    "newSession": "newSession",
    "submitCommitments": "commit",
    "revealOrders": "reveal",
    "setFinalOrders": "outcome",
    "attest": "attest",
    "setValidTransactions": "settlement",
    "setPriorSessionValidation": "validate",
    "deposit": "deposit",
    "withdrawAllFunds": "withdraw",
}
"""Function → action of the file."""


def test_actions__a_session_of_24_orders_a_member__uses_the_gas_of_the_file(world: World, tmp_path: Path) -> None:
    first = world.chain.block_number() + 1
    day = sealed_day(world)
    operators = desks(world, tmp_path)
    for operator in operators:
        operator.meter(day.view, {str(who.address): delivered(own) for who, own in day.orders.items()})
    run_to_end(day, operators)
    world.chain.send(world.alice, world.contracts.marketplace.call("withdrawAllFunds"))
    used = gas_by_function(world, first)
    known = load_actions()
    for function, action in NAMES.items():
        if function in used:
            assert abs(used[function] - known[action].gas) <= known[action].gas * 15 // 100, (function, used[function])
    assert set(NAMES) - set(used) == {"deposit"}  # members came with their escrow
    assert used["executeBatch"] <= 4 * known["execute_alone"].gas


def delivered(orders: Sequence[Order]) -> list[int | None]:
    """What a meter saw of somebody who takes and gives exactly what was ordered."""
    return [order.quantity_wh if order.is_buy else -order.quantity_wh for order in orders]


def sealed_day(world: World) -> Day:
    """A session with 24 orders of each member, committed with an envelope of the usual length."""
    slots = range(SLOTS)
    orders = {
        world.alice: [buy(slot, 1000, 200_000) for slot in slots],
        world.bob: [sell(slot, 1500, 100_000) for slot in slots],
        world.carla: [buy(slot, 700, 180_000) for slot in slots],
        world.dino: [sell(slot, 900, 100_000) for slot in slots],
    }
    session_id = world.open_session(slot_count=SLOTS)
    day = Day(world, session_id, orders)
    parameters, market = day.view.parameters, world.contracts.marketplace
    calls = []
    for trader, own in orders.items():
        lock = bounds(own, parameters.penalty_price, parameters.cap_price).lock
        digest = commitment(world.chain.chain_id, market.address, session_id, trader.address, own, SALT)
        calls.append((trader, market.call("submitCommitments", session_id, digest, lock, ENVELOPE)))
    world.chain.send_all(calls)
    return day


def gas_by_function(world: World, first: int) -> dict[str, int]:
    """The most gas that each function used since a block."""
    names = {f.selector: name for one in COMMUNITY_CONTRACTS for name, f in artefact(one).functions.items()}
    used: dict[str, int] = {}
    for number in range(first, world.chain.block_number() + 1):
        block = world.chain.request("eth_getBlockByNumber", hex(number), True)
        for transaction in block["transactions"]:
            name = names.get(bytes.fromhex(transaction["input"][2:10]), "?")
            receipt = world.chain.receipt(transaction["hash"])
            assert receipt is not None
            used[name] = max(used.get(name, 0), receipt.gas_used)
    return used
