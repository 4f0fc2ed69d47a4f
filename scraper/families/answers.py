"""What families with a data service share: how it is asked, and how its answers become rows."""

import html
import json
import re
from collections.abc import Iterable, Mapping, Set
from typing import Any, NamedTuple
from urllib.parse import urlencode, urlsplit

from bs4.element import NavigableString, Tag

from scraper.addresses import address_key, resolve_link, site_of
from scraper.families.base import ListPage, ListRequest, Row, SkippedRow
from scraper.families.dates import read_date
from scraper.families.rows import Rows
from scraper.metadata import one_line

_NO_TEXT = ("a", "script", "style", "template")
_TAG = re.compile(r"<[^<>]*>")
_HALF = re.compile(r"\\u[dD][89a-fA-F]")
_TITLES = ("title", "mc")  # mc: 名称, where the disclosure module puts the full name
_DATE_BEHIND = re.compile(r"[\[(（]?\s*20\d\d\s*-\s*\d\d\s*-\s*\d\d\s*[\])）]?\s*$")
_FORM = "application/x-www-form-urlencoded; charset=UTF-8"


class Entry(NamedTuple):
    """One entry of an answer as it stands there; `date` is the text that holds the date."""

    link: str
    title: str
    date: str
    files: tuple[tuple[str, str | None], ...] = ()
    """(link, human name) of files the answer names beside the entry."""


def query_address(url: str, fields: Mapping[str, str]) -> str:
    """Return an address with a query in the order given, values in UTF-8."""
    return f"{url}{'&' if '?' in url else '?'}{urlencode(fields, safe='/,:')}"


def get(url: str, referer: str) -> ListRequest:
    """Return a request as a page's own script sends it."""
    return ListRequest(url, headers=(("X-Requested-With", "XMLHttpRequest"), ("Referer", referer)))


def post(url: str, fields: Mapping[str, str], referer: str) -> ListRequest:
    """Return a form as a page's own script posts it."""
    headers = (*get(url, referer).headers, ("Content-Type", _FORM))
    return ListRequest(url, "POST", urlencode(fields).encode(), headers)


def own_address(base: str, link: str, sites: Set[str]) -> str | None:
    """Return the address of a service a page names, None when it lies on a site of somebody else."""
    target = resolve_link(base, html.unescape(link))
    return target if target is not None and site_of(target) in sites else None


def json_of(page: ListPage) -> Any:
    """Return the JSON value of an answer, None when it is none."""
    try:
        value = json.loads(page.text.lstrip("\ufeff"))
        if _HALF.search(page.text):  # half a character cannot be written anywhere
            value = json.loads(json.dumps(value, ensure_ascii=False).encode("utf-8", "replace"))
        return value
    except (ValueError, RecursionError):
        return None


def field_of(value: Any, *names: str) -> Any:
    """Return a value inside nested JSON objects, None where one of them is missing."""
    for name in names:
        value = value.get(name) if isinstance(value, dict) else None
    return value


def objects_of(value: Any) -> list[dict[str, Any]]:
    """Return the objects of a JSON array; everything else counts for nothing."""
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def whole_number(value: Any) -> int | None:
    """Return a count that may come as number or text, None when it is none."""
    text = str(value).strip()
    return int(text) if re.fullmatch(r"\d{1,9}", text) else None


def pages_for(total: int | None, size: int | None) -> int | None:
    """Return how many pages so many records fill, None when either is unknown."""
    return -(-total // size) if total is not None and size else None


def printed_entry(record: Tag) -> Entry | None:
    """Return the first link of a piece of HTML that is one entry, with its full title and its date.

    The piece may be the link itself: then its date stands in it or right behind it.
    """
    for anchor in [record] if record.name == "a" else record.find_all("a", href=True):
        link, inside = str(anchor.get("href") or "").strip(), anchor.get_text(" ", strip=True)
        attributes = (str(anchor.get(name) or "").strip() for name in _TITLES)
        title = next((text for text in attributes if text), "") or _DATE_BEHIND.sub("", inside)
        if not link or link.startswith("#") or not title:
            continue
        around = f"{record.get_text(' ', strip=True)} {_behind(anchor) if anchor is record else ''}"
        outside = around.replace(inside, " ", 1)
        dated = str(anchor.get("rq") or "") if read_date(outside, "")[0] is None else outside
        return Entry(link, title, dated or around)
    return None


def _behind(anchor: Tag) -> str:
    """Return the text right behind a link, or of the element there unless that is another link or no text."""
    following = anchor.next_sibling
    if isinstance(following, Tag):
        return "" if following.name in _NO_TEXT else following.get_text(" ")
    return str(following) if type(following) is NavigableString else ""


def rows_of_entries(entries: Iterable[Entry], base: str, number: int, sites: Set[str]) -> Rows:
    """Return the rows of an answer, each address once; links count from the page that shows the answer."""
    rows: dict[str, Row] = {}
    skipped: dict[str, SkippedRow] = {}
    for entry in entries:
        title = one_line(html.unescape(_TAG.sub("", entry.title)))
        target = resolve_link(base, html.unescape(entry.link))
        if target is None:
            skipped.setdefault(title, SkippedRow(entry.link[:200], title, "no_address"))
            continue
        key = address_key(target)
        is_away = site_of(target) not in sites
        if is_away or urlsplit(target).path == urlsplit(base).path:  # the page itself is no entry
            reason = "off_site" if is_away else "navigation"
            skipped.setdefault(key, SkippedRow(target, title, reason))
            continue
        date, raw_date = read_date(entry.date, target)
        files = tuple(_files(entry, base))
        rows.setdefault(key, Row(target, title, date, raw_date, number, files))
    return Rows(tuple(rows.values()), tuple(skipped.values()))


def _files(entry: Entry, base: str) -> Iterable[tuple[str, str | None]]:
    for link, name in entry.files:
        address = resolve_link(base, html.unescape(link))
        if address is not None:
            yield address, one_line(name, 200) or None if name else None
