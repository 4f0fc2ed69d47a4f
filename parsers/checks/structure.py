"""Checks of structure: sections, form, year, leftovers, date, signs, headings, topics, metadata, region."""

import re
from collections import Counter
from collections.abc import Iterator
from datetime import date
from itertools import pairwise

from parsers.checks.arithmetic import missing_table
from parsers.checks.case import NOT_ASSESSABLE, PASS, Case, Failure, Verdict, due_era
from parsers.checks.catalogue import Bilingual
from parsers.checks.criteria import criteria, patterns
from parsers.checks.labels import row_name, table_name
from parsers.forms import FORMS
from parsers.records import CellKey, Fact, Section

_SIX = (1, 2, 3, 4, 5, 6)
_NUMERALS = "一二三四五六"
_TABLE_2 = ("documents", "licensing", "enforcement", "fees", "procurement")
_LOOKALIKE = re.compile("[０-９\u200b-\u200f\u2060\ufeff]")
_NUMERAL_RUN = re.compile("[〇○零一二三四五六七八九]{3,}")
_NUMBER = re.compile(r"(?<![\d年])(?!(?:19|20)\d{2}\s*年)\d+(?:\.\d+)?")
_SPACE = re.compile(r"\s+")


def joined(names: list[Bilingual]) -> Bilingual:
    """Return several names as one, in both languages."""
    return Bilingual("; ".join(name.en for name in names), "；".join(name.zh for name in names))


def _ordinal(number: int) -> str:
    return _NUMERALS[number - 1] if number in _SIX else str(number)


def _numbers(numbers: tuple[int, ...]) -> str:
    return "、".join(_NUMERALS[number - 1] for number in numbers)


def check_six_sections(case: Case) -> Iterator[Verdict]:
    """S-01: six sections, once each, in order."""
    order = tuple(section.number for section in case.report.sections if section.number in _SIX)
    missing = tuple(number for number in _SIX if number not in order)
    evidence = {"headings": [[section.number, section.heading[:80]] for section in case.report.sections]}
    if missing:
        # Not one heading found says more about our reading than about the report.
        yield Failure(
            expected=6, found=6 - len(missing), say="missing", values={"missing": _numbers(missing)},
            evidence=evidence, origin=None if order else "undecided",
        )  # fmt: skip
    elif any(one >= other for one, other in pairwise(order)):
        yield Failure(
            expected=_numbers(_SIX), found=_numbers(order), say="order", severity="warning", evidence=evidence
        )
    else:
        yield PASS


def check_every_row(case: Case) -> Iterator[Verdict]:
    """S-02: every table of the form with every row; table 3 missing as a whole is left to T3-18."""
    form = FORMS.by_era.get(case.era or "")
    there = {(table, fact.row) for table, facts in case.there.items() for fact in facts}
    for table in form.tables if form else ():
        rows = [row.code for row in table.rows]
        missing = [row for row in rows if (table.code, row) not in there]
        if not missing:
            yield PASS
        elif len(missing) < len(rows):
            cells = tuple((table.code, row, column) for row in missing for column in table.column_index)
            names = [row_name(case.era, table.code, row) for row in missing]
            yield Failure(
                cells=cells, expected=len(rows), found=len(rows) - len(missing), say="rows",
                values={
                    "table": table_name(case.era, table.code),
                    "labels": joined(names),
                },
                evidence={"missing": missing},
            )  # fmt: skip
        elif table.code != "requests":
            name = table_name(case.era, table.code)
            yield missing_table(
                case, tuple(table_cells(case, table.code)), expected=len(rows), values={"table": name}
            )


def table_cells(case: Case, table: str) -> Iterator[CellKey]:
    """Yield the cells of a table of the form of the report."""
    for row, column in FORMS[str(case.era)].table_index[table].cells:
        yield (table, row, column)


def check_form_and_year(case: Case) -> Iterator[Verdict]:
    """S-03: the printed form is the one due for the year, in all its tables."""
    year = case.identity.fiscal_year
    eras = {table: era for table, era in case.report.reading.sub_table_eras.items() if era is not None}
    evidence = {"tables": dict(sorted(eras.items())), "year": year}
    if len(set(eras.values())) > 1:
        counts = Counter(eras.values())
        mixed = ", ".join(f"{table}: {era}" for table, era in sorted(eras.items()))
        found = ", ".join(sorted(counts))
        yield Failure(
            expected=due_era(year), found=found, say="mixed", values={"tables": mixed}, evidence=evidence
        )
    elif case.report.era is None or year is None:
        yield NOT_ASSESSABLE
    elif case.report.era == due_era(year):
        yield PASS
    else:
        yield Failure(expected=due_era(year), found=case.report.era, evidence=evidence)


def check_one_year(case: Case) -> Iterator[Verdict]:
    """S-04: title, statistics period and text speak of one year."""
    years = case.identity.years
    title, period, text = years.get("title"), years.get("period"), years.get("text")
    evidence = {"years": dict(years)}
    if title is None or period is None:
        yield NOT_ASSESSABLE
    elif title == period:
        yield PASS
    else:
        yield Failure(expected=title, found=period, delta=period - title, evidence=evidence)
    known = title if title is not None else period
    if known is None or text is None:
        yield NOT_ASSESSABLE
    elif text in (title, period):
        yield PASS
    else:
        yield Failure(
            expected=known, found=text, delta=text - known, say="text", severity="warning", evidence=evidence
        )


def check_leftovers(case: Case) -> Iterator[Verdict]:
    """S-05: no instruction of the form and no placeholder is left in the text."""
    if not case.report.sections:
        yield NOT_ASSESSABLE
        return
    seen: set[tuple[int, str]] = set()
    forms = list(zip(criteria()["leftover"], patterns("leftover"), strict=True))
    for section in case.report.sections:
        for entry, form in forms:
            if not any(word in section.text for word in entry["words"]):
                continue
            for match in form.finditer(section.text):
                if (section.number, match.group()) not in seen:
                    seen.add((section.number, match.group()))
                    yield _leftover(section, match)
    if not seen:
        yield PASS


def _leftover(section: Section, match: re.Match[str]) -> Failure:
    start = max(0, match.start() - 20)
    return Failure(
        found=match.group()[:80],
        values={"number": Bilingual(str(section.number), _ordinal(section.number))},
        evidence={
            "sentence": {
                "section": section.number,
                "position": match.start(),
                "text": section.text[start : start + 80],
            }
        },
    )


def _limits(case: Case) -> tuple[date, ...]:
    """Return the legal dates that may apply; more than one where kind or scope leave it open."""
    known, year = criteria()["deadlines"], case.identity.fiscal_year
    if year is None:
        return ()
    kind, scope = case.identity.agency_kind, case.identity.scope
    if year < known["first_year_of_two"]:
        names = ["before"]
    elif kind == "government" or scope == "government_aggregate":
        names = ["government"]
    elif kind is None or (kind == "office" and scope is None):
        names = ["other", "government"]
    else:
        names = ["other"]
    return tuple(date(year + 1, *known[name]) for name in names)


def check_published(case: Case) -> Iterator[Verdict]:
    """S-06: published by the legal date."""
    limits = _limits(case)
    printed = case.identity.published_on
    published = _as_date(printed)
    if not limits or published is None:
        yield NOT_ASSESSABLE
    elif published <= min(limits):
        yield PASS
    elif published > max(limits):
        late = (published - max(limits)).days
        yield Failure(
            expected=max(limits).isoformat(), found=published.isoformat(), delta=late, values={"late": late},
            evidence={"date": printed, "from": case.identity.published_on_from},
        )  # fmt: skip
    else:
        yield NOT_ASSESSABLE


def _as_date(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text[:10]) if text else None
    except ValueError:
        return None


def _sign(fact: Fact) -> str | None:
    if fact.status == "reported":
        return "0" if fact.value == 0 else None
    if fact.status == "dash":
        return "/" if fact.raw is not None and set(fact.raw) & set("/／\\") else "-"
    return {"blank": "blank", "not_applicable": "无"}.get(fact.status)


def check_signs_for_nothing(case: Case) -> Iterator[Verdict]:
    """S-08: one sign for nothing within one printed table."""
    for name, tables in (("documents", _TABLE_2), ("requests", ("requests",)), ("disputes", ("disputes",))):
        facts = [fact for fact in case.table_facts(*tables) if not fact.row.startswith("x_")]
        if not facts:
            yield NOT_ASSESSABLE
            continue
        counts = Counter(sign for fact in facts if (sign := _sign(fact)) is not None)
        if len(counts) <= 1:
            yield PASS
            continue
        listed = ", ".join(f"{sign} × {count}" for sign, count in sorted(counts.items()))
        yield Failure(
            found=listed,
            values={
                "table": table_name(case.era, name) if name != "documents" else Bilingual("Table 2", "表二")
            },
            evidence={"table": name, "signs": dict(sorted(counts.items()))},
        )


def check_headings(case: Case) -> Iterator[Verdict]:
    """S-09: every column was placed by its printed heading."""
    damaged = case.report.reading.damaged_headings
    if not case.there:
        yield NOT_ASSESSABLE
    for table in case.there:
        placed = [fact for fact in case.table_facts(table) if fact.method == "position"]
        if table not in damaged and not placed:
            yield PASS
            continue
        headings = damaged.get(table, ())
        yield Failure(
            cells=tuple(fact.key for fact in placed), found=len(placed),
            say="default" if headings else "cells",
            values={"table": table_name(case.era, table), "headings": " | ".join(headings)[:200]},
            evidence={"headings": list(headings)},
        )  # fmt: skip


def check_problems_section(case: Case) -> Iterator[Verdict]:
    """S-14: section 五 says something."""
    if 5 not in case.sections:
        yield NOT_ASSESSABLE
        return
    text = _SPACE.sub("", case.sections[5])
    if len(text) >= 60:
        yield PASS
        return
    nothing = len(text) < 10 or text.strip("。.") == "无"
    yield Failure(
        expected=60, found=len(text), say="nothing" if nothing else "default",
        severity="warning" if nothing else "info", values={"text": text[:60]},
        evidence={"sentence": {"section": 5, "position": 0, "text": case.sections[5][:80]}},
    )  # fmt: skip


def check_processing_fee(case: Case) -> Iterator[Verdict]:
    """S-15: a statement on the fee for processing requests."""
    form = patterns("processing_fee")[0]
    if any(form.search(text) for text in case.sections.values()):
        yield PASS
    elif 6 not in case.sections:
        yield NOT_ASSESSABLE
    else:
        evidence = {"sentence": {"section": 6, "position": 0, "text": case.sections[6][:80]}}
        yield Failure(evidence=evidence)


def check_topics(case: Case) -> Iterator[Verdict]:
    """S-16: section 一 treats the five topics, that of a government eight."""
    if 1 not in case.sections:
        yield NOT_ASSESSABLE
        return
    text = case.sections[1]
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
        length = len(_SPACE.sub("", case.sections[1]))
        if length <= limit["limit"]:
            yield PASS
        else:
            yield Failure(
                expected=limit["limit"], found=length, values={"notice": limit["notice"]},
                evidence={"notice": limit["notice"]},
            )  # fmt: skip


def check_lookalikes(case: Case) -> Iterator[Verdict]:
    """S-20: no invisible characters, full-width digits or mixed signs for zero."""
    printed = [fact.raw for fact in case.report.facts if fact.raw] + list(case.sections.values())
    if not printed:
        yield NOT_ASSESSABLE
        return
    text = "\n".join(printed)
    counts = Counter(f"U+{ord(character):04X}" for character in _LOOKALIKE.findall(text))
    zeros = {sign for run in _NUMERAL_RUN.findall(text) for sign in run if sign in "〇○零"}
    if len(zeros) > 1:
        counts.update(f"U+{ord(sign):04X}" for sign in zeros)
    if not counts:
        yield PASS
        return
    listed = ", ".join(f"{code} × {count}" for code, count in sorted(counts.items()))
    yield Failure(
        found=sum(counts.values()), values={"listed": listed}, evidence={"characters": dict(counts)}
    )


def check_own_facts(case: Case) -> Iterator[Verdict]:
    """S-22: sections 一 and 五 hold a fact of the body itself."""
    known = criteria()["generic"]
    text = "\n".join(case.sections.get(number, "") for number in (1, 5))
    if len(_SPACE.sub("", text)) < known["shortest"] or case.identity.agency is None:
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


def check_metadata(case: Case) -> Iterator[Verdict]:
    """S-24: title, body, date and a contact are on the page; a bare text is no page and says nothing."""
    if case.report.source.kind != "html":
        yield NOT_ASSESSABLE
        return
    identity = case.identity
    given = {"title": identity.title, "agency": identity.agency, "date": identity.published_on}
    found = (patterns("contact")[0].search(text) for text in case.sections.values())
    contact = identity.contact is not None or any(found)
    missing = [name for name, value in {**given, "contact": contact}.items() if not value]
    if not missing:
        yield PASS
        return
    names = {"title": "标题", "agency": "机关名称", "date": "公布日期", "contact": "联系方式"}
    values = {"missing": Bilingual(", ".join(missing), "、".join(names[name] for name in missing))}
    yield Failure(expected=4, found=4 - len(missing), values=values, evidence={"missing": missing})


def check_region(case: Case) -> Iterator[Verdict]:
    """R-01: the witnesses of the region lie on one line of the code tree, as the vote has found."""
    identity = case.identity
    witnesses = [one for one in identity.region_witnesses if one.get("code")]
    if identity.region_conflict:
        listed = ", ".join(f"{one.get('group', '?')} {one['code']}" for one in witnesses)
        yield Failure(
            expected=identity.region_code,
            found=listed,
            values={"region": identity.region_code or Bilingual("no region", "无结论")},
            evidence={"witnesses": [dict(one) for one in witnesses]},
        )
    elif len({one.get("group") for one in witnesses}) < 2:
        yield NOT_ASSESSABLE
    else:
        yield PASS
