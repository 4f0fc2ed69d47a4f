"""What both Hanweb families share: article addresses, column numbers, a column page that is a report."""

import re
from urllib.parse import urlsplit, urlunsplit

from parsers.titles import is_annual_report
from scraper.addresses import address_key
from scraper.families.base import ListPage, Row, RowPage
from scraper.families.dates import address_date, read_date
from scraper.families.rows import Rows
from scraper.families.tree import column_name, tree_of
from scraper.metadata import article_title, meta_tags

ARTICLE = re.compile(r"/art/\d{4}/(?:\d{1,2}/\d{1,2}/)?art_\w+\.s?html?$")

_COLUMN = re.compile(r"/col/col(\d+)/")
_SLASH = re.compile("%2f", re.IGNORECASE)


def article_address(url: str) -> str:
    """Return the address of an article without escaped slashes and without a query, which a file ignores."""
    parts = urlsplit(url)
    path = _SLASH.sub("/", parts.path)
    if not ARTICLE.search(path):
        return url
    return urlunsplit((parts.scheme, parts.netloc, path, "", ""))


def clean_rows(found: Rows) -> Rows:
    """Return rows under the plain addresses of their articles, each address once."""
    rows: dict[str, Row] = {}
    for row in found.rows:
        url = article_address(row.url)
        date = row.date or address_date(url)
        rows.setdefault(address_key(url), row._replace(url=url, date=date))
    return Rows(tuple(rows.values()), found.skipped)


def column_of(url: str) -> str | None:
    """Return the number of the column an address belongs to."""
    found = _COLUMN.search(url)
    return found[1] if found else None


def own_report(page: ListPage, list_url: str) -> RowPage | None:
    """Return the page itself as the one row of its list where the column page is a report."""
    title = article_title(page.text)
    if title is None or not is_annual_report(title):
        return None
    date, raw_date = read_date(meta_tags(page.text).get("pubdate", ""), "")
    row = Row(page.url, title, date, raw_date, 1)
    return RowPage(list_url, 1, page.url, (row,), (), 1, column_name(tree_of(page.text)))
