"""Which columns a heading names when only the order of its cells is left."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from parsers.document import Cell
from parsers.figures import heading_unit
from parsers.forms import FormColumn, FormGroup, Forms, FormTable, core_key, refs_of

REQUESTS, DISPUTES = "requests", "disputes"
BLOCK_ERAS = ("fmt2021", "fmt2019")
_SHORTEST_HALF = 2
_FEWEST_NAMED = 4
_FEWEST_INTACT = 3
_LONGEST_HEADING = 20
_ORGANISATIONS = "organisations"


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
    units: tuple[str | None, ...] = ()
    """Units of money printed in the headings."""
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
    return Columns(era, tuple(codes), True, (), tuple(texts), _units(texts))


def _by_order(texts: Sequence[str], era: str, table: FormTable, forms: Forms) -> Columns | None:
    if len(texts) != len(table.columns):
        return None
    pairs = list(zip(texts, table.columns, strict=True))
    if not all(_fits(text, column, era, table.code, forms) for text, column in pairs):
        return None
    codes = tuple(column.code for column in table.columns)
    return Columns(era, codes, False, tuple(texts), tuple(texts), _units(texts))


def _fits(text: str, column: FormColumn, era: str, table: str, forms: Forms) -> bool:
    """Say whether a printed heading can be what is left of the name of a column."""
    meaning = forms.names.meaning(text)
    if column.code in refs_of((*meaning.columns, *meaning.halves), era, table):
        return True
    if refs_of(meaning.columns, era, table):
        return False
    key, whole = core_key(text), core_key(column.label)
    return len(key) >= _SHORTEST_HALF and (whole.startswith(key) or whole.endswith(key))


def _units(texts: Iterable[str]) -> tuple[str | None, ...]:
    return tuple(heading_unit(text) for text in texts)


def request_columns(headings: Sequence[Sequence[Cell]], forms: Forms) -> Columns | None:
    """Return the columns of table 3, None when its headings contradict the order of the form.

    The form is the same since 2019; the kinds of organisations may stand in another order or have a subtotal.
    """
    table = forms.table(BLOCK_ERAS[0], REQUESTS)
    standard = [column.code for column in table.columns]
    seen = [(cell.text, _request_codes(cell.text, table, forms)) for row in headings for cell in row]
    names = [(text, codes) for text, codes in seen if codes is not None]
    if not names:
        return Columns(None, tuple(standard), False)
    ends = {standard[0], standard[-1]}
    if _stands_before(standard[-1], standard[0], [codes for _, codes in names]):
        return None  # the total stands first
    inner = _distinct([item for item in names if not (len(item[1]) == 1 and item[1][0] in ends)])
    exact = [codes[0] for _, codes in inner if len(codes) == 1]
    if (
        len(exact) == len(inner) >= _FEWEST_NAMED
        and set(standard) - ends <= set(exact)
        and len(set(exact)) == len(exact)
    ):
        named = ends <= {codes[0] for _, codes in names if len(codes) == 1}
        order = _printed_order(headings, exact, table, forms)
        return Columns(None, order, named, (), ()) if order is not None else None
    texts = tuple(text for text, _ in names)
    if len(inner) > len(standard) - 2 and any(code.startswith("x_") for code in exact):
        return None
    # Damaged names must still allow the order of the form: no whole name may stand in another's place.
    if len(inner) == len(standard) - 2:
        fits = all(not c or want in c for (_, c), want in zip(inner, standard[1:-1], strict=True))
        return Columns(None, tuple(standard), False, texts, ()) if fits else None
    if _lacks_column(exact, inner, headings, standard, forms):
        return None
    # A heading on two rows names its column twice.
    in_order = [standard.index(code) for code in dict.fromkeys(exact) if code in standard]
    return Columns(None, tuple(standard), False, texts, ()) if in_order == sorted(in_order) else None


def _printed_order(
    headings: Sequence[Sequence[Cell]], inner: Sequence[str], table: FormTable, forms: Forms
) -> tuple[str, ...] | None:
    """Return the columns from left to right, None where the headings do not say where a further one stands.

    The kinds of organisations stand below their common heading, so a subtotal printed beside that heading
    stands before or behind all of them.
    """
    first, *kinds, last = (column.code for column in table.columns)
    if set(inner) == set(kinds):
        return (first, *inner, last)
    seen: dict[str, int] = {}
    for number, row in enumerate(headings):
        for cell in row:
            codes = _request_codes(cell.text, table, forms)
            if codes is not None and len(codes) == 1:
                seen.setdefault(codes[0], number)
            elif any(group.parent for group in _column_groups(cell.text, table, forms)):
                seen.setdefault(_ORGANISATIONS, number)
    printed = list(seen)
    under_row = min(seen[code] for code in kinds)
    below = min(printed.index(code) for code in kinds)
    while below and printed[below - 1].startswith("x_"):
        # One row of text for two rows of headings does not say in which of them it stands.
        if seen[printed[below - 1]] == under_row == seen.get(_ORGANISATIONS):
            return None
        if seen[printed[below - 1]] != under_row:
            break
        below -= 1
    above, under = printed[:below], printed[below:]
    if _ORGANISATIONS in above:
        at = above.index(_ORGANISATIONS)
        order = [*above[:at], *(code for code in under if code != _ORGANISATIONS), *above[at + 1 :]]
    elif above == [first, last]:
        order = [first, *under, last]
    else:
        order = printed
    whole = {first, last, *inner} == set(order) and order.index(first) < order.index(last)
    return tuple(order) if whole and order.index(last) > max(map(order.index, kinds)) else None


def _column_groups(text: str, table: FormTable, forms: Forms) -> list[FormGroup]:
    codes = refs_of(forms.names.meaning(text).column_groups, BLOCK_ERAS[0], table.code)
    return [group for group in table.column_groups if group.code in codes]


def _request_codes(text: str, table: FormTable, forms: Forms) -> tuple[str, ...] | None:
    """Return the columns a heading of table 3 can name; None for what spans columns or belongs elsewhere."""
    meaning = forms.names.meaning(text)
    era = BLOCK_ERAS[0]
    exact = refs_of((*meaning.columns, *meaning.extra_columns), era, table.code)
    if exact:
        return exact
    halves = refs_of(meaning.halves, era, table.code)
    return halves or None


def request_code(text: str, table: FormTable, forms: Forms) -> str | None:
    """Return the one column of table 3 a heading names by its whole name."""
    meaning = forms.names.meaning(text)
    codes = refs_of((*meaning.columns, *meaning.extra_columns), BLOCK_ERAS[0], table.code)
    return codes[0] if len(codes) == 1 else None


def _lacks_column(
    exact: Sequence[str],
    inner: Sequence[tuple[str, tuple[str, ...]]],
    headings: Sequence[Sequence[Cell]],
    standard: Sequence[str],
    forms: Forms,
) -> bool:
    """Say whether the form's column is missing, not its name: all other headings are whole.

    Texts without repeated lines lose only 其他, which other tables print too.
    """
    if len(exact) < len(inner) or set(standard[1:-2]) <= set(exact) or len(exact) < _FEWEST_INTACT:
        return False
    short = (cell.text for row in headings for cell in row if len(cell.text) <= _LONGEST_HEADING)
    return all(forms.names.meaning(text).known for text in short if text)


def _stands_before(first: str, second: str, names: Sequence[tuple[str, ...]]) -> bool:
    """Say whether one name is printed in front of another; False where either is missing."""
    places = [next((at for at, codes in enumerate(names) if code in codes), None) for code in (first, second)]
    return places[0] is not None and places[1] is not None and places[0] < places[1]


def _distinct(names: list[tuple[str, tuple[str, ...]]]) -> list[tuple[str, tuple[str, ...]]]:
    """Leave out the repetitions a data frame prints for headings that cover several rows."""
    return list(dict.fromkeys(names))


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
    return not any(_stands_before(after, before, shown) for after, before in behind)


def _is_dispute_group(text: str, forms: Forms) -> bool:
    meaning = forms.names.meaning(text)
    return any(ref[1] == DISPUTES for ref in (*meaning.rows, *meaning.groups))
