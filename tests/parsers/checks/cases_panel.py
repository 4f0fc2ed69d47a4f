"""Examples of the rules that compare reports: the reports, and what one rule says about one of them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Any, Literal

from parsers.checks.panel import ExpectedUnit, Predecessor, ReportView
from parsers.records import CellKey, Number
from tests.parsers.checks.cases import dispute, request
from tests.parsers.checks.reports import EXAMPLE, example

FIGURES: dict[CellKey, Number] = {fact.key: fact.value for fact in example().facts if fact.value is not None}
WORDS = (
    "围绕稳就业工作主动公开政策文件，组织业务培训，及时回应群众关切，完善公开目录，强化监督检查，"
    "优化办事指南，拓展解读形式，畅通沟通渠道，健全协调机制，落实保密审查"
)
OTHER_WORDS = (
    "公开重点放在企业服务事项上，新增办事流程说明，并请群众代表评议公开内容，开展专题访谈，整理历史档案，"
    "更新机构职能，编制服务手册，推进数据开放，规范答复文书，加强队伍建设"
)


@dataclass(frozen=True)
class PanelExample:
    """Reports side by side, and what a rule says about the one with id `about`."""

    rule: str
    outcome: Literal["pass", "fail", "not_assessable"]
    views: tuple[ReportView, ...]
    name: str = ""
    about: str = "now"
    wants: Mapping[str, Any] = field(default_factory=dict)
    more: Mapping[str, Any] = field(default_factory=dict)


def view(
    report_id: str, year: int = 2023, facts: Mapping[CellKey, Number | None] | None = None, **more: Any
) -> ReportView:
    """Return the worked example as a view, with figures changed or (None) not reported."""
    merged: dict[CellKey, Number | None] = {**FIGURES, **(facts or {})}
    known = ReportView(
        report_id=report_id,
        agency_id="a1",
        fiscal_year=year,
        era="fmt2021",
        agency="丙县市场监督管理局",
        kind="department",
        level="county",
        scope="organ",
        region_code="420202",
        place="丙县",
        url=f"http://example.gov.cn/{report_id}.html",
        sha256="0" * 64,
        facts={key: value for key, value in merged.items() if value is not None},
        sections={1: f"{year}年我局{WORDS}12件2次53件。"},
    )
    return replace(known, **more)


def of_2019(report_id: str, year: int, facts: Mapping[CellKey, Number]) -> ReportView:
    return replace(view(report_id, year), era="fmt2019", facts=facts)


def two_years() -> Iterator[PanelExample]:
    now = view("now", sections={1: f"2023年我局{OTHER_WORDS}15份3次53件。"})
    last = view("last", 2022, {request("carried_forward"): 5, request("carried_forward", "natural_person"): 4,
                               ("documents", "normative_document", "in_force"): 29,
                               request("received"): 48})  # fmt: skip
    both = (now, last)
    for rule in (
        "A-07",
        "T3-05",
        "T3-11",
        "T4-05",
        "T2-01",
        "T2-12",
        "T2-14",
        "S-18",
        "S-21",
        "S-07",
        "A-06",
    ):
        yield PanelExample(rule, "pass", both)
    for rule in ("A-07", "T3-05", "T3-11", "T4-05", "T2-01", "T2-12", "T2-14", "S-18", "S-21"):
        yield PanelExample(rule, "not_assessable", (now,), name="first year")
    eight = replace(last, facts={**last.facts, request("carried_forward"): 8})
    yield PanelExample(
        "T3-05", "fail", (now, eight), wants={"expected": 8, "found": 5, "delta": -3, "severity": "warning"}
    )
    narrower = replace(eight, scope="organ_with_affiliates")
    yield PanelExample("T3-05", "not_assessable", (now, narrower), name="scope")
    unknown = view("now", facts={request("carried_in"): None})
    yield PanelExample("T3-05", "not_assessable", (unknown, last), name="cell")
    yield PanelExample("T3-11", "fail", (now, replace(now, report_id="last", fiscal_year=2022)))
    gap = {key: value for key, value in now.facts.items() if key != request("received")}
    part = replace(now, report_id="last", fiscal_year=2022, facts=gap)
    yield PanelExample("T3-11", "not_assessable", (now, part), name="one cell not reported")
    empty = {key: value for key, value in FIGURES.items() if key[0] != "requests"}
    zeros = replace(now, facts={**empty, **{key: 0 for key in FIGURES if key[0] == "requests"}})
    yield PanelExample(
        "T3-11", "pass", (zeros, replace(zeros, report_id="last", fiscal_year=2022)), name="zeros"
    )
    no_review: dict[CellKey, Number | None] = {dispute("review", "total"): 0}
    before = view("last", 2022, no_review)
    yield PanelExample(
        "T4-05", "fail", (view("now", facts=no_review), before), wants={"found": 2, "severity": "info"}
    )
    yield PanelExample(
        "T4-05", "pass", (view("now", facts=no_review), view("last", 2022)), name="review last year"
    )
    stock: dict[CellKey, Number | None] = {("documents", "normative_document", "in_force"): 40}
    yield PanelExample(
        "T2-01",
        "fail",
        (view("now", facts=stock), last),
        wants={
            "expected": 31,
            "found": 40,
            "delta": 9,
            "cells": tuple(
                ("documents", "normative_document", c) for c in ("in_force", "issued", "repealed")
            ),
        },
    )
    fee: CellKey = ("fees", "admin_fee", "amount_wan_yuan")
    modest = view("last", 2022, {fee: Decimal("11.90")})
    yuan = view("now", facts={fee: 123500})
    yield PanelExample("T2-12", "fail", (yuan, modest), wants={"found": 123500, "basis": "last_year"})
    peers = tuple(view(f"p{n}", agency_id=f"p{n}", facts={fee: 10 + n}) for n in range(6))
    yield PanelExample("T2-12", "fail", (yuan, *peers), name="peers", wants={"basis": "peers"})
    buying: CellKey = ("procurement", "gov_central_procurement", "total_amount")
    money = of_2019("now", 2020, {buying: 186}), of_2019("last", 2019, {buying: 1_720_000})
    yield PanelExample("T2-12", "fail", money, name="procurement", wants={"evidence": {"ratio": "0.000108"}})
    licences: CellKey = ("licensing", "admin_license", "decisions")
    fewer = view("now", facts={licences: 44})
    yield PanelExample("T2-14", "fail", (fewer, last), wants={"expected": 260, "found": 44})
    fewer_2021 = view("now", 2021, {licences: 44})
    yield PanelExample("T2-14", "not_assessable", (fewer_2021, of_2019("last", 2020, FIGURES)), name="break")
    suits: dict[CellKey, Number | None] = {dispute("suit_direct", "total"): 60}
    more_suits = view("now", 2024), view("last", 2023, suits)
    yield PanelExample("T2-14", "not_assessable", more_suits, name="suits in 2024")
    licence = ("licensing", "admin_license")
    first = of_2019("last", 2019, {(*licence, "items_prev_year"): 118, (*licence, "items_change"): -3})
    yield PanelExample("T2-08", "pass", (of_2019("now", 2020, {(*licence, "items_prev_year"): 115}), first))
    jump = of_2019("now", 2020, {(*licence, "items_prev_year"): 133})
    yield PanelExample("T2-08", "fail", (jump, first), wants={"expected": 115, "found": 133, "delta": 18})
    yield PanelExample("T2-08", "not_assessable", (jump,))
    old_body = view("last", 2022, agency_id="old", agency="丙县工商行政管理局")
    carried = replace(old_body, facts={**FIGURES, request("carried_forward"): 14})
    yield PanelExample("A-07", "fail", (now, carried), wants={"origin": "reading", "severity": "info"})
    yield PanelExample("T3-05", "not_assessable", (now, carried), name="no link")
    rename = {"predecessors": (Predecessor("old", "a1", 2023, "rename"),)}
    yield PanelExample("A-07", "pass", (now, carried), name="renamed", more=rename)
    yield PanelExample("T3-05", "fail", (now, carried), name="rename", more=rename, wants={"expected": 14})
    merged = {
        "predecessors": (Predecessor("old", "a1", 2023, "merge"), Predecessor("old2", "a1", 2023, "merge"))
    }
    parts = {
        "old": {"total": 2, "natural_person": 1},
        "old2": {"total": 3, "natural_person": 3, "business": 0},
    }
    halves = tuple(
        view(f"last {n}", 2022, {request("carried_forward", c): v for c, v in part.items()}, agency_id=n)
        for n, part in parts.items()
    )
    yield PanelExample("T3-05", "pass", (now, *halves), name="merged", more=merged)
    yield PanelExample("T3-05", "not_assessable", (now, halves[0]), name="half of a merger", more=merged)
    split = {"predecessors": (Predecessor("old", "a1", 2023, "split"),)}
    yield PanelExample("T3-05", "not_assessable", (now, carried), name="split", more=split)


def wording() -> Iterator[PanelExample]:
    texts = (
        "2022年我局围绕稳就业工作主动公开政策文件12件，组织业务培训2次，及时回应群众关切。",
        "2023年我局围绕稳就业工作主动公开政策文件15件，组织业务培训3次，及时回应群众关切。",
        "2023年我局把公开重点放在企业服务事项上，新增办事指南15份，并请群众代表评议公开目录。",
    )
    last = view("last", 2022, sections={1: texts[0]})
    same = view("now", sections={1: texts[1]})
    yield PanelExample("S-18", "fail", (same, last), wants={"found": "1.00"})
    yield PanelExample("S-18", "pass", (view("now", sections={1: texts[2]}), last), name="another text")
    numbers = view("now", sections={1: "发布信息12条，培训2次，收到申请53件。"})
    before = view("last", 2022, sections={1: "2022年公开12条消息；办班2期；申请53件。"})
    yield PanelExample("S-21", "fail", (numbers, before), wants={"evidence": {"numbers": ["12", "2", "53"]}})
    page = "http://example.gov.cn/1.html"
    old = view("old", url=page, fetched_at="2024-01-12", is_current=False)
    new = view("now", url=page, fetched_at="2024-03-03", facts={request("concluded"): 57})
    yield PanelExample("S-07", "fail", (old, new), wants={"expected": 55, "found": 57})
    counter = view("now", url=page, fetched_at="2024-03-03")
    yield PanelExample("S-07", "pass", (old, counter), name="unchanged")
    reworded = replace(counter, sections={1: OTHER_WORDS})
    yield PanelExample("S-07", "fail", (old, reworded), name="text only", wants={"cells": ()})
    told = replace(old, sections={1: "收到申请５３件。 浏览次数：12"})
    visited = replace(counter, sections={1: "收到申请53件。浏览次数：340"})
    yield PanelExample("S-07", "pass", (told, visited), name="visits only")
    recounted = replace(counter, sections={1: "收到申请57件。浏览次数：12"})
    yield PanelExample("S-07", "fail", (told, recounted), name="a number of the text", wants={"cells": ()})
    here = view("now", sections={1: f"丙县{WORDS}"})
    neighbour = view("other", agency_id="b", agency="丁县局", place="丁县", sections={1: f"丁县{WORDS}"})
    far = replace(neighbour, sections={1: f"丁县{OTHER_WORDS}"})
    yield PanelExample("S-19", "pass", (here, far))
    yield PanelExample("S-19", "fail", (here, neighbour), wants={"severity": "warning"})
    leftover = view("now", sections={1: f"丁县{WORDS}。丁县{WORDS}"})
    yield PanelExample(
        "S-19", "fail", (leftover, far), name="name", wants={"found": "丁县", "expected": "丙县"}
    )
    visit = view("now", sections={1: f"我局{WORDS}。赴丁县学习，与丁县协作，借鉴丁县做法。"})
    yield PanelExample("S-19", "pass", (visit, far), name="neighbour visited")
    yield PanelExample("S-19", "not_assessable", (view("now", sections={1: "无。"}), far))


def one_year() -> Iterator[PanelExample]:
    def rules(*figures: int) -> dict[CellKey, Number | None]:
        columns = ("issued", "repealed", "in_force")
        return {("documents", "regulation", column): n for column, n in zip(columns, figures, strict=True)}

    copied = rules(2, 1, 46)
    yield PanelExample("T2-04", "pass", tuple(view(i, agency_id=i) for i in ("now", "b", "c")))
    three = tuple(view(i, agency_id=i, facts=copied) for i in ("now", "b", "c"))
    yield PanelExample("T2-04", "fail", three, wants={"found": "2/1/46"})
    city = view("city", agency_id="city", kind="government", facts=copied)
    yield PanelExample("T2-04", "fail", (view("now", facts=copied), city), name="government")
    yield PanelExample(
        "T2-04", "not_assessable", (view("now", facts={("documents", "regulation", "issued"): None}),)
    )
    licences: CellKey = ("licensing", "admin_license", "decisions")
    peers = tuple(view(f"p{n}", agency_id=f"p{n}", facts={licences: 340}) for n in range(12))
    yield PanelExample("T2-15", "pass", (view("now"), *peers))
    zero = view("now", facts={licences: 0})
    yield PanelExample("T2-15", "fail", (zero, *peers), wants={"expected": 340, "found": 0})
    yield PanelExample("T2-15", "not_assessable", (zero, *peers[:4]))
    received = request("received")
    whole = view(
        "now", agency_id="gov", kind="government", scope="government_aggregate", facts={received: 640}
    )
    unit = view("unit", agency_id="u1", facts={**dict.fromkeys(EXAMPLE, 0), received: 212})
    yield PanelExample("A-01", "pass", (whole, unit))
    less = replace(whole, facts={**whole.facts, received: 174})
    yield PanelExample("A-01", "fail", (less, unit), wants={"found": 174, "delta": -38, "severity": "error"})
    yield PanelExample("A-01", "not_assessable", (whole,))
    small = dict.fromkeys(FIGURES, 0)
    units = tuple(view(f"u{n}", agency_id=f"u{n}", facts={**small, received: n}) for n in (212, 416))
    zeros = replace(whole, facts={**small, received: 640})
    listed = {"expected": tuple(unit_of(f"u{n}") for n in (212, 416))}
    yield PanelExample("A-02", "pass", (zeros, *units), more=listed)
    far = (zeros, units[0], replace(units[1], facts={**small, received: 339}))
    yield PanelExample("A-02", "fail", far, more=listed, wants={"expected": 551, "found": 640})
    yield PanelExample("A-02", "not_assessable", (zeros, units[0]), more=listed)
    expected = {"expected": (unit_of("a1"),), "as_of": date(2024, 2, 1)}
    yield PanelExample("A-03", "pass", (view("now"),), about="list", more=expected)
    missing = {"expected": (unit_of("zz"),), "as_of": date(2024, 2, 1)}
    yield PanelExample(
        "A-03", "fail", (view("now"),), about="list", more=missing, wants={"expected": "2024-01-31"}
    )
    early = {"expected": (unit_of("zz"),), "as_of": date(2024, 1, 31)}
    yield PanelExample("A-03", "not_assessable", (view("now"),), about="list", more=early)
    office = view("now", agency_id="off", kind="office", scope="government_office_own")
    government = replace(whole, report_id="gov", facts=FIGURES)
    yield PanelExample("A-04", "fail", (office, government), wants={"severity": "warning"})
    yield PanelExample("A-04", "pass", (office, replace(government, facts={**FIGURES, received: 54})))
    yield PanelExample("A-04", "not_assessable", (replace(office, facts={}), government))
    own = view("own", agency_id="own", kind="government", facts=rules(2, 1, 37))
    total = replace(whole, facts={**FIGURES, **{k: v for k, v in rules(2, 1, 37).items() if v is not None}})
    yield PanelExample("A-05", "pass", (total, own))
    added = replace(total, facts={**total.facts, ("documents", "regulation", "in_force"): 74})
    yield PanelExample("A-05", "fail", (added, own), wants={"expected": 37, "found": 74})
    yield PanelExample("A-05", "not_assessable", (replace(total, facts={}), own))
    copy = view("zz")
    yield PanelExample("A-06", "pass", (view("now"), copy), about="zz", name="copies")
    bare = replace(view("zz"), facts={})
    yield PanelExample("A-06", "not_assessable", (view("now"), bare), about="zz", name="no tables")
    other = view("zz", facts={request("concluded"): 57})
    yield PanelExample("A-06", "fail", (view("now"), other), about="zz", wants={"expected": 55, "found": 57})


def unit_of(agency_id: str) -> ExpectedUnit:
    return ExpectedUnit(
        "list", 2023, agency_id, "丙县某局".replace("某", "甲"), date(2024, 1, 31), "gov", ("list page: ok",)
    )


PANEL_EXAMPLES = (*two_years(), *wording(), *one_year())
