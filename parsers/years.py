"""Years as titles and texts print them: 2024年, 2024年度, 2024, 二〇二四年, 贰零贰肆."""

import re
from typing import NamedTuple

_DIGITS = {
    **dict.fromkeys("〇○◯零0oOΟОоο", "0"),
    **dict(zip("一二三四五六七八九", "123456789", strict=True)),
    **dict(zip("壹贰叁肆伍陆柒捌玖", "123456789", strict=True)),
}
_ZERO = "〇○◯零0oOΟОоο"
_ANY = "".join(_DIGITS)
# The look behind stands behind the first digits, so that these are looked for first: five times as fast.
YEAR_PATTERN = rf"(?:20(?<!\d20)\d\d(?!\d)|[二贰][{_ZERO}][{_ANY}]{{2}}(?![{_ANY}]))"
"""Source of a regular expression for the digits of one year, to be used on NFKC text without white space."""
YEAR_TOKEN = rf"{YEAR_PATTERN}(?:年度|年|度)?"
"""As YEAR_PATTERN with the unit that may follow it."""

_YEAR = re.compile(YEAR_PATTERN)
_RANGE = re.compile(rf"{YEAR_PATTERN}年?(?:[-~—–至到]+){YEAR_PATTERN}")


class YearMention(NamedTuple):
    """A year found in a text and where: `text[start:end]` are its four characters."""

    year: int
    start: int
    end: int


def find_years(text: str) -> tuple[YearMention, ...]:
    """Return the years a text names in reading order; digits that belong to a longer number are no year."""
    return tuple(YearMention(year_number(m.group()), m.start(), m.end()) for m in _YEAR.finditer(text))


def has_year_range(text: str) -> bool:
    """Return whether a text names a span of years such as 2008-2013."""
    return _RANGE.search(text) is not None


def year_number(digits: str) -> int:
    """Return the number of four printed digits, Arabic or Chinese."""
    return int("".join(_DIGITS.get(character, character) for character in digits))
