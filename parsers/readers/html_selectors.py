"""Selectors of style sheets: which elements of a page a rule is for, as far as that can be told.

An answer is one of three: `NO`, `YES`, and `MAYBE` for what only a browser or a reader's hand decides. The
element tree is the one browsers build: rows that stand in a table without a body stand in one all the same.
"""

import re
from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import Any, NamedTuple, TypeAlias

NO, MAYBE, YES = range(3)

_ESCAPE = re.compile(r"\\(?:([0-9A-Fa-f]{1,6})[ \t\r\n\f]?|([^\n]))", re.DOTALL)
_ESCAPED = r"\\(?:[0-9A-Fa-f]{1,6}\s?|[^\n])"
_NAME = (
    rf"(?:--|-?(?:[A-Za-z_\u0080-\U0010ffff]|{_ESCAPED}))"
    rf"(?:[-A-Za-z0-9_\u0080-\U0010ffff]|{_ESCAPED})*"
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


class TooMuchWorkError(Exception):
    """A page's selectors cost more than a page may."""


class Budget:
    """How many elements may still be asked."""

    def __init__(self, steps: int) -> None:
        self.steps = steps

    def spend(self) -> None:
        """Count one element that is asked; raise `TooMuchWorkError` behind the last."""
        self.steps -= 1
        if self.steps < 0:
            raise TooMuchWorkError


Test: TypeAlias = Callable[[Any, Budget], int]


class Compound(NamedTuple):
    """What is asked of one element."""

    tag: str | None
    classes: tuple[str, ...]
    ids: tuple[str, ...]
    attributes: tuple[str, ...]
    """Names of other attributes that are asked."""
    tests: tuple[Test, ...]


class Selector(NamedTuple):
    """What is asked of an element and of those around it."""

    compounds: tuple[Compound, ...]
    """The element itself first, then those named before it."""
    combinators: tuple[str, ...]
    """Between each of them and the next: ` `, `>`, `+` or `~`."""
    specificity: tuple[int, int, int]
    part: str
    """The part of the element that is meant (`before`), empty for the element."""
    inner: tuple["Selector", ...]
    """Selectors inside it, for the names they mention."""
    asks_for_place: bool
    """Whether it matters what stands beside an element or what it stands in directly."""
    known: bool
    """False if it holds what not all browsers know: those leave out the whole rule."""

    def mentions(self) -> Iterator[Compound]:
        """Yield everything that is asked of any element."""
        yield from self.compounds
        for selector in self.inner:
            yield from selector.mentions()


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
        if name in _STRUCTURE and argument is None:
            return _STRUCTURE[name]
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


def _siblings(element: Any, budget: Budget, *, before: bool) -> Iterator[Any]:
    """Yield the elements beside one, nearest first, as browsers see them: rows stand in a body."""
    bare_row = element.tag == "tr" and _parent_tag(element) == "table"
    for other in element.itersiblings(preceding=before):
        budget.spend()
        if isinstance(other.tag, str):
            if bare_row and other.tag != "tr":
                return
            yield other


def _parent_tag(element: Any) -> Any:
    parent = element.getparent()
    return None if parent is None else parent.tag


def _first(element: Any, budget: Budget) -> int:
    return YES if next(_siblings(element, budget, before=True), None) is None else NO


def _last(element: Any, budget: Budget) -> int:
    return YES if next(_siblings(element, budget, before=False), None) is None else NO


def _place(element: Any, budget: Budget, from_end: bool, of_type: bool) -> int:
    others = _siblings(element, budget, before=not from_end)
    return 1 + sum(1 for other in others if not of_type or other.tag == element.tag)


def _first_of_type(element: Any, budget: Budget) -> int:
    return YES if _place(element, budget, False, True) == 1 else NO


def _last_of_type(element: Any, budget: Budget) -> int:
    return YES if _place(element, budget, True, True) == 1 else NO


def _link(element: Any, budget: Budget) -> int:
    return YES if element.tag == "a" and element.get("href") is not None else NO


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
        beyond = _place(element, budget, from_end, of_type) - b
        return YES if (beyond == 0 if a == 0 else beyond % a == 0 and beyond // a >= 0) else NO

    return test


_COUNTED = {
    "nth-child": (False, False),
    "nth-last-child": (True, False),
    "nth-of-type": (False, True),
    "nth-last-of-type": (True, True),
}
_STRUCTURE: dict[str, Test] = {
    "first-child": _first,
    "last-child": _last,
    "only-child": lambda element, budget: min(_first(element, budget), _last(element, budget)),
    "first-of-type": _first_of_type,
    "last-of-type": _last_of_type,
    "root": lambda element, budget: YES if element.getparent() is None else NO,
    "link": _link,
    "any-link": _link,
    "empty": lambda element, budget: NO if len(element) or element.text else YES,
}


def match(selector: Selector, element: Any, budget: Budget, *, folded: bool) -> int:
    """Return whether an element is meant; `folded` where names are compared without regard to case."""
    return _match_from(selector, 0, element, budget, folded)


def _match_from(selector: Selector, index: int, element: Any, budget: Budget, folded: bool) -> int:
    budget.spend()
    found = _fits(selector.compounds[index], element, budget, folded)
    if found == NO or index == len(selector.combinators):
        return found
    combinator = selector.combinators[index]
    best = NO
    for other in _around(element, combinator, budget):
        best = max(best, min(found, _match_from(selector, index + 1, other, budget, folded)))
        if best == found:
            break
    return best


class _Body:
    """The body that browsers put around rows that stand in a table itself."""

    tag = "tbody"

    def __init__(self, table: Any) -> None:
        self.table = table

    def get(self, name: str) -> None:
        return None

    def getparent(self) -> Any:
        return self.table

    def itersiblings(self, *, preceding: bool) -> Iterator[Any]:
        return iter(())

    def __len__(self) -> int:
        return 1


def _parent(element: Any) -> Any:
    parent = element.getparent()
    return _Body(parent) if element.tag == "tr" and parent is not None and parent.tag == "table" else parent


def _around(element: Any, combinator: str, budget: Budget) -> Iterator[Any]:
    """Yield the elements a combinator leads to, nearest first."""
    if combinator in "+~":
        for other in _siblings(element, budget, before=True):
            yield other
            if combinator == "+":
                return
        return
    while (element := _parent(element)) is not None:
        yield element
        if combinator == ">":
            return


def _fits(compound: Compound, element: Any, budget: Budget, folded: bool) -> int:
    if compound.tag is not None and element.tag != compound.tag:
        return NO
    if compound.classes:
        names = element.get("class")
        if not names or not _has(names.split(), compound.classes, folded):
            return NO
    if compound.ids and not _has([element.get("id") or ""], compound.ids, folded):
        return NO
    found = YES
    for test in compound.tests:
        found = min(found, test(element, budget))
        if found == NO:
            break
    return found


def _has(said: list[str], asked: tuple[str, ...], folded: bool) -> bool:
    if folded:
        lowered = {name.lower() for name in said}
        return all(name.lower() in lowered for name in asked)
    return all(name in said for name in asked)
