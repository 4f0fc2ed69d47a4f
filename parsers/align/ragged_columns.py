"""Which columns a heading names when only the order of its cells is left."""

from collections.abc import Sequence
from typing import NamedTuple

from parsers.document import Cell
from parsers.forms import FormColumn, Forms, FormTable, core_key, refs_of

REQUESTS, DISPUTES = "requests", "disputes"
BLOCK_ERAS = ("fmt2021", "fmt2019")
_SHORTEST_HALF = 2


class Columns(NamedTuple):
    """The columns of figures of a table, in printed order."""

    era: str | None
    codes: tuple[str, ...]
    """Codes of the form; x_ codes for columns it does not have."""
    named: bool
    """Every column was recognised by its printed name."""
    damaged: tuple[str, ...] = ()
    """Headings as read, where the order decides because names are damaged."""
    labels: tuple[str, ...] = ()
    """Headings as printed, one for each column; () where none was found."""
    places: tuple[int, ...] = ()
    """Where each column stands in the rows, for tables that kept the places of their cells."""
    merged: bool = False
    """Figures may cover several columns, so that one can begin beside its heading."""

    @property
    def size(self) -> int:
        """How many figures a whole row has."""
        return len(self.codes)


def block_columns(heading: Sequence[Cell], code: str, forms: Forms) -> Columns | None:
    """Return the columns of a block of table 2, None when its heading fits no form or more than one.

    A heading by name wins over one by order; both need as many names as the form has columns.
    """
    texts = [cell.text for cell in heading]
    found = [_by_name(texts, era, forms.table(era, code), forms) for era in _eras(code, forms)]
    named = [item for item in found if item is not None]
    if not named:
        ordered = [_by_order(texts, era, forms.table(era, code), forms) for era in _eras(code, forms)]
        named = [item for item in ordered if item is not None]
    return named[0] if len(named) == 1 else None


def form_columns(era: str, code: str, forms: Forms) -> Columns:
    """Return the columns as the form has them, for tables without a readable heading."""
    return Columns(era, tuple(column.code for column in forms.table(era, code).columns), named=False)


def _eras(code: str, forms: Forms) -> list[str]:
    return [era for era in BLOCK_ERAS if code in forms[era].table_index]


def _by_name(texts: Sequence[str], era: str, table: FormTable, forms: Forms) -> Columns | None:
    codes: list[str] = []
    for text in texts:
        refs = refs_of(forms.names.meaning(text).columns, era, table.code)
        codes.append(refs[0] if len(refs) == 1 else f"x_column_{len(codes) + 1}")
    known = [code for code in codes if not code.startswith("x_")]
    if len(set(known)) < len(table.columns) or len(known) != len(set(known)):
        return None
    return Columns(era, tuple(codes), True, (), tuple(texts))


def _by_order(texts: Sequence[str], era: str, table: FormTable, forms: Forms) -> Columns | None:
    if len(texts) != len(table.columns):
        return None
    pairs = list(zip(texts, table.columns, strict=True))
    if not all(_fits(text, column, era, table.code, forms) for text, column in pairs):
        return None
    codes = tuple(column.code for column in table.columns)
    return Columns(era, codes, False, tuple(texts), tuple(texts))


def _fits(text: str, column: FormColumn, era: str, table: str, forms: Forms) -> bool:
    """Say whether a printed heading can be what is left of the name of a column."""
    meaning = forms.names.meaning(text)
    if column.code in refs_of((*meaning.columns, *meaning.halves), era, table):
        return True
    if refs_of(meaning.columns, era, table):
        return False
    key, whole = core_key(text), core_key(column.label)
    return len(key) >= _SHORTEST_HALF and (whole.startswith(key) or whole.endswith(key))


def stands_before(first: str, second: str, names: Sequence[tuple[str, ...]]) -> bool:
    """Say whether one name is printed in front of another; False where either is missing."""
    places = [next((at for at, codes in enumerate(names) if code in codes), None) for code in (first, second)]
    return places[0] is not None and places[1] is not None and places[0] < places[1]


def dispute_columns(headings: Sequence[Cell], forms: Forms) -> Columns | None:
    """Return the fifteen places of table 4 as `row.column`, None when its headings contradict the form."""
    table = forms.table(BLOCK_ERAS[0], DISPUTES)
    names = [column.code for column in table.columns]
    codes = tuple(f"{row.code}.{name}" for row in table.rows for name in names)
    era = BLOCK_ERAS[0]
    texts: list[str] = []
    exact: list[str | None] = []
    for cell in headings:
        meaning = forms.names.meaning(cell.text)
        columns = refs_of(meaning.columns, era, DISPUTES)
        halves = refs_of(meaning.halves, era, DISPUTES)
        if columns or halves or not _is_dispute_group(cell.text, forms):
            texts.append(cell.text)
            exact.append(columns[0] if columns else None)
    groups = {
        code for cell in headings for code in refs_of(forms.names.meaning(cell.text).rows, era, DISPUTES)
    }
    if not _groups_in_order(headings, table, forms):
        return None
    if exact == names * len(table.rows) and len(groups) == len(table.rows):
        return Columns(None, codes, True, (), tuple(texts))
    if len(exact) == len(codes):
        wanted = names * len(table.rows)
        if any(found not in (None, want) for found, want in zip(exact, wanted, strict=True)):
            return None
    shown = [code for code in exact if code is not None][: len(names)]
    places = [names.index(code) for code in dict.fromkeys(shown)]
    if places != sorted(places):
        return None
    return Columns(None, codes, False, tuple(cell.text for cell in headings))


def _groups_in_order(headings: Sequence[Cell], table: FormTable, forms: Forms) -> bool:
    """Say whether reviews stand in front of suits, and direct suits in front of the others, where named."""
    shown: list[tuple[str, ...]] = []
    for cell in headings:
        meaning = forms.names.meaning(cell.text)
        shown.append(refs_of((*meaning.rows, *meaning.groups), BLOCK_ERAS[0], DISPUTES))
    rows = [row.code for row in table.rows]
    behind = [(group.code, rows[0]) for group in table.groups]
    behind += [(after, before) for at, before in enumerate(rows) for after in rows[at + 1 :]]
    return not any(stands_before(after, before, shown) for after, before in behind)


def _is_dispute_group(text: str, forms: Forms) -> bool:
    meaning = forms.names.meaning(text)
    return any(ref[1] == DISPUTES for ref in (*meaning.rows, *meaning.groups))
