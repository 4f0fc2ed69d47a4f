"""What looks and elements without text do to what is read: hidden, moved, struck, raised, no text at all."""

import re
from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Any

from lxml import etree

from parsers.readers.html_tables import OBJECT_MARK

_NO_BOX = re.compile(r"display\s*:\s*none", re.IGNORECASE)
_HIDING = re.compile(rf"{_NO_BOX.pattern}|visibility\s*:\s*(?:hidden|collapse)", re.IGNORECASE)
# Editors raise by styles; Word hides by one browsers do not know; others move text away from its place.
_APART = re.compile(
    r"vertical-align\s*:\s*(?:su(?:per|b)\b|-?[\d.]*[1-9])|mso-text-raise|(?<![-\w])(?:top|bottom)\s*:\s*-?[\d.]*[1-9]|"
    r"mso-hide\s*:\s*all|mso-footnote|position\s*:\s*(?:absolute|fixed)|"
    r"float\s*:\s*[lr]|(?<!-)display\s*:\s*(?:block|flex|grid|table|list-item)",
    re.IGNORECASE,
)
_STRUCK = re.compile(r"line-through", re.IGNORECASE)
_ZERO = r"0(?:\.0*)?(?![.\d])"
# Text that a page holds and hardly shows, or shows the other way round.
_DOUBTFUL = re.compile(
    rf"(?<!-)opacity\s*:\s*{_ZERO}|font-size\s*:\s*(?:{_ZERO}|1px)|bidi-override|row-reverse|scale\({_ZERO}|"
    r"(?<!-)clip\s*:|(?:left|top|right|text-indent)\s*:\s*-\d{3}",
    re.IGNORECASE,
)
_NO_SIZE = re.compile(rf"(?<![-\w])(?:max-)?(?:width|height)\s*:\s*{_ZERO}", re.IGNORECASE)
_NO_COLOUR = re.compile(
    r"(?<![-\w])color\s*:\s*(?:white|transparent|#fff(?:fff)?\b|rgba?\(\s*255[,\s]+255[,\s]+255\b)",
    re.IGNORECASE,
)
_WHITE = frozenset({"white", "#fff", "#ffffff"})
_STRUCK_TAGS = frozenset({"del", "s", "strike"})
_TURNING_TAG = "bdo"
_NOTE_CLASS = "footnote"
_INLINE = ("span", "font", "b", "strong", "i", "em", "u", "small", "label")
_CELLS = ("td", "th")
_TABLE_PARTS = (*_CELLS, "tr", "tbody", "thead", "tfoot")
_STROKE = "\u0336"
_DIGIT = re.compile(r"\d")
_FIGURE = re.compile(r"(?=\D*\d)[\s\d.,%+-]+")
_WORDS = re.compile("[\u3400-\u9fff]")
_OBJECTS = (
    "textarea",
    "select",
    "svg",
    "math",
    "canvas",
    "object",
    "embed",
    "iframe",
    "video",
    "progress",
    "meter",
)
_WITH_TEXT = ("button", "rt")
"""Shown with their text: a field, and what is printed small above others."""
_NEAR = 3
_TAKEN_OUT = "template"
"""Never shown, so that a page has none left when elements are taken out."""


def changes_reading(name: str, attributes: Mapping[str, str]) -> bool:
    """Return whether a tag, its attributes as printed, may change how what it holds is read."""
    style = attributes.get("style", "")
    return (
        name in _STRUCK_TAGS
        or name == _TURNING_TAG
        or "hidden" in attributes
        or bool(style and (any(look.search(style) for look in (_HIDING, _APART, _STRUCK)) or _hardly(style)))
        or "&" in style
        or attributes.get("color", "").lower() in _WHITE
        or _NOTE_CLASS in attributes.get("class", "").lower()
    )


def _hardly(style: str) -> bool:
    """Return whether a style hardly shows text: in no size, in the colour of the page, away from the page."""
    if _DOUBTFUL.search(style):
        return True
    if (small := _NO_SIZE.search(style)) and "overflow" in style[small.end() :].lower():
        return True
    return _NO_COLOUR.search(style, style.lower().rfind("background") + 1) is not None


def hide_and_set_apart(root: Any, names: Collection[str] | None) -> list[Any]:
    """Return the elements a browser does not show, and keep others from being read together with figures.

    Raised and moved pieces of lines never run together with what is beside. Struck digits get a stroke, and
    figures in a cell that a page holds but hardly shows an object mark: they are seen and never read.
    `names` are the elements to be asked, None for all: asking all takes longer than the page takes to parse.
    """
    hidden = []
    stricken: set[Any] = set()
    doubted: set[Any] = set()
    for element in list(() if names is not None and not names else root.iter(*names or ())):
        style = element.get("style") or ""
        if element.get("hidden") is not None or (style and _HIDING.search(style)):
            hidden.append(element)
        if element.tag in _STRUCK_TAGS or (style and _STRUCK.search(style)):
            _change(element, _stricken, stricken)
            _raise(element)
        if _is_doubtful(element, style) and _in_cell(element):
            _change(element, _doubted, doubted)
            _raise(element)
        if (style and _APART.search(style)) or _NOTE_CLASS in (element.get("class") or "").lower():
            _raise(element)
    return hidden


def _is_doubtful(element: Any, style: str) -> bool:
    return (
        element.tag == _TURNING_TAG
        or bool(style and _hardly(style))
        or (element.get("color") or "").lower() in _WHITE
    )


def _in_cell(element: Any) -> bool:
    return element.tag in _CELLS or next(element.iterancestors(*_CELLS), None) is not None


def _raise(element: Any) -> None:
    if element.tag in _INLINE:
        element.tag = "sup"


def _change(element: Any, change: Callable[[str], str], done: set[Any]) -> None:
    """Change the text in an element, but where that was `done` for an element around it."""
    if element in done:
        return
    for inner in element.iter():
        done.add(inner)
        if inner.text:
            inner.text = change(inner.text)
        if inner is not element and inner.tail:
            inner.tail = change(inner.tail)


def _stricken(text: str) -> str:
    return text if _STROKE in text else _DIGIT.sub(rf"\g<0>{_STROKE}", text)


def _doubted(text: str) -> str:
    return text + OBJECT_MARK if _FIGURE.fullmatch(text) else text


def take_out(root: Any, hidden: Iterable[Any]) -> None:
    """Take out hidden elements, not the text behind them; cells that are only invisible keep their place."""
    for element in hidden:
        invisible = element.get("hidden") is None and not _NO_BOX.search(element.get("style"))
        if invisible and element.tag in _TABLE_PARTS:
            for cell in element.iter(*_CELLS):
                cell.text = None
                for inner in list(cell):
                    cell.remove(inner)
        elif element is not root and element.tag != "body":
            element.tag = _TAKEN_OUT
    # All at once: taken out one by one, the texts behind them would be put together again and again.
    etree.strip_elements(root, _TAKEN_OUT, with_tail=False)


def mark_objects(root: Any) -> None:
    """Put an object mark for what stands in a cell of figures and is no text: a field, a drawing."""
    found: list[tuple[Any, Any]] = []
    for element in list(root.iter(*_OBJECTS, *_WITH_TEXT)):
        cell = element.getparent()
        for _ in range(_NEAR):
            if cell is None or cell.tag in _CELLS:
                break
            cell = cell.getparent()
        if cell is None or cell.tag not in _CELLS or not _shown(element):
            continue
        if element.tag in _WITH_TEXT:
            if element.tag == "button" or _DIGIT.search("".join(element.itertext())):
                element.tag = "sup"
            continue
        words, tail = _has_words(element), element.tail
        element.clear()
        element.tag, element.tail = "sup", tail
        if not words:
            found.append((element, cell))
    named = {cell for cell in {cell for _, cell in found} if _has_words(cell)}
    for element, cell in found:
        element.text = None if cell in named else OBJECT_MARK


def _has_words(element: Any) -> bool:
    return _WORDS.search("".join(element.itertext())) is not None


def _shown(element: Any) -> bool:
    style = element.get("style")
    return element.get("hidden") is None and not (style and _HIDING.search(style))
