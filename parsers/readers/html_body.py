"""Which part of a page is the report: the container with its marks, else the innermost element with them."""

from functools import lru_cache
from itertools import accumulate

from parsers.document import Heading
from parsers.readers.html_knowledge import load_knowledge
from parsers.readers.html_markup import SURROUNDING
from parsers.readers.html_tables import FORM_MARKS, Item, RawTable
from parsers.readers.html_walk import Element, Walked

_ENOUGH = 0.75
"""Share of the marks of the page a container must hold to be the body, beside every table of the form."""
_HEAD_CHARACTERS = 200
_SHORT_LINE = 30
_LONG_LINE = 40
_MOST_TEXT = 0.6


def count_marks(items: list[Item]) -> list[int]:
    """Return for each item how many marks of a report it holds: headings, words of the forms in tables."""
    marks = []
    for item in items:
        if isinstance(item, RawTable):
            marks.append(min(item.marks, 6) + len(item.lines))
        else:
            marks.append(_is_heading(item.text if isinstance(item, Heading) else item))
    return marks


def _is_heading(text: str) -> int:
    return _remembered(text) if len(text) <= _SHORT_LINE else _looks_like_heading(text)


def _looks_like_heading(text: str) -> int:
    return 1 if load_knowledge().headings.search(text.replace(" ", ""), 0, _HEAD_CHARACTERS) else 0


_remembered = lru_cache(maxsize=4_096)(_looks_like_heading)  # menus are the same on page after page


def find_body(walked: Walked, marks: list[int]) -> tuple[int, int]:
    """Return the range of items that is the report; no table of the form is ever left outside."""
    items = walked.items
    weights = marks if any(marks) else [_text_weight(item) for item in items]
    sums = [0, *accumulate(weights)]
    total = sums[-1]
    containers: dict[int, tuple[int, int]] = {}
    for element in walked.elements:
        if element.rank >= 0 and sums[element.end] > sums[element.start]:
            start, end = containers.get(element.rank, (element.start, element.end))
            containers[element.rank] = (min(start, element.start), max(end, element.end))
    forms = [0, *accumulate(isinstance(item, RawTable) and item.marks >= FORM_MARKS for item in items)]
    for rank in sorted(containers):
        start, end = containers[rank]
        if sums[end] - sums[start] >= _ENOUGH * total and forms[end] - forms[start] == forms[-1]:
            return start, end
    needed = total if any(marks) else _MOST_TEXT * total
    holding = [
        element for element in walked.elements if sums[element.end] - sums[element.start] >= needed > 0
    ]
    best = min(holding, key=_size, default=None)
    return (best.start, best.end) if best else (0, len(items))


def without_surroundings(walked: Walked, marks: list[int], start: int, end: int) -> list[bool]:
    """Return for each item whether it is the report: in the range, in no menu or foot without marks."""
    inside = [start <= place < end for place in range(len(walked.items))]
    sums = [0, *accumulate(marks)]
    for element in walked.elements:
        whole = element.start <= start and element.end >= end
        if element.rank == SURROUNDING and not whole and sums[element.end] == sums[element.start]:
            inside[element.start : element.end] = [False] * (element.end - element.start)
    return inside


def _size(element: Element) -> int:
    return element.end - element.start


def _text_weight(item: Item) -> int:
    if isinstance(item, RawTable):
        return 0
    length = len(item if isinstance(item, str) else item.text)
    return length if length >= _LONG_LINE else 0
