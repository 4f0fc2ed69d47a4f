"""The printed forms have the official shape: rectangles without holes, the right number of figures."""

import pytest

from fixtures.farm.forms import Grid, cells_of, table_four, table_four_in_three, table_three, table_two


def widths(grid: Grid) -> set[int]:
    """Lay the cells out as a browser does and return the widths of the rows; a hole or overlap fails."""
    taken: set[tuple[int, int]] = set()
    for row, cells in enumerate(grid):
        column = 0
        for cell in cells:
            while (row, column) in taken:
                column += 1
            for place in (
                (row + down, column + right) for down in range(cell.rows) for right in range(cell.columns)
            ):
                assert place not in taken, f"two cells at {place}"
                taken.add(place)
    last = max(row for row, _ in taken)
    assert last == len(grid) - 1, "a cell reaches below the last row"
    counts = [sorted(column for row, column in taken if row == number) for number in range(len(grid))]
    for columns in counts:
        assert columns == list(range(len(columns)))
    return {len(columns) for columns in counts}


@pytest.mark.parametrize(
    ("grid", "width"),
    [
        (table_two("fmt2021"), 4),
        (table_two("fmt2019"), 5),
        (table_three("fmt2021"), 10),
        (table_three("fmt2019"), 10),
        (table_three("fmt2021", corner=False), 10),
        (table_four(), 15),
        *((grid, 5) for grid in table_four_in_three()),
    ],
)
def test_every_row_is_as_wide_as_the_form(grid: Grid, width: int) -> None:
    assert widths(grid) == {width}


def test_the_forms_have_the_official_number_of_figures() -> None:
    assert len(set(cells_of("fmt2021"))) == 200
    assert len(set(cells_of("fmt2019"))) == 198
    assert len(table_two("fmt2021")) == 14
    assert len(table_two("fmt2019")) == 18
