import hashlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from parsers.fingerprint import content_fingerprint
from parsers.records import CellKey
from tests.render.html import HtmlOptions, form_cells, numbered_figures, render_page

FIGURES = numbered_figures(start=1000)


def fingerprint(figures: dict[CellKey, str], options: HtmlOptions) -> str:
    return content_fingerprint(render_page(figures, options=options).encode())


@pytest.mark.parametrize(
    "options",
    [
        {},
        {"layout_table": True},
        {"container": ""},
        {"in_script": True},
        {"markup": "word", "metadata_box": True},
    ],
    ids=str,
)
def test_what_a_visit_adds_changes_nothing(options: dict[str, object]) -> None:
    first = HtmlOptions(noise="2026-01-05", **options)  # type: ignore[arg-type]
    second = HtmlOptions(noise="2026-11-30", **options)  # type: ignore[arg-type]
    assert render_page(FIGURES, options=first) != render_page(FIGURES, options=second)
    assert fingerprint(FIGURES, first) == fingerprint(FIGURES, second)


@settings(deadline=None, max_examples=40)
@given(st.sampled_from(list(form_cells("fmt2021"))), st.sampled_from(["", "0", "7", "/"]))
def test_a_changed_figure_changes_it(key: CellKey, printed: str) -> None:
    assert fingerprint({**FIGURES, key: printed}, HtmlOptions()) != fingerprint(FIGURES, HtmlOptions())


def test_a_changed_sentence_or_file_changes_it() -> None:
    page = render_page(FIGURES)
    changed = [
        page.replace("33条", "34条"),
        page.replace("一、总体情况", "一、总体情况<a href='x.pdf'>附件</a>"),
    ]
    assert len({content_fingerprint(text.encode()) for text in (page, *changed)}) == 3


def test_figures_that_change_places_change_it() -> None:
    keys = list(form_cells("fmt2021"))[:2]
    swapped = {**FIGURES, keys[0]: FIGURES[keys[1]], keys[1]: FIGURES[keys[0]]}
    assert fingerprint(swapped, HtmlOptions()) != fingerprint(FIGURES, HtmlOptions())


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("<p>浏览次数：[12]次</p>", "<p>浏览次数：[13]次</p>"),
        ("<p>点击数: 1,204</p>", "<p>点击数: 1,205</p>"),
        ("<p>今天是2026年1月5日 星期一</p>", "<p>今天是2026年1月6日 星期二</p>"),
        ("<a href='a.pdf;jsessionid=AA?x=1'>f</a>", "<a href='a.pdf;jsessionid=BB?x=1'>f</a>"),
        ("<!-- 1 --><input type=hidden value=1>", "<!-- 2 --><input type=hidden value=2>"),
    ],
)
def test_counters_days_and_sessions_inside_the_body_are_left_out(first: str, second: str) -> None:
    body = "<div id=zoom>{}<p>一、总体情况</p><p>本机关全年公开信息十二条，办理申请三件。</p></div>"
    prints = {content_fingerprint(body.format(part).encode()) for part in (first, second)}
    assert len(prints) == 1


def test_charset_does_not_matter() -> None:
    page = render_page(FIGURES)
    assert content_fingerprint(page.encode("gb18030")) == content_fingerprint(page.encode("utf-8"))


@pytest.mark.parametrize("data", [b"%PDF-1.4 x", b"", "一、总体情况\n规章 | 0 |".encode(), b"\x00\x01" * 99])
def test_other_inputs_are_told_apart_by_their_bytes(data: bytes) -> None:
    assert content_fingerprint(data) == hashlib.sha256(data).hexdigest()
