"""One set of figures written as the text forms A to L, as saved pages and extractors write tables."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Literal, NamedTuple, TypeAlias

from parsers.forms import FormTable, load_forms
from parsers.records import CellKey

TextForm: TypeAlias = Literal["A", "B", "C", "D1", "D2", "E", "E2", "F", "G", "H", "I", "J", "K", "L"]
BlankLines: TypeAlias = Literal["separated", "bare", "collapsed"]
FORMS: tuple[TextForm, ...] = ("A", "B", "C", "D1", "D2", "E", "E2", "F", "G", "H", "I", "J", "K", "L")

_CORNER = "(本列数据的勾稽关系为:第一项加第二项之和,等于第三项加第四项之和)"
_BLOCK_WIDTH = {"fmt2021": 4, "fmt2019": 5}
_REQUESTS_WIDTH, _DISPUTES_WIDTH = 10, 15
_HEADINGS = {
    "open": "一、总体情况",
    "blocks": "二、主动公开政府信息情况",
    "requests": "三、收到和处理政府信息公开申请情况",
    "disputes": "四、政府信息公开行政复议、行政诉讼情况",
    "close": "五、存在的主要问题及改进情况",
}


class Row(NamedTuple):
    """One printed row: its own cells, "" for a blank one, and how wide it is as a grid row."""

    labels: tuple[str, ...]
    values: tuple[str, ...]
    width: int
    left: int = 0
    """Grid columns at the left that a cell of a row above covers."""

    @property
    def cells(self) -> tuple[str, ...]:
        return (*self.labels, *self.values)

    @property
    def printed(self) -> tuple[str, ...]:
        return tuple(cell for cell in self.cells if cell)


def render_text(
    figures: Mapping[CellKey, str],
    *,
    era: Literal["fmt2021", "fmt2019"] = "fmt2021",
    form: TextForm = "B",
    blank_lines: BlankLines = "separated",
    last_row_pads: bool = True,
    narrative: Sequence[str] = ("本年度没有其他需要说明的情况。",),
) -> str:
    """Return a report as text; a cell that `figures` does not have is printed blank.

    `blank_lines` says what form A leaves of the lines between cells, `last_row_pads` whether the last row of
    a table keeps the separators at its end.
    """
    parts: list[str] = [_HEADINGS["open"], *narrative]
    for name, rows in zip(("blocks", "requests", "disputes"), tables(figures, era), strict=True):
        parts.append(_HEADINGS[name])
        parts.append(_TEXT[form](rows, blank_lines, last_row_pads))
    parts += [_HEADINGS["close"], *narrative]
    joined = ("\n\n" if form == "A" and blank_lines == "separated" else "\n").join(parts)
    return _without_repeats(joined) if form == "I" else joined


def tables(figures: Mapping[CellKey, str], era: str) -> tuple[list[Row], list[Row], list[Row]]:
    """Return the printed rows of tables 2, 3 and 4."""
    form = load_forms()[era]
    blocks: list[Row] = []
    for table in form.tables:
        if table.caption is not None:
            blocks.extend(_block(table, figures, _BLOCK_WIDTH[era]))
    return (
        blocks,
        _requests(form.table_index["requests"], figures),
        _disputes(form.table_index["disputes"], figures),
    )


def _block(table: FormTable, figures: Mapping[CellKey, str], width: int) -> Iterator[Row]:
    yield Row((table.caption or "",), (), width)
    yield Row(("信息内容", *(column.label for column in table.columns)), (), width)
    for row in table.rows:
        yield Row((row.label,), _values(table, row.code, figures), width)


def _values(table: FormTable, row: str, figures: Mapping[CellKey, str]) -> tuple[str, ...]:
    return tuple(figures.get((table.code, row, column.code), "") for column in table.columns)


def _requests(table: FormTable, figures: Mapping[CellKey, str]) -> list[Row]:
    names = [column.label for column in table.columns]
    rows = [
        Row((_CORNER, "申请人情况"), (), _REQUESTS_WIDTH),
        Row((names[0], "法人或其他组织", names[-1]), (), _REQUESTS_WIDTH, 3),
        Row(tuple(names[1:-1]), (), _REQUESTS_WIDTH, 4),
    ]
    groups = {group.code: group for group in table.groups}
    printed: set[str] = set()
    for row in table.rows:
        path: list[str] = []
        above = row.group
        while above is not None:
            path.append(above)
            above = groups[above].parent
        new = [code for code in reversed(path) if code not in printed]
        printed.update(path)
        # The form prints 三 beside its first row only, and each inner group beside its own first row.
        labels = tuple(groups[code].label for code in new)
        rows.append(
            Row(
                (*labels, row.label), _values(table, row.code, figures), _REQUESTS_WIDTH, len(path) - len(new)
            )
        )
    return rows


def _disputes(table: FormTable, figures: Mapping[CellKey, str]) -> list[Row]:
    names = tuple(column.label for column in table.columns)
    review, direct, after = table.rows
    values = tuple(value for row in table.rows for value in _values(table, row.code, figures))
    return [
        Row((review.label, "行政诉讼"), (), _DISPUTES_WIDTH),
        Row((*names, direct.label, after.label), (), _DISPUTES_WIDTH),
        Row((*names, *names), (), _DISPUTES_WIDTH, 5),
        Row((), values, _DISPUTES_WIDTH),
    ]


# ---------------------------------------------------------------- the forms


def _cell_lines(rows: Sequence[Row], blank_lines: BlankLines, _: bool) -> str:
    between = "\n" if blank_lines == "separated" else ""
    cells = [cell for row in rows for cell in row.cells]
    if blank_lines == "collapsed":
        return "\n".join(cell for cell in cells if cell)
    return f"\n{between}".join(cells)


def _folded(row: Row, pads: bool, frame: str = "") -> str:
    count = row.width - len(row.printed) if pads else 0
    return f"{frame}{' | '.join(row.printed)} |" + (f" {'|' * count}" if count else "")


def _padded_rows(rows: Sequence[Row], _: BlankLines, last_row_pads: bool) -> str:
    lines = [_folded(row, last_row_pads or row is not rows[-1]) for row in rows if row.printed]
    return "\n".join(lines)


def _framed_rows(rows: Sequence[Row], _: BlankLines, last_row_pads: bool) -> str:
    lines = (_folded(row, last_row_pads or row is not rows[-1], "| ") for row in rows if row.printed)
    return "\n".join(line if line.endswith("||") else f"{line} " for line in lines)


def _plain_rows(rows: Sequence[Row], _: BlankLines, __: bool) -> str:
    return "\n".join(f"{' | '.join(row.printed)} |" for row in rows if row.printed)


def _rows_with_blanks(rows: Sequence[Row], _: BlankLines, __: bool) -> str:
    lines = []
    for row in rows:
        left = "| " * (row.left if row.values else 0)
        lines.append(left + " ".join(f"{cell} |" if cell else "|" for cell in row.cells))
    return "\n".join(lines)


def _down(rows: Sequence[Row], blank: str | None, opener: bool = False, own_pads: bool = True) -> str:
    lines: list[str] = []
    for row in rows:
        if opener:
            lines.append("|")
        cells = [f"{cell} |" if cell else blank for cell in row.cells]
        kept = [cell for cell in cells if cell is not None]
        pads = "|" * (row.width - len(kept))
        if pads and not own_pads:
            kept[-1] += f" {pads}"
            pads = ""
        lines += [*kept, *([pads] if pads else [])]
    return "\n".join(lines)


def _mixed(rows: Sequence[Row], _: BlankLines, __: bool) -> str:
    return "\n".join(
        _folded(row, True) if len(row.printed) == 1 else _down([row], None, own_pads=False)
        for row in rows
        if row.printed
    )


def _spaced(rows: Sequence[Row], _: BlankLines, __: bool) -> str:
    return "\n".join(" ".join(row.printed) for row in rows if row.printed)


def _run_together(rows: Sequence[Row], _: BlankLines, __: bool) -> str:
    return "".join(cell for row in rows for cell in row.printed)


def _vertical(rows: Sequence[Row], _: BlankLines, __: bool) -> str:
    lines: list[str] = []
    for row in rows:
        if row.width == _DISPUTES_WIDTH and not row.values and len(row.labels) == 10:
            names = row.labels[:5]
            lines += [" ".join(name[at] for name in names if at < len(name)) for at in range(4)]
        elif row.width == _DISPUTES_WIDTH and not row.values and len(row.labels) == 7:
            lines.append(" ".join(row.labels[5:]))
        elif row.printed:
            lines.append(" ".join(row.printed))
    return "\n".join(lines)


def _without_repeats(text: str) -> str:
    seen: set[str] = set()
    kept = []
    for line in text.splitlines():
        if line.strip() not in seen:
            kept.append(line)
            seen.add(line.strip())
    return "\n".join(kept)


_TEXT = {
    "A": _cell_lines,
    "B": _padded_rows,
    "C": lambda rows, *_: _down(rows, "|"),
    "D1": lambda rows, *_: _down(rows, "|", opener=True),
    "D2": lambda rows, *_: _down(rows, "|", opener=True, own_pads=False),
    "E": _plain_rows,
    "E2": _rows_with_blanks,
    "F": _framed_rows,
    "G": _mixed,
    "H": _spaced,
    "I": lambda rows, *_: _cell_lines(rows, "collapsed", True),
    "J": _run_together,
    "K": _vertical,
    "L": lambda rows, *_: _down(rows, None),
}
