"""Pages of one portal repeat their tables to the last label: a layout seen before is filled with new figures.

The key of a document is everything printed in its tables except plain whole numbers and sums of money. Two
documents with the same key are aligned alike, because no decision looks at the size of a number. Where one
does (tables printed twice, headings that only sums confirm, undecided rows), the document is not remembered.
Numbers that are no figure of the form as they stand (money without its unit, extra cells, serial numbers)
must be the same for a layout to be known.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import chain
from typing import TypeAlias

from parsers.align.alignment import Alignment
from parsers.document import BlankTable, Cell, Document, Table
from parsers.figures import read_figure
from parsers.forms import Forms
from parsers.records import Fact, Where

Key: TypeAlias = tuple[object, ...]
_MOST_PLANS = 128
_MOST_CELLS = 1_500
_MOST_CHARACTERS = 100_000
"""Characters in the tables of a document that is remembered."""
_COUNT = re.compile("[1-9][0-9]{0,7}")
_AMOUNT = re.compile("(?:0|[1-9][0-9]{0,7})(?:[.][0-9]{1,6})?(万?元)")
_FIXED = -1


@dataclass(frozen=True, slots=True)
class Layout:
    """The tables of a document with the plain whole numbers taken out."""

    key: Key
    numbers: tuple[str, ...]
    """The numbers in reading order."""
    places: Callable[[], Sequence[Where | None]]
    """Gives the place of each; None for numbers that are no figure as they stand."""


@dataclass(frozen=True, slots=True)
class _Plan:
    alignment: Alignment
    sources: tuple[int, ...]
    """For each fact the ordinal of its number; `_FIXED` for facts that are the same in all such documents."""
    zeros: tuple[Fact, ...]
    """The facts with zero for every number; most figures are."""
    pins: tuple[tuple[int, str], ...]
    """All other numbers, which must be the same."""


def layout_of(document: Document, tables: Sequence[Table]) -> Layout | None:
    """Return the layout of the tables of a document; None for tables too large or of another kind."""
    known = [filled for filled in document.filled if filled is not None]
    if len(known) != len(tables):
        return _take_out_numbers(tables)
    if not 0 < sum(len(filled.blank.holes) for filled in known) <= _MOST_CELLS:
        return None
    blanks = tuple(filled.blank for filled in known)
    numbers = tuple(chain.from_iterable(filled.figures for filled in known))
    if "".join(numbers).isdigit():
        return Layout(blanks, numbers, partial(_places, blanks, {}))
    others = {
        index: amount[1] if (amount := _AMOUNT.fullmatch(number)) else number
        for index, number in enumerate(numbers)
        if not number.isdigit()
    }
    return Layout((*blanks, *others.items()), numbers, partial(_places, blanks, others))


def _places(blanks: Sequence[BlankTable], others: dict[int, str]) -> list[Where | None]:
    """Return the places of the figures; a decimal number without a unit is none that can be filled in."""
    cells = [
        Where(number, blank.rows[row][place].row, blank.rows[row][place].column)
        for number, blank in enumerate(blanks)
        for row, place in blank.holes
    ]
    return [None if others.get(index, "元")[-1] != "元" else where for index, where in enumerate(cells)]


def _take_out_numbers(tables: Sequence[Table]) -> Layout | None:
    """Return the layout of grid tables; None for tables too large or of another kind."""
    if any(table.geometry != "grid" for table in tables):
        return None
    if not 0 < sum(len(row) for table in tables for row in table.rows) <= _MOST_CELLS:
        return None
    key: list[object] = []
    numbers: list[str] = []
    cells: list[tuple[int, Cell]] = []
    for table in tables:
        number = table.number
        key.append((number, len(table.rows)))
        for row in table.rows:
            for cell in row:
                text = cell[0]
                if text == "0" or (text.isdigit() and _COUNT.fullmatch(text)):
                    key.append(cell[1:])
                elif text[-1:] == "元" and (amount := _AMOUNT.fullmatch(text)):
                    key.append((None, amount[1], *cell[1:]))  # a cell that prints the unit alone is another
                else:
                    key.append(cell)
                    continue
                numbers.append(text)
                cells.append((number, cell))
    places = tuple(Where(table, cell.row, cell.column) for table, cell in cells)
    return Layout(tuple(key), tuple(numbers), lambda: places)


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
        facts = list(plan.zeros)
        for place, source in enumerate(plan.sources):
            if source >= 0 and (raw := numbers[source]) != "0":
                facts[place] = _filled(facts[place], raw)
        reading = replace(
            plan.alignment.reading,
            images=document.images,
            attachments=document.attachments,
            notes=(*document.notes, *plan.alignment.reading.notes),
        )
        return plan.alignment._replace(facts=tuple(facts), reading=reading)

    def remember(self, layout: Layout, alignment: Alignment, forms: Forms) -> None:
        """Keep an alignment whose reading carries no notes of its document, but for tables of long texts."""
        texts = chain.from_iterable(part for part in layout.key if isinstance(part, tuple))
        if sum(len(text) for text in texts if isinstance(text, str)) > _MOST_CHARACTERS:
            return
        ordinals = {place: number for number, place in enumerate(layout.places()) if place is not None}
        sources = []
        for fact in alignment.facts:
            source = ordinals.get(fact.where, _FIXED) if fact.where is not None else _FIXED
            if source >= 0 and not _is_plain(fact, layout.numbers[source], forms, alignment.era):
                source = _FIXED
            sources.append(source)
        zeros = tuple(
            _filled(fact, "0") if source >= 0 and layout.numbers[source][-1] != "元" else fact
            for fact, source in zip(alignment.facts, sources, strict=True)
        )
        filled = set(sources)
        pins = tuple((index, raw) for index, raw in enumerate(layout.numbers) if index not in filled)
        if len(self._plans) >= _MOST_PLANS:
            self._plans.pop(next(iter(self._plans)))
        self._plans[layout.key] = _Plan(alignment, tuple(sources), zeros, pins)


def _filled(fact: Fact, raw: str) -> Fact:
    table, row, column, _, unit, status, _, note, method, where = fact
    if raw[-1] == "元":
        value, status, note, _ = read_figure(raw, "amount", unit)
        return Fact(table, row, column, value, unit, status, raw, note, method, where)
    return Fact(table, row, column, int(raw), unit, status, raw, note, method, where)


def _is_plain(fact: Fact, raw: str, forms: Forms, era: str | None) -> bool:
    """True for a figure of the form that follows from the printed number alone.

    An amount of zero says nothing of units, so that only a larger one shows that none has to be converted.
    """
    if era is None or fact.status != "reported" or fact.raw != raw:
        return False
    table = forms[era].table_index.get(fact.table)
    cell = table.cells.get((fact.row, fact.column)) if table is not None else None
    if cell is None or cell.kind not in ("count", "signed_count", "amount"):
        return False
    if cell.kind == "amount":
        return (fact.value != 0 or raw[-1] == "元") and fact == _filled(fact, raw) and fact.unit == cell.unit
    return raw[-1] != "元" and fact.value == int(raw)
