"""Pages of one portal repeat their tables to the last label: a layout seen before is filled with new figures.

The key of a document is everything printed in its tables except plain whole numbers. Two documents with the
same key are aligned alike, because no decision looks at the size of a number. Where one does (tables printed
twice, headings that only sums confirm, undecided rows), the document is not remembered. Numbers that are more
than a count of the form (money, extra cells, serial numbers) must be the same for a layout to be known.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

from parsers.align.alignment import Alignment
from parsers.document import Document, Table
from parsers.forms import Forms
from parsers.records import Fact, Where

Key: TypeAlias = tuple[object, ...]
_MOST_PLANS = 128
_MOST_CELLS = 1_500


@dataclass(frozen=True, slots=True)
class Layout:
    """The tables of a document with the plain whole numbers taken out."""

    key: Key
    numbers: tuple[str, ...]
    """The numbers in reading order."""
    places: tuple[Where, ...]


@dataclass(frozen=True, slots=True)
class _Plan:
    alignment: Alignment
    sources: tuple[int | None, ...]
    """For each fact the ordinal of its number; None for facts that are the same in every such document."""
    pins: tuple[tuple[int, str], ...]
    """All other numbers, which must be the same."""


def take_out_numbers(tables: Sequence[Table]) -> Layout | None:
    """Return the layout of grid tables; None for tables too large or of another kind."""
    if any(table.geometry != "grid" for table in tables):
        return None
    if not 0 < sum(len(row) for table in tables for row in table.rows) <= _MOST_CELLS:
        return None
    key: list[object] = []
    numbers: list[str] = []
    places: list[Where] = []
    for table in tables:
        key.append(table.number)
        for row in table.rows:
            key.append(len(row))
            for text, at, column, height, width in row:
                if text.isdigit() and text.isascii() and len(text) < 9 and (text[0] != "0" or text == "0"):
                    numbers.append(text)
                    places.append(Where(table.number, at, column))
                    key.append((None, at, column, height, width))
                else:
                    key.append((text, at, column, height, width))
    return Layout(tuple(key), tuple(numbers), tuple(places))


class Memo:
    """Alignments by layout, the oldest forgotten first."""

    def __init__(self) -> None:
        self._plans: dict[Key, _Plan] = {}

    def __len__(self) -> int:
        return len(self._plans)

    def recall(self, layout: Layout, document: Document) -> Alignment | None:
        """Return the alignment of a layout seen before, filled with the figures of this document."""
        plan = self._plans.get(layout.key)
        if plan is None or any(layout.numbers[index] != raw for index, raw in plan.pins):
            return None
        numbers = layout.numbers
        facts = tuple(
            fact if source is None else _filled(fact, numbers[source])
            for fact, source in zip(plan.alignment.facts, plan.sources, strict=True)
        )
        reading = replace(
            plan.alignment.reading,
            images=document.images,
            attachments=document.attachments,
            notes=(*document.notes, *plan.alignment.reading.notes),
        )
        return plan.alignment._replace(facts=facts, reading=reading)

    def remember(self, layout: Layout, alignment: Alignment, forms: Forms) -> None:
        """Keep an alignment whose reading carries no notes of its document."""
        ordinals = {place: number for number, place in enumerate(layout.places)}
        sources: list[int | None] = []
        for fact in alignment.facts:
            source = ordinals.get(fact.where) if fact.where is not None else None
            if source is not None and not _is_plain(fact, layout.numbers[source], forms, alignment.era):
                source = None
            sources.append(source)
        filled = set(sources)
        pins = tuple((index, raw) for index, raw in enumerate(layout.numbers) if index not in filled)
        if len(self._plans) >= _MOST_PLANS:
            self._plans.pop(next(iter(self._plans)))
        self._plans[layout.key] = _Plan(alignment, tuple(sources), pins)


def _filled(fact: Fact, raw: str) -> Fact:
    table, row, column, _, unit, status, _, note, method, where = fact
    return Fact(table, row, column, int(raw), unit, status, raw, note, method, where)


def _is_plain(fact: Fact, raw: str, forms: Forms, era: str | None) -> bool:
    """True for a count of the form whose value is the printed number and nothing else."""
    if era is None or fact.status != "reported" or fact.raw != raw or fact.value != int(raw):
        return False
    table = forms[era].table_index.get(fact.table)
    cell = table.cells.get((fact.row, fact.column)) if table is not None else None
    return cell is not None and cell.kind in ("count", "signed_count")
