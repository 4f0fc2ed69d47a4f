"""The style sheets of a page that may change how it is read, and what of the page must be kept for them."""

import re
from collections.abc import Iterable, Set
from functools import lru_cache
from typing import NamedTuple

from parsers.readers.html_markup import INLINE
from parsers.readers.html_matching import Compound, Selector
from parsers.readers.html_sheets import Rule, Sheet, read_sheet
from parsers.readers.html_slim import Slim, names_seen

_MOST_NAMES = 300
_CLASSES = re.compile(rb"class\s*=\s*(?:\"([^\"]*)|'([^']*)|([^\s\"'<>]+))")
_IDS = re.compile(rb"id\s*=\s*(?:\"([^\"]*)|'([^']*)|([^\s\"'<>]+))")
_STYLE_ELEMENT = re.compile(rb"<style\b[^>]*>(.*?)(?:</style|\Z)", re.IGNORECASE | re.DOTALL)
_HIDDEN = re.compile(rb"\shidden[\s=>]")
_ANYTHING = re.compile(b"")
_OLD_DOCTYPE = re.compile(
    rb"\s*<!doctype[^>]*?(?:html 4\.0 transitional|html 4[^>]*transitional//en\"\s*>|html [23])"
)
MAY_STAND_APART = frozenset(("tr", "td", "th", "tbody", "thead", "tfoot", "p", "div", "br", *INLINE))
"""Elements of tables that are read apart from their page."""
_CELLS = ("td", "th")
_COLOURS = ("color", "-webkit-text-fill-color")


class PageSheets(NamedTuple):
    """The style sheets of a page, as found in its text."""

    rules: dict[bytes, tuple[Rule, ...]]
    """Rules that may name an element of the page, by the text of their sheet."""
    asked: frozenset[str]
    """Properties of those rules."""
    kept: re.Pattern[bytes]
    """What a tag says that is needed with all its attributes."""
    keeps_looks: bool
    """Whether tags of mere looks are asked, or where they stand."""
    spares_tables: bool
    """Whether no cell is asked that says nothing of what is kept."""
    whole: bool
    quirks: bool
    """Whether names are compared without regard to case."""
    slimmed: bool = True
    """Whether attributes that nobody else reads were left out of the page."""


def find_sheets(data: bytes, slimmed: Slim) -> PageSheets | None:
    """Return the sheets of a page that may change how it is read, None if there are none."""
    texts = slimmed.sheets if slimmed.sheets is not None else _sheet_texts(data)
    if not texts:
        return None
    sheets = {text: read_sheet(text) for text in texts}
    whole = all(sheet.whole for sheet in sheets.values())
    seen = names_seen() if slimmed.sheets is not None else None
    if whole and not any(_may_be_named(rule, seen) for sheet in sheets.values() for rule in sheet.rules):
        return None
    return _page_sheets(sheets, data.lower(), whole=whole, any_name=seen is None)


def _sheet_texts(data: bytes) -> list[bytes]:
    return [found[1] for found in _STYLE_ELEMENT.finditer(data)]


def _page_sheets(
    sheets: dict[bytes, Sheet], page: bytes, *, whole: bool, any_name: bool
) -> PageSheets | None:
    names = None if any_name else _names_in(page)
    first = [rule for sheet in sheets.values() for rule in sheet.rules if _may_be_named(rule, names)]
    asked = frozenset(name for rule in first for name in rule.asked)
    if "display" not in asked and any(rule.boxes and _names_part_of_table(rule, page) for rule in first):
        asked |= {"display"}
    if whole and not asked:
        return None
    if not asked.isdisjoint(_COLOURS):
        asked |= {"background"}
    every = {text: read_sheet(text, asked) for text in sheets}
    whole = whole and all(sheet.whole for sheet in every.values())
    placed = {
        text: tuple(rule for rule in sheet.rules if _may_be_named(rule, names))
        for text, sheet in every.items()
    }
    rules = [rule for some in placed.values() for rule in some]
    selectors = [selector for rule in rules for selector in rule.selectors]
    unnamed = [selector.compounds[0].tag for selector in selectors if not _is_named(selector.compounds[0])]
    return PageSheets(
        placed,
        asked,
        _ANYTHING if any_name else _kept(selectors),
        keeps_looks=any(tag is None or tag in INLINE for tag in unnamed)
        or any(selector.asks_for_place or _asks_for_looks(selector) for selector in selectors),
        spares_tables=whole and all(tag is not None and tag not in MAY_STAND_APART for tag in unnamed),
        whole=whole,
        quirks=_is_quirky(page[:1_000]),
    )


def _is_named(compound: Compound) -> bool:
    return bool(compound.classes or compound.ids or compound.attributes)


def _asks_for_looks(selector: Selector) -> bool:
    return any(compound.tag in INLINE for compound in selector.mentions())


def _names_part_of_table(rule: Rule, page: bytes) -> bool:
    """Return whether a rule may be for a cell or a row, or for what is hidden by its attribute alone."""
    if _HIDDEN.search(page):
        return True
    for selector in rule.selectors:
        subject = selector.compounds[0]
        words = [word.lower().encode() for word in (*subject.classes, *subject.ids, *subject.attributes)]
        if subject.tag in (None, "tr", *_CELLS) and (
            not words or re.search(rb"<t[dhr]\b[^>]*" + re.escape(words[0]), page)
        ):
            return True
    return False


def _may_be_named(rule: Rule, names: Set[bytes] | None) -> bool:
    """Return whether all names that one of a rule's selectors asks are among some; None for any."""
    return names is None or any(wanted <= names for wanted in rule.names)


def _names_in(page: bytes) -> frozenset[bytes]:
    """Return the classes and `#`identifiers on a page in lower case, and more than those."""
    classes = b" ".join(map(b"".join, set(_CLASSES.findall(page)))).split()
    return frozenset([*classes, *(b"#" + b"".join(words).strip() for words in _IDS.findall(page))])


def _kept(selectors: Iterable[Selector]) -> re.Pattern[bytes]:
    """Return what tags say that are asked with all their attributes: names, or styles of their own."""
    names: set[str] = set()
    tags: set[str] = set()
    for selector in selectors:
        for compound in selector.mentions():
            names.update(name.lower() for name in (*compound.classes, *compound.ids, *compound.attributes))
        if not _is_named(selector.compounds[0]):
            tags.add(selector.compounds[0].tag or "")
    return _any_of(frozenset(names), frozenset(tags)) if len(names) <= _MOST_NAMES else _ANYTHING


@lru_cache(maxsize=64)
def _any_of(names: frozenset[str], tags: frozenset[str]) -> re.Pattern[bytes]:
    words = [f"(?<![\\w-])(?:{'|'.join(map(re.escape, sorted(names)))})(?![\\w-])"] if names else []
    if tags:
        named = "\\w[^\\s/]*" if "" in tags else "|".join(map(re.escape, sorted(tags)))
        words.append(f"\\A(?:{named})[\\s/].*(?:style|hidden)")
    return re.compile("|".join(words).encode("utf-8", "replace"), re.IGNORECASE | re.DOTALL)


def sheets_of(data: bytes) -> bytes:
    """Return the sheets of a page that may change how it is read, for markup it carries in scripts."""
    return b"".join(b"<style>%s</style>" % text for text in _sheet_texts(data) if read_sheet(text).rules)


def _is_quirky(start: bytes) -> bool:
    """Return whether a browser compares names without regard to case on a page, as on those of old."""
    return b"<!doctype" not in start or _OLD_DOCTYPE.match(start.lstrip(b"\xef\xbb\xbf")) is not None
