"""A day on which Alice's wallet is replaced after it committed, and the new one commits too."""

from commons.actions import funds
from commons.actions.community import replace_wallet
from commons.orders import Order
from commons.wallets import Signer
from tests.support.chain import ESCROW, World
from tests.support.evidence import jump_to_freeze, open_evidence_day
from tests.support.market import SLOTS, Day, OperatorDesk, buy, sell, step

BUYS = [buy(slot, 1000, 200_000) for slot in range(SLOTS)]
"""Of each of Alice's wallets; Bob sells them 2000 Wh in each slot, at 150,000 µ€/kWh, between their limits."""
METER: list[int | None] = [2000, 1700, 600, None]


def orders(world: World) -> dict[Signer, list[Order]]:
    """What is committed before Alice's wallet is lost."""
    return {world.alice: BUYS, world.bob: [sell(slot, 2000, 100_000) for slot in range(SLOTS)]}


def replace_alice(day: Day, newcomer: Signer) -> Day:
    """Alice's wallet is replaced, and the new one is given money and commits too; the day with both."""
    world = day.world
    replace_wallet(world.reader, world.admin, world.alice.address, newcomer)
    world.chain.send(world.issuer, funds.mint_call(world.contracts.euro, newcomer.address, ESCROW))
    funds.deposit(world.reader, newcomer, ESCROW)
    Day(world, day.session_id, {newcomer: BUYS}).commit()
    return Day(world, day.session_id, {world.alice: BUYS, newcomer: BUYS, world.bob: orders(world)[world.bob]})


def meter(day: Day, operators: list[OperatorDesk]) -> None:
    """Every operator reads Alice's one meter, and Bob's, which delivers all that he sells."""
    world = day.world
    for operator in operators:
        operator.meter(day.view, {world.alice.address: METER, world.bob.address: [-2000] * SLOTS})


def settle_notarised(world: World, operators: list[OperatorDesk], newcomer: Signer) -> Day:
    """The day with both wallets, settled from notarised readings; not executed yet."""
    day = replace_alice(open_evidence_day(world, orders(world)), newcomer)
    meter(day, operators)
    day.reveal()
    step(operators)
    day.deliver()
    jump_to_freeze(day)
    step(operators)
    world.jump(world.reader.window_limits().challenge)
    step(operators)
    return day
