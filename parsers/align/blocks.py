"""Cutting the rows of grid tables into blocks: one per caption of table 2, table 3, table 4, a list."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from parsers.align.lines import LABEL_CELLS, NO_MEANING, Line, is_words
from parsers.forms import Forms, Meaning

REQUESTS = "requests"
DISPUTES = "disputes"
STATISTICS = "statistics"
LOCAL = "local"
_LOCAL_ERA = "pre2014"
_HEADS = ("heading_start", "unit", "number")
_LONGEST_CAPTION = 40
_FEWEST_DISPUTE_HEADINGS = 3


@dataclass(slots=True)
class Block:
    """Heading rows and body rows of one table of the form."""

    table: str | None
    """None: a block of table 2 whose caption is missing."""
    headings: list[Line] = field(default_factory=list)
    body: list[Line] = field(default_factory=list)
    caption: str | None = None
    """The caption as printed."""
    continues: "Block | None" = None
    """The block of an earlier table this one goes on, without headings of its own."""


class Cutter:
    """Reads printed rows in order and collects the blocks they belong to; rows of no block are left out."""

    def __init__(self, forms: Forms) -> None:
        self.blocks: list[Block] = []
        self._forms = forms
        self._disclosure = frozenset(
            table.code for form in forms.by_era.values() for table in form.tables if table.caption
        )
        self._current: Block | None = None
        self._earlier: Block | None = None

    def start_table(self) -> None:
        """Say that a new printed table begins: old headings hold only for a plain continuation."""
        self._earlier, self._current = self._current or self._earlier, None

    def read(self, line: Line) -> None:
        """Take one row."""
        own = [cell for cell in line.cells if cell.own and not cell.blank]
        if not own:
            if self._current is not None and line.cells and self._current.table == DISPUTES:
                self._current.body.append(line)
            return
        meanings = [cell.meaning for cell in own]
        caption = self._caption(line, meanings)
        if caption is not None:
            self._open_captioned(caption, line, meanings)
            return
        kind = self._heading_kind(meanings)
        if kind == DISPUTES and any(cell.text.isdigit() for cell in own):
            kind = None  # reviews and suits named in front of their figures
        if kind is not None:
            self._heading(kind, line)
        else:
            self._body(line, [cell.meaning for cell in line.cells[:LABEL_CELLS] if cell.own])

    def _open_captioned(self, caption: str, line: Line, meanings: Sequence[Meaning]) -> None:
        """Open the block a caption names; beside a row and its figures it is below headings of another."""
        named = any(ref[1] == caption for meaning in meanings for ref in meaning.rows)
        is_row = named and any(cell.text.isdigit() for cell in line.cells if cell.own)
        above = self._current if is_row else None
        shared = above if above is not None and above.table in (*self._disclosure, None) else None
        block = self._open(caption, continues=shared)
        block.caption = line.text()
        if is_row:
            block.body.append(line)
        # A caption cut in two leaves 项, which is the name of a unit too.
        elif any(m.furniture not in (None, "unit_word") or m.columns for m in meanings):
            block.headings.append(line)

    def _caption(self, line: Line, meanings: Sequence[Meaning]) -> str | None:
        for meaning in meanings[:2]:
            if meaning.caption is not None:
                return meaning.caption
        if len(meanings) in (2, 3):
            text = line.text()
            if len(text) <= _LONGEST_CAPTION:
                return self._forms.names.caption(text)
        return None

    def _heading_kind(self, meanings: Sequence[Meaning]) -> str | None:
        known = [meaning for meaning in meanings if meaning is not NO_MEANING]
        if not any(meaning.heads for meaning in known):
            return None
        tables: Counter[str] = Counter()
        for meaning in known:
            tables.update(self._tables_headed(meaning))
        suits = sum(any(ref[1] == DISPUTES for ref in (*m.rows, *m.groups)) for m in known)
        if suits >= 2 or suits == len(meanings) or tables[DISPUTES] >= _FEWEST_DISPUTE_HEADINGS:
            return DISPUTES
        if tables["disclosure"]:
            return "disclosure"
        groups = any(ref[1] == REQUESTS for meaning in known for ref in meaning.column_groups)
        if tables[REQUESTS] >= 2 or groups:
            return REQUESTS
        if len(meanings) > 1 and any(_LOCAL_ERA in meaning.eras for meaning in known):
            return LOCAL
        if meanings[0].furniture in _HEADS or any(m.furniture == "heading_start" for m in known):
            return STATISTICS if self._is_list_heading(known) else "disclosure"
        if any("stat2014" in meaning.eras and not meaning.rows for meaning in known):
            return STATISTICS
        return None

    def _tables_headed(self, meaning: Meaning) -> set[str]:
        """Return the tables of which a text names a column; table 2 counts as one."""
        named = {ref[1] for ref in (*meaning.columns, *meaning.column_groups, *meaning.extra_columns)}
        if REQUESTS in named and DISPUTES in named | {ref[1] for ref in meaning.halves}:
            return {DISPUTES} & named  # 总计, 其他: words of both tables
        return (named - self._disclosure) | {"disclosure"} if named & self._disclosure else named

    def _is_list_heading(self, meanings: Sequence[Meaning]) -> bool:
        return any(
            meaning.furniture in ("unit", "number") or any(ref[1] == STATISTICS for ref in meaning.columns)
            for meaning in meanings
        )

    def _heading(self, kind: str, line: Line) -> None:
        current = self._current
        if kind == "disclosure":
            if current is None or current.table not in (*self._disclosure, None) or current.body:
                self._open(None)
        elif current is None or current.table != kind or (current.body and kind != STATISTICS):
            self._open(kind)
        assert self._current is not None
        self._current.headings.append(line)

    def _body(self, line: Line, meanings: Sequence[Meaning]) -> None:
        known = [meaning for meaning in meanings if meaning is not NO_MEANING]
        named = {ref[1] for meaning in known for ref in meaning.rows}
        grouped = {ref[1] for meaning in known for ref in meaning.groups}
        current = self._current
        if current is not None and current.table == DISPUTES and not grouped:
            # 总计 names a column of table 4 and a row of table 3; below table 4 it sums table 4.
            named = {ref[1] for meaning in known if not meaning.columns for ref in meaning.rows}
        if current is None or (current.table != REQUESTS and REQUESTS in named | grouped):
            current = self._resume(line, named | grouped)
        if current is None:
            return
        if not current.body and current.table in (REQUESTS, DISPUTES) and self._still_heading(line, current):
            current.headings.append(line)
        elif STATISTICS in named or current.table != STATISTICS or len(line.cells) > 1:
            current.body.append(line)

    def _still_heading(self, line: Line, current: Block) -> bool:
        names = any(
            ref[1] == current.table
            for cell in line.cells[:LABEL_CELLS]
            if cell.own
            for ref in cell.meaning.rows + cell.meaning.groups
        )
        if current.table == REQUESTS and names:
            return False
        own = [cell for cell in line.cells if cell.own]
        words = sum(is_words(cell) for cell in own)
        return words >= 1 and all(is_words(cell) or cell.blank for cell in own) and len(own) > 1

    def _resume(self, line: Line, tables: Iterable[str]) -> Block | None:
        earlier = self._earlier
        wanted = set(tables)
        if earlier is not None and (
            earlier.table in wanted
            or (earlier.table is None and wanted & self._disclosure)
            or (earlier.table == DISPUTES and not earlier.body and not wanted and len(line.cells) >= 5)
        ):
            return self._open(earlier.table, continues=earlier)
        if REQUESTS in wanted:
            return self._open(REQUESTS)
        if STATISTICS in wanted and len(wanted) == 1:
            return self._open(STATISTICS)
        return None

    def _open(self, table: str | None, continues: Block | None = None) -> Block:
        self._current = Block(table, continues=continues)
        self.blocks.append(self._current)
        return self._current
