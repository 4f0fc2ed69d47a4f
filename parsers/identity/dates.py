"""Days as pages print them, in China time."""

import re
import unicodedata
from datetime import UTC, date, datetime, timedelta, timezone

from parsers.years import YEAR_PATTERN, year_number

_CHINA = timezone(timedelta(hours=8))
_FIRST_YEAR = 2000  # earlier days on report pages are defaults of content systems, not publication
_DIGITS = re.compile(
    r"(?<!\d)(?P<y>20\d\d)\s*(?P<sep>[-–/.年])\s*(?P<m>1[0-2]|0?[1-9])\s*[-–/.月]\s*(?P<d>3[01]|[12]\d|0?[1-9])(?!\d*年)"
)
_COMPACT = re.compile(r"(?<!\d)(?P<y>20\d\d)(?P<m>0[1-9]|1[0-2])(?P<d>0[1-9]|[12]\d|3[01])(?!\d)")
_HAN = re.compile(
    rf"(?P<y>{YEAR_PATTERN})年(?P<m>[元一二三四五六七八九十]{{1,2}})月(?P<d>[一二三四五六七八九十]{{1,3}})日"
)
_ZONED = re.compile(r"(20\d\d-\d\d-\d\dT\d\d:\d\d(?::\d\d)?(?:\.\d+)?)(Z|[+-]\d\d:?\d\d)")
_IN_URL = re.compile(
    r"/t(?P<t>20\d{6})_|/(?P<y>20\d\d)[-/](?P<m>\d{1,2})[-/](?P<d>\d{1,2})/|/(?P<c>20\d{6})/"
)


def read_day(text: str) -> str | None:
    """Return the first day a text names as ISO date in China time, None when it names none that exists."""
    text = unicodedata.normalize("NFKC", text)
    zoned = _ZONED.search(text)
    if zoned:
        return _in_china(zoned[1], zoned[2])
    for pattern in (_DIGITS, _COMPACT):
        match = pattern.search(text)
        if match:
            return _day(int(match["y"]), int(match["m"]), int(match["d"]))
    match = _HAN.search("".join(text.split()))
    if match:
        return _day(year_number(match["y"]), _han(match["m"]), _han(match["d"]))
    return None


def day_in_address(address: str) -> str | None:
    """Return the day an article's address carries (…/t20250117_….html, …/2025/1/17/…)."""
    match = _IN_URL.search(address)
    if match is None:
        return None
    compact = match["t"] or match["c"]
    if compact:
        return _day(int(compact[:4]), int(compact[4:6]), int(compact[6:]))
    return _day(int(match["y"]), int(match["m"]), int(match["d"]))


def _day(year: int, month: int, day: int) -> str | None:
    if not _FIRST_YEAR <= year <= 2099:
        return None
    try:
        return date(year, month, day).isoformat()
    except ValueError:
        return None


def _in_china(moment: str, zone: str) -> str | None:
    offset = "+00:00" if zone == "Z" else zone
    try:
        stamp = datetime.fromisoformat(moment + offset)
    except ValueError:
        return None
    return stamp.astimezone(UTC).astimezone(_CHINA).date().isoformat() if stamp.year >= _FIRST_YEAR else None


def _han(printed: str) -> int:
    """Return a Chinese number below 40; 0 for what is none."""
    if printed == "元":
        return 1
    tens, ten, ones = printed.rpartition("十")
    digits = "零一二三四五六七八九"
    if len(tens) > 1 or len(ones) > 1:
        return 0
    return (digits.index(tens) if tens else 1 if ten else 0) * (10 if ten else 0) + (
        digits.index(ones) if ones else 0
    )
