"""The six sections of a report, or the parts of the older outline, with the narrative of each.

The same words stand in prefaces, tables of contents and sub-headings, so headings are chosen together: the
run that fits the official order, wording and numerals best, and that is followed by the tables of the form.
"""

import re
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from parsers.document import Document, Heading, Table
from parsers.headings import Candidate, heading_at_start, headings_inside, outline_data, wordings
from parsers.records import Section

_MOST_CANDIDATES = 240  # headings weighed against each other; a report has some two dozen
_LONG_LINE = 160
_LONGEST_LINE = 400_000  # characters of one line searched for headings inside
_NARRATIVE = 40  # characters from which a lone cell between section headings is narrative


class Line(NamedTuple):
    """A line of running text with the block it stands in."""

    text: str
    block: int
    marked: bool
    """True when the page marks it as a heading."""
    in_table: bool = False


class _Flow(NamedTuple):
    lines: list[Line]
    tables: list[tuple[int, int]]
    """(number of lines before the table, section it belongs to) for each table of the form."""


def split_sections(document: Document) -> tuple[Section, ...]:
    """Return the sections in reading order.

    `number` is the official number by the wording of the heading; reports of the older outline keep the
    numbers they print. `position` is the block of the heading, `printed_number` the numeral in front of it.
    Text in front of the first heading belongs to no section.
    """
    flow = _flow(document)
    chosen = _choose(_candidates(flow.lines), flow)
    return tuple(_cut(flow.lines, chosen))


def running_lines(document: Document) -> list[str]:
    """Return the lines of running text without tables, in reading order."""
    return [line.text for line in _flow(document).lines]


def _flow(document: Document) -> _Flow:
    lines: list[Line] = []
    tables: list[tuple[int, int]] = []
    for index, block in enumerate(document.blocks):
        if isinstance(block, Table):
            _add_table(block, index, lines, tables)
            continue
        marked = isinstance(block, Heading)
        lines.extend(Line(text, index, marked) for text in block.text.split("\n") if text.strip())
    return _Flow(lines, tables)


def _add_table(table: Table, index: int, lines: list[Line], tables: list[tuple[int, int]]) -> None:
    """Note which tables of the form a table holds, and take headings and narrative standing in rows of it."""
    within: list[Line] = []
    has_heading = False
    for row in table.rows:
        texts = [cell.text for cell in row if cell.text]
        if len(texts) == 1:
            candidate = heading_at_start(0, texts[0], marked=False) if len(texts[0]) < _NARRATIVE else None
            is_heading = candidate is not None and candidate.number is not None and candidate.official
            has_heading = has_heading or is_heading
            if is_heading or len(texts[0]) > _NARRATIVE:
                within.append(Line(texts[0], index, is_heading, in_table=True))
        section = _table_section("".join(texts)) if texts else None
        if section and (not tables or tables[-1] != (len(lines) + len(within), section)):
            tables.append((len(lines) + (len(within) if has_heading else 0), section))
    if has_heading:
        lines.extend(within)


@cache
def _table_marks() -> re.Pattern[str]:
    entries = outline_data()["table"]
    return re.compile(
        "|".join(f"(?P<after_{entry['after']}>{'|'.join(entry['marks'])})" for entry in entries)
    )


def _table_section(row: str) -> int | None:
    match = _table_marks().search(row[:400].replace(" ", ""))
    return int(match.lastgroup[-1]) if match and match.lastgroup else None


def _candidates(lines: list[Line]) -> list[Candidate]:
    found = [
        candidate
        for index, line in enumerate(lines)
        if (candidate := heading_at_start(index, line.text, line.marked))
    ]
    if sum(1 for candidate in found if candidate.number) < 3:
        inside: list[Candidate] = []
        for index, line in enumerate(lines):
            if len(line.text) >= _LONG_LINE:
                inside.extend(headings_inside(index, line.text[:_LONGEST_LINE]))
        if inside:
            taken = {(c.line, c.offset) for c in inside}
            found = sorted([c for c in found if (c.line, c.offset) not in taken] + inside, key=_place)
    return _fewest(found)


def _fewest(found: list[Candidate]) -> list[Candidate]:
    """Keep what can be weighed: candidates with a known wording first, then those of the highest rank."""
    if len(found) <= _MOST_CANDIDATES:
        return found
    ranked = sorted(found, key=lambda c: (c.number is None, c.style != "major", _place(c)))
    return sorted(ranked[:_MOST_CANDIDATES], key=_place)


def _place(candidate: Candidate) -> tuple[int, int]:
    return (candidate.line, candidate.offset)


def _choose(candidates: list[Candidate], flow: _Flow) -> list[tuple[int, Candidate]]:
    """Return (number, heading) of the sections in reading order."""
    known = [c for c in candidates if c.number and _may_be_section(c)]
    chain = _best_chain([(c.number or 0, _weight(c, flow)) for c in known])
    modern = [(known[i].number or 0, known[i]) for i in chain]
    old = _old_outline(candidates)
    if len(old) > len(modern) and (not _is_official(modern) or _is_renumbered(modern, old)):
        return old
    if _is_official(modern):
        modern = _add_displaced(modern, known)
    return _fill_gaps(modern, candidates)


def _may_be_section(candidate: Candidate) -> bool:
    """A numeral of lower rank must agree with the wording, else it is a sub-heading (（一）主动公开情况)."""
    if candidate.style in {"major", "none", "roman"}:
        return True
    return candidate.numeral == candidate.number


def _weight(candidate: Candidate, flow: _Flow) -> int:
    weight = 10
    weight += 6 if candidate.official else 0
    weight += 6 if candidate.numeral == candidate.number else 0
    weight += {"major": 4, "roman": 3, "arabic": 1, "bracket": 0, "none": 1}[candidate.style]
    weight += 1 if candidate.alone else 0
    weight -= 3 if flow.lines[candidate.line].in_table else 0  # a table may repeat its section's heading
    return weight + (8 if _leads_to_table(candidate, flow) else 0)


def _leads_to_table(candidate: Candidate, flow: _Flow) -> bool:
    """Return whether the first table of the form behind the heading is the one of its section."""
    following = next((section for before, section in flow.tables if before > candidate.line), None)
    return following is not None and following == candidate.number


def _best_chain(nodes: list[tuple[int, int]]) -> list[int]:
    """Return the indices of the heaviest run of (number, weight) with rising numbers; later ones win ties."""
    best: list[int] = []
    before: list[int] = []
    for index, (number, weight) in enumerate(nodes):
        previous = -1
        for earlier in range(index):
            if nodes[earlier][0] < number and (previous < 0 or best[earlier] >= best[previous]):
                previous = earlier
        best.append(weight + (best[previous] if previous >= 0 else 0))
        before.append(previous)
    if not best:
        return []
    last = max(range(len(best)), key=lambda index: (best[index], index))
    chain = []
    while last >= 0:
        chain.append(last)
        last = before[last]
    return chain[::-1]


def _is_official(chain: list[tuple[int, Candidate]]) -> bool:
    """Return whether a run is the outline of 2019: wordings only it has, under the numerals it gives them."""
    official = sum(1 for _, c in chain if c.official)
    agreeing = sum(1 for number, c in chain if c.numeral in {None, number})
    distinct = any(number in {3, 6} and c.official for number, c in chain)
    return (distinct and len(chain) >= 2) or (official >= 3 and agreeing >= 3) or agreeing >= 5


def _is_renumbered(modern: list[tuple[int, Candidate]], old: list[tuple[int, Candidate]]) -> bool:
    """Return whether official wordings stand in an outline of more parts, numbered without a gap."""
    shifted = sum(1 for number, c in modern if c.numeral not in {None, number})
    return shifted >= 2 and [number for number, _ in old] == list(range(1, len(old) + 1))


def _add_displaced(chain: list[tuple[int, Candidate]], known: list[Candidate]) -> list[tuple[int, Candidate]]:
    """Add sections that stand out of order, so that the order can be checked and no section is lost."""
    have = {number for number, _ in chain}
    for candidate in reversed(known):
        if candidate.number not in have and candidate.official and candidate.style == "major":
            chain.append((candidate.number or 0, candidate))
            have.add(candidate.number or 0)
    return sorted(chain, key=lambda item: _place(item[1]))


def _fill_gaps(
    chain: list[tuple[int, Candidate]], candidates: list[Candidate]
) -> list[tuple[int, Candidate]]:
    """Take a heading of unknown wording for a missing section when numeral and place leave no other."""
    if not chain:
        return chain
    have = dict(chain)
    style = chain[-1][1].style
    for missing in sorted({1, 2, 3, 4, 5, 6} - set(have)):
        lower = max((_place(c) for n, c in have.items() if n < missing), default=(-1, 0))
        upper = min((_place(c) for n, c in have.items() if n > missing), default=(1 << 60, 0))
        for candidate in candidates:
            fits = candidate.numeral == missing and candidate.style == style and candidate.number is None
            if fits and lower < _place(candidate) < upper:
                have[missing] = candidate
                break
    return sorted(have.items(), key=lambda item: _place(item[1]))


@cache
def _old_words() -> re.Pattern[str]:
    return re.compile("|".join(outline_data()["old_outline"]["known"]))


def _old_outline(candidates: list[Candidate]) -> list[tuple[int, Candidate]]:
    """Return the longest run 一、二、三 … of one style whose wordings are those of the older outline."""
    best: list[tuple[int, Candidate]] = []
    for style in ("major", "roman", "arabic", "bracket"):
        numbered = [c for c in candidates if c.style == style and c.numeral]
        nodes = [(c.numeral or 0, 3 if _old_words().search(c.heading) else 1) for c in numbered]
        run = [(numbered[i].numeral or 0, numbered[i]) for i in _best_chain(nodes)]
        known = sum(1 for _, c in run if _old_words().search(c.heading))
        if known >= 3 and len(run) > len(best):
            best = run
    return best


@cache
def _footer() -> re.Pattern[str]:
    return re.compile("|".join(outline_data()["footer"]["strong"]), re.IGNORECASE)


def _cut(lines: list[Line], chosen: list[tuple[int, Candidate]]) -> Iterator[Section]:
    for order, (number, candidate) in enumerate(chosen):
        following = chosen[order + 1][1] if order + 1 < len(chosen) else None
        texts = _texts_between(lines, candidate, following)
        if following is None:
            texts = _without_footer(texts)
        yield Section(
            number,
            candidate.heading,
            "\n".join(text for text in (text.strip() for text in texts) if text),
            lines[candidate.line].block,
            candidate.numeral,
        )


def _texts_between(lines: list[Line], start: Candidate, end: Candidate | None) -> list[str]:
    first = lines[start.line].text
    if end is not None and end.line == start.line:
        return [first[start.body_offset : end.offset]]
    stop = end.line if end is not None else len(lines)
    texts = [
        first[start.body_offset :],
        *(line.text for line in lines[start.line + 1 : stop] if not (line.in_table and line.marked)),
    ]
    if end is not None and end.offset:
        texts.append(lines[end.line].text[: end.offset])
    return texts


def _without_footer(texts: list[str]) -> list[str]:
    for index, text in enumerate(texts[1:], 1):
        if len(text) < 400 and _footer().search(text.strip()):
            return texts[:index]
    return texts


def section_titles() -> dict[int, str]:
    """Return the official titles of the six sections by number."""
    return {wording.number: wording.title for wording in wordings()}
