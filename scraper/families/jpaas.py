"""jpaas: the column page names a unit of jpaas-publish-server whose JSON answer holds a fragment of HTML.

Only `paramJson` turns pages: a bare pageNo, page or currentPage is ignored and brings page 1 again.
"""

import html
import json
import re
from collections.abc import Iterator
from typing import NamedTuple

from bs4 import BeautifulSoup, Tag

from scraper.addresses import folder_of, resolve_link, site_of
from scraper.families.answers import (
    field_of,
    get,
    json_of,
    own_address,
    pages_for,
    query_address,
    whole_number,
)
from scraper.families.base import Columns, ListEnd, ListPage, ListRequest, RowPage, Start, not_opened
from scraper.families.paged import Answer, PagedList, walk_pages
from scraper.families.rows import read_rows
from scraper.families.tree import column_name, tree_of
from scraper.families.trs import sub_columns

ARTICLE = re.compile(r"/art/\d{4}/(?:\d{1,2}/\d{1,2}/)?art_\w+\.s?html?$")
LARGEST_TREE = 100
PAGE_SIZE = "15"

_SERVICE = re.compile(r"jpaas-publish-server/front/page/build/unit", re.IGNORECASE)
_PAIR = re.compile(r"""["'](\w+)["']\s*:\s*["']([^"']*)["']""")


class Unit(NamedTuple):
    """One unit of a page: the service it names and the values it is asked with."""

    service: str
    fields: dict[str, str]


def walk(start: Start) -> Iterator[RowPage | ListEnd]:
    """Walk the column of an address and the columns it leads to."""
    columns = Columns(start.url, LARGEST_TREE)
    for url in columns:
        page = start.ask(ListRequest(url))
        if not page.is_ok:
            yield not_opened(url, page)
            continue
        more: list[str] = []
        yield from _walk_units(url, page, start, more)
        columns.add(more)


def units(page: ListPage, start: Start) -> list[Unit]:
    """Return the units of a page that may be lists: those that turn pages, else all."""
    soup = BeautifulSoup(page.text, "lxml")
    found = []
    for tag in soup.select("[querydata]"):
        service = own_address(page.url, str(tag.get("url") or ""), start.sites)
        if service is not None and _SERVICE.search(service):
            found.append(Unit(service, dict(_PAIR.findall(html.unescape(str(tag["querydata"]))))))
    for word in ("分页", "列表"):
        chosen = [unit for unit in found if word in unit.fields.get("tagId", "")]
        if chosen:
            return chosen
    return found


def _walk_units(url: str, page: ListPage, start: Start, more: list[str]) -> Iterator[RowPage | ListEnd]:
    """Read the units of a column page; `more` takes the columns that page and units lead to."""
    more += [*_more_links(page.text, page), *sub_columns(page, folder_of(page.url))]
    found = units(page, start)
    if not found:
        is_shell = bool(more)
        detail = None if is_shell else "the page names no unit of the publish server"
        yield ListEnd(url, "end_of_list" if is_shell else "failed", detail, None, len(more))
        return
    for place, unit in enumerate(found):
        list_url = url if place == 0 else f"{url}#{place + 1}"
        yield from walk_pages(start, _unit_list(list_url, unit, page, start, more))


def _unit_list(list_url: str, unit: Unit, page: ListPage, start: Start, more: list[str]) -> PagedList:
    """Return the list of a unit; the page size it states with its first answer turns the pages."""
    size = [PAGE_SIZE]

    def request(number: int) -> ListRequest:
        fields = dict(unit.fields)
        if number > 1:
            given = {"pageNo": number, "pageSize": size[0]}
            fields["paramJson"] = json.dumps(given, separators=(",", ":"))
        return get(query_address(unit.service, fields), page.url)

    def read(answer: ListPage, number: int) -> Answer | None:
        fragment = field_of(json_of(answer), "data", "html")
        if not isinstance(fragment, str):
            return None
        soup = BeautifulSoup(fragment, "lxml")
        more.extend(_more_links(fragment, page))
        rows, total = _pager(soup)
        size[0] = str(rows or PAGE_SIZE)
        found = read_rows(fragment, tree_of(fragment), page.url, number, start.sites, ARTICLE)
        return Answer(found, pages_for(total, rows), total)

    return PagedList(list_url, column_name(tree_of(page.text)), request, read)


def _pager(soup: BeautifulSoup) -> tuple[int | None, int | None]:
    """Return (rows per page, records); whether the older pager counts records or pages is not known."""
    pager = soup.select_one("[rows][count]")
    if isinstance(pager, Tag):
        return whole_number(pager["rows"]), whole_number(pager["count"])
    older = soup.find(id="autUDB_pagination")
    given = (
        dict(_PAIR.findall(html.unescape(str(older.get("querydata") or ""))))
        if isinstance(older, Tag)
        else {}
    )
    return whole_number(given.get("rows")), None


def _more_links(text: str, page: ListPage) -> list[str]:
    """Return the columns behind the 更多 links of a page that shows a few rows of each."""
    if "xxgk_more" not in text:
        return []
    links = BeautifulSoup(text, "lxml").select("a.xxgk_more[href]")
    targets = (resolve_link(page.url, str(link["href"])) for link in links)
    return [target for target in targets if target is not None and site_of(target) == site_of(page.url)]
