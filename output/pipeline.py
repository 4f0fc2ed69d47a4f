"""Archive → dataset: every stored document is read, checked and written; nothing is fetched."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from output.cache import RowCache
from output.dataset import FOLDER, storage_errors
from output.reading import read_documents
from output.writing import write_dataset
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

    What was read before comes from the cache of the folder; `jobs` processes read the rest; `progress` is
    told how many are done. Raises what `write_dataset` raises; the last dataset is then untouched.
    """
    stored = iter_documents(data_dir) if documents is None else documents
    with storage_errors(str(data_dir)), RowCache(data_dir) as cache:
        read = read_documents(stored, cache, jobs)
        counts = write_dataset(data_dir, read, PARSER_VERSION, accept_losses=accept_losses, progress=progress)
    return _summary(data_dir / FOLDER, counts)


def _summary(folder: Path, counts: dict[str, Any]) -> BuildSummary:
    return BuildSummary(
        folder=folder,
        documents=counts["documents"],
        reports=counts["reports"],
        skipped=counts["outcomes"].get("not_a_report", 0),
        outcomes=counts["outcomes"],
        figures=counts["figures"],
        findings=counts["findings"],
        panel_rows=counts["rows"]["panel"]["rows"],
        without_place=counts["without_place"],
    )
