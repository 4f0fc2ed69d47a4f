"""Numbers in running text: digits, thousands separators, 万, Chinese numerals."""

from decimal import Decimal

from parsers.records import Number

_DIGITS = {c: n for n, c in enumerate("〇一二三四五六七八九")} | {"零": 0, "○": 0, "两": 2}
_UNITS = {"十": 10, "百": 100, "千": 1000}
NUMBER = r"(?:\d{1,3}(?:,\d{3})+|\d+(?:\.\d+)?)万?|[〇零一二两三四五六七八九十百千]+万?"
"""Pattern of a number in text whose full-width digits have been made plain."""


def read_number(text: str) -> Number | None:
    """Return a number matched by `NUMBER`; None when the characters do not form one."""
    factor = 10_000 if text.endswith("万") else 1
    body = text.removesuffix("万")
    if not body:
        return None
    if body[0].isdigit():
        value: Number = Decimal(body.replace(",", "")) * factor
        return int(value) if value == int(value) else value
    small = _chinese(body)
    return None if small is None else small * factor


def _chinese(text: str) -> int | None:
    if not any(character in _UNITS for character in text):
        # 二〇二四 is a row of digits; a single 五 is a number.
        return int("".join(str(_DIGITS[character]) for character in text))
    total, digit = 0, 0
    last_unit = 10_000
    for character in text:
        if character in _DIGITS:
            digit = _DIGITS[character]
            continue
        unit = _UNITS[character]
        if unit >= last_unit:
            return None
        total += (digit or 1) * unit
        digit, last_unit = 0, unit
    return total + digit
