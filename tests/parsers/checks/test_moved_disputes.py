"""Figures of table 4 that look whole and add up only one column to the side."""

import pytest

from parsers.checks import checked
from parsers.checks.moved_disputes import IN_DOUBT
from parsers.records import CellKey, Report
from tests.parsers.checks.reports import example

ROWS = ("review", "suit_direct", "suit_after_review")
COLUMNS = ("upheld", "corrected", "other", "pending", "total")
CELLS: list[CellKey] = [("disputes", row, column) for row in ROWS for column in COLUMNS]
WHOLE = (3, 0, 1, 0, 4, 2, 0, 0, 1, 3, 0, 5, 0, 0, 5)


def printed(figures: tuple[int, ...]) -> Report:
    return example(dict(zip(CELLS, figures, strict=True)))


def held(figures: tuple[int, ...]) -> list[int]:
    """Return the places held back."""
    facts = {fact.key: fact for fact in checked(printed(figures)).facts}
    doubtful = [at for at, cell in enumerate(CELLS) if facts[cell].status != "reported"]
    assert {facts[CELLS[at]].note for at in doubtful} <= {IN_DOUBT}
    assert {facts[CELLS[at]].value for at in doubtful} <= {None}
    return doubtful


def without_one_and_with_another(lost: int, gained: int, figure: int) -> tuple[int, ...]:
    figures = [*WHOLE[:lost], *WHOLE[lost + 1 :]]
    return (*figures[:gained], figure, *figures[gained:])


@pytest.mark.parametrize(("lost", "gained"), [(0, 9), (2, 6), (8, 1), (12, 3), (4, 14)])
def test_what_stands_between_a_lost_and_a_gained_figure_is_held_back(lost: int, gained: int) -> None:
    figures = without_one_and_with_another(lost, gained, 7)
    moved = {at for at, (now, was) in enumerate(zip(figures, WHOLE, strict=True)) if now != was}
    assert moved <= set(held(figures))


def test_a_slip_in_a_group_stays_as_printed() -> None:
    for at in range(15):
        for figure in (0, 1, 9):
            assert held((*WHOLE[:at], figure, *WHOLE[at + 1 :])) == []


def test_two_slips_that_no_move_explains_stay_as_printed() -> None:
    assert held((3, 0, 1, 0, 11, 2, 0, 0, 1, 7, 0, 5, 0, 0, 5)) == []


def test_what_adds_up_is_not_looked_at() -> None:
    report = printed(WHOLE)
    assert checked(report).facts is report.facts
