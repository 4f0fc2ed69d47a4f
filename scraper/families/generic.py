"""Any list of plain links: entries by date or address shape, further pages by the printed way on."""

import re
from collections.abc import Iterator

from bs4 import BeautifulSoup

from scraper.addresses import address_key
from scraper.families.base import ListEnd, ListPage, ListRequest, RowPage, Start
from scraper.families.rows import column_name, frame_of, next_link, read_rows

# The shapes of article addresses seen across families; what has none of them needs a date beside it.
ARTICLE = re.compile(
    r"/[tc]\d{8}_\d+\.\w+$|/art_[0-9a-f_]+\.html$|/content(?:_\d+)?\.s?html?$|/m?post_\d+\.html$|/info/\d+/\d+\.htm$"
    r"|/[0-9a-f]{32}(?:/c)?\.s?html?$|/c_\d+\.htm$|/20\d\d-\d\d-\d\d/\d+\.html$"
)
_TOTAL = re.compile(r"共\s*(\d{1,4})\s*页|(?<!\d)1\s*/\s*(\d{1,4})\s*页?")
_PAGER_WORDS = re.compile(r"下一页|下页|尾页|末页|共\s*\d+\s*页|__doPostBack")


def walk(start: Start) -> Iterator[RowPage | ListEnd]:
    """Read the list of an address and the pages it links to."""
    page = start.ask(ListRequest(start.url))
    frame = frame_of(page) if page.is_ok and not _rows(start, page, 1, None).rows else None
    if frame is not None:
        page = start.ask(ListRequest(frame))
    if not page.is_ok:
        yield ListEnd(start.url, "failed", f"first page: {page.outcome} {page.detail or ''}".strip())
        return
    total = _TOTAL.search(page.text)
    announced = int(total.group(1) or total.group(2)) if total else None
    seen, number = {address_key(page.url), address_key(start.url)}, 1
    while True:
        rows = _rows(start, page, number, announced)
        yield rows
        reason = start.stop(rows)
        address = next_link(page)
        if reason is not None:
            yield ListEnd(start.url, reason, None, announced)
            return
        if address is None or address_key(address) in seen:
            yield _end(start.url, page, number, announced)
            return
        seen.add(address_key(address))
        number += 1
        page = start.ask(ListRequest(address))
        if not page.is_ok:
            is_end = announced is None and page.outcome in ("gone", "empty_shell", "soft_404")
            place = f"page {number} of {announced or 'unknown'}: {page.outcome} {page.detail or ''}".strip()
            if is_end:
                yield ListEnd(start.url, "end_of_list", None, announced)
            else:
                yield ListEnd(start.url, "failed", place, announced)
            return


def _end(url: str, page: ListPage, number: int, announced: int | None) -> ListEnd:
    """Say whether a list without a way on was read to its end."""
    is_short = announced is not None and number < announced
    is_first_screen = announced is None and number == 1 and bool(_PAGER_WORDS.search(page.text))
    if is_short or is_first_screen:
        return ListEnd(url, "failed", f"first screen only: no way on from page {number}", announced)
    return ListEnd(url, "end_of_list", None, announced)


def _rows(start: Start, page: ListPage, number: int, announced: int | None) -> RowPage:
    soup = BeautifulSoup(page.text, "lxml")
    found = read_rows(page.text, soup, page.url, number, start.sites, ARTICLE)
    return RowPage(start.url, number, page.url, found.rows, found.skipped, announced, column_name(soup))
