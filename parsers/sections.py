"""The six sections of a report, or the parts of the older outline, with the narrative of each."""

import re
from collections.abc import Iterator
from functools import cache

from parsers.document import Document
from parsers.flow import Line, flow_of
from parsers.headings import Candidate, outline_data
from parsers.outline import choose, find_candidates
from parsers.records import Section


def split_sections(document: Document) -> tuple[Section, ...]:
    """Return the sections in reading order.

    `number` is the official number by the wording of the heading; reports of the older outline keep the
    numbers they print. `position` is the block of the heading, `printed_number` the numeral in front of it.
    Text in front of the first heading belongs to no section.
    """
    flow = flow_of(document)
    chosen = choose(find_candidates(flow.lines), flow)
    return tuple(_cut(flow.lines, chosen))


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
