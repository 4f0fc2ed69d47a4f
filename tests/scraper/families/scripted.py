"""Scripted list pages for the tests of the families: what is asked is kept, nothing goes over a network."""

from collections.abc import Callable
from urllib.parse import urlsplit

from scraper.families.base import EndReason, ListEnd, ListPage, ListRequest, RowPage, Start, Walk

HOST = "http://portal.example"
Answer = str | tuple[str, str]
"""The text of an answer, or (outcome, detail)."""


class Site:
    """Answers by path and query, or by a function of the request."""

    def __init__(self, pages: dict[str, Answer] | Callable[[ListRequest], Answer | None]) -> None:
        self._pages = pages
        self.requests: list[ListRequest] = []

    @property
    def asked(self) -> list[str]:
        """What was asked for, in order; the method stands before what was no GET."""
        targets = [(request.method, request.url.removeprefix(HOST)) for request in self.requests]
        return [target if method == "GET" else f"{method} {target}" for method, target in targets]

    def ask(self, request: ListRequest) -> ListPage:
        """Answer one request."""
        self.requests.append(request)
        url = request.url.partition("#")[0]
        parts = urlsplit(url)
        target = parts.path + (f"?{parts.query}" if parts.query else "")
        answer = self._pages(request) if callable(self._pages) else self._pages.get(target)
        if answer is None:
            return ListPage(url, "", "gone", "http_404", 20)
        if isinstance(answer, tuple):
            return ListPage(url, "", *answer, 20)
        return ListPage(url, answer, "ok", None, len(answer))

    def walk(
        self, walk: Walk, start: str, stop: EndReason | None = None
    ) -> tuple[list[RowPage], list[ListEnd]]:
        """Walk from a path; returns what was read and how it ended."""
        items = list(walk(Start(HOST + start, self.ask, lambda page: stop, frozenset({"portal.example"}))))
        return [i for i in items if isinstance(i, RowPage)], [i for i in items if isinstance(i, ListEnd)]


def paths(pages: list[RowPage]) -> list[str]:
    """Return the addresses of all rows in printed order, without the host."""
    return [row.url.removeprefix(HOST) for page in pages for row in page.rows]


def title(number: int) -> str:
    """Return the full title of report `number`."""
    return f"云溪区第{number}局2024年政府信息公开工作年度报告"


def html(body: str, name: str = "政府信息公开年报") -> str:
    """Return a page around a body, long enough to be no stub."""
    return f"<html><head><title>{name}</title></head><body>{body}{'<!-- -->' * 90}</body></html>"


def items(links: dict[str, int]) -> str:
    """Return list rows: link to the number of the report."""
    rows = (f'<li><a href="{link}">{title(n)}</a><span>2025-01-17</span></li>' for link, n in links.items())
    return f"<ul>{''.join(rows)}</ul>"
