"""Where the tables of a text copy stand: runs of lines that only a table has."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from parsers.readers.text_labels import is_unit, joins_to_label, word
from parsers.readers.text_lines import Mark, RawLine, mark, unknown_row
from parsers.readers.text_pipes import is_rule, plain_cell

_LONGEST_UNKNOWN = 60
_LONGEST_HEADING = 6
_MOST_HALVES = 4
_FEWEST_LABELS = 3


class Zone(NamedTuple):
    """Consecutive lines of one table, or of running text."""

    marks: tuple[Mark, ...]
    tabular: bool


def find_zones(lines: Sequence[RawLine], lists: bool) -> Iterator[Zone]:
    """Yield tables and the text between them, in order; every line is in exactly one zone."""
    marks = _joined([mark(line, lists) for line in lines], lists)
    running: list[Mark] = []
    at = 0
    while at < len(marks):
        run_end = _end_of_run(marks, at)
        end = _end_of_table(marks, at, run_end, lists)
        if end == at:
            # No part of a run that is no table is one: every line is looked at once.
            running.extend(marks[at:run_end])
            at = run_end
            continue
        if running:
            yield Zone(tuple(running), tabular=False)
            running = []
        yield Zone(tuple(_row_of_unknown(item) for item in marks[at:end]), tabular=True)
        at = end
    if running:
        yield Zone(tuple(running), tabular=False)


def _row_of_unknown(item: Mark) -> Mark:
    cells = unknown_row(item.line) if item.kind == "other" else ()
    return item._replace(kind="mixed", cells=cells) if cells else item


def _joined(marks: list[Mark], lists: bool) -> list[Mark]:
    """Put labels together again that a line break cut in two."""
    joined: list[Mark] = []
    at = 0
    while at < len(marks):
        size, whole = _halves(marks, at, lists)
        joined.append(whole)
        at += size
    return joined


def _halves(marks: list[Mark], at: int, lists: bool) -> tuple[int, Mark]:
    first = marks[at]
    if first.kind == "pipe" or _is_rule_below(marks, at):
        return _chain(marks, at, lists)
    # Of a row in one line only its last cell, a label without figures, can go on below.
    lead = first.cells[-1] if first.kind == "mixed" else first.line.text
    if first.kind in ("other", "label", "mixed") and not joins_to_label(lead, lists):
        texts = [lead]
        for size in range(2, _MOST_HALVES + 1):
            if at + size > len(marks) or len(texts[-1]) > _LONGEST_UNKNOWN or word(lead).kind == "value":
                break
            item = marks[at + size - 1]
            if item.kind not in ("other", "label", "mixed"):
                break
            # The last half can have the figures of the row behind it.
            head = (item.cells or unknown_row(item.line) or (item.line.text,))[0]
            texts.append(item.line.text)
            if joins_to_label("".join((*texts[:-1], head)), lists):
                whole = " ".join((first.line.text, *texts[1:]))
                return size, mark(RawLine(whole, first.line.gap), lists)
            if item.kind == "mixed" or head != item.line.text:
                break
        return _chain(marks, at, lists)
    return 1, first


def _is_rule_below(marks: list[Mark], at: int) -> bool:
    """Say whether a line of dashes is the rule under the first row of a table with pipes."""
    follows = marks[at + 1].kind if at + 1 < len(marks) else None
    return at > 0 and follows == "pipe" and marks[at].kind != "pipe" and is_rule(marks[at].line.text)


def _chain(marks: list[Mark], at: int, lists: bool) -> tuple[int, Mark]:
    """Put lines together where the last cell of one and the first of the next are halves of a label.

    One writer keeps the line break of a cell, so that a row with pipes goes on in the next line.
    """
    first = marks[at]
    if _is_rule_below(marks, at):
        return 1, first._replace(kind="pipe", line=RawLine(f"|{first.line.text}|", first.line.gap))
    size, text = 1, first.line.text
    while at + size < len(marks) and not text.endswith("|") and not marks[at + size].line.gap:
        item = marks[at + size]
        before, after = text.rpartition("|")[2], item.line.text.partition("|")[0]
        if item.kind not in ("pipe", "other", "label") or not ("|" in text or item.kind == "pipe"):
            break
        if len(before) > _LONGEST_UNKNOWN or len(after) > _LONGEST_UNKNOWN:
            break
        found = word(plain_cell(before), lists)
        if not (found.damaged or found.kind == "other") or not joins_to_label(before + after, lists):
            break
        text = f"{text} {item.line.text}"
        size += 1
    return size, mark(RawLine(text, first.line.gap), lists) if size > 1 else first


def _end_of_run(marks: list[Mark], start: int) -> int:
    """Return where the lines end that only a table has; one line further where none begins at `start`."""
    end = start
    if marks[start].kind in ("other", "value"):
        return start + 1
    while end < len(marks) and (
        marks[end].kind != "other" or _belongs(marks, start, end) or is_rule(marks[end].line.text)
    ):
        end += 1
        if _begins_anew(marks, end):
            break
    return end


def _begins_anew(marks: list[Mark], at: int) -> bool:
    """Say whether another Markdown table begins here: an empty line, a heading row, its rule."""
    return (
        at + 1 < len(marks)
        and marks[at].line.gap > 0
        and "|" in marks[at + 1].line.text
        and (is_rule(marks[at + 1].line.text) and marks[at].kind == "pipe")
    )


def _end_of_table(marks: list[Mark], start: int, end: int, lists: bool) -> int:
    """Return where the table that begins at `start` ends, `start` itself when none begins there."""
    while end > start and _is_foreign(marks[end - 1], lists):
        end -= 1
    return end if end > start and _is_table(marks[start:end], lists) else start


def _belongs(marks: list[Mark], start: int, at: int) -> bool:
    """Say whether a line that is no label stands inside a table, as a row the form does not have."""
    text = marks[at].line.text
    if len(text) > _LONGEST_UNKNOWN or at == start:
        return False
    if unknown_row(marks[at].line):
        return True
    if len(text) <= _LONGEST_HEADING and _ends_headings(marks, at):
        return True
    follows = marks[at + 1] if at + 1 < len(marks) else None
    if follows is not None and at + 2 < len(marks) and is_unit(follows.line.text):
        follows = marks[at + 2]
    return follows is not None and follows.kind == "value" and not text.endswith(("。", "：", ":"))


def _ends_headings(marks: list[Mark], at: int) -> bool:
    """Say whether a line stands between the last heading of a table and its first row, as a heading more."""
    if not 0 < at < len(marks) - 1:
        return False
    before, behind = (word(marks[place].line.text).kind for place in (at - 1, at + 1))
    return before == "column" and behind in ("row", "group")


def _cells(item: Mark) -> list[str]:
    if item.kind == "pipe":
        return [plain_cell(piece) for piece in item.line.text.split("|")[:40]]
    return list(item.cells)


def _is_foreign(item: Mark, lists: bool) -> bool:
    """Say whether a line at the end of a run of pipes is no row: a footer, a line of navigation."""
    if item.kind != "pipe" or item.line.text.endswith("|"):
        return False
    return all(word(cell, lists).kind == "other" for cell in _cells(item) if cell)


def _is_table(marks: Sequence[Mark], lists: bool) -> bool:
    pipes = [item for item in marks if item.kind == "pipe"]
    words = [word(cell, lists) for item in marks for cell in _cells(item) if cell]
    labels = [found for found in words if found.kind not in ("other", "value")]
    strong = any(found.strong for found in labels) or any(
        item.kind == "fused" and item.strong for item in marks
    )
    if pipes:
        return strong or (bool(labels) and len(pipes) >= 2 and len(marks) > 2) or _is_foreign_table(pipes)
    heads = any(found.kind in ("caption", "corner", "start", "column") for found in labels)
    values = sum(found.kind == "value" for found in words) + sum(item.kind == "fused" for item in marks)
    return strong and (values > 0 or (heads and len(labels) >= _FEWEST_LABELS))


def _is_foreign_table(pipes: Sequence[Mark]) -> bool:
    """Say whether lines with pipes without a label of any form are rows; navigation is not."""
    closed = sum(item.line.text.endswith("|") for item in pipes)
    return len(pipes) >= 2 and (closed == len(pipes) or any(is_rule(item.line.text) for item in pipes))
