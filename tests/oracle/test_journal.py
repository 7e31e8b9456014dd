"""The journal takes down every transaction once, whatever the chain makes of it."""

from pathlib import Path

from commons.addresses import Address
from commons.chain import SignedTransaction
from oracle.journal import Journal, SendingState
from oracle.operator import operator_database
from oracle.session.types import MarketId

OPERATOR = Address("0x" + "11" * 20)
MARKET = MarketId(31337, Address("0x" + "22" * 20))
SIGNED = SignedTransaction("0x" + "33" * 32, OPERATOR, 4, b"raw", "Marketplace.payTreasury")


def journal_in(folder: Path) -> Journal:
    return Journal(operator_database(folder), OPERATOR, MARKET)


def test_record__same_transaction_for_a_later_purpose__is_open_again(tmp_path: Path) -> None:
    journal = journal_in(tmp_path)
    journal.record("treasury/210080/86", SIGNED)
    journal.close(SIGNED.hash, SendingState.DONE, 87)

    journal.record("treasury/210080/83", SIGNED)

    assert [(row.tx_hash, row.state, row.block) for row in journal.open_sendings()] == [
        (SIGNED.hash, SendingState.RECORDED, None)
    ]
    assert len(journal.sendings()) == 1
