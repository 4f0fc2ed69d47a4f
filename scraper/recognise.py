"""Which family a start address belongs to: by its marks, else those of a frame in it, else those below."""

from typing import NamedTuple

from scraper.addresses import folder_of
from scraper.families import detect
from scraper.families.base import BEYOND, Ask, ListPage, ListRequest
from scraper.families.rows import frame_of
from scraper.families.trs import sub_columns

DEEPEST = 2
"""Columns looked into below a start page that only links to columns."""


class Recognised(NamedTuple):
    """A family, the mark and the address that gave it away, and where its lists start."""

    family: str
    mark: str | None
    shown_at: str
    start: str


def recognise(url: str, first: ListPage, ask: Ask) -> Recognised:
    """Return the family of a start page; asks for at most one frame and `DEEPEST` columns below it."""
    found = detect(first.text, first.url)
    if found.mark is not None:
        return Recognised(found.family, found.mark, first.url, url)
    frame = frame_of(first)
    if frame is not None:
        inside = ask(ListRequest(frame, accepted=BEYOND))
        within = detect(inside.text, inside.url) if inside.is_ok else found
        if within.mark is not None:
            return Recognised(within.family, within.mark, inside.url, frame)
    page = first
    for _ in range(DEEPEST):
        below = sub_columns(page, folder_of(page.url))
        page = ask(ListRequest(below[0], accepted=BEYOND)) if below else page
        if not below or not page.is_ok:
            break
        deeper = detect(page.text, page.url)
        if deeper.mark is not None:
            return Recognised(deeper.family, deeper.mark, page.url, url)
    return Recognised(found.family, None, first.url, url)
