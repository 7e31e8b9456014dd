"""What a transfer was for, told from the events beside it."""

from typing import Any

from commons.addresses import ZERO_ADDRESS, Address
from commons.chain import Event
from commons.records.economy import TokenCategory
from oracle.books.reasons import Scene, explain

TOKEN, TREASURY, SERVICES, ALICE, BOB, HALL = (Address("0x" + digit * 40) for digit in "123456")
SCENE = Scene(TOKEN, TREASURY, {TREASURY: "treasury", SERVICES: "service exchange"})


def said(event: str, /, **args: Any) -> Event:
    return Event(TOKEN, event, args, 1, 0, "0x1")


def sent(source: Address, target: Address, amount: int) -> Event:
    return said("Transfer", **{"from": source, "to": target, "value": amount})


def paid(**changes: Any) -> Event:
    args: dict[str, Any] = {
        "payer": ALICE,
        "payee": BOB,
        "category": TokenCategory.WITH_STRUCTURE,
        "amount": 100,
        "fee": 5,
        "structure": HALL,
        "structureAmount": 10,
        "payerIncentive": 3,
        "payeeIncentive": 2,
    }
    return said("Paid", **{**args, **changes})


def test_explain__no_event__is_told_by_the_accounts() -> None:
    transfers = [
        sent(ZERO_ADDRESS, ALICE, 1),
        sent(ALICE, ZERO_ADDRESS, 1),
        sent(ALICE, BOB, 1),
        sent(ALICE, TREASURY, 1),
        sent(ALICE, SERVICES, 1),
        sent(SERVICES, ALICE, 1),
        sent(SERVICES, TREASURY, 1),
    ]

    assert explain(transfers, [], SCENE) == [
        "minted",
        "burned",
        "transfer",
        "gift",
        "into service exchange",
        "out of service exchange",
        "from service exchange",
    ]


def test_explain__deal_with_structure__names_each_of_its_transfers() -> None:
    transfers = [
        sent(SERVICES, BOB, 85),
        sent(SERVICES, HALL, 10),
        sent(SERVICES, TREASURY, 5),
        sent(TREASURY, ALICE, 3),
        sent(TREASURY, BOB, 2),
    ]

    assert explain(transfers, [paid()], SCENE) == [
        "payment: with structure",
        "structure: with structure",
        "fee: with structure",
        "incentive: with structure",
        "incentive: with structure",
    ]


def test_explain__from_wallet_to_wallet__incentives_come_out_of_the_fee() -> None:
    direct = paid(structure=ZERO_ADDRESS, structureAmount=0, fee=9, category=TokenCategory.CITIZEN_TO_CITIZEN)
    transfers = [sent(ALICE, BOB, 100 - 9 + 2), sent(ALICE, TREASURY, 9 - 5)]

    assert explain(transfers, [direct], SCENE) == ["payment: citizen to citizen", "fee: citizen to citizen"]


def test_explain__two_equal_payments_and_one_event__leaves_the_other_a_transfer() -> None:
    transfers = [sent(ALICE, BOB, 85), sent(ALICE, BOB, 85)]

    assert explain(transfers, [paid()], SCENE) == ["payment: with structure", "transfer"]


def test_explain__other_amount_than_the_event_says__is_not_explained_by_it() -> None:
    assert explain([sent(ALICE, BOB, 86)], [paid()], SCENE) == ["transfer"]


def test_explain__payment_of_another_asset__does_not_explain_tokens() -> None:
    made = said("PaymentMade", paymentId=1, payee=ALICE, asset=BOB, amount=7)
    here = said("PaymentMade", paymentId=1, payee=ALICE, asset=TOKEN, amount=7)

    assert explain([sent(TREASURY, ALICE, 7)], [made], SCENE) == ["transfer"]
    assert explain([sent(TREASURY, ALICE, 7)], [here], SCENE) == ["treasury payment"]
