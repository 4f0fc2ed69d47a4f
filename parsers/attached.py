"""Reports handed over as files: a page that prints no table, and the file attached to it that does."""

from collections.abc import Callable, Sequence
from dataclasses import fields, replace
from functools import partial
from typing import NamedTuple

from parsers.records import Hints, Identity, Report
from parsers.report import NOT_READ, parse
from parsers.titles import agency_key

_OF_ITSELF = frozenset({"is_report", "reason", "years", "region_conflict"})
"""What a page says of itself even where it says nothing."""


class AttachedFile(NamedTuple):
    """A file of a page; its bytes are asked for only when the page has no figures of its own."""

    url: str
    body: Callable[[], bytes]


def parse_with_files(data: bytes, files: Sequence[AttachedFile], *, hints: Hints = Hints()) -> Report:  # noqa: B008
    """Return what a page says; one without tables says what the only report among its files says.

    `figures_url` then names the file. A file of another agency or year is not the page's report, and of
    several different reports none is: the page stays without figures and a note of the reading says why
    (attached_other_report, attached_several_reports, attached_unreadable, attached_unsupported). A page that
    says nothing itself is `unsupported` when its file is of a kind without a reader. Never raises.
    """
    page = parse(data, hints=hints)
    if page.outcome != "no_tables" or not files:
        return page
    told = replace(hints, charset=None, list_title=page.identity.title or hints.list_title)
    notes: set[str] = set()
    unsupported: str | None = None
    found: list[Report] = []
    for file in files:
        joined = partial(_joined, page, file.url)
        report = parse(file.body(), hints=replace(told, url=file.url), complete=joined)
        if report.outcome == "unreadable":
            notes.add("attached_unreadable")
        elif report.outcome == "unsupported" and report.source.kind != "image":
            notes.add("attached_unsupported")
            unsupported = unsupported or f"the report is in a file: {report.error}"
        elif report.outcome in ("parsed", "partial") and report.figures_url is None:
            notes.add("attached_other_report")
        elif report.figures_url is not None:
            _take(report, found)
    if len(found) == 1:
        return _noted(found[0], notes)
    page = _noted(page, notes | ({"attached_several_reports"} if found else set()))
    if notes == {"attached_unsupported"} and not page.sections:
        # What the checks miss on the page is not missing in the report.
        return replace(page, outcome="unsupported", error=unsupported, findings=(), check_counts={})
    return page


def _is_one_report(page: Identity, file: Identity) -> bool:
    """Return whether nothing speaks against both being one agency's report for one year."""
    if None not in (page.fiscal_year, file.fiscal_year) and page.fiscal_year != file.fiscal_year:
        return False
    one, other = agency_key(page.agency or ""), agency_key(file.agency or "")
    # A short name lacks the place in front; what is added behind (办公室) makes it another body.
    return one.endswith(other) or other.endswith(one)


def _take(report: Report, found: list[Report]) -> None:
    """Add a report to those found; of one report in two formats only the one of which more was read stays."""
    for place, one in enumerate(found):
        if _says_same(one, report):
            found[place] = max(one, report, key=_reported)
            return
    found.append(report)


def _reported(report: Report) -> int:
    return sum(fact.status == "reported" for fact in report.facts)


def _says_same(one: Report, other: Report) -> bool:
    """Return whether two files print the same figures wherever both could be read."""
    theirs = {fact.key: fact for fact in other.facts}
    shared = [
        (fact, theirs[fact.key])
        for fact in one.facts
        if fact.key in theirs and NOT_READ.isdisjoint((fact.status, theirs[fact.key].status))
    ]
    return any(fact.status == "reported" for fact, _ in shared) and all(
        (fact.status, fact.value, fact.unit) == (their.status, their.value, their.unit)
        for fact, their in shared
    )


def _noted(report: Report, notes: set[str]) -> Report:
    reading = replace(report.reading, notes=(*report.reading.notes, *sorted(notes)))
    return replace(report, reading=reading)


def _joined(page: Report, url: str, file: Report) -> Report:
    """Return the report of a file as that of its page; as it is where it is none, or another one."""
    if file.outcome == "no_tables" or not _is_one_report(page.identity, file.identity):
        return file
    gaps = {
        field.name: getattr(file.identity, field.name)
        for field in fields(Identity)
        if field.name not in _OF_ITSELF and getattr(page.identity, field.name) is None
    }
    years = {name: page.identity.years.get(name) or year for name, year in file.identity.years.items()}
    reading = replace(
        file.reading,
        attachments=page.reading.attachments,
        notes=(*page.reading.notes, *file.reading.notes),
    )
    return replace(
        file,
        source=replace(file.source, url=page.source.url),
        identity=replace(page.identity, years=years, **gaps),
        sections=file.sections or page.sections,
        reading=reading,
        figures_url=url,
    )
