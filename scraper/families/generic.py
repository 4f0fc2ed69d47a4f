"""Any list of plain links: entries by date, address shape or title, further pages by the printed way on."""

import re
from collections.abc import Iterator

from scraper.families.base import ListEnd, ListRequest, RowPage, Start, not_opened
from scraper.families.printed import PrintedList
from scraper.families.rows import frame_of

# The shapes of article addresses seen across families; what has none of them needs a date or a title.
ARTICLE = re.compile(
    r"/[tc]\d{8}_\d+\.\w+$|/art_[0-9a-f_]+\.html$|/content(?:_\d+)?\.s?html?$|/m?post_\d+\.html$|/info/\d+/\d+\.htm$"
    r"|/[0-9a-f]{32}(?:/c)?\.s?html?$|/c_\d+\.htm$|/20\d\d-\d\d-\d\d/\d+\.html$"
)
LIST = PrintedList(ARTICLE, is_undated=True)


def walk(start: Start) -> Iterator[RowPage | ListEnd]:
    """Read the list of an address, or of the frame in it, and the pages it links to."""
    page = start.ask(ListRequest(start.url))
    frame = frame_of(page) if page.is_ok and not LIST.read(start, start.url, page, 1, None).rows else None
    if frame is not None:
        page = start.ask(ListRequest(frame))
    if not page.is_ok:
        yield not_opened(start.url, page)
        return
    yield from LIST.follow(start, start.url, page)
