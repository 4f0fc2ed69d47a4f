"""Selectors of style sheets, read: what they ask of an element and of those around it."""

import re
from collections.abc import Callable
from functools import lru_cache
from typing import Any

from parsers.readers.html_matching import (
    MAYBE,
    NO,
    STRUCTURE,
    YES,
    Budget,
    Compound,
    Selector,
    Test,
    TooMuchWorkError,
    match,
    place_among,
)

_ESCAPE = re.compile(r"\\(?:([0-9A-Fa-f]{1,6})[ \t\r\n\f]?|([^\n]))", re.DOTALL)
_ESCAPED = r"\\(?:[0-9A-Fa-f]{1,6}\s?|[^\n])"
# Letters, _ and all beyond ASCII, said by what they are not: large ranges take 20 ms to compile.
_NAME = (
    rf"(?:--|-?(?:[^\x00-@\[-\^`{{-\x7f]|{_ESCAPED}))"
    rf"(?:[^\x00-,./:-@\[-\^`{{-\x7f]|{_ESCAPED})*"
)
_STRING = r"\"(?:[^\"\\]|\\.)*\"|'(?:[^'\\]|\\.)*'"
_SIMPLE = re.compile(
    rf"(?P<combinator>\s*[>+~]\s*|\s+)|\.(?P<class>{_NAME})|#(?P<id>{_NAME})"
    rf"|\[\s*(?P<attribute>{_NAME})\s*(?:(?P<is>[~|^$*]?=)\s*(?P<value>{_STRING}|{_NAME})\s*(?P<fold>[iIsS])?)?\s*\]"
    rf"|(?P<colons>::?)(?P<pseudo>{_NAME})(?P<open>\()?|(?P<tag>\*|{_NAME})",
    re.DOTALL,
)
_NTH = re.compile(r"\s*(?:([+-]?\d*)n(?:\s*([+-])\s*(\d+))?|([+-]?\d+)|(odd)|(even))\s*", re.IGNORECASE)
_PARTS = re.compile(rf"{_STRING}|\\.|[(\[]|[)\]]|,", re.DOTALL)
_OLD_PARTS = frozenset(("before", "after", "first-letter", "first-line"))
"""Parts of elements that may be named with one colon."""
_PARTS_KNOWN = _OLD_PARTS | {"selection", "marker", "placeholder", "backdrop", "file-selector-button", "cue"}
_STATES = frozenset(
    (
        *(
            "has",
            "lang",
            "dir",
            "checked",
            "disabled",
            "enabled",
            "default",
            "indeterminate",
            "defined",
            "open",
        ),
        *(
            "placeholder-shown",
            "read-only",
            "read-write",
            "required",
            "optional",
            "valid",
            "invalid",
            "in-range",
        ),
        *("out-of-range", "autofill", "host", "scope", "playing", "paused", "-webkit-autofill"),
    )
)
"""Known to browsers; which elements are meant depends on more than the page says."""
_AT_REST = frozenset(
    ("hover", "focus", "active", "visited", "target", "focus-within", "focus-visible", "fullscreen", "modal")
)
"""What an element is only while a reader does something with it."""
_FOLDED = frozenset(("align", "valign", "type", "dir", "lang", "color", "bgcolor", "width", "nowrap"))
"""Attributes whose values are compared without regard to case; not all of them."""
MOST_COMPOUNDS = 20
LONGEST_SELECTOR = 1_000


def unescaped(text: str) -> str:
    """Return a name of a style sheet without its escapes."""
    return _ESCAPE.sub(_character, text) if "\\" in text else text


def _character(escape: re.Match[str]) -> str:
    code = int(escape[1], 16) if escape[1] else ord(escape[2])
    return chr(code) if 0 < code < 0x110000 and not 0xD800 <= code < 0xE000 else "\ufffd"


def split_list(text: str) -> list[str]:
    """Return what stands between the commas of a list, those within brackets and strings left alone."""
    found, start, depth = [], 0, 0
    for part in _PARTS.finditer(text):
        if part[0] in ("(", "["):
            depth += 1
        elif part[0] in (")", "]"):
            depth -= 1
        elif part[0] == "," and depth <= 0:
            found.append(text[start : part.start()])
            start = part.end()
    return [*found, text[start:]]


@lru_cache(maxsize=4_096)
def read_selector(text: str) -> Selector | None:
    """Return a selector as read, None for what is none: browsers leave the whole rule out then.

    Raises `TooMuchWorkError` for selectors that are too long.
    """
    if len(text) > LONGEST_SELECTOR:
        raise TooMuchWorkError
    return _Reading(text.strip().replace("*|", "")).selector()


class _Reading:
    """A selector being read."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.compounds: list[Compound] = []
        self.combinators: list[str] = []
        self.part = ""
        self.inner: list[Selector] = []
        self.counts = [0, 0, 0]
        self.known = True
        self.asks_for_place = False
        self._start()

    def _start(self) -> None:
        self.tag: str | None = None
        self.named: dict[str, list[str]] = {"class": [], "id": [], "attribute": []}
        self.tests: list[Test] = []
        self.empty = True

    def selector(self) -> Selector | None:
        place = 0
        while place < len(self.text):
            found = _SIMPLE.match(self.text, place)
            if found is None or (self.part and found["combinator"] is None and not found["pseudo"]):
                return None
            place = found.end()
            if found["combinator"] is not None:
                if self.empty or len(self.compounds) >= MOST_COMPOUNDS:
                    return None
                self._close()
                self.combinators.append(found["combinator"].strip() or " ")
                self._start()
            elif found["pseudo"] is not None:
                place = self._pseudo(found, place)
                if place < 0:
                    return None
            elif not self._simple(found):
                return None
        if self.empty:
            return None
        self._close()
        a, b, c = self.counts
        return Selector(
            tuple(reversed(self.compounds)),
            tuple(reversed(self.combinators)),
            (a, b, c),
            self.part,
            tuple(self.inner),
            self.asks_for_place or any(combinator != " " for combinator in self.combinators),
            self.known,
        )

    def _close(self) -> None:
        names = self.named
        self.compounds.append(
            Compound(
                self.tag,
                tuple(names["class"]),
                tuple(names["id"]),
                tuple(names["attribute"]),
                tuple(self.tests),
            )
        )

    def _simple(self, found: re.Match[str]) -> bool:
        if found["tag"] is not None:
            if not self.empty:
                return False
            if found["tag"] != "*":
                self.tag = unescaped(found["tag"]).lower()
                self.counts[2] += 1
        elif found["id"] is not None:
            self.named["id"].append(unescaped(found["id"]))
            self.counts[0] += 1
        elif found["class"] is not None:
            self.named["class"].append(unescaped(found["class"]))
            self.counts[1] += 1
        else:
            name = unescaped(found["attribute"]).lower()
            self.named["attribute"].append(name)
            self.tests.append(_attribute_test(name, found["is"], found["value"], found["fold"]))
            self.counts[1] += 1
        self.empty = False
        return True

    def _pseudo(self, found: re.Match[str], place: int) -> int:
        """Take what follows colons; return where the selector goes on, -1 where it is none."""
        name, argument = unescaped(found["pseudo"]).lower(), None
        if found["open"]:
            end = _end_of_brackets(self.text, place)
            argument, place = self.text[place : end - 1], end
        self.empty = False
        if found["colons"] == "::" or name in _OLD_PARTS:
            self.part = self.part or name
            self.known = self.known and (name in _PARTS_KNOWN or name.startswith("-webkit-"))
            self.counts[2] += 1
            return place
        self.counts[1] += name not in ("not", "is", "where", "matches", "has")
        test = self._pseudo_class(name, argument)
        if test is None:
            return -1
        self.tests.append(test)
        return place

    def _pseudo_class(self, name: str, argument: str | None) -> Test | None:
        self.asks_for_place = self.asks_for_place or name not in _AT_REST
        if name in _AT_REST:
            return lambda element, budget: NO
        if name in ("not", "is", "where", "matches", "-webkit-any"):
            inner = [read_selector(part) for part in split_list(argument or "")]
            known = [selector for selector in inner if selector is not None]
            if name == "not" and len(known) < len(inner):
                return None
            self.inner.extend(known)
            if name != "where":
                most = max((selector.specificity for selector in known), default=(0, 0, 0))
                self.counts = [have + more for have, more in zip(self.counts, most, strict=True)]
            return _any_test(known, negated=name == "not")
        if name in STRUCTURE and argument is None:
            return STRUCTURE[name]
        if name in _COUNTED and argument is not None and (nth := _NTH.fullmatch(argument)):
            return _nth_test(nth, *_COUNTED[name])
        self.counts[1] += name == "has"
        self.known = self.known and name in _STATES
        return lambda element, budget: MAYBE


def _end_of_brackets(text: str, place: int) -> int:
    depth = 1
    for part in _PARTS.finditer(text, place):
        depth += {"(": 1, "[": 1, ")": -1, "]": -1}.get(part[0], 0)
        if depth == 0:
            return part.end()
    return len(text) + 1


def _attribute_test(name: str, operator: str | None, quoted: str | None, fold: str | None) -> Test:
    value = quoted or ""
    value = unescaped(value[1:-1] if value[:1] in ("'", '"') else value)
    folded = (fold or "").lower() == "i" or (name in _FOLDED and (fold or "").lower() != "s")

    def test(element: Any, budget: Budget) -> int:
        said = element.get(name)
        if said is None or operator is None:
            return YES if said is not None else NO
        asked = value
        if folded:
            said, asked = said.lower(), asked.lower()
        return YES if _COMPARED[operator](said, asked) else NO

    return test


_COMPARED: dict[str, Callable[[str, str], bool]] = {
    "=": lambda said, asked: said == asked,
    "~=": lambda said, asked: asked in said.split(),
    "|=": lambda said, asked: said == asked or said.startswith(asked + "-"),
    "^=": lambda said, asked: bool(asked) and said.startswith(asked),
    "$=": lambda said, asked: bool(asked) and said.endswith(asked),
    "*=": lambda said, asked: bool(asked) and asked in said,
}


def _any_test(selectors: list[Selector], *, negated: bool) -> Test:
    def test(element: Any, budget: Budget) -> int:
        found = max((_plain_match(selector, element, budget) for selector in selectors), default=NO)
        return YES - found if negated else found

    return test


def _plain_match(selector: Selector, element: Any, budget: Budget) -> int:
    return NO if selector.part else match(selector, element, budget, folded=False)


def _nth_test(nth: re.Match[str], from_end: bool, of_type: bool) -> Test:
    step, sign, more, only, odd, even = nth.groups()
    if only:
        a, b = 0, int(only)
    elif odd or even:
        a, b = 2, 1 if odd else 0
    else:
        a = int(step + "1") if step in ("", "+", "-") else int(step)
        b = int(f"{sign}{more}") if more else 0

    def test(element: Any, budget: Budget) -> int:
        beyond = place_among(element, budget, from_end, of_type) - b
        return YES if (beyond == 0 if a == 0 else beyond % a == 0 and beyond // a >= 0) else NO

    return test


_COUNTED = {
    "nth-child": (False, False),
    "nth-last-child": (True, False),
    "nth-of-type": (False, True),
    "nth-last-of-type": (True, True),
}
