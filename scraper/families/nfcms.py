"""nfcms, the site system of Guangdong: static lists whose numbering is not settled, articles with twins."""

import re
from collections.abc import Iterator
from urllib.parse import urljoin, urlsplit

from scraper.addresses import address_key
from scraper.families import trs
from scraper.families.base import BEYOND, ListEnd, ListPage, ListRequest, Row, RowPage, Start, not_opened
from scraper.families.printed import PrintedList, page_total
from scraper.families.rows import next_link

ARTICLE = re.compile(r"/m?post_\d+\.html$")
_MOBILE = re.compile(r"/mpost_(\d+\.html)$")
_SIX = re.compile(
    r"""createPageHTML\(\s*["'][^"']*["']\s*,\s*(\d{1,7})\s*,\s*\d+\s*,\s*["']((?!//)[\w./-]+)["']\s*,\s*["'](\w+)["']"""
)

_PAGER = re.compile(r"""class=["'][^"']*\b(?:page|pages|pager|pagination)\b""", re.IGNORECASE)
_NAME = re.compile(r"/(?:([^/.]+)\.(s?html?))?$")


def walk(start: Start) -> Iterator[RowPage | ListEnd]:
    """Read a list along its printed links, by the call of its pager, or by trying both numberings."""
    page = start.ask(ListRequest(start.url))
    if not page.is_ok:
        yield not_opened(start.url, page)
        return
    is_told = next_link(page) or _total(page, 1) or _PAGER.search(page.text)
    found = LIST.follow(start, start.url, page) if is_told else _guess(start, start.url, page)
    for item in found:
        yield item if isinstance(item, ListEnd) else _without_twins(item)


def _total(page: ListPage, number: int) -> int | None:
    six = _SIX.search(page.text)
    four = trs.page_count(page.text)
    return int(six.group(1)) if six else four[0] if four else page_total(page, number)


def _onward(page: ListPage, number: int, announced: int | None) -> ListRequest | None:
    """Return the next page: the printed link, else that of the call, whose arguments tell how it counts."""
    printed = next_link(page)
    if printed is not None:
        return ListRequest(printed)
    if announced is None or number >= announced:
        return None
    if six := _SIX.search(page.text):
        return ListRequest(urljoin(page.url, f"{six.group(2)}_{number + 1}.{six.group(3)}"))
    if four := trs.page_count(page.text):
        return ListRequest(trs.page_address(page.url, number + 1, four[1], four[2] or "html"))
    return None


LIST = PrintedList(ARTICLE, _onward, _total)


def _guess(start: Start, url: str, page: ListPage) -> Iterator[RowPage | ListEnd]:
    """Read a list without a pager: index_2, index_3 … to their end, then index_1, page two of some hosts."""
    name = _NAME.search(urlsplit(page.url).path)
    stem, extension = (name.group(1) or "index", name.group(2) or "html") if name else ("index", "html")
    base, number, suffix = page.url, 1, 2
    seen: set[str] = set()
    while True:
        rows = LIST.read(start, url, page, number, None)
        keys = {address_key(row.url) for row in rows.rows}
        is_new = page.is_ok and not keys <= seen
        if is_new or number == 1:
            seen |= keys
            yield rows
            reason = start.stop(rows)
            if reason is not None or suffix == 1:
                yield ListEnd(url, reason or "end_of_list")
                return
            suffix += number > 1
        elif not page.is_ok and page.outcome not in BEYOND:
            place = f"page {number} of unknown: {page.outcome} {page.detail or ''}".strip()
            yield ListEnd(url, "failed", place)
            return
        elif suffix == 1:
            yield ListEnd(url, "end_of_list")
            return
        else:
            number, suffix = number - 1, 1
        number += 1
        page = start.ask(ListRequest(urljoin(base, f"{stem}_{suffix}.{extension}"), accepted=BEYOND))


def _without_twins(page: RowPage) -> RowPage:
    """Leave out the mobile page of an article whose ordinary page stands in the same list page."""
    kept: dict[str, Row] = {}
    for row in page.rows:
        ordinary = address_key(_MOBILE.sub(r"/post_\1", row.url))
        if ordinary not in kept or not _MOBILE.search(row.url):
            kept[ordinary] = row
    return page._replace(rows=tuple(kept.values()))
