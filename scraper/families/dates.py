"""Dates of list rows: printed beside the link, completed from the address where the year is missing."""

import re
from datetime import date

_DIGIT = re.compile(r"\d")
_AROUND_SIGNS = re.compile(r"\s*([-/.年月])\s*")
_FULL = re.compile(r"(20\d\d)\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})(?!\d)日?")
_SHORT = re.compile(r"(?<!\d)(\d{1,2})-(\d{1,2})(?!\d)")
_IN_ADDRESS = (
    re.compile(r"/[tc]?(20\d\d)(\d\d)(\d\d)[_/]"),
    re.compile(r"/(20\d\d)-(\d\d)[-/](\d\d)/"),
    re.compile(r"/(20\d\d)(\d\d)/(\d\d)/"),
    re.compile(r"/(20\d\d)/(\d{1,2})/(\d{1,2})/"),
)


def read_date(text: str, url: str) -> tuple[str | None, str | None]:
    """Return (ISO date, date as printed) of a row; the last date of the text counts, then the address."""
    if not _DIGIT.search(text):
        return address_date(url), None
    compact = _AROUND_SIGNS.sub(r"\1", text)
    for found in reversed(list(_FULL.finditer(compact))):
        iso = _iso(*found.groups())
        if iso is not None:
            return iso, found.group()
    in_address = address_date(url)
    short = list(_SHORT.finditer(compact))
    if short and in_address is not None:
        month, day = short[-1].groups()
        return _iso(in_address[:4], month, day), short[-1].group()
    return in_address, None


def address_date(url: str) -> str | None:
    """Return the day an article address carries."""
    for pattern in _IN_ADDRESS:
        if found := pattern.search(url):
            return _iso(*found.groups())
    return None


def _iso(year: str, month: str, day: str) -> str | None:
    try:
        return date(int(year), int(month), int(day)).isoformat()
    except ValueError:
        return None
