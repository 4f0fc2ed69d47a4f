"""Word files: merged cells, numerals, tracked changes and text boxes as printed; damage and bombs bounded."""

import io
import zipfile
from functools import cache

import docx
import pytest
from docx.document import Document as DocxDocument

from parsers.document import Block, Heading, Paragraph, Table
from parsers.readers import UnreadableInputError, UnsupportedInputError, read
from parsers.readers.docx_numbers import numeral
from parsers.report import parse
from tests.render.form_layout import Grid, disclosure, disputes, form_cells, requests
from tests.render.html import NARRATIVE, SECTIONS, numbered_figures

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
STRICT = "http://purl.oclc.org/ooxml/wordprocessingml/main"


def packed(body: str, *, namespace: str = W, **parts: str) -> bytes:
    """Return a Word file with this body; `parts` are further parts by name (numbering, styles)."""
    held = {"document": f"<w:body>{body}</w:body>", **parts}
    roots = {"document": "document", "numbering": "numbering", "styles": "styles"}
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for name, inner in held.items():
            root = roots[name]
            package.writestr(f"word/{name}.xml", f'<w:{root} xmlns:w="{namespace}">{inner}</w:{root}>')
    return out.getvalue()


def paragraph(text: str, properties: str = "") -> str:
    return f"<w:p><w:pPr>{properties}</w:pPr><w:r><w:t>{text}</w:t></w:r></w:p>"


def cell(text: str, properties: str = "") -> str:
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{paragraph(text)}</w:tc>"


def table(*rows: str) -> str:
    return f"<w:tbl><w:tblPr/>{''.join(f'<w:tr>{row}</w:tr>' for row in rows)}</w:tbl>"


def blocks(body: str, **parts: str) -> tuple[Block, ...]:
    return read(packed(body, **parts)).blocks


def grid(body: str) -> list[list[tuple[str, int, int, int]]]:
    """Return the cells of the only table: text, column, row span, column span."""
    (found,) = read(packed(body)).tables()
    return [[(one.text, one.column, one.row_span, one.column_span) for one in row] for row in found.rows]


@cache
def written_by_word(era: str) -> bytes:
    """Return a whole report as another library writes Word files, tables merged by its own functions."""
    document = docx.Document()
    document.add_paragraph("青禾县清风镇人民政府2024年政府信息公开工作年度报告", style="Title")
    figures = {
        key: f"{text}元" if "total_amount" in key else text for key, text in numbered_figures(era).items()
    }
    grids: dict[int, Grid] = {1: disclosure(era), 2: requests(era), 3: disputes()}
    for number, heading in enumerate(SECTIONS):
        document.add_paragraph(heading, style="Heading 1")
        for text in NARRATIVE.get(number, ()):
            document.add_paragraph(text.format(year=2024))
        if number in grids:
            add_table(document, grids[number], figures)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def add_table(document: DocxDocument, rows: Grid, figures: dict[tuple[str, str, str], str]) -> None:
    width = sum(box.columns for box in rows[0])
    made = document.add_table(rows=len(rows), cols=width)
    taken: set[tuple[int, int]] = set()
    for number, row in enumerate(rows):
        column = 0
        for box in row:
            while (number, column) in taken:
                column += 1
            place = made.cell(number, column)
            if box.rows > 1 or box.columns > 1:
                place = place.merge(made.cell(number + box.rows - 1, column + box.columns - 1))
            place.text = figures[box.key] if box.key else box.text
            taken |= {(number + y, column + x) for y in range(box.rows) for x in range(box.columns)}


@pytest.mark.parametrize("era", ["fmt2021", "fmt2019"])
def test_a_report_written_by_another_library_is_read_cell_by_cell(era: str) -> None:
    report = parse(written_by_word(era))
    truth = numbered_figures(era)
    assert (report.outcome, report.source.kind, report.era) == ("parsed", "docx", era)
    read_back = {fact.key: str(fact.value) for fact in report.facts if fact.status == "reported"}
    assert read_back == {key: truth[key] for key in form_cells(era)}
    assert report.identity.agency == "青禾县清风镇人民政府"
    assert [section.number for section in report.sections] == [1, 2, 3, 4, 5, 6]


def test_merged_cells_keep_their_rectangles() -> None:
    rows = grid(table(
        cell("甲", '<w:vMerge w:val="restart"/>') + cell("乙", '<w:gridSpan w:val="2"/>'),
        cell("藏", "<w:vMerge/>") + cell("1") + cell("2"),
        cell("", '<w:vMerge w:val="continue"/>') + cell("3") + cell("4"),
        cell("丙") + cell("5") + cell("6"),
    ))  # fmt: skip
    assert rows == [
        [("甲", 0, 3, 1), ("乙", 1, 1, 2)],
        [("1", 1, 1, 1), ("2", 2, 1, 1)],
        [("3", 1, 1, 1), ("4", 2, 1, 1)],
        [("丙", 0, 1, 1), ("5", 1, 1, 1), ("6", 2, 1, 1)],
    ]


def test_a_cell_that_continues_nothing_stands_for_itself() -> None:
    rows = grid(table(cell("甲") + cell("乙"), cell("丙", "<w:vMerge/>") + cell("丁")))
    assert rows[1] == [("丙", 0, 1, 1), ("丁", 1, 1, 1)]


def test_older_side_merges_and_places_left_free_keep_the_columns() -> None:
    free = '<w:trPr><w:gridBefore w:val="2"/></w:trPr>'
    rows = grid(table(
        cell("甲", '<w:hMerge w:val="restart"/>') + cell("", "<w:hMerge/>") + cell("乙"),
        free + cell("丙"),
    ))  # fmt: skip
    assert rows == [[("甲", 0, 1, 2), ("乙", 2, 1, 1)], [("", 0, 1, 2), ("丙", 2, 1, 1)]]


def test_content_controls_and_insertions_are_looked_through_and_deletions_are_not_printed() -> None:
    row = f"<w:sdt><w:sdtContent>{cell('甲')}</w:sdtContent></w:sdt>" + (
        "<w:tc><w:p><w:ins><w:r><w:t>1</w:t></w:r></w:ins><w:del><w:r><w:delText>7</w:delText></w:r></w:del>"
        "<w:r><w:rPr><w:vanish/></w:rPr><w:t>9</w:t></w:r><w:r><w:t>2</w:t></w:r></w:p></w:tc>"
    )
    deleted = "<w:trPr><w:del/></w:trPr>" + cell("删") + cell("3")
    assert grid(table(row, deleted, cell("乙") + cell("4"))) == [
        [("甲", 0, 1, 1), ("12", 1, 1, 1)],
        [("乙", 0, 1, 1), ("4", 1, 1, 1)],
    ]


@pytest.mark.parametrize(
    ("looks", "text"),
    [
        ('<w:vertAlign w:val="superscript"/>', "12 3"),
        ('<w:position w:val="6"/>', "12 3"),
        ('<w:rStyle w:val="note"/>', "12 3"),
        ("<w:strike/>", "12 3\u0336"),
        ('<w:color w:val="FFFFFF"/>', "12 3\ufffc"),
        ('<w:rStyle w:val="gone"/>', "12"),
        ('<w:strike w:val="0"/><w:vertAlign w:val="baseline"/><w:color w:val="000000"/>', "123"),
        ('<w:rStyle w:val="note"/><w:vertAlign w:val="baseline"/>', "123"),
    ],
)
def test_raised_struck_and_white_digits_join_no_figure(looks: str, text: str) -> None:
    run = f"<w:r><w:t>12</w:t></w:r><w:r><w:rPr>{looks}</w:rPr><w:t>3</w:t></w:r>"
    styles = (
        '<w:style w:styleId="note"><w:rPr><w:vertAlign w:val="superscript"/></w:rPr></w:style>'
        '<w:style w:styleId="gone"><w:rPr><w:vanish/></w:rPr></w:style>'
    )
    body = table(cell("规章") + f"<w:tc><w:p>{run}</w:p></w:tc>", cell("行政许可") + cell("4"))
    (found,) = read(packed(body, styles=styles)).tables()
    assert found.rows[0][1].text == text


def test_a_formula_is_no_figure() -> None:
    half = "<m:f><m:num><m:r><m:t>1</m:t></m:r></m:num><m:den><m:r><m:t>2</m:t></m:r></m:den></m:f>"
    formula = f'<m:oMath xmlns:m="urn:math">{half}</m:oMath>'
    rows = grid(table(cell("规章") + f"<w:tc><w:p>{formula}</w:p></w:tc>", cell("行政许可") + cell("4")))
    assert rows[0][1][0] == "\ufffd"


def test_a_sign_of_a_symbol_font_and_a_picture_are_seen_in_their_cells() -> None:
    sign = '<w:tc><w:p><w:r><w:t>1</w:t><w:sym w:font="Wingdings" w:char="F0FC"/></w:r></w:p></w:tc>'
    picture = "<w:tc><w:p><w:r><w:drawing><blip/></w:drawing></w:r></w:p></w:tc>"
    rows = grid(table(cell("甲") + sign, cell("乙") + picture))
    assert [row[1][0] for row in rows] == ["1\ufffd", "\ufffc"]


def test_numerals_of_lists_are_printed_again() -> None:
    numbering = (
        '<w:abstractNum w:abstractNumId="5"><w:lvl w:ilvl="0"><w:start w:val="1"/>'
        '<w:numFmt w:val="chineseCounting"/><w:lvlText w:val="%1、"/></w:lvl><w:lvl w:ilvl="1">'
        '<w:numFmt w:val="decimal"/><w:lvlText w:val="%1.%2"/></w:lvl><w:lvl w:ilvl="2">'
        '<w:numFmt w:val="bullet"/><w:lvlText w:val="-"/></w:lvl></w:abstractNum>'
        '<w:num w:numId="3"><w:abstractNumId w:val="5"/></w:num>'
    )

    def listed(text: str, depth: int) -> str:
        return paragraph(text, f'<w:numPr><w:ilvl w:val="{depth}"/><w:numId w:val="3"/></w:numPr>')

    found = blocks(
        listed("总体情况", 0) + listed("甲", 1) + listed("乙", 1) + listed("点", 2)
        + listed("主动公开政府信息情况", 0) + listed("丙", 1) + listed("", 0) + paragraph("文", "<w:numPr/>"),
        numbering=numbering,
    )  # fmt: skip
    texts = [block.text for block in found if isinstance(block, Paragraph | Heading)]
    assert texts == ["一、总体情况", "一.1甲", "一.2乙", "点", "二、主动公开政府信息情况", "二.1丙", "文"]


@pytest.mark.parametrize(
    ("number", "numerals", "expected"),
    [
        (1, "chineseCounting", "一"), (10, "japaneseCounting", "十"), (11, "ideographDigital", "十一"),
        (20, "chineseCountingThousand", "二十"), (99, "chineseCounting", "九十九"),
        (100, "chineseCounting", None), (0, "decimal", None), (12, "decimal", "12"),
        (12, "decimalFullWidth", "１２"), (3, "decimalEnclosedCircle", "③"),
        (21, "decimalEnclosedCircle", None), (1, "bullet", None),
    ],
)  # fmt: skip
def test_numerals(number: int, numerals: str, expected: str | None) -> None:
    assert numeral(number, numerals) == expected


def test_styles_say_what_is_a_heading() -> None:
    styles = '<w:style w:styleId="a1"><w:name w:val="heading 2"/></w:style><w:style w:styleId="a2"/>'
    found = blocks(
        paragraph("甲", '<w:pStyle w:val="a1"/>') + paragraph("乙", '<w:pStyle w:val="a2"/>'), styles=styles
    )
    assert found == (Heading("甲", 2), Paragraph("乙"))


def test_a_text_box_is_printed_once_although_it_is_stored_twice() -> None:
    box = f"<w:txbxContent>{paragraph('框内')}</w:txbxContent>"
    run = f"<w:r><mc><Choice>{box}</Choice><Fallback>{box}</Fallback></mc></w:r>"
    assert blocks(f"<w:p><w:r><w:t>框外</w:t></w:r>{run}</w:p>") == (Paragraph("框外"), Paragraph("框内"))


def test_the_strict_edition_is_read_alike() -> None:
    assert read(packed(paragraph("甲"), namespace=STRICT)).blocks == (Paragraph("甲"),)


def test_markup_in_the_text_stays_text() -> None:
    assert blocks(paragraph("&lt;table&gt;&lt;tr&gt;&lt;td&gt;9&lt;/td&gt;")) == (
        Paragraph("<table><tr><td>9</td>"),
    )


def zipped(**files: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        for name, data in files.items():
            package.writestr(name, data)
    return out.getvalue()


def test_the_only_document_of_a_zip_is_read() -> None:
    report = parse(
        zipped(
            **{"年报/报告.docx": written_by_word("fmt2021"), "封面.png": b"\x89PNG", "__MACOSX/._a.docx": b""}
        )
    )
    assert (report.outcome, report.source.kind) == ("parsed", "zip")


def test_of_several_documents_in_a_zip_none_is_guessed() -> None:
    document = packed(paragraph("甲"))
    with pytest.raises(UnreadableInputError, match="2 documents"):
        read(zipped(**{"a.docx": document, "b.DOCX": document}))
    with pytest.raises(UnsupportedInputError, match="zip"):
        read(zipped(**{"a.png": b"\x89PNG", "~$a.docx": b""}))


@pytest.mark.parametrize("cut", [30, 200, -30])
def test_a_cut_file_is_unreadable(cut: int) -> None:
    with pytest.raises(UnreadableInputError, match="damaged package"):
        read(packed(paragraph("甲"))[:cut] + b"word/document.xml")


def test_an_encrypted_member_is_unreadable() -> None:
    data = bytearray(zipped(**{"word/document.xml": b"<a/>"}))
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(mark) + offset] |= 1
    with pytest.raises(UnreadableInputError, match="encrypted"):
        read(bytes(data))


def test_bombs_and_entities_are_bounded() -> None:
    bomb = zipped(**{"word/document.xml": b"<a>" + b"<b/>" * 700_000 + b"</a>"})
    with pytest.raises(UnreadableInputError, match="600,000 tags"):
        read(bomb)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("word/document.xml", b" " * 25_000_000)
    with pytest.raises(UnreadableInputError, match="24,000,000 bytes"):
        read(out.getvalue())
    entities = (
        f'<!DOCTYPE w:document [<!ENTITY a SYSTEM "file:///etc/passwd">]><w:document xmlns:w="{W}"><w:body>'
    )
    text = f"{entities}<w:p><w:r><w:t>甲&a;乙</w:t></w:r></w:p></w:body></w:document>"
    document = read(zipped(**{"word/document.xml": text.encode()}))
    assert "root:" not in str(document.blocks)


def test_a_numeral_of_endless_length_is_printed_short() -> None:
    level = '<w:lvl w:ilvl="0"><w:numFmt w:val="decimal"/><w:lvlText w:val="%s"/></w:lvl>' % ("%1" * 50_000)
    numbering = (
        f'<w:abstractNum w:abstractNumId="1">{level}</w:abstractNum>'
        '<w:num w:numId="1"><w:abstractNumId w:val="1"/></w:num>'
    )
    listed = paragraph("甲", '<w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr>')
    assert sum(len(str(block)) for block in blocks(listed * 500, numbering=numbering)) < 100_000


def test_spans_of_a_hostile_table_are_clamped() -> None:
    wide = cell("1", '<w:gridSpan w:val="999999999"/><w:vMerge w:val="restart"/>')
    document = read(packed(table(wide + cell("甲"), cell("乙", "<w:vMerge/>") + cell("2"))))
    (found,) = document.tables()
    assert isinstance(found, Table)
    assert found.width <= 1_000
