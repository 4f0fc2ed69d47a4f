"""Checks of the six sections: there and in order, finished, long enough, on their topics."""

import re
from collections.abc import Iterator
from functools import cache
from itertools import pairwise

from parsers.checks.case import NOT_ASSESSABLE, PASS, Case, Failure, Verdict
from parsers.checks.catalogue import Bilingual
from parsers.checks.criteria import criteria, patterns
from parsers.checks.labels import joined
from parsers.headings import outline_data
from parsers.records import Section

_SIX = (1, 2, 3, 4, 5, 6)
_NUMERALS = "一二三四五六七八九十"
_NUMBER = re.compile(r"(?<![\d年])(?!(?:19|20)\d{2}\s*年)\d+(?:\.\d+)?")


def _ordinal(number: int) -> str:
    return _NUMERALS[number - 1] if 0 < number <= len(_NUMERALS) else str(number)


def _numbers(numbers: tuple[int, ...]) -> str:
    return "、".join(_NUMERALS[number - 1] for number in numbers)


@cache
def _named(number: int) -> str:
    title = next(item["title"] for item in outline_data()["section"] if item["number"] == number)
    return f"{_ordinal(number)}（{title}）"


def check_six_sections(case: Case) -> Iterator[Verdict]:
    """S-01: six sections, once each, in order."""
    order = tuple(section.number for section in case.report.sections if section.number in _SIX)
    missing = tuple(number for number in _SIX if number not in order)
    evidence = {"headings": [[section.number, section.heading[:80]] for section in case.report.sections]}
    if missing:
        # Not one heading found says more about our reading than about the report.
        yield Failure(
            expected=6, found=6 - len(missing), say="missing",
            values={"missing": "、".join(map(_named, missing))}, evidence=evidence,
            origin=None if order else "undecided",
        )  # fmt: skip
    elif any(one >= other for one, other in pairwise(order)):
        yield Failure(
            expected=_numbers(_SIX), found=_numbers(order), say="order", severity="warning", evidence=evidence
        )
    elif (printed := _printed_numbers(case)) != list(_SIX):
        yield Failure(
            expected=_numbers(_SIX), found="、".join(_ordinal(number) for number in printed),
            say="numbering", severity="warning", evidence=evidence,
        )  # fmt: skip
    else:
        yield PASS


def _printed_numbers(case: Case) -> list[int]:
    """Return the numerals in front of the six headings; a heading without one has that of its place."""
    six = [section for section in case.report.sections if section.number in _SIX]
    return [section.number if section.printed_number is None else section.printed_number for section in six]


def check_leftovers(case: Case) -> Iterator[Verdict]:
    """S-05: no instruction of the form and no placeholder is left in the text."""
    if not case.report.sections:
        yield NOT_ASSESSABLE
        return
    seen: set[tuple[int, str]] = set()
    texts = [case.simplified(section.text) for section in case.report.sections]
    whole = "\n".join(texts)
    forms = [
        form for entry, form in zip(criteria()["leftover"], patterns("leftover"), strict=True)
        if any(word in whole for word in entry["words"])
    ]  # fmt: skip
    for section, text in zip(case.report.sections, texts, strict=True):
        for form in forms:
            for match in form.finditer(text):
                if (section.number, match.group()) not in seen:
                    seen.add((section.number, match.group()))
                    yield _leftover(section, match)
    if not seen:
        yield PASS


def _leftover(section: Section, match: re.Match[str]) -> Failure:
    start = max(0, match.start() - 20)
    return Failure(
        found=section.text[match.start() : match.end()][:80],
        values={"number": _ordinal(section.number)},
        evidence={
            "sentence": {
                "section": section.number,
                "position": match.start(),
                "text": section.text[start : start + 80],
            }
        },
    )


def check_problems_section(case: Case) -> Iterator[Verdict]:
    """S-14: section 五 says something."""
    if 5 not in case.sections:
        yield NOT_ASSESSABLE
        return
    text = "".join(case.sections[5].split())
    if len(text) >= 60:
        yield PASS
        return
    nothing = len(text) < 10 or text.strip("。.") == "无"
    yield Failure(
        expected=60, found=len(text), say="nothing" if nothing else "default",
        severity="warning" if nothing else "info", values={"text": text[:60].rstrip("。")},
        evidence={"sentence": {"section": 5, "position": 0, "text": case.sections[5][:80]}},
    )  # fmt: skip


def check_processing_fee(case: Case) -> Iterator[Verdict]:
    """S-15: a statement on the fee for processing requests."""
    known = criteria()["processing_fee"]
    texts = {
        number: re.sub(known["other_money"], "", _lines_with(known["signs"], case.simplified(text)))
        for number, text in case.sections.items()
    }
    named = any(re.search(known["pattern"], text) for text in texts.values())
    if named or re.search(known["section_six"], texts.get(6, "")):
        yield PASS
    elif 6 not in case.sections:
        yield NOT_ASSESSABLE
    else:
        evidence = {"sentence": {"section": 6, "position": 0, "text": case.sections[6][:80]}}
        yield Failure(evidence=evidence)


def _lines_with(signs: list[str], text: str) -> str:
    return "\n".join(line for line in text.split("\n") if any(sign in line for sign in signs))


def check_topics(case: Case) -> Iterator[Verdict]:
    """S-16: section 一 treats the five topics, that of a government eight."""
    if 1 not in case.sections:
        yield NOT_ASSESSABLE
        return
    text = case.simplified(case.sections[1])
    government = case.identity.agency_kind == "government"
    topics = [topic for topic in criteria()["topic"] if government or not topic.get("governments")]
    missing = [topic["name"] for topic in topics if not any(word in text for word in topic["words"])]
    if not missing:
        yield PASS
        return
    yield Failure(
        expected=len(topics), found=len(topics) - len(missing),
        values={
            "missing": joined([Bilingual(**name) for name in missing]),
        },
        evidence={"missing": [name["zh"] for name in missing]},
    )  # fmt: skip


def check_length(case: Case) -> Iterator[Verdict]:
    """S-17: section 一 not longer than a local notice asks, only where and when it applies."""
    region, year = case.identity.region_code, case.identity.fiscal_year
    for limit in criteria()["length_limit"]:
        if year != limit["fiscal_year"] or not (region or "").startswith(limit["region_prefix"]):
            continue
        if 1 not in case.sections:
            yield NOT_ASSESSABLE
            continue
        length = len("".join(case.sections[1].split()))
        if length <= limit["limit"]:
            yield PASS
        else:
            yield Failure(
                expected=limit["limit"], found=length, values={"notice": limit["notice"]},
                evidence={"notice": limit["notice"]},
            )  # fmt: skip


def check_own_facts(case: Case) -> Iterator[Verdict]:
    """S-22: sections 一 and 五 hold a fact of the body itself."""
    known = criteria()["generic"]
    text = "\n".join(case.sections.get(number, "") for number in (1, 5))
    if len("".join(text.split())) < known["shortest"] or case.identity.agency is None:
        yield NOT_ASSESSABLE
        return
    phrases = [phrase for phrase in known["phrases"] if phrase in text]
    if case.identity.agency in text or "《" in text or _NUMBER.search(text) or _names_place(case, text):
        yield PASS
    else:
        found = Bilingual(", ".join(phrases) or "none", "、".join(phrases) or "无")
        yield Failure(expected="≥ 1", found=0, values={"phrases": found}, evidence={"phrases": phrases})


def _names_place(case: Case, text: str) -> bool:
    """Say whether three characters in a row of the body's own name, its place or trade, are in the text."""
    name = case.identity.agency or ""
    return any(name[start : start + 3] in text for start in range(max(0, len(name) - 4)))
