"""Static .shtml lists counted from 1, the pager a call with six arguments; dialects with a data service.

`createPageHTML('page_div', 9, 1, 'xxgk_list', 'shtml', 172)` is (element, pages, current page from 1, name,
extension, records): page p is name_p.ext, the first has no number, and name_1.ext does not exist.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple
from urllib.parse import urljoin, urlsplit

from scraper.addresses import address_key, folder_of, site_of
from scraper.families.answers import (
    Entry,
    field_of,
    json_of,
    objects_of,
    own_address,
    pages_for,
    post,
    rows_of_entries,
    whole_number,
)
from scraper.families.base import Columns, ListEnd, ListPage, ListRequest, RowPage, Start, not_opened
from scraper.families.paged import Answer, PagedList, walk_pages
from scraper.families.rows import read_rows
from scraper.families.tree import column_name, links_of, tree_of
from scraper.markup import without_comments

ARTICLE = re.compile(
    r"/[0-9a-f]{32}\.s?html?$|/20\d{4}/\w{6,40}\.s?html?$|/20\d\d-\d\d-\d\d/\w+\.s?html?$|/content_\d+\.s?html?$"
)
LARGEST_TREE = 300

_CALL = re.compile(
    r"""createPageHTML\(\s*["'][^"']{0,99}["']\s*,\s*(\d{1,7})\s*,\s*\d+\s*,\s*["']([\w-]+)["']\s*,\s*["'](\w+)["']\s*,\s*["']?(\d{1,7})"""
)
_SET_PAGE = re.compile(r"""\bnsetpage\(\s*["']?\d+["']?\s*,\s*["']?(\d{1,7})["']?\s*,\s*["']?(\d{1,7})""")
_LIST_FILE = re.compile(r"/(?:\w+_)?lists?\.s?html?$")
_CHANNEL_SERVICE = re.compile(r"""["']([^"'\s]*/loadDataByChannelId\w*)["']""")
_ARTICLE_SERVICE = re.compile(r"""["']([^"'\s]*/articleCommonController/lists\.do)["']""")


class Pager(NamedTuple):
    """What a list page says about its pages: how many, the name before the number, extension, records."""

    pages: int
    name: str
    extension: str
    total: int | None


def walk(start: Start) -> Iterator[RowPage | ListEnd]:
    """Walk the list of an address and the lists it links to below itself."""
    columns = Columns(start.url, LARGEST_TREE)
    for url in columns:
        page = start.ask(ListRequest(url))
        if not page.is_ok:
            yield not_opened(url, page)
            continue
        children = columns.add(_child_lists(page))
        yield from _walk_list(url, page, start, children)


def read_pager(page: ListPage) -> Pager | None:
    """Return what the pager of a page says; its definition, with names as arguments, is no call."""
    text = without_comments(page.text)
    if call := _CALL.search(text):
        return Pager(max(int(call[1]), 1), call[2], call[3], int(call[4]))
    if call := _SET_PAGE.search(text):
        total, size = int(call[1]), int(call[2])
        file = re.search(r"/(\w+?)(?:_\d+)?\.(\w+)$", urlsplit(page.url).path)
        name, extension = (file[1], file[2]) if file else ("index", "html")
        return Pager(max(pages_for(total, size) or 1, 1), name, extension, total)
    return None


def page_address(first: str, number: int, pager: Pager) -> str:
    """Return the address of a page counted from 1."""
    return first if number == 1 else urljoin(first, f"{pager.name}_{number}.{pager.extension}")


def _walk_list(url: str, page: ListPage, start: Start, children: int) -> Iterator[RowPage | ListEnd]:
    service = _channel_list(url, page, start) or _article_list(url, page, start)
    if service is not None:
        yield from walk_pages(start, service, children=children)
        return
    pager = read_pager(page)
    if pager is None and children and not _read(page, 1, start).found.rows:
        yield ListEnd(url, "end_of_list", None, None, children)  # a shell that only links lists
        return

    def request(number: int) -> ListRequest:
        if number == 1 or pager is None:
            return ListRequest(url)
        return ListRequest(page_address(page.url, number, pager))

    def read(answer: ListPage, number: int) -> Answer:
        return _read(answer, number, start)

    column = column_name(tree_of(page.text))
    yield from walk_pages(start, PagedList(url, column, request, read), page, children)


def _read(page: ListPage, number: int, start: Start) -> Answer:
    pager = read_pager(page)
    found = read_rows(page.text, tree_of(page.text), page.url, number, start.sites, ARTICLE)
    return Answer(found, pager.pages if pager else 1, pager.total if pager else None)


def _child_lists(page: ListPage) -> list[str]:
    """Return the lists below the folder of a page that it links to."""
    folder = folder_of(page.url)
    found: dict[str, str] = {}
    for _, target in links_of(tree_of(page.text), page.url):
        if site_of(target) != site_of(page.url):
            continue
        path = urlsplit(target).path
        if _LIST_FILE.search(path) and path.startswith(folder) and path != urlsplit(page.url).path:
            found.setdefault(address_key(target), target)
    return list(found.values())


def _channel_list(url: str, page: ListPage, start: Start) -> PagedList | None:
    """Return the list behind a service by channel, as in Suzhou; None when the page names none."""
    named = _CHANNEL_SERVICE.search(page.text)
    service = own_address(page.url, named[1], start.sites) if named else None
    channel = _setting(page.text, "channelId")
    if service is None or channel is None:
        return None
    size = whole_number(_setting(page.text, "pageSize")) or 20
    department = _setting(page.text, "deptCode") or ""

    def request(number: int) -> ListRequest:
        fields = {"channelId": channel, "deptCode": department, "pageSize": str(size)}
        return post(service, {**fields, "pageIndex": str(number)}, page.url)

    def read(answer: ListPage, number: int) -> Answer | None:
        data = field_of(json_of(answer), "data")
        total = whole_number(field_of(data, "allRow"))
        if total is None or not isinstance(field_of(data, "list"), list):
            return None
        entries = [
            Entry(
                str(item.get("URL_COMMP") or ""),
                str(item.get("TITLE") or ""),
                str(item.get("PUBLISHED_TIME_FORMAT") or ""),
            )
            for item in objects_of(data["list"])
        ]
        found = rows_of_entries(entries, page.url, number, start.sites)
        return Answer(found, pages_for(total, size), total)

    return PagedList(url, column_name(tree_of(page.text)), request, read)


def _article_list(url: str, page: ListPage, start: Start) -> PagedList | None:
    """Return the list behind the article service of Huai'an; None when the page names none."""
    named = _ARTICLE_SERVICE.search(page.text)
    service = own_address(page.url, named[1], start.sites) if named else None
    if service is None:
        return None
    size = whole_number(_setting(page.text, "pagesize")) or 15
    names = ("topic", "title", "docNo", "orgname", "summary", "key")
    chosen = {name: _setting(page.text, name) or "" for name in ("deptid", "rdeptid")}

    def request(number: int) -> ListRequest:
        fields = {"page": str(number), "pagesize": str(size), **dict.fromkeys(names, "")}
        return post(service, {**fields, **{k: v for k, v in chosen.items() if v}}, page.url)

    def read(answer: ListPage, number: int) -> Answer | None:
        data = field_of(json_of(answer), "value")
        total = whole_number(field_of(data, "total"))
        if total is None or not isinstance(field_of(data, "list"), list):
            return None
        entries = [
            Entry(
                str(item.get("link") or f"{item.get('domain') or ''}{item.get('path') or ''}"),
                str(item.get("title") or ""),
                str(item.get("releaseTime") or ""),
            )
            for item in objects_of(data["list"])
        ]
        found = rows_of_entries(entries, page.url, number, start.sites)
        return Answer(found, pages_for(total, size), total)

    return PagedList(url, column_name(tree_of(page.text)), request, read)


def _setting(text: str, name: str) -> str | None:
    """Return the value a page gives to a name: a variable or field of its script, or a hidden input."""
    in_script = re.search(rf"""\b{name}["']?\s*[:=]\s*(?:["']([^"']*)["']|([\w-]+))""", text)
    in_input = re.search(rf"""(?:id|name)=["']?{name}["']?\s[^>]{{0,300}}?value=["']([^"']*)""", text)
    if in_script is not None:
        return in_script[1] if in_script[1] is not None else in_script[2]
    return in_input[1] if in_input is not None else None
