"""Which printed cell is which cell of the form."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from parsers.align.alignment import Alignment
from parsers.align.eras import majority, sub_table_eras
from parsers.align.facts import make_facts
from parsers.align.grid import align_grid
from parsers.align.memo import Memo, layout_of
from parsers.align.placement import Placed, SubTable
from parsers.align.ragged import align_ragged
from parsers.document import Document, Table
from parsers.forms import Forms, core_key, load_forms
from parsers.forms.loading import read_toml
from parsers.records import Reading

__all__ = ["Alignment", "Placed", "SubTable", "align", "align_grid", "align_ragged"]

_LOCAL = "pre2014"
_LIST = "stat2014"
_LONGEST_NAME = 60
"""Characters of a line that only names a file."""
_ATTACHED = tuple(core_key(text) for text in read_toml("words.toml")["attached"])
_MEMO = Memo()


def align(document: Document, memo: Memo | None = None) -> Alignment:
    """Return the era of a document's tables and a fact for every cell, decided by printed labels and places.

    A figure is `reported` only when its place is certain; `raw` is the cell as printed, `where` its table
    number and 0-based place. `memo` keeps layouts seen before; results are the same without it.
    """
    forms = load_forms()
    tables = list(document.tables())
    layout = layout_of(document, tables)
    memo = _MEMO if memo is None else memo
    known = memo.recall(layout, document) if layout is not None else None
    if known is not None:
        return known
    alignment, unique = _align(document, tables, forms)
    if layout is not None and unique:
        memo.remember(layout, alignment, forms)
    reading = alignment.reading
    return alignment._replace(
        reading=replace(
            reading,
            images=document.images,
            attachments=document.attachments,
            notes=(*document.notes, *reading.notes),
        )
    )


def _align(document: Document, tables: Sequence[Table], forms: Forms) -> tuple[Alignment, bool]:
    """Return the alignment without the document's own notes, and whether other numbers change nothing."""
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
        missing_rows=_missing_rows(subs, era, forms),
        ragged=tuple(dict.fromkeys(sub.table for sub in ragged)),
        notes=tuple(dict.fromkeys([*notes, *(note for sub in subs for note in sub.notes)])),
    )
    printed = sum(fact.where is not None for fact in facts)
    placed = [placed for sub in subs for placed in sub.placed]
    decided = all(item.status is None for item in placed)
    by_sums = any("headings_lost" in sub.notes for sub in subs)
    return Alignment(era, facts, reading), 0 < printed == len(placed) and decided and not by_sums


def _era(document: Document, eras: dict[str, str | None], forms: Forms) -> str | None:
    national = [era for era in eras.values() if era not in (None, _LOCAL)]
    if national:
        return majority(national)
    if _LOCAL in eras.values():
        return _LOCAL
    # The list of 2014 was mostly an attachment: its title tells the form, its cells are absent here.
    marks = [core_key(mark) for mark in forms[_LIST].marks]
    announced = not eras and any(mark in core_key(name) for name in _announced(document) for mark in marks)
    return _LIST if announced else None


def _announced(document: Document) -> Iterator[str]:
    """Yield the names of files of the report, and the lines that announce one without a link."""
    yield from (name for _, name in document.attachments)
    for block in document.blocks:
        if isinstance(block, Table) or len(block.text) > _LONGEST_NAME:
            continue
        if core_key(block.text).startswith(_ATTACHED):
            yield block.text


def _collect(subs: Sequence[SubTable], part: str) -> dict[str, tuple[str, ...]]:
    found: dict[str, dict[str, None]] = {}
    for sub in subs:
        if labels := getattr(sub, part):
            found.setdefault(sub.table, {}).update(dict.fromkeys(labels))
    return {table: tuple(labels) for table, labels in found.items()}


def _missing_rows(subs: Sequence[SubTable], era: str | None, forms: Forms) -> dict[str, tuple[str, ...]]:
    """Return the labels of the rows that no piece of a table has, for the tables that are there."""
    if era is None:
        return {}
    missing: dict[str, set[str]] = {}
    for sub in subs:
        if sub.table in forms[era].table_index and (sub.era or sub.read_as or era) == era:
            rows = set(sub.missing_rows)
            missing[sub.table] = missing.get(sub.table, rows) & rows
    return {
        code: tuple(row.label for row in forms.table(era, code).rows if row.code in rows)
        for code, rows in missing.items()
        if rows
    }
