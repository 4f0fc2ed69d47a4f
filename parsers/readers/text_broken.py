"""Lines with pipes that are no whole rows: rows a writer broke in two, cells one below the other."""

from collections.abc import Sequence

from parsers.readers.text_labels import word
from parsers.readers.text_lines import Mark, RawLine
from parsers.readers.text_pipes import is_rule, plain_cell, style_of

_FEWEST_CELLS = 8


def without_opening_pipes(lines: Sequence[RawLine]) -> Sequence[RawLine]:
    """Return the lines of a text whose cells each open a line of their own with a pipe, without these pipes.

    trafilatura up to 1.8 writes cells so that hold no paragraphs; nothing is left of blank ones.
    """
    opened = [line.text for line in lines if line.text.startswith("|")]
    if sum(len(text) > 1 for text in opened) < _FEWEST_CELLS or any(text.rfind("|") for text in opened):
        return lines
    plain = (line._replace(text=line.text.removeprefix("|").strip()) for line in lines)
    return [line for line in plain if line.text]


def whole_rows(marks: Sequence[Mark]) -> tuple[list[Mark], bool]:
    """Return the lines of a table, broken rows put together again, and whether blank cells can be lost.

    Where the first row stands without pipes at its ends above a rule, a row neither ends in a pipe nor begins
    with one, unless a blank cell stands there. Elsewhere see `_joined_at_blanks`.
    """
    first, rule = (marks[0].line.text, marks[1].line.text) if len(marks) > 1 else ("", "")
    if not is_rule(rule) or first.startswith("|") or ("|" in first and rule.endswith("|")):
        joined = _joined_at_blanks(marks)
        return joined, len(joined) < len(marks)
    found = list(marks[:2])
    for item in marks[2:]:
        before = found[-1]
        if before.line.text.endswith("|") and not item.line.gap and not is_rule(before.line.text):
            text = item.line.text
            if text.startswith("|") or word(plain_cell(text.partition("|")[0])).kind == "value":
                found[-1] = Mark("pipe", RawLine(f"{before.line.text} {text}", before.line.gap))
                continue
        found.append(item)
    return found, False


def _joined_at_blanks(marks: Sequence[Mark]) -> list[Mark]:
    """Return the lines of a table, rows broken at blank cells that kept a line break put together again.

    trafilatura 1.10 to 2.1 writes rows so: each cell and each pad has its pipe, so that a row is complete
    when it has as many as the longest line has. Blank cells without a line break are left out, so that one
    kept proves nothing about the others.
    """
    pipes = [item.line.text for item in marks if item.kind == "pipe"]
    if not style_of(pipes).terminated:
        return list(marks)
    width = max((text.count("|") for text in pipes if not is_rule(text)), default=0)
    found: list[Mark] = []
    parts: set[int] = set()
    for item in marks:
        text = item.line.text
        if found and text.startswith("|") and item.kind == "pipe" and not item.line.gap:
            before = found[-1].line
            whole = f"{before.text} {text}"
            fits = before.text.count("|") < width >= whole.count("|") and before.text.endswith("|")
            if fits and _goes_on(text):
                found[-1] = Mark("pipe", RawLine(whole, before.gap))
                parts.add(len(found) - 1)
                continue
        found.append(item)
    # Another writer's rows do not become whole so; only the last ones of a table may have lost their pads.
    whole_ones = sum(found[at].line.text.count("|") == width for at in parts)
    figures = any(_goes_on(item.line.text) and item.line.text.strip("| ") for item in marks)
    return found if figures and 5 * whole_ones >= 4 * len(parts) else list(marks)


def _goes_on(text: str) -> bool:
    """Say whether a line with pipes begins with blank cells or a blank cell and a figure."""
    first = text.strip("| ").partition("|")[0]
    return text.startswith("|") and (not first or word(plain_cell(first)).kind == "value")
