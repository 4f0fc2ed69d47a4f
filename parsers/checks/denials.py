"""Sentences that say there was none."""

import re
from collections.abc import Iterator
from functools import cache
from typing import Literal, NamedTuple

from parsers.checks.case import Case
from parsers.checks.sentences import (
    QUOTE,
    Sentence,
    names_another,
    narrative,
    pattern,
    sentences,
)

_DISPUTE = re.compile("复议|诉讼")
_DENIABLE = re.compile("复议|诉讼|申请")
_DENIES = re.compile("[未没无0零]|不存在|不涉及")
_MOST_LISTED = 12
"""Reviews and suits named one behind the other; a longer list is no sentence."""


class Denial(NamedTuple):
    """A sentence that says there was none."""

    subject: Literal["requests", "review", "suits"]
    sentence: Sentence


@cache
def _denials() -> dict[str, re.Pattern[str]]:
    words, people = narrative()["none"], f"(?:{narrative()['reading']['people']}|人)"
    request = (
        rf"{words['no']}{words['request_verb']}(?:{people}(?:提出|提交)?的?)?"
        rf"(?:关于|任何)?{words['request']}{words['request_end']}"
    )
    requests_zero = rf"{words['request']}(?:的)?(?:数量|件数|总数|事项|数|量)?(?:共|共计)?{words['zero']}"
    requests_entry = rf"(?:依申请公开|信息公开申请)(?:(?:政府|政务)?信息)?{words['entry']}"
    listed = rf"(?:{words['dispute_noun']})"
    dispute = (
        rf"(?:{words['no']}|不存在|不涉及){words['dispute_verb']}{people}?{words['dispute_cause']}?"
        rf"(?:{words['dispute_before']})*"
        rf"(?P<nouns>{listed}(?:(?:案件|案|申请|情况)?(?:、|和|及|或|以及|与|，|,|或者|也)(?:被?提起|{words['no']}发生)?{listed}){{0,{_MOST_LISTED}}})"
        rf"{words['dispute_end']}"
    )
    between = "(?:案件|案|申请)?(?:、|和|及|或|以及|与)"
    several = f"(?P<nouns>{listed}(?:{between}{listed}){{0,{_MOST_LISTED}}})"
    disputes_zero = f"{several}(?:(?:案件|案|申请|数量|情况)*{words['zero']}|{words['entry']})"
    return {
        "request": re.compile(
            f"(?<!申)(?<!复议)(?<![对如若凡])(?:{request}|{requests_zero}|{requests_entry})"
        ),
        "dispute": re.compile(f"(?<![对如若凡]){dispute}"),
        "disputes_zero": re.compile(disputes_zero),
        "review": re.compile("复议"),
        "suits": re.compile("诉讼"),
        "not_request": re.compile("行政复议(?:的)?申请|申请行政复议|被申请"),
    }


def denials(case: Case) -> Iterator[Denial]:
    """Yield the denials of requests, reviews and suits, each subject once per sentence."""
    known = _denials()
    yield from _whole_section(case)
    for sentence in sentences(case, _DENIABLE):
        text = sentence.text
        if not _DENIES.search(text):
            continue
        nouns = "".join(_denied_disputes(text)) if _DISPUTE.search(text) else ""
        requests = "申请" in text and _denies_requests(text)
        if not (nouns or requests) or names_another(text, case.identity.agency):
            continue
        if requests:
            yield Denial("requests", sentence)
        if nouns and not pattern("reading", "deciding").search(text):
            if known["review"].search(nouns.replace("经复议", "")):
                yield Denial("review", sentence)
            if known["suits"].search(nouns):
                yield Denial("suits", sentence)


def _whole_section(case: Case) -> Iterator[Denial]:
    """Yield the denials of a section 四 that says no more than that there was nothing."""
    text = case.sections.get(4, "").strip()
    if text and pattern("none", "section_four").fullmatch(case.simplified(text)):
        sentence = Sentence(4, 0, text, text[:QUOTE])
        yield Denial("review", sentence)
        yield Denial("suits", sentence)


def _denies_requests(text: str) -> bool:
    """Say whether a sentence denies all requests, not only those of one way in or one part of the body."""
    known = _denials()
    plain = known["not_request"].sub("行政复议", text)
    return any(
        not pattern("none", "partly").search(plain[: found.start()].rpartition("，")[2])
        for found in known["request"].finditer(plain)
    )


def _denied_disputes(text: str) -> Iterator[str]:
    known = _denials()
    for name in ("dispute", "disputes_zero"):
        yield from (found["nouns"] for found in known[name].finditer(text))
