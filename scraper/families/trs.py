"""TRS WCM: static lists whose pages are numbered from 0 (index, index_1, index_2 …), in a tree of columns."""

import re
from collections import Counter
from collections.abc import Iterator
from urllib.parse import urljoin, urlsplit

from scraper.addresses import address_key, folder_of, site_of
from scraper.families.base import BEYOND, Columns, ListEnd, ListPage, ListRequest, RowPage, Start, not_opened
from scraper.families.rows import next_link, read_rows
from scraper.families.tree import column_name, links_of, tree_of
from scraper.markup import without_comments

ARTICLE = re.compile(r"/[tP]\d{8,}_?\d*\.(?:s?html?|pdf|docx?|xlsx?|zip|rar)$")
LARGEST_TREE = 300
"""Lists below one start address; a tree that is larger is not an annual-report column."""

_CALL = re.compile(
    r"""createPageHTML\(\s*(\d{1,7})\s*,\s*\d+\s*,\s*["']((?!//)[\w./-]+)["']\s*,\s*["'](\w+)["']\s*\)"""
)
_COUNT = re.compile(r"\bvar\s+countPage\s*=\s*(\d{1,7})")
_CONFIG = re.compile(r"pagination_script_config\s*=\s*\{[^}]{0,2000}?\btotal\s*:\s*(\d{1,7})", re.DOTALL)
_PAGER = re.compile(r"\bPager\(\s*\{([^}]{0,2000})\}")
_ARTICLE_EXTENSION = re.compile(r"/t\d{8}_\d+\.(s?html?)\b")
_INDEX = re.compile(r"/(?:(\w+?)(?:_\d+)?\.(s?html?))?$")
_STUB_BYTES = 600
_FOLDER_REFUSALS = BEYOND | {"waf_block", "rate_limited", "http_error"}


def walk(start: Start) -> Iterator[RowPage | ListEnd]:
    """Walk the column of an address and the columns below it."""
    columns = Columns(start.url, LARGEST_TREE)
    for url in columns:
        page = _open(url, start)
        if not page.is_ok:
            yield not_opened(url, page)
            continue
        children = columns.add(sub_columns(page, folder_of(page.url)))
        yield from _walk_list(url, page, start, children)


def page_count(text: str) -> tuple[int, str, str | None] | None:
    """Return (number of pages, name, extension) as the page's pager has it; None without a pager.

    Only calls count: the definition of createPageHTML stands on the same page, with names as arguments.
    """
    text = without_comments(text)
    if call := _CALL.search(text):
        return int(call.group(1)), call.group(2), call.group(3)
    if pager := _PAGER.search(text):
        fields = dict(re.findall(r"""(\w+)\s*:\s*["']?([\w.]+)""", pager.group(1)))
        if re.fullmatch(r"\d{1,7}", fields.get("size", "")):
            return int(fields["size"]), fields.get("prefix", "index"), fields.get("suffix")
    for pattern in (_COUNT, _CONFIG):
        if found := pattern.search(text):
            return int(found.group(1)), "index", None
    return None


def page_address(list_url: str, number: int, name: str, extension: str) -> str:
    """Return the address of a page counted from 1: the first has no number, the second is _1."""
    file = f"{name}.{extension}" if number == 1 else f"{name}_{number - 1}.{extension}"
    return urljoin(list_url, file)


def sub_columns(page: ListPage, folder: str) -> list[str]:
    """Return the columns below a column that its page links to."""
    found: dict[str, str] = {}
    for _, target in links_of(tree_of(page.text), page.url):
        if site_of(target) != site_of(page.url) or urlsplit(target).query:
            continue
        path = urlsplit(target).path
        index = re.search(r"/(?:index\.s?html?)?$", path)
        if index and path.startswith(folder) and folder_of(target) != folder:
            found.setdefault(address_key(urljoin(target, ".")), target)
    return list(found.values())


def _open(url: str, start: Start) -> ListPage:
    """Ask for the first page; a folder that may not be listed often has a named page all the same."""
    page = start.ask(ListRequest(url))
    if page.is_ok or not url.endswith("/") or page.outcome not in _FOLDER_REFUSALS:
        return page
    for name in ("index.html", "index.htm", "index.shtml"):
        named = start.ask(ListRequest(urljoin(url, name), instead_of=url, accepted=BEYOND))
        if named.is_ok:
            return named
        if named.outcome not in _FOLDER_REFUSALS:
            break
    return page


def _walk_list(url: str, page: ListPage, start: Start, children: int) -> Iterator[RowPage | ListEnd]:
    first, number, restarted = page, 1, False
    pager = page_count(page.text)
    announced = max(pager[0], 1) if pager else None
    rows = _rows(url, page, number, announced, start)
    while True:
        yield rows
        reason = start.stop(rows)
        if reason is not None:
            yield ListEnd(url, reason, None, announced, children)
            return
        address = _next_address(first, page, number, announced)
        if address is None:
            yield ListEnd(url, "end_of_list", None, announced, children)
            return
        number += 1
        page = start.ask(ListRequest(address, accepted=BEYOND if announced is None else frozenset()))
        rows = _rows(url, page, number, announced, start)
        trouble = _trouble(page, rows)
        if trouble is not None:
            is_end = announced is None and (page.is_ok or page.outcome in BEYOND)
            place = f"page {number} of {announced or 'unknown'}: {trouble}"
            yield ListEnd(
                url, "end_of_list" if is_end else "failed", None if is_end else place, announced, children
            )
            return
        now = page_count(page.text)
        if announced is not None and now is not None and now[0] != announced and not restarted:
            # The list grew while it was read: rows have moved between pages, so it is read again, once.
            restarted, announced, number = True, max(now[0], 1), 1
            page = first = start.ask(ListRequest(first.url))
            if not page.is_ok:
                yield ListEnd(url, "failed", f"read again: {page.outcome}", announced, children)
                return
            rows = _rows(url, page, number, announced, start)


def _rows(url: str, page: ListPage, number: int, announced: int | None, start: Start) -> RowPage:
    root = tree_of(page.text)
    found = read_rows(page.text, root, page.url, number, start.sites, ARTICLE)
    return RowPage(url, number, page.url, found.rows, found.skipped, announced, column_name(root))


def _next_address(first: ListPage, page: ListPage, number: int, announced: int | None) -> str | None:
    pager = page_count(first.text)
    if announced is not None and pager is not None:
        if number >= announced:
            return None
        return page_address(first.url, number + 1, pager[1], pager[2] or _extension(first))
    return next_link(page)


def _extension(first: ListPage) -> str:
    """Return the extension of a list's pages: that of its address, of a numbered link, of most articles.

    One system writes lists and articles alike, so that a pager without an extension is read as they are.
    """
    named = _INDEX.search(urlsplit(first.url).path)
    if named and named.group(2):
        return named.group(2)
    if linked := re.search(r"index_\d+\.(s?html?)", first.text):
        return linked.group(1)
    articles = Counter(_ARTICLE_EXTENSION.findall(first.text))
    return articles.most_common(1)[0][0] if articles else "html"


def _trouble(page: ListPage, rows: RowPage) -> str | None:
    """Return why a further page cannot be read on: refused, or a stub without an article."""
    if not page.is_ok:
        return f"{page.outcome} {page.detail or ''}".strip()
    if not rows.rows:
        return f"stub of {page.size} bytes" if page.size < _STUB_BYTES else "no article link"
    return None
