"""The columns of table 3, as its headings name them, in the order in which they are printed."""

from collections.abc import Sequence

from parsers.align.ragged_columns import BLOCK_ERAS, REQUESTS, Columns, stands_before
from parsers.document import Cell
from parsers.forms import FormGroup, Forms, FormTable, refs_of

_FEWEST_NAMED = 4
_FEWEST_INTACT = 3
_LONGEST_HEADING = 20
_ORGANISATIONS = "organisations"


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
    if stands_before(standard[-1], standard[0], [codes for _, codes in names]):
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


def _distinct(names: list[tuple[str, tuple[str, ...]]]) -> list[tuple[str, tuple[str, ...]]]:
    """Leave out the repetitions a data frame prints for headings that cover several rows."""
    return list(dict.fromkeys(names))
