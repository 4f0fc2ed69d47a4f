"""gkmlpt, the disclosure platform of Guangdong: a catalogue in the page, a JSON service behind it."""

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from parsers.titles import title_verdict
from scraper.addresses import on_site_of, resolve_link, site_of
from scraper.families.answers import (
    Entry,
    field_of,
    json_of,
    objects_of,
    pages_for,
    rows_of_entries,
    whole_number,
)
from scraper.families.base import ListEnd, ListPage, ListRequest, RowPage, Start, not_opened
from scraper.families.paged import Answer, PagedList, walk_pages

EVERYTHING = 0
"""The category that holds all documents of a site, for catalogues without a node for annual reports."""

_CHINA = timezone(timedelta(hours=8))
_COLUMN = re.compile(r"年报|年度报告")
_SID = re.compile(r"""["']?\bSID["']?\s*:\s*["']?(\w+)""")
_TREE = re.compile(r"""["']?\bTREE["']?\s*:\s*(?=\[)""")
_FRAGMENT_LINK = re.compile(r"gkmlpt/annualreport\\?/?#([0-9]{1,12})")
_NUMBER = re.compile(r"[0-9]{1,12}")
_PLATFORM = re.compile(r"^(.*?)/gkmlpt(?:/|$)")
_TIMES = ("display_publish_time", "first_publish_time", "create_time", "date")
_LATEST = 4_102_444_800  # the year 2100: what is larger counts milliseconds or is no time


class Category(NamedTuple):
    """One node of the catalogue whose articles are asked for."""

    id: int
    name: str


def walk(start: Start) -> Iterator[RowPage | ListEnd]:
    """Read every category of annual reports that the catalogue of the start page names."""
    page = start.ask(ListRequest(start.url))
    if not page.is_ok:
        yield not_opened(start.url, page)
        return
    sid = _SID.search(page.text)
    if sid is None:
        yield ListEnd(start.url, "failed", "the page names no SID: not the first page of a gkmlpt platform")
        return
    found, elsewhere = categories(page.text, start.url)
    for target in elsewhere:
        place = resolve_link(page.url, target) or target
        yield ListEnd(place, "failed", "the catalogue sends its annual reports here: configure it as a start")
    for category in found or ([] if elsewhere else [Category(EVERYTHING, "")]):
        yield from walk_pages(start, _Articles(start, page, sid.group(1), category).paged())


def categories(page: str, url: str) -> tuple[list[Category], list[str]]:
    """Return the categories of annual reports of a catalogue, and the addresses that stand in their place.

    A fragment of the start address decides; else the nodes whose name says so, else a link to the page for
    annual reports. A node with jump_url hides its number in the fragment of that address.
    """
    fragment = url.partition("#")[2]
    if _NUMBER.fullmatch(fragment):
        return [Category(int(fragment), _name_of(int(fragment), page))], []
    found: dict[int, Category] = {}
    elsewhere: list[str] = []
    for node in _nodes(_tree(page)):
        jump, number = str(node.get("jump_url") or ""), whole_number(node.get("id"))
        hidden, target = jump.partition("#")[2], resolve_link(url, jump)
        is_away = target is not None and site_of(target) != site_of(url)
        if is_away or (jump and "gkmlpt" not in jump and not _NUMBER.fullmatch(hidden)):
            elsewhere.append(jump)
            continue
        number = int(hidden) if _NUMBER.fullmatch(hidden) else number
        if number is not None:
            found.setdefault(number, Category(number, str(node.get("name"))))
    if not found and not elsewhere and (link := _FRAGMENT_LINK.search(page)):
        found[int(link.group(1))] = Category(int(link.group(1)), "政府信息公开年报")
    return list(found.values()), elsewhere


def _tree(page: str) -> list[dict[str, Any]]:
    place = _TREE.search(page)
    if place is None:
        return []
    try:
        value, _ = json.JSONDecoder().raw_decode(page, place.end())
    except (ValueError, RecursionError):
        return []
    return objects_of(value)


def _nodes(tree: list[dict[str, Any]], depth: int = 0) -> Iterator[dict[str, Any]]:
    """Yield the nodes of annual reports; the nodes below one only where it does not hold their articles."""
    for node in tree:
        name, children = str(node.get("name") or ""), objects_of(node.get("children"))
        is_column = bool(_COLUMN.search(name)) and title_verdict(name) != "not_report"
        if is_column:
            below = sum(whole_number(child.get("post_count")) or 0 for child in children)
            own = whole_number(node.get("post_count")) or 0
            if own or not below:
                yield node
            if below > own:
                yield from (child for child in children if whole_number(child.get("post_count")))
        elif depth < 20:
            yield from _nodes(children, depth + 1)


def _name_of(category: int, page: str) -> str:
    for node in _nodes(_tree(page)):
        hidden = str(node.get("jump_url") or "").partition("#")[2]
        if str(category) in (hidden, str(node.get("id"))):
            return str(node.get("name"))
    return "政府信息公开年报"


class _Articles:
    """The articles of one category as a list of numbered pages."""

    def __init__(self, start: Start, page: ListPage, sid: str, category: Category) -> None:
        self._start, self._page, self._sid, self._category = start, page, sid, category
        platform = _PLATFORM.match(urlsplit(page.url).path)
        self._prefix = platform.group(1) if platform else ""
        self._size: int | None = None

    def paged(self) -> PagedList:
        """Return how the list is asked for and read."""
        return PagedList(self._request(1).url, self._category.name, self._request, self._read)

    def _request(self, number: int) -> ListRequest:
        path = f"{self._prefix}/gkmlpt/api/all/{self._category.id}?page={number}&sid={self._sid}"
        return ListRequest(on_site_of(f"http://x{path}", self._page.url), expected="data")

    def _read(self, page: ListPage, number: int) -> Answer | None:
        value = json_of(page)
        articles = field_of(value, "articles")
        if not isinstance(articles, list):
            return None
        articles = objects_of(articles)
        total = whole_number(field_of(value, "total"))
        if total is None:
            total = whole_number(field_of(value, "classify", "post_count"))
        self._size = len(articles) if number == 1 else self._size
        entries = [Entry(self._link(item), str(item.get("title") or ""), _day(item), _files(item))
                   for item in articles]  # fmt: skip
        found = rows_of_entries(entries, self._page.url, number, self._start.sites)
        return Answer(found, pages_for(total, self._size), total)

    def _link(self, article: dict[str, Any]) -> str:
        """Return the address of an article, on the host that was asked if the answer names a twin of it."""
        number = whole_number(article.get("id"))
        link = str(article.get("url") or article.get("post_url") or "")
        if not link and number is not None:
            return f"{self._prefix}/gkmlpt/content/{number // 1_000_000}/{number // 1000}/post_{number}.html"
        target = resolve_link(self._page.url, link)
        if target and site_of(target) not in self._start.sites:
            own = f"{self._prefix}/gkmlpt/content/"
            return on_site_of(target, self._page.url) if urlsplit(target).path.startswith(own) else link
        return link


def _day(article: dict[str, Any]) -> str:
    """Return the day of publication in China; times count seconds since 1970."""
    for name in _TIMES:
        seconds = article.get(name)
        if isinstance(seconds, str) and _NUMBER.fullmatch(seconds):
            seconds = int(seconds)
        if isinstance(seconds, int) and 0 < seconds < _LATEST:
            return datetime.fromtimestamp(seconds, UTC).astimezone(_CHINA).date().isoformat()
    return str(article.get("created_at") or "")


def _files(article: dict[str, Any]) -> tuple[tuple[str, str | None], ...]:
    """Return address and name of the files an answer names beside an article."""
    return tuple(
        (str(item["url"]), str(item["name"]) if item.get("name") else None)
        for item in objects_of(article.get("attachment"))
        if item.get("url")
    )
