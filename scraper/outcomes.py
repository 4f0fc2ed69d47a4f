"""What an answer is: one word for each, tested in a fixed order; the marks are data (`outcomes.toml`)."""

import json
import re
import tomllib
from dataclasses import dataclass, field
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any, Literal, NamedTuple, TypeAlias

from scraper.families import detect
from scraper.fetch import Exchange
from scraper.likeness import Signature, is_same, signature, title_of, visible_text

Expected: TypeAlias = Literal["list", "data", "page", "file", "home", "robots"]
"""What was asked for; "data" is the answer of a list service: JSON, a script, a fragment without a link."""
TRANSIENT = frozenset({"timeout", "connection_error", "server_error", "bad_body"})
"""Outcomes worth another attempt in the same run."""

_MEDIA = re.compile(
    r"<(?:img|embed|object|iframe)\b|\.(?:pdf|docx?|xlsx?|wps|ofd|zip|rar|rtf)\b", re.IGNORECASE
)
_LONGEST_PAGE = 200_000
"""Characters of a page whose tags are still taken off to judge it."""
_FIRST_MARKS = 4
"""Marks that are looked for before the tags are taken off; most pages have two of them."""
_FIRST_PART = 20_000
"""Characters of a page that hold its first two headings, mostly; the rest is read where they do not."""
_LINK = re.compile(r"<a\b[^<>]*href|<i?frame\b[^<>]*src", re.IGNORECASE)


class Verdict(NamedTuple):
    """An outcome with its detail."""

    outcome: str
    detail: str | None = None


@dataclass(slots=True)
class HostMemory:
    """What one run has learnt about one host."""

    ok_sections: int = 0
    has_answered: bool = False
    challenges: int = 0
    """Script challenges in a row."""
    asked: set[str] = field(default_factory=set)
    """Which of the two pages below were asked for."""
    alike: tuple[str, int] = ("", 0)
    """Last failure of a section page and how often in a row it came."""
    fence_suspected: bool = False
    """The home page answers, sections never do: a fence against clients from elsewhere."""
    signatures: dict[str, Signature] = field(default_factory=dict)
    """Home page and the answer for an address that cannot exist, once they were asked for."""


@cache
def marks() -> dict[str, Any]:
    """Return the marks of `outcomes.toml`."""
    return tomllib.loads(files("scraper").joinpath("outcomes.toml").read_text(encoding="utf-8"))


def file_kind(body: bytes) -> str | None:
    """Return the kind of a document by its first bytes, None for text."""
    start = body[:8].hex()
    return next((kind for prefix, kind in marks()["file_starts"].items() if start.startswith(prefix)), None)


@lru_cache(maxsize=16)
def is_report(page: str) -> bool:
    """Return whether a page carries the words of a report, be they cut by tags as word processors do."""
    known = marks()["report"]
    first = page[:_FIRST_PART]
    if _has_two(first, known[:_FIRST_MARKS]) or _has_two(visible_text(first), known):
        return True
    return _has_two(visible_text(page) if len(page) < _LONGEST_PAGE else page, known)


def _has_two(text: str, known: list[str]) -> bool:
    found = 0
    for mark in known:
        found += mark in text
        if found == 2:
            return True
    return False


def classify(
    exchange: Exchange, page: str, expected: Expected, host: HostMemory, *, is_conditional: bool = False
) -> Verdict:
    """Return the outcome of one answer that is no redirect; `page` is its body as text, empty for files."""
    if exchange.failure is not None:
        return Verdict(*exchange.failure)
    if exchange.status == 304 and is_conditional:
        return Verdict("not_modified")
    if exchange.status == 200 and expected == "page" and page and is_report(page):
        return Verdict("ok")
    text = visible_text(page) if len(page) < _LONGEST_PAGE else page
    return (
        _challenge(exchange, page, text)
        or _firewall(exchange, page, text)
        or _refusal(exchange, host)
        or _status(exchange, page, text)
        or _wrong_type(exchange, page, expected)
        or _soft_404(page, text, expected, host)
        or _empty(exchange, page, text, expected)
        or Verdict("ok")
    )


def _cookies(exchange: Exchange) -> str:
    return ";".join(value for key, value in exchange.headers if key.casefold() == "set-cookie")


def _challenge(exchange: Exchange, page: str, text: str) -> Verdict | None:
    known = marks()
    cookies = _cookies(exchange)
    jsl, rs = known["challenge"]["jsl"], known["challenge"]["rs"]
    if exchange.status in jsl["statuses"] and (
        any(exchange.header(name) for name in jsl["headers"])
        or any(name in cookies for name in jsl["cookies"])
        or any(mark in page for mark in jsl["body"])
    ):
        return Verdict("js_challenge", "jsl")
    has_mark = any(mark in page for mark in rs["body"])
    if has_mark and (exchange.status in rs["statuses"] or len(text) < 50):
        return Verdict("js_challenge", "rs")
    bounce = known["cookie_bounce"]
    is_bounce = len(exchange.body) < bounce["largest_bytes"] and all(mark in page for mark in bounce["all"])
    if exchange.status == 200 and is_bounce and len(text) < 50:
        return Verdict("cookie_bounce", "script")
    return None


def _firewall(exchange: Exchange, page: str, text: str) -> Verdict | None:
    rules = marks()["firewall"]
    if exchange.status not in rules["statuses"] or is_report(page):
        return None
    title = title_of(page)
    is_short = len(text) <= rules["longest_text"]
    found = next((mark for mark in rules["titles"] if mark in title), None)
    if found is None and is_short:
        found = next((mark for mark in rules["texts"] if mark in page), None)
    if found is None and (
        exchange.status != 200 or (is_short and not _LINK.search(page) and len(text) < 100)
    ):
        cookies = _cookies(exchange)
        found = next((name for name in rules["cookies"] if name in cookies), None)
        for name, value in rules["headers"].items():
            if found is None and exchange.header(name) and value in (exchange.header(name) or ""):
                found = f"{name}: {value}" if value else name
    return Verdict("waf_block", found) if found else None


def _refusal(exchange: Exchange, host: HostMemory) -> Verdict | None:
    """429, and 403 or 405 without a mark: a limit where the host answered before, else a firewall."""
    if exchange.status == 429:
        return Verdict("rate_limited", "http_429")
    if exchange.status == 403 and host.ok_sections:
        return Verdict("rate_limited", "http_403")
    if exchange.status in (403, 405):
        return Verdict("waf_block", f"http_{exchange.status}")
    return None


def _status(exchange: Exchange, page: str, text: str) -> Verdict | None:
    rules = marks()["maintenance"]
    if (
        page
        and len(text) <= rules["longest_text"]
        and (
            any(mark in title_of(page) for mark in rules["titles"])
            or any(mark in page for mark in rules["texts"])
        )
    ):
        return Verdict("maintenance", f"http_{exchange.status}")
    if exchange.status in (404, 410):
        return Verdict("gone", f"http_{exchange.status}")
    if exchange.status >= 500:
        return Verdict("server_error", f"http_{exchange.status}")
    if exchange.status not in (200, 203):
        return Verdict("http_error", f"http_{exchange.status}")
    return None


def _wrong_type(exchange: Exchange, page: str, expected: Expected) -> Verdict | None:
    kind = file_kind(exchange.body)
    if expected in ("list", "data", "page") and kind:
        return Verdict("wrong_type", kind)
    if (
        expected == "file"
        and kind is None
        and re.match(r"\s*(?:<!doctype html|<html|<head|<script)", page[:500], re.I)
    ):
        is_office = "urn:schemas-microsoft-com:office" in page[:5000]  # Word saves HTML under the name .doc
        return None if is_office else Verdict("wrong_type", "html")
    return None


def _soft_404(page: str, text: str, expected: Expected, host: HostMemory) -> Verdict | None:
    if expected in ("robots", "home") or not page:
        return None
    rules = marks()["missing"]
    title = title_of(page)
    if any(mark in title for mark in rules["titles"]) or title.strip().startswith("404"):
        return Verdict("soft_404", "title")
    if len(text) <= rules["longest_text"] and any(mark in page for mark in rules["texts"]):
        return Verdict("soft_404", "title")
    if page.lstrip()[:1] == "{" and _is_error_object(page):
        return Verdict("soft_404" if expected == "page" else "api_error", "json_error")
    if expected == "page" and host.signatures:
        own = signature(page)
        for name, other in host.signatures.items():
            if is_same(own, other):
                return Verdict("soft_404", "home" if name == "home" else "missing_page")
    return None


def _is_error_object(page: str) -> bool:
    try:
        data = json.loads(page)
    except (ValueError, RecursionError):
        return False
    if not isinstance(data, dict):
        return False
    code = data.get("code")
    return data.get("ok") is False or data.get("success") is False or (isinstance(code, int) and code >= 400)


def _empty(exchange: Exchange, page: str, text: str, expected: Expected) -> Verdict | None:
    """A body with nothing to read; a page that only carries files or images is not empty."""
    if expected in ("robots", "home"):
        return None
    size = len(exchange.body)
    if not exchange.body.strip():
        return Verdict("empty_shell", f"{size} bytes")
    if file_kind(exchange.body) or expected in ("file", "data"):
        return None
    rules = marks()
    has_links = bool(_LINK.search(page))
    if (
        expected == "list"
        and size <= rules["shell"]["largest_bytes"]
        and _is_list_of_a_family(exchange, page)
    ):
        return None
    if size <= rules["shell"]["largest_bytes"] and any(mark in page for mark in rules["shell"]["marks"]):
        return Verdict("empty_shell", "client-rendered")
    if expected == "list":
        is_small = size < rules["shell"]["stub_bytes"]
        is_stub = not has_links and (is_small or (not text and not _is_list_of_a_family(exchange, page)))
        return Verdict("empty_shell", f"stub of {size} bytes") if is_stub else None
    if len(text) < rules["missing"]["shortest_text"] and not _MEDIA.search(page):
        is_stub = size < rules["shell"]["stub_bytes"]
        return Verdict("empty_shell", f"{size} bytes") if is_stub else Verdict("soft_404", "short")
    return None


def _is_list_of_a_family(exchange: Exchange, page: str) -> bool:
    """Return whether a small answer is the shell of a known family or its data, however little they hold."""
    start = page.lstrip("\ufeff \t\r\n")
    if "<totalrecord>" in start or detect(page, exchange.url).mark is not None:
        return True
    try:
        return start[:1] in ("{", "[") and json.loads(start) is not None
    except (ValueError, RecursionError):
        return False
