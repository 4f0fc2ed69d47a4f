"""The disclosure module of Hanweb: a posted search that answers for a whole area, yearly addresses per body.

The search knows rows of all columns of an area; only those of the column asked for are entries. Where it
cannot be read, the tree of bodies and `xxgkAnnualReport.jsp?area=..&fbtime=<report year>` say the same.
"""

import html
import re
from collections.abc import Iterator
from typing import NamedTuple
from urllib.parse import parse_qsl, urlsplit

from bs4 import BeautifulSoup

from parsers.titles import is_annual_report
from scraper.families.answers import get, own_address, post, printed_entry, query_address, rows_of_entries
from scraper.families.base import (
    BEYOND,
    OTHER_COLUMN,
    ListEnd,
    ListPage,
    ListRequest,
    Row,
    RowPage,
    SkippedRow,
    Start,
    not_opened,
)
from scraper.families.hanweb import ARTICLE, clean_rows, column_of, own_report
from scraper.families.paged import Answer, PagedList, walk_pages
from scraper.families.rows import Rows, read_rows
from scraper.families.tree import column_name, tree_of

SEARCH = "/module/xxgk/search.jsp"
ANNUAL = "/module/xxgk/xxgkAnnualReport.jsp"
LARGEST_TREE = 100

_LOAD = re.compile(r"""["']([^"'\s]*/module/xxgk/search\.jsp\?[^"']*)["']""")
_TREE = re.compile(r"""["'=]([^"'=\s]{0,200}tree\.jsp\?[^"'\s>]{0,200})""")
_AREA = re.compile(r"[?&](?:amp;)?area=([\w-]+)")
_SITE = re.compile(r"""\bjdid["']?\s*[:=]\s*["']?(\d+)""")
_COUNT = re.compile(r"共\s*(?:<[^<>]{0,99}>\s*){0,4}(\d{1,6})\s*(?:<[^<>]{0,99}>\s*){0,4}页")
_RECORDS = re.compile(r"共\s*(?:<[^<>]{0,99}>\s*){0,4}(\d{1,7})\s*(?:<[^<>]{0,99}>\s*){0,4}条")
_COLUMN_IN_ADDRESS = re.compile(r"/art_(\d+)_\w+\.")
_DIVISION = re.compile(r"div(\d+)$")
_SORT = ",createdatetime:0,orderid:0"
_MISSES = 2
"""Years in a row without a report after which a body has no earlier ones."""


class _Shell(NamedTuple):
    """What the column page says about its search."""

    fields: dict[str, str]
    columns: frozenset[str]
    name: str


def walk(start: Start) -> Iterator[RowPage | ListEnd]:
    """Read the search of a column; what it does not give is asked for body by body and year by year."""
    page = start.ask(ListRequest(start.url))
    if not page.is_ok:
        yield not_opened(start.url, page)
        return
    report = own_report(page, start.url)
    if report is not None:
        yield report
        yield ListEnd(start.url, "end_of_list", None, 1)
        return
    count, end = 0, ListEnd(start.url, "failed", "the page names no search")
    for item in walk_pages(start, _search(page, start)):
        if isinstance(item, ListEnd):
            end = item
            continue
        count += len(item.rows)
        yield item
    if count and end.reason != "failed":
        yield end
        return
    found = list(_tree(page, start))
    yield end._replace(children=len(found))
    for area in found:
        yield from _years(page, area, start)


def _shell(page: ListPage) -> _Shell:
    """Return the parameters of the search; what the page does not say follows from its address."""
    named = _LOAD.search(page.text)
    query = html.unescape(named[1]).partition("#")[0].partition("?")[2] if named else ""
    fields = dict(parse_qsl(query, keep_blank_values=True))
    column, area, site = column_of(page.url), _AREA.search(page.text), _SITE.search(page.text)
    number = dict(parse_qsl(urlsplit(page.url).query)).get("number")
    for key, value in (
        ("infotypeId", number),
        ("jdid", site[1] if site else None),
        ("area", area[1] if area else None),
        ("divid", f"div{column}" if column else None),
    ):
        if value is not None:
            fields.setdefault(key, value)
    division = _DIVISION.search(fields.get("divid", ""))
    columns = {text for text in (column, division[1] if division else None) if text}
    return _Shell(fields, frozenset(columns), column_name(tree_of(page.text)))


def _search(page: ListPage, start: Start) -> PagedList:
    shell = _shell(page)
    service = own_address(page.url, SEARCH, start.sites) or page.url

    def request(number: int) -> ListRequest:
        place = str(number)
        query = {
            "standardXxgk": "0", "isAllList": "1", "texttype": "0", "fbtime": "-1", "vc_all": "",
            "vc_filenumber": "", "vc_title": "", "vc_number": "", "currpage": place, "sortfield": _SORT,
        }  # fmt: skip
        form = {
            **shell.fields, "vc_title": "", "vc_number": "", "currpage": place, "vc_filenumber": "",
            "vc_all": "", "texttype": "0", "fbtime": "-1", "sortfield": shell.fields.get("sortfield", _SORT),
        }  # fmt: skip
        return post(query_address(service, query), form, page.url)

    def read(answer: ListPage, number: int) -> Answer | None:
        pages, records = _COUNT.search(answer.text), _RECORDS.search(answer.text)
        soup = BeautifulSoup(answer.text, "lxml")
        lines = [line for line in soup.find_all(["tr", "li"]) if not line.find(["tr", "li"])]
        entries = [entry for line in lines if (entry := printed_entry(line)) is not None]
        found = clean_rows(rows_of_entries(entries, page.url, number, start.sites))
        if not found.rows and pages is None and number == 1:
            return None
        return Answer(
            _of_column(found, shell.columns),
            int(pages[1]) if pages else None,
            int(records[1]) if records else None,
        )

    return PagedList(start.url, shell.name, request, read)


def _of_column(found: Rows, columns: frozenset[str]) -> Rows:
    """Keep the rows of the column; the others are skipped, so that no area is taken for annual reports."""
    rows: list[Row] = []
    skipped = list(found.skipped)
    for row in found.rows:
        column = _COLUMN_IN_ADDRESS.search(row.url)
        is_own = column[1] in columns if column and columns else is_annual_report(row.title)
        if is_own:
            rows.append(row)
        else:
            skipped.append(SkippedRow(row.url, row.title, OTHER_COLUMN))
    return Rows(tuple(rows), tuple(skipped))


def _tree(page: ListPage, start: Start) -> list[str]:
    """Return the areas of a column page and of the tree it shows, each with a report address of its own."""
    named = _TREE.search(page.text)
    found = dict.fromkeys(_AREA.findall(page.text))
    address = own_address(page.url, named[1], start.sites) if named else None
    answer = start.ask(get(address, page.url)) if address else None
    if answer is not None and answer.is_ok:
        found.update(dict.fromkeys(_AREA.findall(answer.text)))
    return list(found)[:LARGEST_TREE] if start.years is not None else []


def _years(page: ListPage, area: str, start: Start) -> Iterator[RowPage | ListEnd]:
    """Ask for the reports of one body, newest first, until two years in a row have none."""
    list_url = query_address(own_address(page.url, ANNUAL, start.sites) or page.url, {"area": area})
    oldest, newest = start.years or (1, 0)
    misses, number, name = 0, 0, column_name(tree_of(page.text))
    for year in range(newest, oldest - 1, -1):
        answer = start.ask(
            get(query_address(list_url, {"fbtime": str(year)}), page.url)._replace(accepted=BEYOND)
        )
        found = _annual_rows(answer, start) if answer.is_ok else Rows((), ())
        if not answer.is_ok and answer.outcome not in BEYOND:
            yield ListEnd(list_url, "failed", f"{year}: {answer.outcome} {answer.detail or ''}".strip())
            return
        misses = 0 if found.rows else misses + 1
        if misses >= _MISSES:
            break
        if not found.rows:
            continue
        number += 1
        rows = RowPage(list_url, number, answer.url, *found, None, name)
        yield rows
        reason = start.stop(rows)
        if reason is not None:
            yield ListEnd(list_url, reason)
            return
    yield ListEnd(list_url, "end_of_list")


def _annual_rows(answer: ListPage, start: Start) -> Rows:
    """Return the report a yearly address shows, or the reports it links to."""
    report = own_report(answer, answer.url)
    if report is not None:
        return Rows(report.rows, ())
    found = clean_rows(read_rows(answer.text, tree_of(answer.text), answer.url, 1, start.sites, ARTICLE))
    return Rows(tuple(row for row in found.rows if is_annual_report(row.title)), ())
