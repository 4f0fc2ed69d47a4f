"""Spreadsheets: cells as they are printed; what is hidden, computed elsewhere or only stored is no figure."""

import io
import zipfile
from collections.abc import Sequence
from functools import cache
from html import escape

import openpyxl
import pytest
from lxml import etree

from parsers.document import Paragraph, Table
from parsers.readers import UnreadableInputError, UnsupportedInputError, read
from parsers.readers.xlsx_formats import Formats
from parsers.report import parse
from tests.render.form_layout import Grid, disclosure, disputes, form_cells, requests
from tests.render.html import NARRATIVE, SECTIONS, numbered_figures

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
STRICT = "http://purl.oclc.org/ooxml/spreadsheetml/main"
LINKS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
DOUBT = "\ufffd"
FORMATS = (
    "General", "#,##0", "0.00", "0%", "yyyy/m/d", '0"件"', "0,", "#", "0;-0;;@", "[>9]0;0.0", "[红色]0_ ",
    "h:mm", "0_);(0)",
)  # fmt: skip
STYLES = (
    "<numFmts>{formats}</numFmts><fonts><font/><font><strike/></font><font><color rgb='FFFFFFFF'/></font>"
    "<font><color theme='0'/></font></fonts><fills><fill><patternFill patternType='none'/></fill>"
    "<fill><patternFill patternType='solid'><fgColor rgb='FF0000FF'/></patternFill></fill></fills>"
    "<cellXfs>{styles}"
    "<xf numFmtId='0' fontId='1' fillId='0'/><xf numFmtId='0' fontId='2' fillId='0'/>"
    "<xf numFmtId='0' fontId='3' fillId='1'/></cellXfs>"
)
STRUCK, WHITE, WHITE_ON_BLUE = len(FORMATS), len(FORMATS) + 1, len(FORMATS) + 2


def styles() -> str:
    formats = "".join(
        f'<numFmt numFmtId="{164 + n}" formatCode="{escape(code)}"/>' for n, code in enumerate(FORMATS)
    )
    kinds = "".join(f"<xf numFmtId='{164 + n}' fontId='0' fillId='0'/>" for n in range(len(FORMATS)))
    return STYLES.format(formats=formats, styles=kinds)


def packed(
    *sheets: str, states: Sequence[str] = (), strings: str = "", book: str = "", namespace: str = MAIN
) -> bytes:
    """Return a spreadsheet with the inside of each sheet as given; `book` stands behind their list."""
    listed = "".join(
        f'<sheet name="{n}" sheetId="{n}" r:id="r{n}"{f""" state="{state}" """ if state else ""}/>'
        for n, state in enumerate([*states, *[""] * (len(sheets) - len(states))], start=1)
    )
    links = "".join(
        f'<Relationship Id="r{n}" Target="worksheets/s{n}.xml"/>' for n in range(1, len(sheets) + 1)
    )
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr(
            "xl/workbook.xml",
            f'<workbook xmlns="{namespace}" xmlns:r="{LINKS}"><sheets>{listed}</sheets>{book}</workbook>',
        )
        package.writestr("xl/_rels/workbook.xml.rels", f"<Relationships>{links}</Relationships>")
        package.writestr("xl/styles.xml", f'<styleSheet xmlns="{namespace}">{styles()}</styleSheet>')
        if strings:
            package.writestr("xl/sharedStrings.xml", f'<sst xmlns="{namespace}">{strings}</sst>')
        for n, inner in enumerate(sheets, start=1):
            package.writestr(f"xl/worksheets/s{n}.xml", f'<worksheet xmlns="{namespace}">{inner}</worksheet>')
    return out.getvalue()


def sheet(*rows: str, before: str = "", behind: str = "") -> str:
    held = "".join(row if row.startswith("<row") else f"<row>{row}</row>" for row in rows)
    return f"{before}<sheetData>{held}</sheetData>{behind}"


def number(value: str, style: int = 0) -> str:
    return f'<c s="{style}"><v>{value}</v></c>'


def text(value: str, style: int = 0) -> str:
    return f'<c t="inlineStr" s="{style}"><is><t>{value}</t></is></c>'


def grid(data: bytes) -> list[list[tuple[str, int, int, int]]]:
    """Return the cells of the only table: text, column, row span, column span."""
    (found,) = read(data).tables()
    return [[(one.text, one.column, one.row_span, one.column_span) for one in row] for row in found.rows]


def shown(cell: str, **settings: str) -> str:
    """Return what the second of two cells in a row says."""
    (row,) = grid(packed(sheet(text("甲") + cell, before=settings.pop("before", "")), **settings))  # type: ignore[arg-type]
    return row[1][0]


@cache
def written_by_another_library(era: str, kind: type) -> bytes:
    """Return a whole report on one sheet, cells merged and numbers typed by that library."""
    book = openpyxl.Workbook()
    page = book.active
    figures = {
        key: f"{n}元" if "total_amount" in key else kind(n) for key, n in numbered_figures(era).items()
    }
    grids: dict[int, Grid] = {1: disclosure(era), 2: requests(era), 3: disputes()}
    page.append(["青禾县清风镇人民政府2024年政府信息公开工作年度报告"])
    for number_, heading in enumerate(SECTIONS):
        page.append([heading])
        for line in NARRATIVE.get(number_, ()):
            page.append([line.format(year=2024)])
        if number_ in grids:
            add_table(page, grids[number_], figures, page.max_row + 1)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def add_table(page, rows: Grid, figures: dict[tuple[str, str, str], object], start: int) -> None:  # type: ignore[no-untyped-def]
    taken: set[tuple[int, int]] = set()
    for row, boxes in enumerate(rows, start=start):
        column = 1
        for box in boxes:
            while (row, column) in taken:
                column += 1
            page.cell(row, column).value = figures[box.key] if box.key else box.text
            page.merge_cells(
                start_row=row,
                start_column=column,
                end_row=row + box.rows - 1,
                end_column=column + box.columns - 1,
            )
            taken |= {(row + y, column + x) for y in range(box.rows) for x in range(box.columns)}


@pytest.mark.parametrize(("era", "kind"), [("fmt2021", int), ("fmt2019", float), ("fmt2021", str)])
def test_a_report_written_by_another_library_is_read_cell_by_cell(era: str, kind: type) -> None:
    report = parse(written_by_another_library(era, kind))
    truth = numbered_figures(era)
    assert (report.outcome, report.source.kind, report.era) == ("parsed", "xlsx", era)
    assert {fact.key: str(fact.value) for fact in report.facts} == {
        key: truth[key] for key in form_cells(era)
    }
    assert report.identity.agency == "青禾县清风镇人民政府"
    assert [section.number for section in report.sections] == [1, 2, 3, 4, 5, 6]


def test_merged_cells_keep_their_rectangles_and_hide_what_they_cover() -> None:
    merges = '<mergeCells><mergeCell ref="A1:A2"/><mergeCell ref="B1:C1"/></mergeCells>'
    data = packed(
        sheet(text("甲") + text("乙") + number("9"), text("藏") + number("1") + number("2"), behind=merges)
    )
    assert grid(data) == [[("甲", 0, 2, 1), ("乙", 1, 1, 2)], [("1", 1, 1, 1), ("2", 2, 1, 1)]]


def test_hidden_rows_columns_and_sheets_are_not_printed() -> None:
    data = packed(
        sheet(
            text("甲") + number("1") + number("2"),
            f'<row hidden="1">{text("乙") + number("3") + number("4")}</row>',
            f'<row ht="0">{text("丙") + number("3") + number("4")}</row>',
            text("丁") + number("5") + number("6"),
            before='<cols><col min="2" max="2" hidden="1"/></cols>',
            behind='<mergeCells><mergeCell ref="A3:A4"/></mergeCells>',
        ),
        sheet(text("旧") + number("7")),
        sheet(text("旧") + number("8")),
        states=("", "hidden", "veryHidden"),
    )
    # A merged cell of which the first row is hidden shows its text in what is left of it.
    assert grid(data) == [[("甲", 0, 1, 1), ("2", 1, 1, 1)], [("丙", 0, 1, 1), ("6", 1, 1, 1)]]


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        (number("12"), "12"), (number("12.0"), "12"), (number("1E3"), "1000"), (number("-3"), "-3"),
        (number("0.37000000000000005"), "0.37"), (number("1.5E-2"), "0.015"),
        (number("1E20"), "1E20" + DOUBT),
        (number("NaN"), "NaN" + DOUBT), (number("十"), "十" + DOUBT),
        (number("1234", 1), "1234"), (number("0.374", 2), "0.37"), (number("12", 2), "12"),
        (number("12.6", 1), "13" + DOUBT), (number("0.5", 3), "50%"), (number("45678", 4), "2025-01-21"),
        (number("12", 5), "12件"), (number("12000", 6), "12000" + DOUBT), (number("0", 7), DOUBT),
        (number("0", 8), "0" + DOUBT), (number("5", 8), "5"), (number("12", 9), "12" + DOUBT),
        (number("12", 10), "12"),
        (number("0.5", 11), "1899-12-30"), (number("-12", 12), "-12"),
        (number("12", STRUCK), "12" + DOUBT), (number("12", WHITE), "12" + DOUBT),
        (number("12", WHITE_ON_BLUE), "12"),
        (text("12", STRUCK), "12" + DOUBT), (text("无", STRUCK), "无"),
        (text("12&#10;件"), "12 件"), (text("1_x0032_"), "12"), (text("&lt;b&gt;"), "<b>"),
        ('<c t="b"><v>1</v></c>', "TRUE"), ('<c t="e"><v>#REF!</v></c>', "#REF!"),
        ('<c t="str"><v>7</v></c>', "7"),
        ("<c><f>SUM(A1:A9)</f><v>7</v></c>", "7"), ("<c><f>SUM(A1:A9)</f></c>", DOUBT),
        ('<c t="s"><v>9</v></c>', DOUBT), ('<c r="B1"><v>3</v></c>', "3"), ("<c/>", ""),
    ],
)  # fmt: skip
def test_a_cell_says_what_it_prints(cell: str, expected: str) -> None:
    data = packed(sheet(text("甲") + cell + text("丙")))
    assert grid(data)[0][1][0] == expected


def test_figures_to_be_worked_out_again_are_not_taken() -> None:
    inner = sheet(text("甲") + "<c><f>1+1</f><v>0</v></c>" + number("4"))
    (row,) = grid(packed(inner, book='<calcPr fullCalcOnLoad="1"/>'))
    assert [cell[0] for cell in row] == ["甲", DOUBT, "4"]


def test_noughts_a_sheet_does_not_show_are_no_figures() -> None:
    view = '<sheetViews><sheetView showZeros="0"/></sheetViews>'
    (row,) = grid(packed(sheet(text("甲") + number("0") + number("10"), before=view)))
    assert [cell[0] for cell in row] == ["甲", DOUBT, "10"]


def test_texts_of_several_runs_are_one_and_reading_aids_are_left_out() -> None:
    strings = (
        "<si><r><t>规</t></r><r><t>章</t></r><rPh><t>guizhang</t></rPh></si>"
        "<si><r><t>12</t></r><r><rPr><vertAlign val='superscript'/></rPr><t>2</t></r></si>"
        "<si><r><rPr><strike/></rPr><t>7</t></r><r><t>8</t></r></si>"
    )
    cells = "".join(f'<c t="s"><v>{n}</v></c>' for n in range(3))
    (row,) = grid(packed(sheet(cells), strings=strings))
    assert [cell[0] for cell in row] == ["规章", "122" + DOUBT, "78" + DOUBT]


def test_days_count_from_1904_where_the_file_says_so() -> None:
    root = etree.fromstring(f'<s xmlns="{MAIN}">{styles()}</s>')
    assert Formats(root, begins_1904=True).shown("0", 4) == "1904-01-01"


def test_lines_above_a_table_are_lines_and_many_empty_rows_part_tables() -> None:
    data = packed(
        sheet(
            text("青禾县财政局2024年政府信息公开工作年度报告"),
            text("规章") + number("1"),
            f'<row r="9">{text("行政许可") + number("2")}</row>',
            f'<row r="11">{text("行政处罚") + number("3")}</row>',
        )
    )
    first, one, other = read(data).blocks
    assert first == Paragraph("青禾县财政局2024年政府信息公开工作年度报告")
    assert isinstance(one, Table)
    assert isinstance(other, Table)
    assert [len(table.rows) for table in (one, other)] == [1, 3]


def test_the_strict_edition_is_read_alike() -> None:
    assert grid(packed(sheet(text("甲") + number("1")), namespace=STRICT))[0][1][0] == "1"


def test_a_spreadsheet_in_a_zip_is_read_and_a_word_file_goes_before_it() -> None:
    data = packed(sheet(text("甲") + number("1")))
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        package.writestr("年报.xlsx", data)
        package.writestr("说明.txt", b"x")
    assert read(out.getvalue()).kind == "zip"
    with zipfile.ZipFile(out, "a") as package:
        package.writestr("二.XLSX", data)
    with pytest.raises(UnreadableInputError, match="2 documents"):
        read(out.getvalue())


@pytest.mark.parametrize(
    ("inner", "reason"),
    [
        (sheet(*[number("1") * 100] * 201), "20,000 cells"),
        (sheet('<c r="XFD1"><v>1</v></c>'), "wider"),
        (sheet(number("1"), behind='<mergeCells><mergeCell ref="A1:XFD1048576"/></mergeCells>'), "merged"),
    ],
    ids=["cells", "columns", "merged"],
)  # fmt: skip
def test_hostile_sheets_are_bounded(inner: str, reason: str) -> None:
    with pytest.raises(UnreadableInputError, match=reason):
        read(packed(inner))


def test_the_binary_edition_has_no_reader() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        package.writestr("xl/workbook.bin", b"x")
    with pytest.raises(UnsupportedInputError, match="xlsb"):
        read(out.getvalue())


def test_sheets_that_are_not_there_are_left_out() -> None:
    data = io.BytesIO(packed(sheet(text("甲") + number("1"))))
    with zipfile.ZipFile(data, "a") as package:
        package.writestr("xl/workbook2.xml", b"<x/>")
    assert read(data.getvalue()).kind == "xlsx"
    assert list(read(packed("")).tables()) == []
