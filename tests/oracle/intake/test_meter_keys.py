"""Meters' keys as the chain has them: copied whole, ends included, and found by point."""

from sqlalchemy import Engine, select

from commons.actions.meters import register_key_call, revoke_key_call
from commons.addresses import Address
from commons.database.tables import MeterKeyRow, table_of
from commons.intake.signing import address_of_key
from commons.wallets import known_signer
from oracle.intake.meter_keys import MeterKey, Registrar, copy_keys, keys_of, replace_keys
from tests.support.chain import World
from tests.support.intake import METER, REGISTRAR, T0, furnish

P = "0x" + "11" * 32
FIRST, SECOND = Address("0x" + "a1" * 20), Address("0x" + "b0" * 20)


def test_replace_keys__of_other_points_or_registrars__leaves_these_alone(store_engine: Engine) -> None:
    one, other = furnish(store_engine, number=1), furnish(store_engine, number=2)
    with store_engine.begin() as connection:
        replace_keys(connection, REGISTRAR, [MeterKey(other.point_id, SECOND, 0)])
        replace_keys(connection, Registrar(1, REGISTRAR.community), [MeterKey(one.point_id, FIRST, 0)])
        replace_keys(connection, REGISTRAR, [])

    with store_engine.connect() as connection:
        found = keys_of(connection, [one.point_id, other.point_id, P])
    assert found == {
        one.point_id: (MeterKey(one.point_id, address_of_key(METER), T0),),
        other.point_id: (MeterKey(other.point_id, SECOND, 0),),
    }


def test_copy_keys__registered_and_ended_on_the_chain__count_for_the_same_times(
    world: World, sqlite_store: Engine
) -> None:
    admin, point = known_signer("community-admin"), bytes.fromhex(P[2:])
    assert copy_keys(sqlite_store, world.reader) == 0
    world.chain.send(admin, register_key_call(world.reader, point, FIRST))
    assert copy_keys(sqlite_store, world.reader) == 1
    (first,) = copied(sqlite_store, world)
    assert (first.address, first.valid_until) == (FIRST, None)

    world.chain.send(admin, revoke_key_call(world.reader, FIRST))
    world.chain.send(admin, register_key_call(world.reader, point, SECOND))
    assert copy_keys(sqlite_store, world.reader) == 2
    by_address = {key.address: key for key in copied(sqlite_store, world)}
    assert set(by_address) == {FIRST, SECOND}
    end = by_address[FIRST].valid_until
    assert end is not None
    assert first.valid_from <= end <= by_address[SECOND].valid_from
    assert by_address[SECOND].valid_until is None


def copied(engine: Engine, world: World) -> list[MeterKey]:
    """The keys of the point, all of which are the community's."""
    with engine.connect() as connection:
        rows = connection.execute(select(table_of(MeterKeyRow))).all()
    whose = {(row.chain_id, row.community) for row in rows}
    assert whose == {(world.chain.chain_id, world.contracts.community.address)}
    return [MeterKey(row.point_id, Address(row.key_address), row.valid_from, row.valid_until) for row in rows]
