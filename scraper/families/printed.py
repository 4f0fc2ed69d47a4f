"""Lists read along the way on that their pages print: a link, a number, a form to be sent back."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TypeAlias

from scraper.addresses import address_key
from scraper.families.base import BEYOND, ListEnd, ListPage, ListRequest, RowPage, Start
from scraper.families.rows import next_link, read_rows
from scraper.families.tree import column_name, tree_of
from scraper.markup import visible_markup

Onward: TypeAlias = Callable[[ListPage, int, int | None], ListRequest | None]
"""(page, its number, number of pages if known) -> the request for the next page, None when there is none."""

_TOTAL = re.compile(r"共\s*(\d{1,4})\s*页|总页数\s*[:：]?\s*(\d{1,4})(?!\d)")
_PLACE = re.compile(r"(?<![\d/.-])([1-9]\d{0,3})\s*/\s*([1-9]\d{0,3})(?![\d/.-])")
_TAG = re.compile(r"<[^<>]*>")
_PAGER_WORDS = re.compile(r"下一页|下页|尾页|末页|共\s*\d+\s*页|__doPostBack\(")


def next_printed(page: ListPage, number: int, announced: int | None) -> ListRequest | None:
    """Return the request behind the printed 下一页."""
    address = next_link(page)
    return ListRequest(address) if address else None


def page_total(page: ListPage, number: int) -> int | None:
    """Return how many pages a list says it has: 共3页, 总页数：3, or `number`/3 if only one such stands."""
    text = _TAG.sub(" ", visible_markup(page.text))
    if found := _TOTAL.search(text):
        return int(found.group(1) or found.group(2)) or None
    pairs = {(int(place), int(total)) for place, total in _PLACE.findall(text)}
    totals = {total for place, total in pairs if place == number <= total}
    if not totals and number > 1:  # the list has grown: what was page 2 says that it is the third
        totals = {total for place, total in pairs if number < place <= total}
    return totals.pop() if len(totals) == 1 else None


@dataclass(frozen=True, slots=True)
class PrintedList:
    """How the pages of a list are read; `onward` finds the request for the next one."""

    article: re.Pattern[str]
    onward: Onward = next_printed
    total: Callable[[ListPage, int], int | None] = page_total
    is_undated: bool = False
    """Whether links without a date beside them may be entries."""

    def follow(self, start: Start, url: str, page: ListPage) -> Iterator[RowPage | ListEnd]:
        """Read a list from its first page on; it is read again, once, when its length changes meanwhile."""
        first, number, restarted, is_beyond = page, 1, False, False
        announced = self.total(page, 1)
        seen = {address_key(url), address_key(page.url)}
        rows = self.read(start, url, page, number, announced)
        while True:
            yield rows
            reason = start.stop(rows)
            if reason is not None:
                yield ListEnd(url, reason, None, announced)
                return
            request = self.onward(page, number, announced)
            if request is None or _key(request) in seen:
                yield _end(url, page, number, announced)
                return
            seen.add(_key(request))
            number += 1
            is_beyond |= announced is not None and number > announced
            announced = None if is_beyond else announced
            # A page behind the announced last one need not be there; one that a list links to should be.
            page = start.ask(request._replace(accepted=BEYOND) if is_beyond else request)
            if not restarted and self._is_upset(page, request, number, announced):
                restarted, number = True, 1
                page = start.ask(ListRequest(first.url, is_fresh=True))
                announced = self.total(page, 1) if page.is_ok else None
                seen = {address_key(url), address_key(page.url)}
            rows = self.read(start, url, page, number, announced)
            if not page.is_ok or (number > 1 and not rows.rows and not rows.skipped):
                is_end = announced is None and (page.is_ok or (is_beyond and page.outcome in BEYOND))
                trouble = "no entry" if page.is_ok else f"{page.outcome} {page.detail or ''}".strip()
                place = None if is_end else f"page {number} of {announced or 'unknown'}: {trouble}"
                yield ListEnd(url, "end_of_list" if is_end else "failed", place, announced)
                return

    def _is_upset(self, page: ListPage, request: ListRequest, number: int, announced: int | None) -> bool:
        """Return whether a list has to be read again: its length has changed, or its chain of forms broke."""
        if request.method == "POST" and page.outcome in ("server_error", "http_error"):
            return True
        now = self.total(page, number) if page.is_ok else None
        return announced is not None and now is not None and now != announced

    def read(self, start: Start, url: str, page: ListPage, number: int, announced: int | None) -> RowPage:
        """Return the rows of one page of the list."""
        root = tree_of(page.text)
        found = read_rows(
            page.text, root, page.url, number, start.sites, self.article, is_undated=self.is_undated
        )
        return RowPage(url, number, page.url, found.rows, found.skipped, announced, column_name(root))


def _key(request: ListRequest) -> str:
    return address_key(request.url) if request.method == "GET" else request.key


def _end(url: str, page: ListPage, number: int, announced: int | None) -> ListEnd:
    """Say whether a list without a way on was read to its end."""
    is_short = announced is not None and number < announced
    is_first_screen = announced is None and number == 1 and bool(_PAGER_WORDS.search(page.text))
    if is_short or is_first_screen:
        return ListEnd(url, "failed", f"first screen only: no way on from page {number}", announced)
    return ListEnd(url, "end_of_list", None, announced)
