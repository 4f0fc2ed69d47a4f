"""Which printed cell is which cell of the form."""

from collections.abc import Sequence
from typing import NamedTuple

from parsers.align.eras import majority, sub_table_eras
from parsers.align.facts import make_facts
from parsers.align.grid import align_grid
from parsers.align.placement import Placed, SubTable
from parsers.align.ragged import align_ragged
from parsers.document import Document
from parsers.forms import Forms, core_key, load_forms
from parsers.records import Fact, Reading

__all__ = ["Alignment", "Placed", "SubTable", "align", "align_grid", "align_ragged"]

_LOCAL = "pre2014"
_LIST = "stat2014"


class Alignment(NamedTuple):
    """What the tables of a document say, in the codes of one form."""

    era: str | None
    facts: tuple[Fact, ...]
    """Every cell of the era's form in printed order, then printed cells it does not have (x_ codes).

    Only x_ cells where the era is not known.
    """
    reading: Reading


def align(document: Document) -> Alignment:
    """Return the era of a document's tables and a fact for every cell, decided by printed labels and places.

    A figure is `reported` only when its place is certain; `raw` is the cell as printed, `where` its table
    number and 0-based place.
    """
    forms = load_forms()
    tables = list(document.tables())
    grid = align_grid([table for table in tables if table.geometry == "grid"], forms)
    ragged = align_ragged([table for table in tables if table.geometry == "ragged"], forms)
    subs = [*grid, *ragged]
    eras = sub_table_eras(subs)
    era = _era(document, eras, forms)
    facts, notes = make_facts(subs, era, forms)
    reading = Reading(
        sub_table_eras=eras,
        deciding_labels=_collect(subs, "deciding_labels"),
        damaged_headings=_collect(subs, "damaged_headings"),
        missing_rows=_missing_rows(facts, era, forms),
        ragged=tuple(dict.fromkeys(sub.table for sub in ragged)),
        images=document.images,
        attachments=document.attachments,
        notes=(*document.notes, *dict.fromkeys([*notes, *(note for sub in subs for note in sub.notes)])),
    )
    return Alignment(era, facts, reading)


def _era(document: Document, eras: dict[str, str | None], forms: Forms) -> str | None:
    national = [era for era in eras.values() if era not in (None, _LOCAL)]
    if national:
        return majority(national)
    if _LOCAL in eras.values():
        return _LOCAL
    # The list of 2014 was mostly an attachment: its title tells the form, its cells are absent here.
    marks = [core_key(mark) for mark in forms[_LIST].marks]
    announced = any(mark in core_key(name) for _, name in document.attachments for mark in marks)
    return _LIST if announced and not eras else None


def _collect(subs: Sequence[SubTable], part: str) -> dict[str, tuple[str, ...]]:
    found: dict[str, dict[str, None]] = {}
    for sub in subs:
        if labels := getattr(sub, part):
            found.setdefault(sub.table, {}).update(dict.fromkeys(labels))
    return {table: tuple(labels) for table, labels in found.items()}


def _missing_rows(facts: Sequence[Fact], era: str | None, forms: Forms) -> dict[str, tuple[str, ...]]:
    """Return the labels of the rows without any printed cell, for the tables that are there."""
    if era is None:
        return {}
    printed = {(fact.table, fact.row) for fact in facts if fact.where is not None}
    found = {table for table, _ in printed}
    missing = {
        table.code: tuple(row.label for row in table.rows if (table.code, row.code) not in printed)
        for table in forms[era].tables
        if table.code in found
    }
    return {table: labels for table, labels in missing.items() if labels}
