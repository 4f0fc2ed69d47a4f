"""The printed names of cells, rows and columns in both languages, for messages."""

from collections.abc import Iterable
from functools import cache
from itertools import islice

from parsers.checks.case import Case
from parsers.checks.catalogue import Bilingual
from parsers.forms import FORMS
from parsers.records import CellKey

_SHOWN_CELLS = 8


def _bilingual(label: str, english: str) -> Bilingual:
    return Bilingual(f"{label} ({english})" if english else label, label)


def form_name(era: str | None) -> Bilingual:
    """Return the name of a form; its code where no form has it, unknown without one."""
    form = FORMS.by_era.get(era or "")
    if form is not None:
        return Bilingual(form.title_en, form.title_zh)
    return Bilingual(era or "unknown form", era or "格式不详")


@cache
def table_name(era: str | None, table: str) -> Bilingual:
    """Return the name of a table; its code where no form knows it."""
    form = FORMS.by_era.get(era or "")
    known = form.table_index.get(table) if form else None
    return Bilingual(known.title_en, known.title_zh) if known else Bilingual(table, table)


@cache
def row_name(era: str | None, table: str, row: str) -> Bilingual:
    """Return the printed name of a row; its code where the form does not have it."""
    form = FORMS.by_era.get(era or "")
    known = form.table_index[table].row_index.get(row) if form and table in form.table_index else None
    return _bilingual(known.label, known.label_en) if known else Bilingual(row, row)


@cache
def column_name(era: str | None, table: str, column: str) -> Bilingual:
    """Return the printed name of a column; its code where the form does not have it."""
    form = FORMS.by_era.get(era or "")
    known = form.table_index[table].column_index.get(column) if form and table in form.table_index else None
    return _bilingual(known.label, known.label_en) if known else Bilingual(column, column)


def cell_name(case: Case, key: CellKey) -> Bilingual:
    """Return row and column of a cell; what the form does not have goes by its printed label."""
    table, row, column = key
    fact = case.facts.get(key)
    extra = row.startswith("x_"), column.startswith("x_")
    if fact is None or not fact.note or not any(extra):
        return form_cell_name(case.era, key)
    printed = Bilingual(fact.note, fact.note)
    if all(extra) or table == "statistics":
        return printed
    return _crossing(
        printed if extra[0] else row_name(case.era, table, row),
        printed if extra[1] else column_name(case.era, table, column),
    )


def _crossing(row: Bilingual, column: Bilingual) -> Bilingual:
    return Bilingual(f"{row.en} / {column.en}", f"{row.zh}／{column.zh}")


def form_cell_name(era: str | None, key: CellKey) -> Bilingual:
    """Return row and column of a cell of a form; the list of 2014 has one column, which needs no name."""
    table, row, column = key
    if table == "statistics":
        return row_name(era, table, row)
    return _crossing(row_name(era, table, row), column_name(era, table, column))


def listed(names: Iterable[Bilingual], count: int) -> Bilingual:
    """Return the names of `count` cells as one; a long list is cut and says how many follow."""
    names = list(islice(names, _SHOWN_CELLS))
    more = count - len(names)
    return Bilingual(
        "; ".join(name.en for name in names) + (f"; and {more} more" if more else ""),
        "；".join(name.zh for name in names) + (f"；另有{more}格" if more else ""),
    )


def subject(agency: str | None, fiscal_year: int | None) -> Bilingual:
    """Return how a message names the report: the agency and the year, or that they are not known."""
    who = Bilingual(agency or "Agency not identified", agency or "未识别的机关")
    return Bilingual(
        f"{who.en}, report for {fiscal_year}" if fiscal_year else f"{who.en}, report of an unknown year",
        f"{who.zh}{fiscal_year}年度报告" if fiscal_year else f"{who.zh}年度报告（年度不详）",
    )


def joined(names: Iterable[Bilingual]) -> Bilingual:
    """Return several names as one, in both languages."""
    names = tuple(names)
    return Bilingual("; ".join(name.en for name in names), "；".join(name.zh for name in names))
