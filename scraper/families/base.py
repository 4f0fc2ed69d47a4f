"""What a family is: a walk over list pages that yields rows, with no network of its own."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Set
from hashlib import sha256
from typing import Literal, NamedTuple, TypeAlias

from scraper.addresses import address_key

EndReason: TypeAlias = Literal[
    "end_of_list", "older_than_window", "all_known", "no_new_urls", "page_limit", "failed"
]


BEYOND = frozenset({"gone", "empty_shell", "soft_404"})
"""How a server says that a page does not exist, such as the one behind the last page of a list."""


class ListRequest(NamedTuple):
    """One question to a portal; `instead_of` names the folder address that this named page stands for."""

    url: str
    method: str = "GET"
    content: bytes | None = None
    headers: tuple[tuple[str, str], ...] = ()
    instead_of: str | None = None
    expected: Literal["list", "data"] = "list"
    """A page of links, or the answer of a service that may be short and without any."""
    is_fresh: bool = False
    """Never answer from what is stored: the page carries a state that is good for one request."""
    accepted: frozenset[str] = frozenset()
    """Outcomes that answer the question too, and are no trouble: that there is no such page, say."""

    @property
    def key(self) -> str:
        """What tells requests apart: the address, for others than GET also method and hash of the body."""
        if self.method == "GET":
            return self.url
        return f"{self.url} {self.method} {sha256(self.content or b'').hexdigest()}"


class ListPage(NamedTuple):
    """The answer: address after redirects, text, outcome in the words of the ledger, size in bytes."""

    url: str
    text: str
    outcome: str
    detail: str | None
    size: int

    @property
    def is_ok(self) -> bool:
        """Whether there is a page to read."""
        return self.outcome in ("ok", "not_modified")


class Row(NamedTuple):
    """One entry of a list; `date` is ISO, `raw_date` as printed, `page` counted from 1."""

    url: str
    title: str
    date: str | None
    raw_date: str | None
    page: int
    files: tuple[tuple[str, str | None], ...] = ()
    """(address, human name) of files that the list, not the page, says belong to the entry."""


OTHER_COLUMN = "other_column"
"""Reason of rows that an answer for a whole area holds beside those of the column."""


class SkippedRow(NamedTuple):
    """An entry that is not asked for, and why."""

    url: str
    title: str
    reason: str


class RowPage(NamedTuple):
    """The rows of one list page; `announced` is the number of pages the list claims to have."""

    list_url: str
    number: int
    url: str
    rows: tuple[Row, ...]
    skipped: tuple[SkippedRow, ...]
    announced: int | None
    column: str = ""
    """Name of the column as the page gives it."""


class ListEnd(NamedTuple):
    """Why a list was left, and what it announced."""

    list_url: str
    reason: EndReason
    detail: str | None = None
    announced: int | None = None
    children: int = 0
    """Lists found below this one."""


def not_opened(list_url: str, page: ListPage) -> ListEnd:
    """Return the end of a list whose first page did not come."""
    return ListEnd(list_url, "failed", f"first page: {page.outcome} {page.detail or ''}".strip())


class Columns:
    """The columns of a tree in the order they are found, each once; iterating takes the next one."""

    def __init__(self, url: str, largest: int) -> None:
        self._waiting, self._seen, self._largest = deque([url]), {address_key(url)}, largest

    def add(self, urls: Iterable[str]) -> int:
        """Queue the columns not met before, as far as the tree may grow; returns how many these are."""
        before = len(self._seen)
        for url in urls:
            if address_key(url) not in self._seen and len(self._seen) < self._largest:
                self._seen.add(address_key(url))
                self._waiting.append(url)
        return len(self._seen) - before

    def __iter__(self) -> Iterator[str]:
        while self._waiting:
            yield self._waiting.popleft()


Ask: TypeAlias = Callable[[ListRequest], ListPage]
Stop: TypeAlias = Callable[[RowPage], EndReason | None]


class Start(NamedTuple):
    """Where a walk begins: the address, how to ask, when to stop a list, the portal's own sites."""

    url: str
    ask: Ask
    stop: Stop
    sites: Set[str]
    years: tuple[int, int] | None = None
    """Oldest and newest report year worth asking for, where a family has addresses by year."""


Walk: TypeAlias = Callable[[Start], Iterator[RowPage | ListEnd]]
