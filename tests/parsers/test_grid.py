from collections.abc import Iterable, Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from parsers import grid
from parsers.document import Cell
from parsers.grid import RawCell, lay_out_sections, read_span
from tests.render.form_layout import requests


def owners(rows: Iterable[Sequence[Cell]]) -> dict[tuple[int, int], Cell]:
    """Return which cell owns each covered grid place; of overlapping cells the one that starts first."""
    owned: dict[tuple[int, int], Cell] = {}
    for cell in (cell for row in rows for cell in row):
        for line in range(cell.row, cell.row + cell.row_span):
            for column in range(cell.column, cell.column + cell.column_span):
                owned.setdefault((line, column), cell)
    return owned


@pytest.mark.parametrize(
    ("value", "span"),
    [
        (None, 1),
        ("", 1),
        ("3", 3),
        (" 4", 4),
        ("2x", 2),
        ("2;", 2),
        ("1000000", 1000),
        ("9" * 400, 1000),
        ("-3", 1),
        ("x", 1),
        ("1.9", 1),
        ("+2", 2),
        ("\u30002", 1),
        ("٣", 1),
    ],
)
def test_spans_are_read_as_browsers_do(value: str | None, span: int) -> None:
    assert read_span(value, 1000) == span


def test_zero_is_one_for_columns_and_the_rest_of_the_section_for_rows() -> None:
    assert read_span("0", 1000) == 1
    assert read_span("0", 1000, zero=0) == 0
    rows = lay_out_sections([[[("a", 0, 1), ("b", 1, 1)], [("c", 1, 1)], [("d", 1, 1)]]]).rows
    assert rows[0][0] == Cell("a", 0, 0, 3, 1)
    assert [row[-1].column for row in rows] == [1, 1, 1]


@pytest.mark.parametrize(("era", "height"), [("fmt2021", 28), ("fmt2019", 26)])
def test_form_with_merged_cells_has_every_figure_in_its_column(era: str, height: int) -> None:
    boxes = requests(era)
    rows = lay_out_sections([[[(box.text, box.rows, box.columns) for box in row] for row in boxes]]).rows
    assert len(rows) == height
    for printed, placed in zip(boxes[3:], rows[3:], strict=True):
        columns = [cell.column for box, cell in zip(printed, placed, strict=True) if box.key]
        assert columns == [3, 4, 5, 6, 7, 8, 9]
    assert set(owners(rows)) == {(row, column) for row in range(height) for column in range(10)}


def test_rowspan_ends_with_its_section_and_feet_come_last_only_if_given_last() -> None:
    layout = lay_out_sections([[[("head", 5, 1), ("x", 1, 1)]], [[("a", 1, 1), ("b", 1, 1)]]])
    assert layout.rows[0][0].row_span == 1
    assert [cell.column for cell in layout.rows[1]] == [0, 1]
    assert layout.notes == ("spans_clamped",)


def test_overlapping_cells_are_kept_and_noted() -> None:
    layout = lay_out_sections([[[("a", 1, 1), ("b", 2, 1)], [("wide", 1, 2)]]])
    assert layout.notes == ("cells_overlap",)
    assert owners(layout.rows)[1, 1].text == "b"
    assert layout.rows[1][0] == Cell("wide", 1, 0, 1, 2)


def test_a_row_of_absurd_colspans_is_summed_once() -> None:
    layout = lay_out_sections([[[("1", 1, 65)] * 40_000], [[("1", 2, 65)] * 40_000, [("2", 1, 1)]]])
    assert [len(row) for row in layout.rows] == [1_000, 1_000, 0]


@pytest.mark.parametrize("asked", [100, 1000, 3_000_000])
def test_absurd_colspan_takes_what_its_row_leaves(asked: int) -> None:
    rows: list[list[RawCell]] = [
        [("label", 2, 1), ("a", 1, 1), ("b", 1, 1), ("c", 1, 1)],
        [("x", 1, asked), ("y", 1, 1)],
        [("caption", 1, asked)],
    ]
    layout = lay_out_sections([rows])
    assert layout.width == 4
    assert layout.rows[1] == (Cell("x", 1, 1, 1, 2), Cell("y", 1, 3, 1, 1))
    assert layout.rows[2] == (Cell("caption", 2, 0, 1, 4),)
    assert layout.notes == ("spans_clamped",)


_spans = st.one_of(st.integers(0, 4), st.sampled_from([20, 65, 1000, 3_000_000, 10**9]))
_rows = st.lists(st.lists(st.tuples(st.just("x"), _spans, _spans), max_size=6), max_size=8)


@settings(deadline=None)
@given(st.lists(_rows, max_size=3))
def test_places_are_bounded_and_have_one_owner(sections: list[list[list[RawCell]]]) -> None:
    layout = lay_out_sections(sections)
    assert layout == lay_out_sections(sections)
    height = sum(map(len, sections))
    cells = [cell for row in layout.rows for cell in row]
    assert len(layout.rows) == height
    assert len({(cell.row, cell.column) for cell in cells}) == len(cells)
    assert sum(cell.row_span * cell.column_span for cell in cells) <= grid.MAX_COVERED + len(cells)
    for number, row in enumerate(layout.rows):
        assert all(cell.row == number for cell in row)
        assert [cell.column for cell in row] == sorted(cell.column for cell in row)
    assert all(0 < cell.row_span <= height - cell.row for cell in cells)
    assert all(cell.column_span > 0 and cell.column + cell.column_span <= layout.width for cell in cells)
    assert layout.width <= grid.MAX_COLUMNS
    if "cells_overlap" not in layout.notes:
        assert len(owners(layout.rows)) == sum(cell.row_span * cell.column_span for cell in cells)


@settings(deadline=None)
@given(_rows)
def test_no_cell_is_lost_unless_noted(rows: list[list[RawCell]]) -> None:
    layout = lay_out_sections([rows])
    if "columns_clamped" not in layout.notes:
        assert [len(row) for row in layout.rows] == [len(row) for row in rows]


@pytest.mark.parametrize(
    "rows",
    [
        [[("a", 10**9, 1000)]] + [[("c", 1000, 1000)] * 3] * 20_000,
        [[("a", 5, 1)] * 3] * 20_000,
        [[("a", 1, 1)]] * 100_000,
    ],
)
def test_hostile_spans_stay_within_bounds(rows: list[list[RawCell]]) -> None:
    layout = lay_out_sections([rows])
    assert len(layout.rows) == min(len(rows), grid.MAX_ROWS)
    assert (
        sum(cell.row_span * cell.column_span for row in layout.rows for cell in row) <= 2 * grid.MAX_COVERED
    )
