"""Grid tables against the forms: every layout gives every figure back, and damage never gives a wrong one."""

import random
from collections import Counter
from decimal import Decimal

import pytest

from parsers.align import align
from parsers.align.memo import Memo
from parsers.records import Where
from tests.parsers.grid_tables import (
    Printed,
    align_tables,
    by_key,
    distinct_figures,
    document,
    form_tables,
    printed,
    replace,
    wrong,
)
from tests.render import form_layout

ERAS = ("fmt2021", "fmt2019")
SIZES = {"fmt2021": 200, "fmt2019": 198}


def assert_complete(alignment, era: str, method: str = "label") -> None:  # type: ignore[no-untyped-def]
    figures = distinct_figures(era)
    facts = by_key(alignment)
    assert alignment.era == era
    assert len(facts) == SIZES[era]
    assert {key: fact.raw for key, fact in facts.items()} == figures
    assert {fact.status for fact in facts.values()} == {"reported"}
    assert {fact.method for fact in facts.values()} == {method}


# ---------------------------------------------------------------- layouts


@pytest.mark.parametrize("era", ERAS)
@pytest.mark.parametrize("heading", ["rowspan", "filler", "four_rows"])
@pytest.mark.parametrize("corner_note", [True, False])
@pytest.mark.parametrize("padding", [True, False])
def test_every_layout_of_table_three(era: str, heading: str, corner_note: bool, padding: bool) -> None:
    figures = distinct_figures(era)
    tables = form_tables(era)
    grid = form_layout.requests(era, heading=heading, corner_note=corner_note, padding=padding)
    tables[1] = printed(grid, figures)
    assert_complete(align_tables(*tables), era)


@pytest.mark.parametrize("width", [4, 5])
@pytest.mark.parametrize("equal_splits", [True, False])
def test_every_layout_of_table_two_of_2019(width: int, equal_splits: bool) -> None:
    tables = form_tables("fmt2019")
    grid = form_layout.disclosure("fmt2019", columns_2019=width, equal_splits=equal_splits)
    tables[0] = printed(grid, distinct_figures("fmt2019"))
    assert_complete(align_tables(*tables), "fmt2019")


@pytest.mark.parametrize("era", ERAS)
def test_layouts_of_table_four(era: str) -> None:
    figures = distinct_figures(era)
    two, three, _ = form_tables(era)
    assert_complete(align_tables(two, three, printed(form_layout.disputes(filler=True), figures)), era)
    pieces = [printed(grid, figures) for grid in form_layout.disputes_in_three()]
    assert_complete(align_tables(two, three, *pieces), era)
    for piece, name in zip(pieces[1:], ("未经复议直接起诉", "复议后起诉"), strict=True):
        piece[:2] = [[(f"行政诉讼（{name}）", 1, 5)]]
    assert_complete(align_tables(two, three, *pieces), era)


@pytest.mark.parametrize("era", ERAS)
def test_all_tables_in_one(era: str) -> None:
    two, three, four = form_tables(era)
    heading = [[("三、收到和处理政府信息公开申请情况", 1, 10)]]
    assert_complete(
        align_tables([*two, *heading, *three, [("四、政府信息公开行政复议、行政诉讼情况", 1, 15)], *four]),
        era,
    )


@pytest.mark.parametrize("cut", [5, 12, 20])
def test_a_table_goes_on_in_the_next_one(cut: int) -> None:
    two, three, four = form_tables("fmt2021")
    head, body = three[:3], three[3:]
    # The row where the page breaks still has its group label: spans are clamped, labels decide.
    assert_complete(align_tables(two, [*head, *body[:cut]], body[cut:], four), "fmt2021")
    assert_complete(align_tables(two, [*head, *body[:cut]], [*head, *body[cut:]], four), "fmt2021")


def test_a_block_split_over_two_tables() -> None:
    two, three, four = form_tables("fmt2019")
    assert_complete(align_tables(two[:7], two[7:], three, four), "fmt2019")
    assert_complete(align_tables(two[:5], two[5:], three, four), "fmt2019")


def test_where_is_the_origin_of_the_printed_cell() -> None:
    facts = by_key(align_tables(*form_tables("fmt2021")))
    assert facts["documents", "regulation", "issued"].where == Where(0, 2, 1)
    assert facts["requests", "denied_state_secret", "natural_person"].where == Where(1, 7, 3)
    assert facts["disputes", "suit_after_review", "total"].where == Where(2, 3, 14)


def test_spaces_breaks_years_and_hints_in_labels() -> None:
    two, three, four = form_tables("fmt2021")
    two = replace(two, "本年制发件数", "本年(2023)制发件数")
    two = replace(two, "行政规范性文件", "规范性文件(指各机关印发的有正式文号的文件)")
    two = replace(two, "第二十条第（五）项", "中华人民共和国政府信息公开条例  第二十条第(五)项")
    three = replace(three, "商业企业", "商业 企业")
    three = replace(three, "（二）部分公开（区分处理的，只计这一情形，不计其他情形）", "(二) 部分公开")
    three = replace(three, "3.危及“三安全一稳定”", '3.危及"三安全一稳定"')
    assert_complete(align_tables(two, three, four), "fmt2021")


@pytest.mark.parametrize("halves", [("第二十条", "第（八）项"), ("第二十条第", "（八）项")])
def test_a_caption_in_two_cells(halves: tuple[str, str]) -> None:
    two, three, four = form_tables("fmt2021")
    index = next(i for i, row in enumerate(two) if row[0][0] == "第二十条第（八）项")  # type: ignore[index]
    two[index] = [(halves[0], 1, 3), (halves[1], 1, 1)]
    assert_complete(align_tables(two, three, four), "fmt2021")


def test_captions_lost_blocks_are_named_by_their_rows() -> None:
    two, three, four = form_tables("fmt2021")
    rows = [row for row in two if "第二十条" not in str(row[0])]
    assert_complete(align_tables(rows, three, four), "fmt2021")


def test_columns_in_another_order_follow_their_names() -> None:
    two, three, four = form_tables("fmt2021")
    swapped = [[row[0], row[3], row[1], row[2]] if len(row) == 4 else row for row in two]
    assert_complete(align_tables(swapped, three, four), "fmt2021")


def test_results_of_table_four_in_another_order_follow_their_names() -> None:
    two, three, four = form_tables("fmt2021")
    names = four[1][:5]
    four[1] = [*names[::-1], *four[1][5:]]
    four[3] = [*four[3][:5][::-1], *four[3][5:]]
    assert_complete(align_tables(two, three, four), "fmt2021")


# ---------------------------------------------------------------- other tables


def test_metadata_boxes_and_foreign_tables_are_no_data() -> None:
    box: list[list[Printed]] = [
        ["索引号", "A000/2024-12", "分类", "年报"],
        ["发布机构", "某某局", "发文日期", "2025-01-12"],
        ["编号", "7", "单位", "件"],
        ["行政处罚", "12"],
    ]
    budget: list[list[Printed]] = [["项目", "金额"], ["行政许可", "40"], ["总计", "52"]]
    alignment = align_tables(box, budget, *form_tables("fmt2021"))
    facts = {key: fact.raw for key, fact in by_key(alignment).items()}
    assert facts == distinct_figures("fmt2021")


def test_foreign_tables_alone_are_no_report() -> None:
    alignment = align_tables(
        [["项目", "数量"], ["行政许可", "40"], ["行政处罚", "12"]], [["总计", "其他"], ["1", "2"]]
    )
    assert (alignment.era, alignment.facts) == (None, ())


def test_no_table() -> None:
    alignment = align(document([]))
    assert (alignment.era, alignment.facts) == (None, ())


def test_a_list_announced_as_attachment() -> None:
    attachment = ("/P020150301.xls", "2014年度政府信息公开情况统计表.xls")
    alignment = align(document([], attachments=(attachment,)))
    assert alignment.era == "stat2014"
    assert {fact.status for fact in alignment.facts} == {"absent"}
    assert len(alignment.facts) == 65


# ---------------------------------------------------------------- damaged names


def test_headings_cut_at_the_line_break_are_placed_by_position() -> None:
    two, three, four = form_tables("fmt2019")
    for label in ("本年新制作数量", "本年新公开数量"):
        two = replace(two, label, "本年新")
    alignment = align_tables(two, three, four)
    facts = by_key(alignment)
    assert {key: fact.raw for key, fact in facts.items()} == distinct_figures("fmt2019")
    assert {fact.method for key, fact in facts.items() if key[0] == "documents"} == {"position"}
    assert {fact.method for key, fact in facts.items() if key[0] != "documents"} == {"label"}
    assert alignment.reading.damaged_headings == {"documents": ("本年新",)}
    assert alignment.reading.sub_table_eras["documents"] == "fmt2019"


def test_last_character_of_a_heading_lost() -> None:
    two, three, four = form_tables("fmt2019")
    assert_complete(align_tables(replace(two, "本年增/减", "本年增/"), three, four), "fmt2019")


def test_headings_of_table_four_cut() -> None:
    two, three, four = form_tables("fmt2021")
    for label, left in (
        ("结果维持", "结果"),
        ("结果纠正", "结果"),
        ("其他结果", "其他"),
        ("尚未审结", "尚未"),
    ):
        four = replace(four, label, left)
    alignment = align_tables(two, three, four)
    facts = by_key(alignment)
    assert {key: fact.raw for key, fact in facts.items()} == distinct_figures("fmt2021")
    assert {fact.method for key, fact in facts.items() if key[0] == "disputes"} == {"position"}
    assert set(alignment.reading.damaged_headings["disputes"]) == {"结果", "其他", "尚未"}


def test_an_unknown_heading_is_not_guessed() -> None:
    two, three, four = form_tables("fmt2021")
    alignment = align_tables(replace(two, "现行有效件数", "其中公开件数"), three, four)
    facts = by_key(alignment)
    assert facts["documents", "regulation", "in_force"].status == "ambiguous"
    assert facts["documents", "regulation", "issued"].status == "ambiguous"
    assert facts["licensing", "admin_license", "decisions"].status == "reported"


def test_a_damaged_row_name_between_known_rows_is_placed_by_position() -> None:
    two, three, four = form_tables("fmt2021")
    three = replace(three, "4.保护第三方合法权益", "4.保护第□方合法权益")
    facts = by_key(align_tables(two, three, four))
    figures = distinct_figures("fmt2021")
    for column in ("natural_person", "total"):
        key = ("requests", "denied_third_party", column)
        assert (facts[key].raw, facts[key].method) == (figures[key], "position")


# ---------------------------------------------------------------- rows and cells that are missing or too many


def test_a_row_that_is_not_there_is_absent_and_named() -> None:
    two, three, four = form_tables("fmt2019")
    rows = [row for row in two if row[0][0] != "其他对外管理服务事项"]  # type: ignore[index]
    alignment = align_tables(rows, three, four)
    facts = by_key(alignment)
    assert facts["licensing", "other_external_service", "decisions"].status == "absent"
    assert facts["licensing", "other_external_service", "decisions"].where is None
    assert alignment.reading.missing_rows == {"licensing": ("其他对外管理服务事项",)}
    assert not wrong(alignment, distinct_figures("fmt2019"))


def test_a_row_with_a_lost_cell_is_ambiguous_and_the_others_are_not() -> None:
    two, three, four = form_tables("fmt2021")
    figures = distinct_figures("fmt2021")
    three[9] = three[9][:3] + three[9][4:]
    facts = by_key(align_tables(two, three, four))
    lost = {key for key, fact in facts.items() if fact.status != "reported"}
    assert len(lost) == 7
    assert {key[1] for key in lost} == {"denied_three_security"}
    assert {facts[key].status for key in lost} == {"ambiguous"}
    assert {facts[key].value for key in lost} == {None}
    assert all(fact.raw == figures[key] for key, fact in facts.items() if key not in lost)


def test_blanks_keep_their_places() -> None:
    figures = distinct_figures("fmt2021")
    for column in ("business", "research_institution", "public_interest_org", "legal_service", "other_org"):
        for row in ("granted", "concluded", "received"):
            figures["requests", row, column] = ""
    facts = by_key(align_tables(*form_tables("fmt2021", figures)))
    assert {key: fact.raw for key, fact in facts.items()} == figures
    assert facts["requests", "granted", "business"].status == "blank"
    assert facts["requests", "granted", "total"].status == "reported"


def test_a_figure_merged_over_columns_is_given_to_none() -> None:
    two, three, four = form_tables("fmt2021")
    three[4] = [*three[4][:2], ("31", 1, 2), *three[4][4:]]
    facts = by_key(align_tables(two, three, four))
    row = [
        facts["requests", "carried_in", c].status
        for c in ("natural_person", "business", "research_institution")
    ]
    assert row == ["reported", "ambiguous", "ambiguous"]
    assert facts["requests", "carried_in", "business"].raw == "31"


def test_nothing_merged_over_a_whole_row() -> None:
    two, three, four = form_tables("fmt2021")
    three[3] = [three[3][0], ("无", 1, 7)]
    facts = by_key(align_tables(two, three, four))
    statuses = {fact.status for key, fact in facts.items() if key[:2] == ("requests", "received")}
    assert statuses == {"not_applicable"}


def test_a_figure_hanging_over_two_rows_is_given_to_none() -> None:
    two, three, four = form_tables("fmt2021")
    three[3] = [*three[3][:2], ("9", 2, 1), *three[3][3:]]
    three[4] = [*three[4][:2], *three[4][3:]]
    facts = by_key(align_tables(two, three, four))
    assert facts["requests", "received", "business"].status == "ambiguous"
    assert facts["requests", "carried_in", "business"].status == "ambiguous"
    assert facts["requests", "carried_in", "total"].raw == "24"


def test_rows_and_subtotals_the_form_does_not_have() -> None:
    two, three, four = form_tables("fmt2021")
    two.insert(4, ["其他主动公开文件", "17", "1", "3"])
    two.append([("2022年本行政区域政府信息公开发布总数量(非新闻类、消息类):812", 1, 4)])
    denied = next(i for i, row in enumerate(three) if row[0][0] == "（三）不予公开")  # type: ignore[index]
    group = three[denied].pop(0)
    three.insert(denied, [("（三）不予公开", 9, 1), "小计", *"9800007"])
    other = next(i for i, row in enumerate(three) if row[0][0] == "（六）其他处理")  # type: ignore[index]
    three[other].pop(0)
    three.insert(other, [("（六）其他处理", 4, 1), "小计", *"1002003"])
    assert group[1] == 8  # type: ignore[index]
    alignment = align_tables(two, three, four)
    facts = by_key(alignment)
    assert {key: fact.raw for key, fact in facts.items() if "x_" not in key[1]} == distinct_figures("fmt2021")
    extra = {key: fact for key, fact in facts.items() if "x_" in key[1]}
    assert [fact.value for key, fact in extra.items() if key[1] == "x_denied"] == [9, 8, 0, 0, 0, 0, 7]
    assert [fact.value for key, fact in extra.items() if key[1] == "x_other"] == [1, 0, 0, 2, 0, 0, 3]
    (total,) = [fact for key, fact in extra.items() if key[0] == "fees"]
    assert (total.value, total.raw) == (812, two[-1][0][0])  # type: ignore[index]
    assert total.note == "2022年本行政区域政府信息公开发布总数量(非新闻类、消息类)"
    row = [fact for key, fact in extra.items() if key[0] == "documents"]
    assert [(fact.column, fact.value, fact.note) for fact in row] == [
        ("issued", 17, "其他主动公开文件"),
        ("repealed", 1, "其他主动公开文件"),
        ("in_force", 3, "其他主动公开文件"),
    ]


def test_a_figure_in_one_cell_with_its_label() -> None:
    two, three, four = form_tables("fmt2021")
    index = next(i for i, row in enumerate(two) if row[0][0] == "行政许可")  # type: ignore[index]
    two[index] = [("行政许可：45件", 1, 4)]
    fact = by_key(align_tables(two, three, four))["licensing", "admin_license", "decisions"]
    assert (fact.value, fact.raw, fact.status) == (45, "行政许可：45件", "reported")


def test_an_eighth_column_of_subtotals() -> None:
    two, three, four = form_tables("fmt2021")
    three[0][1] = ("申请人情况", 1, 8)
    three[1][1] = ("法人或其他组织", 1, 6)
    three[2].append("小计")
    three[3:] = [[*row[:-1], "50", row[-1]] for row in three[3:]]
    alignment = align_tables(two, three, four)
    facts = by_key(alignment)
    assert {k: f.raw for k, f in facts.items() if k[2] != "x_org_total"} == distinct_figures("fmt2021")
    totals = [fact for key, fact in facts.items() if key[2] == "x_org_total"]
    assert len(totals) == 25
    assert {fact.value for fact in totals} == {50}


def test_a_total_inside_the_organisations_is_their_subtotal() -> None:
    two, three, four = form_tables("fmt2021")
    three[0][1] = ("申请人情况", 1, 8)
    three[1][1] = ("法人或其他组织", 1, 6)
    three[2].append("总计")
    three[3:] = [[*row[:-1], "50", row[-1]] for row in three[3:]]
    facts = by_key(align_tables(two, three, four))
    assert {k: f.raw for k, f in facts.items() if k[2] != "x_org_total"} == distinct_figures("fmt2021")


def test_a_figure_beside_other_handling_is_no_row_of_2021() -> None:
    two, three, four = form_tables("fmt2021")
    index = next(i for i, row in enumerate(three) if row[0][0] == "（六）其他处理")  # type: ignore[index]
    three[index].pop(0)
    three.insert(index, [("（六）其他处理", 1, 2), *"1234567"])
    alignment = align_tables(two, three, four)
    facts = by_key(alignment)
    assert facts["requests", "x_other", "total"].value == 7
    assert {k: f.raw for k, f in facts.items() if k[1] != "x_other"} == distinct_figures("fmt2021")


@pytest.mark.parametrize("span", [1, 3, 12])
def test_a_wrong_rowspan_of_a_group_moves_nothing(span: int) -> None:
    two, three, four = form_tables("fmt2021")
    index = next(i for i, row in enumerate(three) if row[0][0] == "（三）不予公开")  # type: ignore[index]
    three[index][0] = ("（三）不予公开", span, 1)
    alignment = align_tables(two, three, four)
    assert not wrong(alignment, distinct_figures("fmt2021"))
    assert sum(fact.status == "reported" for fact in alignment.facts) == 200


def test_fourteen_figures_in_table_four() -> None:
    two, three, four = form_tables("fmt2021")
    four[3] = four[3][:6] + four[3][7:]
    facts = by_key(align_tables(two, three, four))
    assert {fact.status for key, fact in facts.items() if key[0] == "disputes"} == {"ambiguous"}


def test_a_label_in_the_wrong_block_decides_nothing() -> None:
    two, three, four = form_tables("fmt2021")
    index = next(i for i, row in enumerate(two) if row[0][0] == "行政许可")  # type: ignore[index]
    two[index] = [("行政强制", 1, 1), two[index][1]]
    alignment = align_tables(two, three, four)
    facts = by_key(alignment)
    assert facts["licensing", "admin_license", "decisions"].status == "absent"
    assert facts["enforcement", "admin_compulsion", "decisions"].raw == "9"
    strays = [fact for key, fact in facts.items() if key[0] == "licensing" and key[1].startswith("x_")]
    assert [(fact.value, fact.note) for fact in strays] == [(7, "行政强制")]


# ---------------------------------------------------------------- eras


def test_mixed_print_takes_the_era_of_most_sub_tables() -> None:
    two, three, four = form_tables("fmt2021")
    for new, old in (
        ("本年制发件数", "本年新制作数量"),
        ("本年废止件数", "本年新公开数量"),
        ("现行有效件数", "对外公开总数量"),
    ):
        two = replace(two, new, old)
    alignment = align_tables(two, three, four)
    facts = by_key(alignment)
    assert alignment.era == "fmt2021"
    assert alignment.reading.sub_table_eras == {
        "documents": "fmt2019",
        "licensing": "fmt2021",
        "enforcement": "fmt2021",
        "fees": "fmt2021",
        "requests": "fmt2021",
        "disputes": None,
    }
    assert facts["documents", "regulation", "issued"].status == "absent"
    stray = facts["documents", "regulation", "x_made_new"]
    assert (stray.value, stray.note) == (1, "规章 / 本年新制作数量")
    assert facts["licensing", "admin_license", "decisions"].status == "reported"


def test_a_tie_has_no_era_and_only_extra_cells() -> None:
    _, three, _ = form_tables("fmt2021")
    alignment = align_tables(form_tables("fmt2019")[0][:4], three)
    assert alignment.era is None
    assert alignment.facts
    assert all("x_" in fact.row or "x_" in fact.column for fact in alignment.facts)
    assert alignment.reading.sub_table_eras == {"documents": "fmt2019", "requests": "fmt2021"}


def test_table_three_of_2019_in_a_report_of_2021() -> None:
    two, _, four = form_tables("fmt2021")
    _, three, _ = form_tables("fmt2019")
    alignment = align_tables(two, three, four)
    facts = by_key(alignment)
    assert alignment.era == "fmt2021"
    assert facts["requests", "other_misc", "total"].status == "absent"
    assert facts["requests", "x_other", "total"].status == "reported"
    assert facts["requests", "received", "total"].status == "reported"


# ---------------------------------------------------------------- twice


def test_the_same_table_twice_is_one() -> None:
    two, three, four = form_tables("fmt2021")
    assert_complete(align_tables(two, two, three, four), "fmt2021")


def test_the_same_table_twice_with_other_figures_is_ambiguous_where_they_differ() -> None:
    two, three, four = form_tables("fmt2021")
    other = replace(two, "7", "70")
    alignment = align_tables(two, other, three, four)
    facts = by_key(alignment)
    assert facts["licensing", "admin_license", "decisions"].status == "ambiguous"
    assert facts["licensing", "admin_license", "decisions"].raw == "7 | 70"
    assert sum(fact.status == "reported" for fact in facts.values()) == 199
    assert "table_printed_twice" in alignment.reading.notes


def test_two_reports_in_one_document_are_not_mixed() -> None:
    later = {key: "0" if key[2] != "total_amount" else "0元" for key in distinct_figures("fmt2021")}
    alignment = align_tables(*form_tables("fmt2021"), *form_tables("fmt2021", later))
    assert {fact.status for fact in alignment.facts} == {"ambiguous"}
    assert {fact.note for fact in alignment.facts} == {"two_reports"}
    assert "two_reports" in alignment.reading.notes


def test_captions_beside_their_rows_leave_the_figures_where_they_are() -> None:
    rows: list[list[Printed]] = [
        ["条款", "信息内容", "本年处理决定数量"],
        ["第二十条第（五）项", "行政许可", "12"],
        [("第二十条第（六）项", 2, 1), "行政处罚", "3"],
        ["行政强制", "1"],
        ["第二十条第（八）项", "行政事业性收费", "5"],
    ]
    facts = by_key(align_tables(rows))
    assert facts["licensing", "admin_license", "decisions"].value == 12
    assert facts["enforcement", "admin_penalty", "decisions"].value == 3
    assert facts["enforcement", "admin_compulsion", "decisions"].value == 1
    assert facts["fees", "admin_fee", "amount_wan_yuan"].status == "ambiguous"


@pytest.mark.parametrize(("blank", "wide"), [(0, 3), (5, 1), (2, 4)])
def test_a_row_with_a_cell_more_and_two_merged_is_not_counted(blank: int, wide: int) -> None:
    figures = distinct_figures("fmt2021")
    two, three, four = form_tables("fmt2021", figures)
    *label, a, b, c, d, e, f, g = three[-1]
    row: list[Printed] = [a, b, c, d, e, f, g]
    row[wide : wide + 2] = [(str(row[wide][0]), 1, 2)]  # type: ignore[index]
    row.insert(blank, "")
    three[-1] = [*label, *row]
    assert wrong(align_tables(two, three, four), figures) == []


# ---------------------------------------------------------------- money


@pytest.mark.parametrize(
    ("heading", "raw", "value", "note"),
    [
        ("采购总金额", "0", 0, None),
        ("采购总金额", "251000元", 251000, None),
        ("采购总金额", "25.1万元", 251000, "printed unit: 万元"),
        ("采购总金额（万元）", "25.1", 251000, "printed unit: 万元"),
        ("采购总金额", "25.1", None, "unit not printed"),
    ],
)
def test_amount_of_procurement(heading: str, raw: str, value: int | None, note: str | None) -> None:
    figures = distinct_figures("fmt2019")
    key = ("procurement", "gov_central_procurement", "total_amount")
    figures[key] = raw
    two, three, four = form_tables("fmt2019", figures)
    fact = by_key(align_tables(replace(two, "采购总金额", heading), three, four))[key]
    assert (fact.value, fact.note, fact.unit) == (value, note, "元")


@pytest.mark.parametrize(
    ("caption", "heading", "label", "value"),
    [
        ("", "（单位：元）", "", Decimal("12.35")),
        ("", "", "（元）", Decimal("12.35")),
        ("（单位：元）", "", "", Decimal("12.35")),
        ("", "（单位：万元）", "（元）", None),
        ("", "（单位：元、万元）", "", None),
        ("", "", "", 123500),
    ],
)
def test_fees_in_yuan_by_what_stands_beside_them(
    caption: str, heading: str, label: str, value: Decimal | int | None
) -> None:
    figures = distinct_figures("fmt2021")
    figures["fees", "admin_fee", "amount_wan_yuan"] = "123500"
    two, three, four = form_tables("fmt2021", figures)
    two = replace(two, "第二十条第（八）项", f"第二十条第（八）项{caption}")
    two = replace(two, "本年收费金额（单位：万元）", f"本年收费金额{heading}")
    two = replace(two, "行政事业性收费", f"行政事业性收费{label}")
    fact = by_key(align_tables(two, three, four))["fees", "admin_fee", "amount_wan_yuan"]
    assert (fact.value, fact.unit, fact.raw) == (value, "万元", "123500")


# ---------------------------------------------------------------- lists


LIST: list[list[Printed]] = [
    ["序号", "统 计 指 标", "单位", "统计数"],
    ["1", "一、主动公开情况", "----", ""],
    ["2", "（一）主动公开政府信息数（不同渠道和方式公开相同信息计1条）", "条", "1204"],
    ["3", "其中：主动公开规范性文件数", "条", "11"],
    ["4", "制发规范性文件总数", "件", "14"],
    ["5", "三、依申请公开情况", "——", ""],
    ["6", "（一）收到申请数", "件", "9"],
    ["7", "（二）申请办结数", "件", "8"],
    ["8", "四、行政复议数量", "件", "2"],
    ["9", "（一）维持具体行政行为数", "件", "1"],
    ["10", "（二）被依法纠错数", "件", "0"],
    ["11", "五、行政诉讼数量", "件", "3"],
    ["12", "（二）被依法纠错数", "件", "1"],
    ["13", "六、举报投诉数量", "件", "/"],
    ["14", "七、依申请公开信息收取的费用", "万元", "0.5"],
    ["15", "政府信息公开宣传次数", "次", "6"],
]


def test_list_of_2014() -> None:
    alignment = align_tables(LIST)
    facts = by_key(alignment)
    assert alignment.era == "stat2014"
    values = {row: fact.value for (_, row, column), fact in facts.items() if fact.status == "reported"}
    assert values == {
        "s1_proactive_items": 1204,
        "s1_proactive_normative_docs": 11,
        "s1_normative_docs_issued": 14,
        "s3_received": 9,
        "s3_closed": 8,
        "s4_reviews": 2,
        "s4_rev_upheld": 1,
        "s4_rev_corrected": 0,
        "s5_litigation": 3,
        "s5_lit_corrected": 1,
        "s7_fees_wan_yuan": Decimal("0.5"),
        "x_row_0_15": 6,
    }
    assert facts["statistics", "s1", "value"].status == "blank"
    assert facts["statistics", "s6_complaints", "value"].status == "dash"
    assert facts["statistics", "x_row_0_15", "value"].note == "政府信息公开宣传次数"
    assert {fact.method for fact in facts.values() if fact.status == "reported"} == {"label"}


def test_list_of_2014_without_a_column_of_units() -> None:
    changed = {
        "0.5": "5000",
        "14": "-",
        "七、依申请公开信息收取的费用": "七、依申请公开信息收取的费用（单位：元）",
    }
    rows = [[changed.get(str(cell), cell) for cell in (*row[1:2], *row[3:])] for row in LIST]
    facts = by_key(align_tables(rows))
    fee = facts["statistics", "s7_fees_wan_yuan", "value"]
    assert (fee.value, fee.note) == (Decimal("0.5"), "printed unit: 元")
    assert facts["statistics", "s1_normative_docs_issued", "value"].status == "dash"
    assert facts["statistics", "s6_complaints", "value"].status == "dash"


def test_list_of_2014_with_three_columns_of_figures_is_not_guessed() -> None:
    rows: list[list[Printed]] = [
        ["序号", "统计指标", "单位", "区政府统计数", "区直单位统计数", "乡镇街道统计数"]
    ]
    rows += [[*row[:3], row[3], "5", "6"] for row in LIST[1:]]
    facts = by_key(align_tables(rows))
    assert facts["statistics", "s3_received", "value"].status == "ambiguous"
    assert facts["statistics", "s3_received", "x_column_1"].value == 9
    assert facts["statistics", "s3_received", "x_column_3"].note == "乡镇街道统计数"


def test_local_list_before_2014() -> None:
    alignment = align_tables(
        [
            ["指   标  名  称", "计量 单位", "2009  年度", "历年 累计"],
            ["主动公开信息数", "条", "310", "900"],
            ["受理依申请公开信息总数", "条", "12", "30"],
            ["行政复议数", "件", "1", "1"],
        ]
    )
    facts = by_key(alignment)
    assert alignment.era == "pre2014"
    assert facts["local", "x_h_received", "value"].value == 12
    assert facts["local", "x_h_received", "x_since_2008"].value == 30
    assert facts["local", "x_h_review_total", "value"].note == "行政复议数"
    assert [fact.value for fact in alignment.facts if fact.note == "主动公开信息数"] == [310, 900]


def test_the_year_of_a_local_list_is_its_cumulated_column() -> None:
    alignment = align_tables([["代码", "指标", "本期实际", "本年累计"], ["01", "申请总数", "4", "17"]])
    facts = by_key(alignment)
    assert facts["local", "x_h_received", "value"].value == 17
    assert facts["local", "x_h_received", "x_period"].value == 4


# ---------------------------------------------------------------- damage of every kind


def _damage(rows: list[list[Printed]], rng: random.Random) -> None:
    """Do to a table what editors and converters do: lose, move, merge, repeat, cut."""
    index = rng.randrange(len(rows))
    row = rows[index]
    if not row:
        return
    at = rng.randrange(len(row))
    cell = row[at]
    text, height, width = cell if isinstance(cell, tuple) else (str(cell), 1, 1)
    kind = rng.randrange(12)
    if kind == 0:
        del row[at]
    elif kind == 1:
        del rows[index]
    elif kind == 2 and not text.rstrip("元").isdigit():
        row[at] = (rng.choice(["", text[: len(text) // 2], f"?{text[1:-1]}□"]), height, width)
    elif kind == 3:
        row.append("")
    elif kind == 4:
        row.insert(at, "")
    elif kind == 5:
        row[at] = (text, height, rng.choice([1, 2, 3, 7]))
    elif kind == 6:
        row[at] = (text, rng.choice([1, 2, 3, 9]), width)
    elif kind == 7:
        rows.insert(index, list(row))
    elif kind == 8:
        other = rng.randrange(len(rows))
        rows[index], rows[other] = rows[other], rows[index]
    elif kind == 9:
        rows.insert(index, ["其他主动公开文件", *["777"] * rng.choice([1, 3, 7])])
    elif kind == 10:
        rows[index : index + 1] = [row[:at], row[at:]]
    elif at + 1 < len(row):
        follower = row.pop(at + 1)
        row[at] = (text, height, width + (follower[2] if isinstance(follower, tuple) else 1))


@pytest.mark.parametrize("blanks", [False, True])
@pytest.mark.parametrize("seed", range(100))
def test_damage_never_gives_a_wrong_figure(seed: int, blanks: bool) -> None:
    rng = random.Random(seed)
    era = rng.choice(ERAS)
    figures = distinct_figures(era)
    if blanks:
        share = rng.random()
        figures = {key: "" if rng.random() < share else raw for key, raw in figures.items()}
    grids = [
        form_layout.disclosure(era, columns_2019=rng.choice([4, 5]), equal_splits=rng.random() < 0.5),
        form_layout.requests(
            era,
            heading=rng.choice(["rowspan", "filler", "four_rows"]),
            corner_note=rng.random() < 0.7,
            padding=rng.random() < 0.3,
        ),
        form_layout.disputes(filler=rng.random() < 0.5),
    ]
    tables = [printed(grid, figures) for grid in grids]
    # With blanks two damages can look like a sound row whose blank stands elsewhere.
    for _ in range(1 if blanks else rng.choice([1, 1, 2])):
        _damage(rng.choice([table for table in tables if table]), rng)
    if rng.random() < 0.3:
        tables = [[row for table in tables for row in table]]
    alignment = align_tables(*tables)
    assert not wrong(alignment, figures)
    counts = Counter(fact.status for fact in alignment.facts)
    assert counts["reported"] or alignment.era is None or blanks


def test_hostile_tables_are_bounded() -> None:
    tall: list[list[Printed]] = [[("规章" if row % 2 else "总计", 60_000, 900)] for row in range(3_000)]
    assert align_tables(tall).era is None
    wide: list[list[Printed]] = [[*["总计"] * 900], [*["1"] * 900]]
    assert not [
        fact for fact in align_tables(wide).facts if fact.status == "reported" and "x_" not in fact.row
    ]


# ---------------------------------------------------------------- layouts seen before


@pytest.mark.parametrize("seed", range(40))
def test_a_known_layout_gives_what_a_fresh_reading_gives(seed: int) -> None:
    rng = random.Random(seed)
    era = rng.choice(ERAS)
    first = distinct_figures(era)
    tables = form_tables(era, first)
    for _ in range(rng.choice([0, 1, 2])):
        _damage(rng.choice(tables), rng)
    memo = Memo()
    before = align(document(tables), memo)
    assert align(document(tables), memo) == before
    for row in (row for table in tables for row in table):
        for at, cell in enumerate(row):
            text, height, width = cell if isinstance(cell, tuple) else (str(cell), 1, 1)
            if text.isdigit() and rng.random() < 0.7:
                row[at] = (
                    rng.choice(
                        ["0", "7", "1204", "007", "", "/", "2.5万元"] if seed % 2 else ["0", "7", "12元"]
                    ),
                    height,
                    width,
                )
    assert align(document(tables), memo) == align(document(tables), Memo())


def test_a_known_layout_is_filled_with_the_figures_of_its_document() -> None:
    memo = Memo()
    align(document(form_tables("fmt2021")), memo)
    other = {key: str(int(raw) + 1000) for key, raw in distinct_figures("fmt2021").items()}
    other["fees", "admin_fee", "amount_wan_yuan"] = "10"
    again = align(document(form_tables("fmt2021", other), images=("a.jpg",), notes=("truncated",)), memo)
    assert {fact.key: fact.raw for fact in again.facts} == other
    assert {fact.key: str(fact.value) for fact in again.facts} == other
    assert (again.reading.images, again.reading.notes) == (("a.jpg",), ("truncated",))


def test_money_is_never_filled_in_without_reading_it() -> None:
    memo = Memo()
    figures = distinct_figures("fmt2019")
    key = ("procurement", "gov_central_procurement", "total_amount")
    for raw, status in (("0", "reported"), ("5", "unreadable"), ("0", "reported")):
        facts = by_key(align(document(form_tables("fmt2019", {**figures, key: raw})), memo))
        assert facts[key].status == status


@pytest.mark.parametrize("unit", ["元", "万元"])
def test_a_unit_alone_is_not_money_whose_figure_was_taken_out(unit: str) -> None:
    memo = Memo()
    figures = distinct_figures("fmt2019")
    key = ("procurement", "gov_central_procurement", "total_amount")
    align(document(form_tables("fmt2019", {**figures, key: f"5{unit}"})), memo)
    alone = document(form_tables("fmt2019", {**figures, key: unit}))
    assert align(alone, memo) == align(alone, Memo())


def test_tables_of_long_texts_are_not_kept() -> None:
    memo = Memo()
    rows: list[list[Printed]] = [["规章", "说明" * 60_000, "0", "0"], ["行政规范性文件", "1", "2", "3"]]
    align(
        document(
            [[["第二十条第（一）项"], ["信息内容", "本年制发件数", "本年废止件数", "现行有效件数"], *rows]]
        ),
        memo,
    )
    assert len(memo) == 0


def test_money_with_its_unit_is_filled_in_as_it_would_be_read() -> None:
    memo = Memo()
    figures = distinct_figures("fmt2019")
    key = ("procurement", "gov_central_procurement", "total_amount")
    sums = [("37.5万元", 375_000), ("0万元", 0), ("1.00125万元", Decimal("10012.5"))]
    for raw, value in sums:
        fresh = align(document(form_tables("fmt2019", {**figures, key: raw})), Memo())
        again = align(document(form_tables("fmt2019", {**figures, key: raw})), memo)
        assert again == fresh
        assert (by_key(again)[key].value, by_key(again)[key].raw) == (value, raw)
    assert len(memo) == 1


def test_only_so_many_layouts_are_kept() -> None:
    memo = Memo()
    for number in range(200):
        rows: list[list[Printed]] = [
            [f"表{number}"],
            ["第二十条第（五）项"],
            ["信息内容", "本年处理决定数量"],
            ["行政许可", "4"],
        ]
        align(document([rows]), memo)
    assert len(memo) == 128


# ---------------------------------------------------------------- tables cut in other ways


def test_headings_and_figures_in_tables_of_their_own() -> None:
    two, three, four = form_tables("fmt2021")
    assert_complete(align_tables(two, three[:3], three[3:], four[:3], four[3:]), "fmt2021")


def test_every_block_of_table_two_is_a_table() -> None:
    two, three, four = form_tables("fmt2019")
    starts = [i for i, row in enumerate(two) if "第二十条" in str(row[0])]
    pieces = [two[a:b] for a, b in zip(starts, [*starts[1:], len(two)], strict=True)]
    assert len(pieces) == 5
    assert_complete(align_tables(*pieces, three, four), "fmt2019")


def test_headings_repeated_in_the_middle() -> None:
    two, three, four = form_tables("fmt2021")
    assert_complete(align_tables(two, [*three[:5], *three[:3], *three[5:]], four), "fmt2021")


def test_a_gloss_in_brackets_and_other_characters_for_the_same_word() -> None:
    two, three, four = form_tables("fmt2021")
    two = replace(two, "信息内容", "资讯内容")
    three = replace(three, "4.无正当理由大量反复申请", "無正當理由大量反覆申請")
    three = replace(three, "6.属于四类过程性信息", "6.属于四类过程性资讯")
    three = replace(three, "1.本机关不掌握相关政府信息", "1.本机关不掌握相关政府资讯")
    assert_complete(align_tables(two, three, four), "fmt2021")


# ---------------------------------------------------------------- columns and cells the form does not have


@pytest.mark.parametrize("era", ERAS)
@pytest.mark.parametrize(("heading", "entry"), [("代码", "7"), ("单位", "件")])
def test_a_column_before_blank_figures_moves_none(era: str, heading: str, entry: str) -> None:
    tables = form_tables(era)
    for row in tables[0]:
        if len(row) > 1:
            first = row[0][0] if isinstance(row[0], tuple) else row[0]
            last = row[-1]
            row.insert(1, heading if first == "信息内容" else entry)
            if first != "信息内容" and isinstance(last, tuple):
                row[-1] = ("", *last[1:])
    alignment = align_tables(*tables)
    assert wrong(alignment, distinct_figures(era)) == []


@pytest.mark.parametrize("extra", ["", "99"])
def test_a_cell_too_many_before_the_figures_leaves_the_row_undecided(extra: str) -> None:
    tables = form_tables("fmt2021")
    for index, row in enumerate(tables[1][3:]):
        row.insert(len(row) - 7, extra)
        row[-1] = row[-1] if index % 3 else ""
    alignment = align_tables(*tables)
    requests = [fact for fact in alignment.facts if fact.table == "requests"]
    assert {fact.status for fact in requests} == {"ambiguous"}


def test_a_figure_of_several_columns_of_a_list_is_in_none_of_them() -> None:
    rows: list[list[Printed]] = [["序号", "统计指标", "单位", "区直单位", "乡镇街道"]]
    rows += [[*row[:3], (str(row[3]), 1, 2)] for row in LIST[1:]]
    facts = by_key(align_tables(rows))
    assert facts["statistics", "s3_received", "value"].status == "ambiguous"
    assert not [key for key in facts if key[2].startswith("x_column")]
    rows[0] = ["序号", "统计指标", "单位", "统计数", "上年数"]
    assert by_key(align_tables(rows))["statistics", "s3_received", "value"].status == "ambiguous"


def test_a_figure_of_several_rows_of_a_list_is_in_none_of_them() -> None:
    rows = [list(row) for row in LIST]
    at = next(i for i, row in enumerate(rows) if row[1] == "（一）维持具体行政行为数")
    rows[at][3] = ("1", 2, 1)
    rows[at + 1].pop()
    facts = by_key(align_tables(rows))
    assert facts["statistics", "s4_rev_upheld", "value"].status == "ambiguous"
    assert facts["statistics", "s4_rev_corrected", "value"].status == "ambiguous"
    assert facts["statistics", "s4_reviews", "value"].value == 2


# ---------------------------------------------------------------- table 4 in other prints


def padded(rows: list[list[Printed]], *, front: bool) -> list[list[Printed]]:
    """The rows with an empty cell before or behind each, as a grid one column too wide prints them."""
    return [["", *row] if front else [*row, ""] for row in rows]


@pytest.mark.parametrize("front", [False, True])
def test_an_empty_column_beside_table_4_moves_nothing(front: bool) -> None:
    first, second, third = form_tables("fmt2021")
    assert_complete(align_tables(first, second, padded(third, front=front)), "fmt2021")


def test_a_row_that_only_carries_widths_is_no_second_row_of_figures() -> None:
    tables = [[*rows, [""] * sum(cell[2] for cell in rows[0])] for rows in form_tables("fmt2021")]  # type: ignore[index,misc]
    assert_complete(align_tables(*tables), "fmt2021")


@pytest.mark.parametrize("grouped", [False, True])
def test_reviews_and_suits_in_rows_are_read_by_both_names(grouped: bool) -> None:
    first, second, third = form_tables("fmt2021")
    names: list[Printed] = ["结果维持", "结果纠正", "其他结果", "尚未审结", "总计"]
    figures = third[-1]
    rows: list[list[Printed]] = [
        ["", *names],
        ["行政复议", *figures[:5]],
        ["未经复议直接起诉", *figures[5:10]],
        ["复议后起诉", *figures[10:]],
    ]
    if grouped:
        rows[0][0], rows[1][0] = ("类别", 1, 2), ("行政复议", 1, 2)
        rows[2].insert(0, ("行政诉讼", 2, 1))
    assert_complete(align_tables(first, second, rows), "fmt2021")


@pytest.mark.parametrize("missing", [1, 3])
def test_reviews_and_suits_in_rows_with_a_figure_lost_stay_open(missing: int) -> None:
    first, second, third = form_tables("fmt2021")
    figures = third[-1]
    rows: list[list[Printed]] = [
        ["", "结果维持", "结果纠正", "其他结果", "尚未审结", "总计"],
        ["行政复议", *figures[:5]],
        ["未经复议直接起诉", *figures[5:10]],
        ["复议后起诉", *figures[10:]],
    ]
    del rows[missing][2]
    alignment = align_tables(first, second, rows)
    assert not wrong(alignment, distinct_figures("fmt2021"))
    assert sum(fact.status == "reported" for fact in alignment.facts) == SIZES["fmt2021"] - 5


# ---------------------------------------------------------------- names and columns beside the figures


def test_a_group_that_hangs_too_deep_leaves_the_rows_their_names() -> None:
    tables = form_tables("fmt2021")
    tables[1] = [
        [(cell[0], 4, 1) if isinstance(cell, tuple) and cell[0] == "（四）无法提供" else cell for cell in row]
        for row in tables[1]
    ]
    assert_complete(align_tables(*tables), "fmt2021")


def test_a_remark_column_behind_changes_no_reading_in_order() -> None:
    tables = form_tables("fmt2019")
    caption, heading = 1, "信息内容"
    for row in tables[0]:
        first = row[0][0] if isinstance(row[0], tuple) else row[0]
        row.append("备注" if first == heading else "") if len(row) > caption else None
    assert_complete(align_tables(*tables), "fmt2019")


def test_a_unit_between_name_and_figures_is_no_name() -> None:
    tables = form_tables("fmt2019")
    tables[1][0].insert(1, ("单位", 3, 1))
    for row in tables[1][3:]:
        row.insert(len(row) - 7, "件")
    facts = by_key(align_tables(*tables))
    figures = distinct_figures("fmt2019")
    assert {key: facts[key].raw for key in figures} == figures


def test_table_4_without_its_first_column_names_no_column_of_the_next_group() -> None:
    first, second, third = form_tables("fmt2021")
    names: list[Printed] = ["结果维持", "结果纠正", "其他结果", "尚未审结", "总计"]
    heads: list[list[Printed]] = [
        [("行政复议", 2, 5), ("行政诉讼", 1, 10)],
        [("未经复议直接起诉", 1, 5), ("复议后起诉", 1, 5)],
    ]
    alignment = align_tables(first, second, [*heads, (names * 3)[1:], third[-1][1:]])
    assert not wrong(alignment, distinct_figures("fmt2021"))
    assert not [fact for fact in alignment.facts if fact.table == "disputes" and fact.status == "reported"]


def test_a_figure_hanging_into_the_next_row_moves_none_of_its_figures() -> None:
    tables = form_tables("fmt2021")
    tables[1][4][1] = (tables[1][4][1][0], 2, 1)  # type: ignore[index]
    tables[1][16][0] = ("1.本机关不掌握相关政府信息", 1, 2)
    alignment = align_tables(*tables)
    assert not wrong(alignment, distinct_figures("fmt2021"))


def test_results_of_nothing_named_are_no_second_table_4() -> None:
    tables = form_tables("fmt2021")
    other: list[list[Printed]] = [
        ["结果维持", "结果纠正", "其他结果", "尚未审结", "总计"],
        ["901", "902", "903", "904", "905"],
    ]
    assert_complete(align_tables(*tables, other), "fmt2021")
    two, three, four = tables
    alone = align_tables(two, three, [four[0][:1], *[row[:5] for row in four[1:]]], other)
    assert not wrong(alone, distinct_figures("fmt2021"))


@pytest.mark.parametrize("mark", ["[1]", "①", " ²"])
def test_marks_of_notes_behind_names_change_no_name(mark: str) -> None:
    tables = [
        [
            [
                (f"{cell[0]}{mark}", *cell[1:]) if isinstance(cell, tuple) and _is_name(cell[0]) else cell
                for cell in row
            ]
            for row in rows
        ]
        for rows in form_tables("fmt2021")
    ]
    assert_complete(align_tables(*tables), "fmt2021")


def _is_name(text: str) -> bool:
    return any("一" <= character <= "鿿" for character in text) and not text.startswith("第二十条")


@pytest.mark.parametrize("name", ["总计", "合计", "小计"])
@pytest.mark.parametrize("figures", [1, 7, 15])
def test_a_row_of_sums_below_table_4_takes_nothing_from_tables_3_and_4(name: str, figures: int) -> None:
    two, three, four = form_tables("fmt2021")
    assert_complete(align_tables(two, three, [*four, [name, *["999"] * figures]]), "fmt2021")


def test_a_cell_in_front_of_table_4_and_a_merged_one_in_it_move_no_figure() -> None:
    two, three, four = form_tables("fmt2021")
    rows = [["x", *row] for row in four]
    rows[-1][5:7] = [("", 1, 2)]
    assert not wrong(align_tables(two, three, rows), distinct_figures("fmt2021"))


def test_a_heading_row_of_table_4_printed_twice_moves_no_group() -> None:
    two, three, four = form_tables("fmt2021")
    names: list[Printed] = ["结果维持", "结果纠正", "其他结果", "尚未审结", "总计"]
    groups: list[Printed] = [("行政复议", 2, 5), ("行政诉讼", 1, 10)]
    rows = [groups, groups, [("未经复议直接起诉", 1, 5), ("复议后起诉", 1, 5)], names * 3, four[-1]]
    assert not wrong(align_tables(two, three, rows), distinct_figures("fmt2021"))


def test_a_row_that_slipped_and_lost_a_figure_moves_none() -> None:
    tables = form_tables("fmt2021")
    group = next(cell for row in tables[1] for cell in row if cell[0] == "三、本年度办理结果")  # type: ignore[index]
    tables[1] = [
        [(cell[0], 23, 1) if cell is group else cell for cell in row]  # type: ignore[index]
        for row in tables[1]
    ]
    del tables[1][-1][1]
    assert not wrong(align_tables(*tables), distinct_figures("fmt2021"))


def test_a_subtotal_in_place_of_a_column_of_table_3_decides_no_column() -> None:
    tables = form_tables("fmt2021")
    tables[1] = replace(tables[1], "商业企业", "小计")
    assert not wrong(align_tables(*tables), distinct_figures("fmt2021"))
