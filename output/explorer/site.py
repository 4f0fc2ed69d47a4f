"""The explorer as a folder: opens from a disk or any web host, no server behind it.

What is there once (overview, regions, data) is a page that reads without scripts; agencies, reports and
evidence are packed (`bundles.py`), comparisons and filters work on data files (`shards.py`).
"""

import html
import os
import shutil
import tempfile
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

from output.dataset import storage_errors
from output.explorer import shards
from output.explorer.bundles import Plan, Progress, plan_bundles, write_bundles
from output.explorer.content import Site
from output.explorer.index import ensure_index
from output.explorer.links import Links
from output.explorer.pages.findings import Filters, count_findings
from output.explorer.pages.overview import areas
from output.explorer.render import render, static_files
from output.explorer.store import Store
from output.explorer.words import words_of
from output.measures import Lang

MARKER = ".gongkai-site"
LARGEST_CSV = 10_000_000
"""Bytes; a larger one is zipped, which every system opens and pandas and R read as it is."""
_ENOUGH_FOR_PROCESSES = 60
_CHARTS = ("vendor/vega.min.js", "vendor/vega-lite.min.js", "vendor/vega-interpreter.min.js", "chart.js")
_SHELLS: tuple[tuple[str, tuple[str, ...]], ...] = (("agency", _CHARTS), ("report", ()), ("evidence", ()))


class SiteFolderInUseError(Exception):
    """Raised when the folder holds something `write_site` did not write."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        super().__init__(str(folder))


class Written(NamedTuple):
    """What was written."""

    pages: int
    """Files that are pages, and pages packed in bundles."""
    files: int
    bytes: int


def write_site(
    data_dir: Path,
    folder: Path,
    languages: Sequence[Lang],
    jobs: int | None = None,
    progress: Progress = lambda done, of: None,
) -> Written:
    """Write all pages of the dataset into `folder`, which is exchanged whole for what an earlier run wrote.

    `jobs` processes pack the pages, by default one for each processor; `progress` hears how far they are.
    Raises SiteFolderInUseError, NoDatasetError, DatasetStorageError.
    """
    folder = folder.resolve()  # else the folder one stands in has no folder around it for the draft
    if folder.exists() and not (
        folder.is_dir() and ((folder / MARKER).is_file() or not any(folder.iterdir()))
    ):
        raise SiteFolderInUseError(folder)
    site = Site(Store(ensure_index(data_dir)), data_dir)
    with storage_errors(str(folder)):
        folder.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=f".{folder.name}-", dir=folder.parent) as draft:
            made = Path(draft) / "site"
            made.mkdir()
            written = _Writer(site, plan_bundles(data_dir, made, languages, site.store)).write(jobs, progress)
            if folder.exists():
                shutil.rmtree(folder)
            made.rename(folder)
    return written


class _Writer:
    def __init__(self, site: Site, plan: Plan) -> None:
        self._site, self._store, self._plan, self._folder = site, site.store, plan, plan.folder
        self._pages = 0

    def write(self, jobs: int | None, progress: Progress) -> Written:
        """Write everything; the marker says whose folder it is."""
        (self._folder / MARKER).touch()
        for name, path in static_files().items():
            target = self._folder / "static" / name
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, target)
        self._put("index.html", _front(self._plan.languages))
        sizes = self._downloads()
        self._shard("agencies", shards.names(self._store))
        self._shard("peers", shards.peer_groups(self._store))
        self._shard("findings", shards.findings_index(self._store))
        for code, figures in shards.rate_figures(self._store):
            self._shard(f"rate-{code}", figures)
        for lang in self._plan.languages:
            self._language(lang, sizes)
        reports, agencies = (
            self._store.query(f"SELECT count(*) FROM {table}")[0][0] for table in ("report", "agency")
        )
        workers = (jobs or os.cpu_count() or 1) if reports > _ENOUGH_FOR_PROCESSES else 1
        findings = count_findings(self._store, Filters())
        write_bundles(self._plan, self._store, findings, workers, progress)
        files = [path.stat().st_size for path in self._folder.rglob("*") if path.is_file()]
        packed = (agencies + 2 * reports) * len(self._plan.languages)
        return Written(self._pages + packed, len(files), sum(files))

    def _downloads(self) -> dict[str, int]:
        """Copy the dataset, large CSV files zipped; return what lies there with its size."""
        target = self._folder / "dataset"
        target.mkdir()
        for name, size in self._site.files().items():
            source = self._site.dataset_folder / name
            if name.endswith(".csv") and size > LARGEST_CSV:
                with zipfile.ZipFile(
                    target / f"{name}.zip", "w", zipfile.ZIP_DEFLATED, compresslevel=3
                ) as file:
                    file.write(source, name)
            else:
                shutil.copyfile(source, target / name)
        return {path.name: path.stat().st_size for path in sorted(target.iterdir())}

    def _language(self, lang: Lang, sizes: dict[str, int]) -> None:
        site = self._site
        (self._folder / "data" / lang).mkdir(parents=True, exist_ok=True)
        self._shard(f"{lang}/measures", shards.measures(words_of(lang)))
        self._page(lang, "", site.overview)
        self._page(lang, "data", lambda links: site.data(links, sizes))
        self._page(lang, "search", lambda links: site.search(links, ""))
        self._page(lang, "compare", lambda links: _compare(links, self._store))
        self._page(lang, "findings", lambda links: site.findings(links, Filters()))
        for area in areas(self._store):
            self._page(lang, f"region/{area}", lambda links, area=area: site.overview(links, area))
        for name, scripts in _SHELLS:
            self._page(lang, name, lambda links, name=name, scripts=scripts: site.shell(links, name, scripts))
        self._pages -= len(_SHELLS)  # the pages they show are counted

    def _page(self, lang: Lang, path: str, make: Any) -> None:
        links = Links(lang, path, static=True, bundles=self._plan.bundles)
        self._put(f"{lang}/{path or 'index'}.html", make(links))

    def _shard(self, name: str, value: Any) -> None:
        self._put(f"data/{name}.js", shards.script(name, value))

    def _put(self, name: str, text: str) -> None:
        path = self._folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", errors="replace")
        self._pages += name.endswith(".html")


def _compare(links: Links, store: Store) -> str:
    starts = store.agencies_in("", 8)
    return render("compare_static.html", links, {"page_name": "compare", "starts": starts}, store.mark)


def _front(languages: Sequence[Lang]) -> str:
    """Return the first page: it leads on at once, and names the languages where it cannot."""
    items = "".join(
        f'<li><a href="{lang}/index.html" lang="{lang}">{html.escape(words_of(lang)["tagline"])}</a></li>'
        for lang in languages
    )
    return (
        f'<!doctype html><html lang="{languages[0]}"><head><meta charset="utf-8"><title>gongkai</title>'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f'<meta http-equiv="refresh" content="0; url={languages[0]}/index.html">'
        '<link rel="icon" href="static/icon.svg"><link rel="stylesheet" href="static/explorer.css"></head>'
        f"<body><main><h1>公开 gongkai</h1><ul>{items}</ul></main></body></html>\n"
    )
