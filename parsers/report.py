"""One document, all steps: bytes → Document → form → facts → sections → identity → findings → Report."""

import hashlib
from collections.abc import Callable, Collection
from dataclasses import replace

from parsers.align import align
from parsers.checks import checked
from parsers.document import Document
from parsers.identity import identify
from parsers.readers import UnreadableInputError, UnsupportedInputError, read
from parsers.records import Fact, Hints, Identity, Outcome, Report, Source
from parsers.sections import split_sections

PARSER_VERSION = "1"
"""Raised by hand whenever the same bytes may give other facts; older datasets are then parsed again."""

NOT_READ = frozenset({"unreadable", "ambiguous", "absent"})
"""A cell with one of these states could not be read although the form has it."""
STOPPED = {
    "nesting_clamped": "elements nested too deeply: what stands behind the deepest is lost",
    "truncated": "input too long: what stands behind the part read is lost",
}


def parse(
    data: bytes,
    *,
    path: str | None = None,
    hints: Hints = Hints(),  # noqa: B008
    complete: Callable[[Report], Report] = lambda report: report,
) -> Report:
    """Return what a document says; never raises, because one bad page must not end a run over thousands.

    An unexpected failure of the parser itself becomes outcome "unreadable" with `error` naming it. `complete`
    adds to a report what is known from elsewhere, before it is checked.
    """
    try:
        return parse_strict(data, path=path, hints=hints, complete=complete)
    except Exception as failure:  # noqa: BLE001 - the one place: a failure becomes a recorded outcome
        reason = f"parser failure: {type(failure).__name__}: {failure}"
        return _without_content(data, "unreadable", "unknown", reason, path, hints)


def parse_strict(
    data: bytes,
    *,
    path: str | None = None,
    hints: Hints = Hints(),  # noqa: B008
    complete: Callable[[Report], Report] = lambda report: report,
) -> Report:
    """Return what a document says; as `parse`, but an unexpected failure of the parser is raised."""
    try:
        document = read(data, charset=hints.charset, name=path)
    except UnsupportedInputError as unsupported:
        return _without_content(data, "unsupported", unsupported.kind, str(unsupported), path, hints)
    except UnreadableInputError as unreadable:
        return _without_content(data, "unreadable", "unknown", str(unreadable), path, hints)
    source = _source(data, document.kind, document.charset, path, hints)
    return _understand(document, source, hints, complete)


def _understand(
    document: Document, source: Source, hints: Hints, complete: Callable[[Report], Report]
) -> Report:
    alignment = align(document)
    sections = split_sections(document)
    tables = frozenset(fact.table for fact in alignment.facts if fact.where is not None)
    identity = identify(document, sections, hints, era=alignment.era, has_tables=bool(tables), tables=tables)
    if (lost := _lost(document, tables)) is not None:
        return Report(source=source, outcome="unreadable", identity=Identity(), era=None, error=lost)
    if not identity.is_report:
        return Report(
            source=source, outcome="not_a_report", identity=identity, era=None, error=identity.reason
        )
    report = complete(
        Report(
            source=source,
            outcome=_outcome(alignment.facts, alignment.era),
            identity=identity,
            era=alignment.era,
            sections=sections,
            facts=alignment.facts,
            reading=alignment.reading,
        )
    )
    done = checked(report)
    # The checks may hold back figures whose place they doubt.
    return done if done.facts is report.facts else replace(done, outcome=_outcome(done.facts, done.era))


def _lost(document: Document, tables: Collection[str]) -> str | None:
    """Return why a document in which no table was found may have some: the reader had to stop on the way."""
    return None if tables else next((STOPPED[note] for note in document.notes if note in STOPPED), None)


def _outcome(facts: tuple[Fact, ...], era: str | None) -> Outcome:
    """Return whether tables were found, and all of them read: for that their form must be known."""
    if all(fact.where is None for fact in facts):
        return "no_tables"
    return "parsed" if era and NOT_READ.isdisjoint([fact.status for fact in facts]) else "partial"


def _source(data: bytes, kind: str, charset: str | None, path: str | None, hints: Hints) -> Source:
    sha256 = hashlib.sha256(data).hexdigest()
    return Source(path=path, sha256=sha256, kind=kind, charset=charset, url=hints.url)


def _without_content(
    data: bytes, outcome: Outcome, kind: str, reason: str, path: str | None, hints: Hints
) -> Report:
    source = _source(data, kind, None, path, hints)
    return Report(source=source, outcome=outcome, identity=Identity(), era=None, error=reason)
