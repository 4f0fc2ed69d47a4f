"""What a page says at a glance: its text and title, and whether two answers are one page."""

import html
import re
from functools import lru_cache
from typing import NamedTuple

from scraper.markup import visible_markup

_TITLE = re.compile(r"<title[^>]*>(.{0,300}?)</title", re.IGNORECASE | re.DOTALL)
_BETWEEN_TAGS = re.compile(r"(?:\A|>)([^<]+)")
_SPACE = re.compile(r"\s+")


class Signature(NamedTuple):
    """What is compared to see whether two answers are the same page."""

    title: str
    text: str
    size: int


@lru_cache(maxsize=16)  # one answer is measured, judged and compared; every host has one at a time
def visible_text(page: str) -> str:
    """Return the text of a page without tags, scripts and white space, good enough to measure and compare."""
    text = "".join(_BETWEEN_TAGS.findall(visible_markup(page)))
    return "".join(html.unescape(text).split())


def title_of(page: str) -> str:
    """Return the text of the title element."""
    found = _TITLE.search(page[:20_000])
    return _SPACE.sub(" ", html.unescape(found.group(1))).strip() if found else ""


@lru_cache(maxsize=16)
def signature(page: str) -> Signature:
    """Return what is compared of a page; figures are left out, for they count visitors and days."""
    text = re.sub(r"\d+", "", visible_text(page))
    return Signature(title_of(page), text[:5000], len(text))


def is_same(one: Signature, other: Signature) -> bool:
    """Return whether two answers are one page: same title, same length within 2 %, nearly same text."""
    if one.title != other.title or abs(one.size - other.size) > max(10, 0.02 * other.size):
        return False
    if one.text == other.text:
        return True
    step = 20
    pieces = {other.text[place : place + step] for place in range(0, len(other.text), 1)}
    own = [one.text[place : place + step] for place in range(0, len(one.text), step)]
    return sum(piece in pieces for piece in own) >= 0.9 * len(own) if own else True
