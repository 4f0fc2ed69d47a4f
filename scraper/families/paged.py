"""Lists whose pages have a number: one loop that reads them to the announced end and counts what came."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from scraper.families.base import BEYOND, EndReason, ListEnd, ListPage, ListRequest, RowPage, Start
from scraper.families.rows import Rows


class Answer(NamedTuple):
    """What one page of a list holds, and the number of pages and records it claims the list has."""

    found: Rows
    pages: int | None = None
    total: int | None = None


class PagedList(NamedTuple):
    """A list: how page p (from 1) is asked for, and how an answer is read (None: it is no such answer)."""

    list_url: str
    column: str
    request: Callable[[int], ListRequest]
    read: Callable[[ListPage, int], Answer | None]


@dataclass(slots=True)
class _Count:
    """What a list claimed on its first page and what was read since."""

    pages: int | None = None
    total: int | None = None
    raw: int = 0
    repeats: bool = False
    keys: set[str] = field(default_factory=set)

    def has_moved(self, answer: Answer) -> bool:
        """Whether a later page claims another size than the first."""
        pairs = ((self.pages, answer.pages), (self.total, answer.total))
        return any(None not in pair and pair[0] != pair[1] for pair in pairs)

    def add(self, found: Rows) -> bool:
        """Count the rows of a page; returns whether one of them is new."""
        before = len(self.keys)
        self.raw += len(found.rows) + len(found.skipped)
        self.keys |= found.keys()
        is_new = len(self.keys) > before
        self.repeats |= not is_new
        return is_new

    @property
    def shortfall(self) -> str | None:
        """How much of the announced total is missing; rows pinned to every page are counted as printed."""
        if self.total is None or len(self.keys) >= self.total:
            return None
        is_pinned = self.raw >= self.total and not self.repeats
        return None if is_pinned else f"{len(self.keys)} of {self.total} rows"


def walk_pages(
    start: Start, paged: PagedList, first: ListPage | None = None, children: int = 0
) -> Iterator[RowPage | ListEnd]:
    """Read a list from its first page on; a list that changes its size on the way is read again, once."""
    page = first if first is not None else start.ask(paged.request(1))
    count, number, may_restart = _Count(), 1, True
    while True:
        answer = paged.read(page, number) if page.is_ok else None
        if answer is None:
            yield _broken_off(paged.list_url, page, number, count, children)
            return
        if number == 1:
            count = _Count(answer.pages, answer.total)
        elif may_restart and count.has_moved(answer):
            may_restart, number = False, 1
            page = start.ask(paged.request(1))
            continue
        rows = RowPage(paged.list_url, number, page.url, *answer.found, count.pages, paged.column)
        if rows.rows or rows.skipped or (number == 1 and count.total != 0):
            yield rows  # an empty page counts unless the list itself says that it is empty
        end = _end(start, paged, rows, count)
        if end is not None:
            yield end._replace(children=children)
            return
        number += 1
        request = paged.request(number)
        page = start.ask(request if count.pages is not None else request._replace(accepted=BEYOND))


def _end(start: Start, paged: PagedList, rows: RowPage, count: _Count) -> ListEnd | None:
    """Return the end of the list after this page, None to go on."""
    is_new = count.add(Rows(rows.rows, rows.skipped))
    is_empty = not rows.rows and not rows.skipped
    stop = None if is_empty else start.stop(rows)
    if stop not in (None, "no_new_urls"):
        return ListEnd(paged.list_url, stop, None, count.pages)
    is_last = count.pages is not None and rows.number >= count.pages
    is_repeat = rows.number > 1 and not is_new
    if not (is_last or is_empty or is_repeat):
        return None
    if count.shortfall is not None:
        return ListEnd(paged.list_url, "failed", count.shortfall, count.pages)
    if is_empty and not is_last and count.pages is not None and count.total is None:
        return ListEnd(paged.list_url, "failed", f"page {rows.number} of {count.pages}: no rows", count.pages)
    reason: EndReason = "end_of_list" if is_last or is_empty else "no_new_urls"
    return ListEnd(paged.list_url, reason, None, count.pages)


def _broken_off(list_url: str, page: ListPage, number: int, count: _Count, children: int) -> ListEnd:
    """Say why an answer that cannot be read ends the list; beyond an unknown end it is the end."""
    trouble = f"{page.outcome} {page.detail or ''}".strip() if not page.is_ok else "not the answer of a list"
    if number == 1:
        return ListEnd(list_url, "failed", f"first page: {trouble}", None, children)
    if count.pages is None and page.outcome in BEYOND and count.shortfall is None:
        return ListEnd(list_url, "end_of_list", None, None, children)
    detail = f"page {number} of {count.pages or 'unknown'}: {trouble}"
    if count.shortfall is not None:
        detail = f"{detail}; {count.shortfall}"
    return ListEnd(list_url, "failed", detail, count.pages, children)
