"""A page dressed in its own style sheets: what their rules do to an element is written into its own style.

Rules win over each other as in browsers (importance, the element's own style, specificity, order). Where it
is not certain that a rule applies and that would change how something is read, no figures are read there.
"""

import re
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from parsers.readers.html_matching import NO, YES, Budget, Compound, Selector, TooMuchWorkError, match
from parsers.readers.html_media import media_holds
from parsers.readers.html_page_sheets import PageSheets
from parsers.readers.html_selectors import unescaped
from parsers.readers.html_sheets import Declaration, Rule, declared, read_sheet, written
from parsers.readers.html_styles import has_ground, is_pale, looks_of
from parsers.readers.html_tags import KINDS

MAX_STEPS = 200_000
"""Elements asked whether a selector is for them."""

_NEVER_APPLIED = frozenset(("noscript", "template", "xmp", "iframe"))
_ROWS = ("tr", "tbody", "thead", "tfoot")
_CELLS = ("td", "th")
_COLUMNS = ("col", "colgroup")
_PRINTED = re.compile(r"[\d.,%+\-−－]|\b(?:attr|counters?|url|var)\(")
_NOT_PRINTED = frozenset(("none", "normal", "initial", "unset", '""', "''", "inherit"))
_COLOURS = ("color", "-webkit-text-fill-color")
_DOUBTING = frozenset((*_COLOURS, "background", "opacity", "font-size", "filter", "-webkit-text-security"))
"""Properties that are only looked at in cells."""
_GROUNDS = ("bgcolor", "background")


class Dressed(NamedTuple):
    """What the sheets of a page changed."""

    ruled: list[Any]
    """Elements whose style now says what the sheets say."""
    doubted: list[Any]
    """Elements whose figures cannot be read for certain."""
    note: str
    """Code of what could not be followed, empty for nothing."""


NOTHING = Dressed([], [], "")


class IncompleteError(Exception):
    """An attribute may be needed that was left out of the page, or there is another sheet."""


def dress(root: Any, page: PageSheets) -> Dressed:
    """Write what a page's sheets say into its elements' styles.

    Raises `IncompleteError` if more must be known of the page than it was left with.
    """
    try:
        placed = _placed_rules(root, page)
        if not page.whole:
            raise TooMuchWorkError
        return _Fitting(root, placed, quirks=page.quirks).dress(slimmed=page.slimmed)
    except TooMuchWorkError:
        return Dressed([], list(root.iter("table")), "styles_clamped")


def _placed_rules(root: Any, page: PageSheets) -> list[tuple[Rule, int]]:
    """Return the rules that apply in their order, and how certainly."""
    found: list[tuple[Rule, int]] = []
    for element in root.iter("style"):
        text = (element.text or "").encode("utf-8", "replace")
        rules = page.rules.get(text)
        if rules is None and page.slimmed:
            raise IncompleteError
        holds = _sheet_holds(element)
        if holds != NO:
            rules = read_sheet(text, page.asked).rules if rules is None else rules
            found.extend((rule, holds) for rule in rules)
    return found


def _sheet_holds(element: Any) -> int:
    if (element.get("type") or "text/css").strip().lower() != "text/css":
        return NO
    if any(outer.tag in _NEVER_APPLIED for outer in element.iterancestors()):
        return NO
    return media_holds(element.get("media") or "")


class _Said(NamedTuple):
    """A declaration for an element, and what it wins over."""

    weight: tuple[bool, bool, tuple[int, int, int], int, int]
    """Important, the element's own, specificity, order of the rule and in it."""
    declaration: Declaration
    certain: bool


class _Fitting:
    """A page while its sheets are tried on."""

    def __init__(self, root: Any, rules: list[tuple[Rule, int]], *, quirks: bool) -> None:
        self.root = root
        self.rules = rules
        self.quirks = quirks
        self.budget = Budget(MAX_STEPS)
        self.by_name: dict[str, dict[str, list[Any]]] = {}
        self.said: dict[Any, list[_Said]] = {}
        self.printed: list[Any] = []
        """Elements with a part of their own that shows something."""
        self.doubted: list[Any] = []

    def dress(self, *, slimmed: bool) -> Dressed:
        for order, (rule, holds) in enumerate(self.rules):
            for selector in rule.selectors:
                self._try(rule, selector, holds, order)
        for element, said in self.said.items():
            self._settle(element, said)
        if slimmed and any(is_pale(element.get("style")) and _is_in_table(element) for element in self.said):
            raise IncompleteError  # grounds are said by attributes that were left out
        for element in self.said:
            self._compare_with_others(element)
        self.doubted.extend(filter(_is_in_table, self.printed))
        return Dressed(list(self.said), self.doubted, "")

    def _try(self, rule: Rule, selector: Selector, holds: int, order: int) -> None:
        if selector.part and not _part_matters(selector.part, rule):
            return
        for element in self._candidates(selector.compounds[0], in_tables=rule.said <= _DOUBTING):
            found = match(selector, element, self.budget, folded=self.quirks)
            if found == NO:
                continue
            if selector.part:
                self.printed.append(element)
                continue
            certain = found == YES and holds == YES and rule.certain
            for place, declaration in enumerate(rule.declarations):
                weight = (declaration.important, False, selector.specificity, order, place)
                entry = _Said(weight, declaration, certain and declaration.certain)
                self.said.setdefault(element, []).append(entry)

    def _candidates(self, compound: Compound, *, in_tables: bool) -> Iterable[Any]:
        """Return the elements a compound may mean, found by the rarest that it asks."""
        if compound.ids:
            return self._named("id").get(self._folded(compound.ids[0]), ())
        if compound.classes:
            return self._named("class").get(self._folded(compound.classes[0]), ())
        tables = self.root.iter("table") if in_tables else (self.root,)
        return dict.fromkeys(
            element
            for table in tables
            for element in table.iter(compound.tag or "*")
            if isinstance(element.tag, str)
        )

    def _folded(self, name: str) -> str:
        return name.lower() if self.quirks else name

    def _named(self, attribute: str) -> dict[str, list[Any]]:
        if attribute not in self.by_name:
            found: dict[str, list[Any]] = {}
            for element in self.root.xpath(f"//*[@{attribute}]"):
                names = self._folded(element.get(attribute))
                for name in set(names.split()) if attribute == "class" else (names,):
                    found.setdefault(name, []).append(element)
            self.by_name[attribute] = found
        return self.by_name[attribute]

    def _settle(self, element: Any, said: list[_Said]) -> None:
        """Write what wins into the style of an element, or doubt what it holds."""
        own = element.get("style")
        for place, declaration in enumerate(declared(own) if own else ()):
            weight = (declaration.important, True, (0, 0, 0), 0, place)
            said.append(_Said(weight, declaration, declaration.certain))
        winners, others = _winners(said)
        style = written(winners.values())
        effect = _effect(element, style)
        for other in others:
            if _effect(element, written({**winners, other.name: other}.values())) != effect:
                self._doubt(element, {*winners.values(), *others})
                style = _shown(winners)
                break
        element.set("style", style)
        display = winners.get("display")
        if display is not None and display.value != "none" and element.get("hidden") is not None:
            del element.attrib["hidden"]

    def _doubt(self, element: Any, declarations: Iterable[Declaration]) -> None:
        """Doubt the figures that may stand elsewhere, or be none, if a rule applies that may not."""
        gone = any(said.name in ("display", "position", "float") for said in declarations)
        if element.tag in _COLUMNS or (element.tag in _ROWS and gone):
            self.doubted.extend(_around(element, "table"))
        elif element.tag in _CELLS and gone:
            self.doubted.extend(_around(element, "tr"))
        elif _is_in_table(element):
            self.doubted.append(element)

    def _compare_with_others(self, element: Any) -> None:
        """Look at what a style means only beside others: colours, boxes of a row, columns."""
        style = element.get("style")
        if is_pale(style) and _is_in_table(element):
            if any(_has_ground(other) for other in (element, *_up_to_table(element))):
                element.set("style", re.sub(r"(?:^|(?<=;))(?:-webkit-text-fill-)?color:[^;]*", "", style))
            elif element.tag in _ROWS and any(_has_ground(cell) for cell in element.iter(*_CELLS)):
                element.set("style", re.sub(r"(?:^|(?<=;))color:[^;]*", "", style))
        if element.tag in _COLUMNS and "visibility:collapse" in style:
            self.doubted.extend(_around(element, "table"))
        if element.tag in (*_CELLS, "tr") and _is_other_box(style):
            self._compare_boxes(element)
        if "visibility:visible" in style:
            self._show_again(element)

    def _compare_boxes(self, element: Any) -> None:
        """Doubt figures beside what is no cell or row any more: it spans nothing, and the others move up."""
        outer = next(iter(_around(element, "table" if element.tag == "tr" else "tr")), None)
        if outer is None:
            return
        same = list(outer.iter("tr") if element.tag == "tr" else outer.iter(*_CELLS))
        spans = any(_spans_rows(cell) for cell in element.iter(*_CELLS))
        if spans or not all(_is_other_box(other.get("style") or "") for other in same):
            self.doubted.extend(_around(element, "table") if spans or element.tag == "tr" else [outer])

    def _show_again(self, element: Any) -> None:
        """Keep what is invisible but for an element in it, and read no figures of the rest."""
        for outer in element.iterancestors():
            style = outer.get("style") or ""
            looks = looks_of(style)
            if looks.hidden and not looks.no_box:
                outer.set("style", re.sub(r"(?i)visibility\s*:\s*(?:hidden|collapse)", "", style))
                self.doubted.append(outer)


def _winners(said: list[_Said]) -> tuple[dict[str, Declaration], list[Declaration]]:
    """Return the declarations that win if nothing applies that may not, and those that else might."""
    winners: dict[str, Declaration] = {}
    others = []
    for entry in sorted(said, key=lambda entry: entry.weight, reverse=True):
        declaration = entry.declaration
        if declaration.name in winners:
            continue
        if not entry.certain:
            others.append(declaration)
        else:
            winners[declaration.name] = declaration
    return winners, [value for other in others for value in _possible(other)]


_WORST_AND_BEST = {
    "display": ("none", "inline"),
    "visibility": ("hidden", "visible"),
    "position": ("absolute", "static"),
    "float": ("right", "none"),
}


def _possible(declaration: Declaration) -> list[Declaration]:
    """Return what a declaration may come to, the extremes where only a browser works that out."""
    if declaration.certain:
        return [declaration]
    values = _WORST_AND_BEST[declaration.name]
    return [declaration._replace(value=value, certain=True) for value in values]


def _shown(winners: dict[str, Declaration]) -> str:
    return written(said for name, said in winners.items() if name not in ("display", "visibility"))


def _part_matters(part: str, rule: Rule) -> bool:
    if part in ("before", "after"):
        shown = not looks_of(written(rule.declarations)).hidden
        return shown and any(said.name == "content" and _prints(said.value) for said in rule.declarations)
    return part in ("first-letter", "first-line") and bool(rule.asked)


def _prints(content: str) -> bool:
    return content not in _NOT_PRINTED and _PRINTED.search(unescaped(content)) is not None


def _is_in_table(element: Any) -> bool:
    return element.tag in (*_ROWS, *_CELLS) or bool(_around(element, *_CELLS))


def _around(element: Any, *tags: str) -> list[Any]:
    return list(element.iterancestors(*tags))[:1]


def _up_to_table(element: Any) -> Iterator[Any]:
    for outer in element.iterancestors():
        yield outer
        if outer.tag == "table":
            return


def _has_ground(element: Any) -> bool:
    style = element.get("style")
    return any(element.get(name) is not None for name in _GROUNDS) or bool(style and has_ground(style))


def _effect(element: Any, style: str) -> tuple[object, bool]:
    """Return what a style does to an element: only what stands within lines is set apart, only boxes span."""
    looks = looks_of(style)
    if element.tag in KINDS and element.tag != "a":
        looks = looks._replace(apart=False)
    return looks, element.tag in (*_CELLS, "tr") and _is_other_box(style)


_OTHER_BOX = re.compile(
    r"(?:^|;)(?:display:(?!table-cell|table-row(?!-)|none|revert)|float:[lri]|position:[af])"
)


def _is_other_box(style: str) -> bool:
    """Return whether a style makes something else of a cell or a row."""
    return _OTHER_BOX.search(style) is not None


def _spans_rows(cell: Any) -> bool:
    return (cell.get("rowspan") or "1").strip() != "1"
