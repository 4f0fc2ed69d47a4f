"""The font inside a page: every Chinese character shown is in it, and nothing else."""

import base64
import io
import re
from pathlib import Path

from fontTools.ttLib import TTFont
from hypothesis import given, settings
from hypothesis import strategies as st

from output.compare import compare
from output.compare_page import as_html
from output.webfont import FAMILY, font_css
from tests.output.doubles import Case, make_dataset


def carried(css: str) -> TTFont:
    data = re.search(r"base64,([A-Za-z0-9+/=]+)", css)
    assert data is not None
    return TTFont(io.BytesIO(base64.b64decode(data[1])))


def test_the_font_holds_the_characters_asked_for_with_outlines() -> None:
    font = carried(font_css("政府信息公开 abc 12 政"))
    assert set(font.getBestCmap()) == set(map(ord, "政府信息公开"))
    assert len(font["CFF "].cff.topDictIndex[0].CharStrings) == 7  # six characters and the empty box


def test_no_chinese_no_font() -> None:
    assert font_css("Requests received, 2024") == ""


def test_characters_the_font_lacks_are_left_to_the_machine() -> None:
    assert font_css("\U0003106c") == ""
    assert set(carried(font_css("\U0003106c公")).getBestCmap()) == {ord("公")}


@settings(max_examples=20, deadline=None)
@given(st.text(max_size=20))
def test_any_text_gives_a_rule_or_nothing_and_always_the_same(text: str) -> None:
    css = font_css(text)
    assert css == font_css(text)
    assert css == "" or FAMILY in css
    assert "</" not in css


def test_a_comparison_carries_every_chinese_character_it_shows(tmp_path: Path) -> None:
    make_dataset(tmp_path, [Case("䶮溪镇人民政府", 2024, {"requests.received.total": 5})])
    page = as_html(compare(tmp_path, "requests_received", lang="zh"))
    shown = {ord(char) for char in re.sub(r"base64,[^\"]+", "", page) if "\u4e00" <= char <= "\u9fff"}
    assert shown <= set(carried(page).getBestCmap())
    assert "font-src data:" in page
    assert f'font-family: "{FAMILY}", ' in page
