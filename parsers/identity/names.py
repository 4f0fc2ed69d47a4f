"""The titles a document carries, and which of them is its own."""

import re
from typing import NamedTuple

from parsers.agencies import level_of
from parsers.document import Document
from parsers.identity.view import View
from parsers.records import Hints
from parsers.text import clean, label_key
from parsers.titles import TitleParts, is_other_document, parse_title
from parsers.years import YEAR_TOKEN

_TITLE_LINE = 90
_TITLE_LINES = 20  # lines in front of the text in which another document's title is looked for
_SENTENCE = re.compile(r"[。；;，：:]|号$")
_YEAR_LINE = re.compile(rf"[（(]?{YEAR_TOKEN}[)）]?")


# What the first line of a title broken over lines holds when it is not the name of a body.
_FRAGMENT = re.compile(rf"{YEAR_TOKEN}|政府信息|政务公开|信息公开|年度")


_SEPARATOR = re.compile(r"\s*[_|｜]\s*|\s+[-–—]\s+|(?<=报告)[-–—]|(?<=年报)[-–—]")


class Titles(NamedTuple):
    """The titles a page carries."""

    title: str | None
    """The most trusted one, as printed."""
    source: str | None
    parts: TitleParts | None
    own: TitleParts | None
    """The document's own title within its text: it decides about the year."""
    all_parts: tuple[TitleParts, ...]


def read_titles(document: Document, view: View, hints: Hints, fields: dict[str, str]) -> Titles:
    """Return the titles of a page: page tag, document's own, headings and page title, list."""
    own = own_titles(view)
    printed: list[tuple[str, str]] = [("meta", view.meta.get("articletitle", ""))]
    printed += [("document", title) for title in reversed(own)]
    printed += [("page", line) for line in view.headings]
    printed += [("page", fields.get("title", "")), ("page", _without_site(document.page_title or ""))]
    printed += [("page", title) for title in _frame_titles(view)]
    printed += [("list", hints.list_title or "")]
    read = [(source, clean(text), parse_title(text)) for source, text in printed if text.strip()]
    source, text, parts = _best(read)
    own_parts = parse_title(own[-1]) if own else None
    if not any(parts.verdict == "report" for _, _, parts in read):
        other = _other_title(view)
        if other:
            source, text, parts = "document", other, parse_title(other)
    return Titles(text, source, parts, own_parts, tuple(p for _, _, p in read))


def _best(read: list[tuple[str, str, TitleParts]]) -> tuple[str | None, str | None, TitleParts | None]:
    """Return the first title that is a report's and names body and year, else a report's, else any."""
    reports = [entry for entry in read if entry[2].verdict == "report"]
    # A page whose most trusted title is plainly another document's keeps that title.
    if read and read[0][2].verdict == "not_report" and read[0][2].words:
        return read[0]
    for wanted in (
        lambda parts: parts.agency and parts.years,
        lambda parts: parts.agency or parts.years,
        lambda parts: True,
    ):
        found = next((entry for entry in reports if wanted(entry[2])), None)
        if found:
            return found
    return next((e for e in read if e[2].verdict == "unclear"), read[0] if read else (None, None, None))


def own_titles(view: View) -> list[str]:
    """Return the titles printed in front of the first section; a title may fill up to three lines."""
    found: list[str] = []
    lines = view.head[:40]
    index = 0
    while index < len(lines):
        index += _title_at(lines, index, found)
    return found


def _other_title(view: View) -> str | None:
    """Return the first line in front of the text that is plainly the title of another document."""
    lines = view.head[:_TITLE_LINES]
    joined = ("".join(lines[index : index + count]) for count in (1, 2) for index in range(len(lines)))
    return next((clean(line) for line in joined if len(line) <= _TITLE_LINE and _is_other(line)), None)


def _is_other(line: str) -> bool:
    return not _SENTENCE.search(line) and is_other_document(line)


def _without_site(page_title: str) -> str:
    """Return the part of a page's <title> that is the report's title; sites add their name and the column.

    A page that prints nothing but the name of its site there has no title.
    """
    pieces = _SEPARATOR.split(page_title)
    title = next((piece for piece in pieces if parse_title(piece).verdict == "report"), page_title)
    parts = parse_title(title)
    return "" if parts.verdict == "unclear" and not (parts.words or parts.years or parts.truncated) else title


def _frame_titles(view: View) -> list[str]:
    """Return the title printed around the body; several different ones are links to other reports."""
    lines = dict.fromkeys(line for line in view.outside if "公开" in line and 8 <= len(line) <= _TITLE_LINE)
    titles = [
        line
        for line in lines
        if not _SENTENCE.search(line)
        and (parts := parse_title(line)).agency
        and parts.years
        and parts.verdict == "report"
    ]
    return titles if len(titles) == 1 else []


def _title_at(lines: tuple[str, ...], index: int, found: list[str]) -> int:
    """Add the title that starts at a line, if one does; return how many lines it takes, at least one."""
    for count in (1, 2, 3):
        part = lines[index : index + count]
        joined = "".join(part)
        if len(part) < count or len(joined) > _TITLE_LINE or _SENTENCE.search(joined):
            break
        if count > 1 and (_SENTENCE.search(part[0]) or not _belong_together(part)):
            break
        if "公" in joined and parse_title(joined).verdict == "report":
            following = lines[index + count : index + count + 1]
            if following and _YEAR_LINE.fullmatch(label_key(following[0])):
                found.append(joined + following[0])
                return count + 1
            found.append(joined)
            return count
    return 1


def _belong_together(part: tuple[str, ...]) -> bool:
    """Return whether lines may be one title: first a body or part of the words, then no whole title."""
    first = label_key(part[0])
    if not (_FRAGMENT.search(first) or level_of(first)):
        return False
    return not any((parts := parse_title(line)).agency and parts.verdict == "report" for line in part[1:])
