"""Table 3: requests by result and kind of applicant."""

from collections.abc import Sequence

from parsers.align.blocks import REQUESTS, Block
from parsers.align.columns import Shape, Slot, figure_slots, place, read_slots, shape_of
from parsers.align.disclosure import ERAS, headings_of
from parsers.align.emit import emit, undecided
from parsers.align.lines import Labelled, Seen, cut
from parsers.align.naming import Named, column_code, name_columns, place_damaged_rows, row_codes
from parsers.align.placement import Placed, SubTable
from parsers.figures import read_figure
from parsers.forms import Forms, FormTable, refs_of
from parsers.records import Method

_FEWEST_ROWS_WITHOUT_HEADINGS = 5


def split_other(rows: Sequence[Labelled]) -> dict[str, list[str]]:
    """Return by era the labels that decide: （六）其他处理 as one row, or with numbered children below it."""
    children, whole = [], []
    for row in rows:
        label = row.label
        if label is None:
            continue
        eras = {ref[0] for ref in label.meaning.rows if ref[1] == REQUESTS}
        if eras == {"fmt2021"} and (
            row_codes(label.meaning, ERAS, REQUESTS) != ("other_misc",) or _in_other(row)
        ):
            children.append(label.text)
        elif eras == {"fmt2019"}:
            whole.append(label.text)
    if children:
        return {"fmt2021": children}
    return {"fmt2019": whole} if whole else {}


def _in_other(row: Labelled) -> bool:
    return row.group is not None and "other" in refs_of(row.group.meaning.groups, "fmt2021", REQUESTS)


def read_rows(block: Block) -> list[Labelled]:
    """Return the body rows that have figures."""
    return [row for row in (cut(line, (REQUESTS,)) for line in block.body) if row.values]


def align_requests(
    block: Block, rows: Sequence[Labelled], forms: Forms, decided: dict[str, list[str]], fallback: str | None
) -> SubTable | None:
    """Return table 3, None when a block without headings is too short to be it.

    `rows` are its `read_rows`; `decided` is what `split_other` says over all pieces; `fallback` is the era of
    the report.
    """
    era = next(iter(decided), None)
    table = forms.table(era or fallback or "fmt2021", REQUESTS)
    read_as = era or fallback or "fmt2021"
    slots = _slots(block, forms, table, read_as, rows)
    named = name_columns(slots, read_as, table) if slots else _unnamed(rows, table)
    codes, by_place = _codes(rows, table, read_as)
    if not headings_of(block) and len(set(codes)) < _FEWEST_ROWS_WITHOUT_HEADINGS:
        return None  # a table of something else with one of our words in it
    shape = shape_of([row.values for row in rows], slots)
    placed: list[Placed] = []
    for index, row in enumerate(rows):
        method: Method = "position" if index in by_place or (named and named.damaged) else "label"
        placed.extend(_row(row, codes[index], slots, named, shape, table, method))
    # Rows with other_* codes are no witness where nothing decided the era.
    lost = () if slots or not named else ("headings_lost",)
    unsure = () if era else ("era_undecided",)
    return SubTable(
        REQUESTS,
        era,
        tuple(placed),
        deciding_labels=tuple(decided.get(era or "", ())),
        damaged_headings=named.damaged if named else tuple(slot.heading for slot in slots),
        missing_rows=tuple(row.code for row in table.rows if row.code not in codes),
        notes=(*unsure, *lost, *(() if named else ("columns_undecided",))),
        read_as=read_as,
    )


def _slots(block: Block, forms: Forms, table: FormTable, era: str, rows: Sequence[Labelled]) -> list[Slot]:
    def is_group(cell: Seen) -> bool:
        return bool(cell.meaning.column_groups)

    def is_column(slot: Slot) -> bool:
        return column_code(slot, era, table) is not None

    slots = read_slots(headings_of(block), is_group, forms.names)
    return figure_slots(slots, is_column, [row.values for row in rows], len(table.columns))


def _unnamed(rows: Sequence[Labelled], table: FormTable) -> Named | None:
    """Return the columns of the form when the headings are lost and every row sum confirms that order."""
    expected = len(table.columns)
    confirmed = False
    for row in rows:
        figures = [read_figure(cell.text, "count", None) for cell in row.values]
        if len(figures) != expected or any(figure.status not in ("reported", "blank") for figure in figures):
            return None
        numbers = [figure.value for figure in figures if figure.value is not None]
        if len(numbers) == expected:
            if sum(numbers[:-1]) != numbers[-1]:
                return None
            confirmed = True
    return Named(tuple(column.code for column in table.columns), ("",) * expected) if confirmed else None


def _codes(rows: Sequence[Labelled], table: FormTable, era: str) -> tuple[list[str | None], set[int]]:
    codes: list[str | None] = []
    group: str | None = None
    for row in rows:
        if row.group is not None and (row.group.own or not _has_groups(row.group, table)):
            group = next(iter(refs_of(row.group.meaning.groups, era, REQUESTS)), group)
        codes.append(_row_code(row, table, era, group))
        known = table.row_index.get(codes[-1] or "")
        if known is not None:
            group = known.group
    return codes, place_damaged_rows(codes, [row.label for row in rows], table)


def _has_groups(cell: Seen, table: FormTable) -> bool:
    """True for 三、本年度办理结果, which hangs beside groups of its own."""
    parents = {group.parent for group in table.groups}
    return any(ref[2] in parents for ref in cell.meaning.groups)


def _row_code(row: Labelled, table: FormTable, era: str, group: str | None) -> str | None:
    label = row.label
    groups = {item.code: item for item in table.groups}
    if label is not None:
        found = row_codes(label.meaning, (era,), REQUESTS)
        if len(found) == 1:
            known = table.row_index[found[0]]
            return known.code if not known.needs_group or known.group == group else None
        own_group = refs_of(label.meaning.groups, era, REQUESTS)
        if own_group:
            return groups[own_group[0]].subtotal
        if label.meaning.furniture == "subtotal" and row.group is not None:
            return groups[group].subtotal if group else None
        return None
    if row.group is not None and row.group.own and group:
        return groups[group].subtotal
    return None


def _row(
    row: Labelled,
    code: str | None,
    slots: Sequence[Slot],
    named: Named | None,
    shape: Shape,
    table: FormTable,
    method: Method,
) -> list[Placed]:
    label = row.label or row.group
    printed = label.text if label else ""
    if code is None and (not printed or all(cell.blank for cell in row.values)):
        return []
    extra = code is None or code.startswith("x_")
    name = code or f"x_row_{row.line.table}_{row.line.row}"
    if named is None:
        return [] if extra else list(undecided(row.line, row.values, name, table))
    if not slots:
        slots = [Slot(cell.start, cell.end, (), (), ()) for cell in row.values]
        shape = Shape(len(slots), slots[-1].end, True, 0)
    found = place(row.values, slots, shape, in_order=named.in_order, complete=named.complete)
    headings = [slot.heading for slot in slots]
    note = printed if extra else None
    cells = [(name, column) for column in named.codes]
    return list(emit(row.line, row.values, found, cells, method, label=note, headings=headings))
