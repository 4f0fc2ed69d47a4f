"""A value against the others of its group: as if they had been counted one by one."""

from statistics import median

import pytest
from hypothesis import given
from hypothesis import strategies as st

from output.spread import Others

VALUES = st.sampled_from([0.0, 0.1, 0.2, 0.25, 0.5, 1.0]) | st.floats(0, 1)


def counted(values: list[float], place: int) -> float | None:
    others = values[:place] + values[place + 1 :]
    centre = median(others)
    deviation = 1.4826 * median(abs(value - centre) for value in others)
    return (values[place] - centre) / deviation if deviation else None


@given(st.lists(VALUES, min_size=3, max_size=12))
def test_it_is_the_same_as_leaving_each_out_in_turn(values: list[float]) -> None:
    group = Others(values)
    for place, value in enumerate(values):
        assert group.robust_z(value) == pytest.approx(counted(values, place))


def test_equal_others_give_no_measure() -> None:
    assert Others([0.5] * 9 + [0.7]).robust_z(0.7) is None
