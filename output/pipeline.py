"""Archive → dataset: every stored document is read, checked and written; nothing is fetched."""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from output.agencies import agency_id, document_key, report_id
from output.assembly import Assembly, TableFiles
from output.cache import RowCache
from output.dataset import Dataset, draft, open_dataset, publish, storage_errors
from output.errors import GateRefusedError, NoDatasetError
from output.gate import losses
from output.manifest import finish_folder
from output.reading import read_documents
from output.rows import ParsedRows
from parsers.report import PARSER_VERSION
from scraper.stored import StoredDocument, iter_documents


@dataclass(frozen=True, slots=True)
class BuildSummary:
    """What a build did."""

    folder: Path
    documents: int
    reports: int
    skipped: int
    outcomes: dict[str, int]
    figures: int
    findings: dict[str, int]
    panel_rows: int
    without_place: int
    """Current reports with a form whose agency or year is not known: they are not in `panel`."""

    @property
    def failed(self) -> int:
        """Documents that could not be read at all."""
        return self.outcomes.get("unreadable", 0) + self.outcomes.get("unsupported", 0)


def build(
    data_dir: Path,
    *,
    documents: Iterable[StoredDocument] | None = None,
    jobs: int = 1,
    accept_losses: bool = False,
    progress: Callable[[int], None] | None = None,
) -> BuildSummary:
    """Read the archive of a data folder and replace its dataset; `documents` is all it holds by default.

    What was read before comes from the cache of the folder; `jobs` processes read the rest.

    Raises GateRefusedError when reports or figures of the last dataset would be lost, DatasetStorageError
    when the disk refuses; the last dataset is untouched in both cases.
    """
    stored = iter_documents(data_dir) if documents is None else documents
    with draft(data_dir) as folder:
        with storage_errors(str(folder)):
            with RowCache(data_dir) as cache:
                read = read_documents(stored, cache, jobs)
                counts = _fill(folder, read, progress or (lambda done: None))
            finish_folder(folder, counts, PARSER_VERSION)
        if not accept_losses:
            _guard(data_dir, counts)
        publish(folder, data_dir)
    return _summary(open_dataset(data_dir), counts)


def _fill(
    folder: Path, read: Iterable[tuple[StoredDocument, ParsedRows]], progress: Callable[[int], None]
) -> dict[str, Any]:
    with TableFiles(folder) as files:
        assembly = Assembly(files)
        contents: Counter[tuple[str, str]] = Counter()
        done = 0
        for done, (document, rows) in enumerate(read, start=1):
            known = _stored_columns(document)
            if rows.outcome == "not_a_report":
                assembly.add_skipped({**known, "reason": rows.report["error"]})
            else:
                content = document.fingerprint or document.sha256
                contents[document.url, content] += 1
                identifier = report_id(document.url, content, contents[document.url, content])
                assembly.add_report(_report_row(identifier, document, known, rows), rows)
            progress(done)
        assembly.finish()
    return _counts(assembly, files, done)


def _stored_columns(document: StoredDocument) -> dict[str, Any]:
    """Return the columns that come from the archive, by name."""
    return {
        "document_key": document_key(document.url),
        "version": document.version,
        "is_current": document.is_current,
        "removed_at": document.removed_at,
        "portal_id": document.portal_id,
        "portal_name": document.portal_name,
        "source_url": document.url,
        "list_title": document.list_title,
        "fetched_at": document.fetched_at,
        "last_seen_at": document.last_seen_at,
        "sha256": document.sha256,
        "fingerprint": document.fingerprint,
        "warc_file": document.warc_file,
        "warc_offset": document.warc_offset,
        "aliases": "\n".join(document.aliases) or None,
        "attachments": "\n".join(f"{one.name or ''} {one.url}".strip() for one in document.attachments)
        or None,
    }


def _report_row(
    identifier: str, document: StoredDocument, known: dict[str, Any], rows: ParsedRows
) -> dict[str, Any]:
    agency, region = rows.report["agency"], rows.report["region_code"]
    return {
        **known,
        **rows.report,
        "report_id": identifier,
        "agency_id": agency_id(agency, region, document.portal_id),  # type: ignore[arg-type]
        "outcome": rows.outcome,
        "era": rows.era,
        "parser_version": PARSER_VERSION,
    }


def _counts(assembly: Assembly, files: TableFiles, documents: int) -> dict[str, Any]:
    places = sorted({(portal, year) for portal, year, _ in assembly.places}, key=str)
    by_place = [
        {
            "portal_id": portal,
            "fiscal_year": year,
            "reports": assembly.places[portal, year, "reports"],
            "figures": assembly.places[portal, year, "figures"],
        }
        for portal, year in places
    ]
    return {
        "rows": files.rows(),
        "documents": documents,
        "reports": sum(one["reports"] for one in by_place),
        "figures": sum(one["figures"] for one in by_place),
        "outcomes": dict(sorted(assembly.outcomes.items())),
        "findings": dict(sorted(assembly.findings.items())),
        "without_place": assembly.without_place,
        "by_portal_and_year": by_place,
    }


def _guard(data_dir: Path, counts: dict[str, Any]) -> None:
    try:
        last = open_dataset(data_dir).manifest()["counts"]
    except NoDatasetError:
        return
    lost = losses(last, counts)
    if lost:
        raise GateRefusedError(lost)


def _summary(dataset: Dataset, counts: dict[str, Any]) -> BuildSummary:
    return BuildSummary(
        folder=dataset.folder,
        documents=counts["documents"],
        reports=counts["reports"],
        skipped=counts["outcomes"].get("not_a_report", 0),
        outcomes=counts["outcomes"],
        figures=counts["figures"],
        findings=counts["findings"],
        panel_rows=counts["rows"]["panel"]["rows"],
        without_place=counts["without_place"],
    )
