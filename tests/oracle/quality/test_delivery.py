"""What is refused, left out and noted of a delivery; and the same by a slow reference."""

from collections import Counter
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from oracle.measurement.types import Quality
from oracle.quality.delivery import check
from oracle.quality.types import AnomalyCode, FlowRules, RawReadings
from tests.oracle.quality import brute_force

T0 = 1_799_996_400
RULES = FlowRules(slot_seconds=900, most_w=6_000)
MOST_WH = 1_500

Reading = tuple[int, int, int, int]


def raw(*readings: Reading, quality: int = 0, arrived: list[int] | None = None) -> RawReadings:
    """Point, slot from T0, withdrawn and injected Wh, in the order of arrival."""
    table = np.array(readings, dtype=np.int64).reshape(-1, 4)
    return RawReadings(
        point_ids=("0x01", "0x02", "0x03"),
        point=table[:, 0],
        start=T0 + table[:, 1] * 900,
        seconds=np.full(len(table), 900),
        withdrawn_wh=table[:, 2],
        injected_wh=table[:, 3],
        quality=np.full(len(table), quality, np.uint8),
        arrived=None if arrived is None else np.array(arrived),
    )


def codes(delivery: RawReadings) -> dict[AnomalyCode, int]:
    return check(delivery, RULES).anomalies.counted()


def test_readings__columns_of_different_lengths__are_refused() -> None:
    with pytest.raises(ValueError, match="differ in length"):
        replace(raw((0, 0, 1, 0)), arrived=np.zeros(2, np.int64))


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"start": T0 + 1}, AnomalyCode.OFF_GRID),
        ({"start": -900}, AnomalyCode.OFF_GRID),
        ({"seconds": 3600}, AnomalyCode.OFF_GRID),
        ({"seconds": 0}, AnomalyCode.OFF_GRID),
        ({"withdrawn_wh": -1}, AnomalyCode.NEGATIVE_ENERGY),
        ({"injected_wh": -1}, AnomalyCode.NEGATIVE_ENERGY),
        ({"withdrawn_wh": MOST_WH + 1}, AnomalyCode.IMPLAUSIBLE_ENERGY),
        ({"injected_wh": MOST_WH + 1}, AnomalyCode.IMPLAUSIBLE_ENERGY),
    ],
)
def test_check__reading_that_cannot_be__is_refused_and_listed(changes: dict[str, int], code: AnomalyCode) -> None:
    delivery = raw((0, 0, 1, 1), (1, 0, 7, 8))
    columns: dict[str, Any] = {name: np.array([value, getattr(delivery, name)[1]]) for name, value in changes.items()}
    found = check(replace(delivery, **columns), RULES)

    assert found.accepted.point.tolist() == [1]
    (anomaly,) = found.anomalies.listed
    assert (anomaly.code, anomaly.point_id) == (code, "0x01")
    for name, value in changes.items():
        assert getattr(anomaly, name) == value


def test_check__slot_not_over_when_it_arrived__is_refused() -> None:
    found = check(raw((0, 0, 1, 1), (1, 0, 1, 1), arrived=[T0 + 899, T0 + 900]), RULES)

    assert found.accepted.point.tolist() == [1]
    assert found.anomalies.counted() == {AnomalyCode.CLOCK_AHEAD: 1}


def test_check__most_that_can_be__is_accepted() -> None:
    assert codes(raw((0, 0, MOST_WH, MOST_WH))) == {}


def test_check__same_reading_again__is_left_out_and_counted() -> None:
    found = check(raw((0, 0, 5, 0), (0, 1, 6, 0), (0, 1, 6, 0), (0, 1, 6, 0)), RULES)

    assert found.accepted.withdrawn_wh.tolist() == [5, 6]
    assert found.anomalies.counted() == {AnomalyCode.REPEATED: 2}


def test_check__another_value_for_a_slot__is_listed_and_the_first_stays() -> None:
    found = check(raw((0, 0, 5, 0), (1, 0, 9, 0), (0, 0, 6, 0)), RULES)

    assert found.accepted.withdrawn_wh.tolist() == [5, 9]
    (anomaly,) = found.anomalies.listed
    assert (anomaly.code, anomaly.withdrawn_wh) == (AnomalyCode.CONFLICTING, 6)


def test_check__another_quality_for_a_slot__conflicts_too() -> None:
    delivery = raw((0, 0, 5, 0), (0, 0, 5, 0))
    found = replace(delivery, quality=np.array([0, 1], np.uint8))

    assert codes(found) == {AnomalyCode.CONFLICTING: 1}


def test_check__late_reading__is_accepted_and_noted() -> None:
    found = check(raw((0, 0, 1, 0), (0, 2, 3, 0), (1, 1, 9, 0), (0, 1, 2, 0), (0, 3, 4, 0)), RULES)

    assert len(found.accepted) == 5
    assert [(a.code, a.start) for a in found.anomalies.listed] == [(AnomalyCode.OUT_OF_ORDER, T0 + 900)]


def test_check__clock_that_went_back__is_told_from_one_wrong_value() -> None:
    """Slots 0 to 3, then 2 and 3 again with other values, while the other point goes on."""
    delivery = raw((0, 0, 1, 0), (0, 1, 2, 0), (0, 2, 3, 0), (0, 3, 4, 0), (0, 2, 5, 0), (1, 4, 1, 0), (0, 3, 6, 0))
    found = check(delivery, RULES).anomalies

    assert found.counted() == {AnomalyCode.CONFLICTING: 2, AnomalyCode.CLOCK_STEP: 1}
    assert found.listed[-1].start == T0 + 2 * 900
    assert AnomalyCode.CLOCK_STEP not in codes(raw((0, 0, 1, 0), (0, 0, 2, 0), (0, 1, 3, 0), (0, 1, 4, 0)))


def test_check__reading_marked_missing__is_the_same_as_none() -> None:
    found = check(raw((0, 0, 0, 0), quality=Quality.MISSING), RULES)

    assert len(found.accepted) == 0
    assert found.anomalies.listed == ()


def test_check__nothing__finds_nothing() -> None:
    assert codes(raw()) == {}


readings = st.tuples(st.integers(0, 2), st.integers(0, 5), st.integers(-1, 3), st.sampled_from([0, 0, 0, MOST_WH + 1]))


@given(st.lists(readings, max_size=30), st.lists(st.tuples(st.sampled_from([0, 1, 2]), st.booleans()), min_size=30))
def test_check__of_any_delivery__equals_the_slow_reference(
    delivered: list[Reading], more: list[tuple[int, bool]]
) -> None:
    delivery = raw(*delivered, arrived=[T0 + 3000] * len(delivered))
    delivery = replace(
        delivery,
        quality=np.array([quality for quality, _ in more][: len(delivery)], np.uint8),
        start=delivery.start
        + np.array([int(odd and row % 7 == 0) for row, (_, odd) in enumerate(more)])[: len(delivery)],
    )
    accepted, wrong = brute_force.check(delivery, RULES)
    found = check(delivery, RULES)

    assert found.accepted.start.tolist() == delivery.start[accepted].tolist()
    assert found.accepted.withdrawn_wh.tolist() == delivery.withdrawn_wh[accepted].tolist()
    expected = Counter((code, delivery.point_ids[delivery.point[r]], int(delivery.start[r])) for code, r in wrong)
    assert Counter((a.code, a.point_id, a.start) for a in found.anomalies.listed) == expected
