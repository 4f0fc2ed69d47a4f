"""Whether a document is a report at all, judged from its titles and its content together."""

import re
from functools import cache
from typing import Any, Literal, NamedTuple

from parsers.document import Document, Table
from parsers.headings import wordings
from parsers.identity.names import Titles
from parsers.identity.view import View
from parsers.knowledge import read_toml
from parsers.records import Section
from parsers.text import label_key
from parsers.titles import agency_key, parse_title

_SHORT_PAGE = 1_500
_LIST_LINES = 300
# A sentence, or a file the text names: something is said, if elsewhere.
_CONTENT = re.compile(
    r"[\u4e00-\u9fff]{3,}[^:：]*[。！；]|附件|\.(?:pdf|docx?|wps|ofd|jpe?g|png)\b", re.IGNORECASE
)
_FIGURE = re.compile(r"[+-]?\d[\d,.]*")
_CELLS = 20_000
_FORM_ROWS = 60
_FORM_CELL = 400
_OWN_MARKS = frozenset({2, 3, 4})
"""Sections whose headings speak of disclosure; 总体情况 and 其他需要报告的事项 stand in other reports too."""


class Judgement(NamedTuple):
    """Whether a document is a report, and the code of the reason when it is not."""

    is_report: bool
    reason: str | None


@cache
def _data() -> dict[str, Any]:
    return read_toml("screening.toml")


@cache
def _placeholders() -> re.Pattern[str]:
    return re.compile("|".join(_data()["placeholders"]))


def reason_text(reason: str, lang: Literal["zh", "en"]) -> str:
    """Return the sentence that says a reason in one of the two languages."""
    english, chinese = _data()["reasons"][reason]
    return str(chinese if lang == "zh" else english)


def judge(
    document: Document,
    view: View,
    sections: tuple[Section, ...],
    titles: Titles,
    *,
    agency: str | None,
    has_tables: bool,
    tables: frozenset[str] = frozenset(),
) -> Judgement:
    """Return whether the document is a report; marks in its content outweigh single words of its title.

    `tables` are the tables of the form that cells were found of, where the caller knows them.
    """
    marks = _official_marks(sections)
    figures = has_tables and has_figures(document)
    verdict = titles.parts.verdict if titles.parts else "unclear"
    reason = title_reason(titles) if verdict == "not_report" else None
    if reason and (reason in _data()["never"] or not _outweighed(titles, marks, figures=figures)):
        return Judgement(False, reason)
    if _is_blank_form(view, sections, agency, has_tables=has_tables, figures=figures):
        return Judgement(False, "blank_form")
    common = bool(tables) and tables <= set(_data()["common_tables"]) and not marks and verdict != "report"
    if common and (verdict == "not_report" or not _has_own_words(document, view)):
        return Judgement(False, "other_report")
    reason = _other_text(view) if verdict != "report" and not figures else None
    if reason:
        return Judgement(False, reason)
    own = verdict == "report" or bool(marks & _OWN_MARKS)
    if figures or (len(marks) >= 3 and own):
        return Judgement(True, None)
    reason = _blocked(document, view, sections)
    if reason is None and _is_list(view):
        reason = "list_of_reports"
    if reason:
        return Judgement(False, reason)
    if verdict == "report":
        return _judge_titled(document, view, sections)
    if (len(marks) >= 2 and own) or (len(sections) >= 4 and "信息公开" in view.opening_key):
        return Judgement(True, None)
    return Judgement(False, "no_report_marks")


def _outweighed(titles: Titles, marks: frozenset[int], *, figures: bool) -> bool:
    """Return whether the headings say report louder than the title says that it is none."""
    about_reports = titles.parts is not None and titles.parts.words is not None
    if about_reports:
        return figures and len(marks) >= 4
    # A title in the text is the document's own; one around it may be that of a column.
    return len(marks) >= (4 if titles.source == "document" else 3) and bool(marks & _OWN_MARKS)


def _judge_titled(document: Document, view: View, sections: tuple[Section, ...]) -> Judgement:
    """A page with a report's title is one unless there is nothing in it: no sentence, no file, no image."""
    has_content = bool(sections or document.images or document.attachments or any(document.tables()))
    if has_content or _length(view) >= 60 or any(_CONTENT.search(line) for line in view.head):
        return Judgement(True, None)
    return Judgement(False, "empty_page")


def _has_own_words(document: Document, view: View) -> bool:
    """Return whether tables or opening say that their rows are those of the form."""
    cells = (cell.text for table in document.tables() for row in table.rows[:_FORM_ROWS] for cell in row)
    texts = (label_key(text[:_FORM_CELL]) for text in (view.opening_key, *cells))
    return any(word in text for text in texts for word in _data()["own_words"])


def _official_marks(sections: tuple[Section, ...]) -> frozenset[int]:
    """Return the sections of the official outline whose wording a heading has."""
    keys = [label_key(section.heading) for section in sections]
    return frozenset(w.number for w in wordings() for key in keys if w.whole.fullmatch(key))


def has_figures(document: Document) -> bool:
    """Return whether any cell of any table is a number."""
    seen = 0
    for table in document.tables():
        for row in table.rows:
            seen += len(row)
            if any(_FIGURE.fullmatch(cell.text.strip()) for cell in row):
                return True
            if seen > _CELLS:
                return False
    return False


def title_reason(titles: Titles) -> str | None:
    """Return why a title is not a report's, None when nothing in it says so."""
    title = label_key(titles.title or "")
    for entry in _data()["title"]:
        if any(word in title for word in entry["words"]):
            return str(entry["reason"])
    return "other_report" if titles.source == "document" and "公开" not in title else None


def _other_text(view: View) -> str | None:
    """Return what an untitled text says of itself that no report does."""
    for entry in _data()["text"]:
        if any(re.search(pattern, view.opening_key) for pattern in entry["any"]):
            return str(entry["reason"])
    return None


def _is_blank_form(
    view: View, sections: tuple[Section, ...], agency: str | None, *, has_tables: bool, figures: bool
) -> bool:
    """A form without figures is blank when its text, too, names no body or only holds places to fill in."""
    if figures or not (has_tables or sections):
        return False
    narrative = view.opening_key + "".join(section.text for section in sections)[:4000]
    if agency is not None and not _placeholders().search(agency):
        return False
    return _placeholders().search(narrative) is not None or (has_tables and len(narrative) < 200)


def _blocked(document: Document, view: View, sections: tuple[Section, ...]) -> str | None:
    """Return which kind of substitute page this is; only short pages without sections can be one."""
    if sections or any(isinstance(block, Table) for block in document.blocks) or _length(view) > _SHORT_PAGE:
        return None
    text = "\n".join((document.page_title or "", *view.head, *view.outside[:40])).lower()
    for reason, words in _data()["blocked"].items():
        if any(word.lower() in text for word in words):
            return str(reason)
    return None


def _is_list(view: View) -> bool:
    """Titles of three different reports, each alone in its line, make a list; one may be printed often."""
    titles = {line for line in view.head[:_LIST_LINES] if len(line) <= 80 and "公开" in line}
    read = [parse_title(line) for line in titles]
    return len({(agency_key(one.agency or ""), one.year) for one in read if one.verdict == "report"}) >= 3


def _length(view: View) -> int:
    return sum(len(line) for line in view.head)
