"""Normalised copies of printed text for comparing; the printed text itself is never changed."""

import re
import unicodedata
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

# Zero-width, byte-order and directional marks that pages carry inside labels and figures.
_INVISIBLE = dict.fromkeys(
    [0x200B, 0x200C, 0x200D, 0x200E, 0x200F, 0x2060, 0xFEFF, 0x00AD, *range(0x202A, 0x202F)]
)
_SEEN_AS_NOTHING = re.compile(f"[{''.join(map(chr, _INVISIBLE))}]")
# A reading in Latin letters behind a character: 規(guī)章. Without a tone mark it may be a unit.
_READING = re.compile(
    r"(?<=[\u3400-\u9fff])(?:\((?=[a-zü]{0,6}[āáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜńňǹḿ])[a-züāáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜńňǹḿ]{1,7}\))+",
    re.IGNORECASE,
)
# A bracket and a Latin letter: nearly every text has brackets, and looking for readings takes long.
_MAYBE_READING = re.compile("[(][a-zāáǎàēéěèīíǐìōóǒòūúǔùüǖǘǚǜńňǹḿ]", re.IGNORECASE)
# The compatibility characters of running Chinese: text without others is normalised twenty times as fast.
_WIDE_SIGNS = tuple(zip("，（）：；！？％", ",():;!?%", strict=True))
_CACHED_CHARACTERS = 200
"""Longer texts are narrative: never seen twice, so not worth remembering."""


def label_key(text: str) -> str:
    """Return the form of a label that is compared.

    NFKC, without white space, invisible characters and readings in brackets, traditional characters
    simplified. NFKC makes figures of characters that are none (① becomes 1, ² becomes 2) and changes signs
    (﹣ becomes -): for comparing labels only, never for reading figures.
    """
    return _label_key(text) if len(text) <= _CACHED_CHARACTERS else _make_key(text)


def simplify(text: str) -> str:
    """Return text with every traditional character that has one simplified form replaced by it."""
    return text.translate(traditional()) if _traditional().search(text) else text


def clean(text: str) -> str:
    """Return text with invisible characters removed and runs of white space made one space, ends stripped."""
    if text.isascii():
        return " ".join(text.split())
    if _SEEN_AS_NOTHING.search(text):
        text = text.translate(_INVISIBLE)
    return " ".join(text.split())


def compatible(text: str) -> str:
    """Return text in NFKC."""
    for wide, sign in _WIDE_SIGNS:
        text = text.replace(wide, sign)
    return unicodedata.normalize("NFKC", text)


def _make_key(text: str) -> str:
    if text.isascii():
        return "".join(text.split())
    visible = text.translate(_INVISIBLE) if _SEEN_AS_NOTHING.search(text) else text
    key = "".join(compatible(visible).split())
    key = unicodedata.normalize("NFKC", key)  # a spacing accent may have joined the letter before it
    if "(" in key and _MAYBE_READING.search(key):
        key = _READING.sub("", key)
    return simplify(key)


_label_key = lru_cache(maxsize=16_384)(_make_key)


@lru_cache(maxsize=1)
def traditional() -> Mapping[int, str]:
    """Return the simplified form of each traditional character that has one, by code point."""
    path = Path(__file__).with_name("data") / "simplified.txt"
    lines = [line for line in path.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
    return {ord(old): new for old, new in zip(*lines, strict=True)}


@lru_cache(maxsize=1)
def _traditional() -> re.Pattern[str]:
    return re.compile(f"[{''.join(map(chr, traditional()))}]")
