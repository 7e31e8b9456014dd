"""What is made of a measured phase."""

from scripts.bench.sessions import phase_row
from scripts.bench.stopwatch import Phase, Sent, together

COMMIT = Phase("commit", 3.0, 2, (Sent("submitCommitments", 100_000),) * 10)
EXECUTE = Phase("execute", 1.0, 1, (Sent("executeBatch", 500_000),))


def test_row__of_a_phase__is_per_member_and_against_as_many_transfers() -> None:
    row = phase_row(COMMIT, members=10, transfers_s=1.5)
    assert (row.figure, row.unit, row.ratio) == (300.0, "ms per member", 2.0)
    assert row.note == "3.00 s, 10 transactions, 2 blocks, 100,000 gas per member"


def test_row__of_a_single_transaction__counts_it_in_the_singular() -> None:
    assert phase_row(EXECUTE, 10, 1.5).note == "1.00 s, 1 transaction, 1 block, 50,000 gas per member"


def test_phases__put_together__add_up() -> None:
    whole = together("whole", [COMMIT, EXECUTE])
    assert (whole.seconds, whole.blocks, whole.gas, len(whole.sent)) == (4.0, 3, 1_500_000, 11)
    assert whole.gas_of("executeBatch") == [500_000]
