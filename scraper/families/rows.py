"""Rows of an HTML list: which links are entries, under which title and date."""

import re
from collections.abc import Iterator, Set
from itertools import islice
from typing import NamedTuple
from urllib.parse import urlsplit

from parsers.titles import is_annual_report, parse_title
from scraper.addresses import address_key, folder_of, is_file, on_site_of, resolve_link, site_of
from scraper.families.base import ListPage, Row, SkippedRow
from scraper.families.dates import read_date
from scraper.families.tree import Element, base_of, links_of, shown, tree_of
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
_DATE_BEHIND = re.compile(r"[\[(（]?20\d\d-\d\d-\d\d[\])）]?\s*$")
_LONGEST_ROW = 5_000
"""Characters of a row with its link; what is longer is no row, and no date in it that of a link."""
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


def next_link(page: ListPage) -> str | None:
    """Return the address behind a printed 下一页, `>` or rel=next; None when the page shows no way on."""
    for element, target in links_of(tree_of(page.text), page.url, "a", "link"):
        is_other = address_key(target) != address_key(page.url) and site_of(target) == site_of(page.url)
        if is_other and leads_on(element):
            return target
    return None


def leads_on(element: Element) -> bool:
    """Return whether a link says that it leads to the next page of a list."""
    if "next" in (element.get("rel") or "").split():
        return True
    image = element.find(".//img")
    words = [shown(element, ""), element.get("title") or ""]
    words.append((image.get("alt") or "") if image is not None else "")
    return words[0] in _NEXT_SIGNS or any(text.startswith(_NEXT_TEXTS) for text in words)


def frame_of(page: ListPage) -> str | None:
    """Return the address of the one frame of a page that may hold its list."""
    for frame in tree_of(page.text).iter("iframe", "frame"):
        target = resolve_link(page.url, frame.get("src") or "")
        if target and site_of(target) == site_of(page.url) and not _OTHER_FRAMES.search(target):
            return target
    return None


def read_rows(
    page: str,
    root: Element,
    url: str,
    number: int,
    sites: Set[str],
    article: re.Pattern[str],
    *,
    is_undated: bool = False,
) -> Rows:
    """Return the entries of a list page, `root` being its elements.

    An entry is a link whose address has the family's article shape, or a link to a document file or with a
    date beside it; with `is_undated` also one without, where its title is that of a report of a year, or long
    and its address in the folder of the list. Links of menus and footers, of other sites, and without an
    address are skipped.
    """
    base = base_of(root, url)
    rows: dict[str, Row] = {}
    skipped: dict[str, SkippedRow] = {}
    for candidate in (*_anchors(root), *_script_rows(page)):
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


def _anchors(root: Element) -> Iterator[_Candidate]:
    frames: dict[Element, bool] = {}
    texts: dict[Element, str] = {}
    links: dict[Element, int] = {}
    for element in root.iter():
        call_text = element.get("onclick")
        if element.tag != "a" and call_text is None:
            continue
        link = element.get("href") or ""
        call = _CALL_ARGUMENT.search(call_text or "")
        if not link or link.casefold().lstrip().startswith(("javascript", "#")):
            named = call or _CALL_ARGUMENT.search(link)
            link = named.group(1) if named else link
        if not link or (element.tag != "a" and call is None):
            continue
        row = _row_of(element, links)
        inside = shown(element)
        around = inside
        if row is not element:
            around = texts[row] if row in texts else texts.setdefault(row, shown(row))
            row, around = (row, around) if len(around) <= _LONGEST_ROW else (element, inside)
        outside = around.replace(inside, " ", 1) if row is not element else ""
        yield _Candidate(
            link, _title(element, inside), outside if read_date(outside, "")[0] else around,
            _is_frame(element, frames), row.tag in _ROW_TAGS,
        )  # fmt: skip


def _title(element: Element, inside: str) -> str:
    """Return the full title: the attribute where it is there, for the printed text is often cut."""
    link = element.find(".//a")
    for holder in (element, link):
        attribute = holder.get("title") if holder is not None else None
        if attribute and attribute.strip():
            return attribute
    if element.tag == "a":
        return _DATE_BEHIND.sub("", inside)
    return shown(link) if link is not None else re.sub(r"\[?[\d-]{5,10}\]?\s*$", "", inside)


def _row_of(element: Element, links: dict[Element, int]) -> Element:
    """Return the element that is the row of a link: the nearest list or table row with few links.

    `links` remembers what was counted: many elements may stand in one row.
    """
    for parent in islice(element.iterancestors(), 4):
        if parent.tag in ("ul", "table", "tbody", "body"):
            break
        if parent.tag in _ROW_TAGS:
            return parent if _count_links(parent, links) <= 3 else element
    holder = element.getparent()
    if holder is not None and holder.tag in ("div", "span") and _count_links(holder, links) <= 2:
        return holder
    return element


def _count_links(element: Element, known: dict[Element, int]) -> int:
    """Return how many links stand in an element, four at most."""
    if element not in known:
        known[element] = sum(1 for _ in islice(element.iterdescendants("a"), 4))
    return known[element]


def _is_frame(element: Element, known: dict[Element, bool]) -> bool:
    """Return whether a link stands in the frame of the page: menu, path, footer."""
    above: list[Element] = []
    is_frame = False
    for parent in element.iterancestors():
        if parent in known:
            is_frame = known[parent]
            break
        above.append(parent)
    for parent in reversed(above):
        words = {word.casefold() for word in (parent.get("class") or "").split()}
        words.add((parent.get("id") or "").casefold())
        is_frame = is_frame or parent.tag in _FRAME_TAGS or bool(words & _FRAME_WORDS)
        known[parent] = is_frame
    return is_frame


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
