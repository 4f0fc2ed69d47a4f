"""VSB (博达): static lists whose files are numbered from the end, and dynamic ones with parameters."""

import re
from collections.abc import Iterator
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit, urlunsplit

from scraper.families.base import ListEnd, ListPage, ListRequest, RowPage, Start, not_opened
from scraper.families.printed import PrintedList
from scraper.families.rows import next_link

ARTICLE = re.compile(r"/info/\d+/\d+\.html?$|/content\.jsp$")
_STATIC = re.compile(r"/(?P<name>[^/]+)\.(?P<extension>html?)$")


def walk(start: Start) -> Iterator[RowPage | ListEnd]:
    """Read the list of an address: along 下页, and by the arithmetic of the system where none is printed."""
    page = start.ask(ListRequest(start.url))
    if not page.is_ok:
        yield not_opened(start.url, page)
        return
    yield from PrintedList(ARTICLE, _onward).follow(start, start.url, page)


def page_address(url: str, number: int, announced: int) -> str | None:
    """Return the address of page `number` seen from the page before it, None where the system has no rule.

    The files of a static list are counted from the end: the last page is x/1.htm, the second x/{N-1}.htm.
    """
    parts = urlsplit(url)
    query = dict(parse_qsl(parts.query, keep_blank_values=True))
    if "wbtreeid" in query:
        query |= {"totalpage": str(announced), "PAGENUM": str(number)}
        return urlunsplit((*parts[:3], urlencode(query), ""))
    static = _STATIC.search(parts.path)
    if static is None or parts.query:
        return None
    folder = f"{static['name']}/" if number == 2 else ""
    return urljoin(url, f"{folder}{announced - number + 1}.{static['extension']}")


def _onward(page: ListPage, number: int, announced: int | None) -> ListRequest | None:
    address = next_link(page)
    if address is None and announced is not None and number < announced:
        address = page_address(page.url, number + 1, announced)
    return ListRequest(address) if address else None
