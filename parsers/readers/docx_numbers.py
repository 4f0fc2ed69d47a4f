"""Numerals that Word prints in front of paragraphs and does not store: 一、 （二） 3. and their like."""

import re
from collections import defaultdict
from typing import Any, NamedTuple

from parsers.readers.office import attribute, child, children

_DIGITS = "〇一二三四五六七八九"
_CHINESE = frozenset({
    "chineseCounting", "chineseCountingThousand", "taiwaneseCounting", "taiwaneseCountingThousand",
    "japaneseCounting", "ideographDigital", "chineseLegalSimplified",
})  # fmt: skip
_MOST = 99
_LONGEST_PATTERN = 60
"""Characters of the pattern around numerals; a longer one would be printed again with every paragraph."""
_PLACES = re.compile(r"%[1-9]")


class Level(NamedTuple):
    """How one level of a list is numbered: first number, numerals, and pattern ("（%1）")."""

    start: int
    numerals: str
    pattern: str


class Numbers:
    """Counts the numbered paragraphs of a document in reading order."""

    def __init__(self, part: Any) -> None:
        """Take the numbering part of the document, None where it has none."""
        self._levels: dict[tuple[str, int], Level] = {}
        self._counts: defaultdict[str, dict[int, int]] = defaultdict(dict)
        self._list_of: dict[str, str] = {}
        if part is None:
            return
        for definition in children(part, "abstractNum"):
            identifier = attribute(definition, "abstractNumId") or ""
            for level in children(definition, "lvl"):
                depth = _number(attribute(level, "ilvl"), 0)
                self._levels[identifier, depth] = Level(
                    _number(_value(level, "start"), 1),
                    _value(level, "numFmt") or "decimal",
                    (_value(level, "lvlText") or "")[:_LONGEST_PATTERN],
                )
        for instance in children(part, "num"):
            self._list_of[attribute(instance, "numId") or ""] = _value(instance, "abstractNumId") or ""

    def next(self, list_id: str, depth: int) -> str:
        """Return the numeral of the next paragraph of a list; empty for bullets and what is not known."""
        definition = self._list_of.get(list_id)
        level = self._levels.get((definition or "", depth))
        if definition is None or level is None:
            return ""
        counts = self._counts[definition]
        counts[depth] = counts.get(depth, level.start - 1) + 1
        for deeper in [other for other in counts if other > depth]:
            del counts[deeper]
        return self._shown(definition, level.pattern, counts)

    def _shown(self, definition: str, pattern: str, counts: dict[int, int]) -> str:
        """Return a pattern with its numerals filled in; empty where one of them is not known."""
        text = pattern
        for place in _PLACES.findall(pattern):
            depth = int(place[1]) - 1
            level = self._levels.get((definition, depth))
            filled = numeral(counts.get(depth, level.start), level.numerals) if level else None
            if filled is None:
                return ""
            text = text.replace(place, filled)
        return text if text != pattern else ""


def numeral(number: int, numerals: str) -> str | None:
    """Return a number as Word prints it; None for bullets, numerals that are not known, and large numbers."""
    if not 0 < number <= _MOST:
        return None
    if numerals in _CHINESE:
        return _chinese(number)
    if numerals == "decimal":
        return str(number)
    if numerals == "decimalFullWidth":
        return str(number).translate({ord("0") + digit: ord("０") + digit for digit in range(10)})
    if numerals == "decimalEnclosedCircle" and number <= 20:
        return chr(ord("①") + number - 1)
    return None


def _chinese(number: int) -> str:
    tens, ones = divmod(number, 10)
    front = "" if not tens else ("" if tens == 1 else _DIGITS[tens]) + "十"
    return front + (_DIGITS[ones] if ones else "")


def _value(element: Any, name: str) -> str | None:
    found = child(element, name)
    return None if found is None else attribute(found, "val")


def _number(text: str | None, otherwise: int) -> int:
    return (
        int(text) if text is not None and text.isascii() and text.isdigit() and len(text) < 6 else otherwise
    )
