"""Days, numbers and labelled metadata of a page."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parsers.document import Cell, Table
from parsers.identity.codes import credit_codes, is_credit_code, is_organisation_code
from parsers.identity.dates import day_in_address, read_day
from parsers.records import Hints
from tests.parsers.handmade import METADATA, body, document, identity


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
        ("２０２５－０１－１７", "2025-01-17"),
        ("2025–01–17", "2025-01-17"),
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


@pytest.mark.parametrize(
    "lines",
    [
        ["【发布时间】2025-01-17"],
        ["[发布时间]2025年1月17日"],
        ["發佈時間：2025-01-17"],
        ["发布日期 2025-01-17"],
        ["2025-01-17 来源：云溪区财政局"],
        ["• 2025年01月17日", "• 来源：云溪区财政局"],
        ["来源：云溪区财政局", "[2025-01-17]"],
        ["2025年01月17日来源：云溪区财政局"],
        ["信息来源：云溪区财政局发布时间：2025-01-17 16:49被阅览数："],
        ["2025-01-17 作者：佚名 点击数："],
    ],
)
def test_ways_to_print_the_day(lines: list[str]) -> None:
    found = identity(document("2024年政府信息公开工作年度报告", *lines, *body()))
    assert (found.published_on, found.published_on_from) == ("2025-01-17", "page")


@pytest.mark.parametrize(
    "lines",
    [
        ["云溪区财政局2024年政府信息公开工作年度报告", "（2025年1月17日）"],
        ["云溪区财政局", "2024年政府信息公开工作年度报告", "二〇二五年一月十七日"],
        ["2024年政府信息公开工作年度报告", "云溪区财政局", "（2025年1月17日）"],
    ],
)
def test_the_day_under_the_title(lines: list[str]) -> None:
    found = identity(document(*lines, *body()))
    assert (found.published_on, found.published_on_from) == ("2025-01-17", "signature")


def test_a_day_beside_nothing_is_not_that_of_publication() -> None:
    found = identity(document("2025-01-17 星期五", "2024年政府信息公开工作年度报告", *body()))
    assert found.published_on is None


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
