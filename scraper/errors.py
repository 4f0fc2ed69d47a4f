"""The errors of the scraper.

    ScraperError
    ├── PortalsFileError   the portals file cannot be used (file, line, key)
    ├── FolderBusyError    another run holds the data folder
    └── StorageError       archive or ledger cannot be written or read

What a portal answers is never an exception: it is an outcome in the ledger.
"""

from pathlib import Path
from typing import NamedTuple


class ScraperError(Exception):
    """Root of all errors the scraper raises on purpose."""


class Problem(NamedTuple):
    """One thing wrong with the portals file; `line` is 1-based, None where it concerns the whole file."""

    line: int | None
    key: str | None
    message: str


class PortalsFileError(ScraperError):
    """Raised with every problem of a portals file at once; the first one is in `line`, `key`, `message`."""

    def __init__(self, path: Path, problems: list[Problem]) -> None:
        self.path = path
        self.problems = tuple(problems)
        self.line, self.key, self.message = problems[0]
        super().__init__("\n".join(self._sentence(problem) for problem in problems))

    def _sentence(self, problem: Problem) -> str:
        place = str(self.path) if problem.line is None else f"{self.path}:{problem.line}"
        return f"{place}: {problem.key}: {problem.message}" if problem.key else f"{place}: {problem.message}"


class FolderBusyError(ScraperError):
    """Raised when another run works on the same data folder."""

    def __init__(self, folder: Path, pid: int | None, host: str | None, since: str | None) -> None:
        self.folder, self.pid, self.host, self.since = folder, pid, host, since
        who = f"process {pid} on {host}" if pid else "another process"
        when = f" since {since}" if since else ""
        super().__init__(f"{folder}: in use by {who}{when}; one run at a time per data folder")


class StorageError(ScraperError):
    """Raised when the archive or the ledger cannot be written or read; nothing half-written stays behind."""
