"""A font that travels inside a page: the Chinese characters the page shows, and no others."""

import base64
import io
from functools import cache
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont

FAMILY = "gongkai-sc"
"""Has to come first in `font-family`: Chromium does not draw the first line again when it comes later."""
FONT_FILE = Path(__file__).parent / "fonts" / "common-chinese.otf"


def font_css(text: str) -> str:
    """Return an `@font-face` rule with the characters of a text, empty where none of them is Chinese.

    Characters outside the font (rare ones in names of villages) are left to the fonts of the machine.
    """
    wanted = {ord(character) for character in set(text)} & _known()
    if not wanted:
        return ""
    data = base64.b64encode(_cut(frozenset(wanted))).decode()
    return (
        f'@font-face {{ font-family: "{FAMILY}"; unicode-range: U+80-10FFFF; '
        f'src: url("data:font/woff;base64,{data}") format("woff"); }}\n'
    )


def known_characters() -> frozenset[str]:
    """Return the Chinese characters the font has."""
    return frozenset(chr(one) for one in _known() if one >= 0x2E80)


@cache
def _known() -> frozenset[int]:
    with TTFont(FONT_FILE, lazy=True) as font:
        return frozenset(font.getBestCmap())


def _cut(wanted: frozenset[int]) -> bytes:
    options = subset.Options(flavor="woff", hinting=False, layout_features=[], notdef_outline=True)
    with TTFont(FONT_FILE, lazy=True, recalcTimestamp=False) as font:
        cutter = subset.Subsetter(options)
        cutter.populate(unicodes=wanted)
        cutter.subset(font)
        font.flavor = "woff"
        file = io.BytesIO()
        font.save(file)
    return file.getvalue()
