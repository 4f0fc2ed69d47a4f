"""Reports that nobody wrote: pages for the parser, and rows as a parser gives them."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from typing import Any

from output.rows import FactRow, FindingRow, ParsedRows
from parsers.forms import load_forms
from tests.render.html import HtmlOptions, render_page

ERA = "fmt2021"
YEARS = range(2021, 2026)
_PER_PORTAL = 40 * len(YEARS)
_SYLLABLES = "安北昌澄德东丰高海和河洪华江金开兰乐林龙马明南宁平清仁沙石双松泰天同万望文西仙兴阳永玉云中"
_SENTENCES, _WORDS_IN_ONE = 12, 14
_FEES = ("fees", "admin_fee", "amount_wan_yuan")


@dataclass(frozen=True)
class Page:
    """A stored document of a crawl that never was."""

    number: int
    data: bytes = b""
    list_date: str | None = "2025-01-20"
    version: int = 1
    is_current: bool = True
    removed_at: str | None = None
    fetched_at: str = "2025-02-01T08:00:00Z"
    last_seen_at: str = "2025-03-01T08:00:00Z"
    warc_file: str = "gongkai-20250201T080000Z-000001.warc.gz"
    charset: str | None = "utf-8"
    aliases: tuple[str, ...] = ()
    attachments: tuple[Any, ...] = ()

    @property
    def agency(self) -> str:
        """Five years of one agency follow each other."""
        at = self.number // len(YEARS)
        letters = "".join(_SYLLABLES[at // len(_SYLLABLES) ** k % len(_SYLLABLES)] for k in range(3))
        return f"{letters}县财政局"

    @property
    def year(self) -> int:
        """The fiscal year."""
        return YEARS[self.number % len(YEARS)]

    @property
    def portal_id(self) -> str:
        """A county every forty agencies."""
        return f"portal-{self.number // _PER_PORTAL:04d}"

    portal_name = portal_id

    @property
    def region_code(self) -> str:
        """Codes nobody has."""
        return str(990000 + self.number // _PER_PORTAL)

    @property
    def url(self) -> str:
        """An address as long as they are."""
        return f"http://www.{self.portal_id}.example.gov.cn/zfxxgk/xxgknb/{self.year}/t{self.number:08d}.html"

    @property
    def list_title(self) -> str:
        """The title in the list."""
        return f"{self.agency}{self.year}年政府信息公开工作年度报告"

    @property
    def sha256(self) -> str:
        """Of the bytes, or of the number where there are none."""
        return sha256(self.data or str(self.number).encode()).hexdigest()

    fingerprint = sha256

    @property
    def warc_offset(self) -> int:
        """Somewhere in the file."""
        return self.number * 9_000

    def body(self) -> bytes:
        """Return the page."""
        return self.data


def pages(count: int) -> Iterator[Page]:
    """Yield documents whose pages differ in title, year and figures."""
    for number in range(count):
        page = Page(number)
        title = "{agency}{year}年政府信息公开工作年度报告".replace("{agency}", page.agency)
        options = HtmlOptions(title=title.replace("{year}", str(page.year)), year=page.year)
        text = render_page(_figures(number), era=ERA, options=options)
        yield Page(number, data=text.encode())


def _figures(number: int) -> dict[Any, str]:
    random_numbers = random.Random(number)
    cells = [cell[:3] for cell in load_forms()[ERA].cells() if cell.kind != "header"]
    return {cell: str(random_numbers.randrange(40)) for cell in cells}


def parsed(count: int) -> Iterator[tuple[Page, ParsedRows]]:
    """Yield documents with their rows."""
    return ((Page(number), parsed_page(number)) for number in range(count))


def parsed_page(number: int) -> ParsedRows:
    """Return rows as a parser gives them: 200 cells, most of them 0, six sections of text, two findings."""
    page, chance = Page(number), random.Random(number)
    cells = [(cell[:3], cell.unit) for cell in load_forms()[ERA].cells() if cell.kind != "header"]
    facts = [
        _fact(key, unit, place, chance.randrange(300) if place % 7 == 0 else 0, chance)
        for place, (key, unit) in enumerate(cells)
    ]
    sections = [(one, "总体情况", _text(chance)) for one in range(1, 7)]
    findings = [_finding(number, rule) for rule in ("T3-01", "S-17")]
    checks = [(f"T3-{rule:02d}", 1, 0, 0) for rule in range(1, 31)]
    return ParsedRows("parsed", ERA, _columns(page), facts, sections, findings, checks)


def _fact(key: Any, unit: str | None, place: int, value: int, chance: random.Random) -> FactRow:
    where = ("label", 1, place // 12, place % 12)
    if key == _FEES:
        amount = chance.randrange(10**6) / 100
        return FactRow(*key, amount, unit, "reported", str(amount), None, *where)
    if chance.random() < 0.01:
        return FactRow(*key, None, unit, "blank", "", None, *where)
    return FactRow(*key, float(value), unit, "reported", str(value), None, *where)


def _finding(number: int, rule: str) -> FindingRow:
    severity = "error" if rule == "T3-01" and number % 5 == 0 else "info"
    said = ("The sum of the parts is not the total that is printed.", "各项之和与所印合计不符。")
    return FindingRow(
        rule, "requests.received.total requests.carried_in.total", 1, severity, "source", str(number % 90),
        str(number % 90 + 1), 1.0, *said, None, None, None, None, None,
    )  # fmt: skip


@cache
def _words() -> tuple[str, ...]:
    """Return enough words that two texts are no more alike than those of two bureaus are."""
    return tuple(one + other for one in _SYLLABLES for other in _SYLLABLES)


def _text(chance: random.Random) -> str:
    sentences = ("".join(chance.choices(_words(), k=_WORDS_IN_ONE)) for _ in range(_SENTENCES))
    return "。".join(f"{sentence}{chance.randrange(999)}件" for sentence in sentences)


def _columns(page: Page) -> dict[str, Any]:
    known = {
        "agency": page.agency, "agency_kind": "department", "level": "county", "scope": "organ",
        "fiscal_year": page.year, "region_code": page.region_code, "title": page.list_title,
        "published_on": f"{page.year + 1}-01-20", "figures_url": None, "file_kind": "html",
        "charset": "utf-8",
        "region_evidence": '[{"code": "990101", "group": "site", "kind": "site_code", "raw": "9901010002"}]',
        "year_witnesses": f'{{"period": {page.year}, "text": {page.year}, "title": {page.year}}}',
        "cells_expected": 200, "cells_reported": 200, "checks_passed": 30, "checks_failed": 0,
        "checks_not_assessable": 0, "images": 0,
    }  # fmt: skip
    absent = (
        "scope_evidence", "published_on_from", "document_number", "index_number", "credit_code",
        "reading_notes", "error",
    )  # fmt: skip
    return {**known, **dict.fromkeys(absent)}
