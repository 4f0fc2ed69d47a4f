"""The explorer as a folder: every page ready-made, opens from a disk or any web host, no server behind it."""

import html
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from output.dataset import storage_errors
from output.explorer.content import Site
from output.explorer.index import ensure_index
from output.explorer.links import Links
from output.explorer.pages.findings import FILTERS, PAGE_SIZE, Filters, choices, count_findings
from output.explorer.pages.overview import areas
from output.explorer.render import STATIC, render
from output.explorer.shards import agency_shard, measures_shard, names_shard
from output.explorer.store import Store
from output.explorer.words import words_of
from output.measures import Lang

MARKER = ".gongkai-site"


class SiteFolderInUseError(Exception):
    """Raised when the folder holds something `write_site` did not write."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        super().__init__(str(folder))


class Written(NamedTuple):
    """What was written."""

    pages: int
    bytes: int


def write_site(data_dir: Path, folder: Path, languages: Sequence[Lang]) -> Written:
    """Write all pages of the dataset into `folder`, which is exchanged whole for what an earlier run wrote.

    Raises SiteFolderInUseError, NoDatasetError, DatasetStorageError.
    """
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
            written = _Writer(site, made).write(languages)
            if folder.exists():
                shutil.rmtree(folder)
            made.rename(folder)
    return written


class _Writer:
    def __init__(self, site: Site, folder: Path) -> None:
        self._site, self._folder = site, folder
        self._pages = self._bytes = 0

    def write(self, languages: Sequence[Lang]) -> Written:
        """Write everything; the marker says whose folder it is."""
        (self._folder / MARKER).touch()
        shutil.copytree(STATIC, self._folder / "static")
        self._put("index.html", _front(languages))
        self._put("data/agencies.js", names_shard(self._site.store))
        (self._folder / "dataset").mkdir()
        for name in self._site.files():
            shutil.copyfile(self._site.dataset_folder / name, self._folder / "dataset" / name)
        for lang in languages:
            self._language(lang)
        size = sum(path.stat().st_size for path in self._folder.rglob("*") if path.is_file())
        return Written(self._pages, size)

    def _language(self, lang: Lang) -> None:
        site, store = self._site, self._site.store
        words = words_of(lang)
        self._page(lang, "", site.overview)
        self._page(lang, "data", site.data)
        self._page(lang, "search", lambda links: site.search(links, ""))
        self._page(lang, "compare", lambda links: _compare(links, store))
        self._put(f"data/{lang}/measures.js", measures_shard(words))
        for area in areas(store):
            self._page(lang, f"region/{area}", lambda links, area=area: site.overview(links, area))
        for filters, name in _facets(store, lang):
            self._findings(lang, filters, name)
        for agency in store.agencies_in(""):
            self._page(
                lang, f"agency/{agency.slug}", lambda links, slug=agency.slug: site.agency(links, slug)
            )
            self._put(f"data/{lang}/{agency.slug}.js", agency_shard(store, words, agency))
        for (report_id,) in store.query("SELECT report_id FROM report ORDER BY report_id"):
            self._page(lang, f"report/{report_id}", lambda links, one=report_id: site.report(links, one))
            self._page(lang, f"evidence/{report_id}", lambda links, one=report_id: site.evidence(links, one))

    def _findings(self, lang: Lang, filters: Filters, name: str) -> None:
        count = count_findings(self._site.store, filters)
        for page in range(1, max(1, -(-count // PAGE_SIZE)) + 1):
            base = name if page == 1 else f"{name if name != 'findings' else 'findings/all'}-{page}"
            self._page(lang, base, lambda links, page=page: self._site.findings(links, filters, page))

    def _page(self, lang: Lang, path: str, make: Any) -> None:
        self._put(f"{lang}/{path or 'index'}.html", make(Links(lang, path, static=True)))

    def _put(self, name: str, text: str) -> None:
        path = self._folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", errors="replace")
        self._pages += name.endswith(".html")


def _facets(store: Store, lang: Lang) -> Iterator[tuple[Filters, str]]:
    """Yield one filter at a time with the name of its first page."""
    yield Filters(), "findings"
    for key, values in choices(store, words_of(lang)).items():
        assert key in FILTERS
        for value, _ in values:
            yield Filters(**{key: value}), f"findings/{key}-{value}"


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
        '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>gongkai</title>'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f'<meta http-equiv="refresh" content="0; url={languages[0]}/index.html">'
        '<link rel="icon" href="static/icon.svg"><link rel="stylesheet" href="static/explorer.css"></head>'
        f"<body><main><h1>公开 gongkai</h1><ul>{items}</ul></main></body></html>\n"
    )
