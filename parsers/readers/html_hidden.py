"""What is hidden when a page opens and still belongs to the report: parts that a script shows, as in tabs.

A hidden part is shown if what is visible lacks it. A copy of what is visible, for other screens or of another
year, stays hidden.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any

from parsers.readers.html_blanks import Reading
from parsers.readers.html_knowledge import load_knowledge
from parsers.readers.html_tables import FORM_MARKS
from parsers.readers.html_walk import STAND_IN

_MOST_HEADINGS_OF_PART = 2
"""Section headings in a part; what has more is a report of its own."""
_COMMON = 2
"""Words of the forms in two tables that make them tables of the same kind."""
_MOST_PARTS = 50
_TABLE_PARTS = frozenset(("td", "th", "tr", "tbody", "thead", "tfoot"))
_NEVER_READ = frozenset(("script", "style", "noscript", "template", "textarea", "title"))


def may_be_missing(hidden: Iterable[Any], apart: Sequence[Reading]) -> bool:
    """Return whether a hidden element holds a table of the form; `apart` are those read apart."""
    return any(_is_of_form(table, apart) for element in hidden for table in element.iter("table"))


def _is_of_form(table: Any, apart: Sequence[Reading]) -> bool:
    number = table.get(STAND_IN)
    if number is None:
        return len(_labels([table])) >= FORM_MARKS
    known = apart[int(number)].table
    return known is not None and known.marks >= FORM_MARKS


def without_missing_parts(root: Any, hidden: list[Any]) -> list[Any]:
    """Return the hidden elements without those that hold tables of the form which are nowhere else."""
    parts = dict(islice(_parts(hidden), _MOST_PARTS))
    if not parts:
        return hidden
    covered = set(hidden)
    shown = _labels(
        table for table in root.iter("table") if covered.isdisjoint((table, *table.iterancestors()))
    )
    headings = _headings(_texts(root, covered))
    missing = set()
    for element, words in parts.items():
        copies = [other for twin, other in parts.items() if twin is not element]
        own = _headings(_texts(element, covered))
        if all(len(words & other) < _COMMON for other in (shown, *copies)) and (
            len(own) <= _MOST_HEADINGS_OF_PART or own.isdisjoint(headings)
        ):
            missing.add(element)
    missing |= set(_narrative_beside(missing, hidden, headings, covered))
    return [element for element in hidden if element not in missing] if missing else hidden


def _narrative_beside(
    missing: set[Any], hidden: list[Any], headings: set[str], covered: set[Any]
) -> Iterator[Any]:
    """Yield the hidden parts without tables beside missing ones, as in other tabs of the same report."""
    groups = {element.getparent() for element in missing}
    for element in hidden:
        if element not in missing and element.getparent() in groups:
            own = _headings(_texts(element, covered))
            if 0 < len(own) <= _MOST_HEADINGS_OF_PART and own.isdisjoint(headings):
                yield element


def without_marks(root: Any, hidden: list[Any]) -> list[Any]:
    """Return the hidden elements that hold no mark of a report."""
    known = load_knowledge()
    found: set[Any] = set()
    for element in hidden:
        if element.getparent() in found:
            found.add(element)
        else:
            text = "".join("".join(element.itertext()).split())
            if not (known.headings.search(text) or known.labels.search(text)):
                found.add(element)
    return [element for element in hidden if element in found]


def _parts(hidden: list[Any]) -> Iterator[tuple[Any, set[str]]]:
    """Yield the outermost hidden elements that hold tables of the form, with its words in them."""
    covered = set(hidden)
    for element in hidden:
        if element.tag in _TABLE_PARTS or (tables := list(element.iter("table"))) == []:
            continue
        if covered.isdisjoint(element.iterancestors()) and len(words := _labels(tables)) >= FORM_MARKS:
            yield element, words


def _labels(tables: Iterable[Any]) -> set[str]:
    known = load_knowledge().labels
    return {word for table in tables for word in known.findall("".join("".join(table.itertext()).split()))}


def _headings(texts: Iterable[str]) -> set[str]:
    return set(load_knowledge().headings.findall("".join("".join(texts).split())))


def _texts(root: Any, without: set[Any]) -> Iterator[str]:
    """Yield the texts of an element in any order, but for those of some elements in it."""
    waiting = [root]
    while waiting:
        element = waiting.pop()
        if (element is not root and element in without) or element.tag in _NEVER_READ:
            continue
        yield element.text or ""
        for inner in element:
            yield inner.tail or ""
            waiting.append(inner)
