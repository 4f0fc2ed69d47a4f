"""UCAP: a list page that only names its channel, rows from a JSON search whose addresses lack the scheme."""

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

from scraper.addresses import domain_of, is_file, resolve_link, site_of
from scraper.families.answers import (
    Entry,
    field_of,
    get,
    json_of,
    objects_of,
    own_address,
    pages_for,
    post,
    query_address,
    rows_of_entries,
    whole_number,
)
from scraper.families.base import ListEnd, ListPage, ListRequest, RowPage, Start, not_opened
from scraper.families.paged import Answer, PagedList, walk_pages
from scraper.families.tree import column_name, tree_of
from scraper.metadata import meta_tags

PAGE_SIZE = 18

_CHINA = timezone(timedelta(hours=8))
_VARIABLE = re.compile(r"""\bvar\s+channelId\s*=\s*["']?([\w-]+)""")
_SERVICE = re.compile(
    r"""["']((?:https?:)?(?://[\w.:-]+)?(?:/[\w-]+)*/(?:searchList|common/search)/)([\w-]*)""", re.IGNORECASE
)
_FILE_LIST = re.compile(r"""["']([^"'\s]*/getFileListByCodeId)["']""")
_CODE = re.compile(r"""\bcodeId["']?\s*[:=]\s*["']?([\w-]+)""")
_SIZE = re.compile(r"""\b_?pageSize["']?\s*[:=]\s*["']?(\d{1,3})""")
_FILE_LINK = ("url", "path", "src", "href")
_FILE_NAME = ("filename", "name", "title")


def walk(start: Start) -> Iterator[RowPage | ListEnd]:
    """Read the list of a channel."""
    page = start.ask(ListRequest(start.url))
    if not page.is_ok:
        yield not_opened(start.url, page)
        return
    paged = _file_list(page, start) or _search_list(page, start)
    if paged is None:
        yield ListEnd(start.url, "failed", "the page names no channel")
        return
    yield from walk_pages(start, paged)


def _search_list(page: ListPage, start: Start) -> PagedList | None:
    """Return the list behind the search by channel."""
    named = next((found for found in _SERVICE.finditer(page.text) if "searchList" in found[1]), None)
    named = named or _SERVICE.search(page.text)
    variable = _VARIABLE.search(page.text)
    channel = (named[2] if named else "") or meta_tags(page.text).get("channelid")
    channel = channel or (variable[1] if variable else "")
    if not channel:
        return None
    service = _service(page, named[1] if named else "/searchList/", start)
    sized = _SIZE.search(page.text)
    size = int(sized[1]) if sized and int(sized[1]) else PAGE_SIZE
    is_posted = site_of(service) not in start.sites

    def request(number: int) -> ListRequest:
        if is_posted:
            return post(service + channel, _sorted_search(number, size), page.url)
        fields = {"_isAgg": "true", "_isJson": "true", "_pageSize": str(size), "_template": "index",
                  "_rangeTimeGte": "", "_channelName": "", "page": str(number)}  # fmt: skip
        return get(query_address(service + channel, fields), page.url)

    return _listing(page, start, size, request, ("data",))


def _service(page: ListPage, named: str, start: Start) -> str:
    """Return the address of the search; one of another site counts only beside the portal, as in Hunan."""
    own = own_address(page.url, named, start.sites)
    away = resolve_link(page.url, named)
    is_beside = away is not None and domain_of(away) == domain_of(page.url)
    fallback = own_address(page.url, "/searchList/", start.sites) or page.url
    return own or (away if is_beside and away else fallback)


def _sorted_search(number: int, size: int) -> dict[str, str]:
    """Return the form of the search that several sites of a province share: published, newest first."""
    return {
        "datas[0][key]": "status", "datas[0][value]": "4", "datas[0][join]": "and",
        "datas[0][queryType]": "term", "datas[1][key]": "publishedTime", "datas[1][sort]": "true",
        "datas[1][order]": "desc", "page": str(number), "_pageSize": str(size),
    }  # fmt: skip


def _file_list(page: ListPage, start: Start) -> PagedList | None:
    """Return the list behind the file service of tax bureaus; None when the page names none."""
    named, code = _FILE_LIST.search(page.text), _CODE.search(page.text)
    service = own_address(page.url, named[1], start.sites) if named else None
    variable = _VARIABLE.search(page.text)
    if service is None or code is None:
        return None
    channel = meta_tags(page.text).get("channelid") or (variable[1] if variable else "")

    def request(number: int) -> ListRequest:
        fields = {"codeId": code[1], "channelId": channel, "page": str(number), "size": str(PAGE_SIZE)}
        return post(service, fields, page.url)

    return _listing(page, start, PAGE_SIZE, request, ("results", "data"))


def _listing(
    page: ListPage, start: Start, size: int, request: Callable[[int], ListRequest], where: tuple[str, ...]
) -> PagedList:
    def read(answer: ListPage, number: int) -> Answer | None:
        data = field_of(json_of(answer), *where)
        if not isinstance(field_of(data, "results"), list):
            return None
        total, per_page = whole_number(data.get("total")), whole_number(data.get("rows")) or size
        entries = [_entry(item) for item in objects_of(data["results"])]
        found = rows_of_entries(entries, page.url, number, start.sites)
        return Answer(found, pages_for(total, per_page), total)

    return PagedList(start.url, column_name(tree_of(page.text)), request, read)


def _entry(item: dict[str, Any]) -> Entry:
    printed = str(item.get("publishedTimeStr") or "")
    moment = item.get("publishedTime")
    if not printed and isinstance(moment, int) and 0 < moment < 10**13:
        printed = f"{datetime.fromtimestamp(moment / 1000, UTC).astimezone(_CHINA):%Y-%m-%d}"
    files = tuple(file for entry in objects_of(item.get("resList")) if (file := _file(entry)))
    return Entry(str(item.get("url") or ""), str(item.get("title") or ""), printed[:10], files)


def _file(entry: dict[str, Any]) -> tuple[str, str | None] | None:
    """Return (link, name) of an attached file; the fields are called differently from site to site."""
    texts = {key.casefold(): value for key, value in entry.items() if isinstance(value, str) and value}
    links = [value for key, value in texts.items() if key.endswith(_FILE_LINK)]
    link = next((value for value in links if is_file(resolve_link("http://x/", value) or "")), None)
    link = link or next(iter(links), None)
    if link is None:
        return None
    names = [value for key, value in texts.items() if key.endswith(_FILE_NAME) and value != link]
    return link, next(iter(names), None)
