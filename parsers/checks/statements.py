"""What the running text states: numbers with their subject, percentages, sentences that say none."""

import re
from collections.abc import Iterator
from decimal import Decimal
from functools import cache
from typing import Any, Literal, NamedTuple, TypeAlias

from parsers.checks.case import Case
from parsers.checks.identities import groups
from parsers.checks.numerals import NUMBER, read_number
from parsers.checks.sentences import (
    Sentence,
    is_about_disclosure,
    names_another,
    narrative,
    pattern,
    sentences,
)
from parsers.records import CellKey, Number

Bound: TypeAlias = Literal["exact", "at_least", "at_most", "about"]

_COUNT = re.compile(
    rf"(?<![\d.第每任某逐])(?P<near>约|近|将近|超过|超|逾|不少于|不足|至少|达)?(?P<number>{NUMBER})(?P<more>余|多)?"
    r"(?:件次|件|宗|份|条|起|例|笔)(?!事(?!项)|套)(?P<over>以上|左右|以内)?"
)
_PERCENT = re.compile(
    r"占(?P<of>[^，,。；;、\d]{0,14}?)(?:比|比例|比重)?(?:约|为|达到|达)?(?P<number>\d+(?:\.\d+)?)%"
)
_CLAUSE_END = re.compile("[，,：:()（）]")
# More than any body has; a year or a date whose signs were lost looks like this.
_TOO_LARGE = 1_000_000
_DENIES = re.compile("[未没无0零]")


class Subject(NamedTuple):
    """What a number can be about."""

    code: str
    kind: str
    bases: tuple[str, ...]
    with_carry: tuple[str, ...]
    unbalanced: tuple[str, ...]


class Statement(NamedTuple):
    """A number stated in the text."""

    subject: Subject
    bases: tuple[str, ...]
    """Names of the sums it may equal, in this order."""
    number: Number
    bound: Bound
    firm: bool
    """False where words around it may narrow what it counts: then only agreement says something."""
    sentence: Sentence
    start: int
    end: int


@cache
def _subjects(era: str) -> tuple[dict[str, Subject], re.Pattern[str]]:
    form = "stat2014" if era == "stat2014" else "fmt"
    subjects, words = {}, []
    for item in narrative()["subject"]:
        bases = tuple(item.get(form, ()))
        subjects[item["code"]] = Subject(
            item["code"],
            item["kind"],
            bases,
            tuple(item.get("with_carry", ())),
            tuple(item.get("unbalanced", ())),
        )
        words.append(f"(?P<{item['code']}>{item['words']})")
    return subjects, re.compile("|".join(words))


@cache
def _sum_cells(era: str) -> dict[str, tuple[CellKey, ...]]:
    named = groups(era)
    result = {}
    for name, cells in narrative()["sums"]["stat2014" if era == "stat2014" else "fmt"].items():
        spread: list[CellKey] = []
        for cell in cells:
            table, row, column = cell.split(".")
            rows = named[row[1:]] if row.startswith("@") else (row,)
            spread += [(table, one, column) for one in rows]
        result[name] = tuple(spread)
    return result


def sum_cells(case: Case, name: str) -> tuple[CellKey, ...]:
    """Return the cells of a named sum in the form of the report; none where the form has no such sum."""
    return _sum_cells(case.era).get(name, ()) if case.era and case.era != "pre2014" else ()


def sum_value(case: Case, name: str) -> Number | None:
    """Return a named sum; None when a cell of it is not reported."""
    cells = sum_cells(case, name)
    figures = case.figures(*cells)
    return sum(figures) if cells and figures is not None else None


def all_sums(case: Case) -> dict[str, Number]:
    """Return every named sum that is known."""
    names = _sum_cells(case.era) if case.era and case.era != "pre2014" else {}
    values = {name: sum_value(case, name) for name in names}
    return {name: value for name, value in values.items() if value is not None}


def statements(case: Case) -> tuple[Statement, ...]:
    """Return the stated numbers of a report, in order, computed once."""
    if "statements" not in case.memory:
        era = case.era
        known = era is not None and era != "pre2014"
        found = (
            [one for sentence in sentences(case) for one in _read(sentence, str(era), case.identity.agency)]
            if known
            else []
        )
        case.memory["statements"] = tuple(found)
    result: tuple[Statement, ...] = case.memory["statements"]
    return result


def _read(sentence: Sentence, era: str, agency: str | None) -> Iterator[Statement]:
    subjects, words = _subjects(era)
    if not _COUNT.search(sentence.text):
        return
    text = pattern("reading", "people").sub(lambda found: "群" * len(found.group()), sentence.text)
    counts = list(_COUNT.finditer(text))
    last_end = 0
    dispute: Subject | None = None
    for count in counts:
        number, bound = read_number(count["number"]), _bound(count)
        segment_start, last_end = last_end, count.end()
        if number is None or number >= _TOO_LARGE:
            continue
        placed = _subject_of(text, segment_start, count, words, subjects)
        if placed is None:
            continue
        subject, firm = placed
        if subject.code in ("review", "suits", "suit_direct", "suit_after_review"):
            dispute = subject
        found = _with_bases(subject, sentence, text, dispute)
        if found is not None:
            firm = firm and not names_another(text[: count.start()], agency)
            yield Statement(*found, number, bound, firm, sentence, count.start(), count.end())


def _bound(count: re.Match[str]) -> Bound:
    near, more, over = count["near"], count["more"], count["over"]
    if near == "约" or over == "左右":
        return "about"
    if near in ("近", "将近", "不足") or over == "以内":
        return "at_most"
    return "at_least" if more or over or near in ("超过", "超", "逾", "不少于", "至少", "达") else "exact"


def _subject_of(
    text: str, start: int, count: re.Match[str], words: re.Pattern[str], subjects: dict[str, Subject]
) -> tuple[Subject, bool] | None:
    """Find the words a number belongs to: the last before it in its clause, else the first behind it."""
    own = max((found.end() for found in _CLAUSE_END.finditer(text, start, count.start())), default=start)
    hits = list(words.finditer(text, own, count.start()))
    if not hits:
        behind = words.match(text, _skip_filler(text, count.end()))
        if behind is not None and subjects[str(behind.lastgroup)].code in (
            "concluded",
            "carried_forward",
            "stop",
        ):
            return subjects[str(behind.lastgroup)], False
        if not _is_filler(text[own : count.start()]):
            return None
        hits = list(words.finditer(text, start, count.start()))
        if not hits:
            return None
    hit = hits[-1]
    subject = subjects[str(hit.lastgroup)]
    narrowing = "narrowing_disputes" if subject.kind == "dispute" else "narrowing"
    clause = max((found.end() for found in _CLAUSE_END.finditer(text, 0, hit.start())), default=0)
    narrowed = pattern("reading", narrowing).search(text, max(start, clause), hit.start())
    tail_end = next((found.start() for found in _CLAUSE_END.finditer(text, count.end())), len(text))
    next_hit = words.search(text, count.end(), tail_end)
    tail = text[count.end() : next_hit.start() if next_hit else tail_end]
    stopped = next_hit is not None and subjects[str(next_hit.lastgroup)].kind == "stop"
    plain = _is_filler(text[hit.end() : count.start()]) and _is_filler(tail) and not stopped
    free = (
        subject.kind in ("outcome", "applicant", "channel", "dispute")
        and narrowed is not None
        and narrowed.group() == "其中"
    )
    return subject, plain and (narrowed is None or free)


def _is_filler(text: str) -> bool:
    return _skip_filler(text, 0) == len(text)


def _skip_filler(text: str, start: int) -> int:
    filler = pattern("reading", "filler")
    while (found := filler.match(text, start)) is not None and found.end() > start:
        start = found.end()
    return start


def _with_bases(
    subject: Subject, sentence: Sentence, text: str, dispute: Subject | None
) -> tuple[Subject, tuple[str, ...]] | None:
    """Return the subject with its bases, None where the number is about something else."""
    if subject.kind == "stop":
        return None
    if subject.kind == "dispute":
        if not is_about_disclosure(sentence):
            return None
        if subject.code == "corrected":
            name = {"review": "review corrected", "suits": "SUITS corrected"}.get(
                dispute.code if dispute else ""
            )
            return (subject, (name,)) if name else None
        return (subject, subject.bases) if subject.bases else None
    inherits = sentence.on_requests and (subject.kind == "outcome" or subject.code == "concluded")
    named = pattern("reading", "disclosure").search(text) or pattern("reading", "bare_request").search(text)
    about_requests = sentence.section == 3 or inherits or named is not None
    if not about_requests or not subject.bases:
        return None
    bases = subject.bases
    if subject.with_carry and "结转" in text:
        bases += subject.with_carry
    return subject, bases


class Share(NamedTuple):
    """A percentage stated behind a number."""

    statement: Statement
    percent: Decimal
    digits: int
    """Printed digits behind the point."""
    of: str
    """Words that say what it is a share of."""


def shares(case: Case) -> Iterator[Share]:
    """Yield the percentages that directly follow a stated number."""
    by_sentence: dict[Sentence, list[Statement]] = {}
    for statement in statements(case):
        by_sentence.setdefault(statement.sentence, []).append(statement)
    for sentence, found in by_sentence.items():
        for match in _PERCENT.finditer(sentence.text):
            before = [one for one in found if one.end <= match.start()]
            if before and _is_filler(sentence.text[before[-1].end : match.start()]):
                printed = match["number"]
                digits = len(printed.partition(".")[2])
                yield Share(before[-1], Decimal(printed), digits, match["of"])


class Denial(NamedTuple):
    """A sentence that says there was none."""

    subject: Literal["requests", "review", "suits"]
    sentence: Sentence


@cache
def _denials() -> dict[str, Any]:
    words = narrative()["none"]
    listed = rf"(?:{words['dispute_noun']})"
    request = (
        rf"{words['no']}{words['request_verb']}(?:(?:{narrative()['reading']['people']})(?:提出|提交)?的?)?"
        rf"(?:关于|任何)?{words['request']}{words['request_end']}"
    )
    dispute = (
        rf"{words['no']}{words['dispute_verb']}{words['dispute_cause']}?"
        rf"(?P<nouns>{listed}(?:(?:案件|案|申请|情况)?(?:、|和|及|或|以及|与|，|,|或者|也)(?:被?提起|{words['no']}发生)?{listed})*)"
        rf"{words['dispute_end']}"
    )
    between = "(?:案件|案|申请)?(?:、|和|及|或|以及|与)"
    several = f"(?P<nouns>{listed}(?:{between}{listed})*)"
    zero_dispute = f"{several}(?:案件|案|申请|数量|情况)*{words['zero']}"
    zero_request = rf"{words['request']}(?:的)?(?:数量|件数|总数|事项)?(?:共|共计)?{words['zero']}"
    return {
        "request": re.compile(f"(?<!申)(?<!复议)(?:{request}|{zero_request})"),
        "dispute": re.compile(dispute),
        "zero_dispute": re.compile(zero_dispute),
        "review": re.compile("复议"),
        "suits": re.compile("诉讼"),
        "not_request": re.compile("行政复议(?:的)?申请|申请行政复议|被申请"),
    }


def denials(case: Case) -> Iterator[Denial]:
    """Yield the denials of requests, reviews and suits, each subject once per sentence."""
    known = _denials()
    for sentence in sentences(case):
        text = sentence.text
        if not _DENIES.search(text):
            continue
        nouns = "".join(
            found["nouns"] for name in ("dispute", "zero_dispute") for found in known[name].finditer(text)
        )
        if names_another(text, case.identity.agency):
            continue
        if known["request"].search(known["not_request"].sub("行政复议", text)):
            yield Denial("requests", sentence)
        if nouns and not pattern("reading", "deciding").search(text):
            if known["review"].search(nouns.replace("经复议", "")):
                yield Denial("review", sentence)
            if known["suits"].search(nouns):
                yield Denial("suits", sentence)
