"""Identity: title, body, year, scope; nothing is invented, nothing raises."""

import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parsers.agencies import classify_agency, level_of
from parsers.document import Cell, Heading, Table
from parsers.records import Hints
from tests.parsers.handmade import FIGURES, FOOTER, HEADINGS, METADATA, body, document, identity

TITLE = "云溪区财政局2024年政府信息公开工作年度报告"


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


def test_the_name_of_the_site_is_not_the_title() -> None:
    found = identity(document(*body(), page_title="云溪区人民政府"))
    assert (found.title, found.agency) == (None, None)


def test_links_to_other_reports_are_not_the_title() -> None:
    links = [f"云溪区{name}2023年政府信息公开工作年度报告" for name in ("财政局", "司法局")]
    assert identity(document(*body(), outside=links)).title is None


def test_a_sentence_is_no_title() -> None:
    found = identity(document("现公布云溪区财政局2023年政府信息公开工作年度报告。", *body()))
    assert found.title is None


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
        ("2023年,云眉工业园区管委会严格按照《条例》要求公开。", "云眉工业园区管委会"),
        ("本年度报告由国家机关事务管理局根据条例要求编制。", "国家机关事务管理局"),
        ("本年度報告由國家機(jī)關(guān)事務(wù)管理局根據(jù)條例編制。", "国家机关事务管理局"),
        ("本报告由阿嘎如泰苏木党政综合办公室编制。", "阿嘎如泰苏木"),
        ("本报告由南平市人民政府信息公开工作领导小组办公室根据条例编制。", "南平市人民政府"),
        ("根据条例，编制大竹县四合镇2023年政府信息公开工作年度报告，期限为一年。", "大竹县四合镇"),
        ("现形成《海城市卫生健康局2025年政府信息公开工作年度报告》，数据为全年。", "海城市卫生健康局"),
        ("现公布肃南裕固族自治县2021年度政府信息公开工作年度报告，共六部分。", "肃南裕固族自治县"),
        ("按照《云溪区人民政府办公室关于做好2023年年度报告的通知》要求，做了工作。", None),
        ("岐山县教育体育局现向社会公开《2023年政府信息公开工作年度报告》。", "岐山县教育体育局"),
        ("如有疑问，请与平度市公安局（地址：红旗路）联系。", "平度市公安局"),
        ("如有疑问，请联系云溪区教育局办公室，电话0000-0000000。", "云溪区教育局"),
        ("如有疑问，请联系云溪区政务公开办，电话0000-0000000。", None),
        ("如有疑问，请与云溪区人民政府办公室联系。", None),
        ("如有疑问，请与云溪区人民政府网站管理中心联系。", None),
        ("如有疑问，请与云溪区白云镇人民政府联系。2023年，白云镇人民政府坚持公开。", "云溪区白云镇人民政府"),
        ("各街道办事处和管委会认真落实，配合我局工作。", None),
        ("2023年，云溪区各乡镇认真落实，云溪区各部门积极公开。", None),
        ("现将我厅2024年度政府信息公开工作报告公开如下。", None),
        ("本年度报告由安康市统计局围绕2020年度工作情况编制而成。", "安康市统计局"),
        (
            "现公布云溪区人民政府办公室（以下简称区政府办）2022年政府信息公开工作年度报告。",
            "云溪区人民政府办公室",
        ),
        ("我局组织培训，黄冈市人民政府办公室组织检查，黄冈市人民政府网站公布信息。", None),
        ("我局组织培训，黄冈市人民政府办公室组织检查。2023年，黄冈市财政局坚持公开。", "黄冈市财政局"),
        ("我县深入推进公开，阳新县枫林镇积极探索。", None),
        ("我区大力支持，黄石港区文化和旅游局积极探索。", "黄石港区文化和旅游局"),
        ("我镇组织培训。如有疑问，请与云溪区财政局联系。", None),
        ("天津市静海区人民政府 2019年12月3日星期二", None),
        ("2024年，桐乡市水务集团有限公司严格贯彻落实条例。", "桐乡市水务集团有限公司"),
        ("2025年中仓街道积极推动政府信息公开工作。", "中仓街道"),
        ("地址：云溪区白云乡人民政府党政综合办公室，电话0000。", "云溪区白云乡人民政府"),
    ],
)
def test_the_reporting_body_in_the_opening(opening: str, agency: str | None) -> None:
    assert identity(document(*body(opening))).agency == agency


def test_the_fullest_title_names_the_body() -> None:
    committee = "云溪区白云风景区管理委员会"
    doc = document(
        Heading(f"{committee} 卫生健康办公室2023年政府信息公开工作年度报告", 1),
        committee,
        "卫生健康办公室2023年政府信息公开工作年度报告",
        *body(),
    )
    assert identity(doc).agency == f"{committee}卫生健康办公室"


@pytest.mark.parametrize(
    ("printed", "agency"),
    [
        ("云溪区财政局", "云溪区财政局"),
        ("乡镇街道", None),
        ("本网", None),
        ("本站", None),
        ("佚名", None),
        ("", None),
    ],
)
def test_the_source_tag_is_a_hint_unless_it_is_the_site_itself(printed: str, agency: str | None) -> None:
    doc = document("2024年政府信息公开工作年度报告", *body(), meta={"contentsource": printed})
    found = identity(doc)
    assert (found.agency, found.agency_from) == (agency, "metadata" if agency else None)


def test_a_doubtful_title_outweighs_it_too() -> None:
    title = "关于云溪区财政局2023年政府信息公开工作年度报告的公示"
    found = identity(document(Heading(title, 1), "发布机构：市政府办", *body()))
    assert (found.agency, found.agency_from, found.fiscal_year) == ("云溪区财政局", "title", 2023)


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
        ("成都市武侯生态环境局", "vertical_branch", "county"),
        ("四川省成都市生态环境局", "department", "prefecture"),
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
        ("自治区人民政府办公厅", "office", "province"),
        ("市统计局", "department", None),
        ("和平区财政局", "department", "county"),
        ("云溪市文化广电旅游局（市文物局）", "department", None),
        ("黄石市文化和旅游局(市文物局)", "department", "prefecture"),
        ("淮北市妇幼保健计划生育服务中心(市妇幼保健院)", "authorised_org", "prefecture"),
        ("滨江区公安分局", "vertical_branch", "county"),
        ("中国人民银行", "department", "national"),
        ("中国人民银行黄石市分行", "vertical_branch", "prefecture"),
        ("中国证券监督管理委员会", "department", "national"),
        ("上海铁路监督管理局", "vertical_branch", None),
        ("国家能源局华中监管局", "vertical_branch", None),
        ("水利部长江水利委员会", "vertical_branch", None),
        ("财政部湖北监管局", "vertical_branch", "province"),
        ("审计署驻武汉特派员办事处", "vertical_branch", None),
        ("交通运输部海事局", "department", "national"),
        ("新疆生产建设兵团", "government", "province"),
        ("第八师石河子市", "government", "prefecture"),
        ("新疆生产建设兵团第八师", "government", "prefecture"),
        ("第一师阿拉尔市十六团", "township", "township"),
        ("黄石港区江北管理区", "zone_committee", "zone"),
        ("乌鲁木齐经济技术开发区(头屯河区)", "zone_committee", "zone"),
        ("横琴粤澳深度合作区执行委员会", "zone_committee", "zone"),
        ("共青团黄石市委员会", "department", "prefecture"),
        ("黄石市供销合作社联合社", "authorised_org", "prefecture"),
        ("红旗村村民委员会", "authorised_org", "township"),
        ("黄石市人民政府驻北京办事处", "department", "prefecture"),
        ("黄石新港园区社会事业局", "department", "zone"),
        ("国家税务总局黄石市税务局稽查局", "vertical_branch", "prefecture"),
        ("黄石海事处", "vertical_branch", "prefecture"),
        ("武汉海关缉私局", "vertical_branch", "prefecture"),
        ("民航湖北监管局", "vertical_branch", "province"),
        ("国家自然资源督察武汉局", "vertical_branch", None),
        ("财政部驻湖北专员办", "vertical_branch", "province"),
        ("湖北煤矿安全监察局", "vertical_branch", "province"),
        ("住房城乡建设部", "department", "national"),
        ("市场监管总局", "department", "national"),
        ("国家民委", "department", "national"),
    ],
)
def test_kind_and_level_by_name(name: str, kind: str, level: str | None) -> None:
    found = level_of(name)
    assert found is not None
    assert (found.kind, found.level) == (kind, level)


@pytest.mark.parametrize("name", ["今日天气", "总体情况", "", "2024"])
def test_what_is_no_body_has_no_kind(name: str) -> None:
    assert classify_agency(name) is None


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
        (None, "统计期限为2023.1.1-2023.12.31。", 2023, 2023),
        (None, "统计期限自2023-01-01至2023-12-31止。", 2023, 2023),
        (None, "统计期限为2023/1/1-2024/12/31。", None, None),
        (None, "本年报所列数据统计时间截至2023年12月31日。", 2023, 2023),
        (None, "截至2023年12月31日，公开信息12条。", None, None),
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


def test_a_title_that_cuts_the_name_short_is_completed_by_the_text() -> None:
    text = "根据要求，现公布双峰山旅游度假区2020年政府信息公开工作年度报告。"
    found = identity(document("双峰山2020政府信息公开工作年度报告", *body(text)))
    assert (found.agency, found.agency_kind) == ("双峰山旅游度假区", "zone_committee")


def test_a_page_laid_out_as_a_table_has_its_title_and_day_in_rows_of_their_own() -> None:
    rows = [("索引号：", "A0000001/2025-00012"), (f"{TITLE}", ""), ("2025年01月25日 (点击: )", "")]
    cells = tuple(tuple(Cell(text, r, c) for c, text in enumerate(row)) for r, row in enumerate(rows))
    found = identity(document(Table(cells, "grid", 0, 2), *body()))
    assert (found.title, found.agency, found.published_on) == (TITLE, "云溪区财政局", "2025-01-25")


def test_a_preface_in_one_line_with_the_first_heading_is_read() -> None:
    preface = "本报告由云溪区民政局编制，数据自2023年1月1日起至2023年12月31日止。"
    line = f"{preface} 一、总体情况 " + "做了许多工作。" * 30
    found = identity(document(line, *HEADINGS[1:], FIGURES))
    assert (found.agency, found.fiscal_year) == ("云溪区民政局", 2023)


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
