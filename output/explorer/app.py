"""The explorer as a WSGI application: read-only, on one data folder, answers to GET and HEAD alone."""

import json
import mimetypes
import re
from collections.abc import Callable, Iterable
from pathlib import Path
from threading import Lock
from typing import Any, NamedTuple, TypeAlias
from urllib.parse import parse_qs

from output.compare_text import as_csv
from output.errors import UnknownIndicatorError
from output.explorer.content import MissingPageError, Site
from output.explorer.index import ensure_index, manifest_mark
from output.explorer.links import Links
from output.explorer.render import FONT, static_files
from output.explorer.requests import Request
from output.explorer.store import Store
from output.explorer.words import LANGUAGES
from output.measures import Lang

Environ: TypeAlias = dict[str, Any]
StartResponse: TypeAlias = Callable[[str, list[tuple[str, str]]], object]

SECURITY = (
    (
        "Content-Security-Policy",
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
        "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    ),
    ("X-Content-Type-Options", "nosniff"),
    ("Referrer-Policy", "no-referrer"),
    ("Cross-Origin-Opener-Policy", "same-origin"),
    ("Cross-Origin-Resource-Policy", "same-origin"),
)
_LOCAL = frozenset({"127.0.0.1", "localhost", "[::1]"})
_TYPES = {
    ".html": "text/html; charset=utf-8",
    ".csv": "text/csv; charset=utf-8",
    ".json": "application/json",
    ".md": "text/markdown; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".svg": "image/svg+xml",
    ".otf": "font/otf",
    ".parquet": "application/vnd.apache.parquet",
}
_LONGEST_QUERY = 8_000
_CHUNK = 1 << 16


class Answer(NamedTuple):
    """What is sent back: bytes, or a file that is read while it is sent."""

    status: str
    content_type: str
    body: bytes = b""
    file: Path | None = None
    headers: tuple[tuple[str, str], ...] = ()


class Application:
    """Answers requests from the index of a data folder; a dataset built meanwhile is taken up by itself."""

    def __init__(self, data_dir: Path, *, own_names_only: bool = True, lang: Lang = "en") -> None:
        """Make the index unless it is there; `own_names_only` refuses requests under another host name."""
        self._data_dir = data_dir
        self._own_names_only = own_names_only
        self._lang: Lang = lang
        self._lock = Lock()
        self._site = self._open()

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        """Answer one request (WSGI)."""
        answer = self._answer(environ)
        length = answer.file.stat().st_size if answer.file else len(answer.body)
        headers = [
            ("Content-Type", answer.content_type),
            ("Content-Length", str(length)),
            *SECURITY,
            *answer.headers,
        ]
        start_response(answer.status, headers)
        if environ["REQUEST_METHOD"] == "HEAD":
            return []
        return _chunks(answer.file) if answer.file else [answer.body]

    def _open(self) -> Site:
        site = Site(Store(ensure_index(self._data_dir)), self._data_dir)
        site.overview(Links(self._lang, ""))  # templates, words and counts are at hand before anybody asks
        return site

    def _current(self) -> Site:
        """Return the site of the dataset as it is now."""
        with self._lock:
            if self._site.store.mark != manifest_mark(self._data_dir):
                self._site = self._open()
            return self._site

    def _answer(self, environ: Environ) -> Answer:
        if environ["REQUEST_METHOD"] not in ("GET", "HEAD"):
            return _plain("405 Method Not Allowed", "GET and HEAD only", (("Allow", "GET, HEAD"),))
        host = re.sub(r":\d+$", "", environ.get("HTTP_HOST", "127.0.0.1")).lower()
        if self._own_names_only and host not in _LOCAL:
            # A page elsewhere whose name was made to point here must not read the data.
            return _plain("421 Misdirected Request", "this server answers to its own name only")
        query = environ.get("QUERY_STRING", "")
        if len(query) > _LONGEST_QUERY:
            return _plain("414 URI Too Long", "the query is too long")
        path = environ.get("PATH_INFO", "/").encode("latin-1").decode("utf-8", "replace")
        return self._route(path.lstrip("/"), query, environ)

    def _route(self, path: str, query: str, environ: Environ) -> Answer:
        first, _, rest = path.partition("/")
        if first == "static":
            lasting = rest.startswith("vendor/") or rest == FONT
            return _file(rest, static_files(), "max-age=86400" if lasting else "no-cache")
        site = self._current()
        if first == "dataset":
            return _file(rest, {name: site.dataset_folder / name for name in site.files()})
        if first in LANGUAGES and "/" in path:
            lang: Lang = "zh" if first == "zh" else "en"
            try:
                parsed = parse_qs(query, keep_blank_values=False, max_num_fields=100)
            except ValueError:  # more fields than any page has
                return _plain("400 Bad Request", "too many fields")
            return self._page(site, Request(lang, rest, parsed, query))
        if path in ("", "en", "zh"):
            lang = "zh" if path == "zh" else "en" if path == "en" else self._preferred(environ)
            return _plain("302 Found", "", (("Location", f"/{lang}/"),))
        return _html("404 Not Found", site.problem(Links(self._lang, ""), "not_found", "not_found_text"))

    def _preferred(self, environ: Environ) -> Lang:
        asked = environ.get("HTTP_ACCEPT_LANGUAGE", "")
        if not asked or asked.startswith("*"):
            return self._lang
        return "zh" if asked.lower().startswith("zh") else "en"

    def _page(self, site: Site, request: Request) -> Answer:
        links = Links(request.lang, request.page, query=request.raw_query)
        try:
            if request.page.endswith(".csv"):
                return _csv(_csv_of(site, request), request.page)
            if request.page == "suggest":
                found = json.dumps(site.suggest(request.one("q")), ensure_ascii=False).encode(
                    "utf-8", "replace"
                )
                return Answer("200 OK", _TYPES[".json"], found)
            return _html("200 OK", _html_of(site, request, links))
        except MissingPageError:
            return _html("404 Not Found", site.problem(links, "not_found", "not_found_text"))
        except UnknownIndicatorError as error:
            return _html("400 Bad Request", site.problem(links, "bad_request", None, str(error)))


def _html_of(site: Site, request: Request, links: Links) -> str:
    name, _, key = request.page.partition("/")
    match name:
        case "" if not key:
            return site.overview(links)
        case "region":
            return site.overview(links, key)
        case "compare" if not key:
            return site.compare(links, request.selection())
        case "agency":
            return site.agency(links, key)
        case "report":
            return site.report(links, key)
        case "evidence":
            return site.evidence(links, key, request.one("cell")[:200])
        case "findings" if not key:
            return site.findings(links, request.filters(), request.number("page") or 1)
        case "data" if not key:
            return site.data(links)
        case "search" if not key:
            return site.search(links, request.one("q")[:80])
    raise MissingPageError(request.page)


def _csv_of(site: Site, request: Request) -> bytes:
    name, _, key = request.page.removesuffix(".csv").partition("/")
    match name:
        case "index" if not key:
            return site.overview_csv(request.lang)
        case "region":
            return site.overview_csv(request.lang, key)
        case "compare" if not key:
            return as_csv(site.comparison(request.lang, request.selection()))
        case "agency":
            return site.agency_csv(key)
        case "report":
            return site.report_csv(key)
        case "findings" if not key:
            return site.findings_csv(request.filters())
    raise MissingPageError(request.page)


def _html(status: str, text: str) -> Answer:
    return Answer(
        status, _TYPES[".html"], text.encode("utf-8", "replace"), headers=(("Cache-Control", "no-cache"),)
    )


def _csv(content: bytes, page: str) -> Answer:
    name = re.sub(r"[^A-Za-z0-9]+", "-", page.removesuffix(".csv")).strip("-") or "gongkai"
    return Answer(
        "200 OK",
        _TYPES[".csv"],
        content,
        headers=(("Content-Disposition", f'attachment; filename="gongkai-{name}.csv"'),),
    )


def _plain(status: str, text: str, headers: tuple[tuple[str, str], ...] = ()) -> Answer:
    return Answer(status, "text/plain; charset=utf-8", text.encode(), headers=headers)


def _file(name: str, known: dict[str, Path], keep: str = "no-cache") -> Answer:
    """Return a file; only names that are listed can be asked for, so no path leads anywhere else."""
    if name not in known:
        return _plain("404 Not Found", "no such file")
    path = known[name]
    kind = _TYPES.get(path.suffix) or mimetypes.guess_type(name)[0] or "application/octet-stream"
    return Answer("200 OK", kind, file=path, headers=(("Cache-Control", keep),))


def _chunks(path: Path) -> Iterable[bytes]:
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            yield chunk
