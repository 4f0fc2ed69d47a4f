"""Every page of the explorer as text, by name; the local application and the static folder both ask here."""

from pathlib import Path
from typing import Any

from output.compare import Comparison
from output.dataset import open_dataset
from output.explorer.csv_files import grid_csv, table_csv
from output.explorer.links import Links
from output.explorer.pages import data as data_pages
from output.explorer.pages.agency import agency_page
from output.explorer.pages.compare import Selection, chosen_agencies, compare_page, comparison_of
from output.explorer.pages.evidence import Archived, evidence_page, read_archived
from output.explorer.pages.findings import Filters, all_findings, count_findings, findings_page
from output.explorer.pages.overview import coverage_table, overview
from output.explorer.pages.report import report_page
from output.explorer.peers import neighbours
from output.explorer.render import render
from output.explorer.store import Agency, Row, Store
from output.explorer.words import words_of
from output.measures import Lang

SEARCH_LIMIT = 50
_SUGGESTIONS = 12
_NEIGHBOURS = 4


class MissingPageError(LookupError):
    """Raised when a page is asked for that this dataset does not have."""


class Site:
    """The pages of one dataset."""

    def __init__(self, store: Store, data_dir: Path, *, parts: bool = False) -> None:
        """Show the index `store` of the dataset in `data_dir`; as `parts`, pages have no head and foot."""
        self.store = store
        self._parts = parts
        self._data_dir = data_dir
        self.dataset_folder = open_dataset(data_dir).folder
        manifest = open_dataset(data_dir).manifest()
        self._counts: dict[str, Any] = {
            "reports": manifest["tables"]["reports"]["rows"],
            "figures": manifest["counts"]["figures"],
            "findings": count_findings(store, Filters()),
        }

    def files(self) -> dict[str, int]:
        """Return the files of the dataset that may be downloaded, with their size."""
        return data_pages.dataset_files(self._data_dir)

    def overview(self, links: Links, area: str = "") -> str:
        """The overview, or one region; raises MissingPageError."""
        return self._render("overview", links, self._overview(links.lang, area))

    def overview_csv(self, lang: Lang, area: str = "") -> bytes:
        """Return the coverage of a region."""
        return grid_csv(*coverage_table(self._overview(lang, area), words_of(lang)))

    def _overview(self, lang: Lang, area: str) -> dict[str, Any]:
        if area and not (area.isascii() and area.isdigit() and self.store.count_agencies(area)):
            raise MissingPageError(area)
        return overview(self.store, words_of(lang), area, self._counts)

    def compare(self, links: Links, chosen: Selection) -> str:
        """A comparison; raises UnknownIndicatorError."""
        return self._render("compare", links, compare_page(self.store, words_of(links.lang), chosen))

    def comparison(self, lang: Lang, chosen: Selection) -> Comparison:
        """Return the figures of a comparison."""
        return comparison_of(self.store, words_of(lang), chosen, chosen_agencies(self.store, chosen))

    def agency(self, links: Links, slug: str) -> str:
        """One agency; raises MissingPageError."""
        agency = self._agency(slug)
        context = agency_page(self.store, words_of(links.lang), agency)
        context["neighbours"] = [one.slug for one in neighbours(self.store, agency, _NEIGHBOURS)]
        return self._render("agency", links, context)

    def agency_csv(self, slug: str) -> bytes:
        """Return the rows of the panel of an agency."""
        return table_csv("panel", self.store.panel(self._agency(slug).agency_id))

    def report(self, links: Links, report_id: str) -> str:
        """One report; raises MissingPageError."""
        context = report_page(self.store, words_of(links.lang), self._report(report_id))
        return self._render("report", links, context)

    def report_csv(self, report_id: str) -> bytes:
        """Return the facts of a report."""
        report = self._report(report_id)
        return table_csv("facts", [{**report, **fact} for fact in self.store.facts(report_id)])

    def archived(self, report_id: str) -> Archived:
        """Return the bytes a report was read from and their tables; raises MissingPageError."""
        return read_archived(self._data_dir, self._report(report_id))

    def evidence(self, links: Links, report_id: str, cell: str = "", archived: Archived | None = None) -> str:
        """The archived tables of a report, read now unless they are at hand; raises MissingPageError."""
        report = self._report(report_id)
        archived = archived or read_archived(self._data_dir, report)
        context = evidence_page(self.store, words_of(links.lang), archived, report, cell)
        return self._render("evidence", links, context)

    def findings(self, links: Links, filters: Filters, page: int = 1) -> str:
        """One page of findings."""
        return self._render("findings", links, findings_page(self.store, words_of(links.lang), filters, page))

    def findings_csv(self, filters: Filters) -> bytes:
        """Return all findings the filters let through."""
        rows = [one.row for one in all_findings(self.store, filters)]
        return table_csv("findings", [{**row, "cells": row.get("cells", "")} for row in rows])

    def data(self, links: Links, sizes: dict[str, int] | None = None) -> str:
        """Downloads and method; `sizes` are the files beside the page, those of the dataset by default."""
        context = data_pages.data_page(
            self._data_dir, words_of(links.lang), self.store.mark or "", sizes or self.files()
        )
        rules = self.store.query("SELECT DISTINCT rule FROM choice")
        context |= {"megabytes": data_pages.megabytes, "with_findings": {rule for (rule,) in rules}}
        return self._render("data", links, context)

    def search(self, links: Links, query: str) -> str:
        """Agencies by name or initials."""
        found = self.store.search(query, SEARCH_LIMIT)
        names = {one.region_code: self.store.region_name(one.region_code) for one in found}
        context = {"query": query, "found": found, "names": names, "limit": SEARCH_LIMIT}
        return self._render("search", links, context)

    def suggest(self, query: str) -> list[dict[str, str]]:
        """Return the first agencies a search would find."""
        return [
            {"slug": one.slug, "name": one.name, "region": self.store.region_name(one.region_code)}
            for one in self.store.search(query[:80], _SUGGESTIONS)
        ]

    def shell(self, links: Links, name: str, scripts: tuple[str, ...] = ()) -> str:
        """A page of a folder whose content the browser unpacks."""
        context = {"page_name": name, "scripts": scripts}
        return render("shell.html", links, context, self.store.mark)

    def problem(self, links: Links, heading: str, text: str | None, message: str = "") -> str:
        """A page that says what is wrong."""
        words = words_of(links.lang)
        context = {"heading": words[heading], "text": words[text] if text else message}
        return self._render("problem", links, context)

    def _agency(self, slug: str) -> Agency:
        agency = self.store.agency(slug)
        if agency is None:
            raise MissingPageError(slug)
        return agency

    def _report(self, report_id: str) -> Row:
        report = self.store.report(report_id)
        if report is None:
            raise MissingPageError(report_id)
        return report

    def _render(self, name: str, links: Links, context: dict[str, Any]) -> str:
        context = {**context, "page_name": name}
        return render(f"{name}.html", links, context, self.store.mark, part=self._parts)
