"""Identity: title, body, year, region, dates, numbers; and what is no report."""

import dataclasses
from collections.abc import Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parsers.agencies import classify_agency, level_of
from parsers.document import Block, Cell, Document, Heading, Paragraph, Table
from parsers.identity import identify
from parsers.identity.codes import credit_codes, is_credit_code, is_organisation_code
from parsers.identity.dates import day_in_address, read_day
from parsers.identity.region_vote import Witness, vote
from parsers.identity.screening import reason_text
from parsers.records import Hints, Identity
from parsers.sections import split_sections

HEADINGS = [
    "一、总体情况",
    "二、主动公开政府信息情况",
    "三、收到和处理政府信息公开申请情况",
    "四、政府信息公开行政复议、行政诉讼情况",
    "五、存在的主要问题及改进情况",
    "六、其他需要报告的事项",
]
FOOTER = [
    "主办单位:黄石港区人民政府 版权所有 联系电话:0714-0000000",
    "鄂公网安备 42020202000007号 网站标识码:4202020002 鄂ICP备16019304号",
]
FIGURES = Table(((Cell("规章", 0, 0), Cell("0", 0, 1)),), "grid", 0, 2)
BLANK = Table(((Cell("规章", 0, 0), Cell("", 0, 1)),), "grid", 0, 2)


def document(*blocks: Block | str, outside: Iterable[str] = (), **more: object) -> Document:
    made = tuple(Paragraph(block) if isinstance(block, str) else block for block in blocks)
    return Document("html", "utf-8", made, outside=tuple(outside), **more)  # type: ignore[arg-type]


def body(first: str = "认真做好各项工作。", table: Table = FIGURES) -> list[Block | str]:
    """The six headings with a sentence each and one table."""
    blocks: list[Block | str] = []
    for heading in HEADINGS:
        blocks += [heading, first if heading == HEADINGS[0] else "如上。"]
        if heading == HEADINGS[1]:
            blocks.append(table)
    return blocks


def identity(doc: Document, hints: Hints = Hints(), *, has_tables: bool = True) -> Identity:  # noqa: B008
    return identify(
        doc, split_sections(doc), hints, era="fmt2021" if has_tables else None, has_tables=has_tables
    )


# --- the report without a title ---


def test_a_report_without_title_is_known_by_its_text_and_footer() -> None:
    opening = "2024年,黄石港工业园区管委会在上级的指导下,推进政务公开。2024年以来,管委会公开了信息。"
    found = identity(document(*body(opening), *FOOTER))
    assert found.title is None
    assert (found.agency, found.agency_from) == ("黄石港工业园区管委会", "narrative")
    assert (found.agency_kind, found.level) == ("zone_committee", "zone")
    assert (found.fiscal_year, found.years) == (2024, {"title": None, "period": None, "text": 2024})
    assert (found.region_code, found.region_from, found.region_conflict) == ("420202", "agency", False)
    assert {(w["group"], w["code"]) for w in found.region_witnesses} == {
        ("title", "420202"),
        ("site", "420202"),
        ("icp", "42"),
    }
    assert found.published_on is None
    assert found.is_report


# --- titles ---


def test_the_page_tag_gives_the_title_and_the_text_the_year() -> None:
    doc = document(
        "云溪区财政局2023年政府信息公开工作年度报告",
        *body(),
        meta={"articletitle": "云溪区财政局2022年政府信息公开工作年度报告"},
    )
    found = identity(doc)
    assert (found.title, found.title_from) == ("云溪区财政局2022年政府信息公开工作年度报告", "meta")
    assert (found.fiscal_year, found.years["title"]) == (2023, 2023)


def test_two_titles_in_a_row_the_documents_own_decides_the_year() -> None:
    doc = document(
        Heading("云溪区财政局2022年政府信息公开年度报告", 1),
        "云溪区财政局2023年政府信息公开工作年度报告",
        *body(),
    )
    assert identity(doc).fiscal_year == 2023


def test_a_title_over_three_lines() -> None:
    found = identity(document("云溪区财政局", "2023年度政府信息", "公开工作年度报告", *body()))
    assert (found.title, found.agency, found.fiscal_year) == (
        "云溪区财政局2023年度政府信息公开工作年度报告",
        "云溪区财政局",
        2023,
    )


def test_the_list_title_completes_a_page_without_one() -> None:
    found = identity(document(*body()), Hints(list_title="云溪区财政局2023年政府信息公开工作年度报告"))
    assert (found.agency, found.fiscal_year, found.title_from) == ("云溪区财政局", 2023, "list")


def test_the_only_title_around_the_body_is_the_pages() -> None:
    found = identity(
        document(*body(), outside=["首页", "云溪区财政局2023年政府信息公开工作年度报告", "打印"])
    )
    assert (found.agency, found.fiscal_year, found.title_from) == ("云溪区财政局", 2023, "page")


@pytest.mark.parametrize("joint", ["_", " - ", "-", " | "])
def test_the_page_title_is_freed_from_the_sites_name(joint: str) -> None:
    title = "云溪区财政局2023年政府信息公开工作年度报告"
    found = identity(document(*body(), page_title=f"{title}{joint}云溪区人民政府"))
    assert (found.title, found.agency, found.title_from) == (title, "云溪区财政局", "page")


def test_links_to_other_reports_are_not_the_title() -> None:
    links = [f"云溪区{name}2023年政府信息公开工作年度报告" for name in ("财政局", "司法局")]
    assert identity(document(*body(), outside=links)).title is None


def test_a_sentence_is_no_title() -> None:
    found = identity(document("现公布云溪区财政局2023年政府信息公开工作年度报告。", *body()))
    assert found.title is None


# --- agency ---


@pytest.mark.parametrize(
    ("opening", "agency"),
    [
        ("本报告由云溪区文化和旅游局编制。", "云溪区文化和旅游局"),
        ("2024年，云溪区司法局认真贯彻落实条例。", "云溪区司法局"),
        ("根据《条例》要求，云溪区民政局现将年度报告公布如下。", "云溪区民政局"),
        ("2024年以来，乐至县回澜镇人民政府坚持公开。", "乐至县回澜镇人民政府"),
        ("2024年，国家税务总局黄石市税务局严格落实要求。", "国家税务总局黄石市税务局"),
        ("根据条例规定，现公布黄石港区教育局2023年度政府信息公开工作年度报告。", "黄石港区教育局"),
        ("2023年，阳新县人民政府（以下简称县政府）坚持公开。", "阳新县人民政府"),
        ("黄石港区红旗桥街道办事处2023年政府信息公开工作有序开展。", "黄石港区红旗桥街道办事处"),
        ("国家税务总局黄石市黄石港区税务局根据要求，公布报告。", "国家税务总局黄石市黄石港区税务局"),
        ("2023年,东莞市生态环境局石龙分局认真贯彻。", "东莞市生态环境局石龙分局"),
        ("2024年，我局认真落实。", None),
        ("2024年，园区管委会认真落实。园区管委会主动公开。", None),
        ("2024年，本溪市财政局认真落实要求。", "本溪市财政局"),
        ("按照国务院办公厅的要求，区委区政府认真部署。", None),
        ("2024年，底张街道办事处认真落实。底张街道办事处主动公开。", "底张街道办事处"),
    ],
)
def test_the_reporting_body_in_the_opening(opening: str, agency: str | None) -> None:
    assert identity(document(*body(opening))).agency == agency


@pytest.mark.parametrize(
    ("printed", "agency"),
    [("云溪区财政局", "云溪区财政局"), ("本网", None), ("本站", None), ("佚名", None), ("", None)],
)
def test_the_source_tag_is_a_hint_unless_it_is_the_site_itself(printed: str, agency: str | None) -> None:
    doc = document("2024年政府信息公开工作年度报告", *body(), meta={"contentsource": printed})
    found = identity(doc)
    assert (found.agency, found.agency_from) == (agency, "metadata" if agency else None)


def test_the_title_outweighs_the_issuing_body_of_the_metadata() -> None:
    doc = document("发布机构：云溪区人民政府办公室", "云溪区财政局2024年政府信息公开工作年度报告", *body())
    assert identity(doc).agency == "云溪区财政局"


def test_a_signature_names_the_body() -> None:
    found = identity(document("2024年政府信息公开工作年度报告", *body(), "云溪区财政局", "2025年1月17日"))
    assert (found.agency, found.agency_from) == ("云溪区财政局", "signature")
    assert (found.published_on, found.published_on_from) == ("2025-01-17", "signature")


@pytest.mark.parametrize(
    ("name", "kind", "level"),
    [
        ("国家税务总局黄石市黄石港区税务局", "vertical_branch", "county"),
        ("国家税务总局湖北省税务局", "vertical_branch", "province"),
        ("国家统计局黄石调查队", "vertical_branch", "prefecture"),
        ("国家金融监督管理总局湖北监管局", "vertical_branch", "province"),
        ("国家金融监督管理总局", "department", "national"),
        ("黄石海关", "vertical_branch", "prefecture"),
        ("黄石市气象局", "vertical_branch", "prefecture"),
        ("黄石市公安局黄石港区分局", "vertical_branch", "county"),
        ("黄石市生态环境局阳新县分局", "vertical_branch", "county"),
        ("黄石市阳新县生态环境局", "vertical_branch", "county"),
        ("黄石市生态环境局", "department", "prefecture"),
        ("天津市和平区生态环境局", "department", "county"),
        ("黄石经济技术开发区管理委员会", "zone_committee", "zone"),
        ("黄石港工业园区管委会", "zone_committee", "zone"),
        ("黄石经济技术开发区财政局", "department", "zone"),
        ("浦东新区教育局", "department", "county"),
        ("上海市浦东新区人民政府", "government", "county"),
        ("黄石市国有资产监督管理委员会", "department", "prefecture"),
        ("黄石港街道办事处", "street", "township"),
        ("建水县青龙镇", "township", "township"),
        ("乐至县回澜镇人民政府", "township", "township"),
        ("三亚市海棠区人民政府办公室", "office", "county"),
        ("湖北省人民政府办公厅", "office", "province"),
        ("湖北省人民政府", "government", "province"),
        ("广西壮族自治区人民政府", "government", "province"),
        ("重庆市人民政府", "government", "province"),
        ("恩施土家族苗族自治州人民政府", "government", "prefecture"),
        ("阿里地区行政公署", "government", "prefecture"),
        ("黄石市人民政府", "government", "prefecture"),
        ("大冶市人民政府", "government", "county"),
        ("阳新县人民政府", "government", "county"),
        ("神农架林区人民政府", "government", "county"),
        ("莆田市", "government", "prefecture"),
        ("黄石港区发展和改革委员会", "department", "county"),
        ("平桥区发改委", "department", "county"),
        ("天津市和平区发展改革委", "department", "county"),
        ("湖北省教育厅", "department", "province"),
        ("国家发展和改革委员会", "department", "national"),
        ("国家国际发展合作署", "department", "national"),
        ("国家税务总局", "department", "national"),
        ("中国气象局", "department", "national"),
        ("教育部", "department", "national"),
        ("国务院办公厅", "office", "national"),
        ("惠济区残疾人联合会", "authorised_org", "county"),
        ("黄石市住房公积金管理中心", "authorised_org", "prefecture"),
        ("黄石市图书馆", "authorised_org", "prefecture"),
        ("区统计局", "department", "county"),
        ("省统计局", "department", "province"),
        ("市统计局", "department", None),
        ("和平区财政局", "department", "county"),
    ],
)
def test_kind_and_level_by_name(name: str, kind: str, level: str | None) -> None:
    found = level_of(name)
    assert found is not None
    assert (found.kind, found.level) == (kind, level)


@pytest.mark.parametrize("name", ["今日天气", "总体情况", "", "2024"])
def test_what_is_no_body_has_no_kind(name: str) -> None:
    assert classify_agency(name) is None


# --- year ---


@pytest.mark.parametrize(
    ("title", "preface", "year", "period"),
    [
        (2023, "统计期限自2023年1月1日起至2023年12月31日止。", 2023, 2023),
        (2023, "统计期限自2022年1月1日起至2022年12月31日止。", 2022, 2022),
        (2023, "本报告数据自2023年1月1日至12月31日。", 2023, 2023),
        (None, "本报告数据自２０２３年１月１日到１２月３１日止。", 2023, 2023),
        (None, "统计期限自二〇二三年一月一日起至二〇二三年十二月三十一日止。", 2023, 2023),
        (2023, "统计期限自202211日起至20221231日止。", 2023, None),
        (2023, "统计期限自20221月1日起至202212月31日止。", 2023, None),
        (2023, "统计期限自2022年1月1日起至2023年12月31日止。", 2023, None),
        (2008, "统计期限自2008年5月1日起至2008年12月31日止。", 2008, 2008),
        (2023, "没有期限。", 2023, None),
        (None, "统计期限为2023年1月至12月。", 2023, 2023),
        (None, "本报告时限为2023年1-12月。", 2023, 2023),
    ],
)
def test_title_and_period(title: int | None, preface: str, year: int, period: int | None) -> None:
    printed = f"云溪区财政局{title}年政府信息公开工作年度报告" if title else "云溪区财政局政府信息公开年报"
    found = identity(document(printed, preface, *body()))
    assert (found.fiscal_year, found.years["title"], found.years["period"]) == (year, title, period)


@pytest.mark.parametrize(
    ("text", "year"),
    [
        ("2023年做了工作。2023年又做了工作。比2022年增加。", 2023),
        ("按照《2022年要点》《2022年通知》（国办函〔2022〕1号），2023年做了工作。", 2023),
        ("2022年和2023年。", None),
        ("做了工作。", None),
    ],
)
def test_the_year_the_text_names_most(text: str, year: int | None) -> None:
    assert identity(document(*body(text))).fiscal_year == year


# --- dates and numbers ---


@pytest.mark.parametrize(
    ("printed", "day"),
    [
        ("2020-1-7", "2020-01-07"),
        ("2020/01/07", "2020-01-07"),
        ("2020.1.7", "2020-01-07"),
        ("2017- 01- 03 00: 00", "2017-01-03"),
        ("2024/2/27 12:33:21", "2024-02-27"),
        ("2025年01月17日 10:30", "2025-01-17"),
        ("20250117", "2025-01-17"),
        ("二〇二五年一月十七日", "2025-01-17"),
        ("二○二五年十二月三十一日", "2025-12-31"),
        ("2025-01-16T17:00:00Z", "2025-01-17"),
        ("2025-01-17T08:00:00+08:00", "2025-01-17"),
        ("1970-01-01 08:00", None),
        ("2025-02-30", None),
        ("2022121", None),
        ("202211日", None),
        ("无", None),
        ("", None),
    ],
)
def test_days(printed: str, day: str | None) -> None:
    assert read_day(printed) == day


@pytest.mark.parametrize(
    ("address", "day"),
    [
        ("http://a.gov.cn/zwgk/202501/t20250117_1185001.html", "2025-01-17"),
        ("http://a.gov.cn/art/2025/1/7/art_1229300001_4500001.html", "2025-01-07"),
        ("http://a.gov.cn/2025-01/17/content_500001.shtml", "2025-01-17"),
        ("http://a.gov.cn/20250117/0123.html", "2025-01-17"),
        ("http://a.gov.cn/info/1034/57001.htm", None),
        ("http://a.gov.cn/202501/aa.shtml", None),
    ],
)
def test_days_in_addresses(address: str, day: str | None) -> None:
    assert day_in_address(address) == day


def test_the_day_of_the_list_comes_first_and_the_signature_last() -> None:
    lines = ["发布时间：2025-01-20 来源：云溪区财政局", *body(), "2025年1月15日"]
    tagged = document(*lines, meta={"pubdate": "2025-01-18 10:00"})
    assert identity(tagged, Hints(list_date="2025-01-17")).published_on == "2025-01-17"
    assert identity(tagged).published_on == "2025-01-18"
    page = identity(document(*lines), Hints(url="http://a.gov.cn/t20250119_1.html"))
    assert (page.published_on, page.published_on_from) == ("2025-01-20", "page")


METADATA = [
    [
        "索 引 号：11420202123456788D/2025-00012",
        "发布机构：云溪区财政局",
        "发布日期：2025-01-17",
        "文 号：云财〔2025〕3号",
    ],
    [
        "索引号：11420202123456788D/2025-00012 发布机构：云溪区财政局 "
        "发布日期：2025-01-17 文号：云财〔2025〕3号",
    ],
    [
        "信息索引号:",
        "11420202123456788D/2025-00012",
        "发布机构:",
        "云溪区财政局",
        "发文日期:",
        "2025-01-17",
        "文号:",
        "云财〔2025〕3号",
    ],
    [
        "索引号11420202123456788D/2025-00012 分类：区县",
        "发布机构： 云溪区财政局",
        "文号：云财[2025]3号",
        "发布日期：2025/1/17",
    ],
]


@pytest.mark.parametrize("lines", METADATA)
def test_metadata_lines(lines: list[str]) -> None:
    found = identity(document(*lines, "2024年政府信息公开工作年度报告", *body()))
    assert found.index_number == "11420202123456788D/2025-00012"
    assert found.credit_code == "11420202123456788D"
    assert (found.agency, found.published_on, found.published_on_from) == (
        "云溪区财政局",
        "2025-01-17",
        "page",
    )
    assert found.document_number in {"云财〔2025〕3号", "云财[2025]3号"}


def test_a_metadata_table() -> None:
    box = [
        ("索引号", "A0000001/2025-00012", "分类", "其他"),
        ("发布机构", "云溪区财政局", "发文日期", "2025-01-17"),
    ]
    box += [("文 号", "", "有效性", "有效")]
    rows = tuple(tuple(Cell(text, r, c) for c, text in enumerate(row)) for r, row in enumerate(box))
    found = identity(document(Table(rows, "grid", 0, 4), "2024年政府信息公开工作年度报告", *body()))
    assert (found.index_number, found.agency, found.published_on) == (
        "A0000001/2025-00012",
        "云溪区财政局",
        "2025-01-17",
    )
    assert found.document_number is None
    assert found.credit_code is None


@pytest.mark.parametrize(
    "line", ["文 号: 文件分类: 所属机构:", "文号：无号", "文号：〔〕号", "索引号：", "索引号：无"]
)
def test_empty_metadata_is_unknown(line: str) -> None:
    found = identity(document(line, "2024年政府信息公开工作年度报告", *body()))
    assert (found.document_number, found.index_number, found.agency) == (None, None, None)


def test_a_number_cited_in_the_text_is_not_the_documents() -> None:
    assert identity(document(*body("根据国办函〔2020〕109号文件，2024年做了工作。"))).document_number is None


def test_check_characters() -> None:
    assert is_credit_code("11420202123456788D")
    assert is_organisation_code("123456788")
    assert is_organisation_code("000014349")
    assert not is_credit_code("11420202123456788E")
    assert not is_credit_code("11420203123456788D")
    assert not is_credit_code("1142020212345678D")
    assert not is_organisation_code("123456789")
    assert credit_codes("见11420202123456788D，及11420202123456788E") == ("11420202123456788D",)


@given(st.text(alphabet="0123456789ABCDEFGHJKLMNPQRTUWXY", min_size=18, max_size=18), st.integers(0, 17))
def test_one_changed_character_breaks_a_credit_code(code: str, place: int) -> None:
    good = "11420202123456788D"
    changed = good[:place] + code[place] + good[place + 1 :]
    assert is_credit_code(changed) == (changed == good)


# --- region ---


def witness(group: str, code: str) -> Witness:
    return Witness(group, "test", code, code)


@pytest.mark.parametrize(
    ("witnesses", "code", "source", "conflict"),
    [
        ([("site", "420202"), ("title", "420202")], "420202", "agency", False),
        ([("site", "4202"), ("title", "420202")], "420202", "agency", False),
        ([("site", "420202"), ("title", "4202")], "420200", "agency", False),
        ([("site", "420202")], "420202", "site", False),
        ([("portal", "4202")], "420200", "portal", False),
        ([("site", "420202"), ("title", "420202"), ("organ", "430102")], "420202", "agency", True),
        ([("site", "420202"), ("title", "430102")], None, None, True),
        ([("site", "420202"), ("organ", "430102"), ("title", "440103")], None, None, True),
        ([("site", "4202"), ("portal", "4202"), ("title", "430102")], "420200", "site", True),
        ([("site", "420202"), ("icp", "43")], "420202", "site", True),
        ([("icp", "43")], None, None, False),
        ([("host", "420202")], None, None, False),
        ([("site", "420202"), ("host", "430102")], "420202", "site", False),
        ([("site", "420202"), ("title", "430102"), ("host", "4202")], "420202", "site", True),
        ([("site", "420202"), ("title", "430102"), ("host", "440103")], None, None, True),
        ([("site", "42"), ("organ", "43"), ("title", "44"), ("host", "43")], None, None, True),
        ([("site", "420202"), ("site", "430102"), ("title", "4202")], "420200", "agency", True),
        (
            [("site", "420202"), ("title", "420202"), ("organ", "430102"), ("portal", "430102")],
            None,
            None,
            True,
        ),
        ([], None, None, False),
    ],
)
def test_the_vote(
    witnesses: list[tuple[str, str]], code: str | None, source: str | None, conflict: bool
) -> None:
    assert vote(witness(*w) for w in witnesses) == (code, source, conflict)


def test_the_site_decides_between_places_of_one_name() -> None:
    doc = document(
        "和平区财政局2024年政府信息公开工作年度报告",
        *body(),
        outside=["网站标识码：1201010001 津公网安备 12010102000001号"],
    )
    assert identity(doc).region_code == "120101"


def test_a_credit_code_of_elsewhere_is_outvoted_and_reported() -> None:
    doc = document(
        "索引号：11430102123456788T/2025-1",
        "黄石港区财政局2024年政府信息公开工作年度报告",
        *body(),
        outside=FOOTER,
    )
    found = identity(doc)
    codes = {w["code"] for w in found.region_witnesses if w["group"] == "organ"}
    assert (found.region_code, found.region_conflict) == ("420202", bool(codes))


def test_the_host_is_listed_and_breaks_a_tie_only() -> None:
    blocks = ["岳麓区财政局2024年政府信息公开工作年度报告", *body()]
    hints = Hints(url="http://www.huangshigang.gov.cn/zwpd/t20250117_1.html")
    alone = identity(document(*blocks), hints)
    assert (alone.region_code, alone.region_conflict) == ("430104", False)
    assert {(w["group"], w["code"]) for w in alone.region_witnesses} == {
        ("title", "430104"),
        ("host", "420202"),
    }
    tied = identity(document(*blocks, outside=["网站标识码：4202020002"]), hints)
    assert (tied.region_code, tied.region_from, tied.region_conflict) == ("420202", "site", True)


@pytest.mark.parametrize(
    "url", ["http://www.huangshigang.com/", "http://chaoyang.gov.cn/", "http://[::1", "nonsense", ""]
)
def test_other_hosts_say_nothing(url: str) -> None:
    assert identity(document(*body()), Hints(url=url)).region_witnesses == ()


def test_the_portal_alone_gives_a_region() -> None:
    found = identity(document(*body()), Hints(portal_region_code="420202"))
    assert (found.region_code, found.region_from) == ("420202", "portal")


def test_no_witness_no_region() -> None:
    found = identity(document(*body()))
    assert (found.region_code, found.region_witnesses, found.region_conflict) == (None, (), False)


# --- scope ---


@pytest.mark.parametrize(
    ("title", "preface", "scope"),
    [
        ("云溪区人民政府", "本报告汇总了全区各级行政机关的数据。", "government_aggregate"),
        ("云溪区人民政府", "做了工作。", None),
        ("云溪区财政局", "本报告为本局数据。", "organ"),
        ("云溪区财政局", "本报告包括局属各单位汇总数据，本局负责。", "organ_with_affiliates"),
        ("云溪区人民政府办公室", "本报告由我办公室编制。", "government_office_own"),
        ("云溪区财政局", "做了工作。", None),
    ],
)
def test_scope_needs_a_sentence(title: str, preface: str, scope: str | None) -> None:
    found = identity(document(f"{title}2024年政府信息公开工作年度报告", preface, *body()))
    assert found.scope == scope
    assert (found.scope_evidence is None) == (scope is None)


# --- what is no report ---

TITLE = "云溪区财政局2024年政府信息公开工作年度报告"


@pytest.mark.parametrize(
    ("title", "reason"),
    [
        (f"{TITLE}解读", "explainer"),
        (f"【文稿解读】{TITLE}", "explainer"),
        (f"一图读懂{TITLE}", "explainer"),
        ("云溪区2024年政府信息公开工作年度报告公布情况", "list_of_reports"),
        ("关于做好2024年政府信息公开工作年度报告编制工作的通知", "notice"),
        ("云溪区2024年法治政府建设年度报告", "other_report"),
        ("政府信息公开指南", "guide"),
    ],
)
def test_pages_about_reports(title: str, reason: str) -> None:
    doc = document(Heading(title, 1), "这一页说明有关情况。", "内容不多。")
    found = identity(doc, has_tables=False)
    assert (found.is_report, found.reason) == (False, reason)


def test_one_word_in_the_title_does_not_lose_a_report() -> None:
    found = identity(document(Heading(f"{TITLE}解读", 1), *body()))
    assert found.is_report


def test_words_in_the_text_do_not_lose_a_report() -> None:
    found = identity(document(Heading(TITLE, 1), *body("发布图解和解读若干，修订指南，做好通知，编制范文。")))
    assert found.is_report


def test_a_model_text_is_none_even_when_complete() -> None:
    found = identity(document(Heading("政府信息公开工作年度报告范文", 1), *body()))
    assert (found.is_report, found.reason) == (False, "model_text")


def test_a_list_of_reports() -> None:
    lines = [
        f"云溪区{name}2024年政府信息公开工作年度报告" for name in ("财政局", "司法局", "民政局", "教育局")
    ]
    found = identity(document("政府信息公开年报", *lines), has_tables=False)
    assert (found.is_report, found.reason) == (False, "list_of_reports")


def test_a_blank_form() -> None:
    found = identity(document("政府信息公开工作年度报告", *body("××年，做了工作。", BLANK)))
    assert (found.is_report, found.reason) == (False, "blank_form")
    found = identity(document("政府信息公开工作年度报告", *HEADINGS, BLANK))
    assert (found.is_report, found.reason) == (False, "blank_form")


def test_a_form_with_a_made_up_body_is_blank() -> None:
    found = identity(document("XX局2024年政府信息公开工作年度报告", *body("XX局做了工作。", BLANK)))
    assert (found.is_report, found.reason) == (False, "blank_form")


def test_the_name_of_the_column_is_no_reason_against_a_report() -> None:
    blocks = [block for block in body() if not isinstance(block, Table)]
    assert identity(document(Heading("通知公告", 1), *blocks), has_tables=False).is_report


def test_the_day_of_today_in_the_frame_is_not_the_day_of_publication() -> None:
    frame = ["日期：2026年1月5日 星期一", "时间：2026-01-05"]
    assert identity(document(*body(), outside=frame)).published_on is None
    line = "来源：云溪区财政局    时间：2025-01-17"
    assert identity(document(*body(), outside=[*frame, line])).published_on == "2025-01-17"


def test_a_report_with_blank_cells_is_a_report() -> None:
    found = identity(document(TITLE, *body(table=BLANK)))
    assert found.is_report


@pytest.mark.parametrize(
    ("lines", "reason"),
    [
        (["访问被拦截", "您的请求存在风险"], "block_page"),
        (["404 Not Found"], "error_page"),
        (["您访问的页面不存在或已删除"], "error_page"),
        (["网站升级改造，暂停服务"], "error_page"),
    ],
)
def test_pages_shown_instead(lines: list[str], reason: str) -> None:
    found = identity(document(*lines), Hints(list_title=TITLE), has_tables=False)
    assert (found.is_report, found.reason) == (False, reason)


def test_news_is_no_report() -> None:
    found = identity(document(Heading("云溪区召开经济工作会", 1), "今日召开会议。" * 50), has_tables=False)
    assert (found.is_report, found.reason) == (False, "no_report_marks")


def test_a_report_without_tables_stays_one() -> None:
    blocks = [block for block in body() if not isinstance(block, Table)]
    assert identity(document(*blocks), has_tables=False).is_report
    assert identity(document(Heading(TITLE, 1), images=("2.jpg",)), has_tables=False).is_report


def test_a_titled_page_without_content() -> None:
    found = identity(document(Heading("2024年政府信息公开工作年度报告", 1)), has_tables=False)
    assert (found.is_report, found.reason) == (False, "empty_page")


def test_reasons_are_said_in_both_languages() -> None:
    assert reason_text("blank_form", "en").startswith("a blank form")
    assert "空白" in reason_text("blank_form", "zh")


# --- nothing is invented, nothing raises ---


def test_an_empty_document_gives_none_never_an_empty_text() -> None:
    found = identity(document(), has_tables=False)
    for field in dataclasses.fields(found):
        assert getattr(found, field.name) != "", field.name
    assert (found.agency, found.fiscal_year, found.region_code, found.title) == (None, None, None, None)


PIECES = st.one_of(
    st.text(max_size=40),
    st.sampled_from(
        [
            *HEADINGS,
            *FOOTER,
            *METADATA[0],
            *METADATA[2],
            TITLE,
            "2025年1月17日",
            "索引号：",
            "〔〕号",
            "主办单位：",
        ]
    ),
)


@given(
    st.lists(PIECES, max_size=20),
    st.lists(PIECES, max_size=5),
    st.dictionaries(st.sampled_from(["articletitle", "pubdate", "siteidcode", "contentsource"]), PIECES),
    st.booleans(),
)
def test_any_document_has_an_identity(
    lines: list[str], outside: list[str], meta: dict[str, str], has: bool
) -> None:
    hints = Hints(url=lines[0] if lines else None, list_title=lines[-1] if lines else None)
    found = identity(document(*lines, FIGURES, outside=outside, meta=meta), hints, has_tables=has)
    assert all(getattr(found, field.name) != "" for field in dataclasses.fields(found))
    assert found.is_report == (found.reason is None)


def test_hostile_lines_are_cut() -> None:
    line = "索引号：" * 300_000 + "自2023年1月1日起" * 100_000
    found = identity(document(line, *body(line), outside=[line] * 3))
    assert found.fiscal_year in {2023, None}
