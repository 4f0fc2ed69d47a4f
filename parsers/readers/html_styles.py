"""What looks and elements without text do to what is read: hidden, moved, struck, raised, no text at all."""

import re
from collections.abc import Callable, Collection, Iterable, Mapping
from functools import lru_cache
from typing import Any, NamedTuple

from lxml import etree

from parsers.readers.html_selectors import unescaped
from parsers.readers.html_tables import OBJECT_MARK

_NO_BOX = re.compile(r"(?<![-*_\w])display\s*:\s*none", re.IGNORECASE)
_BOX = re.compile(r"(?<![-*_\w])display\s*:\s*(?!none)[a-z]", re.IGNORECASE)
_HIDING = re.compile(
    rf"{_NO_BOX.pattern}|visibility\s*:\s*(?:hidden|collapse)",
    re.IGNORECASE,
)
_SHIFT = r"\s*:\s*[-+]?[0.]*[1-9]"
# Editors raise by styles; Word hides by one browsers do not know; others move text away from its place.
_APART = re.compile(
    rf"vertical-align(?:\s*:\s*su(?:per|b)\b|{_SHIFT})|mso-hide\s*:\s*all|mso-footnote|mso-text-raise|"
    rf"position\s*:\s*(?:absolute|fixed)|(?<![-\w])(?:top|bottom|left|right){_SHIFT}|"
    r"float\s*:\s*[lr]|(?<!-)display\s*:\s*(?:block|flex|grid|table|list-item)|"
    r"(?<![-\w])(?:transform|translate)\s*:\s*(?!none)",
    re.IGNORECASE,
)
_STRUCK = re.compile(r"line-through", re.IGNORECASE)
_ZERO = r"(?:0+(?:\.0*)?|\.0+)(?![.\d])"
# Text that a page holds and hardly shows, or shows the other way round.
_DOUBTFUL = re.compile(
    rf"(?<!-)opacity\s*:\s*(?:{_ZERO}|0?\.0)|(?<![-\w])font(?:-size)?\s*:\s*(?:{_ZERO}|[12]px)|bidi-override|"
    rf"row-reverse|scale[xy]?\(\s*(?:{_ZERO}|-)|rotate[xyz]?\(\s*-?\d|(?<!-)clip\s*:\s*rect|"
    r"clip-path\s*:\s*(?!none)|(?:left|top|right|text-indent)\s*:\s*-\d{3}|text-security\s*:\s*(?!none)|"
    r"letter-spacing\s*:\s*-(?:0?\.[5-9]\d*e|[1-9][\d.]*e|[3-9]|\d\d)|"
    r"content-visibility\s*:\s*hidden|(?<![-\w])filter\s*:[^;]{0,100}(?:opacity|blur)\(",
    re.IGNORECASE,
)
ZERO_SIZE = re.compile(rf"(?<![-\w])(?:max-)?(?:width|height)\s*:\s*{_ZERO}", re.IGNORECASE)
_CUT = re.compile(r"overflow(?:-[xy])?\s*:\s*(?:hidden|clip)", re.IGNORECASE)
_PALE = re.compile(
    r"(?:(?<![-\w])|-fill-)color\s*:\s*(?:white|transparent|#f[d-f]f[d-f]f[d-f](?:f[d-f])?\b|#ffff?\b|"
    r"#[\da-f]{3}0\b|#[\da-f]{6}00\b|(?:rgb|hsl)a\((?:[^,)]{0,20},){3}\s*0(?:\.0+)?\s*\)|"
    r"(?:rgb|hsl)a?\([^)/]{0,60}/\s*0(?:\.0+)?%?\s*\)|"
    r"rgba?\(\s*255[,\s]+255[,\s]+255\b)",
    re.IGNORECASE,
)
_GROUND = re.compile(
    r"background[-\w]*\s*:\s*(?!none|transparent|white|#fff(?:fff)?\b|inherit|0\s*(?:;|$))", re.IGNORECASE
)
_COMMENT = re.compile(r"/\*.*?(?:\*/|\Z)", re.DOTALL)
_WHITE = frozenset({"white", "#fff", "#ffffff"})
_STRUCK_TAGS = frozenset({"del", "s", "strike"})
_TURNING_TAG = "bdo"
_NOTE_CLASS = "footnote"
_INLINE = (
    *(
        "span",
        "font",
        "b",
        "strong",
        "i",
        "em",
        "u",
        "small",
        "label",
        "big",
        "tt",
        "abbr",
        "acronym",
        "cite",
    ),
    *("code", "q", "var", "kbd", "samp", "mark", "dfn", "bdi", "time", "data", "nobr", "o:p"),
)
_OWN_NAME = re.compile(r"[a-z][^<>]*[-:]")
"""Elements that a page or an editor made up: they stand within lines."""
_LINK_TAG = "a"
_CELLS = ("td", "th")
_TABLE_PARTS = (*_CELLS, "tr", "tbody", "thead", "tfoot")
_STROKE = "\u0336"
_DIGIT = re.compile(r"\d")
# What may be a figure or a part of one: digits, signs and points, with a unit at most.
_FIGURE = re.compile("[\\s\\d.,%+\\-－−*/]*[\\d.,%+\\-－−*/]\\s{0,3}[\u3400-\u9fff]{0,2}")
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
        or bool(style and any(looks_of(style)))
        or "&" in style
        or attributes.get("color", "").lower() in _WHITE
        or _NOTE_CLASS in attributes.get("class", "").lower()
    )


class Looks(NamedTuple):
    """What a style does to the text it is for."""

    hidden: bool
    no_box: bool
    """Hidden, and nothing is left of its place."""
    apart: bool
    struck: bool
    doubtful: bool


@lru_cache(maxsize=4_096)
def looks_of(style: str) -> Looks:
    """Return what a style attribute does, as far as reading goes."""
    if "/*" in style:
        style = _COMMENT.sub("", style)
    style = unescaped(style)
    return Looks(
        _HIDING.search(style) is not None,
        _NO_BOX.search(style) is not None,
        _APART.search(style) is not None,
        _STRUCK.search(style) is not None,
        is_pale(style)
        or _DOUBTFUL.search(style) is not None
        or (ZERO_SIZE.search(style) is not None and _CUT.search(style) is not None),
    )


def is_pale(style: str) -> bool:
    """Return whether a style writes white on white, as far as it says."""
    return _PALE.search(style) is not None and not has_ground(style)


def has_ground(style: str) -> bool:
    """Return whether a style colours what is behind the text."""
    return _GROUND.search(style) is not None


_PLAIN = Looks(False, False, False, False, False)


def hide_and_set_apart(
    root: Any, names: Collection[str] | None, ruled: Iterable[Any] = (), doubted: Iterable[Any] = ()
) -> list[Any]:
    """Return the elements a browser does not show, and keep others from being read together with figures.

    Raised and moved pieces of lines never run together with what is beside. Struck digits get a stroke, and
    figures in a cell that a page holds but hardly shows an object mark: they are seen and never read.
    `names` are the elements to be asked, None for all: asking all takes longer than the page takes to parse.
    `ruled` are further ones to be asked; figures in `doubted` are not to be read whatever their style says.
    """
    hidden = []
    stricken: set[Any] = set()
    unread: set[Any] = set()
    asked = [] if names is not None and not names else list(root.iter(*names or ()))
    for element in dict.fromkeys([*asked, *ruled]):
        style = element.get("style") or ""
        looks = looks_of(style) if style else _PLAIN
        if element.get("hidden") is not None and _BOX.search(style):
            del element.attrib["hidden"]  # any box of its own wins over the attribute
        if element.get("hidden") is not None or looks.hidden:
            hidden.append(element)
        if element.tag in _STRUCK_TAGS or looks.struck:
            _change(element, _stricken, stricken)
            _raise(element)
        if (looks.doubtful or _is_doubtful(element)) and _in_cell(element):
            _doubt(element, unread)
        if looks.apart or _NOTE_CLASS in (element.get("class") or "").lower():
            _raise(element)
    for element in doubted:
        _doubt(element, unread)
    return hidden


def _doubt(element: Any, unread: set[Any]) -> None:
    if next(element.iterdescendants("table"), None) is not None:
        return  # what arranges a page is no cell of figures
    _change(element, _doubted, unread)
    _raise(element)


def _is_doubtful(element: Any) -> bool:
    return element.tag == _TURNING_TAG or (element.get("color") or "").lower() in _WHITE


def _in_cell(element: Any) -> bool:
    return element.tag in _TABLE_PARTS or next(element.iterancestors(*_CELLS), None) is not None


def _raise(element: Any) -> None:
    if element.tag in _INLINE or _OWN_NAME.match(element.tag):
        element.tag = "sup"
    elif element.tag == _LINK_TAG:  # its name may be that of a file
        element.text = f" {element.text or ''}"
        last = element[-1] if len(element) else None
        if last is None:
            element.text += " "
        else:
            last.tail = f"{last.tail or ''} "


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
    return text + OBJECT_MARK if _FIGURE.fullmatch(text.strip()) and OBJECT_MARK not in text else text


def take_out(root: Any, hidden: Iterable[Any]) -> None:
    """Take out hidden elements, not the text behind them; cells that are only invisible keep their place."""
    for element in hidden:
        invisible = element.get("hidden") is None and not looks_of(element.get("style") or "").no_box
        if invisible and element.tag in _TABLE_PARTS:
            for cell in element.iter(*_CELLS):
                cell.text = None
                for inner in list(cell):
                    cell.remove(inner)
        elif element is not root and element.tag != "body":
            element.tag = _TAKEN_OUT
            if invisible:  # its place stays empty
                element.tail = f" {element.tail or ''}"
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
    return element.get("hidden") is None and not (style and looks_of(style).hidden)
