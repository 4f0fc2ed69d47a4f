"""Pieces of a page, found in time that grows with its length, whatever stands in it.

A pattern like `<script>.*?</script>` looks for its end anew from every beginning; a page of beginnings
without an end would hold the crawl for minutes. Here a missing end is looked for once.
"""

import re
from collections.abc import Iterator
from functools import cache

_INVISIBLE = re.compile(r"<(?=[sShHnN!])(?:(script|style|head|noscript)\b|!--)", re.IGNORECASE)
_SCRIPT = re.compile(r"<script\b[^<>]{0,2000}>", re.IGNORECASE)
_COMMENT = re.compile(r"<!--")
_SCRIPT_END = re.compile(r"</script", re.IGNORECASE)


@cache
def _end_of(name: str) -> re.Pattern[str]:
    return re.compile(rf"</{name}\s{{0,20}}>" if name else "-->", re.IGNORECASE)


def visible_markup(page: str) -> str:
    """Return a page without comments, scripts, styles and head; what is never closed stays."""
    return _without(page, _INVISIBLE)


def without_comments(page: str) -> str:
    """Return a page without comments."""
    return _without(page, _COMMENT)


def scripts(page: str) -> Iterator[tuple[str, str]]:
    """Yield (opening tag, text) of every script of a page."""
    yield from blocks(page, _SCRIPT, _SCRIPT_END)


def blocks(page: str, opening: re.Pattern[str], closing: re.Pattern[str]) -> Iterator[tuple[str, str]]:
    """Yield (opening, text up to the closing) of pieces that follow each other."""
    place = 0
    while (begun := opening.search(page, place)) is not None:
        ended = closing.search(page, begun.end())
        if ended is None:
            return
        yield begun.group(), page[begun.end() : ended.start()]
        place = ended.end()


def _without(page: str, opening: re.Pattern[str]) -> str:
    kept: list[str] = []
    endless: set[str] = set()
    place = kept_from = 0
    while (begun := opening.search(page, place)) is not None:
        name = (begun.group(1) or "").casefold() if opening.groups else ""
        ended = None if name in endless else _end_of(name).search(page, begun.end())
        if ended is None:
            endless.add(name)
            place = begun.end()
            continue
        kept += [page[kept_from : begun.start()], " "]
        place = kept_from = ended.end()
    return "".join((*kept, page[kept_from:]))
