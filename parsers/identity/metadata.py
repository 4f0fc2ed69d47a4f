"""Metadata a page prints about the document: index number, issuing body, number, day of publication."""

import re
from functools import cache, lru_cache
from typing import NamedTuple

from parsers.identity.dates import day_in_address, read_day
from parsers.identity.view import View, identity_data
from parsers.records import Hints
from parsers.text import clean, label_key, simplify
from parsers.titles import title_verdict

_LONGEST_VALUE = 80
_LONGEST_LINE = 300
_DOCUMENT_NUMBER = re.compile(
    r"[\u4e00-\u9fff]{1,14}(?:\([\u4e00-\u9fff]+\))?[〔\[(【]20\d\d[〕\])】]第?\d{1,5}号"
)
_CONTACT_SIGN = re.compile("[话址@]")  # one of them stands in every contact; most lines have none
_BESIDE_A_DAY = re.compile(r"[\d\s年月日:/.,|()（）\[\]【】•*·\-]|星期.")
_DAY_LINE = 40  # characters of a line that is a day standing alone, as under a signature


class Published(NamedTuple):
    """Day of publication and where it was read: list, meta, page, address or signature."""

    day: str | None
    source: str | None


class _Label(NamedTuple):
    """A label in a line: which field it names, where it stands."""

    field: str
    start: int
    end: int


@cache
def _labels() -> re.Pattern[str]:
    """Labels by field, longest first, with spaces allowed between their characters.

    A label counts with a colon or closing bracket behind it, a number fused to it, or as a whole cell or
    line; in front of it there is no character, or a day; a day behind it is enough.
    """
    data: dict[str, list[str]] = identity_data()["labels"]
    entries = [(label, field) for field, labels in data.items() for label in labels]
    entries.sort(key=lambda entry: -len(entry[0]))
    groups: dict[str, list[str]] = {}
    for label, field in entries:
        groups.setdefault(field, []).append(r"\s{0,6}".join(map(re.escape, label)))
    named = "|".join(f"(?P<{field}>{'|'.join(labels)})" for field, labels in groups.items())
    end = r"[\]】]?\s*[:：]|[\]】]|(?=[A-Za-z0-9]{6}|20\d\d\s?[-/.年–])|(?=[〔\[])|$"
    dated = "|".join(groups["published_on"])
    start = rf"(?<![\u4e00-\u9fff])|(?<=[\d一二三四五六七八九十]日)|(?=(?:{dated})\s*[:：]\s*20\d\d)"
    return re.compile(rf"(?:{start})(?:{named})\s*(?:{end})")


def read_fields(view: View) -> dict[str, str]:
    """Return the labelled values of the metadata block by field; empty values are left out."""
    fields: dict[str, str] = {}
    pending: str | None = None
    cells = (cell for row in view.pairs for cell in row)
    for text in (*cells, *view.head):
        pending = _read_line(text, fields, pending)
    day = _day_beside_source(view.head)
    if day:
        fields.setdefault("day", day)
    for text in view.outside:
        around: dict[str, str] = {}
        pending = _read_line(text, around, pending)
        if "source" not in around:
            around.pop("day", None)  # without a source beside it, a date of the frame is today's
        fields = {**around, **fields}
    return fields


def _day_beside_source(lines: tuple[str, ...]) -> str | None:
    """Return a day without a label in front of a source or counter, or in the line above or below it."""
    for index, line in enumerate(lines):
        labels = _labels_in(line) if len(line) <= _LONGEST_LINE else ()
        if not labels or labels[0].field not in {"source", "other"}:
            continue
        beside = (*lines[max(index - 1, 0) : index], *lines[index + 1 : index + 2])
        for text in (line[: labels[0].start], *(beside if labels[0].field == "source" else ())):
            if _is_lone_day(text):
                return text
    return None


def _read_line(text: str, fields: dict[str, str], pending: str | None) -> str | None:
    """Add the labelled values of one line or cell; return the label that waits for the next one."""
    if len(text) > _LONGEST_LINE:
        return None
    text = text.strip("-*•· \t")
    labels = _labels_in(text)
    if not (labels or pending):
        return None
    before = text[: labels[0].start] if labels else text
    if pending and before.strip() and len(before) <= _LONGEST_VALUE and title_verdict(before) != "report":
        fields.setdefault(pending, clean(before))
    for place, label in enumerate(labels):
        end = labels[place + 1].start if place + 1 < len(labels) else len(text)
        value = clean(text[label.end : end]).strip(";；|,，")
        if value:
            fields.setdefault(label.field, value[:_LONGEST_VALUE])
    if labels and not text[labels[-1].end :].strip():
        return labels[-1].field
    return None


@lru_cache(maxsize=4_096)  # menus and feet are the same on page after page
def _labels_in(text: str) -> tuple[_Label, ...]:
    found = _labels().finditer(simplify(text))  # character by character, so that places stay
    return tuple(_Label(label.lastgroup, label.start(), label.end()) for label in found if label.lastgroup)


def published_on(view: View, fields: dict[str, str], hints: Hints) -> Published:
    """Return the day of publication by the most trusted place that names one."""
    named = [
        ("list", hints.list_date or ""),
        ("meta", view.meta.get("pubdate", "") or view.meta.get("publishdate", "")),
        ("page", fields.get("published_on", "")),
        ("page", fields.get("day", "")),
    ]
    for source, text in named:
        if text and (day := read_day(text)):
            return Published(day, source)
    if hints.url and (day := day_in_address(hints.url)):
        return Published(day, "address")
    day = _under_title(view) or _signed_on(view)
    return Published(day, "signature" if day else None)


def _under_title(view: View) -> str | None:
    """Return the day that stands alone, mostly in brackets, in one of two lines under the title."""
    for index, line in enumerate(view.head):
        if not _is_lone_day(line):
            continue
        above = view.head[max(index - 3, 0) : index]
        titles = (*above[-2:], "".join(above[-2:]), "".join(above))
        if any(title_verdict(title) == "report" for title in titles if title):
            return read_day(line)
    return None


def _is_lone_day(line: str) -> bool:
    return len(line) <= _DAY_LINE and not _BESIDE_A_DAY.sub("", line) and read_day(line) is not None


def _signed_on(view: View) -> str | None:
    """Return the last day that stands alone in a line at the end of the report."""
    for line in reversed(view.tail[-15:]):
        if len(line) <= _DAY_LINE and line.endswith("日") and (day := read_day(line)):
            rest = re.sub(r"[\d年月日\s〇○零一二三四五六七八九十元.\-/]", "", line)
            if len(rest) <= 24 and "日起" not in line:
                return day
    return None


def document_number(fields: dict[str, str]) -> str | None:
    """Return the number of the document's own (文号), never one it cites."""
    printed = label_key(fields.get("document_number", ""))
    match = _DOCUMENT_NUMBER.match(printed)
    return match.group() if match else None


def index_number(fields: dict[str, str]) -> str | None:
    """Return the 索引号 as printed, None for a placeholder."""
    printed = fields.get("index_number", "").split(" ")[0]
    if printed in identity_data()["no_number"] or not re.search(r"[0-9]", printed):
        return None
    return printed


def contact(view: View) -> str | None:
    """Return the first telephone number, address or mailbox around the report."""
    pattern = _contact()
    for line in (*view.head, *view.tail, *view.outside):
        match = pattern.search(line) if _CONTACT_SIGN.search(line) else None
        if match:
            return clean(match.group())[:_LONGEST_VALUE]
    return None


@cache
def _contact() -> re.Pattern[str]:
    return re.compile("|".join(identity_data()["contact"]["any"]))
