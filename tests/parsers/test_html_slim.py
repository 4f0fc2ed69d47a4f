"""Attributes nobody reads are left out before parsing; what a page says is never touched."""

import pytest

from parsers.readers import html_slim
from parsers.readers.html_slim import slim


@pytest.mark.parametrize(
    ("page", "expected"),
    [
        ('<p class="a" style="color:red">一</p>', "<p>一</p>"),
        ("<TD WIDTH=81 COLSPAN=2 style='x:y'>1</TD >", "<td colspan=2>1</td>"),
        ('<td rowspan="2"class="xl65">1</td>', '<td rowspan="2">1</td>'),
        ('<span lang="EN-US">1</span><b >2</b>', "12"),
        ('<span class="a">a&am</span>p;', "<span>a&am</span>p;"),
        ('<div class="box" id="zoom">x</div>', '<div class="box" id="zoom">x</div>'),
        ('<div class="box" onclick="a>b">x</div>', '<div class="box" onclick="a>b">x</div>'),
        ('<a href="/a/b.html" title="甲">甲</a>', "<a>甲</a>"),
        ('<img src="a.png" width="3"><meta name="a" content="b">',) * 2,
        ("1 < 2 <3> <!-- <p class='a'> --><p class='a'>", "1 < 2 <3> <!-- <p class='a'> --><p>"),
    ],
)
def test_attributes_nobody_reads_are_left_out(page: str, expected: str) -> None:
    found = slim(page.encode())
    assert found.data.decode() == expected
    assert found.styled == frozenset()
    assert not found.has_files


@pytest.mark.parametrize(
    "page", ['<a title="<p class="x">">', "<p class='x", '<p ”class="x">', '</p class="x">']
)
def test_nothing_is_changed_behind_a_tag_that_stays_open(page: str) -> None:
    found = slim(f'<b id="1">{page}<p class="a">1</p>'.encode())
    assert found.data.decode() == f'<b>{page}<p class="a">1</p>'
    assert found.styled is None
    assert found.has_files


@pytest.mark.parametrize(
    "raw",
    [
        '<script>if (a<b) x("<p class=1>")</script>',
        '<style>p<q{}</style>',
        '<title>a <p class="x"> b</title>',
        '<textarea><p class="x"></textarea>',
        "<!-- <a title=' --> ",
    ],
)  # fmt: skip
def test_text_that_is_no_markup_stays_as_it_is(raw: str) -> None:
    found = slim(f'<p id="1">{raw}<p class="a">1</p>'.encode())
    assert found.data.decode() == f"<p>{raw}<p>1</p>"
    assert found.styled == frozenset()


@pytest.mark.parametrize(
    "tag",
    ['<DIV style="Display : none">', "<div hidden>", "<div style='font-size:0'>", "<div style='x:&#97;'>"],
)
def test_what_hides_or_sets_apart_is_named_and_kept(tag: str) -> None:
    found = slim(f'<p class="a">{tag}'.encode())
    assert found.data.decode() == f"<p>{tag}"
    assert found.styled == {"div"}


def test_tags_of_mere_looks_stay_where_one_of_them_sets_text_apart() -> None:
    page = '<i>0</i><span>1</span><b style="float:left">2</b>'
    found = slim(page.encode())
    assert found.data.decode() == page
    assert found.styled == {"b"}


def test_links_to_files_are_kept_whole() -> None:
    page = '<a class="b" href="/x/附件.doc?v=1" title="附件">附件</a>'
    found = slim(page.encode())
    assert found.data.decode() == page
    assert found.has_files


def test_many_pages_do_not_fill_the_memory() -> None:
    slim("".join(f"<td class='{number}'>{number}" for number in range(25_000)).encode())
    assert len(html_slim._WITHOUT_LOOKS) <= 20_000
