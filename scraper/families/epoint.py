"""Epoint WebBuilder: an empty page, settings in a script beside it, and a JSON service asked by POST."""

import json
import re
from collections.abc import Iterator
from typing import Any, NamedTuple
from urllib.parse import parse_qsl, urlsplit

from scraper.addresses import resolve_link
from scraper.families.answers import (
    Entry,
    field_of,
    json_of,
    objects_of,
    own_address,
    pages_for,
    rows_of_entries,
    whole_number,
)
from scraper.families.base import BEYOND, Ask, ListEnd, ListPage, ListRequest, RowPage, Start, not_opened
from scraper.families.paged import Answer, PagedList, walk_pages
from scraper.families.printed import PrintedList
from scraper.families.tree import column_name, tree_of

ARTICLE = re.compile(r"/\d{8}/[0-9a-f-]{32,36}\.html?$")
LIST = PrintedList(ARTICLE)
PAGE_SIZE = 15
MOST_SCRIPTS = 3
"""Scripts beside a page that are looked into for the settings of the service."""
_PATH = "rest/lightfrontaction/getgovinfolist"

_SETTINGS = re.compile(
    r"""<script[^<>]+src=["']([^"'<>]*(?:webBuilderCommon|ajaxReq)\.js[^"'<>]*)["']""", re.IGNORECASE
)
_GUID = re.compile(r"""["']?siteGuid["']?\s*[:=]\s*["']([\w-]+)["']""")
_PROJECT = re.compile(r"""["']?projectName["']?\s*[:=]\s*["'](/?[\w/.-]*)["']""")
_CATEGORY = re.compile(r"""["']?category[nN]um["']?\s*[:=]\s*["'](\d{3,})["']""")
_LINKS = ("infourl", "visiturl", "linkurl")
_REFUSED = BEYOND | {"api_error", "server_error", "http_error"}
"""Answers of a service that was asked in the wrong way; anything else says something about the host."""


def walk(start: Start) -> Iterator[RowPage | ListEnd]:
    """Read the category of the start address from the service, or a static list along its links."""
    page = start.ask(ListRequest(start.url))
    if not page.is_ok:
        yield not_opened(start.url, page)
        return
    if LIST.read(start, start.url, page, 1, None).rows:
        yield from LIST.follow(start, start.url, page)
        return
    service = _service(start, page)
    if isinstance(service, str):
        yield ListEnd(start.url, "failed", service)
        return
    dialect = _dialect(start, service)
    if isinstance(dialect, str):
        yield ListEnd(start.url, "failed", dialect)
        return
    remembering = start._replace(ask=_remembering(start.ask, dialect.answers))
    yield from walk_pages(remembering, _Articles(start, service, dialect).paged())


class _Service(NamedTuple):
    """The address of the service, the page that uses it and the fields it wants."""

    url: str
    page: ListPage
    fields: dict[str, str]

    def request(self, index: int, is_wrapped: bool) -> ListRequest:
        """Return the request for one page, in the numbering of the host."""
        asked: dict[str, Any] = {**self.fields, "pageIndex": index, "pageSize": PAGE_SIZE}
        body = json.dumps({"params": asked} if is_wrapped else asked, ensure_ascii=False).encode()
        headers = (("Content-Type", "application/json;charset=utf-8"), ("X-Requested-With", "XMLHttpRequest"),
                   ("Referer", self.page.url))  # fmt: skip
        return ListRequest(self.url, "POST", body, headers, expected="data")


class _Dialect(NamedTuple):
    """How a host counts pages and wraps its questions, and its answers so far by key of the request."""

    base: int
    is_wrapped: bool
    answers: dict[str, ListPage]


def _remembering(ask: Ask, answers: dict[str, ListPage]) -> Ask:
    """Return `ask`, with the answers that have come already given once without asking again."""
    return lambda request: answers.pop(request.key, None) or ask(request)


def _service(start: Start, page: ListPage) -> _Service | str:
    """Return the service of a list page, or what is missing to ask it."""
    query = {name.casefold(): value for name, value in parse_qsl(urlsplit(start.url).query)}
    category = query.get("categorynum") or next(iter(_CATEGORY.findall(page.text)), "")
    if not category:
        return "no category in the address and none in the page"
    settings, trouble = _settings(start, page)
    guid, project = _GUID.search(settings), _PROJECT.search(settings)
    if guid is None:
        return f"settings of the service: {trouble}"
    folder = (project.group(1) if project else "/EWB-FRONT").strip("/")
    path = f"/{folder}/{_PATH}" if folder else f"/{_PATH}"
    fields = {"deptcode": query.get("deptcode", ""), "categorynum": category, "siteGuid": guid.group(1)}
    return _Service(resolve_link(page.url, path) or page.url, page, fields)


def _settings(start: Start, page: ListPage) -> tuple[str, str]:
    """Return the text that names the site, of the page or of a script beside it, and why there is none."""
    if _GUID.search(page.text):
        return page.text, ""
    trouble = ""
    named = list(dict.fromkeys(_SETTINGS.findall(page.text)))[:MOST_SCRIPTS]
    for link in named or ["/js/webBuilderCommon.js"]:
        address = own_address(page.url, link, start.sites)
        script = start.ask(ListRequest(address, expected="data")) if address else None
        if script is not None and script.is_ok and _GUID.search(script.text):
            return script.text, ""
        word = "on another site" if script is None else f"{script.outcome} {script.detail or ''}".strip()
        trouble = "no siteGuid" if script is not None and script.is_ok else word
    return "", trouble


def _dialect(start: Start, service: _Service) -> _Dialect | str:
    """Find out whether pages count from 0 or 1, and whether the question is wrapped, by asking 0 and 1.

    The same first row in both, or none for 0: the host counts from 1.
    """
    trouble: str | None = ""
    for is_wrapped in (False, True):
        questions = [service.request(index, is_wrapped) for index in (0, 1)]
        answers: dict[str, ListPage] = {}
        for question in questions:
            answer = answers[question.key] = start.ask(question._replace(accepted=_REFUSED))
            word = "" if answer.is_ok else f"{answer.outcome} {answer.detail or ''}".strip()
            if word and answer.outcome not in _REFUSED:
                return f"first page: {word}"
            trouble = word if word and trouble is not None else None  # None once the service has answered
        zero, one = (_first_link(answers[question.key]) for question in questions)
        if one is not None and zero in (None, one):
            return _Dialect(1, is_wrapped, {questions[1].key: answers[questions[1].key]})
        if zero is not None:
            return _Dialect(0, is_wrapped, answers)
    if trouble:
        return f"first page: {trouble}"
    return "first page: the service gives no rows, however it is asked"


def _custom(page: ListPage, name: str) -> Any:
    """Return a field of the answer's `custom`, which is an object or a text that holds one."""
    custom = field_of(json_of(page), "custom") if page.is_ok else None
    if isinstance(custom, str):
        custom = json_of(page._replace(text=custom))
    return field_of(custom, name)


def _first_link(page: ListPage) -> str | None:
    data = objects_of(_custom(page, "data"))
    return _link(data[0]) if data else None


def _link(item: dict[str, Any]) -> str:
    return next((str(item[name]) for name in _LINKS if item.get(name)), "")


class _Articles:
    """The articles of one category as a list of numbered pages."""

    def __init__(self, start: Start, service: _Service, dialect: _Dialect) -> None:
        self._start, self._service, self._dialect = start, service, dialect
        self._size: int | None = None

    def paged(self) -> PagedList:
        """Return how the list is asked for and read."""
        column = column_name(tree_of(self._service.page.text))
        return PagedList(self._start.url, column, self._request, self._read)

    def _request(self, number: int) -> ListRequest:
        return self._service.request(number - 1 + self._dialect.base, self._dialect.is_wrapped)

    def _read(self, page: ListPage, number: int) -> Answer | None:
        data = _custom(page, "data")
        if not isinstance(data, list):
            return None
        total = whole_number(_custom(page, "total"))
        items = objects_of(data)
        self._size = len(items) if number == 1 else self._size
        entries = [
            Entry(_link(item), str(item.get("realtitle") or item.get("title") or ""),
                  str(item.get("infodate") or item.get("handsdate") or ""))
            for item in items
        ]  # fmt: skip
        found = rows_of_entries(entries, self._service.page.url, number, self._start.sites)
        return Answer(found, pages_for(total, self._size), total)
