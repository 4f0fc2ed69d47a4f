"""Numbers the running text states, each with its subject."""

import re
from collections.abc import Iterator
from functools import cache
from typing import Literal, NamedTuple, TypeAlias

from parsers.checks.case import Case
from parsers.checks.numerals import NUMBER, read_number
from parsers.checks.sentences import (
    Sentence,
    is_about_disclosure,
    names_another,
    narrative,
    pattern,
    sentences,
)
from parsers.records import Identity, Number

Bound: TypeAlias = Literal["exact", "at_least", "at_most", "about"]
_COUNT = re.compile(
    rf"(?<![\d.第每任某逐])(?P<near>约|近|将近|超过|超|逾|不少于|不足|至少|达)?(?P<number>{NUMBER})(?P<more>余|多)?"
    r"(?:件次|件|宗|份|条|起|例|笔)(?!事(?!项)|套)(?P<over>以上|左右|以内)?"
)
# What every count ends in; found much faster than a whole one.
_COUNTED = re.compile(r"[\d〇零一二两三四五六七八九十百千万余多][件宗份条起例笔]")
_CLAUSE_END = re.compile("[，,：:()（）]")
# 数十件, 几百件, 上千件: no number is stated.
_VAGUE = re.compile("[数几上近]$")
# 未收到一件: the count stands in a denial.
_DENIED = re.compile("(?:未|没有?|无)(?:曾)?(?:收到|接到|受理|发生|出现|产生|有)?(?:过)?(?:任何)?$")
# Subjects that only stand side by side share the number behind the last one.
_JOINED = re.compile("(?:申请|案件|案|情况)?(?:、|和|及|与|以及|或|或者)(?:被?提起)?")
_DECIMALS = re.compile(r"\.(\d+)万$")
# 1.2万 is rounded, 1.2038万 is not.
_EXACT_DECIMALS = 4
# More than any body has; a year or a date whose signs were lost looks like this.
_TOO_LARGE = 1_000_000


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


def statements(case: Case) -> tuple[Statement, ...]:
    """Return the stated numbers of a report, in order, computed once."""
    if "statements" not in case.memory:
        era = case.era
        known = era is not None and era != "pre2014"
        found = (
            [
                one
                for sentence in sentences(case, _COUNTED)
                for one in _read(sentence, str(era), case.identity)
            ]
            if known
            else []
        )
        case.memory["statements"] = tuple(found)
    result: tuple[Statement, ...] = case.memory["statements"]
    return result


def _read(sentence: Sentence, era: str, identity: Identity) -> Iterator[Statement]:
    if not _may_state(sentence):
        return
    subjects, words = _subjects(era)
    text = _without_people(sentence.text)
    counts = list(_COUNT.finditer(text))
    last_end = 0
    dispute: Subject | None = None
    for count in counts:
        number, bound = read_number(count["number"]), _bound(count)
        segment_start, last_end = last_end, count.end()
        if number is None or number >= _TOO_LARGE or _holds_year(count["number"], identity.fiscal_year):
            continue
        if _is_no_count(text, count):
            continue
        placed = _subject_of(text, segment_start, count, words, subjects)
        if placed is None:
            continue
        subject, firm = placed
        if subject.code in ("review", "suits", "suit_direct", "suit_after_review"):
            dispute = subject
        found = _with_bases(subject, sentence, text, dispute)
        if found is not None:
            firm = firm and not names_another(text[: count.start()], identity.agency)
            yield Statement(*found, number, bound, firm, sentence, count.start(), count.end())


def _may_state(sentence: Sentence) -> bool:
    """Say whether a sentence counts anything, and speaks of requests or disputes as `_with_bases` asks."""
    text = sentence.text
    if not _COUNTED.search(text) or not _COUNT.search(text):
        return False
    return (
        sentence.section in (3, 4)
        or sentence.on_requests
        or pattern("reading", "disclosure").search(text) is not None
        or _names_requests(_without_people(text))
    )


def _without_people(text: str) -> str:
    return pattern("reading", "people").sub(lambda found: "群" * len(found.group()), text)


def _names_requests(text: str) -> bool:
    """Say whether a text names requests for disclosure."""
    if pattern("reading", "disclosure").search(text):
        return True
    return "申请" in text and pattern("reading", "bare_request").search(text) is not None


def _holds_year(digits: str, year: int | None) -> bool:
    """Say whether digits begin with the report year: pages that lose 年 print 202273件 for 2022年73件."""
    return year is not None and len(digits) > 4 and digits.startswith((str(year), str(year + 1)))


def counts_in(sentence: Sentence) -> int:
    """Return how many counts a sentence states, whatever of."""
    return sum(1 for _ in _COUNT.finditer(sentence.text))


def _is_no_count(text: str, count: re.Match[str]) -> bool:
    before = text[max(0, count.start() - 8) : count.start()]
    vague = not count["number"][0].isdigit() and _VAGUE.search(before) is not None
    # 收到一件、答复一件: a manner of working.
    vague = vague or (count["number"] == "一" and text.count("一件") > 1)
    return vague or (read_number(count["number"]) == 1 and _DENIED.search(before) is not None)


def _bound(count: re.Match[str]) -> Bound:
    near, more, over = count["near"], count["more"], count["over"]
    if near == "约" or over == "左右" or _is_rounded(count["number"]):
        return "about"
    if near in ("近", "将近", "不足") or over == "以内":
        return "at_most"
    return "at_least" if more or over or near in ("超过", "超", "逾", "不少于", "至少", "达") else "exact"


def _is_rounded(number: str) -> bool:
    decimals = _DECIMALS.search(number)
    return number.endswith("万") and (decimals is None or len(decimals[1]) < _EXACT_DECIMALS)


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
        if not is_filler(text[own : count.start()]):
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
    plain = is_filler(text[hit.end() : count.start()]) and is_filler(tail) and not stopped
    plain = plain and not _is_joined(text, hits, subjects) and not _is_part(subject, text, hit.end(), count)
    if subject.kind in ("request", "outcome") and _speaks_of_others(text[: hit.start()], subject.kind):
        return None
    free = (
        subject.kind in ("outcome", "applicant", "channel", "dispute")
        and narrowed is not None
        and narrowed.group() == "其中"
    )
    return subject, plain and (narrowed is None or free)


def _is_part(subject: Subject, text: str, start: int, count: re.Match[str]) -> bool:
    """Say whether a count is one of pieces of information, or of replies beside other ways to end."""
    between = text[start : count.start()]
    if subject.kind == "outcome" or subject.code == "new":
        return "信息" in between and "申请" not in between
    if subject.code == "concluded":
        return pattern("reading", "beside_replies").search(text, count.end()) is not None
    return False


def _is_joined(text: str, hits: list[re.Match[str]], subjects: dict[str, Subject]) -> bool:
    """Say whether a number is stated for several subjects at once: 行政复议和行政诉讼共8件."""
    if len(hits) < 2:
        return False
    one, other = hits[-2:]
    different = one.lastgroup != other.lastgroup and subjects[str(other.lastgroup)].kind != "request"
    return different and _JOINED.fullmatch(text[one.end() : other.start()]) is not None


def _speaks_of_others(before: str, kind: str) -> bool:
    """Say whether reviews and suits, or letters and calls, were named after the last mention of requests.

    Petitions and complaints are also outcomes of requests, so that an outcome may well follow them.
    """
    names = ("cases", "objects") if kind == "request" else ("cases",)
    last = max(
        (found.end() for name in names for found in pattern("reading", name).finditer(before)), default=-1
    )
    return last > max(before.rfind("申请"), before.rfind("信息公开"))


def is_filler(text: str) -> bool:
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
    others = pattern("reading", "objects").search(text) is not None and "申请" not in text
    about_requests = _names_requests(text) or (not others and (sentence.section == 3 or inherits))
    if not about_requests or not subject.bases:
        return None
    bases = subject.bases
    if subject.with_carry and "结转" in text:
        bases += subject.with_carry
    return subject, bases
