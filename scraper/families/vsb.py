"""VSB (博达): static lists whose files are numbered from the end, and dynamic ones with parameters."""

import re
from collections.abc import Iterator
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit, urlunsplit

from scraper.families.base import ListEnd, ListPage, ListRequest, RowPage, Start
from scraper.families.printed import PrintedList
from scraper.families.rows import next_link

ARTICLE = re.compile(r"/info/\d+/\d+\.html?$|/content\.jsp$")
_STATIC = re.compile(r"^(?P<list>.*/[^/]+?)(?:/\d+)?\.html?$")


def walk(start: Start) -> Iterator[RowPage | ListEnd]:
    """Read the list of an address: along 下页, and by the arithmetic of the system where none is printed."""
    page = start.ask(ListRequest(start.url))
    if not page.is_ok:
        yield ListEnd(start.url, "failed", f"first page: {page.outcome} {page.detail or ''}".strip())
        return
    yield from PrintedList(ARTICLE, _onward).follow(start, start.url, page)


def page_address(list_url: str, number: int, announced: int) -> str | None:
    """Return the address of page `number` (from 2 on) of a list, None where the system has no rule.

    The files of a static list are counted from the end: the last page is x/1.htm, the second x/{N-1}.htm.
    `list_url` may be any page of the list.
    """
    parts = urlsplit(list_url)
    query = dict(parse_qsl(parts.query, keep_blank_values=True))
    if "wbtreeid" in query:
        query |= {"totalpage": str(announced), "PAGENUM": str(number)}
        return urlunsplit((*parts[:3], urlencode(query), ""))
    static = _STATIC.match(parts.path)
    if static is None or parts.query:
        return None
    extension = parts.path.rpartition(".")[2]
    return urljoin(list_url, f"{static['list']}/{announced - number + 1}.{extension}")


def _onward(page: ListPage, number: int, announced: int | None) -> ListRequest | None:
    address = next_link(page)
    if address is None and announced is not None and number < announced:
        address = page_address(page.url, number + 1, announced)
    return ListRequest(address) if address else None
