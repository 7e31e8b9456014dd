"""Meters' keys: with which key the meter of a point signs what it reads, from when to when."""

from dataclasses import dataclass

from commons.addresses import ZERO_ADDRESS, Address
from commons.chain import Call
from commons.contracts import CommunityReader
from commons.records import MeterKey
from commons.units import EpochSeconds


@dataclass(frozen=True, slots=True)
class RegisteredKey:
    """A meter's key, by its address."""

    key: Address
    registered: MeterKey


def register_key_call(
    reader: CommunityReader, point_id: bytes, key: Address, valid_from: EpochSeconds | None = None
) -> Call:
    """Register the key with which a point's meter signs, in place of the present one. Community admin only."""
    return reader.contracts.notary.call("registerMeterKey", point_id, key, valid_from or 0)


def revoke_key_call(reader: CommunityReader, key: Address) -> Call:
    """End a meter's key at once. Community admin only."""
    return reader.contracts.notary.call("revokeMeterKey", key)


def key_of(reader: CommunityReader, point_id: bytes) -> RegisteredKey | None:
    """The key registered last for a point; None if there never was one."""
    notary = reader.contracts.notary
    key: Address = reader.chain.call(notary.call("meterKeyOf", point_id))
    if key == ZERO_ADDRESS:
        return None
    return RegisteredKey(key, reader.chain.call(notary.call("meterKey", key)))


def keys_ever(reader: CommunityReader) -> list[RegisteredKey]:
    """Every meter's key that was ever registered, in the order of registration."""
    notary = reader.contracts.notary
    events = reader.chain.events(notary.address, reader.first_block, names=("MeterKeyRegistered",))
    keys = [event.args["key"] for event in events]
    found = reader.chain.calls([notary.call("meterKey", key) for key in keys])
    return [RegisteredKey(key, registered) for key, registered in zip(keys, found, strict=True)]
