"""Rows of an HTML list: which links are entries, under which title and date."""

import re
from collections.abc import Iterator, Set
from typing import NamedTuple
from urllib.parse import urlsplit

from bs4 import BeautifulSoup, Tag

from parsers.titles import is_annual_report, parse_title
from scraper.addresses import address_key, folder_of, is_file, on_site_of, resolve_link, site_of
from scraper.families.base import ListPage, Row, SkippedRow
from scraper.families.dates import read_date
from scraper.markup import scripts
from scraper.metadata import one_line

_ROW_TAGS = ("li", "tr", "dd", "dt", "p")
_FRAME_TAGS = frozenset({"nav", "header", "footer"})
_FRAME_WORDS = frozenset(
    {"nav", "menu", "header", "footer", "foot", "crumb", "crumbs", "breadcrumb", "position", "location",
     "sidebar", "friendlink", "share"}
)  # fmt: skip
_CALL_ARGUMENT = re.compile(
    r"""["']([^"'\s]+\.(?:s?html?|jsp|aspx|pdf|docx?|xlsx?|zip)(?:\?[^"']*)?)["']""", re.I
)
_SCRIPT_URL = re.compile(r"""\b(?:url|href|link)\w*\s*=\s*["']([^"'<>\s]+)["']""", re.IGNORECASE)
_SCRIPT_TITLE = re.compile(r"""\btitle\w*\s*=\s*(["'])(.{0,600}?)\1""", re.IGNORECASE)
_OTHER_FRAMES = re.compile(r"count|stat|login|tree\.jsp|share|foot|header|top\.|hits|click", re.IGNORECASE)
_NEXT_TEXTS = ("下一页", "下页", "后一页")
_NEXT_SIGNS = (">", "›", "»")
_PAGER_TITLE = re.compile(
    r"(?:\d{1,4}|[<>‹›«».…]+|首页|上一?页|下一?页|前一页|后一页|尾页|末页|最后一页)[<>‹›«»]*"
)
_SHORTEST_TITLE = 8
"""Chinese characters a link without a date needs to be taken for an entry; menus have fewer."""
_CHINESE = re.compile("[\u3400-\u9fff]")


class Rows(NamedTuple):
    """What a list page holds, in printed order, each address once."""

    rows: tuple[Row, ...]
    skipped: tuple[SkippedRow, ...]

    def keys(self) -> set[str]:
        """Return the keys of the addresses of all entries."""
        return {address_key(row.url) for row in self.rows} | {address_key(row.url) for row in self.skipped}


class _Candidate(NamedTuple):
    link: str
    title: str
    text: str
    is_frame: bool
    in_row: bool = False
    """Stands in an element that is a row of a list or table."""


def base_of(soup: BeautifulSoup, url: str) -> str:
    """Return the address that relative links of a page count from."""
    base = soup.find("base", href=True)
    return resolve_link(url, str(base["href"])) or url if isinstance(base, Tag) else url


def column_name(soup: BeautifulSoup) -> str:
    """Return the name of the column a list page belongs to: its tag, else the title of the page."""
    tag = soup.find("meta", attrs={"name": re.compile("^columnname$", re.IGNORECASE)})
    name = str(tag.get("content") or "") if isinstance(tag, Tag) else ""
    return name or (soup.title.get_text(" ", strip=True) if soup.title is not None else "")


def next_link(page: ListPage) -> str | None:
    """Return the address behind a printed 下一页, `>` or rel=next; None when the page shows no way on."""
    soup = BeautifulSoup(page.text, "lxml")
    base = base_of(soup, page.url)
    for tag in soup.find_all(["a", "link"], href=True):
        target = resolve_link(base, str(tag["href"])) if leads_on(tag) else None
        if target is None or site_of(target) != site_of(page.url):
            continue
        if address_key(target) != address_key(page.url):
            return target
    return None


def leads_on(tag: Tag) -> bool:
    """Return whether a link says that it leads to the next page of a list."""
    if "next" in (tag.get("rel") or ()):
        return True
    image = tag.find("img")
    words = [tag.get_text(strip=True), str(tag.get("title") or "")]
    words.append(str(image.get("alt") or "") if isinstance(image, Tag) else "")
    return words[0] in _NEXT_SIGNS or any(text.startswith(_NEXT_TEXTS) for text in words)


def frame_of(page: ListPage) -> str | None:
    """Return the address of the one frame of a page that may hold its list."""
    soup = BeautifulSoup(page.text, "lxml")
    for frame in soup.find_all(["iframe", "frame"], src=True):
        target = resolve_link(page.url, str(frame["src"]))
        if target and site_of(target) == site_of(page.url) and not _OTHER_FRAMES.search(target):
            return target
    return None


def read_rows(
    page: str,
    soup: BeautifulSoup,
    url: str,
    number: int,
    sites: Set[str],
    article: re.Pattern[str],
    *,
    is_undated: bool = False,
) -> Rows:
    """Return the entries of a list page.

    An entry is a link whose address has the family's article shape, or a link to a document file or with a
    date beside it; with `is_undated` also one without, where its title is that of a report of a year, or long
    and its address in the folder of the list. Links of menus and footers, of other sites, and without an
    address are skipped.
    """
    base = base_of(soup, url)
    rows: dict[str, Row] = {}
    skipped: dict[str, SkippedRow] = {}
    for candidate in (*_anchors(soup), *_script_rows(page)):
        title = one_line(candidate.title)
        if _PAGER_TITLE.fullmatch(title.replace(" ", "")):
            continue
        target = resolve_link(base, candidate.link)
        if target is None:
            if (
                candidate.link.strip().casefold().startswith("javascript")
                and read_date(candidate.text, "")[0]
            ):
                skipped.setdefault(title, SkippedRow(candidate.link[:200], title, "no_address"))
            continue
        date, raw_date = read_date(candidate.text, target)
        is_article = bool(article.search(urlsplit(target).path)) or is_file(target)
        is_entry = bool(raw_date) and (not _is_index(target) or is_annual_report(title))
        is_entry = is_entry or (is_undated and _is_undated_entry(target, title, candidate, url))
        if not title or not (is_article or is_entry) or _is_same_page(target, url):
            continue
        if is_article and _is_alias(target, url, sites):
            target = on_site_of(target, url)
        key = address_key(target)
        if site_of(target) not in sites:
            skipped.setdefault(key, SkippedRow(target, title, "off_site"))
        elif candidate.is_frame:
            skipped.setdefault(key, SkippedRow(target, title, "navigation"))
        elif key not in rows or (is_cut(rows[key].title) and not is_cut(title)):
            rows[key] = Row(target, title, date, raw_date, number)
    found = tuple(row for key, row in skipped.items() if key not in rows)
    return Rows(tuple(rows.values()), found)


def is_cut(title: str) -> bool:
    """Return whether a title ends in an ellipsis."""
    return title.rstrip().endswith(("…", "..", "⋯"))


def _is_alias(target: str, list_url: str, sites: Set[str]) -> bool:
    """Return whether a link names another host for an article that lies below the list it stands in.

    Portals print absolute links to a second name of their own. Only the portal's own name is asked.
    """
    folder = folder_of(list_url)
    return site_of(target) not in sites and folder.count("/") > 2 and urlsplit(target).path.startswith(folder)


def _is_same_page(target: str, list_url: str) -> bool:
    """Return whether a link leads back to the static page it stands in, whatever query it carries."""
    path = urlsplit(list_url).path
    return target.partition("?")[0] == list_url and path.endswith(("/", ".html", ".htm", ".shtml"))


def _is_undated_entry(target: str, title: str, candidate: _Candidate, list_url: str) -> bool:
    if candidate.is_frame or _is_index(target):
        return False
    parts = parse_title(title)
    if parts.verdict == "report" and parts.year is not None:
        return True
    folder = folder_of(list_url)
    is_below = site_of(target) == site_of(list_url) and urlsplit(target).path.startswith(folder)
    return candidate.in_row and is_below and folder != "/" and len(_CHINESE.findall(title)) >= _SHORTEST_TITLE


def _is_index(url: str) -> bool:
    return bool(re.search(r"/(?:index(?:_\d+)?\.\w+)?$", urlsplit(url).path))


def _anchors(soup: BeautifulSoup) -> Iterator[_Candidate]:
    for tag in soup.find_all(True):
        if tag.name != "a" and not tag.has_attr("onclick"):
            continue
        link = str(tag.get("href") or "")
        if not link or link.casefold().lstrip().startswith(("javascript", "#")):
            call = _CALL_ARGUMENT.search(str(tag.get("onclick") or "")) or _CALL_ARGUMENT.search(link)
            link = call.group(1) if call else link
        if not link or (tag.name != "a" and not _CALL_ARGUMENT.search(str(tag.get("onclick") or ""))):
            continue
        row = _row_of(tag)
        inside = tag.get_text(" ", strip=True)
        around = row.get_text(" ", strip=True)
        outside = around.replace(inside, " ", 1) if row is not tag else ""
        yield _Candidate(
            link, _title(tag, inside), outside if read_date(outside, "")[0] else around, _is_frame(tag),
            row.name in _ROW_TAGS,
        )  # fmt: skip


def _title(tag: Tag, inside: str) -> str:
    """Return the full title: the attribute where it is there, for the printed text is often cut."""
    for holder in (tag, *tag.find_all("a", limit=1)):
        attribute = holder.get("title")
        if isinstance(attribute, str) and attribute.strip():
            return attribute
    if tag.name == "a":
        return re.sub(r"[\[(（]?20\d\d-\d\d-\d\d[\])）]?\s*$", "", inside)
    link = tag.find("a")
    return (
        link.get_text(" ", strip=True)
        if isinstance(link, Tag)
        else re.sub(r"\[?[\d-]{5,10}\]?\s*$", "", inside)
    )


def _row_of(tag: Tag) -> Tag:
    """Return the element that is the row of a link: the nearest list or table row with few links."""
    for depth, parent in enumerate(tag.parents):
        if depth >= 4 or not isinstance(parent, Tag) or parent.name in ("ul", "table", "tbody", "body"):
            break
        if parent.name in _ROW_TAGS:
            return parent if len(parent.find_all("a", limit=4)) <= 3 else tag
    holder = tag.parent
    if isinstance(holder, Tag) and holder.name in ("div", "span") and len(holder.find_all("a", limit=3)) <= 2:
        return holder
    return tag


def _is_frame(tag: Tag) -> bool:
    """Return whether a link stands in the frame of the page: menu, path, footer."""
    for parent in tag.parents:
        if not isinstance(parent, Tag):
            break
        words = {word.casefold() for word in (*(parent.get("class") or ()), str(parent.get("id") or ""))}
        if parent.name in _FRAME_TAGS or words & _FRAME_WORDS:
            return True
    return False


def _script_rows(page: str) -> Iterator[_Candidate]:
    """Yield rows that a script writes: an address, a title and a date as its variables."""
    for _, text in scripts(page):
        if "document.write" not in text:
            continue
        places = list(_SCRIPT_URL.finditer(text))
        for index, place in enumerate(places):
            end = places[index + 1].start() if index + 1 < len(places) else len(text)
            part = text[place.end() : end]
            title = _SCRIPT_TITLE.search(part)
            if title:
                yield _Candidate(place.group(1), title.group(2), part[title.end() :], False)
