"""Tables read apart from their page say what they say in it; all others stay in it."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from parsers.readers import html
from parsers.readers.html_known import take_tables
from parsers.readers.html_slim import slim
from parsers.readers.html_tables import RawTable

_ROW = "<tr><td>甲</td><td>1</td></tr>"
_TABLE = f"<table>{_ROW}<tr><td>乙</td><td><p>2</p></td></tr></table>"

_CONTEXTS = (
    "{}",
    "<p>一、<b>{}</b>后</p>",
    "<a href='/x'>{}</a>",
    "<div hidden>{}</div>尾",
    "<div style='display:none'><h2>{}",
    "<table><tr><td>{}</td></tr></table>",
    "<table><tr><td>丙</td><td>丁{}</td></tr><tr><td>3</td><td>4</td></tr></table>",
    "<table><tr>{}<td>3</td><td>4</td></tr></table>",
    "<table><tr><td>3<td>4{}<tr><td>5<td>6</table>",
    "<ul><li>{}<li>{}</ul>",
    "<!-- {} -->",
    "<script>var a = '{}';</script>",
    "<title>{}</title>",
    "<textarea>{}</textarea>",
    "<select><option>{}</select>",
    "<noscript>{}</noscript>{}",
    "<template>{}</template>",
    "<p title='{}'>x</p>",
    '<table known="0" style="float:left"><tr><td>8</td><td>9</td></tr></table>{}',
    "<font size=2>{}<td>7</td>",
    "<h3>甲{}乙</h3><p>{}",
)
_TABLES = (
    _TABLE,
    f"<TABLE border=1><TBODY>{_ROW}{_ROW}</TBODY></TABLE>",
    f"<table><thead>{_ROW}</thead>{_ROW}</table>",
    "<table><tr><td rowspan=2>甲</td><td colspan='2'>&nbsp;3 </td></tr><tr><td>4</td></tr></table>",
    "<table><tr><td>甲<td>1</tr></table>",
    "<table>乙<tr><td>甲</td><td>1</td></tr></table>",
    "<table><tr><td>甲</td><td><p>1</td></tr></table>",
    "<table><tr><td><div><p>甲</p>乙</div></td><td>1<br>2</td></tr></table>",
    "<table><tr><td>甲</td><td><span>1<td>2</span></td></tr></table>",
    "<table><tr><td>甲</td><td style='display:none'>1</td><td>2</td></tr></table>",
    "<table><tr><td>甲</td><td>1<sup>2</sup></td></tr></table>",
    "<table><caption>表</caption><tr><td>甲</td><td>1</td></tr></table>",
    "<table><tr><td><></td><td>1</td></tr></table>",
    "<table><tr><td>甲</td><td>1",
)


@pytest.mark.parametrize("context", _CONTEXTS)
@pytest.mark.parametrize("table", _TABLES)
def test_a_page_says_the_same_with_its_tables_taken_out(context: str, table: str) -> None:
    _compare(context.replace("{}", table))


@settings(deadline=None)
@given(st.lists(st.tuples(st.sampled_from(_CONTEXTS), st.sampled_from(_TABLES)), min_size=1, max_size=5))
def test_pages_of_many_tables_say_the_same(parts: list[tuple[str, str]]) -> None:
    _compare("".join(context.replace("{}", table) for context, table in parts))


def _compare(page: str) -> None:
    slimmed = slim(f"<body><p>首</p>{page}<p>末</p>".encode())
    taken, whole = html._read_page(slimmed), html._parse(slimmed.data, slimmed)
    assert taken is not None
    assert whole is not None
    assert _plain(taken) == _plain(whole)


def _plain(page: html._Page) -> html._Page:
    items = [item._replace(filled=None) if isinstance(item, RawTable) else item for item in page.walked.items]
    return page._replace(walked=page.walked._replace(items=items))


@pytest.mark.parametrize("table", _TABLES[:4])
def test_whole_tables_are_taken(table: str) -> None:
    apart = take_tables(slim(f"<p>{table}<p>{table}".encode()).data)
    assert len(apart.tables) == 2
    assert apart.data.count(b"<td>") == 2


@pytest.mark.parametrize("table", _TABLES[4:7] + _TABLES[8:])
def test_tables_that_are_not_whole_stay(table: str) -> None:
    data = slim(f"<p>{table}".encode()).data
    assert take_tables(data) == (data, ())


def test_only_figures_are_filled_in() -> None:
    for figure in ("1", "23", "4.5万元"):
        (one,) = take_tables(_TABLE.replace("<p>2</p>", f"<p>{figure}</p>").encode()).tables
        assert one.table is not None
        assert [cell.text for row in one.table.rows for cell in row] == ["甲", "1", "乙", figure]
