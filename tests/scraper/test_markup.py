"""Pages that hold beginnings without end: a pattern that looks for each end anew would take minutes here."""

import re

import pytest

from scraper.attachments import find_attachments
from scraper.families import FAMILIES, detect
from scraper.families.base import ListEnd, ListPage, ListRequest, Start
from scraper.likeness import visible_text
from scraper.markup import blocks, scripts, visible_markup, without_comments
from scraper.metadata import article_title

SIZE = 200_000
BEGINNINGS = (
    "<", "<script ", "<script>", "<!--", "<a ", "<meta ", "<img ", "<record>", "<nextgroup>", "<div ",
    ".jpage(", "<script text/xml><datastore>", "共<", "['", "[", '{"a":', "createPageHTML('", "tree.jsp?",
)  # fmt: skip


@pytest.mark.parametrize(
    ("page", "expected"),
    [
        ("a<script>b</script >c", "a c"),
        ("a<STYLE x>b</style>c<!-- d -->e", "a c e"),
        ("a<script>b", "a<script>b"),
        ("a<script>b<style>c</style>d", "a<script>b d"),
        ("<head><title>x</title></head>y", " y"),
        ("<header>x</header>", "<header>x</header>"),
        ("<!-- <script> -->a</script>", " a</script>"),
    ],
)
def test_what_is_not_seen_is_left_out(page: str, expected: str) -> None:
    assert visible_markup(page) == expected


def test_comments_scripts_and_blocks() -> None:
    assert without_comments("a<!--b-->c<!--d") == "a c<!--d"
    found = list(scripts('<script type="text/xml">a</script><SCRIPT>b</SCRIPT>c<script>'))
    assert found == [('<script type="text/xml">', "a"), ("<SCRIPT>", "b")]
    pieces = list(blocks("(a)(b)(c", re.compile(r"\("), re.compile(r"\)")))
    assert [text for _, text in pieces] == ["a", "b"]


@pytest.mark.parametrize("beginning", BEGINNINGS)
def test_beginnings_without_end_are_read_once(beginning: str) -> None:
    page = beginning * (SIZE // len(beginning))
    assert len(visible_text(page)) <= len(page)
    assert find_attachments(page, "http://a.example/b/") == []
    assert article_title(page) is None
    assert detect(page, "http://a.example/b/").family in (*FAMILIES, "generic")


@pytest.mark.parametrize("family", ["hanweb_jpage", "hanweb_xxgk", "lonsun", "ucap"])
@pytest.mark.parametrize("beginning", [".jpage(", "<script text/xml><datastore>", "['", "[" * 20])
def test_no_family_is_held_up_by_its_own_marks(family: str, beginning: str) -> None:
    url, page = "http://a.example/col/col1/index.html", beginning * (SIZE // len(beginning))

    def ask(request: ListRequest) -> ListPage:
        return ListPage(request.url, page, "ok", None, SIZE)

    start = Start(url, ask, lambda rows: None, frozenset({"a.example"}))
    ends = [item.reason for item in FAMILIES[family](start) if isinstance(item, ListEnd)]
    assert set(ends) == {"failed"}
