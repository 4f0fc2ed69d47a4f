"""Figures of a report in two bytes each: what goes in comes out."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from output.figures import PrintedFigures
from parsers.records import CellKey, Number

STATUSES = ("blank", "dash", "not_applicable", "unreadable", "ambiguous", "absent")
NUMBERS = st.integers(-(2**15) - 9, 2**15 + 9) | st.integers() | st.decimals(allow_nan=False)


def key(place: int) -> CellKey:
    return ("requests", f"r{place}", "total")


@given(st.lists(NUMBERS | st.sampled_from(STATUSES), max_size=40))
def test_figures_and_reasons_come_back(values: list[Number | str]) -> None:
    index = {key(place): place for place in range(len(values))}
    printed = PrintedFigures(index, values)
    known = {key(place): value for place, value in enumerate(values) if not isinstance(value, str)}
    assert dict(printed) == known
    assert len(printed) == len(known)
    assert list(printed) == list(known)
    for cell, place in index.items():
        assert printed.state(cell) == values[place]
        assert type(printed.state(cell)) is type(values[place])
        assert (cell in printed) == (cell in known)
        assert printed.get(cell, "none") == known.get(cell, "none")


def test_a_cell_of_another_form_is_absent() -> None:
    printed = PrintedFigures({key(0): 0}, [Decimal("12.35")])
    assert printed.state(key(1)) == "absent"
    assert printed.get(key(1)) is None
    with pytest.raises(KeyError):
        printed[key(1)]
