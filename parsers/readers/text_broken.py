"""Rows with pipes that a writer broke in two: at blank cells that held a line break, or at its own width."""

from collections.abc import Sequence

from parsers.readers.text_labels import word
from parsers.readers.text_lines import Mark, RawLine
from parsers.readers.text_pipes import is_rule, plain_cell


def whole_rows(marks: Sequence[Mark]) -> list[Mark]:
    """Return the lines of a table, the parts of a row put together again.

    Only for tables whose first row stands without pipes at its ends above a rule: there a row neither ends in
    a pipe nor begins with one, unless a blank cell stands there.
    """
    if len(marks) < 2 or not is_rule(marks[1].line.text) or marks[0].line.text.startswith("|"):
        return list(marks)
    found = list(marks[:2])
    for item in marks[2:]:
        before = found[-1]
        if before.line.text.endswith("|") and not item.line.gap and not is_rule(before.line.text):
            text = item.line.text
            if text.startswith("|") or word(plain_cell(text.partition("|")[0])).kind == "value":
                found[-1] = Mark("pipe", RawLine(f"{before.line.text} {text}", before.line.gap))
                continue
        found.append(item)
    return found
