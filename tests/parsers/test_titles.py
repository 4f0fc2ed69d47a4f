"""Titles: every wording seen is recognised, every near-miss is kept out, cut titles stay undecided."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parsers.titles import agency_key, is_annual_report, parse_title, title_verdict

REPORTS = [
    # title, agency, year
    ("云溪区文化和旅游局2025年政府信息公开工作年度报告", "云溪区文化和旅游局", 2025),
    ("云溪区文化和旅游局2025年度政府信息公开工作年度报告", "云溪区文化和旅游局", 2025),
    ("2024年云溪区卫生健康局政府信息公开工作年度报告", "云溪区卫生健康局", 2024),
    ("2024年云溪区卫生健康局2024年政府信息公开工作年度报告", "云溪区卫生健康局", 2024),
    ("云溪区统计局政府信息公开工作2019年度报告", "云溪区统计局", 2019),
    ("云溪区统计局关于政府信息公开工作 2019年度报告", "云溪区统计局", 2019),
    ("云溪区2020年政府信息公开年度报告", "云溪区", 2020),
    ("云溪区2020年度政府信息公开工作报告", "云溪区", 2020),
    ("云溪区2020年政府信息公开年报", "云溪区", 2020),
    ("云溪区2020年政务信息公开年报", "云溪区", 2020),
    ("云溪区2020年政务公开工作年度报告", "云溪区", 2020),
    ("云溪区2020年信息公开工作年度报告", "云溪区", 2020),
    ("云溪区2020年政府信息公开年度工作报告", "云溪区", 2020),
    ("云溪区2020政府信息公开工作年度报告", "云溪区", 2020),
    ("云溪区2020\n政府信息公开工作年度报告", "云溪区", 2020),
    ("云溪区2020度政府信息公开工作年度报告", "云溪区", 2020),
    ("2024年政府信息公开工作年度报告", None, 2024),
    ("云溪区政府信息公开工作年度报告", "云溪区", None),
    ("政府信息公开年度报告", None, None),
    ("云溪区文旅局2025年度政府信息 公开工作年度报告", "云溪区文旅局", 2025),
    ("云溪区文旅局2025年度政府信息\u3000公开\n工作年度报告", "云溪区文旅局", 2025),
    ("云溪区文旅局２０２４年政府信息公开工作年度报告", "云溪区文旅局", 2024),
    ("二〇二四年云溪区政府信息公开工作年度报告", "云溪区", 2024),
    ("云溪区二零二四年度政府信息公开年报", "云溪区", 2024),
    ("云溪区二○一〇年度政府信息公开年报", "云溪区", 2010),
    ("云溪区人民政府关于2013年政府信息公开工作情况的报告", "云溪区人民政府", 2013),
    ("云溪区政府信息公开工作情况的报告（2012年）", "云溪区", 2012),
    ("云溪区2024年贯彻落实《政府信息公开条例》情况年度报告", "云溪区", 2024),
    ("云溪区2024年政府信息公开工作年度报告（图片版）", "云溪区", 2024),
    ("云溪区2024年政府信息公开工作年度报告(超链版)", "云溪区", 2024),
    ("云溪区2024年政府信息公开工作年度报告.docx", "云溪区", 2024),
    ("云溪区2024年政府信息公开工作年度报告_云溪区人民政府门户网站", "云溪区", 2024),
    ("[2025-01-17]云溪区2024年政府信息公开工作年度报告", "云溪区", 2024),
    ("云溪镇2024年政府信息公开工作年度报告 2025-01-17", "云溪镇", 2024),
    (
        "附件1：云溪区文化局（云溪区体育局）2024年政府信息公开工作年度报告",
        "云溪区文化局(云溪区体育局)",
        2024,
    ),
    ("《云溪区2024年政府信息公开工作年度报告》", "云溪区", 2024),
    ("2023年政府信息公开年度报告云溪区2023年政府信息公开工作年度报告", "云溪区", 2023),
    ("云溪区统计局2024年政府信息公开工作年度报告", "云溪区统计局", 2024),
    ("云溪区预算编审中心2024年政府信息公开年度报告", "云溪区预算编审中心", 2024),
    ("云溪高新区管理委员会2024年政府信息公开工作年度报告", "云溪高新区管理委员会", 2024),
    ("2024年政府信息公开工作年度报告（云溪镇人民政府）", "云溪镇人民政府", 2024),
    ("2024年政府信息公开工作年度报告_云溪区人民政府", None, 2024),
    ("2024年政府信息公开工作年度报告-云溪区人民政府门户网站", None, 2024),
    ("云溪区2024年政府信息公开工作年度报告（修订版）", "云溪区", 2024),
    ("云溪镇二0二四年政府信息公开工作年度报告", "云溪镇", 2024),
    ("云溪区2008-2013年政府信息公开年度报告", "云溪区", None),
    ("雲溪區2024年政府資訊公開工作年度報告", "云溪区", 2024),
    ("云溪區2023年政府信息公開工作年度報告", "云溪区", 2023),
]

NOT_REPORTS = [
    "云溪区2024年政府信息公开工作年度报告解读",
    "【文稿解读】云溪区2024年政府信息公开工作年度报告",
    "（图解）云溪区2024年政府信息公开工作年度报告",
    "云溪区2024年政府信息公开工作年度报告（图解）",
    "一图读懂云溪区2024年政府信息公开工作年度报告",
    "云溪区各单位2024年政府信息公开工作年度报告公布情况",
    "政府信息公开工作年度报告范文",
    "云溪区2024年法治政府建设年度报告",
    "2024年政府网站工作年度报表",
    "云溪区财政局2024年部门预算",
    "云溪区财政局2023年度部门决算公开",
    "关于做好2024年政府信息公开工作年度报告编制工作的通知",
    "云溪区政府办公室关于印发政府信息公开工作年度报告格式的通知",
    "云溪区2014年政府信息公开情况统计表",
    "政府信息公开工作年度报告统计表（空表）",
    "政府信息公开指南",
    "政府信息公开目录",
    "关于《云溪区信息公开办法》征求意见的公告",
    "云溪大学2023-2024学年信息公开工作年度报告",
    "云溪区2024年环境信息公开年度报告",
    "云溪区召开2024年经济工作会议",
    "政府信息公开工作年度报告编制指南",
    "云溪区人大常委会听取2024年政府信息公开工作报告",
    "云溪区政府信息公开工作年度报告制度",
    "首页",
    "更多>>",
    "",
    "   ",
]

UNCLEAR = [
    "云溪区文化和旅游局2024年政府信息公…",
    "云溪区文化和旅游局2024年政府信息公开工作年度报告...",
    "云溪区文化和旅游局2024年政府信息公开工作年...",
    "云溪区人民政府",
    "2024年",
    "2024年度报告",
    "关于云溪区2024年政府信息公开年度报告的公告",
    "云溪区2024年政府信息公开工作年度报告（汇总）",
    "云溪区2010年政府信息公开工作总结",
]


@pytest.mark.parametrize(("title", "agency", "year"), REPORTS)
def test_wordings_of_a_report(title: str, agency: str | None, year: int | None) -> None:
    parts = parse_title(title)
    assert (parts.verdict, parts.agency, parts.year) == ("report", agency, year)
    assert is_annual_report(title)


@pytest.mark.parametrize("title", NOT_REPORTS)
def test_near_misses_are_kept_out(title: str) -> None:
    assert title_verdict(title) == "not_report"
    assert not is_annual_report(title)


@pytest.mark.parametrize("title", UNCLEAR)
def test_cut_or_bare_titles_are_undecided(title: str) -> None:
    assert title_verdict(title) == "unclear"
    assert not is_annual_report(title)


def test_a_cut_explainer_is_no_report() -> None:
    assert title_verdict("一图读懂云溪区2024年政府信息公…") == "not_report"


def test_several_years_are_listed_and_none_is_chosen() -> None:
    parts = parse_title("2024年云溪区2023年政府信息公开工作年度报告")
    assert (parts.year, parts.years, parts.agency) == (None, (2024, 2023), "云溪区")


def test_digits_of_a_longer_number_are_no_year() -> None:
    assert parse_title("云溪区202211日政府信息公开工作年度报告").years == ()


def test_committee_names_are_compared_alike_but_kept_as_printed() -> None:
    assert agency_key("云溪高新区管理委员会") == agency_key("云溪 高新区管委会") == "云溪高新区管委会"


@given(st.text(max_size=400))
def test_any_text_has_a_verdict(title: str) -> None:
    assert title_verdict(title) in {"report", "not_report", "unclear"}


PLACES = st.sampled_from(["云溪区", "青川县", "白塔市", "石门镇", "白塔市云溪区"])
BODIES = st.sampled_from(["人民政府", "财政局", "文化和旅游局", "司法局", "高新区管理委员会"])
SHAPES = st.sampled_from(
    [
        "{agency}{year}年政府信息公开工作年度报告",
        "{agency}{year}年度政府信息公开年度报告",
        "{year}年{agency}政府信息公开工作年度报告",
        "{year}年度{agency}政府信息公开年报",
        "{agency}政府信息公开工作{year}年度报告",
        "{agency}{year}政府信息公开工作年度报告",
    ]
)


@given(place=PLACES, body=BODIES, year=st.integers(2008, 2030), shape=SHAPES, spaces=st.integers(0, 40))
def test_what_a_title_was_made_of_comes_back(
    place: str, body: str, year: int, shape: str, spaces: int
) -> None:
    title = shape.format(agency=place + body, year=year)
    broken = title[: spaces % len(title)] + " \n" + title[spaces % len(title) :]
    for printed in (title, broken):
        parts = parse_title(printed)
        assert (parts.agency, parts.year, parts.verdict) == (place + body, year, "report")
