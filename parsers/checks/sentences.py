"""Sentences of the running text that may state figures of this body and year; all others are left out."""

import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping
from functools import cache
from itertools import accumulate, islice
from typing import Any, NamedTuple

from parsers.checks.case import Case
from parsers.checks.catalogue import read_toml

QUOTE = 80
"""Characters of a sentence a finding shows."""

# Full-width digits and signs made plain, characters simplified, one by one: places in the text stay the same.
_PLAIN = tuple(zip("０１２３４５６７８９．％（）", "0123456789.%()", strict=True))
_SENTENCE = re.compile(r"[^。；;！!？?\n]+")
_SPACE = re.compile(r"\s")
_INNER_SPACE = re.compile(r"(?<!\d)\s+|\s+(?!\d)")
_QUOTED = re.compile(r"《(?![^《》]*(?:收|缴)费(?:通|告)知)[^《》]*》|〔[^〔〕]*〕|\[\d{4}\]")
_YEAR = re.compile(r"(?<!\d)((?:19|20)\d{2})(?!\d)\s*年")
_OPENING_YEAR = re.compile(r"\s*(?:在|其中)?[，,]?((?:19|20)\d{2})年")
_THIS_YEAR = re.compile(r"全年|本年|今年|年度|(?:19|20)\d{2}年")
_CHINESE_YEAR = re.compile("[一二][〇○零九][〇○零一二三四五六七八九]{2}年")
# A sentence without one of these words, or without a figure or a denial, says nothing any rule compares.
_RELEVANT = re.compile(
    "申请|复议|诉讼|应诉|败诉|纠错|规范性文件|收费|通知|办结|答复|受理|办理|结转|公开|提供|处理|网上|信函|自然人|企业"
)

_BODY_SIGN = re.compile("[局厅委办]")
_REQUEST = re.compile("依申请|公开申请|申请公开|政府信息申请")
# Characters behind a mention of requests within which outcomes still belong to them.
_REACH = 200
# A longer run of text is no sentence, and reading it is not worth the time.
_LONGEST = 2_000
# No report has so many, or so long a text; every rule reads all of them.
_MOST = 2_000
_MOST_CHARACTERS = 300_000
_SAYS = re.compile(r"[\d未没无零不均全一二两三四五六七八九十]")
_MONTH = re.compile(r"(?<!\d)(\d{1,2})月")


class Sentence(NamedTuple):
    """One sentence that can be compared with the tables."""

    section: int
    position: int
    """Offset of the sentence in the text of its section."""
    text: str
    """What is compared: plain digits, no quoted titles, no comparison with other years."""
    quote: str
    """The sentence as printed, cut."""
    on_requests: bool = False
    """True when the sentence, or one shortly before it in its paragraph, speaks of disclosure requests."""


def snippet(sentence: Sentence) -> dict[str, Any]:
    """Return the evidence of a sentence."""
    return {"section": sentence.section, "position": sentence.position, "text": sentence.quote}


@cache
def narrative() -> Mapping[str, Any]:
    """Return the content of `narrative.toml`, read once."""
    return read_toml("narrative.toml")


@cache
def pattern(table: str, key: str) -> re.Pattern[str]:
    """Return one compiled pattern of `narrative.toml`."""
    return re.compile(narrative()[table][key])


class _Printed(NamedTuple):
    """A sentence as it stands in its section, before anything is known of what it is about."""

    section: int
    start: int
    end: int
    printed: str
    plain: str
    """Without quoted titles and spaces within words."""
    on_requests: bool


class _Narrative(NamedTuple):
    """The sentences of all sections, and all of them as one text to look for signs in."""

    printed: list[_Printed]
    joined: str
    """Their plain texts, a line each."""
    starts: list[int]
    """Where each begins in the joined text."""


def sentences(case: Case, sign: re.Pattern[str]) -> Iterator[Sentence]:
    """Yield the comparable sentences of all sections that may hold a sign, in order.

    Most sentences hold nothing any rule looks for; what they are about is only found out for the others, once
    per report. A sign never holds a line break.
    """
    known: dict[int, Sentence | None] = case.memory.setdefault("sentences", {})
    told = _narrative_of(case)
    last = -1
    for found in sign.finditer(told.joined):
        place = bisect_right(told.starts, found.start()) - 1
        if place == last:
            continue
        last = place
        if place not in known:
            known[place] = _comparable(case, told.printed[place])
        if (sentence := known[place]) is not None:
            yield sentence


def _narrative_of(case: Case) -> _Narrative:
    if "narrative" not in case.memory:
        left = _MOST_CHARACTERS
        printed: list[_Printed] = []
        for number, text in case.sections.items():
            printed += islice(_split(case, number, text[: max(0, left)]), _MOST - len(printed))
            left -= len(text)
        plain = [one.plain for one in printed]
        starts = [0, *accumulate(len(text) + 1 for text in plain[:-1])]
        case.memory["narrative"] = _Narrative(printed, "\n".join(plain), starts)
    told: _Narrative = case.memory["narrative"]
    return told


def _split(case: Case, number: int, text: str) -> Iterator[_Printed]:
    request_end = -1  # how far the last mention of requests reaches
    other_end = -2  # end of the last sentence that another year opens, or that follows such a one
    whole = case.simplified(text)
    for sign, plain_sign in _PLAIN:
        whole = whole.replace(sign, plain_sign)
    spaced = whole.split() != whole.split("\n")
    for match in _SENTENCE.finditer(whole):
        printed = match.group()
        if len(printed) > _LONGEST:
            continue
        start, end = match.span()
        follows = other_end + 1 == start
        if (follows or "年" in printed) and _is_of_other_year(case, printed, follows=follows):
            other_end = end
            continue
        if "申请" in printed and _REQUEST.search(printed):
            paragraph_end = text.find("\n", end)
            request_end = min(end + _REACH, len(text) if paragraph_end < 0 else paragraph_end)
        plain = _INNER_SPACE.sub("", printed) if spaced and _SPACE.search(printed) else printed
        if "《" in plain or "〔" in plain or "[" in plain:
            plain = _QUOTED.sub("", plain)
        yield _Printed(number, start, end, printed, plain, number == 3 or start < request_end)


def _comparable(case: Case, sentence: _Printed) -> Sentence | None:
    """Return a sentence with what is compared of it; None if it is not about this body and year."""
    number, start, end, printed, plain, on_requests = sentence
    if not _RELEVANT.search(printed) or not _SAYS.search(printed):
        return None
    cut = pattern("reading", "comparison").search(plain)
    kept = plain[: cut.start()] if cut else plain
    if not kept or not _is_ours(case, kept):
        return None
    start += len(printed) - len(printed.lstrip())
    return Sentence(number, start, kept, case.sections[number][start:end][:QUOTE], on_requests)


def _is_of_other_year(case: Case, printed: str, *, follows: bool) -> bool:
    """Say whether another year opens a sentence, or opened the one before it in its paragraph."""
    year = case.identity.fiscal_year
    opening = _OPENING_YEAR.match(printed)
    if opening is not None:
        return year is not None and int(opening[1]) != year
    return follows and _THIS_YEAR.search(printed) is None


def _is_ours(case: Case, text: str) -> bool:
    """Say whether a sentence is about this year and the scope of the tables."""
    year = str(case.identity.fiscal_year)
    if "年" in text and (any(found != year for found in _YEAR.findall(text)) or _CHINESE_YEAR.search(text)):
        return False
    if "月" in text and any(int(month) not in (1, 12) for month in _MONTH.findall(text)):
        return False
    if pattern("reading", "elsewhere").search(text):
        return False
    area = pattern("reading", "area").search(text) is not None
    if case.identity.scope == "government_aggregate":
        return area or pattern("reading", "own").search(text) is None
    if case.identity.agency_kind is not None:
        area = area or pattern("reading", "place").search(text) is not None
    if case.identity.agency_kind == "government" and case.identity.scope is None:
        # Whether the tables are those of the organ or of the area is not known: neither can be compared.
        area = area or pattern("reading", "own").search(text) is not None
    return not area


def names_another(text: str, agency: str | None) -> bool:
    """Say whether words name a body other than the one that reports; its own short forms do not count."""
    if "政府" not in text and not _BODY_SIGN.search(text):
        return False
    kept = pattern("reading", "self").sub("", text)
    own = _short_name(agency or "")
    return any(not _is_short_for(_short_name(name), own) for name in pattern("reading", "body").findall(kept))


def _short_name(name: str) -> str:
    for long, short in (("管理委员会", "管委会"), ("委员会", "委"), ("人民政府", "政府"), ("办事处", "办")):
        name = name.replace(long, short)
    return name


def _is_short_for(name: str, own: str) -> bool:
    """Say whether the last three characters of a name stand, in order, in the own name."""
    letters = iter(reversed(own))
    return own.endswith(name[-1:]) and all(letter in letters for letter in reversed(name[-3:]))


def is_about_disclosure(sentence: Sentence) -> bool:
    """Say whether reviews and suits in a sentence are those of table 4."""
    if pattern("reading", "deciding").search(sentence.text):
        return False
    return sentence.section == 4 or pattern("reading", "disclosure").search(sentence.text) is not None
