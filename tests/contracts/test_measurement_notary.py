"""Meters' keys, the roots of days' datasets, and that settlements rest on them: `MeasurementNotary`."""

from typing import Any

import pytest
from eth_abi.abi import encode

from commons.keccak import keccak256
from tests.contracts.chain import mine_at, now, pass_to, refused, send
from tests.contracts.community import DAY, HOUR, ZERO, Contracts, Person
from tests.contracts.evidence import (
    ANSWER_TIME_S,
    CID,
    FOREVER,
    OBJECTION_S,
    accept_dataset,
    dataset,
    day_of,
    notarise,
    pass_day,
    point_id,
    post_dataset,
)
from tests.contracts.market import CHAIN_ID, Session, buy, open_session, run_to_metering, sell

SUMMER_S = 2 * HOUR
KEY, OTHER_KEY = "0x" + "11" * 20, "0x" + "22" * 20
NO_DATASET = (b"\0" * 32, 0, 0)


@pytest.fixture
def day() -> int:
    """A day that is over, by the chain's clock."""
    found = day_of(now())
    pass_day(found)
    mine_at(now() + 1)
    return found


def posting(contracts: Contracts, day: int, version: int = 1, **changes: Any) -> tuple[Any, ...]:
    """`postDataset` with its arguments."""
    return contracts.notary.postDataset, day, version, changes.get("posted", dataset()), changes.get("cid", CID)


# ---------------------------------------------------------------- meters' keys


def test_meter_keys__by_another_than_a_community_admin__are_refused(fontana: Contracts, alice: Person) -> None:
    role = bytes(fontana.community.COMMUNITY_ADMIN_ROLE())
    register = (fontana.notary.registerMeterKey, point_id("alice"), KEY, 0)
    refused("MissingRole", *register, by=alice, account=alice, role=role)
    refused("MissingRole", fontana.notary.revokeMeterKey, KEY, by=alice, account=alice, role=role)


def test_meter_key__without_point_or_address__is_refused(fontana: Contracts, admin: Person) -> None:
    register = fontana.notary.registerMeterKey
    refused("IncompleteMeterKey", register, bytes(32), KEY, 0, by=admin)
    refused("IncompleteMeterKey", register, point_id("alice"), ZERO, 0, by=admin, key=ZERO)


def test_meter_key__that_was_a_points_before__is_refused(fontana: Contracts, admin: Person) -> None:
    register = fontana.notary.registerMeterKey
    send(register, point_id("alice"), KEY, 0, by=admin)
    for name in ("alice", "bob"):
        refused("MeterKeyKnown", register, point_id(name), KEY, 0, by=admin, key=KEY, pointId=point_id("alice"))
    send(fontana.notary.revokeMeterKey, KEY, by=admin)
    refused("MeterKeyKnown", register, point_id("alice"), KEY, 0, by=admin)


def test_meter_key__not_in_use__is_not_revoked(fontana: Contracts, admin: Person) -> None:
    revoke = fontana.notary.revokeMeterKey
    refused("MeterKeyNotGood", revoke, KEY, by=admin, key=KEY, validUntil=0)
    send(fontana.notary.registerMeterKey, point_id("alice"), KEY, 0, by=admin)
    revoked_at = send(revoke, KEY, by=admin).timestamp
    refused("MeterKeyNotGood", revoke, KEY, by=admin, key=KEY, validUntil=revoked_at)


def test_meter_key__registered__is_the_points_until_another_takes_its_place(fontana: Contracts, admin: Person) -> None:
    notary, point = fontana.notary, point_id("alice")
    first = send(notary.registerMeterKey, point, KEY, now() - DAY, by=admin)
    told = {"pointId": point, "key": KEY, "validFrom": first.timestamp}
    assert first.event("MeterKeyRegistered").values == told
    change = now() + DAY
    second = send(notary.registerMeterKey, point, OTHER_KEY, change, by=admin)
    assert second.event("MeterKeyEnded").values == {"pointId": point, "key": KEY, "validUntil": change}
    assert second.event("MeterKeyRegistered")["validFrom"] == change
    assert notary.meterKeyOf(point) == OTHER_KEY
    assert notary.meterKey(OTHER_KEY)[1:] == (change, FOREVER)
    good = [
        (key, at)
        for key in (KEY, OTHER_KEY)
        for at in (first.timestamp - 1, first.timestamp, change - 1, change)
        if notary.isMeterKey(point, key, at)
    ]
    assert good == [(KEY, first.timestamp), (KEY, change - 1), (OTHER_KEY, change)]
    assert not notary.isMeterKey(point_id("bob"), KEY, first.timestamp)


def test_meter_key__revoked__ends_at_once_and_leaves_room_for_another(fontana: Contracts, admin: Person) -> None:
    notary, point = fontana.notary, point_id("alice")
    send(notary.registerMeterKey, point, KEY, 0, by=admin)
    done = send(notary.revokeMeterKey, KEY, by=admin)
    assert done.event("MeterKeyEnded").values == {"pointId": point, "key": KEY, "validUntil": done.timestamp}
    later = send(notary.registerMeterKey, point, OTHER_KEY, 0, by=admin)
    assert [event.name for event in later.events] == ["MeterKeyRegistered"]


# ---------------------------------------------------------------- datasets


def test_dataset__that_names_no_data__is_refused(fontana: Contracts, day: int, operators: list[Person]) -> None:
    refused("EmptyDataCid", *posting(fontana, day, cid=""), by=operators[0])


@pytest.mark.parametrize("posted", [(bytes(32), 1, 96), (b"\1" * 32, 0, 96), (b"\1" * 32, 97, 96)])
def test_dataset__that_is_not_whole__is_refused(
    fontana: Contracts, day: int, operators: list[Person], posted: tuple[bytes, int, int]
) -> None:
    refused("IncompleteDataset", *posting(fontana, day, posted=posted), by=operators[0], day=day, version=1)


def test_dataset__before_its_day_is_over__is_refused(fontana: Contracts, operators: list[Person]) -> None:
    day = day_of(now()) + 1
    ends_at = (day + 1) * DAY - SUMMER_S
    pass_to(ends_at - 1)
    call = posting(fontana, day)
    refused("DayNotOver", *call, by=operators[0], day=day, endsAt=ends_at, timestamp=ends_at - 1)
    pass_to(ends_at)
    send(*call, by=operators[0])


@pytest.mark.parametrize("version", [0, 2])
def test_dataset__of_another_version_than_the_next__is_refused(
    fontana: Contracts, day: int, operators: list[Person], version: int
) -> None:
    call = posting(fontana, day, version)
    refused("WrongVersion", *call, by=operators[0], day=day, version=version, expected=1)


def test_dataset__by_another_than_an_operator__is_refused(fontana: Contracts, day: int, alice: Person) -> None:
    refused("NotAnOperator", *posting(fontana, day), by=alice, account=alice)


def test_dataset__of_the_next_version__waits_until_the_one_before_is_final(
    fontana: Contracts, day: int, operators: list[Person]
) -> None:
    post_dataset(fontana, operators[0], day)
    call = posting(fontana, day, 2, posted=dataset("corrected"))
    refused("PriorVersionOpen", *call, by=operators[0], day=day, priorVersion=1)
    send(fontana.quorum.attest, fontana.notary.datasetQuestion(day, 1), post_answer(fontana, day), by=operators[1])
    accepted_at = now()
    pass_to(accepted_at + OBJECTION_S - 1)
    refused("PriorVersionOpen", *call, by=operators[0], day=day, priorVersion=1)
    pass_to(accepted_at + OBJECTION_S)
    send(*call, by=operators[0])
    assert fontana.notary.versionCount(day) == 2


def test_dataset__on_which_no_majority_agrees_in_time__makes_room_for_the_next_version(
    fontana: Contracts, day: int, operators: list[Person]
) -> None:
    post_dataset(fontana, operators[0], day)
    posted_at = now()
    post_dataset(fontana, operators[1], day, posted=dataset("other"))
    pass_to(posted_at + ANSWER_TIME_S - 1)
    refused("PriorVersionOpen", *posting(fontana, day, 2), by=operators[2])
    pass_to(posted_at + ANSWER_TIME_S)
    refused("QuestionClosed", *posting(fontana, day), by=operators[2])
    notarise(fontana, operators[:2], day, 2)
    mine_at(now() + OBJECTION_S)
    assert fontana.notary.datasetOf(day, 1) == (NO_DATASET_ON_CHAIN, 0)
    assert fontana.notary.latestNotarised(day)[0] == 2


def test_dataset__posted__is_told_under_a_hash_that_anybody_can_recompute(
    fontana: Contracts, day: int, operators: list[Person]
) -> None:
    told = send(*posting(fontana, day), by=operators[0]).event("DatasetPosted")
    named = [CHAIN_ID, fontana.notary.address, b"dataset".ljust(32, b"\0"), day, 1]
    question = keccak256(encode(["uint256", "address", "bytes32", "uint32", "uint32"], named))
    assert bytes(fontana.notary.datasetQuestion(day, 1)) == question
    content = [question, dataset(), keccak256(CID.encode())]
    answer = keccak256(encode(["bytes32", "(bytes32,uint32,uint64)", "bytes32"], content))
    assert told.values == {
        "day": day,
        "version": 1,
        "operator": operators[0].address,
        "answer": answer,
        "dataset": dataset(),
        "dataCid": CID,
    }
    assert told["answer"] == post_answer(fontana, day)
    posted = fontana.notary.postedDataset(answer)
    assert (bytes(posted[0]), *posted[1:]) == dataset()


def test_dataset__of_another_answer__is_not_notarised_by_the_votes_for_the_first(
    fontana: Contracts, day: int, operators: list[Person]
) -> None:
    post_dataset(fontana, operators[0], day)
    post_dataset(fontana, operators[1], day, posted=dataset("other"))
    mine_at(now() + OBJECTION_S)
    assert not fontana.notary.isNotarised(day, 1, dataset()[0])
    assert not fontana.notary.isNotarised(day, 1, dataset("other")[0])


def test_dataset__on_which_k_agree__is_notarised_when_nobody_objected(
    fontana: Contracts, day: int, operators: list[Person]
) -> None:
    notary = fontana.notary
    accept_dataset(fontana, operators[:2], day)
    found, final_at = notary.datasetOf(day, 1)
    assert (bytes(found[0]), *found[1:]) == dataset()
    assert final_at == now() + OBJECTION_S
    mine_at(final_at - 1)
    assert not notary.isNotarised(day, 1, dataset()[0])
    assert notary.latestNotarised(day)[0] == 0
    mine_at(final_at)
    assert notary.isNotarised(day, 1, dataset()[0])
    assert not notary.isNotarised(day, 1, dataset("other")[0])
    assert not notary.isNotarised(day, 2, dataset()[0])
    version, latest = notary.latestNotarised(day)
    assert (version, bytes(latest[0])) == (1, dataset()[0])


def test_dataset__objected_to_within_its_window__is_not_notarised(
    fontana: Contracts, day: int, operators: list[Person]
) -> None:
    answer = accept_dataset(fontana, operators[:2], day)
    send(fontana.quorum.withdrawVote, fontana.notary.datasetQuestion(day, 1), answer, by=operators[1])
    mine_at(now() + OBJECTION_S)
    assert not fontana.notary.isNotarised(day, 1, dataset()[0])


def test_dataset__corrected__leaves_the_version_before_as_it_was(
    fontana: Contracts, day: int, operators: list[Person]
) -> None:
    notarise(fontana, operators[:2], day)
    notarise(fontana, operators[1:], day, 2, posted=dataset("corrected"))
    mine_at(now() + OBJECTION_S)
    notary = fontana.notary
    assert notary.isNotarised(day, 1, dataset()[0])
    assert notary.isNotarised(day, 2, dataset("corrected")[0])
    assert notary.latestNotarised(day)[0] == 2


# ---------------------------------------------------------------- what settlements rest on


@pytest.fixture
def metered(fontana: Contracts, admin: Person, alice: Person, bob: Person, operators: list[Person]) -> Session:
    """A session ready to be settled, whose delivery goes over a local midnight."""
    midnight = (day_of(now()) + 2) * DAY - HOUR
    session = open_session(fontana, admin, delivery_start=midnight - 2 * HOUR, slot_count=3)
    orders = {alice: [buy(0, 1000, 200_000)], bob: [sell(0, 1000, 200_000)]}
    run_to_metering(session, orders, operators[:2])
    mine_at(midnight + DAY)
    return session


def settling(session: Session, versions: list[tuple[int, int]]) -> tuple[Any, ...]:
    """`setValidTransactions` with its arguments."""
    posted = session.settlement()
    market = session.contracts.marketplace
    return market.setValidTransactions, session.id, posted.tree.root, posted.totals, versions, CID


def test_evidence__required_by_another_than_a_community_admin__is_refused(fontana: Contracts, alice: Person) -> None:
    call = (fontana.notary.requireEvidence, day_of(now()) + 10)
    refused("MissingRole", *call, by=alice, account=alice)


def test_evidence__required_from_a_day_that_has_begun_or_later_than_before__is_refused(
    fontana: Contracts, admin: Person
) -> None:
    require, opened = fontana.notary.requireEvidence, fontana.notary.evidenceFrom()
    today = (now() + SUMMER_S) // DAY
    refused("EvidenceDayOutOfRange", require, today, by=admin, day=today, earliest=today + 1, latest=opened)
    refused("EvidenceDayOutOfRange", require, opened, by=admin, latest=opened)
    assert send(require, today + 2, by=admin).event("EvidenceRequired").values == {"fromDay": today + 2}
    refused("EvidenceDayOutOfRange", require, today + 3, by=admin, latest=today + 2)
    send(require, today + 1, by=admin)
    assert fontana.notary.evidenceFrom() == today + 1


def test_settlement__that_names_no_datasets__is_refused_from_the_day_on_which_they_are_required(
    fontana: Contracts, admin: Person, alice: Person, bob: Person, operators: list[Person]
) -> None:
    today = (now() + SUMMER_S) // DAY
    send(fontana.notary.requireEvidence, today + 2, by=admin)
    orders = {alice: [buy(0, 1000, 200_000)], bob: [sell(0, 1000, 200_000)]}
    before = open_session(fontana, admin, delivery_start=(today + 2) * DAY - 3 * HOUR, slot_count=1)
    since = open_session(fontana, admin, delivery_start=(today + 2) * DAY - SUMMER_S, slot_count=1)
    for session in (before, since):
        for trader, theirs in orders.items():
            session.commit(trader, theirs)
    run_to_metering_late(before, since, operators)
    send(*settling(before, []), by=operators[0])
    refused("EvidenceMissing", *settling(since, []), by=operators[0], day=today + 2, evidenceFrom=today + 2)


def test_settlement__that_names_other_days_than_its_deliverys__is_refused(
    metered: Session, operators: list[Person]
) -> None:
    first = day_of(metered.terms.delivery_start)
    for day in (first, first + 1):
        notarise(metered.contracts, operators[:2], day)
    wrong = {
        ((first, 1),): (first, first + 1),
        ((first + 1, 1),): (first + 1, first),
        ((first - 1, 1), (first, 1), (first + 1, 1)): (first - 1, first),
        ((first, 1), (first + 1, 1), (first + 2, 1)): (first + 2, first + 1),
        ((first, 1), (first, 1), (first + 1, 1)): (first, first + 1),
    }
    for versions, (day, expected) in wrong.items():
        call = settling(metered, list(versions))
        refused("WrongDays", *call, by=operators[0], day=day, expected=expected)


def test_settlement__that_names_a_version_not_notarised_or_not_final__is_refused(
    metered: Session, operators: list[Person]
) -> None:
    first = day_of(metered.terms.delivery_start)
    notarise(metered.contracts, operators[:2], first)
    call = settling(metered, [(first, 1), (first + 1, 1)])
    refused("NotNotarised", *call, by=operators[0], day=first + 1, version=1)
    accept_dataset(metered.contracts, operators[:2], first + 1)
    pass_to(now() + OBJECTION_S - 1)
    refused("NotNotarised", *call, by=operators[0], day=first + 1, version=1)
    refused("NotNotarised", *settling(metered, [(first, 2), (first + 1, 1)]), by=operators[0], day=first, version=2)
    pass_to(now() + OBJECTION_S)
    told = send(*call, by=operators[0]).event("SettlementPosted")
    assert told["versions"] == ((first, 1), (first + 1, 1))


def test_settlement__in_the_hour_that_is_of_one_day_or_the_next__may_name_either(
    fontana: Contracts, admin: Person, alice: Person, bob: Person, operators: list[Person]
) -> None:
    midnight = (day_of(now()) + 2) * DAY - HOUR
    session = open_session(fontana, admin, delivery_start=midnight - HOUR, slot_count=1)
    run_to_metering(session, {alice: [buy(0, 1000, 200_000)], bob: [sell(0, 1000, 200_000)]}, operators[:2])
    mine_at(midnight + DAY)
    last = day_of(midnight - 1)
    for day in (last, last + 1):
        notarise(fontana, operators[:2], day)
        send(*settling(session, [(day, 1)]), by=operators[day - last])
    refused("WrongDays", *settling(session, [(last + 2, 1)]), by=operators[2], day=last + 2, expected=last)


def test_settlement__before_evidence_is_required__may_name_none(metered: Session, operators: list[Person]) -> None:
    send(*settling(metered, []), by=operators[0])


# ---------------------------------------------------------------- helpers

NO_DATASET_ON_CHAIN = ("0x" + "00" * 32, 0, 0)


def post_answer(contracts: Contracts, day: int) -> bytes:
    """The hash of the answer that `post_dataset` gives, recomputed."""
    content = [bytes(contracts.notary.datasetQuestion(day, 1)), dataset(), keccak256(CID.encode())]
    return keccak256(encode(["bytes32", "(bytes32,uint32,uint64)", "bytes32"], content))


def run_to_metering_late(first: Session, second: Session, operators: list[Person]) -> None:
    """Two sessions opened together: both revealed, cleared, delivered and metered."""
    for session in (first, second):
        session.to_reveals()
        for trader in session.sealed:
            session.reveal(trader)
    for session in (first, second):
        session.to_clearing()
        session.accept_outcome(operators[:2])
    mine_at(second.terms.delivery_end + DAY)
