"""What styles and elements without text do to what is read: hidden, struck or raised, shown but no text."""

import re
from collections.abc import Iterable, Sequence
from typing import Any, TypeAlias

from lxml import etree

Words: TypeAlias = Sequence[tuple[bytes, re.Pattern[bytes]]]
"""Words to look for, and what must stand where one was found."""

_HIDING_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_HIDING_WORDS: Words = (
    (b"display", re.compile(rb"display\s*:\s*none")),
    (b"visibility", re.compile(rb"visibility\s*:\s*hidden")),
)
# Editors strike and raise by styles; Word hides by one browsers do not know; some shrink text to nothing.
_APART_STYLE = re.compile(
    r"line-through|vertical-align\s*:\s*su(?:per|b)\b|mso-hide\s*:\s*all|font-size\s*:\s*0(?:\.0*)?(?![.\d])",
    re.IGNORECASE,
)
_APART_WORDS: Words = (
    (b"line-through", re.compile(b"")),
    (b"align:su", re.compile(rb"align:su(?:per|b)\b")),
    (b"align: su", re.compile(rb"align: su(?:per|b)\b")),
    (b"mso-hide", re.compile(rb"mso-hide\s*:\s*all")),
    (b"font-size:0", re.compile(rb"font-size:0(?:\.0*)?(?![.\d])")),
    (b"font-size: 0", re.compile(rb"font-size: 0(?:\.0*)?(?![.\d])")),
)
_INLINE = ("span", "font", "b", "strong", "i", "em", "u", "small", "label")
# From the `<` before a style up to it: inside a tag, or inside a style sheet or script.
_TAG_AROUND = re.compile(rb"<(?P<name>[a-z][a-z0-9]{0,20})\s[^<>]*|<(?:style|script)\b[^<>]*>[^<]*")
_LONGEST_TAG = 4_000
"""Bytes before a style within which its tag must begin."""
_MARKED_HIDDEN: Any = etree.XPath("descendant::*/@hidden")
_OBJECTS = ("textarea", "select", "svg", "math", "canvas", "object", "embed", "iframe", "video")
_NEAR = 3


def hidden_elements(root: Any, data: bytes) -> list[Any]:
    """Return the elements a browser does not show; `data` is the page they were read from."""
    styled = _styled(root, data, _HIDING_WORDS, _HIDING_STYLE)
    return styled + [mark.getparent() for mark in _MARKED_HIDDEN(root)]


def set_apart(root: Any, data: bytes) -> None:
    """Make struck, raised and shrunk pieces of lines elements that never run together with what is beside."""
    for element in _styled(root, data, _APART_WORDS, _APART_STYLE):
        if element.tag in _INLINE:
            element.tag = "sup"


def mark_objects(root: Any) -> None:
    """Make what fills a cell and is no text (a field, a drawing) a picture, so that the cell is not blank."""
    for element in list(root.iter(*_OBJECTS)):
        cell = element.getparent()
        for _ in range(_NEAR):
            if cell is None or cell.tag in ("td", "th"):
                break
            cell = cell.getparent()
        if cell is not None and cell.tag in ("td", "th") and _shown(element):
            tail = element.tail
            element.clear()
            element.tag, element.tail = "img", tail


def _shown(element: Any) -> bool:
    style = element.get("style")
    return element.get("hidden") is None and not (style and _HIDING_STYLE.search(style))


def _styled(root: Any, data: bytes, words: Words, style: re.Pattern[str]) -> list[Any]:
    names = _styled_tags(data, words)
    if names == set():
        return []
    elements: Iterable[Any] = root.iter(*names) if names is not None else root.iter()
    return [element for element in elements if (own := element.get("style")) and style.search(own)]


def _styled_tags(data: bytes, words: Words) -> set[str] | None:
    """Return the names of the tags that may have such a style, None where that cannot be told.

    Asking every element for its style takes longer than the page takes to parse.
    """
    lower = data.lower()
    names: set[str] = set()
    for word, rule in words:
        place = lower.find(word)
        while place >= 0:
            if rule.match(lower, place):
                start = lower.rfind(b"<", max(0, place - _LONGEST_TAG), place)
                tag = _TAG_AROUND.fullmatch(lower, start, place) if start >= 0 else None
                before = lower.rfind(b">", 0, start)
                if tag is None or lower.find(b"<", max(before, 0), start) >= 0:
                    return None
                names.update([tag["name"].decode("ascii")] if tag["name"] else [])
            place = lower.find(word, place + 1)
    return names
