"""Tables read before are filled with other figures; the result is what reading them anew would give."""

import pytest

from parsers.document import Table
from parsers.readers.html import read_html
from parsers.readers.html_blanks import Blanks, Reading
from parsers.readers.html_knowledge import load_knowledge
from parsers.readers.html_tables import RawTable

PAGE = (
    "<body><p>前</p><table><tr><th>信息内容{name}</th><th colspan=2>本年制发件数</th></tr>"
    "<tr><td rowspan=2>规章</td><td>{first}</td><td><p>{second}</p></td></tr>"
    "<tr><td>{third}</td><td>备注</td></tr></table></body>"
)


def texts(page: str) -> list[list[str]]:
    [table] = [block for block in read_html(page).blocks if isinstance(block, Table)]
    return [[cell.text for cell in row] for row in table.rows]


@pytest.mark.parametrize("figures", [("0", "7", "12"), ("3", "0", "2.5万元"), ("1.25", "99999999", "80元")])
def test_a_known_table_is_filled_in(figures: tuple[str, str, str]) -> None:
    named = dict(zip(("first", "second", "third"), figures, strict=True))
    first, second, third = figures
    known = read_html(PAGE.format(name="甲", **named))
    assert texts(PAGE.format(name="甲", **named))[1:] == [["规章", first, second], [third, "备注"]]
    assert [table.figures for table in known.filled if table] == [figures]
    other = read_html(PAGE.format(name="甲", first=5, second=6, third=8))
    assert other.filled[0] is not None
    assert known.filled[0] is not None
    assert other.filled[0].blank is known.filled[0].blank


@pytest.mark.parametrize("cell", ["5<p>件</p>", "共<br>5<br>件", "007", "5 件", "<h3>第</h3>5", "１２"])
def test_a_figure_that_is_not_alone_in_its_cell_stays_where_it_is(cell: str) -> None:
    pages = [PAGE.format(name="乙", first=cell.replace("5", digit), second=2, third=3) for digit in "59"]
    assert "5" not in cell or texts(pages[0]) != texts(pages[1])
    assert [row[1:] for row in texts(pages[1])][1][1] == "2"


def test_what_more_comes_of_a_table_than_cells_is_not_remembered() -> None:
    for page in (
        PAGE.format(name="<img src='a.png'>", first=1, second=2, third=3),
        PAGE.format(name="<a href='b.doc'>附件</a>", first=1, second=2, third=3),
        "<table><tr><td><p>一段</p></td></tr></table>",
    ):
        assert [filled for filled in read_html(page).filled if filled] == []


@pytest.mark.parametrize("odd", ["<table>", "<tablex>1</tablex>", "<div id=zoom><table>", "<table></table>"])
def test_empty_tables_and_other_tags_end_no_table(odd: str) -> None:
    page = f"<table><tr><td>信息内容{odd}</td><td>5</td></tr><tr><td>规章</td><td>6</td></tr></table>"
    assert "6" in str(read_html(page).blocks)
    assert read_html(f"<table><td>{odd}").kind == "html"


def test_only_so_many_tables_are_kept() -> None:
    blanks = Blanks()
    for number in range(200):
        markup = f"<table{'x' * number}>"
        blanks.read(markup, lambda _: Reading(RawTable((), 0, 0), 0))
    assert len(blanks) == 128


def test_no_label_holds_a_digit() -> None:
    assert not any(sign.isdigit() or sign in "元<>" for sign in load_knowledge().labels.pattern)
