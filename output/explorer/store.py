"""Questions to the index; every answer is plain values."""

import json
import sqlite3
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Any, NamedTuple, TypeAlias

from output.explorer.index import index_mark
from output.explorer.packing import RowCodec, rows_of, unpack
from parsers.regions import trim_code
from parsers.text import label_key

Row: TypeAlias = dict[str, Any]


class Agency(NamedTuple):
    """One agency as its last report describes it."""

    slug: str
    agency_id: str
    name: str
    kind: str | None
    level: str | None
    scope: str | None
    region_code: str
    first_year: int
    last_year: int
    reports: int


class Finding(NamedTuple):
    """One finding with the agency it is about."""

    number: int
    report_id: str
    slug: str | None
    agency: str | None
    fiscal_year: int | None
    row: Row


_AGENCY = ", ".join(f"agency.{name}" for name in Agency._fields)
_LONGEST_ABBREVIATION = 12
_MOST_KNOWN = 300
_FINDING = (
    "SELECT finding.number, finding.report_id, agency.slug, agency.name, finding.fiscal_year, finding.row "
    "FROM finding LEFT JOIN agency USING (agency_id) "
)


class Store:
    """A finished index, opened for reading."""

    def __init__(self, path: Path) -> None:
        """Open the file; `mark` says which dataset it was made from."""
        self.path = path
        self.mark = index_mark(path)
        self._idle: SimpleQueue[sqlite3.Connection] = SimpleQueue()
        self._known: dict[tuple[str, tuple[Any, ...]], list[Any]] = {}
        self._reports, self._panel, self._findings = map(self._codec, ("reports", "panel", "findings"))

    def _codec(self, table: str) -> RowCodec:
        found = self.query("SELECT value FROM meta WHERE key = ?", (f"codec of {table}",))
        return RowCodec(*json.loads(found[0][0]))

    def query(self, sql: str, parameters: Sequence[Any] = ()) -> list[Any]:
        """Return the rows of a query; threads take turns with the connections there are."""
        try:
            database = self._idle.get_nowait()
        except Empty:
            database = self._connect()
        try:
            return list(database.execute(sql, parameters))
        finally:
            self._idle.put(database)

    def fixed(self, sql: str, *parameters: Any) -> list[Any]:
        """Return the rows of a query over the whole dataset, asked once: the file never changes."""
        key = (sql, parameters)
        if key not in self._known:
            if len(self._known) >= _MOST_KNOWN:
                self._known.clear()
            self._known[key] = self.query(sql, parameters)
        return self._known[key]

    def _connect(self) -> sqlite3.Connection:
        address = f"{self.path.resolve().as_uri()}?mode=ro&immutable=1"
        return sqlite3.connect(address, uri=True, check_same_thread=False)

    def agency(self, slug: str) -> Agency | None:
        """Return the agency with this name in addresses."""
        found = self.query(f"SELECT {_AGENCY} FROM agency WHERE slug = ?", (slug,))
        return Agency(*found[0]) if found else None

    def agency_of(self, agency_id: str | None) -> Agency | None:
        """Return the agency with this identifier."""
        found = self.query(f"SELECT {_AGENCY} FROM agency WHERE agency_id = ?", (agency_id,))
        return Agency(*found[0]) if found else None

    def agencies(self, slugs: Sequence[str]) -> list[Agency]:
        """Return agencies in the order asked for; unknown ones are left out."""
        return [agency for slug in dict.fromkeys(slugs) if (agency := self.agency(slug)) is not None]

    def agencies_in(self, area: str, limit: int = -1) -> list[Agency]:
        """Return the agencies of a region code and everything below it, by region and name."""
        where = "region_code >= ? AND region_code < ?"
        sql = f"SELECT {_AGENCY} FROM agency WHERE {where} ORDER BY agency_id LIMIT ?"
        return [Agency(*row) for row in self.query(sql, (*bounds(area), limit))]

    def count_agencies(self, area: str) -> int:
        """Return how many agencies lie in a region."""
        found = self.fixed("SELECT agencies FROM area WHERE code = ?", area)
        return int(found[0][0]) if found else 0

    def search(self, text: str, limit: int = 50) -> list[Agency]:
        """Return agencies by parts of the name or by pinyin initials, best first.

        Where nothing holds the words as they stand, letters may be left out: 发改局, fgj find 发展和改革局.
        """
        words = [key for word in text.split()[:8] if (key := label_key(word[:80]).lower())]
        if not words:
            return []
        found = self._matching(words, "", limit)
        if found or sum(map(len, words)) > _LONGEST_ABBREVIATION:
            return found
        return self._matching(words, "%", limit)

    def _matching(self, words: list[str], between: str, limit: int) -> list[Agency]:
        parts = [between.join(map(_escaped, word)) for word in words]
        initials = between.join(map(_escaped, "".join(words)))
        names = " AND ".join("search_key LIKE ? ESCAPE '!'" for _ in words)
        sql = (
            f"SELECT {_AGENCY} FROM agency WHERE ({names}) OR initials LIKE ? ESCAPE '!' "
            "ORDER BY NOT (name LIKE ? ESCAPE '!'), NOT (initials LIKE ? ESCAPE '!'), "
            "length(name), agency_id LIMIT ?"
        )
        like = [f"%{part}%" for part in parts]
        values = (*like, f"%{initials}%", f"{parts[0]}%", f"{initials}%", limit)
        return [Agency(*row) for row in self.query(sql, values)]

    def panel(self, agency_id: str) -> list[Row]:
        """Return the rows of the panel of one agency, by year; null columns are left out."""
        sql = "SELECT row FROM panel WHERE agency_id = ? ORDER BY fiscal_year"
        return [self._panel.unpack(row) for (row,) in self.query(sql, (agency_id,))]

    def report(self, report_id: str) -> Row | None:
        """Return the row of `reports`."""
        found = self.query("SELECT row FROM report WHERE report_id = ?", (report_id,))
        return self._reports.unpack(found[0][0]) if found else None

    def facts(self, report_id: str) -> list[Row]:
        """Return the cells of a report in the order of the form."""
        return self._part("facts", report_id)

    def cell(self, report_id: str, name: str) -> list[Row]:
        """Return one cell (table.row.column) of a report, without making rows of the others."""
        columns = self._columns("facts", report_id)
        wanted = tuple(name.split("."))
        keys = zip(*(columns.get(part, ()) for part in ("table", "row", "column")), strict=True)
        places = [place for place, key in enumerate(keys) if key == wanted]
        return [{column: values[place] for column, values in columns.items()} for place in places]

    def sections(self, report_id: str) -> list[Row]:
        """Return the narrative of a report."""
        return self._part("sections", report_id)

    def changes(self, report_id: str) -> list[Row]:
        """Return the cells that differ from the version before."""
        return self._part("changes", report_id)

    def _part(self, name: str, report_id: str) -> list[Row]:
        return rows_of(self._columns(name, report_id))

    def _columns(self, name: str, report_id: str) -> dict[str, list[Any]]:
        """Return the rows of a report by columns: those of its shape and its own."""
        found = self.query(f"SELECT {name} FROM report WHERE report_id = ?", (report_id,))
        if not found:
            return {}
        shape, own = unpack(found[0][0])
        shared = self.fixed("SELECT columns FROM shape WHERE number = ?", shape)
        return {**unpack(shared[0][0]), **own}

    def reports_of(self, agency_id: str) -> list[Row]:
        """Return all report versions of an agency, by year and version."""
        sql = "SELECT row FROM report WHERE agency_id = ? ORDER BY fiscal_year, document_key, version"
        return [self._reports.unpack(row) for (row,) in self.query(sql, (agency_id,))]

    def current_reports(self, agency_id: str) -> list[tuple[str, int]]:
        """Return the newest versions of an agency's reports with their years, in order."""
        sql = (
            "SELECT report_id, fiscal_year FROM report WHERE agency_id = ? AND is_current = 1 "
            "AND fiscal_year NOT NULL ORDER BY fiscal_year, report_id"
        )
        return self.query(sql, (agency_id,))

    def versions(self, document_key: str) -> list[Row]:
        """Return all versions of one page, oldest first."""
        sql = "SELECT row FROM report WHERE document_key = ? ORDER BY version"
        return [self._reports.unpack(row) for (row,) in self.query(sql, (document_key,))]

    def newest(self, limit: int) -> list[Row]:
        """Return the reports that came last."""
        sql = "SELECT row FROM report WHERE is_current = 1 ORDER BY newest DESC, report_id LIMIT ?"
        return [self._reports.unpack(row) for (row,) in self.query(sql, (limit,))]

    def findings_of(self, report_id: str) -> list[Finding]:
        """Return every finding of a report, loudest first."""
        sql = f"{_FINDING} WHERE report_id = ? ORDER BY loudness DESC, number"
        return [self.finding(row) for row in self.query(sql, (report_id,))]

    def loudest(self, limit: int, per_rule: int = 2) -> list[Finding]:
        """Return the errors and warnings with the widest gap, at most `per_rule` of one rule."""
        sql = (
            "SELECT number, rule, origin FROM finding WHERE shown = 1 AND severity = ? "
            "ORDER BY loudness DESC, number LIMIT 400"
        )
        seen: Counter[str] = Counter()
        chosen: list[int] = []
        for severity in ("error", "warning"):
            for number, rule, origin in self.fixed(sql, severity):
                seen[rule] += 1
                if seen[rule] <= per_rule and origin == "source":
                    chosen.append(number)
        found = (self.fixed(f"{_FINDING} WHERE number = ?", number)[0] for number in chosen[:limit])
        return [self.finding(row) for row in found]

    def finding(self, row: tuple[Any, ...]) -> Finding:
        """Return a finding from a row of `FINDING_QUERY`."""
        number, report_id, slug, agency, fiscal_year, data = row
        return Finding(number, report_id, slug, agency, fiscal_year, self._findings.unpack(data))

    def region_name(self, code: str) -> str:
        """Return the name of a region code, the code itself where no name is known."""
        found = self.query("SELECT name FROM region WHERE code = ?", (trim_code(code) if code else "",))
        return str(found[0][0]) if found else code


def bounds(area: str) -> tuple[str, str]:
    """Return the first code of a region and the first code behind it; no area means everything."""
    return area, f"{area}~"


def _escaped(word: str) -> str:
    return word.replace("!", "!!").replace("%", "!%").replace("_", "!_")


FINDING_QUERY = _FINDING
