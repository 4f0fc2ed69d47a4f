"""The records a parsed report consists of; the words for status, method and outcome are those of the docs."""

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Literal, NamedTuple, TypeAlias

Status: TypeAlias = Literal[
    "reported", "blank", "dash", "not_applicable", "unreadable", "ambiguous", "absent"
]
Method: TypeAlias = Literal["label", "position"]
Outcome: TypeAlias = Literal["parsed", "partial", "no_tables", "not_a_report", "unsupported", "unreadable"]
Severity: TypeAlias = Literal["error", "warning", "info"]
Origin: TypeAlias = Literal["source", "reading", "undecided"]
CellKey: TypeAlias = tuple[str, str, str]
"""(table, row, column) in the codes of the codebook."""
Number: TypeAlias = int | Decimal


class Where(NamedTuple):
    """Place of a printed cell in the document, all 0-based: table number, grid row, grid column."""

    table: int
    row: int
    column: int


class Fact(NamedTuple):
    """One cell of the form, or one printed cell the form does not have (codes starting with x_)."""

    table: str
    row: str
    column: str
    value: Number | None
    unit: str | None
    status: Status
    raw: str | None
    """The cell as printed; None when the document has no such cell."""
    note: str | None
    method: Method | None
    """None when nothing was placed (status absent)."""
    where: Where | None

    @property
    def key(self) -> CellKey:
        """The (table, row, column) codes of the cell."""
        return (self.table, self.row, self.column)


class Section(NamedTuple):
    """One of the six numbered sections, its heading without the numeral, its narrative without tables.

    Sections come in reading order; `number` is the official number of the heading's wording (reports of the
    older outline keep the numbers they print).
    """

    number: int
    heading: str
    text: str
    position: int | None = None
    """Block of the document the heading stands in, 0-based."""
    printed_number: int | None = None
    """The numeral printed in front of the heading; None when there is none."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One failed check, with both numbers and the cells it rests on."""

    rule: str
    severity: Severity
    message_en: str
    message_zh: str
    cells: tuple[CellKey, ...] = ()
    expected: Number | str | None = None
    found: Number | str | None = None
    origin: Origin = "source"
    delta: Number | None = None
    proposal: tuple[dict[str, Any], ...] = ()
    """Candidate sets of cells that could be wrong; never applied."""
    basis: str | None = None
    assumption: str | None = None
    refines: str | None = None
    evidence: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Source:
    """The bytes a report was read from."""

    path: str | None
    sha256: str | None
    """Of the bytes as given; None when no byte could be read."""
    kind: str
    charset: str | None
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Hints:
    """What the crawler knows about a page before reading it; witnesses for identity, never data."""

    url: str | None = None
    charset: str | None = None
    """Charset of the HTTP header, or the one a user insists on."""
    list_title: str | None = None
    list_date: str | None = None
    """ISO date printed beside the link in the list."""
    portal_region_code: str | None = None
    portal_name: str | None = None


@dataclass(frozen=True, slots=True)
class Identity:
    """Who reports, about which year, covering what; None means not known."""

    title: str | None = None
    agency: str | None = None
    agency_kind: str | None = None
    level: str | None = None
    scope: str | None = None
    scope_evidence: str | None = None
    fiscal_year: int | None = None
    years: dict[str, int | None] = field(default_factory=dict)
    """The year each witness states: title, period, text; None where it states none or several."""
    region_code: str | None = None
    region_from: str | None = None
    """Whom the code is about: agency, site or portal."""
    region_conflict: bool = False
    """True when the witnesses do not lie on one line of the code tree."""
    region_witnesses: tuple[dict[str, str], ...] = ()
    """Every witness with group, kind, raw text and code."""
    published_on: str | None = None
    published_on_from: str | None = None
    document_number: str | None = None
    index_number: str | None = None
    credit_code: str | None = None
    """统一社会信用代码 of the agency, both check characters verified."""
    contact: str | None = None
    """A telephone number, address or mailbox printed for questions."""
    title_from: str | None = None
    """Where the title was read: meta, document, page or list."""
    agency_from: str | None = None
    """Where the agency was read: title, metadata, narrative or signature."""
    is_report: bool = True
    """False for explainers, lists of reports, guides, blank forms, block pages."""
    reason: str | None = None
    """Why it is not a report."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What the aligner had to decide, kept for the checks and for the reader of the data."""

    sub_table_eras: dict[str, str | None] = field(default_factory=dict)
    """Era by labels of each table code found (documents, licensing, requests …)."""
    deciding_labels: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """Table code -> printed labels its era rests on."""
    damaged_headings: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """Table code -> headings as read, where columns were placed by order because names were damaged."""
    missing_rows: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """Table code -> printed labels of the rows of the form that the document does not have."""
    ragged: tuple[str, ...] = ()
    """Codes of tables that lost their merged cells in text; a sum failing there is not yet the source's."""
    images: tuple[str, ...] = ()
    attachments: tuple[tuple[str, str], ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Report:
    """Everything one document says: identity, sections, facts, findings, what could not be assessed."""

    source: Source
    outcome: Outcome
    identity: Identity
    era: str | None
    sections: tuple[Section, ...] = ()
    facts: tuple[Fact, ...] = ()
    findings: tuple[Finding, ...] = ()
    reading: Reading = field(default_factory=Reading)
    check_counts: dict[str, tuple[int, int, int]] = field(default_factory=dict)
    """Rule -> (passed, failed, not assessable)."""
    figures_url: str | None = None
    """Address of the attached file the figures were read from; None: the document itself prints them."""
    error: str | None = None
    """Why outcome is unsupported or unreadable, in one sentence."""
