"""Ragged tables: figures known beforehand are written in every text form and come back, or stay open."""

from collections.abc import Mapping
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from parsers.align import Alignment, align
from parsers.forms import load_forms
from parsers.readers.text import read_text
from parsers.records import CellKey, Fact
from tests.render.text import FORMS, TextForm, render_text

ERAS = ("fmt2021", "fmt2019")
READABLE: tuple[TextForm, ...] = tuple(form for form in FORMS if form not in ("I", "J"))
FIGURES = ("0", "0", "0", "1", "2", "3", "12", "45", "1472")


def cells(era: str) -> list[CellKey]:
    return [(cell.table, cell.row, cell.column) for cell in load_forms()[era].cells()]


def numbered(era: str) -> dict[CellKey, str]:
    """A different figure in every cell, so that a misplaced one shows; the amount without a unit stays 0."""
    figures = {key: str(100 + index) for index, key in enumerate(cells(era))}
    return {key: "0" if key[2] == "total_amount" else value for key, value in figures.items()}


def read(text: str) -> Alignment:
    return align(read_text(text, "utf-8"))


def by_key(text: str) -> dict[CellKey, Fact]:
    return {fact.key: fact for fact in read(text).facts}


def assert_nothing_wrong(found: Mapping[CellKey, Fact], truth: Mapping[CellKey, str]) -> None:
    for key, fact in found.items():
        if fact.status == "reported":
            assert fact.raw == truth.get(key), fact
        if fact.status in ("blank", "dash", "not_applicable"):
            assert key not in truth, fact


@pytest.mark.parametrize("form", READABLE)
@pytest.mark.parametrize("era", ERAS)
def test_every_form_gives_a_full_report_back(form: TextForm, era: str) -> None:
    truth = numbered(era)
    alignment = read(render_text(truth, era=era, form=form))
    assert alignment.era == era
    assert {fact.key: fact.raw for fact in alignment.facts} == truth
    assert {fact.status for fact in alignment.facts} == {"reported"}


@pytest.mark.parametrize("lines", ["separated", "bare", "collapsed"])
def test_one_cell_per_line_with_any_empty_lines(lines: str) -> None:
    truth = numbered("fmt2021")
    found = by_key(render_text(truth, form="A", blank_lines=lines))  # type: ignore[arg-type]
    assert {key: fact.raw for key, fact in found.items() if fact.status == "reported"} == truth


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_no_rendering_with_blanks_gives_a_wrong_figure(data: st.DataObject) -> None:
    era = data.draw(st.sampled_from(ERAS))
    keys = cells(era)
    random = data.draw(st.randoms(use_true_random=False))
    share = data.draw(st.sampled_from((0.0, 0.02, 0.1, 0.5, 0.95)))
    truth = {
        key: "0" if key[2] == "total_amount" else random.choice(FIGURES)
        for key in keys
        if random.random() >= share
    }
    form = data.draw(st.sampled_from(FORMS))
    lines = data.draw(st.sampled_from(("separated", "bare", "collapsed")))
    text = render_text(truth, era=era, form=form, blank_lines=lines, last_row_pads=data.draw(st.booleans()))
    found = by_key(text)
    assert_nothing_wrong(found, truth)
    if not share and form in READABLE:
        assert {key: fact.raw for key, fact in found.items()} == truth


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_lost_lines_never_move_a_figure(data: st.DataObject) -> None:
    """Cut the text anywhere: what is still reported is right."""
    truth = numbered(data.draw(st.sampled_from(ERAS)))
    era = "fmt2019" if ("procurement", "gov_central_procurement", "total_amount") in truth else "fmt2021"
    lines = render_text(truth, era=era, form=data.draw(st.sampled_from(FORMS))).splitlines()  # type: ignore[arg-type]
    start = data.draw(st.integers(0, len(lines) - 1))
    end = data.draw(st.integers(start, len(lines)))
    found = by_key("\n".join(lines[start:end]))
    reported = {
        key: fact.raw for key, fact in found.items() if fact.status == "reported" and "x_" not in key[1]
    }
    assert reported.items() <= truth.items()


def dropped(key: CellKey) -> dict[CellKey, str]:
    return {other: value for other, value in numbered("fmt2021").items() if other != key}


@pytest.mark.parametrize("form", ["B", "E", "F", "G", "H", "L"])
def test_fewer_figures_than_columns_are_ambiguous_in_all_cells(form: TextForm) -> None:
    found = by_key(render_text(dropped(("requests", "received", "business")), form=form))
    row = [fact for key, fact in found.items() if key[:2] == ("requests", "received")]
    assert {fact.status for fact in row} == {"ambiguous"}
    assert len(row) == 7
    assert all(fact.value is None and fact.raw and "110" in fact.raw for fact in row)
    assert found["requests", "carried_in", "total"].status == "reported"


@pytest.mark.parametrize("form", ["C", "D1", "D2", "E2"])
def test_kept_empty_cells_are_blank(form: TextForm) -> None:
    key = ("requests", "received", "business")
    found = by_key(render_text(dropped(key), form=form))
    assert found[key].status == "blank"
    assert found[key].raw == ""
    assert {fact.status for other, fact in found.items() if other != key} == {"reported"}


def test_empty_lines_count_blanks_unless_a_tool_folded_them() -> None:
    key = ("documents", "regulation", "repealed")
    for lines in ("separated", "bare"):
        text = render_text(dropped(key), form="A", blank_lines=lines)  # type: ignore[arg-type]
        assert by_key(text)[key].status == "blank"
    folded = by_key(render_text(dropped(key), form="A", blank_lines="collapsed"))
    assert folded[key].status == "ambiguous"
    assert folded["documents", "regulation", "in_force"].status == "ambiguous"


def test_row_of_pads_alone_is_a_row_of_blanks() -> None:
    truth = {
        key: value for key, value in numbered("fmt2021").items() if key[:2] != ("documents", "regulation")
    }
    text = render_text(truth, form="B")
    assert "规章 | |||" in text
    assert {fact.status for key, fact in by_key(text).items() if key[1] == "regulation"} == {"blank"}
    # Without its padding the row may have lost its figures.
    cut = by_key(text.replace("规章 | |||", "规章 |"))
    assert {fact.status for key, fact in cut.items() if key[1] == "regulation"} == {"absent"}


def test_lost_row_is_absent() -> None:
    text = render_text(numbered("fmt2021"), form="B")
    kept = "\n".join(line for line in text.splitlines() if "重复申请" not in line)
    found = by_key(kept)
    assert {fact.status for key, fact in found.items() if key[1] == "not_processed_duplicate"} == {"absent"}
    assert sum(fact.status == "reported" for fact in found.values()) == 193


def test_removed_repeats_leave_only_whole_rows_followed_by_the_next() -> None:
    truth = dict.fromkeys(cells("fmt2021"), "0")
    truth |= {
        ("documents", "normative_document", "issued"): "3",
        ("documents", "normative_document", "repealed"): "1",
    }
    truth["documents", "normative_document", "in_force"] = "12"
    truth["licensing", "admin_license", "decisions"] = "45"
    found = by_key(render_text(truth, form="I"))
    reported = {key: fact.raw for key, fact in found.items() if fact.status == "reported"}
    assert reported == {key: value for key, value in truth.items() if value != "0"}
    assert {fact.status for key, fact in found.items() if key[1] == "regulation"} == {"ambiguous"}
    assert not any(fact.status == "blank" for fact in found.values())


@pytest.mark.parametrize(
    "text",
    [
        "第二十条第(一)项信息内容本年制发件数本年废止件数现行有效件数规章333行政规范性文件3112第二十条第(五)项",
        "第二十条第(一)项\n信息内容\n本年制发件数\n本年废止件数\n现行有效件数\n规章333\n行政规范性文件3112",
    ],
)
def test_figures_run_together_are_unreadable_with_the_run(text: str) -> None:
    facts = [fact for fact in read(text).facts if fact.table == "documents"]
    assert {fact.status for fact in facts} == {"unreadable"}
    assert {fact.raw for fact in facts} == {"333", "3112"}


def test_headings_set_vertically_are_placed_by_order() -> None:
    alignment = read(render_text(numbered("fmt2021"), form="K"))
    disputes = [fact for fact in alignment.facts if fact.table == "disputes"]
    assert {(fact.status, fact.method) for fact in disputes} == {("reported", "position")}
    assert alignment.reading.damaged_headings["disputes"]


def test_headings_cut_at_the_line_break_are_placed_by_order() -> None:
    text = render_text(numbered("fmt2021"), form="B")
    head, table = text.split("行政复议 | 行政诉讼")
    for whole, rest in (
        ("结果维持", "结果"),
        ("结果纠正", "结果"),
        ("其他结果", "其他"),
        ("尚未审结", "尚未"),
    ):
        table = table.replace(whole, rest)
    alignment = read(f"{head}行政复议 | 行政诉讼{table}")
    assert {(f.status, f.method) for f in alignment.facts if f.table == "disputes"} == {
        ("reported", "position")
    }
    assert {f.method for f in alignment.facts if f.table == "requests"} == {"label"}


def test_headings_in_another_order_are_followed() -> None:
    text = render_text(numbered("fmt2021"), form="B")
    swapped = text.replace("商业企业 | 科研机构", "科研机构 | 商业企业")
    found = by_key(swapped)
    truth = numbered("fmt2021")
    assert (
        found["requests", "received", "business"].raw == truth["requests", "received", "research_institution"]
    )
    assert (
        found["requests", "received", "research_institution"].raw == truth["requests", "received", "business"]
    )


def test_eighth_column_is_kept_apart_and_seven_figures_prove_nothing_then() -> None:
    text = render_text(numbered("fmt2021"), form="E").replace(
        "法律服务机构 | 其他 |", "法律服务机构 | 其他 | 小计 |"
    )
    received = next(line for line in text.splitlines() if line.startswith("一、本年新收"))
    assert by_key(text)["requests", "received", "total"].status == "ambiguous"
    figures = received.split(" | ")
    widened = " | ".join([*figures[:-1], "555", figures[-1]])
    found = by_key(text.replace(received, widened))
    assert found["requests", "received", "x_org_total"].value == 555
    assert found["requests", "received", "total"].value == 116


def test_row_the_form_does_not_have_does_not_shift_the_next() -> None:
    text = render_text(numbered("fmt2021"), form="A", blank_lines="collapsed")
    more = text.replace("行政规范性文件\n", "其他主动公开文件\n7\n8\n9\n行政规范性文件\n")
    found = by_key(more)
    extra = [fact for key, fact in found.items() if key[1].startswith("x_")]
    assert [fact.raw for fact in extra] == ["7", "8", "9"]
    assert {fact.note for fact in extra} == {"其他主动公开文件"}
    assert found["documents", "normative_document", "issued"].raw == "103"


def test_both_forms_in_one_table_are_read_each_by_its_heading() -> None:
    mixed = (
        "第二十条第(一)项 | |||\n信息内容 | 本年新制作数量 | 本年新公开数量 | 对外公开总数量 |\n"
        "规章 | 1 | 2 | 3 |\n"
        "规范性文件 | 4 | 5 | 6 |\n第二十条第(五)项 | |||\n信息内容 | 本年处理决定数量 | ||\n"
        "行政许可 | 7 | ||\n"
    )
    alignment = read(mixed)
    assert alignment.reading.sub_table_eras == {"documents": "fmt2019", "licensing": "fmt2021"}
    assert alignment.era is None
    assert sorted(fact.raw or "" for fact in alignment.facts if fact.status == "reported") == list("1234567")


def test_dates_without_their_units_are_never_counts() -> None:
    text = render_text(
        numbered("fmt2021"),
        form="A",
        narrative=("本报告统计期限为202211日起至20221231日止", "202211", "共公开33"),
    )
    found = by_key(text)
    assert "202211" not in {fact.raw for fact in found.values()}


def test_the_same_table_twice_with_other_figures_is_ambiguous() -> None:
    one = render_text(numbered("fmt2021"), form="B")
    other = render_text(dict.fromkeys(cells("fmt2021"), "9"), form="B")
    assert {fact.status for fact in read(f"{one}\n{other}").facts} == {"ambiguous"}


def test_where_leads_to_the_printed_cell() -> None:
    document = read_text(render_text(numbered("fmt2019"), era="fmt2019", form="E"), "utf-8")
    tables = list(document.tables())
    for fact in align(document).facts:
        assert fact.where is not None
        assert tables[fact.where.table].rows[fact.where.row][fact.where.column].text == fact.raw


def test_rows_with_cut_names_are_placed_between_known_rows() -> None:
    text = render_text(numbered("fmt2021"), form="B").replace("2.重复申请", "2.重")
    found = by_key(text)
    fact = found["requests", "not_processed_duplicate", "total"]
    assert (fact.status, fact.method) == ("reported", "position")
    # Two neighbours lost and one cut name left: it could be either.
    fewer = "\n".join(line for line in text.splitlines() if "公开出版物" not in line)
    statuses = {key[1]: f.status for key, f in by_key(fewer).items() if f.raw and key[2] == "total"}
    assert "not_processed_duplicate" not in statuses
    assert [status for row, status in statuses.items() if row.startswith("x_")] == ["ambiguous"]


def balanced() -> dict[CellKey, str]:
    """Table 3 that adds up: 4 + 1 requests received, granted and concluded; everything else 0."""
    truth = dict.fromkeys(cells("fmt2021"), "0")
    for row in ("received", "granted", "concluded"):
        for column, figure in (("natural_person", "4"), ("business", "1"), ("total", "5")):
            truth["requests", row, column] = figure
    return truth


@pytest.mark.parametrize("row", ["received", "granted", "concluded"])
def test_sums_place_a_row_that_lost_its_blanks_when_one_placement_adds_up(row: str) -> None:
    truth = {key: value for key, value in balanced().items() if key[1] != row or value != "0"}
    found = by_key(render_text(truth, form="B"))
    placed = {key[2]: (fact.status, fact.raw, fact.method) for key, fact in found.items() if key[1] == row}
    assert placed["natural_person"] == ("reported", "4", "position")
    assert placed["total"] == ("reported", "5", "position")
    assert placed["legal_service"] == ("blank", "", "position")
    assert_nothing_wrong(found, truth)


def test_sums_that_allow_two_placements_or_contradict_decide_nothing() -> None:
    kept = ("natural_person", "business", "research_institution", "total")
    # A printed 0 may stand in any of the columns that hold nothing.
    open_zero = {key: v for key, v in balanced().items() if key[1] != "received" or key[2] in kept}
    assert by_key(render_text(open_zero, form="B"))["requests", "received", "total"].status == "ambiguous"
    # The other rows say 4, 1 and 5; the printed 6 fits nowhere.
    wrong = {key: v for key, v in balanced().items() if key[1] != "received" or v != "0"}
    wrong["requests", "received", "total"] = "6"
    assert by_key(render_text(wrong, form="B"))["requests", "received", "total"].status == "ambiguous"
    # Two rows of the same balance are short: no sum is fixed.
    both = {
        key: v
        for key, v in balanced().items()
        if key[1] not in ("received", "concluded", "granted") or v != "0"
    }
    assert by_key(render_text(both, form="B"))["requests", "received", "total"].status == "ambiguous"


CORNER = "(本列数据的勾稽关系为:第一项加第二项之和,等于第三项加第四项之和) | "
HEADS = "商业企业 | 科研机构 | 社会公益组织 | 法律服务机构 | 其他 | |||||"
HALVES = "商业 | 科研 | 社会公益组织 | 法律服务机构 | 其他 | |||||"
LONG = "1.申请人无正当理由逾期不补正、行政机关不再处理其政府信息公开申请"
PRINTED_OTHERWISE = {
    "total row without its numeral": ("B", "（七）总计", "总计"),
    "last row of a group without its numeral": ("A", "3.其他", "其他"),
    "year in the heading": ("B", "本年制发件数", "本年(2023)制发件数"),
    "no corner note": ("B", CORNER, ""),
    "heading on four rows": (
        "B",
        HEADS,
        "商业 | 科研 | 社会公益组织 | 法律服务机构 | 其他 | |||||\n企业 | 机构 | ||||||||",
    ),
    "heading row with empty ends": ("B", HEADS, f"| {HEADS}"),
    "hint behind a label": ("B", "规章 | ", "规章(指有正式文号的文件) | "),
    "name of the law before the caption": (
        "B",
        "第二十条第（一）项",
        "中华人民共和国政府信息公开条例 第二十条第(一)项",
    ),
    "caption in two cells": ("B", "第二十条第（八）项 | |||", "第二十条 | 第（八）项 | ||"),
    "label on two lines, figures behind it": ("H", LONG, f"{LONG[:24]}\n{LONG[24:]}"),
    "label on two lines, one cell per line": ("A", LONG, f"{LONG[:24]}\n{LONG[24:]}"),
    "page number with dashes": ("A", "2.重复申请", "- 5 -\n2.重复申请"),
    "whole report in one line of pipes": ("B", "\n", " | "),
    "whole report in one line of blanks": ("H", "\n", " "),
    "tabs": ("H", " ", "\t"),
    "empty lines between rows": ("B", "\n", "\n\n"),
    "full-width brackets": ("E", "(", "（"),
    "lines ended for another system": ("C", "\n", "\r\n"),
}


@pytest.mark.parametrize("name", PRINTED_OTHERWISE)
def test_prints_that_differ_give_the_same_figures(name: str) -> None:
    form, printed, other = PRINTED_OTHERWISE[name]
    text = render_text(numbered("fmt2021"), form=form, blank_lines="collapsed")  # type: ignore[arg-type]
    assert printed in text
    found = by_key(text.replace(printed, other))
    assert {key: fact.raw for key, fact in found.items() if fact.status == "reported"} == numbered("fmt2021")


@pytest.mark.parametrize("line", ["5", "7\n8"])
def test_page_number_within_a_row_leaves_it_open(line: str) -> None:
    text = render_text(numbered("fmt2021"), form="A", blank_lines="collapsed")
    found = by_key(text.replace("2.重复申请\n", f"2.重复申请\n{line}\n"))
    assert {fact.status for key, fact in found.items() if key[1] == "not_processed_duplicate"} == {
        "ambiguous"
    }


def test_figure_in_the_cell_of_its_label_is_kept_apart() -> None:
    label = "本行政区域政府信息公开发布总数量(非新闻类、消息类)"
    text = render_text(numbered("fmt2021"), form="B").replace("三、收到", f"{label}:12条 | |||\n三、收到", 1)
    extra = [fact for fact in read(text).facts if fact.row.startswith("x_")]
    assert [(fact.value, fact.note, fact.raw) for fact in extra] == [(12, label, f"{label}:12条")]


def _filled_rows(rows: list[list[str]], width: int) -> str:
    """Markdown whose rows are filled up at their ends."""
    lines = [f"| {' | '.join([*row, *[''] * (width - len(row))])} |" for row in rows]
    return "\n".join([lines[0], "| --- " * width + "|", *lines[1:]])


CHANGES = [
    ["第二十条第（五）项"],
    ["信息内容", "上一年项目数量", "本年增/减", "处理决定数量"],
    ["行政许可", "31", "32", "33"],
    ["其他对外管理服务事项", "34", "35", "36"],
    ["第二十条第（八）项"],
    ["信息内容", "上一年项目数量", "本年增/减"],
]


def test_rows_filled_up_at_their_ends_prove_no_blank() -> None:
    rows = [*CHANGES[:3], ["其他对外管理服务事项", "35", "36"]]
    found = by_key(f"二、主动公开政府信息情况\n{_filled_rows(rows, 5)}\n三、收到和处理政府信息公开申请情况\n")
    statuses = {key[2]: fact.status for key, fact in found.items() if key[1] == "other_external_service"}
    assert set(statuses.values()) == {"ambiguous"}
    assert found["licensing", "admin_license", "decisions"].value == 33


def test_a_blank_in_front_of_a_figure_proves_that_blanks_are_kept() -> None:
    rows = [*CHANGES[:3], ["其他对外管理服务事项", "", "36", ""]]
    found = by_key(f"二、主动公开政府信息情况\n{_filled_rows(rows, 5)}\n三、收到和处理政府信息公开申请情况\n")
    figures = {key[2]: fact.value for key, fact in found.items() if key[1] == "other_external_service"}
    assert figures == {"items_prev_year": None, "items_change": 36, "decisions": None}


def test_room_at_the_end_is_measured_among_rows_of_as_many_columns() -> None:
    rows = [*CHANGES, ["行政事业性收费", "", "7", ""]]
    found = by_key(f"二、主动公开政府信息情况\n{_filled_rows(rows, 5)}\n三、收到和处理政府信息公开申请情况\n")
    assert {fact.status for key, fact in found.items() if key[0] == "fees"} == {"ambiguous"}


def _requests_in_pipes(heads: list[list[str]], rows: list[list[str]]) -> str:
    lines = [["申请人情况"], *heads, *rows]
    table = "\n".join(" | ".join(line) + " |" for line in lines)
    return f"三、收到和处理政府信息公开申请情况\n{table}\n四、政府信息公开行政复议、行政诉讼情况\n"


KINDS = ["商业企业", "科研机构", "社会公益组织", "法律服务机构", "其他"]
IN_ORDER = [["自然人", "法人或其他组织", "总计"], KINDS]
TWO_ROWS = ["一、本年新收政府信息公开申请数量", "二、上年结转政府信息公开申请数量"]


def _statuses(text: str, table: str) -> set[str]:
    return {fact.status for key, fact in by_key(text).items() if key[0] == table and fact.where is not None}


def test_a_total_in_front_leaves_the_columns_open() -> None:
    heads = [["总计", "自然人", "法人或其他组织"], KINDS]
    rows = [[label, *"2110000"] for label in TWO_ROWS]
    assert _statuses(_requests_in_pipes(IN_ORDER, rows), "requests") == {"reported"}
    assert _statuses(_requests_in_pipes(heads, rows), "requests") == {"ambiguous"}


def test_a_column_that_is_not_there_leaves_the_others_open() -> None:
    heads = [IN_ORDER[0], [kind for kind in KINDS if kind != "法律服务机构"]]
    rows = [[label, *"2110000"] for label in TWO_ROWS]
    assert _statuses(_requests_in_pipes(heads, rows), "requests") == {"ambiguous"}


def test_a_full_row_beside_rows_too_long_and_too_short_is_open() -> None:
    labels = [*TWO_ROWS, "四、结转下年度继续办理"]
    rows = [[label, "5", *"2110000"][:size] for label, size in zip(labels, (9, 8, 7), strict=True)]
    assert _statuses(_requests_in_pipes(IN_ORDER, rows), "requests") == {"ambiguous"}


@pytest.mark.parametrize(
    "groups",
    [
        ("行政诉讼", "行政复议", "未经复议直接起诉", "复议后起诉"),
        ("行政复议", "行政诉讼", "复议后起诉", "未经复议直接起诉"),
    ],
)
def test_groups_of_table_four_in_another_order_leave_it_open(groups: tuple[str, ...]) -> None:
    text = render_text(numbered("fmt2021"), form="B")
    names = dict(zip(("行政复议", "行政诉讼", "未经复议直接起诉", "复议后起诉"), groups, strict=True))
    head, heading, table = text.rpartition("行政诉讼情况\n")
    for at, name in enumerate(names):
        table = table.replace(name, f"<{at}>", 1)
    for at, name in enumerate(groups):
        table = table.replace(f"<{at}>", name)
    assert _statuses(head + heading + table, "disputes") == {"ambiguous"}


def test_two_rows_of_figures_below_table_four_are_both_read() -> None:
    truth = numbered("fmt2021")
    row = [value for key, value in truth.items() if key[0] == "disputes"]
    text = render_text(truth, form="B").replace(
        " | ".join(row), f"{' | '.join(map(str, range(1, 16)))} |\n{' | '.join(row)}"
    )
    assert _statuses(text, "disputes") == {"ambiguous"}


def test_a_code_between_label_and_figures_is_no_figure() -> None:
    rows = [*CHANGES[:2], ["行政许可", "7", "31", "33"], ["其他对外管理服务事项", "8", "34", "35", "36"]]
    rows[1] = [rows[1][0], "代码", *rows[1][1:]]
    found = by_key(f"二、主动公开政府信息情况\n{_filled_rows(rows, 5)}\n三、收到和处理政府信息公开申请情况\n")
    licences = {fact.status for key, fact in found.items() if key[:2] == ("licensing", "admin_license")}
    services = [fact.value for key, fact in found.items() if key[1] == "other_external_service"]
    assert licences - {"absent"} == {"ambiguous"}
    assert services[:3] == [34, 35, 36]


def test_merged_figures_printed_for_each_column_are_no_figures_too_many() -> None:
    rows = [
        ["第二十条第（一）项"] * 4,
        ["信息内容", "本年制发件数", "本年废止件数", "现行有效件数"],
        ["规章", "1", "2", "3"],
        ["行政规范性文件", "4", "5", "6"],
    ]
    for at, (caption, label) in enumerate((("五", "行政许可"), ("六", "行政处罚"), ("六", "行政强制"))):
        rows += [
            [f"第二十条第（{caption}）项"] * 4,
            ["信息内容", *["本年处理决定数量"] * 3],
            [label, *[str(at)] * 3],
        ]
    text = "\n".join(f"| {' | '.join(row)} |" for row in rows)
    found = by_key(f"二、主动公开政府信息情况\n{text}\n三、收到和处理政府信息公开申请情况\n")
    figures = [fact.value for key, fact in found.items() if key[0] == "documents"]
    assert figures == [1, 2, 3, 4, 5, 6]


def test_a_row_broken_at_a_blank_cell_proves_no_columns() -> None:
    """A writer that keeps some blank cells as a line break drops the others: the 54 has two places."""
    truth = numbered("fmt2019") | {("documents", "normative_document", "disclosed_total"): "54"}
    text = render_text(truth, era="fmt2019", form="B")
    new = ("made_new", "disclosed_new", "disclosed_total")
    keys = [("documents", row, column) for row in ("regulation", "normative_document") for column in new]
    one, two = [" | ".join(truth[key] for key in keys[at : at + 3]) for at in (0, 3)]
    broken = text.replace(f"规章 | {one} | |", f"规章 |\n| {truth[keys[1]]} | ||")
    broken = broken.replace(f"规范性文件 | {two} | |", f"规范性文件 | {truth[keys[3]]} | 54 | ||")
    assert "| 54 | ||" in broken
    assert "规章 |\n" in broken
    found = by_key(broken)
    assert [found[key].status for key in keys[3:]] == ["ambiguous"] * 3
    assert [key for key in keys[:3] if found[key].status == "reported"] == []


def test_a_caption_in_one_line_with_the_headings_hides_none_of_them() -> None:
    facts = by_key(
        "第二十条第（五）项|信息内容|本年处理决定数量|\n|行政许可|7|\n"
        "第二十条第（八）项|信息内容|本年收费金额（单位：元）|\n|行政事业性收费|7|\n"
    )
    assert facts["licensing", "admin_license", "decisions"].value == 7
    assert facts["fees", "admin_fee", "amount_wan_yuan"].value == Decimal("0.0007")


@pytest.mark.parametrize("place", ["caption", "name"])
def test_fees_in_yuan_by_their_caption_or_name(place: str) -> None:
    caption, name = ("（单位：元）", "") if place == "caption" else ("", "（元）")
    facts = by_key(
        f"第二十条第（八）项{caption} |\n信息内容 | 本年收费金额 |\n行政事业性收费{name} | 7 |\n"
        "第二十条第（五）项 |\n信息内容 | 本年处理决定数量 |\n行政许可 | 7 |\n"
    )
    assert facts["fees", "admin_fee", "amount_wan_yuan"].value == Decimal("0.0007")


def test_captions_beside_their_rows_lose_no_figure() -> None:
    facts = by_key(
        "条款|信息内容|本年处理决定数量\n第二十条第（五）项|行政许可|12\n第二十条第（六）项|行政处罚|3\n|行政强制|1\n"
    )
    found = {key[1]: fact.value for key, fact in facts.items() if fact.where is not None}
    assert found == {"admin_license": 12, "admin_penalty": 3, "admin_compulsion": 1}


@pytest.mark.parametrize("form", [form for form in READABLE if form not in ("B", "E", "F")])
@pytest.mark.parametrize(
    ("printed", "status"),
    [
        ("不涉及", "not_applicable"),
        ("暂无", "not_applicable"),
        ("3期", "reported"),
        ("12 件", "reported"),
        ("－", "dash"),
    ],
)
def test_words_in_a_cell_are_the_same_in_texts_and_pages(form: TextForm, printed: str, status: str) -> None:
    truth = numbered("fmt2021") | {("enforcement", "admin_compulsion", "decisions"): printed}
    found = by_key(render_text(truth, form=form))
    assert found["enforcement", "admin_compulsion", "decisions"].status == status
    assert {key: fact.raw for key, fact in found.items()} == truth


def test_cells_that_open_with_a_pipe_each_on_a_line_of_its_own() -> None:
    truth = numbered("fmt2021")
    lines = render_text(truth, form="A", blank_lines="bare").splitlines()
    tabular = [line for line in lines if line.isdigit() or (len(line) < 40 and line[-1:] != "。")]
    sections = ("一、总", "二、主", "三、收", "四、政", "五、存", "六、其")
    opened = [f"|{line}" if line in tabular and line[:3] not in sections else line for line in lines]
    found = by_key("\n".join(opened))
    assert {key: fact.raw for key, fact in found.items() if fact.status == "reported"} == truth
    short = [line for line in opened if line != f"|{truth['requests', 'granted', 'business']}"]
    lost = by_key("\n".join(short))
    assert {fact.status for key, fact in lost.items() if key[:2] == ("requests", "granted")} == {"ambiguous"}
    assert not any(fact.status == "blank" for fact in lost.values())


@pytest.mark.parametrize(("form", "ruled"), [("B", False), ("B", True), ("F", False)])
def test_rows_broken_at_a_blank_cell_are_no_rows_of_blanks(form: TextForm, ruled: bool) -> None:
    """Of six blank cells one held a line break and is kept, five are dropped; only the total is printed."""
    truth = numbered("fmt2021")
    lines = []
    for line in render_text(truth, form=form).splitlines():
        cells_of = [cell.strip() for cell in line.strip("| ").split(" | ")]
        figures = [cell for cell in cells_of if cell.isdigit()]
        if len(figures) != 7:
            lines.append(line)
            if ruled and "勾稽关系" in line:
                lines.append("|---" * 10 + "|")
            continue
        labels = cells_of[: len(cells_of) - 7]
        frame = "| " if form == "F" else ""
        lines.append(f"{frame}{' | '.join(labels)} |\n| {figures[-1]} | {'|' * (8 - len(labels))}")
    assert len(lines) > 25
    found = by_key("\n".join(lines))
    outcomes = {key: fact for key, fact in found.items() if key[0] == "requests"}
    assert {fact.status for fact in outcomes.values()} == {"ambiguous"}
    assert [fact.status for key, fact in found.items() if key[0] == "documents"] == ["reported"] * 6


def test_a_row_that_starts_with_a_blank_figure_is_no_proof_of_columns() -> None:
    """No cell of a row above reaches down to where table 4 begins with a blank: other blanks were dropped."""
    truth = numbered("fmt2019")
    text = render_text(truth, era="fmt2019", form="F")
    first = truth["disputes", "review", "upheld"]
    keys = [
        ("documents", "regulation", column) for column in ("made_new", "disclosed_new", "disclosed_total")
    ]
    row = " | ".join(truth[key] for key in keys)
    short = text.replace(f"规章 | {row} | |", f"规章 |   | {truth[keys[1]]} | ||")
    short = short.replace(f"| {first} |", "|   |")
    assert short.count("|") == text.count("|")
    found = by_key(short)
    assert [key for key in keys if found[key].status in ("reported", "blank")] == []


def test_every_block_a_markdown_table_of_its_own() -> None:
    """The rules between the blocks are no row whose merged cells are repeated."""
    rows = "| 第二十条第（{}）项 |  |  |  |  |\n|---|---|---|---|---|\n| 信息内容 | {} |\n{}"
    one = "| 规章 | 0 | 0 |  | 0 |\n| 规范性文件 | 0 | 0 |  | 51 |\n"
    text = rows.format("一", "本年新制作数量 | 本年新公开数量 |  | 对外公开总数量", one)
    heads = "上一年项目数量 | 本年增/减 |  | 处理决定数量"
    text += rows.format(
        "五", heads, "| 行政许可 | 50 |  | 0 | 38 |\n| 其他对外管理服务事项 | 48 |  | 0 | 0 |\n"
    )
    text += rows.format("六", heads, "| 行政处罚 | 9 |  | 11 | 8 |\n| 行政强制 | 59 |  | -1 | 6 |\n")
    found = by_key(f"二、主动公开政府信息情况\n{text}三、收到和处理政府信息公开申请情况\n")
    read = [fact.value for key, fact in found.items() if key[0] in ("documents", "licensing", "enforcement")]
    assert read == [0, 0, 0, 0, 0, 51, 50, 0, 38, 48, 0, 0, 9, 11, 8, 59, -1, 6]
