"""The body that reports: by title, by what the opening says, by the box of metadata, by signature."""

import re
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from parsers.agencies import classify_agency, level_of
from parsers.identity.names import Titles
from parsers.identity.view import View, identity_data
from parsers.regions import place_at_start
from parsers.text import label_key
from parsers.titles import is_column, parse_title
from parsers.years import YEAR_TOKEN

_TODAY = re.compile(r"20\d\d[年./-]\d{1,2}[月./-]\d{1,2}")
_OWN_END = 6  # characters at a name's end in which the word for its kind stands: 镇人民政府
_YEAR_LEAD = re.compile(rf"{YEAR_TOKEN}(?:以来)?,?")


class Agency(NamedTuple):
    """The reporting body and where its name was read."""

    name: str | None
    source: str | None


def read_agency(view: View, titles: Titles, fields: dict[str, str], within: str | None) -> Agency:
    """Return the reporting body: title, then issuing body of the metadata, narrative, signature."""
    for parts in (titles.own, titles.parts, *titles.all_parts):
        if parts and parts.agency and parts.verdict == "report":
            name = _longest_form(parts.agency, titles)
            return Agency(_whole_name(name, view) or name, "title")
    for (
        parts
    ) in titles.all_parts:  # 关于XX局2023年…年度报告的公告 names the body, whatever it turns out to be
        if parts.words and parts.agency and parts.verdict == "unclear" and level_of(parts.agency):
            return Agency(parts.agency, "title")
    told = narrative_agency(view, within)
    hint = _metadata_agency(view, fields)
    if told and (hint is None or hint not in told):
        # A box of the content system names the parent or a short form more often than the text is wrong.
        return Agency(told, "narrative")
    if hint:
        return Agency(told or hint, "narrative" if told else "metadata")
    signed = _signature(view, within)
    return Agency(signed, "signature" if signed else None)


def _longest_form(name: str, titles: Titles) -> str:
    """Return the name as the fullest title has it: 云溪区管委会财政局 where another one has only 财政局."""
    forms = [p.agency for p in titles.all_parts if p.agency and p.verdict == "report"]
    return max((form for form in forms if form.endswith(name)), key=len, default=name)


def _whole_name(name: str, view: View) -> str | None:
    """Return the body a title cuts short (双峰山), as a title the text cites has it (双峰山旅游度假区)."""
    if level_of(name) is not None:
        return None
    cited = (_cited_agency(title) for title in _names("cited", view.opening_key))
    return next((whole for whole in cited if whole and name in whole), None)


def _metadata_agency(view: View, fields: dict[str, str]) -> str | None:
    for text in (
        fields.get("agency"),
        view.meta.get("contentsource"),
        view.meta.get("source"),
        fields.get("source"),
    ):
        name = label_key(text or "")
        known = name not in _self_names() and not is_column(name) and classify_agency(name) is not None
        if 2 <= len(name) <= 40 and known:
            return name
    return None


@cache
def _self_names() -> frozenset[str]:
    return frozenset(identity_data()["self_names"])


class _Narrative(NamedTuple):
    pattern: re.Pattern[str]
    not_first: tuple[str, ...]
    many: tuple[str, ...]
    own: re.Pattern[str]
    area: re.Pattern[str]


@cache
def _narrative() -> _Narrative:
    data = identity_data()["narrative"]
    before = "|".join(data["before"])
    behind = "|".join(map(re.escape, data["behind"]))
    endings = "|".join(sorted(map(re.escape, data["endings"]), key=len, reverse=True))
    return _Narrative(
        re.compile(
            rf"(?:^|[,。;:、\n])(?:{before})?(?P<name>[\u4e00-\u9fff]{{2,26}}?(?:{endings}))(?=(?:{behind}))",
            re.MULTILINE,
        ),
        tuple(data["not_first"]),
        tuple(data["many"]),
        re.compile(data["own"]),
        re.compile(data["area"]),
    )


def narrative_agency(view: View, within: str | None) -> str | None:
    """Return the body the opening says the report is by.

    The body that made it, or a report's title that is cited; a name at the start of a clause that starts with
    a place or comes twice; without these the body that answers questions.
    """
    text = view.opening_key
    made = (name for name in map(_without_office, _names("maker", text)) if _is_own_name(name))
    cited = (_cited_agency(title) for title in _names("cited", text))
    name = next(filter(None, (*made, *cited)), None)
    name = name or next((n for n in _told(text, within) if _fits_own_words(n, text)), None)
    asked = next((n for n in _asked(text, within) if _fits_own_words(n, text)), None)
    return asked if asked and (name is None or asked.endswith(name)) else name


@cache
def _patterns(part: str) -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(pattern, re.MULTILINE) for pattern in identity_data()[part]["any"])


def _names(part: str, text: str) -> Iterator[str]:
    return (match["name"] for pattern in _patterns(part) for match in pattern.finditer(text))


def _without_office(name: str) -> str:
    """Return a body's name without that of its own office behind it (财政局办公室)."""
    return re.sub(identity_data()["office"]["own"], "", _without_inner(name))


def _without_inner(name: str) -> str:
    return re.sub(identity_data()["office"]["inner"], "", name)


def _is_own_name(name: str) -> bool:
    rules = _narrative()
    many = any(word in name for word in rules.many)
    return classify_agency(name) is not None and not name.startswith(rules.not_first) and not many


def _cited_agency(title: str) -> str | None:
    parts = parse_title(title)
    if parts.verdict == "report" and parts.years and parts.agency and level_of(parts.agency):
        return parts.agency
    return None


def _fits_own_words(name: str, text: str) -> bool:
    """Return whether a body may be the one the text calls 我局, 我镇: another's name ends otherwise."""
    rules = _narrative()
    words = {match["word"] for match in rules.own.finditer(text)}
    if words:
        return any(word in name[-_OWN_END:] for word in words)
    known = classify_agency(name)
    return not (known and known.level == "township" and rules.area.search(text))


def _told(text: str, within: str | None) -> Iterator[str]:
    """Yield the names at the start of a clause that are said to act."""
    rules = _narrative()
    for match in rules.pattern.finditer(text):
        name = _without_inner(match["name"])
        if classify_agency(name) is None or any(word in name for word in rules.many):
            continue
        if _TODAY.match(text, match.end("name")):  # the head of the site: its owner and the day of today
            continue
        place = place_at_start(name, within=within)
        named = place.candidates and place.length < len(name)
        if named or (_is_own_name(name) and (text.count(name) >= 2 or _opens_line(match))):
            yield name


def _opens_line(match: re.Match[str]) -> bool:
    """Return whether a town, street or zone is the subject of a line: 2023年,甘眉工业园区管委会严格…"""
    known = classify_agency(match["name"])
    lead = match.string[match.string.rfind("\n", 0, match.start("name")) + 1 : match.start("name")]
    return bool(known and known.level in {"township", "zone"} and _YEAR_LEAD.fullmatch(lead))


def _asked(text: str, within: str | None) -> Iterator[str]:
    """Yield the bodies whose office answers questions about the report; none where the office serves many."""
    data = identity_data()["asked"]
    for printed in _names("asked", text):
        name = _without_office(printed)
        known = None if any(word in name for word in data["shared"]) else classify_agency(name)
        if known and known.kind in data["kinds"] and place_at_start(name, within=within).candidates:
            yield name


def _signature(view: View, within: str | None) -> str | None:
    """Return the body whose name stands alone in one of the last lines."""
    for line in reversed(view.tail[-12:]):
        name = label_key(line)
        if 4 <= len(name) <= 30 and classify_agency(name) and place_at_start(name, within=within).candidates:
            return name
    return None
