"""Hanweb JCMS lists: the first rows stand in the page as XML, the others come from dataproxy.jsp.

Servers understand the same question in three ways: `page` counts blocks from the first record, or groups
after the rows of the page, or only `startrecord` and `endrecord` count. Up to three passes bring all records.
"""

import html
import re
from collections.abc import Callable, Iterator
from typing import NamedTuple, TypeAlias
from urllib.parse import parse_qsl

from bs4 import BeautifulSoup

from scraper.families.answers import get, own_address, printed_entry, query_address, rows_of_entries
from scraper.families.base import ListEnd, ListPage, ListRequest, RowPage, Start, not_opened
from scraper.families.hanweb import ARTICLE, clean_rows, column_of, own_report
from scraper.families.rows import Rows, read_rows
from scraper.families.tree import column_name, tree_of
from scraper.markup import blocks, scripts

BLOCK = 100
"""Records asked for at once; some servers cut off at 300."""
MOST_LISTS = 20
"""Lists on one page; a page that shows more is no list page."""
PROXY = "/module/web/jpage/dataproxy.jsp"

_LONGEST_PASS = 200
_RECORD = re.compile(r"<record>\s*(?:<!\[CDATA\[)?", re.IGNORECASE)
_RECORD_END = re.compile(r"(?:\]\]>)?\s{0,99}</record>", re.IGNORECASE)
_NEXT_GROUP = re.compile(r"<nextgroup>(.{0,4000}?)</nextgroup>", re.IGNORECASE | re.DOTALL)
_HREF = re.compile(r"""href\s*=\s*["']?([^"'\s>]*)""", re.IGNORECASE)
_TOTAL = re.compile(r"<totalrecord>\s*(\d{1,7})", re.IGNORECASE)
_PAGES = re.compile(r"<totalpage>\s*(\d{1,7})", re.IGNORECASE)
_PROXY_URL = re.compile(r"""proxyUrl\s*:\s*["']([^"']+)""", re.IGNORECASE)
_PARAMETERS = re.compile(r"ajaxParam\s*:\s*\{(.*?)\}", re.IGNORECASE | re.DOTALL)
_PAIR = re.compile(r"""["']?(\w+)["']?\s*:\s*(?:"([^"]*)"|'([^']*)'|([^,}\s"']+))""")
_CONTAINER = re.compile(r"""<div[^<>]*\bid=["']?(\w+)["']?[^<>]*default_pgContainer""", re.IGNORECASE)
_WINDOW = frozenset({"page", "startrecord", "endrecord", "perpage", "groupsize"})
_DEFAULTS = {"col": "1", "appid": "1", "path": "/", "sourceContentType": "1", "permissiontype": "0"}
_CALL_LENGTH = 4000


class Unit(NamedTuple):
    """One list of a page: where and how its service is asked, and what the page holds of it."""

    proxy: str
    fields: dict[str, str]
    per_page: int
    group: int
    """Pages of rows the page holds, and rows one group of the service has."""
    store: str
    """The XML of the page."""


def walk(start: Start) -> Iterator[RowPage | ListEnd]:
    """Read the lists of a column page."""
    page = start.ask(ListRequest(start.url))
    if not page.is_ok:
        yield not_opened(start.url, page)
        return
    found = units(page, start)
    if not found:
        yield from _without_service(page, start)
        return
    for place, unit in enumerate(found):
        list_url = start.url if place == 0 else f"{start.url}#{unit.fields.get('unitid', place)}"
        yield from _walk_unit(list_url, page, place, start)


def units(page: ListPage, start: Start) -> list[Unit]:
    """Return the lists of a page, each with the parameters its script and its XML name."""
    calls = [page.text[at.end() : at.end() + _CALL_LENGTH] for at in re.finditer(r"\.jpage\(", page.text)]
    calls = calls[:MOST_LISTS]
    data = (text for tag, text in scripts(page.text) if "text/xml" in tag.casefold())
    stores = [text for text in data if "<datastore" in text][:MOST_LISTS]
    found = [_unit(page, start, store, _call_of(store, calls)) for store in stores]
    if not stores:
        found = [_unit(page, start, "", call) for call in calls]
    return found


def _call_of(store: str, calls: list[str]) -> str:
    """Return the call that belongs to a store: the one of the same unit, else the only one."""
    unit = _next_fields(store).get("unitid")
    same = [call for call in calls if unit and _parameters(call).get("unitid") == unit]
    return same[0] if same else calls[0] if len(calls) == 1 else ""


def _unit(page: ListPage, start: Start, store: str, call: str) -> Unit:
    fields = {**_DEFAULTS, **_next_fields(store), **_parameters(call)}
    container = _CONTAINER.search(page.text)
    if container:
        fields.setdefault("unitid", container[1])
    column = column_of(page.url)
    if column:
        fields.setdefault("columnid", column)
    return Unit(
        _proxy(page, start, store, call),
        fields,
        _count(call, "perPage", 15),
        _count(call, "groupSize", 3),
        store,
    )


def _proxy(page: ListPage, start: Start, store: str, call: str) -> str:
    """Return the address of the service; a name without folder means the usual one."""
    named = _PROXY_URL.search(call)
    links = [named[1]] if named else []
    link = _HREF.search(_next_group(store))
    links += [html.unescape(link[1]).partition("?")[0]] if link else []
    for candidate in links:
        address = own_address(page.url, candidate, start.sites)
        if address is not None and candidate.count("/") > 1:
            return address
    return own_address(page.url, PROXY, start.sites) or page.url


def _next_group(store: str) -> str:
    found = _NEXT_GROUP.search(store)
    return found[1] if found else ""


def _next_fields(store: str) -> dict[str, str]:
    link = _HREF.search(_next_group(store))
    query = html.unescape(link[1]).partition("#")[0].partition("?")[2] if link else ""
    return {k: v for k, v in parse_qsl(query, keep_blank_values=True) if k.casefold() not in _WINDOW}


def _parameters(call: str) -> dict[str, str]:
    found = _PARAMETERS.search(call)
    pairs = _PAIR.findall(found[1]) if found else []
    return {key: double or single or bare for key, double, single, bare in pairs}


def _count(call: str, name: str, default: int) -> int:
    found = re.search(rf"""{name}\s*:\s*["']?(\d{{1,3}})""", call, re.IGNORECASE)
    return int(found[1]) if found and int(found[1]) else default


Window: TypeAlias = Callable[[int], dict[str, str]]


def _passes(unit: Unit) -> tuple[Window, Window, Window]:
    """Return the three ways of asking for block k, counted from 1."""
    width = unit.per_page * unit.group

    def blocks(k: int) -> dict[str, str]:
        return {"page": str(k), **_records(k, BLOCK), "perpage": str(BLOCK)}

    def own_pages(k: int) -> dict[str, str]:
        return {"page": str(k), "perpage": str(unit.per_page)}

    def groups(k: int) -> dict[str, str]:
        return {**_records(k, width), "perpage": str(unit.per_page)}

    return blocks, own_pages, groups


def _records(k: int, width: int) -> dict[str, str]:
    return {"startrecord": str((k - 1) * width + 1), "endrecord": str(k * width)}


def _walk_unit(list_url: str, page: ListPage, place: int, start: Start) -> Iterator[RowPage | ListEnd]:
    """Read one list; one that changes its size on the way is read again from the page on, once."""
    reader = _Reader(list_url, page, place, start, may_restart=True)
    yield from reader.read()
    if not reader.has_moved:
        return
    page = start.ask(ListRequest(page.url))
    if not page.is_ok or len(units(page, start)) <= place:
        trouble = "the list is not there" if page.is_ok else f"{page.outcome} {page.detail or ''}"
        yield ListEnd(list_url, "failed", f"read again: {trouble}".strip())
        return
    yield from _Reader(list_url, page, place, start, may_restart=False).read()


class _Reader:
    """Reads one list once, from the rows of the page through as many passes as it takes."""

    def __init__(self, list_url: str, page: ListPage, place: int, start: Start, *, may_restart: bool) -> None:
        self._list_url, self._page, self._start = list_url, page, start
        self._unit = units(page, start)[place]
        self._may_restart = may_restart
        self._column = column_name(tree_of(page.text))
        self._keys: set[str] = set()
        self._total: int | None = None
        self._pages: int | None = None
        self._number = 1
        self.has_moved = False
        self._end: ListEnd | None = None

    def read(self) -> Iterator[RowPage | ListEnd]:
        """Yield the rows and the end of the list; nothing more once it has moved."""
        self._read_totals(self._unit.store)
        yield from self._take(self._unit.store, self._page.url)
        for window in _passes(self._unit):
            if self._is_over:
                break
            yield from self._pass(window)
            if self._total is None:
                break  # without a count there is nothing that could be missing
        if self.has_moved:
            return
        if self._end is None:
            is_short = self._total is not None and len(self._keys) < self._total
            detail = f"{len(self._keys)} of {self._total} rows" if is_short else None
            self._end = ListEnd(self._list_url, "failed" if is_short else "end_of_list", detail)
        yield self._end._replace(announced=self._pages)

    @property
    def _is_over(self) -> bool:
        is_whole = self._total is not None and len(self._keys) >= self._total
        return is_whole or self.has_moved or self._end is not None

    def _pass(self, window: Window) -> Iterator[RowPage]:
        """Ask block by block until all is there, or two answers in a row bring nothing new to this pass."""
        own: set[str] = set()
        idle, block = 0, 0
        while not self._is_over and idle < 2 and block < _LONGEST_PASS:
            block += 1
            answer = self._ask(window(block))
            if not answer.is_ok or not _is_store(answer.text):
                word = f"{answer.outcome} {answer.detail or ''}".strip() if not answer.is_ok else "no records"
                of = f"; {len(self._keys)} of {self._total or 'unknown'} rows"
                self._end = ListEnd(self._list_url, "failed", f"block {block}: {word}{of}")
                return
            self._read_totals(answer.text)
            if self.has_moved:
                return
            found = self._rows(answer.text)
            before = len(own)
            own |= found.keys()
            idle = idle + 1 if len(own) == before else 0
            yield from self._take(answer.text, answer.url)

    def _ask(self, window: dict[str, str]) -> ListPage:
        """Ask the service, and once more when an overworked host answers with an empty body."""
        address = query_address(self._unit.proxy, {**window, **self._unit.fields})
        answer = self._start.ask(get(address, self._page.url))
        is_hollow = answer.outcome == "empty_shell" or (answer.is_ok and not _is_store(answer.text))
        return self._start.ask(get(address, self._page.url)) if is_hollow else answer

    def _take(self, text: str, url: str) -> Iterator[RowPage]:
        """Yield the rows of an answer that brings some, and ask whether that is enough."""
        found = self._rows(text)
        new = found.keys() - self._keys
        if not new:
            return
        self._keys |= new
        rows = RowPage(self._list_url, self._number, url, *found, None, self._column)
        self._number += 1
        yield rows
        reason = self._start.stop(rows)
        if reason is not None:
            self._end = ListEnd(self._list_url, reason)

    def _rows(self, text: str) -> Rows:
        records = (BeautifulSoup(record, "lxml") for _, record in blocks(text, _RECORD, _RECORD_END))
        entries = [entry for record in records if (entry := printed_entry(record)) is not None]
        return clean_rows(rows_of_entries(entries, self._page.url, self._number, self._start.sites))

    def _read_totals(self, text: str) -> None:
        """Take the totals of an answer, and note when they changed since the one before."""
        total, pages = _TOTAL.search(text), _PAGES.search(text)
        if total:
            self.has_moved = self._may_restart and self._total not in (None, int(total[1]))
            self._total = int(total[1])
        self._pages = int(pages[1]) if pages else self._pages


def _is_store(text: str) -> bool:
    """Return whether an answer holds records, or says how many there are."""
    return bool(_TOTAL.search(text) or _RECORD.search(text))


def _without_service(page: ListPage, start: Start) -> Iterator[RowPage | ListEnd]:
    """Read a column page that names no service: a report itself, or rows and no way on."""
    report = own_report(page, start.url)
    if report is not None:
        yield report
        yield ListEnd(start.url, "end_of_list", None, 1)
        return
    root = tree_of(page.text)
    found = clean_rows(read_rows(page.text, root, page.url, 1, start.sites, ARTICLE))
    if found.rows:
        yield RowPage(start.url, 1, page.url, *found, None, column_name(root))
        yield ListEnd(start.url, "failed", "first screen only: the page names no data service")
        return
    yield ListEnd(start.url, "failed", "the page holds no records and names no data service")
