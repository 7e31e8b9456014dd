"""What is made of measured gas: the most of each action, its ratio, and what grew with the community."""

import pytest

from scripts.bench.gas import ACTIONS, SIZES, TRANSFER, action_rows, growth_row, worst
from scripts.bench.gas_day import BATCHES

COMMIT = "commit with the envelope of 24 orders"
EXECUTE = "execute one leaf"


def measured(**changes: float) -> dict[str, float]:
    """Every action at 100,000 gas, a transfer at 40,000, but for some."""
    return {TRANSFER: 40_000, **{action.name: 100_000 for action in ACTIONS}, **changes}


def test_worst__where_an_action_was_never_done__is_refused() -> None:
    used = {name: [figure] for name, figure in measured().items() if name != COMMIT}
    with pytest.raises(ValueError, match=COMMIT):
        worst(used)


def test_worst__where_something_unknown_was_done__is_refused() -> None:
    with pytest.raises(ValueError, match="dance"):
        worst({name: [figure] for name, figure in measured(dance=1).items()})


def test_worst__of_several_calls__is_the_most_expensive() -> None:
    used = {name: [figure] for name, figure in measured().items()}
    assert worst({**used, COMMIT: [90_000, 107_008, 106_983]})[COMMIT] == 107_008


def test_rows__of_the_larger_community__are_against_the_transfer_and_its_limits() -> None:
    rows = {row.name: row for row in action_rows(measured(**{EXECUTE: 95_001}), SIZES[-1])}
    assert rows[COMMIT].ratio == 2.5
    assert rows[COMMIT].most == 110_000
    assert rows[COMMIT].holds
    assert not rows[EXECUTE].holds


def test_rows__of_the_smaller_community__have_no_limits() -> None:
    assert not any(row.has_aim for row in action_rows(measured(), SIZES[0]))


def test_growth__of_an_action_by_more_than_a_hundredth__is_too_much() -> None:
    row = growth_row(measured(), measured(**{COMMIT: 101_001}))
    assert COMMIT in row.name
    assert not row.holds


def test_growth__of_what_carries_a_proof__is_passed_over() -> None:
    row = growth_row(measured(), measured(**{EXECUTE: 120_000}))
    assert row.ratio == 1
    assert row.holds


def test_sizes__of_the_communities__leave_room_for_every_batch() -> None:
    assert SIZES[0] > sum(BATCHES)
