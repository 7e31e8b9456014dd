"""The page of proofs tells the figures of the attack as it was run last."""

import re

from commons.settings import PROJECT_DIR
from tests.oracle.refutation.campaign import kept

WORDS = {
    "leaf_unlike_reveal": "a leaf unlike its reveal {}",
    "wrong_node_sums": "sums of a node {}",
    "wrong_leaf_sums": "of a leaf {}",
    "wrong_padding_sums": "of padding {}",
    "padding_misplaced": "padding misplaced {}",
    "padding_replaced": "replaced {}",
    "better_not_full": "better not full {}",
    "indices_not_ascending": "indices {}",
    "order_missing": "an order missing {}",
    "crossing_uncleared": "a crossing uncleared {}",
    "worse_filled": "worse filled {}",
    "lower_witness": "a lower witness {}",
    "witness_absent": "an absent one {}",
    "idle_witness": "an idle one {}",
    "overfilled": "overfilled {}",
    "beyond_bound": "beyond a bound {}",
    "wrong_share": "a share {}",
    "unit_misplaced": "a spare unit {}",
}
"""What caught a mutant, as the page says it."""


def test_proofs__figures_of_the_attack__are_those_of_the_last_campaign() -> None:
    text = re.sub(r"\s+", " ", (PROJECT_DIR / "docs" / "proofs.md").read_text(encoding="utf-8"))
    counts = kept()
    caught, markets = counts["caught"], counts["markets"]
    refuted = counts["mutants"] - caught["posting"] - caught["demand"]
    row = (counts["mutants"], counts["in_two_slots"], caught["posting"], refuted, caught["demand"], 0)

    assert f"On {markets} random markets of two slots (`python -m tests.oracle.refutation.campaign {markets}`)" in text
    assert f"| {' | '.join(f'{figure:,}' for figure in row)} |" in text
    assert set(caught) == {*WORDS, "posting", "demand"}
    missing = [word for kind in WORDS if (word := WORDS[kind].format(f"{caught[kind]:,}")) not in text]
    assert not missing
    assert sum(caught.values()) == counts["mutants"]
