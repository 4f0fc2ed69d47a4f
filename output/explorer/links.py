"""Addresses of pages: relative, so that the same templates make a local application and a folder of files."""

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import quote, urlencode, urlsplit

from output.measures import Lang


@dataclass(frozen=True, slots=True)
class Links:
    """Addresses as seen from one page."""

    lang: Lang
    here: str
    """Address of this page below the language, without suffix: `agency/a12`."""
    static: bool = False
    query: str = ""
    """The query of this page, so that the other language keeps it."""
    bundles: str = ""
    """In a folder: into how many bundles its reports and agencies are packed, `2500 1250`."""

    @property
    def root(self) -> str:
        """The way from this page to the top of the site."""
        return "../" * (self.here.count("/") + 1)

    @property
    def _base(self) -> str:
        return "../" * self.here.count("/") or "./"

    def _page(self, path: str, query: str = "") -> str:
        path = f"{path or 'index'}.html" if self.static else path
        return f"{self._base}{path}" + (f"?{query}" if query else "")

    def _one(self, kind: str, key: str) -> str:
        """In a folder one page shows all of a kind, unpacked by the browser."""
        key = quote(key, safe="")
        return self._page(kind, f"id={key}") if self.static else self._page(f"{kind}/{key}")

    def home(self, area: str = "") -> str:
        """The overview, of one region if one is given."""
        if not area:
            return self._page("")
        return self._page(f"region/{quote(area, safe='')}")

    def agency(self, slug: str) -> str:
        """One agency."""
        return self._one("agency", slug)

    def report(self, report_id: str) -> str:
        """One report."""
        return self._one("report", report_id)

    def evidence(self, report_id: str, cell: str = "") -> str:
        """The archived tables of a report, one cell marked."""
        page = self._one("evidence", report_id)
        if not cell:
            return page
        return f"{page}#{quote(cell)}" if self.static else f"{page}?cell={quote(cell)}#{quote(cell)}"

    def compare(
        self,
        agencies: Sequence[str] = (),
        measure: str = "",
        first: int | str | None = None,
        last: int | str | None = None,
        area: str | None = None,
    ) -> str:
        """A comparison."""
        return self._page("compare", compare_query(agencies, measure, first, last, area))

    def findings(self, page: int = 1, **chosen: str | None) -> str:
        """Findings, filtered."""
        filters = {key: value for key, value in chosen.items() if value}
        return self._page("findings", urlencode({**filters, **({"page": page} if page > 1 else {})}))

    def data(self, anchor: str = "") -> str:
        """Downloads and method."""
        return self._page("data") + (f"#{anchor}" if anchor else "")

    def search(self) -> str:
        """Where the search form leads."""
        return self._page("search")

    def csv(self) -> str:
        """What this page shows, as CSV; in a folder the browser makes it."""
        return f"{self._base}{self.here or 'index'}.csv" + (f"?{self.query}" if self.query else "")

    def file(self, name: str) -> str:
        """A file of the dataset."""
        return f"{self.root}dataset/{quote(name)}"

    def asset(self, name: str) -> str:
        """A script or style sheet."""
        return f"{self.root}static/{name}"

    def other_language(self) -> str:
        """This page in the other language."""
        other: Lang = "zh" if self.lang == "en" else "en"
        path = f"{self.here or 'index'}.html" if self.static else self.here
        return f"{self.root}{other}/{path}" + (f"?{self.query}" if self.query else "")

    def outside(self, url: str | None) -> str | None:
        """An address of the web a browser may open, None for anything else."""
        try:
            parts = urlsplit(url or "")
        except ValueError:  # an address no browser could open either
            return None
        return url if parts.scheme in ("http", "https") and parts.netloc else None


def compare_query(
    agencies: Sequence[str] = (),
    measure: str = "",
    first: int | str | None = None,
    last: int | str | None = None,
    area: str | None = None,
) -> str:
    """Return the query that keeps a selection."""
    parts: list[tuple[str, object]] = [("a", slug) for slug in agencies]
    given = (("m", measure), ("from", first), ("to", last), ("area", area))
    return urlencode([*parts, *((key, value) for key, value in given if value not in (None, ""))])
