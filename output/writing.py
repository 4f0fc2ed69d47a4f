"""Rows of documents → the files of a dataset, published at once or not at all."""

from collections.abc import Callable, Iterable
from contextlib import closing
from itertools import count
from pathlib import Path
from typing import Any, TypeAlias, cast

from output.agencies import agency_id, document_key, report_id
from output.assembly import Assembly
from output.coverage import read_crawled
from output.dataset import draft, last_manifest, publish, storage_errors
from output.errors import GateRefusedError, NoDatasetError
from output.gate import losses
from output.manifest import finish_folder
from output.reference import Reference, load_reference
from output.rows import ParsedRows
from output.spool import Spool
from output.table_files import TableFiles, rename_agencies
from scraper.stored import StoredDocument

Read: TypeAlias = Iterable[tuple[StoredDocument, ParsedRows]]


def write_dataset(
    data_dir: Path,
    read: Read,
    parser_version: str,
    *,
    accept_losses: bool = False,
    progress: Callable[[int], None] | None = None,
) -> dict[str, Any]:
    """Replace the dataset of a data folder by one of these documents; return the counts of its manifest.

    Raises GateRefusedError when reports or figures of the last dataset would be lost, DatasetStorageError
    when the disk refuses; the last dataset is untouched in both cases.
    """
    with draft(data_dir) as folder:
        with storage_errors(str(folder)):
            counts = _fill(folder, data_dir, read, parser_version, progress or (lambda done: None))
            finish_folder(folder, counts, parser_version)
        if not accept_losses:
            _guard(data_dir, counts)
        publish(folder, data_dir)
    return counts


def _fill(
    folder: Path, data_dir: Path, read: Read, parser_version: str, progress: Callable[[int], None]
) -> dict[str, Any]:
    with TableFiles(folder) as files:
        counts, moved = fill_tables(files, folder, data_dir, read, parser_version, progress)
    rename_agencies(folder, moved)
    return {"rows": files.rows(), **counts}


def fill_tables(
    files: TableFiles,
    folder: Path,
    data_dir: Path,
    read: Read,
    parser_version: str,
    progress: Callable[[int], None] = lambda done: None,
) -> tuple[dict[str, Any], dict[str, str]]:
    """Put the rows of all documents into tables; what is needed again waits on the disk of `folder`.

    Returns the counts of the manifest and the identifiers of agencies that are another's now, old -> new.
    """
    reference = load_reference(data_dir)
    with closing(Spool(folder)) as spool:
        assembly = Assembly(files, spool, read_crawled(data_dir), reference)
        done = 0
        for done, (document, rows) in enumerate(read, start=1):
            known = {**_stored_columns(document), "parser_version": parser_version}
            if rows.outcome == "not_a_report":
                assembly.add_skipped({**known, "reason": rows.report["error"]})
            else:
                known["report_id"] = _identifier(document, assembly)
                known |= _figures_columns(document, rows)
                assembly.add_report(_report_row(document, known, rows, reference), rows)
            progress(done)
        moved = assembly.finish()
    return _counts(assembly, done), moved


def _identifier(document: StoredDocument, assembly: Assembly) -> str:
    """Return the identifier of a version; a page that came back to an earlier content is counted on."""
    content = document.fingerprint or document.sha256
    return next(
        identifier
        for occurrence in count(1)
        if (identifier := report_id(document.url, content, occurrence)) not in assembly.reports
    )


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


def _figures_columns(document: StoredDocument, rows: ParsedRows) -> dict[str, Any]:
    """Return where the archive holds the file that prints the figures; all None where the page does."""
    url = rows.report["figures_url"]
    file = next((one for one in document.attachments if one.url == url), None)
    return {
        "figures_fetched_at": file.fetched_at if file else None,
        "figures_sha256": file.sha256 if file else None,
        "figures_warc_file": file.warc_file if file else None,
        "figures_warc_offset": file.warc_offset if file else None,
    }


def _report_row(
    document: StoredDocument, known: dict[str, Any], rows: ParsedRows, reference: Reference
) -> dict[str, Any]:
    region = cast(str | None, rows.report["region_code"])
    name = reference.official_name(cast(str | None, rows.report["agency"]), region)
    return {
        **known,
        **rows.report,
        "agency_id": agency_id(name, region, document.portal_id),
        "outcome": rows.outcome,
        "era": rows.era,
    }


def _counts(assembly: Assembly, documents: int) -> dict[str, Any]:
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
        "documents": documents,
        "reports": sum(one["reports"] for one in by_place),
        "figures": sum(one["figures"] for one in by_place),
        "outcomes": dict(sorted(assembly.outcomes.items())),
        "findings": dict(sorted(assembly.findings.items())),
        "coverage": dict(sorted(assembly.coverage.items())),
        "unmatched_names": list(assembly.unmatched),
        "without_place": assembly.without_place,
        "by_portal_and_year": by_place,
    }


def _guard(data_dir: Path, counts: dict[str, Any]) -> None:
    try:
        last = last_manifest(data_dir)["counts"]
    except NoDatasetError:
        return
    lost = losses(last, counts)
    if lost:
        raise GateRefusedError(lost)
