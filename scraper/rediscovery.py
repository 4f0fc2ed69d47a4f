"""Where a column may have gone: links that speak of annual reports, proposed and never followed.

Addresses of columns change within months. A portal whose start address is dead gets proposals for the
operator; the portals file is changed by people only.
"""

import re
from urllib.parse import urlsplit

from scraper.addresses import address_key, resolve_link, site_of
from scraper.families.tree import links_of, shown, tree_of
from scraper.metadata import one_line
from scraper.network import Visit
from scraper.recorder import Recorder
from scraper.visit import Visitor

DEAD = frozenset({"gone", "soft_404"})
MOST_PROPOSALS = 5
MOST_SECTIONS = 3
_COLUMN_TEXT = re.compile(r"年报$|信息公开.{0,8}年度?报告?$")
_COLUMN_PATH = re.compile(r"xxgkn[db]|gknb|ndbg|annualreport", re.IGNORECASE)
_SECTION_TEXT = re.compile(r"^(?:政府信息公开|政务公开|信息公开)")
_ARTICLE_PATH = re.compile(r"\d{6,}|\.(?:pdf|docx?)$")


def propose(url: str, visitor: Visitor, recorder: Recorder) -> list[str]:
    """Return addresses where the column of a dead address may be now, with the text of their links.

    Asks for the home page and at most three sections it links to; raises `HostStoppedError`.
    """
    home = _visit(resolve_link(url, "/") or url, visitor, recorder)
    columns, sections = _links(home, url)
    for section in list(sections)[:MOST_SECTIONS]:
        if columns:
            break
        columns, _ = _links(_visit(section, visitor, recorder), url)
    return [f"{address} ({text})" for address, text in list(columns.items())[:MOST_PROPOSALS]]


def _visit(url: str, visitor: Visitor, recorder: Recorder) -> Visit:
    visit = visitor.visit(url, "home")
    recorder.record_alone(visit, "home")
    return visit


def _links(visit: Visit, dead: str) -> tuple[dict[str, str], dict[str, str]]:
    """Return links that look like columns of reports, and links to sections that may hold one."""
    columns: dict[str, str] = {}
    sections: dict[str, str] = {}
    if visit.outcome != "ok" or not visit.page:
        return columns, sections
    for anchor, target in links_of(tree_of(visit.page), visit.final_url):
        if site_of(target) != site_of(visit.final_url):
            continue
        path, text = urlsplit(target).path, one_line(shown(anchor), 60)
        if address_key(target) == address_key(dead) or _ARTICLE_PATH.search(path):
            continue
        if _COLUMN_TEXT.search(text) or _COLUMN_PATH.search(path):
            columns.setdefault(target, text)
        elif _SECTION_TEXT.search(text):
            sections.setdefault(target, text)
    return columns, sections
