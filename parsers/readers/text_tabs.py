"""Tables whose cells are separated by tabs, as browsers and spreadsheets copy them: as with pipes."""

from collections.abc import Iterator, Sequence

from parsers.readers.text_labels import whole_label

_FEWEST_ROWS = 2


def tabs_as_pipes(lines: Sequence[str]) -> list[str]:
    """Return the lines, each tab of a table a pipe: a tab tells an empty cell as surely as a printed one.

    Tabs of running text, and those that only indent, are left as they are.
    """
    found: list[str] = []
    for run in _runs(lines):
        found.extend(_rows(run) if _is_table(run) else run)
    return found


def _runs(lines: Sequence[str]) -> Iterator[list[str]]:
    """Yield runs of lines with tabs, empty lines between them included, and the lines around them."""
    run: list[str] = []
    for line in lines:
        tabbed = "\t" in line
        if run and tabbed != ("\t" in run[0]) and line.strip():
            yield run
            run = []
        if run or not tabbed or line.strip():
            run.append(line)
        else:
            yield [line]
    if run:
        yield run


def _cells(line: str) -> list[str]:
    return [cell.strip() for cell in line.split("\t")]


def _is_table(run: Sequence[str]) -> bool:
    rows = [_cells(line) for line in run if "\t" in line]
    if (
        any("|" in line for line in run)
        or sum(len(list(filter(None, row))) > 1 for row in rows) < _FEWEST_ROWS
    ):
        return False
    return any(cell and whole_label(cell) for row in rows for cell in row)


def _rows(run: Sequence[str]) -> Iterator[str]:
    """Yield the rows without what only indents them and without tabs that end every one of them."""
    rows = [line for line in run if line.strip()]
    indent = min(len(line) - len(line.lstrip("\t")) for line in rows)
    ended = all(line.endswith("\t") for line in rows)
    for line in run:
        cells = _cells(line[indent:].removesuffix("\t") if ended else line[indent:])
        yield "|".join(cells) if line.strip() else line
