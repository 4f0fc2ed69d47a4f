"""Reports to check: the worked example, an empty form, and what can be changed in them."""

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any, cast

from parsers.checks import checked
from parsers.forms import FORMS
from parsers.records import (
    CellKey,
    Fact,
    Finding,
    Identity,
    Number,
    Reading,
    Report,
    Section,
    Source,
    Status,
    Where,
)

APPLICANTS = (
    "natural_person", "business", "research_institution", "public_interest_org", "legal_service", "other_org",
    "total",
)  # fmt: skip
REQUESTS = {
    "received": (41, 6, 0, 1, 3, 2, 53),
    "carried_in": (4, 1, 0, 0, 0, 0, 5),
    "granted": (18, 3, 0, 1, 1, 1, 24),
    "partly_granted": (5, 1, 0, 0, 0, 0, 6),
    "denied_law_forbids": (1, 0, 0, 0, 0, 0, 1),
    "denied_third_party": (2, 1, 0, 0, 0, 0, 3),
    "denied_internal_affairs": (1, 0, 0, 0, 0, 0, 1),
    "denied_process_info": (2, 0, 0, 0, 0, 0, 2),
    "denied_enforcement_file": (1, 0, 0, 0, 1, 0, 2),
    "denied_admin_inquiry": (0, 1, 0, 0, 0, 0, 1),
    "unavailable_not_held": (7, 0, 0, 0, 1, 0, 8),
    "unavailable_needs_creation": (1, 0, 0, 0, 0, 0, 1),
    "not_processed_petition": (2, 0, 0, 0, 0, 0, 2),
    "not_processed_duplicate": (1, 0, 0, 0, 0, 0, 1),
    "other_no_correction": (1, 0, 0, 0, 0, 0, 1),
    "other_misc": (1, 0, 0, 0, 0, 1, 2),
    "concluded": (43, 6, 0, 1, 3, 2, 55),
    "carried_forward": (2, 1, 0, 0, 0, 0, 3),
}
EXAMPLE: dict[CellKey, Number] = {
    **{
        ("requests", row, column): figure
        for row, figures in REQUESTS.items()
        for column, figure in zip(APPLICANTS, figures, strict=True)
    },
    ("disputes", "review", "upheld"): 3,
    ("disputes", "review", "other"): 0,
    ("disputes", "review", "corrected"): 1,
    ("disputes", "review", "pending"): 1,
    ("disputes", "review", "total"): 5,
    ("disputes", "suit_direct", "upheld"): 1,
    ("disputes", "suit_direct", "total"): 1,
    ("disputes", "suit_after_review", "upheld"): 1,
    ("disputes", "suit_after_review", "other"): 1,
    ("disputes", "suit_after_review", "total"): 2,
    ("documents", "normative_document", "issued"): 4,
    ("documents", "normative_document", "repealed"): 2,
    ("documents", "normative_document", "in_force"): 31,
    ("licensing", "admin_license", "decisions"): 260,
    ("enforcement", "admin_penalty", "decisions"): 87,
    ("enforcement", "admin_compulsion", "decisions"): 3,
    ("fees", "admin_fee", "amount_wan_yuan"): Decimal("12.35"),
}
TEXTS = {
    1: (
        "2023年，县市场监督管理局扎实做好主动公开，全年发布信息120条。依申请公开方面，全年收到申请53件。"
        "加强政府信息管理，完善平台建设，强化监督保障，县市场监督管理局组织培训2次。"
        + "我们按照要求逐项检查公开内容并及时更新。"
        * 15
    ),
    2: "本年度制发行政规范性文件4件。",
    3: "全年共办理申请58件。",
    4: "2023年因政府信息公开引发的行政复议5件，行政诉讼3件。",
    5: (
        "存在的问题：一是公开内容不够全面，二是培训次数偏少，三是解读形式单一。"
        "下一步，将补充公开目录，增加培训，丰富解读形式，并请群众评议。" * 4
    ),
    6: "本年度未收取信息处理费，发出收费通知0件。",
}
HEADINGS = {
    1: "总体情况",
    2: "主动公开政府信息情况",
    3: "收到和处理政府信息公开申请情况",
    4: "政府信息公开行政复议、行政诉讼情况",
    5: "存在的主要问题及改进情况",
    6: "其他需要报告的事项",
}
IDENTITY = Identity(
    title="丙县市场监督管理局2023年政府信息公开工作年度报告",
    agency="丙县市场监督管理局",
    agency_kind="department",
    level="county",
    scope="organ",
    fiscal_year=2023,
    years={"title": 2023, "period": 2023, "text": 2023},
    region_code="420202",
    region_witnesses=(
        {"group": "site", "code": "420202", "raw": "4202020002"},
        {"group": "title", "code": "420202", "raw": "丙县"},
    ),
    published_on="2024-01-26",
    published_on_from="meta",
    contact="0714-0000000",
)


def facts_of(era: str, figures: Mapping[CellKey, object], default: Number | None = 0) -> tuple[Fact, ...]:
    """Return one fact per cell of the form; a figure may be a number, a status or (value, more fields)."""
    facts = []
    for number, table in enumerate(FORMS[era].tables):
        rows, columns = list(table.row_index), list(table.column_index)
        for cell in table.cells.values():
            if cell.kind == "header":
                continue
            key = (cell.table, cell.row, cell.column)
            place = Where(number, 3 + rows.index(cell.row), 3 + columns.index(cell.column))
            facts.append(_fact(key, figures.get(key, default), cell.unit, place))
    known = {fact.key for fact in facts}
    facts += [_fact(key, figure, "件", None) for key, figure in figures.items() if key not in known]
    return tuple(facts)


def _fact(key: CellKey, figure: object, unit: str | None, place: Where | None) -> Fact:
    more: dict[str, Any] = {}
    if isinstance(figure, tuple):
        figure, more = figure
    if isinstance(figure, str):
        raw = {"blank": "", "dash": "-", "not_applicable": "无", "absent": None}.get(figure, "?")
        method = None if figure == "absent" else "label"
        return Fact(*key, None, unit, cast(Status, figure), raw, None, method, place)._replace(**more)
    if figure is None:
        return Fact(*key, None, unit, "absent", None, None, None, None)._replace(**more)
    value = cast(Number, figure)
    return Fact(*key, value, unit, "reported", str(value), None, "label", place)._replace(**more)


def sections_of(texts: Mapping[int, str]) -> tuple[Section, ...]:
    """Return sections with their official headings."""
    return tuple(Section(number, HEADINGS[number], text) for number, text in texts.items())


def example(
    changes: Mapping[CellKey, object] | None = None,
    *,
    texts: Mapping[int, str | None] | None = None,
    identity: Mapping[str, Any] | None = None,
    kind: str = "html",
    reading: Reading | None = None,
) -> Report:
    """Return the worked example, a county bureau's report for 2023, with changes."""
    merged: dict[int, str | None] = {**TEXTS, **(texts or {})}
    kept = {number: text for number, text in merged.items() if text is not None}
    return Report(
        source=Source("example.html", "0" * 64, kind, "utf-8"),
        outcome="parsed",
        identity=replace(IDENTITY, **(identity or {})),
        era="fmt2021",
        sections=sections_of(kept),
        facts=facts_of("fmt2021", {**EXAMPLE, **(changes or {})}),
        reading=reading
        or Reading(sub_table_eras={"documents": "fmt2021", "licensing": "fmt2021", "requests": "fmt2021"}),
    )


def report_of(
    era: str, year: int, changes: Mapping[CellKey, object] | None = None, **identity: Any
) -> Report:
    """Return a report in an older form: zeros except for the changes."""
    known = {
        "fiscal_year": year,
        "years": {},
        "title": f"丙县市场监督管理局{year}年报告",
        "published_on": f"{year + 1}-01-20",
    }
    return Report(
        source=Source("older.html", "0" * 64, "html", "utf-8"),
        outcome="parsed",
        identity=replace(IDENTITY, **{**known, **identity}),
        era=era,
        facts=facts_of(era, changes or {}),
    )


def run_checks(report: Report) -> tuple[tuple[Finding, ...], dict[str, tuple[int, int, int]]]:
    """Return the findings and counts of a report."""
    done = checked(report)
    return done.findings, done.check_counts
