"""The official forms: agreed codes, units and kinds, and what their labels can mean."""

from collections import Counter
from importlib.resources import files

import pytest

from parsers.forms import FORMS, FormError, Names, core_key, definitions, load_forms, write_codebook
from parsers.forms.loading import make_table, read_forms, read_toml


def test_codebook_is_what_the_forms_say() -> None:
    stored = files("parsers.forms").joinpath("codebook.csv").read_text("utf-8")
    assert stored == write_codebook(FORMS.by_era.values())


def test_number_of_cells_of_each_form() -> None:
    assert {era: form.cell_count() for era, form in FORMS.by_era.items()} == {
        "fmt2021": 200,
        "fmt2019": 198,
        "stat2014": 65,
        "pre2014": 0,
    }


def test_kinds_and_units() -> None:
    every = list(definitions(FORMS.by_era.values()))
    assert Counter(cell.type for cell in every) == {"count": 447, "signed_count": 5, "header": 7, "amount": 4}
    assert {(cell.row, cell.column, cell.unit) for cell in every if cell.type == "amount"} == {
        ("s7_fees_wan_yuan", "value", "万元"),
        ("s8_budget_wan_yuan", "value", "万元"),
        ("gov_central_procurement", "total_amount", "元"),
        ("admin_fee", "amount_wan_yuan", "万元"),
    }
    assert {cell.column for cell in every if cell.type == "signed_count"} == {"items_change"}
    assert {cell.unit for cell in every if cell.type == "header"} == {""}


def test_every_cell_is_explained_in_both_languages() -> None:
    for cell in definitions(FORMS.by_era.values()):
        assert cell.definition_en.isascii() or "规章" in cell.definition_en or "…" in cell.definition_en
        assert any("一" <= char <= "鿿" for char in cell.definition_zh)
        assert cell.row_label_en
        assert cell.column_label_en


@pytest.mark.parametrize(("era", "rows"), [("fmt2019", 23), ("fmt2021", 25)])
def test_rows_of_table_three_in_printed_order(era: str, rows: int) -> None:
    codes = [row.code for row in FORMS.table(era, "requests").rows]
    assert len(codes) == rows
    assert codes[:2] == ["received", "carried_in"]
    assert codes[-2:] == ["concluded", "carried_forward"]
    between = codes[codes.index("not_processed_reconfirm") + 1 : -2]
    assert between == (
        ["other"] if era == "fmt2019" else ["other_no_correction", "other_fee_unpaid", "other_misc"]
    )


def test_every_official_label_finds_its_own_row_and_column() -> None:
    for era, form in FORMS.by_era.items():
        for table in form.tables:
            for row in table.rows:
                assert (era, table.code, row.code) in FORMS.names.meaning(row.label).rows
            for column in table.columns:
                assert (era, table.code, column.code) in FORMS.names.meaning(column.label).columns


@pytest.mark.parametrize(
    ("printed", "era", "column"),
    [
        ("本年制发件数", "fmt2021", "issued"),
        ("本年(2023)制发件数", "fmt2021", "issued"),
        ("本年\n制发件数", "fmt2021", "issued"),
        ("本年处理决定数量", "fmt2021", "decisions"),
        ("本年收费金额（单位：万元）", "fmt2021", "amount_wan_yuan"),
        ("本年新 制作数量", "fmt2019", "made_new"),
        ("本年增/减", "fmt2019", "items_change"),
        ("本年增/", "fmt2019", "items_change"),
        ("采购总金额", "fmt2019", "total_amount"),
    ],
)
def test_labels_that_decide_the_era(printed: str, era: str, column: str) -> None:
    meaning = FORMS.names.meaning(printed)
    assert meaning.eras == (era,)
    assert column in {code for _, _, code in meaning.columns}


@pytest.mark.parametrize(
    "printed", ["处理决定数量", "规章", "规范性文件", "自然人", "总计", "结果维持", "第二十条第（一）项"]
)
def test_labels_that_decide_nothing(printed: str) -> None:
    assert FORMS.names.meaning(printed).eras == ()


def test_the_old_decision_heading_is_not_part_of_the_new_one() -> None:
    assert {era for era, _, _ in FORMS.names.meaning("处理决定数量").columns} == {"fmt2019"}


@pytest.mark.parametrize(
    ("printed", "table"),
    [
        ("第二十条第（一）项", "documents"),
        ("第二十条  第(五)项", "licensing"),
        ("中华人民共和国政府信息公开条例  第二十条第(六)项", "enforcement"),
        ("第二十條第(八)項(xiàng)", "fees"),
        ("第二十条第（九）项", "procurement"),
        ("第二十条第（十一）项", None),
        (
            "根据条例第二十条规定，本机关主动公开各类信息，其中第（一）项所列信息十件，第（五）项所列信息二十件，均在门户网站发布。"
            * 2,
            None,
        ),
    ],
)
def test_captions(printed: str, table: str | None) -> None:
    assert FORMS.names.caption(printed.replace("條", "条").replace("項", "项")) == table


@pytest.mark.parametrize(
    ("printed", "codes"),
    [
        ("(一) 予以公开", {"granted"}),
        ("（二）部分公开", {"partly_granted"}),
        ('3.危及"三安全一稳定"', {"denied_three_security"}),
        ("4、无正当理由大量反复申请", {"not_processed_excessive"}),
        ("3.其它", {"other_misc"}),
        ("重复申请", {"not_processed_duplicate"}),
        ("1信访举报投诉类申请", {"not_processed_petition"}),
        ("①予以公开", {"granted"}),
        ("② 部分公开", {"partly_granted"}),
        ("信访和出版物", set()),
        ("本年度共收到信访件", {"not_processed_petition"}),
        ("0", set()),
        ("", set()),
    ],
)
def test_row_names(printed: str, codes: set[str]) -> None:
    assert {code for _, table, code in FORMS.names.meaning(printed).rows if table == "requests"} == codes


def test_no_word_names_two_rows_of_a_table() -> None:
    for form in FORMS.by_era.values():
        for table in form.tables:
            for row in table.rows:
                for word in row.words:
                    named = {other.code for other in table.rows if core_key(word) in core_key(other.label)}
                    assert named <= {row.code}, (form.era, table.code, word)


def test_a_name_is_looked_up_once() -> None:
    names = Names(read_forms(), read_toml("words.toml"))
    assert names.meaning("规章") is names.meaning("规章")
    assert load_forms() is FORMS


def test_hostile_text_is_no_label() -> None:
    for text in ("规章" * 100_000, "(" * 10_000, "\u202e" * 100, "1." * 5_000):
        assert not FORMS.names.meaning(text).known


def test_every_other_wording_says_where_it_was_seen() -> None:
    for form in FORMS.by_era.values():
        for table in form.tables:
            parts = (*table.rows, *table.columns, *table.groups, *table.column_groups, *table.extra_columns)
            for alias in (alias for part in parts for alias in part.aliases):
                assert alias.text
                assert alias.seen


def test_a_form_that_contradicts_itself_is_named() -> None:
    row = {"code": "a", "label": "甲", "label_en": "A", "means_en": "a", "means_zh": "甲"}
    table = {
        "code": "t",
        "title_en": "T",
        "title_zh": "表",
        "row": [row],
        "column": [{"code": "c", "label": "数"}],
    }
    assert make_table("x.toml", table, {}, {}).row_index["a"].label == "甲"
    for wrong, message in (
        ({"row": [row, row]}, "row .* twice"),
        ({"row": [{**row, "labell": "乙"}]}, "labell"),
        ({"row": [{**row, "group": "nowhere"}]}, "group that is not there"),
    ):
        with pytest.raises(FormError, match=f"x.toml: table 't'.*{message}"):
            make_table("x.toml", {**table, **wrong}, {}, {})
