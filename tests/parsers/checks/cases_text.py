"""Examples of the rules on table 2, structure and running text."""

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from typing import Any

from parsers.records import CellKey, Reading, Report
from tests.parsers.checks.cases import Example, dispute, request, without
from tests.parsers.checks.reports import EXAMPLE, TEXTS, example, report_of

LONG = "我们按照要求逐项检查公开内容并及时更新有关栏目。"


def documents(row: str, *figures: object) -> dict[CellKey, object]:
    """Return the three cells of a row of table 2 in the form of 2021."""
    columns = ("issued", "repealed", "in_force")
    return {("documents", row, column): figure for column, figure in zip(columns, figures, strict=True)}


def older(row: str, table: str, **figures: object) -> Report:
    """Return a report for 2019 with figures in one row."""
    return report_of("fmt2019", 2019, {(table, row, column): figure for column, figure in figures.items()})


def said(number: int, text: str, changes: dict[CellKey, object] | None = None, **identity: Any) -> Report:
    """Return the example whose only text is this one."""
    silent: dict[int, str | None] = dict.fromkeys(TEXTS, "我们认真做好各项工作。")
    return example(changes, texts={**silent, number: text}, identity=identity)


def table_2() -> Iterator[Example]:
    plain = example()
    for rule in ("T2-02", "T2-03", "T2-16", "T2-17", "T2-18", "T3-14", "T3-15", "T3-16"):
        yield Example(rule, "pass", plain)
    normative = "normative_document"
    wants = {"expected": 9, "found": 12, "delta": 3}
    yield Example("T2-02", "fail", example(documents(normative, 12, 2, 7)), wants=wants)
    yield Example("T2-02", "not_assessable", example(documents(normative, 12, "blank", 7)))
    park = {"agency": "丙县工业园区管委会", "agency_kind": "zone_committee", "level": "zone"}
    rules = example(documents("regulation", 4, 0, 9), identity=park)
    wants = {
        "found": "4/0/9",
        "origin": "source",
        "cells": tuple(list(documents("regulation", 4, 0, 9))[::2]),
    }
    yield Example("T2-03", "fail", rules, wants=wants)
    yield Example("T2-03", "not_assessable", example(identity={"agency_kind": None}))
    yield Example("T2-03", "not_assessable", example(documents("regulation", "blank", 0, 0)), name="blank")
    internal = (
        "印发了《党支部活动制度》《包保工作制度》《应急处置预案》《联络员制度》，根据《丁省公开办法》落实。"
    )
    counted = documents("regulation", 4, 0, 9)
    named = example(counted, texts={2: internal}, identity=park)
    yield Example("T2-17", "fail", named, wants={"found": 4, "severity": "warning"})
    yield Example("T2-17", "pass", example(texts={2: internal}, identity=park), name="titles only")
    yield Example(
        "T2-17", "not_assessable", example(documents("regulation", "dash", 0, 0), texts={2: internal})
    )
    yield Example(
        "T2-16",
        "fail",
        example(texts={2: "本年度制发行政规范性文件6件。"}),
        wants={"expected": 4, "found": 6},
    )
    yield Example("T2-16", "pass", example(texts={2: "现行有效行政规范性文件31件。"}), name="in force")
    yield Example("T2-16", "not_assessable", example(documents(normative, "blank", 2, 31)))
    fee: CellKey = ("fees", "admin_fee", "amount_wan_yuan")
    yield Example(
        "T2-18", "fail", example(texts={6: "本年度无行政事业性收费。"}), wants={"found": Decimal("12.35")}
    )
    archive = {"agency": "丙县档案馆", "agency_kind": "authorised_org"}
    yield Example("T2-18", "fail", example(identity=archive), name="kind")
    yield Example("T2-18", "pass", example(texts={6: "本年度未收取信息处理费。"}), name="other money")
    yield Example("T2-18", "not_assessable", example({fee: "not_applicable"}))
    yield Example("T2-13", "fail", example(identity=archive), wants={"severity": "info"}, findings=3)
    powerless = {fact.key: 0 for fact in plain.facts if fact.table in ("licensing", "enforcement")}
    yield Example("T2-13", "pass", example(powerless, identity=archive))
    blanks = dict.fromkeys(powerless, "blank")
    yield Example("T2-13", "not_assessable", example(blanks, identity=archive))
    unpaid = {request("other_fee_unpaid"): 2}
    none = {6: "发出收费通知0件。"}
    yield Example("T3-14", "fail", example(unpaid, texts=none), wants={"found": 2})
    yield Example("T3-14", "fail", example(unpaid, texts={6: "没有其他事项。"}), name="no statement")
    yield Example("T3-14", "pass", example(unpaid, texts={6: "发出收费通知3件。"}), name="three notices")
    yield Example("T3-14", "not_assessable", example({request("other_fee_unpaid"): "blank"}))
    weather = {"agency": "丙县气象局", "agency_kind": "vertical_branch"}
    inquiry = request("denied_admin_inquiry")
    yield Example("T3-15", "fail", example({inquiry: 3}, identity=weather), wants={"found": 3})
    yield Example("T3-15", "not_assessable", example({inquiry: "blank"}))
    park_inquiry = example({inquiry: 3}, identity=park)
    yield Example("T3-15", "not_assessable", park_inquiry, name="zone committee")
    town = {"agency": "丁镇人民政府", "agency_kind": "township", "level": "township"}
    yield Example("T3-15", "fail", example({inquiry: 3}, identity=town), name="town", wants={"found": 3})
    secret = request("denied_state_secret")
    yield Example(
        "T3-16", "fail", example({secret: 2}, identity=town), wants={"found": 2, "severity": "info"}
    )
    yield Example("T3-16", "pass", example({secret: 0}, identity=town), name="town")
    yield Example("T3-16", "not_assessable", example({secret: "blank"}, identity=town))


def table_2_of_2019() -> Iterator[Example]:
    licence, fees, buying = "admin_license", "admin_fee", "gov_central_procurement"
    yield Example(
        "T2-05", "pass", older("normative_document", "documents", disclosed_new=6, disclosed_total=48)
    )
    more = older("normative_document", "documents", disclosed_new=6, disclosed_total=4)
    yield Example("T2-05", "fail", more, wants={"expected": 4, "found": 6})
    yield Example("T2-05", "not_assessable", older("normative_document", "documents", disclosed_new="dash"))
    yield Example("T2-06", "pass", older("regulation", "documents", made_new=3, disclosed_new=3))
    hidden = older("regulation", "documents", made_new=3, disclosed_new=1)
    yield Example("T2-06", "fail", hidden, wants={"expected": 3, "found": 1})
    yield Example("T2-06", "not_assessable", older("regulation", "documents", made_new="blank"))
    yield Example("T2-07", "pass", older(licence, "licensing", items_prev_year=118, items_change=-3))
    negative = older(fees, "fees", items_prev_year=4, items_change=-6)
    yield Example("T2-07", "fail", negative, wants={"found": -2})
    yield Example("T2-07", "not_assessable", older(fees, "fees", items_prev_year="blank"))
    yield Example("T2-09", "pass", older(licence, "licensing", items_prev_year=15, decisions=2))
    yield Example("T2-09", "fail", older(licence, "licensing", decisions=64), wants={"found": 64})
    yield Example("T2-09", "not_assessable", older(licence, "licensing", decisions="blank"))
    yield Example("T2-10", "pass", older(licence, "licensing", items_prev_year=40, items_change=2))
    twice = older(licence, "licensing", items_prev_year=40, items_change=40)
    yield Example("T2-10", "fail", twice, wants={"found": 40, "severity": "info"})
    yield Example("T2-10", "not_assessable", older(licence, "licensing", items_change="dash"))
    yield Example("T2-11", "pass", older(buying, "procurement", project_count=7, total_amount=1_860_000))
    yield Example("T2-11", "fail", older(buying, "procurement", project_count=0, total_amount=1_860_000))
    yield Example("T2-11", "not_assessable", older(buying, "procurement", project_count="blank"))


def structure() -> Iterator[Example]:
    plain = example()
    for rule in ("S-01", "S-02", "S-03", "S-04", "S-05", "S-06", "S-08", "S-09", "S-14", "S-15", "S-16",
                 "S-20", "S-22", "S-24", "R-01"):  # fmt: skip
        yield Example(rule, "pass", plain)
    yield Example(
        "S-01", "fail", example(texts={6: None}), wants={"severity": "error", "expected": 6, "found": 5}
    )
    turned = example()
    sections = (*turned.sections[:3], turned.sections[4], turned.sections[3], turned.sections[5])
    yield Example(
        "S-01", "fail", _replaced(turned, sections=sections), name="order", wants={"severity": "warning"}
    )
    shifted = tuple(
        section._replace(printed_number=section.number + (section.number > 3)) for section in turned.sections
    )
    wants = {"severity": "warning", "found": "一、二、三、五、六、七"}
    yield Example("S-01", "fail", _replaced(turned, sections=shifted), name="numbering", wants=wants)
    row = {fact.key: "absent" for fact in plain.facts if fact.row == "denied_admin_inquiry"}
    yield Example("S-02", "fail", example(row), wants={"expected": 25, "found": 24, "severity": "error"})
    yield Example("S-02", "pass", without("requests"), name="table 3 is T3-18")
    yield Example("S-02", "fail", without("disputes"), name="table", wants={"origin": "source"})
    pictures = Reading(images=("t1.png",))
    nothing = example({fact.key: "absent" for fact in plain.facts}, reading=pictures)
    yield Example("S-02", "fail", nothing, name="images", wants={"origin": "reading"}, findings=5)
    late_form = report_of("fmt2019", 2023)
    yield Example("S-03", "fail", late_form, wants={"expected": "fmt2021", "found": "fmt2019"})
    mixed = Reading(sub_table_eras={"documents": "fmt2019", "requests": "fmt2021"})
    yield Example("S-03", "fail", example(reading=mixed), name="mixed")
    yield Example("S-03", "not_assessable", example(identity={"fiscal_year": None}))
    years = {"title": 2023, "period": 2022, "text": 2023}
    yield Example(
        "S-04", "fail", example(identity={"years": years}), wants={"severity": "error", "found": 2022}
    )
    years = {"title": 2023, "period": 2023, "text": 2022}
    yield Example(
        "S-04", "fail", example(identity={"years": years}), name="text", wants={"severity": "warning"}
    )
    yield Example("S-04", "not_assessable", example(identity={"years": {"text": 2023}}))
    for text, found in (
        ("必要文字表述。", "必要文字表述"),
        ("全年发布信息XX条。", "XX"),
        ("该部分以表格形式报告。", "该部分以表格形式报告"),
        ("某县人民政府认真落实。", "某县人民政府"),
        ("（指本年度新增的事项数）", "（指本年度新增的事项数）"),
    ):
        wants = {"found": found, "severity": "warning"}
        yield Example("S-05", "fail", example(texts={3: text}), name=found, wants=wants)
    for text in ("详见http://www.dd.gov.cn/xxgk/xx.html。", "引导某些单位改进。", "服务群众某市民反映。"):
        yield Example("S-05", "pass", example(texts={3: text}), name=text)
    late = example(identity={"published_on": "2024-02-19"})
    yield Example("S-06", "fail", late, wants={"expected": "2024-01-31", "found": "2024-02-19", "delta": 19})
    yield Example("S-06", "not_assessable", example(identity={"published_on": None}))
    government = {"agency_kind": "government", "scope": "government_aggregate", "published_on": "2024-03-20"}
    yield Example("S-06", "pass", example(identity=government), name="government")
    unclear = {"agency_kind": None, "published_on": "2024-03-20"}
    yield Example("S-06", "not_assessable", example(identity=unclear), name="kind unknown")
    disputed = {"fiscal_year": 2022, "years": {"title": 2023, "period": 2022}, "published_on": "2024-01-20"}
    yield Example("S-06", "not_assessable", example(identity=disputed), name="year disputed")
    old = {"fiscal_year": 2017, "published_on": "2018-03-30"}
    yield Example("S-06", "pass", example(identity=old), name="before 2019")
    signs = {**dict.fromkeys([key for key in EXAMPLE if key[0] == "requests"][:40], "blank")}
    yield Example("S-08", "fail", example(signs), wants={"severity": "info"})
    cut = {fact.key: (fact.value, {"method": "position"}) for fact in plain.facts if fact.table == "disputes"}
    damaged = Reading(damaged_headings={"disputes": ("结果", "结果", "其他", "尚未", "总计")})
    yield Example("S-09", "fail", example(cut, reading=damaged), wants={"found": 15, "origin": "reading"})
    for text, found, severity in (("无。", 2, "warning"), ("存在问题：培训不够，下步加强培训。", 17, "info")):
        wants = {"found": found, "severity": severity}
        yield Example("S-14", "fail", example(texts={5: text}), name=text, wants=wants)
    yield Example("S-15", "fail", example(texts={6: "无。"}))
    yield Example(
        "S-15", "pass", example(texts={6: "无。", 1: "本年度未收取信息公开处理费。"}), name="elsewhere"
    )
    traditional = {6: "無。", 1: "本年度未收取信息公開處理費。"}
    yield Example("S-15", "pass", example(texts=traditional), name="traditional characters")
    five = "主動公開、依申請公開、政府信息管理、平臺建設、監督保障均有進展。"
    yield Example("S-16", "pass", example(texts={1: five}), name="traditional characters")
    four = "主动公开、依申请公开、平台建设、监督保障均有进展。"
    yield Example("S-16", "fail", example(texts={1: four}), wants={"expected": 5, "found": 4})
    gansu = {"fiscal_year": 2025, "region_code": "620602"}
    yield Example("S-17", "pass", example(texts={1: "信" * 980}, identity=gansu))
    long = example(texts={1: "信" * 1460}, identity=gansu)
    yield Example("S-17", "fail", long, wants={"expected": 1000, "found": 1460})
    wide = request("received"), (53, {"raw": "５３"})
    yield Example("S-20", "fail", example(dict([wide])), wants={"found": 2, "origin": "reading"})
    yield Example(
        "S-20", "fail", example(texts={1: "二〇二三年与二○二四年。"}), name="zeros", wants={"found": 2}
    )
    generic = {1: "各级政府部门认真落实部分地区的公开要求。" * 16, 5: "一些地方仍有不足。" * 12}
    yield Example("S-22", "fail", example(texts=generic), wants={"found": 0})
    yield Example("S-22", "not_assessable", example(texts={1: "短。", 5: "短。"}))
    yield Example("S-24", "fail", example(identity={"published_on": None}), wants={"expected": 4, "found": 3})
    yield Example("S-24", "not_assessable", example(kind="text"))
    codes = (("site", "420202"), ("title", "420202"), ("organ", "430102"))
    witnesses = tuple({"group": group, "code": code, "raw": code} for group, code in codes)
    conflict = {"region_witnesses": witnesses, "region_conflict": True}
    wants = {"origin": "reading", "expected": "420202", "found": "site 420202, title 420202, organ 430102"}
    yield Example("R-01", "fail", example(identity=conflict), wants=wants)
    line = ({"group": "site", "code": "420200"}, {"group": "title", "code": "420202"})
    yield Example("R-01", "pass", example(identity={"region_witnesses": line}), name="one line")
    yield Example("R-01", "not_assessable", example(identity={"region_witnesses": ()}))


def _replaced(report: Report, **changes: Any) -> Report:
    return replace(report, **changes)


def running_text() -> Iterator[Example]:
    yield Example("S-10", "pass", said(1, "本机关未收到政府信息公开申请。", zeros()))
    none = said(1, "本机关未收到政府信息公开申请。", {**zeros(), request("received"): 3})
    yield Example("S-10", "fail", none, wants={"expected": 3, "found": 0, "severity": "error"})
    yield Example("S-10", "not_assessable", said(1, "认真做好依申请公开。"))
    blank = said(1, "本机关未收到政府信息公开申请。", {request("received"): "blank"})
    yield Example("S-10", "not_assessable", blank, name="blank")
    some = said(1, "全年收到申请6件。", zeros())
    yield Example("S-10", "fail", some, name="reverse", wants={"expected": 0, "found": 6, "refines": "S-11"})
    no_review = "未发生因政府信息公开引发的行政复议、行政诉讼。"
    yield Example(
        "S-10", "fail", said(4, no_review), name="disputes", findings=2, wants={"expected": 5, "found": 0}
    )
    yield Example("S-10", "pass", said(4, no_review, zeros()), name="no disputes")
    partly = said(4, "未收到行政复议，行政诉讼3件。", {dispute("review", "total"): 0})
    yield Example("S-10", "pass", partly, name="per subject")
    wants = {
        "expected": 53,
        "found": 61,
        "evidence": {"tried": {"received": 53, "received + carried_in": 58}},
    }
    yield Example("S-11", "fail", said(1, "收到申请61件。"), wants=wants)
    yield Example("S-11", "pass", said(1, "共办理申请58件。"))
    yield Example("S-11", "not_assessable", said(1, "共办理申请58件。", {request("carried_in"): "blank"}))
    yield Example("S-12", "pass", said(3, "予以公开24件，占43.6%。"))
    yield Example(
        "S-12", "fail", said(3, "予以公开24件，占47.1%。"), wants={"expected": "43.6%", "found": "47.1%"}
    )
    yield Example(
        "S-12", "not_assessable", said(3, "予以公开24件，占47.1%。", {request("concluded"): "blank"})
    )
    upheld = "因信息公开被申请行政复议的案件均获维持。"
    four = {
        dispute("review", c): v
        for c, v in zip(("upheld", "corrected", "pending", "total"), (4, 0, 0, 4), strict=True)
    }
    yield Example("S-13", "pass", said(4, upheld, four))
    yield Example("S-13", "fail", said(4, upheld), wants={"found": 2, "severity": "warning"})
    yield Example("S-13", "not_assessable", said(4, upheld, {dispute("review", "corrected"): "blank"}))


def zeros() -> dict[CellKey, object]:
    """Return changes that make tables 3 and 4 of the example all zero."""
    return {fact.key: 0 for fact in example().facts if fact.table in ("requests", "disputes")}


TEXT_EXAMPLES = (*table_2(), *table_2_of_2019(), *structure(), *running_text())
