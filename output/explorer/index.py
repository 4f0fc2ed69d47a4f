"""The index the explorer answers from: one SQLite file made from a dataset, so that no page reads all facts.

It stands in `DIR/cache`, names the manifest it was made from, and is made anew when the dataset changes.
"""

import hashlib
import json
import os
import sqlite3
import zlib
from array import array
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from contextlib import closing
from itertools import chain, groupby, islice
from operator import itemgetter
from pathlib import Path
from typing import Any, TypeAlias

from pypinyin import Style, lazy_pinyin

from output.dataset import Dataset, open_dataset, storage_errors
from output.explorer.packing import ReportParts, RowCodec, Shapes
from output.indicators import load_indicators
from output.schema import tables
from parsers.regions import region, trim_code
from parsers.text import label_key

VERSION = "5"
"""Raised when the layout of the index changes."""
NO_REGION = "00"
"""Stands for the region of an agency whose region is not known."""
_FOLDER = "cache"
_FILE = "explorer.sqlite"
_SAMPLE_ROWS = 20
_REPORTS = 9
"""Place of the number of reports in a row of `agency`."""
_SEVERITIES = {"error": 3.0, "warning": 2.0, "info": 1.0}

Row: TypeAlias = dict[str, Any]
Progress: TypeAlias = Callable[[str], None]


def slug_of(agency_id: str) -> str:
    """Return the name of an agency in addresses: short, ASCII, the same in every build."""
    return "a" + hashlib.sha256(agency_id.encode("utf-8", "surrogatepass")).hexdigest()[:12]


def manifest_mark(data_dir: Path) -> str:
    """Return what tells this dataset from another; raises NoDatasetError."""
    dataset = open_dataset(data_dir)
    digest = hashlib.sha256((dataset.folder / "manifest.json").read_bytes()).hexdigest()
    return f"{VERSION}-{digest}"


def ensure_index(data_dir: Path, progress: Progress = lambda stage: None) -> Path:
    """Return the index of the dataset, made now unless it is there; `progress` hears each table.

    Raises NoDatasetError, and DatasetStorageError when the disk refuses.
    """
    mark = manifest_mark(data_dir)
    path = data_dir / _FOLDER / _FILE
    if index_mark(path) == mark:
        return path
    draft = path.with_name(f"{_FILE}.new-{os.getpid()}")
    with storage_errors(str(path)):
        path.parent.mkdir(parents=True, exist_ok=True)
        draft.unlink(missing_ok=True)
        try:
            _Builder(open_dataset(data_dir), draft).build(mark, progress)
            draft.replace(path)
        finally:
            draft.unlink(missing_ok=True)
    return path


def index_mark(path: Path) -> str | None:
    """Return the mark of the dataset an index was made from; None when there is no whole index."""
    if not path.is_file():
        return None
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as database:
            found = database.execute("SELECT value FROM meta WHERE key = 'mark'").fetchone()
    except sqlite3.DatabaseError:  # not an index: it is made anew
        return None
    return str(found[0]) if found else None


class _Builder:
    def __init__(self, dataset: Dataset, path: Path) -> None:
        self._dataset = dataset
        self._database = sqlite3.connect(path)
        self._database.execute("PRAGMA page_size = 16384")
        self._database.execute("PRAGMA journal_mode = OFF")
        self._database.execute("PRAGMA synchronous = OFF")
        self._regions: dict[str, Counter[str]] = defaultdict(Counter)

    def build(self, mark: str, progress: Progress) -> None:
        """Fill the file; it has its mark only when it is whole."""
        self._script("index.sql")
        progress("reports")
        self._reports()
        progress("panel")
        self._panel()
        progress("coverage")
        self._coverage()
        progress("findings")
        self._findings()
        self._region_names()
        progress("keys")
        self._script("index_keys.sql")
        self._database.execute("INSERT INTO meta VALUES ('mark', ?)", (mark,))
        self._database.commit()
        self._database.close()

    def _script(self, name: str) -> None:
        self._database.executescript(Path(__file__).with_name(name).read_text(encoding="utf-8"))

    def _rows(self, name: str) -> Iterator[Row]:
        for batch in self._dataset.batches(name):
            yield from batch.to_pylist()

    def _packed_rows(self, name: str) -> Iterator[tuple[Row, bytes]]:
        """Yield rows beside their packed values; what unpacks them goes into `meta`."""
        rows = self._rows(name)
        first = list(islice(rows, _SAMPLE_ROWS))
        codec = RowCodec.learnt(first, tables()[name].names)
        known = json.dumps([codec.names, codec.sample])
        self._database.execute("INSERT INTO meta VALUES (?, ?)", (f"codec of {name}", known))
        for row in chain(first, rows):
            yield row, codec.pack(row)

    def _reports(self) -> None:
        """Facts, sections and changes stand in the order of the reports: one pass over all four files."""
        shapes = Shapes()
        parts = [ReportParts(self._dataset, name, shapes) for name in ("facts", "sections", "changes")]
        for row, values in self._packed_rows("reports"):
            packed = [part.packed(row["report_id"]) for part in parts]
            newest = max(str(row["published_on"] or ""), str(row["fetched_at"] or "")[:10])
            places = (row["agency_id"], row["fiscal_year"], row["document_key"], row["version"])
            self._regions[row["region_code"] or NO_REGION][row["portal_name"] or ""] += 1
            self._database.execute(
                "INSERT INTO report VALUES (?,?,?,?,?,?,?,?,?,?,?)",
                (
                    row["report_id"],
                    *places,
                    row["is_current"],
                    newest,
                    values,
                    *packed,
                ),
            )
        self._database.executemany("INSERT INTO shape VALUES (?,?)", shapes.rows())

    def _panel(self) -> None:
        codes = [indicator.code for indicator in load_indicators().rates if indicator.is_rate]
        figures: dict[tuple[str, int], array[float]] = defaultdict(lambda: array("d"))
        places: Counter[int] = Counter()
        by_agency = groupby(self._packed_rows("panel"), key=lambda pair: pair[0]["agency_id"])
        for _, years in by_agency:
            rows = []
            for row, values in years:
                rows.append(row)
                year = row["fiscal_year"]
                entry = (*_panel_entry(row, places[year]), values)
                self._database.execute("INSERT INTO panel VALUES (?,?,?,?,?,?,?,?,?,?,?)", entry)
                places[year] += 1
                for code in codes:
                    figures[code, year].extend(_rate(row, code))
            self._database.execute("INSERT INTO agency VALUES (?,?,?,?,?,?,?,?,?,?,?,?)", _agency_entry(rows))
        self._database.executemany(
            "INSERT INTO rates VALUES (?,?,?)",
            ((*key, zlib.compress(data.tobytes(), 1)) for key, data in figures.items()),
        )

    def _coverage(self) -> None:
        """Agencies that are expected but never published are agencies too."""
        errors = {
            (agency, year): count
            for agency, year, count in self._database.execute(
                "SELECT agency_id, fiscal_year, errors FROM panel"
            )
        }
        known = {agency for agency, _ in errors}
        for agency, years in groupby(self._rows("coverage"), key=itemgetter("agency_id")):
            rows = list(years)
            self._regions[rows[0]["region_code"] or NO_REGION][rows[0]["region_name"] or ""] += 1
            for row in rows:
                self._database.execute(
                    "INSERT INTO coverage VALUES (?,?,?,?,?,?,?,?,?)",
                    _coverage_entry(row, errors.get((agency, row["fiscal_year"]), 0)),
                )
            if agency not in known:
                last = {**rows[-1], "scope": None}
                entry = list(_agency_entry([last]))
                entry[_REPORTS] = 0
                self._database.execute("INSERT INTO agency VALUES (?,?,?,?,?,?,?,?,?,?,?,?)", entry)

    def _findings(self) -> None:
        regions = dict(self._database.execute("SELECT agency_id, region_code FROM agency"))
        insert = "INSERT INTO finding VALUES (?,?,?,?,?,?,?,?,?,?,?)"
        for number, (row, values) in enumerate(self._packed_rows("findings")):
            shown = row["is_current"] and row["assumption"] is None
            loudness = _SEVERITIES[row["severity"]] * 1e12 + min(abs(row["delta"] or 0.0), 1e11)
            names = ("report_id", "agency_id", "fiscal_year")
            self._database.execute(
                insert,
                (
                    number,
                    *(row[name] for name in names),
                    regions.get(row["agency_id"], NO_REGION),
                    row["rule"],
                    row["severity"],
                    row["origin"],
                    loudness,
                    shown,
                    values,
                ),
            )

    def _region_names(self) -> None:
        """Name every code and the codes above it; a code in no list is called after its portal."""
        codes = {trim_code(code)[:end] for code in self._regions for end in (2, 4, 6) if code}
        for code in sorted(codes):
            known = region(code.ljust(6, "0"))
            portal = self._regions[code.ljust(6, "0")].most_common(1)
            name = known.name if known else (portal[0][0] if portal else "")
            name = "" if code == NO_REGION else name or code
            self._database.execute("INSERT INTO region VALUES (?,?)", (code, name))


def _panel_entry(row: Row, place: int) -> tuple[Any, ...]:
    attributes = (row["agency_kind"], row["level"], row["scope"], row["region_code"] or NO_REGION)
    counted = (row["report_id"], row["days_late"], row["findings_error"] or 0, place)
    return (row["agency_id"], row["fiscal_year"], *attributes, *counted)


def _coverage_entry(row: Row, errors: int) -> tuple[Any, ...]:
    days = tuple(str(row[name]) if row[name] else None for name in ("due_on", "published_on"))
    status = (row["region_code"] or NO_REGION, row["status"], row["report_id"], row["days_late"], errors)
    return (row["agency_id"], row["fiscal_year"], *status, *days)


def _agency_entry(rows: list[Row]) -> tuple[Any, ...]:
    last = rows[-1]
    names = list(dict.fromkeys(row["agency"] for row in reversed(rows) if row["agency"])) or [
        last["agency_id"]
    ]
    key = " ".join(label_key(name) for name in (*names, last["agency_id"]))
    initials = " ".join("".join(lazy_pinyin(name[:80], style=Style.FIRST_LETTER)).lower() for name in names)
    attributes = (last["agency_kind"], last["level"], last["scope"], last["region_code"] or NO_REGION)
    years = (rows[0]["fiscal_year"], last["fiscal_year"], len(rows))
    return (slug_of(last["agency_id"]), last["agency_id"], names[0], *attributes, *years, key, initials)


def _rate(row: Row, code: str) -> tuple[float, float, float]:
    """Return value, numerator and denominator; a rate on a small base has no value to rank by."""
    value = row[code]
    if value is None or "small_base" in (row[f"{code}_flag"] or "").split():
        value = float("nan")
    parts = (row[f"{code}_numerator"], row[f"{code}_denominator"])
    return (value, *(float("nan") if part is None else part for part in parts))
