"""What styles and elements without text do to what is read: hidden, struck or raised, shown but no text."""

import re
from collections.abc import Collection
from typing import Any

_HIDING = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
# Editors strike and raise by styles; Word hides by one browsers do not know; some shrink text to nothing.
_APART = re.compile(
    r"line-through|vertical-align\s*:\s*su(?:per|b)\b|mso-hide\s*:\s*all|font-size\s*:\s*0(?:\.0*)?(?![.\d])",
    re.IGNORECASE,
)
_INLINE = ("span", "font", "b", "strong", "i", "em", "u", "small", "label")
_OBJECTS = ("textarea", "select", "svg", "math", "canvas", "object", "embed", "iframe", "video")
_NEAR = 3


def changes_reading(style: str) -> bool:
    """Return whether a style, as printed in its tag, may hide what it is for or set it apart."""
    return bool(_HIDING.search(style) or _APART.search(style)) or "&" in style


def hide_and_set_apart(root: Any, names: Collection[str] | None) -> list[Any]:
    """Return the elements a browser does not show, and make others never run together with what is beside.

    Those are struck, raised and shrunk pieces of lines. `names` are the elements to be asked for their style,
    None for all: asking all takes longer than the page takes to parse.
    """
    hidden = []
    for element in () if names is not None and not names else root.iter(*names or ()):
        style = element.get("style")
        if element.get("hidden") is not None or (style and _HIDING.search(style)):
            hidden.append(element)
        if style and element.tag in _INLINE and _APART.search(style):
            element.tag = "sup"
    return hidden


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
    return element.get("hidden") is None and not (style and _HIDING.search(style))
