"""Tables whose merged cells were lost: figures are counted against the form, placed where that decides."""

from collections.abc import Iterable, Iterator, Sequence

from parsers.align.placement import Placed, SubTable
from parsers.align.ragged_aligned import headed_places, keeps_places, request_places
from parsers.align.ragged_columns import (
    BLOCK_ERAS,
    DISPUTES,
    REQUESTS,
    Columns,
    block_columns,
    form_columns,
)
from parsers.align.ragged_disputes import align_dispute_rows
from parsers.align.ragged_evidence import Manner, fills_rows, keeps_inside, repeats, weigh
from parsers.align.ragged_names import restore_names
from parsers.align.ragged_parts import BLOCKS, Entry, Part, own_code, split_rows
from parsers.align.ragged_place import place_row, undecided
from parsers.align.ragged_requests import request_columns
from parsers.align.ragged_rows import RowView, view_rows
from parsers.align.ragged_sums import place_by_sums
from parsers.align.ragged_widths import RowWidths, heading_widths
from parsers.document import Cell, Table
from parsers.forms import Forms, Names, core_key
from parsers.forms.loading import read_toml
from parsers.text import label_key

_HEADING_START = tuple(label_key(text) for text in read_toml("words.toml")["heading_start"])


def align_ragged(tables: Iterable[Table], forms: Forms) -> list[SubTable]:
    """Return the tables of the form found in ragged tables, each cell with its place or why it has none.

    `Placed.where` is (number of the table, row as read, ordinal of the cell in the row).
    """
    given = list(tables)
    inside = keeps_inside(given)
    aligned = keeps_places(given)
    return [
        sub
        for table in given
        for sub in _align_table(
            table, Manner(repeats(table), inside, fills_rows(table), aligned.get(table.number)), forms
        )
    ]


def _align_table(table: Table, manner: Manner, forms: Forms) -> Iterator[SubTable]:
    rows = list(view_rows(table))
    parts = split_rows(rows, forms)
    yield from _blocks([part for part in parts if part.code in BLOCKS], table, rows, manner, forms)
    for part in parts:
        if part.code == REQUESTS:
            yield _requests(part, table, rows, manner, forms)
        elif part.code == DISPUTES:
            yield align_dispute_rows(part, table, rows, manner, forms)


def _blocks(
    parts: Sequence[Part], table: Table, rows: Sequence[RowView], manner: Manner, forms: Forms
) -> Iterator[SubTable]:
    """Yield the blocks of table 2; what they prove they prove together, for they share one grid."""
    headed = _HeadedColumns(manner, forms)
    known = [[headed.of(entry, part.code) for entry in part.entries] for part in parts]
    eras = {found.era for columns in known for found in columns if found is not None}
    eras |= {_era_by_rows(part, forms) for part in parts if part.entries[0].heading is None} - {None}
    common = _only(eras)
    for part, columns in zip(parts, known, strict=True):
        bare = _columns_without_heading(part, common, forms)
        for at, entry in enumerate(part.entries):
            if entry.heading is None:
                columns[at] = bare
    for part, columns in zip(parts, known, strict=True):
        part.entries = _restored(part, _only({item.era for item in columns if item is not None}), forms)
    counted = [
        (entry.row, found.size)
        for part, columns in zip(parts, known, strict=True)
        for entry, found in zip(part.entries, columns, strict=True)
        if found is not None and entry.row.kind != "heading"
    ]
    headings = [row for row in rows if row.kind == "caption" or (row.kind == "heading" and row.starts)]
    evidence = weigh(table, counted, headings, manner, labels=1, merged=True)
    for part, columns in zip(parts, known, strict=True):
        placed: list[Placed] = []
        for entry, found in zip(part.entries, columns, strict=True):
            if found is None:
                placed.extend(undecided(entry, part.code, forms))
            else:
                widths = heading_widths(entry.heading)
                placed.extend(place_row(entry, found, evidence, rows, forms, widths))
        yield _block(part, columns, placed, forms)


def _only(eras: set[str | None]) -> str | None:
    return eras.pop() if len(eras) == 1 else None


def _restored(part: Part, era: str | None, forms: Forms) -> list[Entry]:
    if all(not entry.code.startswith("x_row") for entry in part.entries):
        return part.entries
    eras = [era] if era is not None else [name for name in BLOCK_ERAS if part.code in forms[name].table_index]
    readings = [restore_names(part.entries, forms.table(name, part.code).rows) for name in eras]
    if all(reading == readings[0] for reading in readings):
        return readings[0]
    return [entry._replace(doubtful=entry.code.startswith("x_row")) for entry in part.entries]


def _block(part: Part, columns: Sequence[Columns | None], placed: list[Placed], forms: Forms) -> SubTable:
    found = [item for item in columns if item is not None]
    era = _only({item.era for item in found})
    deciding = tuple(dict.fromkeys(label for item in found for label in item.labels))
    damaged = tuple(dict.fromkeys(label for item in found for label in item.damaged))
    return SubTable(part.code, era, tuple(placed), deciding, damaged, _missing(part, era, forms))


def _is_aligned(row: RowView, manner: Manner) -> bool:
    """Say whether the cells of a row stand in the columns of the grid."""
    return row.cells + row.pads == manner.aligned


class _HeadedColumns:
    """The columns of rows by the heading above them, looked up once for each heading."""

    def __init__(self, manner: Manner, forms: Forms) -> None:
        self.manner = manner
        self.forms = forms
        self.known: dict[tuple[int, str], Columns | None] = {}

    def of(self, entry: Entry, code: str) -> Columns | None:
        """Return the columns of a row of a block, None without a heading or where it decides nothing."""
        if entry.heading is None:
            return None
        key = (entry.heading.number, code)
        if key not in self.known:
            names = self.forms.names
            heads = _behind_furniture(entry.heading.heads, names)
            if not entry.heading.starts and heads and _opens_headings(heads[0]):
                heads = heads[1:]
            if self.manner.repeated:
                heads = [cell for at, cell in enumerate(heads) if not at or cell.text != heads[at - 1].text]
            found = block_columns(heads, code, self.forms)
            aligned = _is_aligned(entry.heading, self.manner) and not self.manner.repeated
            self.known[key] = headed_places(found, heads) if found is not None and aligned else found
        return self.known[key]


def _behind_furniture(heads: Sequence[Cell], names: Names) -> list[Cell]:
    """Return the headings of figures; a heading such as 代码 behind the first of them names a column too."""
    kinds = [names.meaning(cell.text).furniture for cell in heads]
    start = kinds.index("heading_start") if "heading_start" in kinds else -1
    return [cell for at, cell in enumerate(heads) if at > start or kinds[at] is None]


def _opens_headings(cell: Cell) -> bool:
    """Say whether a cell is what a line break left of the words every heading of a block opens with."""
    rest = label_key(cell.text)
    return len(rest) > 1 and any(text.startswith(rest) for text in _HEADING_START)


def _columns_without_heading(part: Part, common: str | None, forms: Forms) -> Columns | None:
    """Return the columns of a block without a heading: of the form its rows or the other blocks name."""
    era = _era_by_rows(part, forms) or common
    if era is None or part.code not in forms[era].table_index:
        return None
    return form_columns(era, part.code, forms)


def _era_by_rows(part: Part, forms: Forms) -> str | None:
    """Return the one form in which all printed row labels are the official ones."""
    labels = {core_key(entry.row.label.text) for entry in part.entries if entry.row.label is not None}
    fits = [
        era
        for era in BLOCK_ERAS
        if part.code in forms[era].table_index
        and labels <= {core_key(row.label) for row in forms.table(era, part.code).rows}
    ]
    return fits[0] if len(fits) == 1 else None


def _requests(part: Part, table: Table, rows: Sequence[RowView], manner: Manner, forms: Forms) -> SubTable:
    heads = [row.heads for row in part.headings]
    columns = request_columns(heads, forms)
    places = None
    aligned = bool(part.headings) and all(_is_aligned(row, manner) for row in part.headings)
    if aligned:
        places = request_places(heads, [entry.row for entry in part.entries], forms)
        columns = places or columns
    count = columns.size if columns else len(forms.table(BLOCK_ERAS[0], REQUESTS).columns)
    evidence = weigh(table, _counted(part, count), part.headings, manner, labels=3, totals=True)
    if columns is not None and any(code.startswith("x_") for code in columns.codes):
        evidence = evidence._replace(thin=False)  # the headings name the column more
    if aligned and places is None:
        evidence = evidence._replace(at_the_end=False)  # headings that contradict their places, or figures
    era = _era_of_requests(part, forms)
    part.entries = _restored(part, era, forms)
    entries = [entry._replace(code=own_code(entry.code, era)) for entry in part.entries]
    widths = RowWidths(entries, count, forms.table(era or BLOCK_ERAS[0], REQUESTS))
    placed: list[Placed] = []
    for entry in entries:
        if columns is None:
            placed.extend(undecided(entry, REQUESTS, forms))
        else:
            placed.extend(place_row(entry, columns, evidence, rows, forms, widths.of(entry)))
    if era is not None and columns is not None and len({entry.code for entry in entries}) == len(entries):
        order = [row.code for row in forms.table(era, REQUESTS).rows]
        placed = place_by_sums(entries, placed, columns.codes, order)
    damaged = () if columns is None or columns.named else columns.damaged
    return SubTable(REQUESTS, era, tuple(placed), (), damaged, _missing(part, era, forms))


def _counted(part: Part, count: int) -> list[tuple[RowView, int]]:
    return [(entry.row, count) for entry in part.entries if entry.row.kind != "heading"]


def _era_of_requests(part: Part, forms: Forms) -> str | None:
    """Return the only form that has all rows found; where rows are missing another row must follow."""
    codes = [own_code(entry.code, None) for entry in part.entries if not entry.code.startswith("x_")]
    newer, older = (set(forms.table(era, REQUESTS).row_index) for era in BLOCK_ERAS)
    if set(codes) & (newer - older):
        return BLOCK_ERAS[0]
    own = [at for at, code in enumerate(codes) if code in older - newer]
    if own and own[0] + 1 < len(codes) and part.entries[own[0]].row.printed:
        return BLOCK_ERAS[1]
    return None


def _missing(part: Part, era: str | None, forms: Forms) -> tuple[str, ...]:
    if era is None:
        return ()
    found = {own_code(entry.code, era) for entry in part.entries}
    return tuple(row.code for row in forms.table(era, part.code).rows if row.code not in found)
