"""The whole job without a network: a local portal farm, two crawls with a change between them, a dataset."""

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from fixtures.farm import Farm
from output.dataset import Dataset, open_dataset
from output.pipeline import BuildSummary, build
from scraper.crawl import CrawlSummary, crawl
from scraper.portals import load_portals

HOSTS = ("trs-a", "trs-b")
DAYS_BETWEEN_CRAWLS = 21
"""The farm replaces one report on its 20th day."""
MARKER = ".gongkai-demo"
PORTALS_FILE = "portals.toml"


class FolderInUseError(Exception):
    """Raised when the demo's folder holds something the demo did not make."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        super().__init__(str(folder))


@dataclass(frozen=True, slots=True)
class DemoResult:
    """What the demo did and where it is."""

    folder: Path
    first: CrawlSummary
    second: CrawlSummary
    build: BuildSummary
    dataset: Dataset


def prepare(folder: Path) -> None:
    """Make an empty folder for the demo; one that an earlier demo made is started afresh.

    Raises FolderInUseError for any other folder that is not empty, and for a file.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        if not (folder / MARKER).is_file():
            raise FolderInUseError(folder)
        shutil.rmtree(folder)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / MARKER).touch()


def run_demo(
    folder: Path,
    *,
    stage: Callable[[str, dict[str, Any]], None],
    progress: Callable[[Any], None] | None = None,
) -> DemoResult:
    """Crawl the farm, let a report change silently, crawl again, build; `stage` hears what happens.

    The farm's clock is the crawl's clock, so the same folder is made whatever the day.
    """
    prepare(folder)
    with Farm(profile="demo", hosts=HOSTS, folder=folder / "farm") as farm:
        portals_file = folder / PORTALS_FILE
        portals_file.write_bytes(farm.portals_file.read_bytes())
        portals = load_portals(portals_file)

        def clock() -> datetime:
            return farm.clock.now

        stage("demo_farm", {"count": len(HOSTS), "portals": portals_file})
        first = crawl(portals, folder, clock=clock, progress=progress)
        stage("demo_first", {"summary": first})
        farm.set_clock(advance_days=DAYS_BETWEEN_CRAWLS)
        second = crawl(portals, folder, clock=clock, progress=progress)
        stage("demo_second", {"summary": second, "days": DAYS_BETWEEN_CRAWLS})
    summary = build(folder)
    return DemoResult(folder, first, second, summary, open_dataset(folder))
