"""Printed cells as figures: strict, exact, never a guess."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parsers.figures import heading_unit, read_figure
from parsers.forms import Kind

KINDS: tuple[Kind, ...] = ("count", "signed_count", "amount", "header")


@pytest.mark.parametrize(
    ("raw", "value"),
    [
        ("0", 0),
        ("53", 53),
        (" 7 ", 7),
        ("\u00a05\u3000", 5),
        ("\u200b12", 12),
        ("１２", 12),
        ("12件", 12),
        ("12 件", 12),
        ("31批次", 31),
        ("5項", 5),
        ("2条", 2),
        ("0件", 0),
        ("共12件", 12),
        ("1,234", 1234),
        ("1，234", 1234),
        ("12,345,678", 12345678),
        ("12345678", 12345678),
        ("0.00", 0),
        ("3.0", 3),
        ("1.5", Decimal("1.5")),
        ("-1", -1),
        ("－1", -1),
        ("−1", -1),
        ("1.2万", 12000),
        ("3万件", 30000),
        ("十二", 12),
        ("十二件", 12),
        ("一百零三", 103),
        ("两", 2),
        ("一件", 1),
        ("3户", 3),
        ("〇", 0),
        ("5。", 5),
    ],
)
def test_counts(raw: str, value: int) -> None:
    figure = read_figure(raw, "count", "件")
    assert (figure.value, figure.status, figure.note, figure.unit) == (value, "reported", None, "件")
    assert not isinstance(figure.value, Decimal) or figure.value != int(figure.value)


CHANGES = {
    "+20": 20,
    "-2": -2,
    "－2": -2,
    "−2": -2,
    "–2": -2,
    "减3": -3,
    "减少3项": -3,
    "增2": 2,
    "增加 2": 2,
    "减0": 0,
}


@pytest.mark.parametrize(("raw", "value"), CHANGES.items())
def test_changes(raw: str, value: int) -> None:
    assert read_figure(raw, "signed_count", "项")[:2] == (value, "reported")


@pytest.mark.parametrize(
    ("raw", "unit", "value", "note"),
    [
        ("0", "万元", 0, None),
        ("12.34", "万元", Decimal("12.34"), None),
        ("0.37万元", "万元", Decimal("0.37"), None),
        ("251000元", "万元", Decimal("25.1"), "printed unit: 元"),
        ("1元", "万元", Decimal("0.0001"), "printed unit: 元"),
        ("251,000元", "元", 251000, None),
        ("18.6萬元", "元", 186000, "printed unit: 万元"),
        ("25.1万元", "元", 251000, "printed unit: 万元"),
        ("1.2亿元", "元", 120000000, "printed unit: 亿元"),
        ("1.2万", "万元", Decimal("1.2"), None),
        ("12（万元）", "元", 120000, "printed unit: 万元"),
        ("￥3,000", "元", 3000, None),
        ("¥3000.50元", "元", Decimal("3000.5"), None),
        ("12000元（含代收）", "万元", Decimal("1.2"), "含代收; printed unit: 元"),
    ],
)
def test_amounts_come_in_the_unit_of_the_form(raw: str, unit: str, value: int, note: str | None) -> None:
    figure = read_figure(raw, "amount", unit)
    assert (figure.value, figure.status, figure.note, figure.unit) == (value, "reported", note, unit)


def test_a_unit_in_the_cell_beats_that_of_the_heading_and_that_beats_the_form() -> None:
    assert read_figure("12", "amount", "元", printed_unit="万元").value == 120000
    assert read_figure("12元", "amount", "元", printed_unit="万元").value == 12
    assert read_figure("12", "amount", "万元").value == 12


def test_an_amount_without_any_unit_has_no_known_size() -> None:
    figure = read_figure("25.1", "amount", "元", unit_must_be_printed=True)
    assert (figure.value, figure.status, figure.note) == (None, "unreadable", "unit not printed")
    for raw in ("0", "0.00", "零"):
        assert read_figure(raw, "amount", "元", unit_must_be_printed=True)[:2] == (0, "reported")
    assert read_figure("25.1", "amount", "元", printed_unit="万元", unit_must_be_printed=True).value == 251000


@pytest.mark.parametrize(
    ("raw", "value", "note"),
    [
        ("22（其中修订16件）", 22, "其中修订16件"),
        ("22(其中修订16件", 22, "其中修订16件"),
        ("22件〔含1件废止〕", 22, "含1件废止"),
        ("9（2）", 9, "2"),
        ("9（单位：件）", 9, "单位:件"),
        ("1（项）", 1, "项"),
    ],
)
def test_remarks_in_brackets(raw: str, value: int, note: str) -> None:
    assert read_figure(raw, "count", "件")[:3] == (value, "reported", note)


@pytest.mark.parametrize(
    ("raw", "kind"), [("12.5（万元）", "count"), ("12（单位：元）", "count"), ("3（件）", "amount")]
)
def test_a_unit_in_brackets_must_fit(raw: str, kind: Kind) -> None:
    unit = "万元" if kind == "amount" else "件"
    assert read_figure(raw, kind, unit)[:3] == (None, "unreadable", "unit does not fit")


@pytest.mark.parametrize("raw", ["", " ", "\u00a0", "\u3000\n", "\u200b\ufeff"])
def test_blank(raw: str) -> None:
    for kind in KINDS:
        assert read_figure(raw, kind, None)[:2] == (None, "blank")


@pytest.mark.parametrize("raw", ["-", "—", "——", "－", "/", "／", "–", "----", "- -", "－－", "\\", "―"])
def test_dash(raw: str) -> None:
    for kind in KINDS:
        assert read_figure(raw, kind, None)[:2] == (None, "dash")


@pytest.mark.parametrize(
    "raw",
    [
        "无",
        "無",
        "无。",
        "无此项",
        "不适用",
        "N/A",
        "n/a",
        "不涉及",
        "暂无",
        "未收费",
        "（无）",
        "无（本年度未发生）",
    ],
)
def test_not_applicable(raw: str) -> None:
    for kind in KINDS:
        assert read_figure(raw, kind, None)[:2] == (None, "not_applicable")


UNREADABLE = [
    "规章555",
    "****",
    "20231日",
    "2022年",
    "12月",
    "3日",
    "000",
    "0012",
    "1 2",
    "12 34",
    "1,23",
    "1,2345",
    "3/5",
    "3-5",
    "1+2",
    "①",
    "5①",
    "5²",
    "½",
    "约12",
    "12余件",
    "12%",
    "一",
    "一一",
    "3、",
    "二〇二四",
    "—2",
    "3件件",
    "12元",
    "O",
    "l2",
    "12?",
    "第3件",
    "规章",
    "?。ㄒ唬┲",
    "5*",
    "（3）",
    "（1）5",
    "增2",
    "减2",
    "1.2.3",
    ".5",
    "5..",
    "--2",
    "1e3",
    "٣",
    "9999999999",
]


@pytest.mark.parametrize("raw", UNREADABLE)
def test_unreadable_as_a_count(raw: str) -> None:
    assert read_figure(raw, "count", "件")[:2] == (None, "unreadable")


@pytest.mark.parametrize("raw", ["3件", "5美元", "12万件", "12元左右", "增2", "1.2.3元", "0.123456789元"])
def test_unreadable_as_an_amount(raw: str) -> None:
    assert read_figure(raw, "amount", "万元")[:2] == (None, "unreadable")


def test_a_heading_line_has_no_figure() -> None:
    assert read_figure("5", "header", None)[:3] == (None, "unreadable", "no figure expected")


@pytest.mark.parametrize(
    ("heading", "unit"),
    [
        ("本年收费金额（单位：万元）", "万元"),
        ("本年收费金额 (单位:元)", "元"),
        ("采购总金额（万元）", "万元"),
        ("收费金额：元", "元"),
        ("采购总金额", None),
        ("本年（2023）收费金额", None),
        ("本年收費金額（單位：萬元）", "万元"),
        ("本年收费金额（人民币元）", "元"),
        ("本年收费金额（以元为单位）", "元"),
        ("本年收费金额（单位 元）", "元"),
        ("本年收费金额（单位：元）（含税）", "元"),
        ("本年收费金额（单位：元、万元）", "元、万元"),
        ("本年收费金额（单位：元）（万元）", "元、万元"),
        ("本年收费金额（美元）", "美元"),
        ("政府信息公开专项经费（不包括用于政府公报编辑管理等方面的经费）", None),
        ("收费（共3个单元）", "共3个单元"),
    ],
)
def test_unit_of_a_heading(heading: str, unit: str | None) -> None:
    assert heading_unit(heading) == unit


def test_units_beside_one_figure_must_agree() -> None:
    assert heading_unit("本年收费金额", "行政事业性收费（元）", "") == "元"
    assert heading_unit("本年收费金额（单位：元）", "行政事业性收费（元）") == "元"
    printed = heading_unit("本年收费金额（单位：万元）", "行政事业性收费（元）")
    assert read_figure("12", "amount", "万元", printed_unit=printed)[:2] == (None, "unreadable")
    assert read_figure("0", "amount", "万元", printed_unit=printed)[:2] == (0, "reported")
    assert read_figure("12元", "amount", "万元", printed_unit=printed)[:2] == (Decimal("0.0012"), "reported")


@given(st.integers(0, 999_999_999), st.sampled_from(["", "件", "条", "批次"]), st.booleans())
def test_every_plain_count_is_itself(number: int, counter: str, grouped: bool) -> None:
    raw = (f"{number:,}" if grouped else str(number)) + counter
    assert read_figure(raw, "count", "件")[:2] == (number, "reported")
    wide = raw.translate({ord(digit): ord("０") + int(digit) for digit in "0123456789"})
    assert read_figure(wide, "count", "件").value == number


@given(st.decimals(0, 10**9, places=4), st.sampled_from(["元", "万元", "千元", "亿元"]))
def test_money_is_converted_exactly(amount: Decimal, unit: str) -> None:
    size = {"元": 1, "千元": 1000, "万元": 10**4, "亿元": 10**8}[unit]
    value = read_figure(f"{amount}{unit}", "amount", "万元").value
    assert value is not None
    assert Decimal(value) * 10**4 == amount * size


@given(
    st.text(max_size=40) | st.text("0123456789,.-+件元万（）()/无 减增一二十〇零", max_size=12),
    st.sampled_from(KINDS),
)
def test_nothing_raises_and_only_reported_cells_have_a_value(raw: str, kind: Kind) -> None:
    figure = read_figure(raw, kind, "元" if kind == "amount" else "件")
    assert (figure.value is not None) == (figure.status == "reported")
    if figure.status == "reported":
        assert any(char.isdigit() or char in "〇零一二三四五六七八九十百千两" for char in raw)
        assert figure.value is not None
        assert abs(figure.value) < 10**24


@given(st.text(max_size=10), st.integers(0, 999))
def test_words_glued_to_a_figure_are_no_figure_unless_known(word: str, number: int) -> None:
    figure = read_figure(f"规章{word}{number}", "count", "件")
    assert figure.status in ("unreadable",)


def test_a_very_long_cell_is_not_read() -> None:
    assert read_figure("1" * 100_000, "count", "件").status == "unreadable"
    assert read_figure("（" * 100_000, "count", "件").status == "unreadable"


def test_digits_shown_in_reverse_are_not_read() -> None:
    assert read_figure("\u202e12", "count", "件").status == "unreadable"
