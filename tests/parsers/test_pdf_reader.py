"""PDF files: ruled tables cell by cell, also over pages; what is hidden, torn or askew is never a figure."""

import json
from collections.abc import Callable, Sequence
from functools import cache
from itertools import pairwise

import pytest

from parsers.document import Document, Heading, Paragraph
from parsers.readers import UnreadableInputError, UnsupportedInputError, pdf_child, pdf_pages, read
from parsers.readers.pdf import read_pdf
from parsers.readers.pdf_signs import printed
from parsers.readers.sniff import binary_kind
from parsers.report import parse
from tests.parsers.pdf_writer import PdfPage, pdf
from tests.render.form_layout import Box, Grid, disclosure, disputes, form_cells, requests
from tests.render.html import NARRATIVE, SECTIONS, numbered_figures

COLUMNS, ROWS = (100, 220, 300, 380), (100, 120, 140)
TEXTS = (("信息内容", "本年制发件数", "总计"), ("规章", "12", "345"))
DOUBT = "\ufffd"


@cache
def started() -> None:
    pdf_child.start()


def here(data: bytes) -> bytes:
    """Read pages in this process: what the tests draw is not dangerous."""
    started()
    try:
        return json.dumps({"pages": pdf_child.pages_of(data)}).encode()
    except pdf_child.NotReadError as error:
        return json.dumps({"error": str(error)}).encode()


def document(*pages: PdfPage) -> Document:
    return read_pdf(pdf(*pages), here)


def table_page(change: Callable[[PdfPage], None] = lambda page: None) -> PdfPage:
    """Return a page with one small table, and what `change` adds to it."""
    page = PdfPage()
    page.table(COLUMNS, ROWS, TEXTS)
    change(page)
    return page


def rows_of(*pages: PdfPage) -> list[list[str]]:
    """Return the texts of the only table."""
    (found,) = document(*pages).tables()
    return [[cell.text for cell in row] for row in found.rows]


def figures(change: Callable[[PdfPage], None]) -> list[str]:
    """Return the figures of the small table as they are read after a change to the page."""
    return rows_of(table_page(change))[1][1:]


def lines(*pages: PdfPage) -> list[str]:
    return [block.text for block in document(*pages).blocks if isinstance(block, Paragraph | Heading)]


# Whole reports


def place(grid: Grid) -> list[tuple[int, int, Box]]:
    """Return the boxes of a form with the row and column they begin in."""
    taken: set[tuple[int, int]] = set()
    placed = []
    for row, boxes in enumerate(grid):
        column = 0
        for box in boxes:
            while (row, column) in taken:
                column += 1
            placed.append((row, column, box))
            taken |= {(row + y, column + x) for y in range(box.rows) for x in range(box.columns)}
    return placed


class Printer:
    """Prints forms and lines on as many pages as they need."""

    def __init__(self, *, bottom: float = 800, left: float = 40, size: float = 8) -> None:
        self.height = max(842.0, bottom + 42)
        self.pages = [PdfPage(height=self.height)]
        self.y = 50.0
        self.bottom, self.left, self.size = bottom, left, size
        self.texts: dict[tuple[str, str, str], str] = {}

    def line(self, text: str, size: float = 12, x: float | None = None) -> None:
        self.y += 1.8 * size
        self._turn_page(1.8 * size)
        self.pages[-1].text(self.left if x is None else x, self.y, text, size)

    def form(self, grid: Grid) -> None:
        """Print a form; where the page ends inside a row, its lines go on on the next one."""
        width = sum(box.columns for box in grid[0])
        edges = [self.left + 515 * n / width for n in range(width + 1)]
        boxes = place(grid)
        wrapped = {
            (row, column): self._wrapped(box, edges[column + box.columns] - edges[column])
            for row, column, box in boxes
        }
        heights = [
            max([1, *(len(wrapped[y, x]) for y, x, box in boxes if y == row and box.rows == 1)])
            for row in range(len(grid))
        ]
        for row, height in enumerate(heights):
            for part in range(height):
                self._turn_page(self.size * 1.3)
                top, self.y = self.y, self.y + self.size * 1.3
                for y, x, box in boxes:
                    if y <= row < y + box.rows:
                        done = sum(heights[y:row]) + part
                        text = wrapped[y, x][done] if done < len(wrapped[y, x]) else ""
                        self._piece(edges[x], edges[x + box.columns], top, text)
                        ends = row == y + box.rows - 1 and part == height - 1
                        if ends or self.y + self.size * 1.3 > self.bottom:
                            self.pages[-1].rule(edges[x], self.y, edges[x + box.columns], self.y)
                        if done == 0 or top == 50:
                            self.pages[-1].rule(edges[x], top, edges[x + box.columns], top)

    def _piece(self, left: float, right: float, top: float, text: str) -> None:
        for x in (left, right):
            self.pages[-1].rule(x, top, x, self.y)
        if text:
            self.pages[-1].text(left + 2, self.y - 2.5, text, self.size)

    def _wrapped(self, box: Box, width: float) -> list[str]:
        text = self.texts[box.key] if box.key else box.text
        most = max(1, int((width - 4) / self.size))
        return [text] if box.key else [text[n : n + most] for n in range(0, len(text), most)]

    def _turn_page(self, height: float) -> None:
        if self.y + height > self.bottom:
            self.pages[-1].text(290, self.height - 17, f"- {len(self.pages)} -", 9)
            self.pages.append(PdfPage(height=self.height))
            self.y = 50.0


@cache
def report_pages(era: str, bottom: float) -> tuple[PdfPage, ...]:
    """Return a whole report; where a page ends is where `bottom` says."""
    printer = Printer(bottom=bottom)
    printer.texts = {
        key: f"{text}元" if "total_amount" in key else text for key, text in numbered_figures(era).items()
    }
    printer.line("青禾县清风镇人民政府2024年政府信息公开工作年度报告", 18)
    grids = {1: disclosure(era), 2: requests(era), 3: disputes()}
    for number, heading in enumerate(SECTIONS):
        printer.line(heading, 12, 64)
        for text in NARRATIVE.get(number, ()):
            printer.line(text.format(year=2024), 12, 64)
        if number in grids:
            printer.y += 8
            printer.form(grids[number])
    return tuple(printer.pages)


@pytest.mark.parametrize("era", ["fmt2021", "fmt2019"])
def test_a_report_is_read_cell_by_cell(era: str) -> None:
    report = parse(pdf(*report_pages(era, 800)))
    assert (report.outcome, report.source.kind, report.era) == ("parsed", "pdf", era)
    truth = numbered_figures(era)
    assert {fact.key: str(fact.value) for fact in report.facts} == {
        key: truth[key] for key in form_cells(era)
    }
    assert report.identity.agency == "青禾县清风镇人民政府"
    assert [section.number for section in report.sections] == [1, 2, 3, 4, 5, 6]
    assert report.sections[0].text.count("\n") == 1


def cells_of(pages: Sequence[PdfPage]) -> list[list[tuple[str, int, int, int]]]:
    return [
        [(cell.text, cell.column, cell.row_span, cell.column_span) for cell in row]
        for table in document(*pages).tables()
        for row in table.rows
    ]


def test_wherever_the_page_ends_the_tables_are_the_same() -> None:
    """Rows and merged cells the end of a page cuts, headings and names broken over it, become whole again."""
    whole = cells_of(report_pages("fmt2021", 3_000))
    for bottom in (300, 326, 365):
        assert cells_of(report_pages("fmt2021", bottom)) == whole, bottom


# What is printed, and what is not certain to be


def test_a_ruled_table_is_read_cell_by_cell() -> None:
    assert rows_of(table_page()) == [list(line) for line in TEXTS]
    assert document(table_page()).kind == "pdf"


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        # White on white, invisible, covered, cut off: the paper does not show what the file holds.
        (lambda page: page.text(244, 136, "7", before="1 1 1 rg"), ["12" + DOUBT, "345"]),
        (lambda page: page.text(244, 136, "7", before="3 Tr"), ["12" + DOUBT, "345"]),
        (lambda page: page.fill(222, 122, 76, 16, "1 1 1"), [DOUBT, "345"]),
        (lambda page: page.picture(222, 121, 158, 18), [DOUBT, DOUBT]),
        (lambda page: page.operators.append("q 0 0 0 0 re W n"), ["12", "345"]),
        # Raised, over another one, askew, turned, struck out.
        (lambda page: page.text(234, 132, "2", 6), ["122" + DOUBT, "345"]),
        (lambda page: page.text(230, 136, "8"), ["128" + DOUBT, "345"]),
        (lambda page: page.text(240, 136, "8", turn="0.9 0.4 -0.4 0.9"), ["12", "345"]),
        (lambda page: page.text(246, 136, "8", turn="0 1 -1 0"), ["12" + DOUBT, "345"]),
        (lambda page: page.rule(223, 132, 236, 132), ["12" + DOUBT, "345"]),
        (lambda page: page.fill(223, 131.5, 11, 0.8), ["12" + DOUBT, "345"]),
        # Over the border, torn by it, two in one cell, on two lines.
        (lambda page: page.text(297, 136, "9"), ["12 9" + DOUBT, "345" + DOUBT]),
        (lambda page: page.text(297.2, 136, "7", 5), ["12 7" + DOUBT, "345"]),
        (lambda page: page.text(250, 136, "7"), ["12 7", "345"]),
        (lambda page: page.text(224, 128, "7", 6), ["7 12" + DOUBT, "345"]),
        # A picture, a form field or a signature stands in the cell.
        (lambda page: page.picture(250, 122, 20, 14), ["12\ufffc", "345"]),
        (
            lambda page: page.notes.append("<< /Type /Annot /Subtype /FreeText /Rect [250 704 280 718] >>"),
            ["12\ufffc", "345"],
        ),
        # What is underlined, printed twice to be bold, or stands on a coloured ground is printed.
        (lambda page: page.rule(224, 137.5, 234, 137.5), ["12", "345"]),
        (lambda page: page.text(224.3, 136, "12"), ["12", "345"]),
        (lambda page: page.text(350, 136, "7", before="1 0 0 rg"), ["12", "345 7"]),
    ],
)
def test_only_what_the_paper_shows_in_one_cell_is_a_figure(
    change: Callable[[PdfPage], None], expected: list[str]
) -> None:
    assert figures(change) == expected


def test_white_letters_on_a_dark_ground_are_seen() -> None:
    page = PdfPage()
    page.fill(100, 100, 280, 20, "0 0 0.5")
    page.table(COLUMNS, ROWS, (("", "", ""), TEXTS[1]))
    page.text(104, 116, "信息内容", before="1 1 1 rg")
    assert rows_of(page)[0] == ["信息内容", "", ""]


def test_merged_cells_are_what_the_lines_enclose() -> None:
    page = PdfPage()
    for x, top, end in ((100, 100, 160), (380, 100, 160), (200, 120, 160), (300, 100, 140)):
        page.rule(x, top, x, end)
    for y, start, end in ((100, 100, 380), (160, 100, 380), (120, 100, 300), (140, 200, 380)):
        page.rule(start, y, end, y)
    for x, y, text in (
        (104, 116, "甲"),
        (304, 116, "乙"),
        (104, 136, "丙"),
        (204, 136, "1"),
        (204, 156, "2"),
    ):
        page.text(x, y, text)
    (found,) = document(page).tables()
    assert [list(row) for row in found.rows] == [
        [("甲", 0, 0, 1, 2), ("乙", 0, 2, 2, 1)],
        [("丙", 1, 0, 2, 1), ("1", 1, 1, 1, 1)],
        [("2", 2, 1, 1, 2)],
    ]


@pytest.mark.parametrize("way", ["boxes", "dashes", "double", "apart", "pieces", "open"])
def test_lines_are_drawn_in_many_ways(way: str) -> None:
    page = PdfPage()
    for x, y, end_x, end_y in [
        *((x, ROWS[0], x, ROWS[-1]) for x in (COLUMNS[1:-1] if way == "open" else COLUMNS)),
        *((COLUMNS[0], y, COLUMNS[-1], y) for y in ROWS),
    ]:
        if way == "boxes":
            page.fill(x - 0.25, y - 0.25, max(0.5, end_x - x), max(0.5, end_y - y))
        elif way == "dashes":
            page.operators.append(f"[3 2] 0 d 0.5 w {x} {842 - y} m {end_x} {842 - end_y} l S")
        elif way == "double":
            page.rule(x, y, end_x, end_y)
            page.rule(x + (x == end_x) * 2.5, y + (y == end_y) * 2.5, end_x + (x == end_x) * 2.5, end_y)
        elif way == "pieces":
            middle = ((x + end_x) / 2, (y + end_y) / 2)
            page.rule(x, y, *middle)
            page.rule(middle[0] + (y == end_y) * 1.5, middle[1] + (x == end_x) * 1.5, end_x, end_y)
        elif way == "open":
            page.rule(x, y, end_x, end_y)
    if way == "apart":
        for left, right in pairwise(COLUMNS):
            for upper, lower in pairwise(ROWS):
                page.operators.append(
                    f"{left + 1} {842 - lower + 1} {right - left - 2} {lower - upper - 2} re S"
                )
    for bottom, line in zip(ROWS[1:], TEXTS, strict=True):
        for left, text in zip(COLUMNS, line, strict=False):
            page.text(left + 5, bottom - 5, text)
    assert rows_of(page) == [list(line) for line in TEXTS]


def test_an_outline_that_is_no_rectangle_holds_no_figure() -> None:
    page = PdfPage()
    for x, top, end in ((100, 100, 140), (300, 100, 140), (200, 120, 140)):
        page.rule(x, top, x, end)
    for y, start, end in ((100, 100, 300), (140, 100, 300), (120, 200, 300)):
        page.rule(start, y, end, y)
    page.text(104, 116, "12")
    page.text(244, 136, "7")
    assert rows_of(page) == [["12" + DOUBT, ""], ["", "7"]]


def test_figures_without_lines_are_no_table() -> None:
    page = PdfPage()
    for y, line in ((116, TEXTS[0]), (136, TEXTS[1])):
        for x, text in zip(COLUMNS, line, strict=False):
            page.text(x, y, text)
    assert list(document(page).tables()) == []


def test_a_frame_around_a_page_is_no_table() -> None:
    page = table_page()
    page.table((50, 500), (50, 700), [[""]])
    assert rows_of(page) == [list(line) for line in TEXTS]


@pytest.mark.parametrize("turn", [90, 180, 270])
def test_turned_pages_are_read_as_they_are_shown(turn: int) -> None:
    upright = table_page()
    if turn == 180:
        page = PdfPage(
            595,
            842,
            180,
            [f"-1 0 0 -1 595 842 cm {line}" if not n else line for n, line in enumerate(upright.operators)],
        )
    else:
        matrix = "0 1 -1 0 842 0" if turn == 90 else "0 -1 1 0 0 595"
        page = PdfPage(842, 595, turn, [f"{matrix} cm {upright.operators[0]}", *upright.operators[1:]])
    assert rows_of(page) == [list(line) for line in TEXTS]
    assert rows_of(PdfPage(page.width, page.height, 0, page.operators)) == [list(line) for line in TEXTS]


def test_names_set_sideways_are_read_along_their_line() -> None:
    page = table_page()
    page.text(110, 160, "一段说明文字", turn="0 -1 1 0")
    page.table((100, 130, 200), (150, 250), [["", "5"]])
    tables = list(document(page).tables())
    assert [cell.text for cell in tables[1].rows[0]] == ["一段说明文字", "5"]


# Running text


def test_wrapped_lines_are_joined_and_indented_ones_begin_a_paragraph() -> None:
    page = PdfPage()
    page.text(150, 80, "青禾县财政局2024年年报", 18)
    for y, x, text in (
        (130, 124, "甲" * 31), (150, 100, "乙" * 33), (170, 100, "丙丙。"), (190, 124, "丁" * 5),
    ):  # fmt: skip
        page.text(x, y, text, 12)
    page.text(290, 826, "— 1 —", 9)
    assert document(page).blocks == (
        Heading("青禾县财政局2024年年报", 1),
        Paragraph("甲" * 31 + "乙" * 33 + "丙丙。"),
        Paragraph("丁" * 5),
    )


def test_running_titles_and_page_numbers_are_no_text() -> None:
    pages = []
    for number in (1, 2):
        page = PdfPage()
        page.text(100, 40, "青禾县政府信息公开")
        page.text(100, 400, f"第{'一二'[number - 1]}段。", 12)
        page.text(280, 820, f"第{number}页 共2页", 9)
        pages.append(page)
    assert lines(*pages) == ["第一段。", "第二段。"]


def test_signs_that_only_look_like_a_character_become_it() -> None:
    assert [printed(sign) for sign in "⻔⾏⼀金１①A"] == list("门行一金１①A")
    assert [printed(sign) for sign in ("\ue000", "\x01", "\uffff")] == [DOUBT] * 3


# What cannot be read


def test_a_page_that_is_a_picture_has_no_reader() -> None:
    page = PdfPage()
    page.picture(0, 0, 595, 842)
    page.operators.insert(0, page.operators[0])
    page.text(100, 100, "规章12", before="3 Tr")
    with pytest.raises(UnsupportedInputError, match=r"pictures \(1 of 1\)"):
        document(page)


def test_fonts_that_do_not_say_what_they_hold_are_not_read() -> None:
    with pytest.raises(UnreadableInputError, match="letters"):
        read_pdf(pdf(table_page(), mapped=False), here)


def test_letters_of_a_font_outside_the_file_are_read_where_they_are_meant_to_be_seen() -> None:
    page = table_page(lambda page: page.text(244, 136, "7", before="3 Tr"))
    (found,) = read_pdf(pdf(page, embedded=False), here).tables()
    assert [cell.text for cell in found.rows[1]] == ["规章", "12" + DOUBT, "345"]


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"\n\n%PDF-1.4 x", "damaged PDF"),
        (b"%PDF-1.7\n1 0 obj << /Type /Catalog >> endobj", "damaged PDF"),
        (pdf(table_page())[:1500], "damaged PDF"),
        (pdf(*[PdfPage()] * 61), "61 pages"),
        (pdf(PdfPage()), "without text"),
    ],
    ids=["head", "catalogue", "cut", "pages", "empty"],
)  # fmt: skip
def test_damage_and_bounds_have_their_reason(data: bytes, reason: str) -> None:
    assert binary_kind(data) == "pdf"
    with pytest.raises(UnreadableInputError, match=reason):
        read_pdf(data, here)


@pytest.mark.parametrize(
    "answer",
    [
        b"", b"[", b"[]", b"{}", b'{"pages": 3}', b'{"pages": [{"width": 1}]}',
        b'{"pages": [{"width": 1, "height": 1, "signs": [["ab", 1]], "rules": [], "pictures": [],'
        b' "cuts": []}]}',
        b'{"pages": [{"width": NaN, "height": 1, "signs": [], "rules": [], "pictures": [], "cuts": []}]}',
    ],
)  # fmt: skip
def test_nothing_the_reading_process_says_is_taken_on_trust(answer: bytes) -> None:
    with pytest.raises(UnreadableInputError, match="damaged PDF"):
        read_pdf(b"%PDF-", lambda data: answer)


def test_a_reading_process_that_dies_is_an_outcome(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf_pages, "_CHILD", "-c")
    with pytest.raises(UnreadableInputError, match="bounds"):
        read(pdf(table_page()))


def test_without_the_library_it_is_said_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf_pages, "_LIBRARY", "no_such_library")
    report = parse(pdf(table_page()))
    assert (report.outcome, report.source.kind) == ("unsupported", "pdf")
    assert report.error == "reading PDF files needs: pip install 'gongkai[documents]'"
    assert pdf_pages.library_version() == ""
