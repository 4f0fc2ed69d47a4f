"""How the last run of each portal went, and what is due: the page an operator reads."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from scraper.errors import StorageError
from scraper.ledger import Ledger

FAILED_FILE = "failed.jsonl"
_FAILED_LISTS = """
SELECT l.portal_id, 'list' AS kind, l.url, l.end_reason AS outcome, l.detail, r.started_at AS checked_at
FROM lists l JOIN runs r ON r.id = l.run_id WHERE l.coverage = 'incomplete' AND l.run_id =
    (SELECT max(run_id) FROM lists m WHERE m.portal_id = l.portal_id AND m.url = l.url)
"""
_FAILED_PAGES = """
SELECT portal_id, kind, url, outcome, detail, checked_at FROM pages WHERE outcome IS NOT NULL
AND outcome NOT IN ('ok', 'not_modified') AND rejected IS NULL AND removed_at IS NULL
ORDER BY portal_id, url
"""


@dataclass(frozen=True, slots=True)
class FailedAddress:
    """An address whose last visit was no success, with the last reason."""

    portal_id: str
    url: str
    outcome: str
    detail: str | None
    checked_at: str | None


@dataclass(frozen=True, slots=True)
class StatusReport:
    """Last run per portal as written at its end, with failed addresses and what is due now."""

    data_dir: str
    runs: int
    last_run: dict[str, Any] | None
    portals: tuple[dict[str, Any], ...]
    """The fields of `PortalReport` with run_id, run_at and last_success_at (latest run without failure)."""
    failed: tuple[FailedAddress, ...]
    due: int
    warc_bytes: int
    failed_file: str
    """Where every failed address stands, one JSON object per line, as of the end of the last run."""

    def as_dict(self) -> dict[str, Any]:
        """Return the report as plain values for JSON."""
        return asdict(self)


def status(data_dir: Path | str, *, most_failed: int = 1000) -> StatusReport:
    """Read what the last run of every portal did; raises `StorageError` when nothing has been crawled."""
    ledger = Ledger(data_dir, read_only=True)
    try:
        last = ledger.one("SELECT * FROM runs ORDER BY id DESC LIMIT 1")
        count = ledger.one("SELECT count(*) AS n FROM runs")
        due = ledger.one("SELECT count(*) AS n FROM pages WHERE due = 1")
        size = ledger.one("SELECT coalesce(sum(length), 0) AS n FROM warc_files")
        failed = ledger.all(
            f"SELECT portal_id, url, outcome, detail, checked_at FROM ({_FAILED_PAGES}) LIMIT ?",
            (most_failed,),
        )
        return StatusReport(
            data_dir=str(data_dir),
            runs=count["n"] if count else 0,
            last_run=dict(last) if last else None,
            portals=tuple(_portals(ledger)),
            failed=tuple(FailedAddress(*row) for row in failed),
            due=due["n"] if due else 0,
            warc_bytes=size["n"] if size else 0,
            failed_file=str(Path(data_dir) / FAILED_FILE),
        )
    finally:
        ledger.close()


def write_failed(ledger: Ledger, data_dir: Path) -> Path:
    """Write every failed address with its last reason to `DIR/failed.jsonl`, by portal."""
    path = data_dir / FAILED_FILE
    draft = path.with_name(path.name + ".new")
    try:
        with draft.open("w", encoding="utf-8") as file:
            for row in ledger.stream(_FAILED_LISTS + " UNION ALL " + _FAILED_PAGES):
                file.write(json.dumps(dict(row), ensure_ascii=False) + "\n")
        draft.replace(path)
    except OSError as error:
        raise StorageError(f"{path}: cannot be written: {error.strerror}") from error
    return path


def _portals(ledger: Ledger) -> list[dict[str, Any]]:
    rows = ledger.all(
        "SELECT p.run_id, p.report, r.started_at FROM portal_runs p JOIN runs r ON r.id = p.run_id"
        " WHERE p.run_id = (SELECT max(run_id) FROM portal_runs q WHERE q.portal_id = p.portal_id)"
        " ORDER BY p.portal_id"
    )
    found = []
    for row in rows:
        report = json.loads(row["report"])
        good = ledger.one(
            "SELECT r.started_at FROM portal_runs p JOIN runs r ON r.id = p.run_id WHERE p.portal_id = ?"
            " AND json_extract(p.report, '$.is_failed') = 0 ORDER BY r.id DESC LIMIT 1",
            (report["portal_id"],),
        )
        report |= {
            "run_id": row["run_id"],
            "run_at": row["started_at"],
            "last_success_at": good["started_at"] if good else None,
        }
        found.append(report)
    return found
