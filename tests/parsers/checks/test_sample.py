"""A report like those a small zone committee prints: what must be said about it, and nothing else."""

from dataclasses import replace

from parsers.records import CellKey, Identity, Reading, Report, Source
from tests.parsers.checks.reports import facts_of, run_checks, sections_of

REGULATION: dict[CellKey, object] = {
    ("documents", "regulation", "issued"): 4,
    ("documents", "regulation", "repealed"): 0,
    ("documents", "regulation", "in_force"): 9,
}
TEXTS = {
    1: (
        "2024年,甲乙工业园区管委会按照要求做好各项公开工作。\n(一)主动公开政府信息情况\n"
        "2024年以来,管委会在区门户网站上公开了领导分工。\n(二)依申请公开情况\n"
        "2024年甲乙工业园区管委会未收到申请政府信息公开事项,也未发生行政复议、行政诉讼的情况。\n"
        "(三)政府信息管理情况\n公开栏与网站并重。\n(四)政府信息公开平台建设情况\n2024年共发布文章 33篇。\n"
        "(五)监督保障情况\n落实保密审查制度。"
    ),
    2: (
        "2024年,甲乙工业园区印发了《党支部活动制度》、《干部下沉制度》、《突发事件应急预案》、《项目联络员制度》等,"
        "在网站上发布园区重要活动等信息19篇。"
    ),
    3: "必要文字表述。",
    4: "2024年,甲乙工业园区管委会未收到行政复议、行政诉讼。",
    5: "(一)存在的主要问题:信息更新不够及时,栏目理解不深,解读形式单一,与群众的期待还有距离,"
    "需要继续努力改进。\n"
    "(二)改进措施:建立发布台账,参加业务培训,丰富解读形式,逐项检查公开质量,按季度通报进展情况。",
    6: "按照信息处理费管理办法规定的按件、按量收费标准,本年度没有产生信息公开处理费。\n"
    "2024年,管委会无重大建设项目。",
}


def sample(changes: dict[CellKey, object]) -> Report:
    facts = tuple(
        fact._replace(method="position") if fact.table == "disputes" else fact
        for fact in facts_of("fmt2021", changes)
    )
    return Report(
        source=Source("sample.txt", "0" * 64, "text", "utf-8"),
        outcome="parsed",
        identity=Identity(
            agency="甲乙工业园区管委会",
            agency_kind="zone_committee",
            level="zone",
            fiscal_year=2024,
            years={"title": None, "period": None, "text": 2024},
            region_code="420202",
        ),
        era="fmt2021",
        sections=sections_of(TEXTS),
        facts=facts,
        reading=Reading(
            sub_table_eras=dict.fromkeys(
                ("documents", "licensing", "enforcement", "fees", "requests"), "fmt2021"
            ),
            damaged_headings={"disputes": ("结果", "结果", "其他", "尚未", "总计")},
            ragged=("documents", "licensing", "enforcement", "fees", "requests", "disputes"),
        ),
    )


def test_exactly_the_findings_of_a_careful_reader() -> None:
    findings, counts = run_checks(sample(REGULATION))
    assert sorted((one.rule, one.severity, one.origin) for one in findings) == [
        ("S-05", "warning", "source"),
        ("S-09", "info", "reading"),
        ("T2-03", "error", "source"),
        ("T2-17", "warning", "source"),
    ]
    for rule in (
        "T2-02",
        "T3-01",
        "T3-02",
        "T3-03",
        "T4-01",
        "T4-02",
        "T4-03",
        "T4-04",
        "S-01",
        "S-16",
        "S-15",
    ):
        assert counts[rule][0] > 0, rule
        assert counts[rule][1:] == (0, 0), rule
    assert counts["S-10"] == (5, 0, 0)
    assert counts["T4-07"] == (1, 0, 0)
    assert counts["S-06"] == counts["S-24"] == (0, 0, 1)


def test_an_all_zero_report_raises_no_alarm() -> None:
    plain = sample({})
    facts = tuple(fact._replace(method="label") for fact in plain.facts)
    texts = {**TEXTS, 3: "2024年未收到政府信息公开申请。"}
    report = replace(plain, facts=facts, reading=Reading(), sections=sections_of(texts))
    assert run_checks(report)[0] == ()


def test_what_is_not_a_report_is_not_checked() -> None:
    assert run_checks(replace(sample(REGULATION), outcome="not_a_report")) == ((), {})


def test_nothing_known_is_no_alarm_about_the_source() -> None:
    empty = Report(
        source=Source(None, "0", "text", "utf-8"), outcome="no_tables", identity=Identity(), era=None
    )
    findings, _ = run_checks(empty)
    assert all(one.origin != "source" for one in findings)
    for one in findings:
        assert "None" not in one.message_en + one.message_zh
