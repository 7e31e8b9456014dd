"""Meters' keys as the chain has them: copied whole, ends included, and found by point."""

from sqlalchemy import Engine

from commons.actions.meters import register_key_call, revoke_key_call
from commons.addresses import Address
from commons.wallets import known_signer
from oracle.intake.meter_keys import MeterKey, copy_keys, keys_of, replace_keys
from tests.support.chain import World

P, Q = "0x" + "11" * 32, "0x" + "22" * 32
FIRST, SECOND = Address("0x" + "a1" * 20), Address("0x" + "b0" * 20)


def known(engine: Engine, *point_ids: str) -> dict[str, tuple[MeterKey, ...]]:
    with engine.connect() as connection:
        return dict(keys_of(connection, point_ids))


def test_replace_keys__of_other_points__leaves_these_alone(store_engine: Engine) -> None:
    with store_engine.begin() as connection:
        replace_keys(connection, [MeterKey(P, FIRST, 0)])
        replace_keys(connection, [MeterKey(Q, SECOND, 0)])
        replace_keys(connection, [])

    assert known(store_engine, P, Q) == {P: (MeterKey(P, FIRST, 0),), Q: (MeterKey(Q, SECOND, 0),)}


def test_copy_keys__registered_and_ended_on_the_chain__count_for_the_same_times(
    world: World, sqlite_store: Engine
) -> None:
    admin, point = known_signer("community-admin"), bytes.fromhex(P[2:])
    assert copy_keys(sqlite_store, world.reader) == 0
    world.chain.send(admin, register_key_call(world.reader, point, FIRST))
    assert copy_keys(sqlite_store, world.reader) == 1
    (first,) = known(sqlite_store, P)[P]
    assert (first.address, first.valid_until) == (FIRST, None)

    world.chain.send(admin, revoke_key_call(world.reader, FIRST))
    world.chain.send(admin, register_key_call(world.reader, point, SECOND))
    assert copy_keys(sqlite_store, world.reader) == 2
    by_address = {key.address: key for key in known(sqlite_store, P)[P]}
    assert set(by_address) == {FIRST, SECOND}
    end = by_address[FIRST].valid_until
    assert end is not None
    assert first.valid_from <= end <= by_address[SECOND].valid_from
    assert by_address[SECOND].valid_until is None
