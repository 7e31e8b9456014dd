"""Messages of flows: what is refused and why, what is stored, and that a second sending changes nothing."""

from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import Engine, text

from commons.addresses import Address
from commons.errors import NotFound, NotSignedIn
from commons.intake.message import Measurement, Message, Reading, Receipt, Result
from commons.intake.signing import address_of_key, canonical_bytes, sign
from oracle.intake.credentials import make_credential, revoke_credential
from oracle.intake.door import Door
from oracle.intake.meter_keys import MeterKey, Registrar, replace_keys
from oracle.intake.types import Delivery
from tests.support.intake import METER, NOW, REGISTRAR, STRANGER, T0, Metered, furnish, message, reading, signed


@pytest.fixture
def metered(store_engine: Engine) -> Metered:
    return furnish(store_engine)


@pytest.fixture
def trusting(store_engine: Engine) -> Metered:
    """In a community that takes unsigned readings."""
    return furnish(store_engine, takes_unsigned=True)


def take(metered: Metered, *messages: Message, now: int = NOW) -> list[Receipt]:
    door = Door(metered.engine, lambda: now)
    flow = door.flow_of(metered.token)
    return door.take([Delivery(flow, one) for one in messages])


def results(receipt: Receipt) -> list[str]:
    return [one.code or one.result.value for one in receipt.readings]


# -------------------------------------------------------------------- who is let in


@pytest.mark.parametrize("token", ["", "cw-1-", "cw-1-" + "0" * 64, "cw-99-" + "0" * 64, "cw-0-" + "0" * 64, "é" * 70])
def test_flow_of__no_credential_of_anybody__is_refused(metered: Metered, token: str) -> None:
    with pytest.raises(NotSignedIn):
        Door(metered.engine, lambda: NOW).flow_of(token)


def test_flow_of__revoked_or_replaced_credential__is_refused(metered: Metered) -> None:
    door = Door(metered.engine, lambda: NOW)
    with metered.engine.begin() as connection:
        newer = make_credential(connection, metered.flow, NOW)
    with pytest.raises(NotSignedIn):
        door.flow_of(metered.token)
    assert newer.replaced
    assert door.flow_of(newer.token).key == metered.flow

    with metered.engine.begin() as connection:
        assert revoke_credential(connection, metered.flow, NOW)
        assert not revoke_credential(connection, metered.flow, NOW)
    with pytest.raises(NotSignedIn):
        door.flow_of(newer.token)


def test_credential__of_no_flow__is_refused(metered: Metered) -> None:
    with pytest.raises(NotFound, match="no such flow"), metered.engine.begin() as connection:
        make_credential(connection, 99, NOW)


def test_credential__in_the_store__is_nowhere_in_clear(metered: Metered) -> None:
    secret = metered.token.rsplit("-", 1)[1]
    for row in metered.table("*", "credentials"):
        assert all(secret not in str(value) for value in row)


# -------------------------------------------------------------------- who vouches


def test_take__unsigned_where_the_community_wants_signatures__is_refused_and_listed(metered: Metered) -> None:
    (receipt,) = take(metered, message(reading(0)))

    assert results(receipt) == ["unsigned"]
    assert metered.readings() == []
    assert metered.anomalies() == [(T0, "unsigned")]


def test_take__unsigned_where_the_community_takes_them__is_stored_as_estimated(trusting: Metered) -> None:
    (receipt,) = take(trusting, message(reading(0, 120)))

    assert results(receipt) == ["stored"]
    assert trusting.readings() == [(T0, 120, 0, 1)]


def altered(one: Message) -> Message:
    first, *rest = one.readings
    return one.model_copy(update={"readings": (first.model_copy(update={"withdrawn_wh": 1}), *rest)})


@pytest.mark.parametrize("takes_unsigned", [False, True])
def test_take__altered_after_signing__is_refused_whatever_the_community_takes(
    store_engine: Engine, takes_unsigned: bool
) -> None:
    metered = furnish(store_engine, takes_unsigned)
    (receipt,) = take(metered, altered(signed(metered.point_id, reading(0), reading(1))))

    assert results(receipt) == ["bad_signature"] * 2
    assert metered.readings() == []


def test_take__signed_by_a_stranger_or_for_another_point__is_refused(metered: Metered) -> None:
    other = "0x" + "77" * 32
    receipts = take(
        metered, signed(metered.point_id, reading(0), key=STRANGER), signed(other, reading(1)), message(reading(2))
    )

    assert [results(one) for one in receipts] == [["bad_signature"], ["bad_signature"], ["unsigned"]]


@pytest.mark.parametrize("signature", ["0x" + "00" * 65, "0x" + "ff" * 64 + "1b", "0x" + "11" * 64 + "05"])
def test_take__signature_that_is_none__is_refused(metered: Metered, signature: str) -> None:
    (receipt,) = take(metered, message(reading(0), signature=signature))

    assert results(receipt) == ["bad_signature"]


def test_take__key_that_no_longer_counts__signs_for_its_own_time_only(metered: Metered) -> None:
    key = MeterKey(metered.point_id, address_of_key(METER), T0 + 900, T0 + 2 * 900)
    with metered.engine.begin() as connection:
        replace_keys(connection, REGISTRAR, [key])
    (receipt,) = take(metered, signed(metered.point_id, reading(0), reading(1), reading(2)))

    assert results(receipt) == ["bad_signature", "stored", "bad_signature"]


@pytest.mark.parametrize("elsewhere", [Registrar(1, REGISTRAR.community), Registrar(31337, Address("0x" + "fd" * 20))])
def test_take__key_that_another_chain_or_community_registered__has_no_say(
    metered: Metered, elsewhere: Registrar
) -> None:
    with metered.engine.begin() as connection:
        replace_keys(connection, elsewhere, [MeterKey(metered.point_id, address_of_key(STRANGER), 0)])
    theirs, own = take(
        metered, signed(metered.point_id, reading(0), key=STRANGER), signed(metered.point_id, reading(1))
    )

    assert (results(theirs), results(own)) == (["bad_signature"], ["stored"])


def test_take__signed__is_stored_as_measured_with_what_was_signed(metered: Metered) -> None:
    one = signed(metered.point_id, reading(0, 120), reading(1, 0, 30))
    (receipt,) = take(metered, one)

    assert (receipt.stored, receipt.known, receipt.refused) == (2, 0, 0)
    assert metered.readings() == [(T0, 120, 0, 0), (T0 + 900, 0, 30, 0)]
    assert metered.table("flow, ingested", "readings") == [(metered.flow, NOW)] * 2
    payload = canonical_bytes(metered.point_id, one.readings)
    assert metered.table("flow, signer, signature, payload", "signed_deliveries") == [
        (metered.flow, address_of_key(METER), one.signature, payload)
    ]


def test_take__each_reading_signed_alone__is_judged_alone(metered: Metered) -> None:
    def own(one: Reading, key: Any = METER) -> Reading:
        return one.model_copy(update={"signature": sign(key, canonical_bytes(metered.point_id, (one,)))})

    (receipt,) = take(metered, message(own(reading(0)), own(reading(1), STRANGER), reading(2)))

    assert results(receipt) == ["stored", "bad_signature", "unsigned"]


# -------------------------------------------------------------------- what is right


def test_take__what_cannot_be__is_refused_one_by_one(metered: Metered) -> None:
    ahead = (NOW - T0) // 900
    wrong = [
        reading(0),
        reading(1, -1),
        reading(2, 2_501),
        Reading(start=T0 + 2701, seconds=900, withdrawn_wh=1, injected_wh=0),
        Reading(start=T0 + 3600, seconds=3600, withdrawn_wh=1, injected_wh=0),
        reading(ahead),
        reading(-1),
    ]
    (receipt,) = take(metered, signed(metered.point_id, *wrong))

    expected = [
        "stored",
        "negative_energy",
        "implausible_energy",
        "off_grid",
        "off_grid",
        "clock_ahead",
        "outside_flow",
    ]
    # the key counts from T0 on, so what is before is not vouched for, either
    assert results(receipt) == [*expected[:-1], "bad_signature"]
    assert [start for start, *_ in metered.readings()] == [T0]
    assert len(metered.anomalies()) == 6


def test_take__outside_of_the_flows_time__is_refused(trusting: Metered) -> None:
    with trusting.engine.begin() as connection:
        connection.execute(text("UPDATE flows SET ends = :ends"), {"ends": T0 + 1800})
    (receipt,) = take(trusting, message(reading(-1), reading(1), reading(2)))

    assert results(receipt) == ["outside_flow", "stored", "outside_flow"]


def test_take__again__is_known_and_changes_nothing(metered: Metered) -> None:
    one = signed(metered.point_id, reading(0), reading(1), id="first")
    take(metered, one)
    (again,) = take(metered, one, now=NOW + 900)

    assert (again.id, again.stored, again.known, again.refused) == ("first", 0, 2, 0)
    assert metered.table("ingested", "readings") == [(NOW,), (NOW,)]
    assert len(metered.table("*", "signed_deliveries")) == 1
    assert metered.anomalies() == []


def test_take__partly_known__tells_which(metered: Metered) -> None:
    take(metered, signed(metered.point_id, reading(1)))
    (receipt,) = take(metered, signed(metered.point_id, reading(1), reading(2), reading(1, 7)))

    assert results(receipt) == ["known", "stored", "conflicting"]


def test_take__same_message_twice_at_once__is_stored_once(metered: Metered) -> None:
    one = signed(metered.point_id, reading(0))
    first, second = take(metered, one, one)

    assert (results(first), results(second)) == (["stored"], ["known"])


def test_take__another_value__is_refused_and_the_first_stays(metered: Metered) -> None:
    take(metered, signed(metered.point_id, reading(0, 100)))
    (receipt,) = take(metered, signed(metered.point_id, reading(0, 101)))

    assert results(receipt) == ["conflicting"]
    assert metered.readings() == [(T0, 100, 0, 0)]
    assert metered.anomalies() == [(T0, "conflicting")]


def test_take__clock_that_went_back__is_noticed_within_and_across_messages(metered: Metered) -> None:
    take(metered, signed(metered.point_id, *(reading(slot) for slot in range(6))))
    take(metered, signed(metered.point_id, reading(0, 7), reading(1, 8)))
    take(metered, signed(metered.point_id, reading(3, 7)))
    take(metered, signed(metered.point_id, reading(4, 7)))
    take(metered, signed(metered.point_id, reading(5, 7)))

    steps = [start for start, code in metered.anomalies() if code == "clock_step"]
    assert steps == [T0, T0 + 3 * 900]


def test_take__later_slot_first__is_accepted_and_noted_within_and_across_messages(metered: Metered) -> None:
    take(metered, signed(metered.point_id, reading(5), reading(4)))
    (receipt,) = take(metered, signed(metered.point_id, reading(3), reading(6)))

    assert results(receipt) == ["stored", "stored"]
    assert metered.anomalies() == [(T0 + 3 * 900, "out_of_order"), (T0 + 4 * 900, "out_of_order")]
    assert metered.table("last_start, last_arrived", "flows") == [(T0 + 6 * 900, NOW)]


def test_take__flows_of_several_lengths_at_once__each_by_its_own_rules(store_engine: Engine) -> None:
    quarter, hour = furnish(store_engine, True, 1), furnish(store_engine, True, 2, seconds=3600)
    door = Door(store_engine, lambda: NOW)
    long = Reading(start=T0, seconds=3600, withdrawn_wh=9_000, injected_wh=0)
    deliveries = [
        Delivery(door.flow_of(one.token), message(sent)) for one in (quarter, hour) for sent in (reading(0), long)
    ]

    assert [results(one) for one in door.take(deliveries)] == [["stored"], ["off_grid"], ["off_grid"], ["stored"]]


def test_take__stragglers_from_long_ago__read_their_own_days_only(trusting: Metered) -> None:
    door = Door(trusting.engine, lambda: NOW + 400 * 86_400)
    flow = replace(door.flow_of(trusting.token), starts=0)
    days = [Reading(start=T0 + day * 86_400, seconds=900, withdrawn_wh=day, injected_wh=0) for day in range(0, 400, 57)]
    door.take([Delivery(flow, message(*days))])
    (again,) = door.take([Delivery(flow, message(*days[::-1], reading(1)))])

    assert results(again) == ["known"] * len(days) + ["stored"]


def test_take__nothing__is_nothing(metered: Metered) -> None:
    assert take(metered) == []


# -------------------------------------------------------------------- measurements


def test_take__measurements__are_stored_beside_and_once(metered: Metered) -> None:
    one = Measurement(start=T0, seconds=60, voltage_v=231.5, active_power_w=-400.0, state_of_charge_pct=80.0)
    early, ahead = (one.model_copy(update={"start": start}) for start in (T0 - 60, NOW))
    other = one.model_copy(update={"voltage_v": 1.0})
    (receipt,) = take(metered, Message(measurements=(one, one, other, early, ahead)))
    (again,) = take(metered, Message(measurements=(one,)))

    codes = [verdict.code or verdict.result.value for verdict in receipt.measurements]
    assert codes == ["stored", "known", "conflicting", "outside_flow", "clock_ahead"]
    assert again.measurements[0].result is Result.KNOWN
    assert metered.table("start, voltage_v, active_power_w, ingested", "measurements") == [(T0, 231.5, -400.0, NOW)]


def test_meter_key__counts_from_its_first_second_until_its_last() -> None:
    key = MeterKey("0x01", Address("0x" + "11" * 20), 900, 1800)
    assert [key.counts_at(start) for start in (899, 900, 1799, 1800)] == [False, True, True, False]
