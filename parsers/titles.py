"""What a title says: whether it names an annual disclosure report, of which agency, about which year.

The wordings are data (`data/titles.toml`). A title is compared by its label key, so spaces, line breaks,
full-width signs and traditional characters make no difference.
"""

import re
from functools import cache, lru_cache
from typing import Any, Literal, NamedTuple, TypeAlias

from parsers.agencies import classify_agency
from parsers.knowledge import read_toml
from parsers.regions import place_at_start
from parsers.text import label_key
from parsers.years import YEAR_TOKEN, find_years, has_year_range

Verdict: TypeAlias = Literal["report", "not_report", "unclear"]

_LONGEST = 300  # characters of a title that are looked at; longer ones are text, not titles
_PATH = re.compile(r"[>»:@_|—–-]")  # between the columns of a path, or a site's name and the body's
_FIELD = 4  # characters of a word for a body's field between year and subject
_ELLIPSIS = re.compile(r"(?:\.{2,}|⋯+|…+|。{2,}|·{2,})[\])】》\"'”’]*$")
_YEAR = re.compile(YEAR_TOKEN)
_DATE = re.compile(
    r"20\d\d(?:-\d{1,2}-\d{1,2}|/\d{1,2}/\d{1,2}|\.\d{1,2}\.\d{1,2}|年\d{1,2}月(?:\d{1,2}日)?(?:发布|公布|更新)?)"
)
_EDGE = "-_—–―|·•>:：,，、.;；/*\"'“”‘’《》()[]【】〔〕<>「」 0123456789"
_SIGNS = "()[]【】〔〕《》<>「」:：,，。、.;；\"'“”‘’ "
_OPENING = frozenset("([【〔")
_CHINESE = re.compile(r"[\u3400-\u9fff]")


class TitleParts(NamedTuple):
    """A title taken apart."""

    agency: str | None
    """The agency as printed (NFKC, no white space), None when the title names none."""
    year: int | None
    """The report's year, None when the title names none or several."""
    years: tuple[int, ...]
    """All different years of the title in reading order."""
    words: str | None
    """The words that say what the document is (政府信息公开工作年度报告), None when they are missing."""
    truncated: bool
    """True when the title ends in an ellipsis."""
    verdict: Verdict


def is_annual_report(title: str) -> bool:
    """Return whether a title is that of an annual disclosure report; a cut or doubtful title is not."""
    return title_verdict(title) == "report"


def title_verdict(title: str) -> Verdict:
    """Return what a title says about its page; "unclear" asks for the full title or the page itself."""
    return parse_title(title).verdict


def is_other_document(title: str) -> bool:
    """Return whether a line is the title of a document that is no report, and names what it is of."""
    parts, rules, key = parse_title(title), _rules(), label_key(title)
    if parts.verdict != "not_report":
        return False
    if parts.words and rules.other_model.search(key):
        return True
    return rules.other_document.search(key) is not None and bool(
        parts.years or "关于" in key or place_at_start(key).candidates
    )


def is_column(name: str) -> bool:
    """Return whether a name is that of a column for many bodies: 县直部门, 乡镇."""
    return _rules().columns.fullmatch(label_key(name)) is not None


def agency_key(agency: str) -> str:
    """Return the form of an agency's name that is compared: label key with 管理委员会 unified."""
    key = label_key(agency)
    for printed, unified in _rules().same_names:
        key = key.replace(printed, unified)
    return key


@lru_cache(maxsize=4096)  # one title stands in several places of a page, and in the list before it
def parse_title(title: str) -> TitleParts:
    """Take a title apart into agency, year and the words that name the document; never raises."""
    rules = _rules()
    key = _DATE.sub("", label_key(title[: _LONGEST * 2])[:_LONGEST])
    ellipsis = _ELLIPSIS.search(key)
    if ellipsis:
        key = key[: ellipsis.start()]
    years = tuple(dict.fromkeys(mention.year for mention in find_years(key)))
    matches = list(rules.words.finditer(key))
    matches = [m for m in matches if m["strong"] or years]
    verdict = _verdict(rules, key, matches, bool(ellipsis), bool(years))
    return TitleParts(
        agency=None if verdict == "not_report" else _agency(rules, key, matches),
        year=years[0] if len(years) == 1 and not has_year_range(key) else None,
        years=years,
        words=_YEAR.sub("", matches[0].group()) if matches else None,
        truncated=bool(ellipsis),
        verdict=verdict,
    )


class _Rules(NamedTuple):
    """The wordings of `data/titles.toml`, compiled."""

    words: re.Pattern[str]
    head_rejected: re.Pattern[str]
    handed_in: re.Pattern[str]
    handed_in_tail: re.Pattern[str]
    tail_rejected: re.Pattern[str]
    tail_accepted: re.Pattern[str]
    other_rejected: re.Pattern[str]
    other_hints: re.Pattern[str]
    other_document: re.Pattern[str]
    other_model: re.Pattern[str]
    stripped: re.Pattern[str]
    called: re.Pattern[str]
    endings: re.Pattern[str]
    brackets: re.Pattern[str]
    not_a_name: frozenset[str]
    foreign: re.Pattern[str]
    columns: re.Pattern[str]
    service_numbers: re.Pattern[str]
    same_names: tuple[tuple[str, str], ...]


@cache
def _rules() -> _Rules:
    data = read_toml("titles.toml")
    return _Rules(
        words=_words_pattern(data),
        head_rejected=re.compile("|".join(data["head"]["rejected"])),
        handed_in=re.compile(data["tail"]["handed_in"]),
        handed_in_tail=re.compile(data["tail"]["handed_in_tail"]),
        tail_rejected=_any_of(data["tail"]["rejected"]),
        tail_accepted=re.compile(rf"(?:{'|'.join(data['tail']['accepted'])})*+", re.IGNORECASE),
        other_rejected=_any_of(data["other"]["rejected"]),
        other_hints=re.compile("|".join(data["other"]["hints"])),
        other_document=re.compile(data["other"]["document"]),
        other_model=re.compile(data["other"]["model"]),
        stripped=re.compile(rf"^(?:{'|'.join(data['head']['stripped'])})"),
        called=re.compile(data["head"]["called"]),
        endings=re.compile(rf"(?:{'|'.join(data['head']['endings'])})++$"),
        brackets=re.compile(f"^(?:{data['head']['brackets']})+"),
        not_a_name=frozenset(data["agency"]["not_a_name"]),
        columns=re.compile(data["agency"]["columns"]),
        foreign=re.compile("|".join(data["agency"]["foreign"])),
        service_numbers=re.compile(data["agency"]["service_numbers"]),
        same_names=tuple(data["agency"]["same"].items()),
    )


def _any_of(texts: list[str]) -> re.Pattern[str]:
    return re.compile("|".join(re.escape(text) for text in sorted(texts, key=len, reverse=True)))


def _words_pattern(data: dict[str, Any]) -> re.Pattern[str]:
    """Subject, then fillers and years in any order, then an ending that is strong or weak."""
    subject = _any_of(_texts(data["subject"])).pattern
    filler = _any_of(_texts(data["filler"])).pattern
    other = "".join(f"(?<!{re.escape(text)})" for text in _texts(data["other_subject"]))
    strong = _any_of(_texts(e for e in data["ending"] if e["strong"])).pattern
    weak = _any_of(_texts(e for e in data["ending"] if not e["strong"])).pattern
    joined = rf"(?:{subject})(?:(?:工作)?[和及与暨、](?:{subject}))?"
    return re.compile(
        rf"{other}{joined}(?:{filler}|{YEAR_TOKEN}){{0,10}}?(?:(?P<strong>{strong})|(?P<weak>{weak}))"
    )


def _texts(entries: Any) -> list[str]:
    return [text for entry in entries for text in entry["texts"]]


def _verdict(
    rules: _Rules, key: str, matches: list[re.Match[str]], truncated: bool, has_year: bool
) -> Verdict:
    if not matches:
        return _verdict_without_words(rules, key, truncated, has_year)
    head, tail = key[: matches[0].start()], key[matches[-1].end() :]
    if rules.handed_in.search(_YEAR.sub("", head)) and rules.handed_in_tail.fullmatch(tail):
        return "report"
    if rules.head_rejected.search(head):
        return "not_report"
    named = tail[:1] in _OPENING and _is_agency_name(_YEAR.sub("", tail).strip(_SIGNS))
    if rules.tail_rejected.search(tail) and not named:  # a body may be called 机构编制委员会办公室
        return "not_report"
    if truncated:
        return "unclear"
    return "report" if _is_plain_tail(rules, tail) else "unclear"


def _is_plain_tail(rules: _Rules, tail: str) -> bool:
    """Return whether nothing but a year, a file suffix, a remark on the print or a site's name follows."""
    rest = _YEAR.sub("", tail)
    if rest[:1] in {"-", "_", "|", "—", "–", "―", ">", "·"}:
        return True
    rest = rest.strip(_SIGNS)
    return rules.tail_accepted.fullmatch(rest) is not None or _is_agency_name(rest)


def _verdict_without_words(rules: _Rules, key: str, truncated: bool, has_year: bool) -> Verdict:
    if not _CHINESE.search(key) and not has_year:
        return "not_report"
    if rules.other_rejected.search(key) or rules.head_rejected.search(key):
        return "not_report"
    rest = _YEAR.sub("", key)
    if truncated or not rest or rules.other_hints.search(rest) or rules.other_hints.search(key):
        return "unclear"
    return "unclear" if _is_agency_name(rest) else "not_report"


def _is_agency_name(rest: str) -> bool:
    return len(rest) <= 40 and classify_agency(rest) is not None


def _agency(rules: _Rules, key: str, matches: list[re.Match[str]]) -> str | None:
    """Return the name in front of the words, between two titles in a row, or in brackets behind them."""
    start = 0
    for match in matches:
        name = _clean_name(rules, key[start : match.start()])
        if name:  # 人民政府信息公开 prints the two characters once for both
            return name + "政府" if name.endswith("人民") and match.group().startswith("政府") else name
        start = match.end()
    rest = key[start:]
    if matches and rest[:1] not in _OPENING:  # behind another sign it is the site's name
        return None
    rest = _YEAR.sub("", rest).strip(_SIGNS)
    return _clean_name(rules, rest) if _is_agency_name(rest) else None


def _clean_name(rules: _Rules, text: str) -> str | None:
    name = rules.called.sub("", text)
    for _ in range(4):  # prefixes may stand in any order: 【…】关于2024年…
        before = name
        name = rules.brackets.sub("", name)
        name = _strip_edges(rules, _without_years(name))
        name = rules.stripped.sub("", name)
        if name == before:
            break
    name = _strip_edges(rules, _PATH.split(_strip_edges(rules, rules.endings.sub("", name)))[-1])
    usable = 2 <= len(name) <= 60 and _CHINESE.search(name) and not rules.foreign.search(name)
    named = name not in rules.not_a_name and not rules.columns.fullmatch(name)
    return name if usable and named else None


def _without_years(name: str) -> str:
    """Join the parts around a year, without a word of the title behind it: 海关总署2010年海关信息公开."""
    pieces = _YEAR.split(name)
    if len(pieces) != 2 or not 2 <= len(pieces[1]) <= _FIELD:
        return "".join(pieces)
    body, word = pieces
    whole = classify_agency(body) is not None and (word in body or classify_agency(body + word) is None)
    return body if whole else body + word


def _strip_edges(rules: _Rules, text: str) -> str:
    """Strip signs and digits from both ends, but leave a bracket that closes one within the name."""
    name = text.strip(_EDGE)
    number = rules.service_numbers.match(text.lstrip(_SIGNS))
    if number:
        name = number.group() + name
    return name + ")" if name.count("(") > name.count(")") else name
