"""Lines that may be headings of sections: numeral, wording, place; `sections` decides which of them are."""

import re
import unicodedata
from functools import cache, lru_cache
from itertools import pairwise
from typing import Any, Literal, NamedTuple, TypeAlias

from parsers.knowledge import read_toml
from parsers.text import label_key, traditional

Style: TypeAlias = Literal["major", "arabic", "bracket", "roman", "none"]

_LISTED = 12  # characters between headings up to which they are a list of the headings
_START = 120  # characters at the start of a line that can hold a heading
_ORDINALS = {n: i for i, n in enumerate("一二三四五六七八九十", 1)} | {
    "壹": 1,
    "贰": 2,
    "叁": 3,
    "肆": 4,
    "伍": 5,
    "陆": 6,
}
_ROMAN = {"I": 1, "II": 2, "III": 3, "IV": 4, "V": 5, "VI": 6, "VII": 7, "VIII": 8, "IX": 9}
_NUMERAL = re.compile(
    r"(?P<major>第?(?P<han>[一二三四五六七八九十]{1,2}|[壹贰叁肆伍陆])(?:部分)?(?:[、.,:;·]|(?=[^、.,:;·一二三四五六七八九十])))"
    r"|(?P<bracket>[(\[【]?(?P<inner>[一二三四五六七八九十]{1,2}|\d{1,2})[)\]】][、.,:]?)"
    r"|(?P<roman>(?P<letters>VIII|VII|VI|IV|IX|V|I{1,3})[、.,:])"
    r"|(?P<arabic>(?P<digits>\d{1,2})(?:[、.,:](?!\d)|(?=[\u3400-\u9fff])))"
)
_LOST = re.compile(r"[、.,:]+")
_CLOSING = "。.;；:：,，、!！-—_ "
_OPENERS = frozenset(
    "第一二三四五六七八九十壹贰叁肆伍陆([【（［〔ⅠⅡⅢⅣⅤⅥⅦⅧⅨIV、.，,：:⼀⼆㈠㈡㈢㈣㈤㈥①②③④⑤⑥⑴⑵⑶⑷⑸⑹⒈⒉⒊⒋⒌⒍"
)


class Candidate(NamedTuple):
    """A line, or a place within one, that could be a heading."""

    line: int
    offset: int
    """Where in the line the heading starts; 0 unless the whole text stands in one line."""
    style: Style
    numeral: int | None
    """The number printed in front, None when there is none."""
    number: int | None
    """The section of the official outline whose wording this is."""
    official: bool
    """True when the wording is the official one to the letter."""
    alone: bool
    """True when nothing but the heading stands in the line."""
    heading: str
    """The heading as printed, without numeral and closing signs."""
    body_offset: int
    """Where in the line the text behind the heading starts."""


class Wording(NamedTuple):
    """The wordings of one section of the official outline."""

    number: int
    title: str
    whole: re.Pattern[str]
    start: re.Pattern[str]


@cache
def outline_data() -> dict[str, Any]:
    """Return `data/sections.toml`."""
    return read_toml("sections.toml")


@cache
def wordings() -> tuple[Wording, ...]:
    """Return the wordings of the six sections in their order."""
    found = []
    for entry in outline_data()["section"]:
        title = label_key(entry["title"])
        variants = "|".join([re.escape(title), *entry["variants"]])
        found.append(
            Wording(entry["number"], title, re.compile(f"(?:{variants})"), re.compile(re.escape(title)))
        )
    return tuple(found)


@cache
def _form_rows() -> tuple[str, ...]:
    return tuple(outline_data()["rows"]["starts"])


@cache
def _inline() -> re.Pattern[str]:
    titles = "|".join(re.escape(w.title).replace("、", "[、,和及与]?") for w in wordings())
    return re.compile(rf"(?:[一二三四五六]\s*[、.,，．]|[(（][一二三四五六][)）])\s*(?:{titles})")


@cache
def _maybe_titled() -> re.Pattern[str]:
    """Return what a line looks like that may go on behind an official title: its first ideograph is one's.

    Numerals and what is no ideograph may stand in front, so whatever else normalising does is let through.
    """
    firsts = {wording.title[0] for wording in wordings()}
    firsts |= {chr(old) for old, new in traditional().items() if new in firsts}
    numeral = "".join(_ORDINALS) + "第部分"
    return re.compile(rf"(?:[^\u4e00-\u9fff]|[{numeral}])*+[{''.join(sorted(firsts))}]")


def heading_at_start(index: int, line: str, marked: bool) -> Candidate | None:
    """Return the heading a line starts with, or None; `marked` says that the page marks the line as one."""
    stripped = line.lstrip()
    if not stripped or (stripped[0] not in _OPENERS and len(stripped) > 40 and not stripped[0].isdigit()):
        return None
    goes_on = len(stripped) > _START
    if goes_on and not _maybe_titled().match(stripped[:_START]):
        return None
    found = _read_start(stripped[:_START], goes_on, marked)
    if found is None:
        return None
    body_at = len(line) if found.alone else len(line) - len(stripped) + found.body_offset
    return found._replace(line=index, body_offset=body_at)


@lru_cache(maxsize=8192)  # headings and labels are the same on page after page
def _read_start(printed: str, goes_on: bool, marked: bool) -> Candidate | None:
    """Return the heading at the start of a line, `body_offset` counted from its first printed character."""
    key = label_key(printed)
    style, numeral, start = _numeral(key)
    rest = key[start:]
    whole = rest.rstrip(_CLOSING)
    number, length, official = _wording(whole, rest, style)
    if number is None and (numeral is None or len(whole) > 40 or goes_on):
        return None
    if whole.startswith(_form_rows()):
        return None
    alone = number is None or (length == len(whole) and not goes_on)
    if style == "none" and not (alone and (official or marked)):
        return None
    if alone:
        heading = _printed_tail(printed, start).rstrip(_CLOSING)
        return Candidate(0, 0, style, numeral, number, official, True, heading, len(printed))
    title_at = _printed_offset(printed, start)
    body_at = _printed_offset(printed, start + length)
    heading = printed[title_at:body_at].strip()
    return Candidate(0, 0, style, numeral, number, official, False, heading, body_at)


def headings_inside(index: int, line: str) -> list[Candidate]:
    """Return official headings with numerals anywhere in a long line, as where a whole report is one line.

    A sentence that merely lists the six headings has next to nothing between them and gives none.
    """
    hits = list(_inline().finditer(line))
    gaps = [after.start() - before.end() for before, after in pairwise(hits)]
    if len(hits) < 3 or sum(gap < _LISTED for gap in gaps) > len(gaps) - 2:
        return []
    return _inside(index, hits)


def headings_left_inside(index: int, line: str) -> list[Candidate]:
    """Return official headings in a line that does not list them, as where a paragraph swallowed one."""
    hits = list(_inline().finditer(line))
    if any(after.start() - before.end() < _LISTED for before, after in pairwise(hits)):
        return []
    return [candidate for candidate in _inside(index, hits) if candidate.style == "major"]


def _inside(index: int, hits: list[re.Match[str]]) -> list[Candidate]:
    found = []
    for hit in hits:
        candidate = heading_at_start(index, hit.group(), marked=False)
        if candidate and candidate.number:
            found.append(candidate._replace(offset=hit.start(), body_offset=hit.end(), alone=False))
    return found


def _numeral(key: str) -> tuple[Style, int | None, int]:
    """Return style and number printed in front of a heading, and where the wording starts."""
    style: Style = "none"
    numeral: int | None = None
    start = 0
    for _ in range(2):  # 一、一、总体情况
        match = _NUMERAL.match(key, start)
        if match is None:
            break
        style, numeral, start = *_read_numeral(match), match.end()
    if style == "none" and (lost := _LOST.match(key)):
        return "none", None, lost.end()
    return style, numeral, start


def _read_numeral(match: re.Match[str]) -> tuple[Style, int | None]:
    if match["major"]:
        return "major", ordinal(match["han"])
    if match["bracket"]:
        return "bracket", ordinal(match["inner"])
    if match["roman"]:
        return "roman", _ROMAN[match["letters"]]
    return "arabic", int(match["digits"])


def ordinal(printed: str) -> int | None:
    """Return the number of a numeral up to 19, Chinese or Arabic."""
    if printed.isdigit():
        return int(printed)
    if len(printed) == 2 and printed[0] == "十":
        return 10 + _ORDINALS[printed[1]] if printed[1] != "十" else None
    return _ORDINALS.get(printed) if len(printed) == 1 else None


def _wording(whole: str, rest: str, style: Style) -> tuple[int | None, int, bool]:
    """Return section, length of the wording in the key and whether it is the official one."""
    for wording in wordings():
        if whole == wording.title:
            return wording.number, len(whole), True
    for wording in wordings():
        if wording.whole.fullmatch(whole):
            return wording.number, len(whole), False
    if style != "none":
        for wording in wordings():
            if rest.startswith(wording.title):
                return wording.number, len(wording.title), True
    return None, 0, False


def _printed_offset(printed: str, count: int) -> int:
    """Return the place in the printed text behind its first `count` characters of the label key."""
    seen = 0
    for place, character in enumerate(printed):
        if seen >= count:
            return place
        seen += len("".join(unicodedata.normalize("NFKC", character).split()))
    return len(printed)


def _printed_tail(printed: str, count: int) -> str:
    return " ".join(printed[_printed_offset(printed, count) :].split())
