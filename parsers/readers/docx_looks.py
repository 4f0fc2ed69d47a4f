"""How runs of a Word file look where that changes what is read: raised, struck, white, hidden."""

from collections.abc import Iterator
from typing import Any

from parsers.readers.office import attribute, child, children, kind_of

HIDDEN = "hidden"
_OFF = frozenset({"0", "false", "off", "none"})
_RAISED = frozenset({"superscript", "subscript"})
_WHITE = "FFFFFF"
_TAGS = {
    "raised": ("<sup>", "</sup>"),
    "struck": ("<s>", "</s>"),
    "white": ('<font color="white">', "</font>"),
}


class Looks:
    """What styles and direct formatting say of runs."""

    def __init__(self, styles: Any) -> None:
        """Take the part with the styles, None where the document has none."""
        self._styles: dict[str, frozenset[str]] = {}
        if styles is not None:
            self._styles.update(self._of_styles(styles))

    def _of_styles(self, styles: Any) -> Iterator[tuple[str, frozenset[str]]]:
        for style in children(styles, "style"):
            if looks := self.of(child(style, "rPr")):
                yield attribute(style, "styleId") or "", looks

    def of(self, properties: Any) -> frozenset[str]:
        """Return the looks the properties of a run give it; those of its style hold where it says nothing."""
        if properties is None or not len(properties):
            return frozenset()
        found: dict[str, bool] = {}
        for inner in properties:
            kind, value = kind_of(inner), attribute(inner, "val")
            if kind == "rStyle":
                found = {**dict.fromkeys(self._styles.get(value or "", ()), True), **found}
            elif kind == "vanish":
                found[HIDDEN] = value not in _OFF
            elif kind in ("strike", "dstrike"):
                found["struck"] = value not in _OFF
            elif kind == "vertAlign":
                found["raised"] = value in _RAISED
            elif kind == "position":
                found["raised"] = value not in (None, "0")
            elif kind == "color":
                found["white"] = (value or "").upper() == _WHITE
        return frozenset(name for name, on in found.items() if on)


def marked(text: str, looks: frozenset[str]) -> str:
    """Return the markup of a run in the elements that look so on a page."""
    for name in sorted(looks & _TAGS.keys()) if text else ():
        before, behind = _TAGS[name]
        text = f"{before}{text}{behind}"
    return text
