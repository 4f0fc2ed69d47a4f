"""One host of the portal farm and what a crawl asks of it, for the tests of the families."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from fixtures.farm import Farm
from scraper.addresses import address_key
from scraper.crawl import crawl
from scraper.portals import load_portals
from scraper.report import PortalReport
from scraper.stored import StoredDocument, iter_documents
from tests.scraper.conftest import FAST, SMALL

ROOMY = SMALL._replace(body_bytes=2_000_000)


class FarmHost:
    """A running host; every run empties the log first."""

    def __init__(self, farm: Farm, key: str) -> None:
        self.farm, self.key = farm, key

    def run(self, data_dir: Path, family: str | None = None, **options: Any) -> PortalReport:
        """Crawl the host with its own family or another word for it."""
        file = load_portals(self.farm.portals_file)
        changes = {"delay_seconds": 0.0, **({"family": family} if family else {})}
        portals = [portal.model_copy(update=changes) for portal in file.portals if portal.id == self.key]
        self.farm.clear_log()
        now = self.farm.clock.now
        given = {"clock": lambda: now, "pace": FAST, "limits": ROOMY, **options}
        (report,) = crawl(file.model_copy(update={"portal": portals}), data_dir, **given).portals
        return report

    @property
    def truth(self) -> dict[str, Any]:
        """The ground truth of the host."""
        return next(host for host in self.farm.truth()["hosts"] if host["key"] == self.key)

    @property
    def titles(self) -> dict[str, str]:
        """Title of every report that is online, by address."""
        return {entry["url"]: entry["title"] for entry in self.truth["reports"] if entry["state"] == "live"}

    def asked(self) -> list[str]:
        """Everything asked for in the last run, in order; the method stands before what was no GET."""
        found = []
        for entry in self.farm.log(self.key):
            target = entry["path"] + (f"?{entry['query']}" if entry["query"] else "")
            found.append(target if entry["method"] == "GET" else f"{entry['method']} {target}")
        return found

    def lists(self) -> list[str]:
        """What was asked for beside robots.txt, the home page, documents and files."""
        keys = {address_key(url) for url in self.titles}
        base = self.farm.base_url(self.key)
        return [target for target in self.asked() if not self._is_document(base, target, keys)]

    @staticmethod
    def _is_document(base: str, target: str, keys: set[str]) -> bool:
        if not target.startswith("/"):  # the method stands before it
            return False
        is_file = "download.jsp" in target or target.endswith((".docx", ".pdf", ".zip"))
        return is_file or target in ("/robots.txt", "/") or address_key(base + target) in keys

    def pages(self) -> int:
        """Number of pages of the host's one list."""
        (only,) = self.truth["lists"]
        return int(only["pages"])


@contextmanager
def farm_host(key: str, folder: Path, profile: str = "demo") -> Iterator[FarmHost]:
    """Start one host."""
    with Farm(profile, [key], folder / "farm") as farm:
        yield FarmHost(farm, key)


def found_in(data_dir: Path) -> dict[str, str | None]:
    """Return the title of every stored document by address."""
    return {document.url: document.list_title for document in documents(data_dir)}


def documents(data_dir: Path) -> list[StoredDocument]:
    """Return everything a data folder holds."""
    return list(iter_documents(data_dir))


def assert_exact(host: FarmHost, data_dir: Path, expected: list[str]) -> None:
    """Crawl twice: every report under its full title and no other page; nothing downloaded again."""
    for family in (None, "auto"):
        folder = data_dir / (family or "configured")
        report = host.run(folder, family)
        assert not report.is_failed, report.as_dict()
        assert found_in(folder) == host.titles
        assert report.rows_skipped["not_report"] == len(host.truth["noise"])
        assert host.lists() == expected
        assert report.coverage == "complete"
        again = host.run(folder, family)
        assert not again.is_failed, again.as_dict()
        assert (again.new, again.changed) == (0, 0)
        assert found_in(folder) == host.titles
        statuses = {entry["status"] for entry in host.farm.log(host.key)
                    if host.farm.base_url(host.key) + entry["path"] in host.titles}  # fmt: skip
        assert statuses <= {304}
