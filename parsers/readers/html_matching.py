"""Which elements of a page a selector is for, as far as that can be told.

An answer is one of three: `NO`, `YES`, and `MAYBE` for what only a browser or a reader's hand decides. The
element tree is the one browsers build: rows that stand in a table without a body stand in one all the same.
"""

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple, TypeAlias

NO, MAYBE, YES = range(3)


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


def place_among(element: Any, budget: Budget, from_end: bool, of_type: bool) -> int:
    """Return which child of its parent an element is, from 1 on; `of_type` counts those of its name only."""
    others = _siblings(element, budget, before=not from_end)
    return 1 + sum(1 for other in others if not of_type or other.tag == element.tag)


def _first_of_type(element: Any, budget: Budget) -> int:
    return YES if place_among(element, budget, False, True) == 1 else NO


def _last_of_type(element: Any, budget: Budget) -> int:
    return YES if place_among(element, budget, True, True) == 1 else NO


def _link(element: Any, budget: Budget) -> int:
    return YES if element.tag == "a" and element.get("href") is not None else NO


STRUCTURE: dict[str, Test] = {
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
