"""The pages of a folder that are many: agencies and reports, packed by the dozen and unpacked by the browser.

A hundred thousand files of their own would fill a stick with what they have in common; packed, five thousand
agencies with five reports each take a tenth of the space. The text is that of the same templates.
"""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from itertools import zip_longest
from multiprocessing import get_context
from pathlib import Path
from typing import Any, NamedTuple, TypeAlias

from output.explorer.content import Site
from output.explorer.index import ensure_index
from output.explorer.links import Links
from output.explorer.pages.findings import Filters, some_findings
from output.explorer.render import FINDINGS_EACH, render
from output.explorer.shards import agency_figures, bundle_of, cell_figures, script
from output.explorer.store import Store
from output.explorer.words import words_of
from output.measures import Lang

Progress: TypeAlias = Callable[[int, int], None]
"""Hears how many bundles are written, of how many."""
REPORTS_EACH = 10
AGENCIES_EACH = 4
_SEPARATOR = "\x1e"
OWN_NAME = "\x1d"
"""Stands in a packed page for the name of its agency or report, which differs from page to page."""


_PAGES = {"agency": ("agency",), "report": ("report", "evidence")}


class Bundle(NamedTuple):
    """One file in each language: `names` are agencies or reports; findings are cut by place."""

    kind: str
    number: int
    names: tuple[str, ...] = ()


class Plan(NamedTuple):
    """Where things are written, and in how many bundles."""

    data_dir: Path
    folder: Path
    languages: tuple[Lang, ...]
    reports: int
    agencies: int

    @property
    def bundles(self) -> str:
        """How the pages learn in how many bundles reports and agencies are."""
        return f"{self.reports} {self.agencies}"


def plan_bundles(data_dir: Path, folder: Path, languages: Sequence[Lang], store: Store) -> Plan:
    """Return into how many bundles a dataset goes."""
    reports, agencies = (store.query(f"SELECT count(*) FROM {table}")[0][0] for table in ("report", "agency"))
    return Plan(
        data_dir,
        folder,
        tuple(languages),
        -(-reports // REPORTS_EACH) or 1,
        -(-agencies // AGENCIES_EACH) or 1,
    )


def write_bundles(plan: Plan, store: Store, findings: int, jobs: int, progress: Progress) -> None:
    """Write every bundle, with several processes where that is worth it; `progress` hears of each."""
    bundles = list(_bundles(plan, store, findings))
    if jobs == 1:
        writer = _Writer(plan)
        for done, bundle in enumerate(bundles, 1):
            writer.write(bundle)
            progress(done, len(bundles))
        return
    spawn = get_context("spawn")
    with ProcessPoolExecutor(jobs, mp_context=spawn, initializer=_start, initargs=(plan,)) as workers:
        for done, _ in enumerate(workers.map(_write, bundles, chunksize=20), 1):
            progress(done, len(bundles))


def _bundles(plan: Plan, store: Store, findings: int) -> Iterator[Bundle]:
    for kind, key, count in (("agency", "slug", plan.agencies), ("report", "report_id", plan.reports)):
        members: dict[int, list[str]] = {}
        for (name,) in store.query(f"SELECT {key} FROM {kind} ORDER BY {key}"):
            members.setdefault(bundle_of(name, count), []).append(name)
        for number in sorted(members):
            yield Bundle(kind, number, tuple(members[number]))
    for number in range(-(-findings // FINDINGS_EACH)):
        yield Bundle("findings", number)


class _Writer:
    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._store = Store(ensure_index(plan.data_dir))
        self._site = Site(self._store, plan.data_dir, parts=True)

    def write(self, bundle: Bundle) -> None:
        """Write one bundle in every language."""
        for lang, content in self._content(bundle).items():
            path = self._plan.folder / "data" / lang / f"{bundle.kind}-{bundle.number}.js"
            path.write_text(script(f"{lang}/{path.stem}", content), encoding="ascii")

    def _content(self, bundle: Bundle) -> dict[Lang, Any]:
        if bundle.kind == "findings":
            return {lang: self._findings(lang, bundle.number) for lang in self._plan.languages}
        make = self._agency if bundle.kind == "agency" else self._report
        members = [(name, make(name)) for name in bundle.names]
        return {
            lang: {
                "names": bundle.names,
                "pages": {
                    page: interleaved([made[lang][page].replace(name, OWN_NAME) for name, made in members])
                    for page in _PAGES[bundle.kind]
                },
                "figures": [made[lang].get("figures") for _, made in members],
            }
            for lang in self._plan.languages
        }

    def _links(self, lang: Lang, page: str) -> Links:
        return Links(lang, page, static=True)

    def _agency(self, slug: str) -> dict[Lang, Any]:
        agency = self._store.agency(slug)
        assert agency is not None
        cells = cell_figures(self._store, agency)
        return {
            lang: {
                "agency": self._site.agency(self._links(lang, "agency"), slug),
                "figures": agency_figures(self._store, words_of(lang), agency, cells),
            }
            for lang in self._plan.languages
        }

    def _report(self, report_id: str) -> dict[Lang, Any]:
        archived = self._site.archived(report_id)
        return {
            lang: {
                "report": self._site.report(self._links(lang, "report"), report_id),
                "evidence": self._site.evidence(self._links(lang, "evidence"), report_id, archived=archived),
            }
            for lang in self._plan.languages
        }

    def _findings(self, lang: Lang, number: int) -> list[str]:
        found = some_findings(self._store, Filters(), FINDINGS_EACH, number * FINDINGS_EACH)
        context = {"findings": found, "separator": _SEPARATOR, "page_name": "findings"}
        text = render("findings_part.html", self._links(lang, "findings"), context, self._store.mark)
        return text.split(_SEPARATOR)[:-1]


def interleaved(pages: Sequence[str]) -> list[str]:
    """Return pages of one kind line by line, the first lines of all of them first.

    So what they have in common stands near enough together to be packed as one.
    """
    lines = zip_longest(*(page.split("\n") for page in pages))
    return [line for row in lines for line in row]


_writer: _Writer


def _start(plan: Plan) -> None:
    global _writer  # a process of its own writes for one plan only
    _writer = _Writer(plan)


def _write(bundle: Bundle) -> None:
    _writer.write(bundle)
