"""How a spreadsheet prints a number: its format, as far as what it prints is certain."""

import re
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Any, NamedTuple

from parsers.readers.office import attribute, child, children

UNKNOWN = "\ufffd"
"""Something is stored, but not certain how it is printed."""
_GENERAL = "General"
# The formats a file does not spell out, by number.
_BUILT_IN = {
    0: _GENERAL, 1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00", 9: "0%", 10: "0.00%", 11: "0.00E+00",
    37: "#,##0", 38: "#,##0", 39: "#,##0.00", 40: "#,##0.00", 41: "#,##0", 42: "#,##0", 43: "#,##0.00",
    44: "#,##0.00", 49: "@",
}  # fmt: skip
_DATES = frozenset({*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)})
_SET_ASIDE = re.compile(r'"([^"]*)"|\\(.)|\[\$([^\]-]*)[^\]]*\]|\[[^\]]*\]|_.|\*.')
_NUMBER = re.compile(r"[#0?][#0?,]*(?:\.[#0?]*)?")
_DATE_LETTERS = re.compile(r"[yYdDhHsS年月日]|(?<![a-z])[mM]")
_MOST_DAYS = 2_958_465
_WHITE = frozenset({"FFFFFFFF", "00FFFFFF"})
_PLAIN_FILL = frozenset({None, "none"})


class _Style(NamedTuple):
    format: str
    hides: bool
    """Letters are struck out, or white on nothing."""


class Formats:
    """The cell styles of one file."""

    def __init__(self, styles: Any, *, begins_1904: bool = False) -> None:
        """Take the styles part, None where the file has none."""
        self._styles: list[_Style] = []
        self._epoch = datetime(1904, 1, 1) if begins_1904 else datetime(1899, 12, 30)  # noqa: DTZ001
        if styles is None:
            return
        own = {
            attribute(item, "numFmtId"): attribute(item, "formatCode") or _GENERAL
            for item in _items(styles, "numFmts", "numFmt")
        }
        hiding = [_hides(font) for font in _items(styles, "fonts", "font")]
        filled = [_is_filled(fill) for fill in _items(styles, "fills", "fill")]
        for style in _items(styles, "cellXfs", "xf"):
            number = attribute(style, "numFmtId") or "0"
            built_in = int(number) if number.isascii() and number.isdigit() and len(number) < 6 else 0
            code = own.get(number) or ("yyyy" if built_in in _DATES else _BUILT_IN.get(built_in, UNKNOWN))
            font, fill = attribute(style, "fontId"), attribute(style, "fillId")
            struck, white = _at(hiding, font, (False, False))
            self._styles.append(_Style(code, struck or (white and not _at(filled, fill, False))))

    def hides(self, style: int) -> bool:
        """Return whether a style strikes letters out or prints them white on nothing."""
        return 0 <= style < len(self._styles) and self._styles[style].hides

    def shown(self, value: str, style: int) -> str:
        """Return how a stored number is printed; it ends in U+FFFD where that is not certain."""
        try:
            number = Decimal(value)
            rounded = Decimal(format(float(number), ".15g"))
        except (InvalidOperation, ValueError, OverflowError):
            return value + UNKNOWN
        if not rounded.is_finite() or abs(rounded) >= Decimal(10) ** 15:
            return value + UNKNOWN
        code = self._styles[style].format if 0 <= style < len(self._styles) else _GENERAL
        if code in (_GENERAL, "@"):
            return _plain(rounded)
        return self._in_format(rounded, code)

    def _in_format(self, number: Decimal, code: str) -> str:
        sections = _sections(code)
        if any(section.lstrip().startswith(("[<", "[>", "[=")) for section in sections):
            return _plain(number) + UNKNOWN
        section = sections[0]
        if number < 0 and len(sections) > 1:
            section = sections[1]
        elif not number and len(sections) > 2:
            section = sections[2]
        bare = _SET_ASIDE.sub("", section)
        if _DATE_LETTERS.search(bare) or (not _NUMBER.search(bare) and _DATE_LETTERS.search(section)):
            return self._date(number)
        if bare.strip() == _GENERAL:
            return _plain(number)
        return _number(number, section, bare)

    def _date(self, number: Decimal) -> str:
        if not 0 <= number <= _MOST_DAYS:
            return _plain(number) + UNKNOWN
        return (self._epoch + timedelta(days=int(number))).date().isoformat()


def _number(number: Decimal, section: str, bare: str) -> str:
    """Return a number as a format of digits prints it, with the words the format sets around it."""
    is_percent = bare.strip().endswith("%")
    pattern = _NUMBER.search(bare)
    rest = _NUMBER.sub("", bare, count=1).replace("%", "", 1).strip(" ()-+")
    if pattern is None or rest or pattern[0].endswith(","):
        return _plain(number) + UNKNOWN
    shown = number * 100 if is_percent else number
    decimals = len(pattern[0].partition(".")[2])
    printed = shown.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)
    if not printed and "0" not in pattern[0]:
        return UNKNOWN  # a nought no place of the format insists on is not printed
    words = [found[1] or found[2] or found[3] or "" for found in _SET_ASIDE.finditer(section)]
    before, _, _ = section.partition(pattern[0])
    count = len(list(_SET_ASIDE.finditer(before)))
    text = "".join(words[:count]).strip() + _plain(printed) + "".join(words[count:]).strip()
    text += "%" if is_percent else ""
    # What is rounded to a whole number stood for something else.
    return text if decimals or printed == shown else text + UNKNOWN


def _sections(code: str) -> list[str]:
    """Return the parts of a format: for positive numbers, negative ones, nought and text."""
    parts, quoted = [""], False
    for char in code:
        quoted = quoted != (char == '"')
        if char == ";" and not quoted:
            parts.append("")
        else:
            parts[-1] += char
    return parts


def _plain(number: Decimal) -> str:
    whole = number.to_integral_value()
    return format(whole if whole == number else number.normalize(), "f")


def _items(styles: Any, group: str, name: str) -> list[Any]:
    found = child(styles, group)
    return [] if found is None else list(children(found, name))


def _at(items: list[Any], index: str | None, otherwise: Any) -> Any:
    place = int(index) if index and index.isascii() and index.isdigit() and len(index) < 7 else -1
    return items[place] if 0 <= place < len(items) else otherwise


def _hides(font: Any) -> tuple[bool, bool]:
    """Return whether a font strikes its letters out, and whether it prints them white."""
    strike, colour = child(font, "strike"), child(font, "color")
    struck = strike is not None and attribute(strike, "val") not in ("0", "false")
    white = colour is not None and (
        (attribute(colour, "rgb") or "").upper() in _WHITE
        or (attribute(colour, "theme") == "0" and not attribute(colour, "tint"))
        or attribute(colour, "indexed") in ("1", "9")
    )
    return struck, white


def _is_filled(fill: Any) -> bool:
    pattern = child(fill, "patternFill")
    if pattern is None:
        return child(fill, "gradientFill") is not None
    if attribute(pattern, "patternType") in _PLAIN_FILL:
        return False
    colour = child(pattern, "fgColor")
    return colour is None or (attribute(colour, "rgb") or "").upper() not in _WHITE
