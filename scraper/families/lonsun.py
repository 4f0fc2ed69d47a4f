"""Lonsun: a column by organ and type (3 is the annual reports), rows from a label service as HTML.

The service answers page by page; a list without entries is the text the question itself gives as `result`.
"""

import re
from collections.abc import Iterator
from urllib.parse import parse_qsl, urlsplit

from bs4 import BeautifulSoup, Tag

from scraper.families.answers import (
    get,
    own_address,
    pages_for,
    printed_entry,
    query_address,
    rows_of_entries,
)
from scraper.families.base import ListEnd, ListPage, ListRequest, RowPage, Start, not_opened
from scraper.families.dates import read_date
from scraper.families.paged import Answer, PagedList, walk_pages
from scraper.families.rows import Rows
from scraper.families.tree import column_name, tree_of

LABEL = "/site/label/8888"
NOTHING = "暂无相关信息"
LIST_FILE = "/xxgk/publicInfoList_newest2020"

_LABEL = re.compile(r"""["']([^"'\s?]*/site/label/8888)\b""")
_ORGAN = re.compile(r"/public/column/(\d+)")
_ARTICLE = re.compile(r"/public/(?:column/)?\d+/\d+\.html|/content/")
_PAGES = re.compile(r"""\bpageCount["']?\s*[:=]\s*["']?(\d+)""")
_TOTAL = re.compile(r"""\btotal["']?\s*[:=]\s*["']?(\d+)""")
_SIZE = re.compile(r"""\bpageSize["']?\s*[:=]\s*["']?(\d+)""")


def walk(start: Start) -> Iterator[RowPage | ListEnd]:
    """Read the annual-report column of an organ."""
    page = start.ask(ListRequest(start.url))
    if not page.is_ok:
        yield not_opened(start.url, page)
        return
    paged = _label_list(page, start)
    if paged is None:
        yield ListEnd(start.url, "failed", "the page names no site or organ")
        return
    yield from walk_pages(start, paged)


def _label_list(page: ListPage, start: Start) -> PagedList | None:
    """Return the list behind the label service; None when the page does not say whose list it is."""
    asked = dict(parse_qsl(urlsplit(page.url).query, keep_blank_values=True))
    organ = _ORGAN.search(urlsplit(page.url).path)
    organ_id = organ[1] if organ else _setting(page.text, "organId")
    site_id = _setting(page.text, "siteId")
    named = _LABEL.search(page.text)
    service = own_address(page.url, named[1] if named else LABEL, start.sites)
    if service is None or organ_id is None or site_id is None:
        return None
    size = _number(_SIZE, page.text) or 15
    category = asked.get("catId") or _setting(page.text, "catId") or ""
    # A shell that says 0 has not been filled in by its script yet.
    total, pages = _number(_TOTAL, page.text) or None, _number(_PAGES, page.text) or None

    def request(number: int) -> ListRequest:
        fields = {
            "IsAjax": "1", "dataType": "html", "labelName": "publicInfoList", "siteId": site_id,
            "pageSize": str(size), "pageIndex": str(number), "action": "list", "isDate": "true",
            "dateFormat": "yyyy-MM-dd", "length": "50", "organId": organ_id, "type": asked.get("type") or "3",
            "catId": category, "catIds": "", "cId": "", "keyWords": "", "sortType": "1",
            "fuzzySearch": "false", "fromCode": "title", "result": NOTHING,
            "file": _setting(page.text, "file") or LIST_FILE,
        }  # fmt: skip
        return get(query_address(service, fields), page.url)

    def read(answer: ListPage, number: int) -> Answer | None:
        found = _rows(answer, number, page.url, start)
        if not found.rows and not found.skipped:
            is_empty = NOTHING in answer.text
            return Answer(found, pages, 0 if number == 1 else total) if is_empty else None
        return Answer(found, pages or pages_for(total, size), total)

    return PagedList(start.url, column_name(tree_of(page.text)), request, read)


def _rows(answer: ListPage, number: int, base: str, start: Start) -> Rows:
    """Return the rows of a fragment: one link per line, the date in the line or in the one beside it.

    Links that are neither articles nor dated belong to a pager.
    """
    soup = BeautifulSoup(answer.text, "lxml")
    lines = (_line_of(anchor) for anchor in soup.find_all("a", href=True))
    entries = [entry for line in lines if (entry := printed_entry(line)) is not None]
    kept = [entry for entry in entries if _ARTICLE.search(entry.link) or read_date(entry.date, "")[0]]
    return rows_of_entries(kept, base, number, start.sites)


def _line_of(anchor: Tag) -> Tag:
    """Return the largest element around a link that holds no other link."""
    line = anchor
    for parent in anchor.parents:
        if parent.name in ("a", "body") or len(parent.find_all("a", limit=2)) > 1:
            break
        line = parent
    return line


def _setting(text: str, name: str) -> str | None:
    """Return the value a script gives to a name."""
    found = re.search(rf"""\b{name}["']?\s*[:=]\s*["']?([\w/.-]+)""", text)
    return found[1] if found else None


def _number(pattern: re.Pattern[str], text: str) -> int | None:
    found = pattern.search(text)
    return int(found[1]) if found and len(found[1]) <= 7 else None
