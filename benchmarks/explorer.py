"""The explorer on a large dataset: its index, how fast its pages answer, how big its folder is.

    python -m benchmarks.explorer [--reports 100000] [--keep DIR]
    python -m benchmarks.explorer --folder 5000 [--keep DIR]

The first form makes up that many reports (five years of every agency), unless DIR has a dataset, and prints,
for every page, the processor time of its first and of later requests. The second form prints five years of so
many agencies on pages, archives and reads them, writes the folder in both languages and prints time, size and
largest files.
"""

import argparse
import random
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any, cast
from urllib.parse import quote, urlencode

from benchmarks.reports import YEARS, Page, parsed
from fixtures.farm.bodies import Body, Powers
from fixtures.farm.figures import CellKey, FigureBook
from output.dataset import open_dataset
from output.explorer.app import Application
from output.explorer.index import ensure_index
from output.explorer.site import write_site
from output.explorer.store import Store
from output.pipeline import build
from output.rows import FindingRow, ParsedRows
from output.writing import write_dataset
from parsers.forms import definitions, load_forms
from scraper.archive import Archive
from scraper.fetch import Exchange
from tests.render.html import HtmlOptions, render_page

ERA = "fmt2021"
ROUNDS = 5
_SYLLABLES = "安北昌澄德东丰高海和河洪华江金开"
_DEPARTMENTS = (
    "财政局", "教育局", "民政局", "司法局", "审计局", "统计局", "水利局", "林业局", "商务局", "卫生健康局",
    "交通运输局", "自然资源局", "生态环境局", "农业农村局", "应急管理局", "市场监督管理局", "发展和改革局",
    "住房和城乡建设局", "人力资源和社会保障局", "文化和旅游局", "退役军人事务局", "医疗保障局", "信访局",
    "城市管理局", "行政审批局",
)  # fmt: skip
_AT = datetime(2026, 2, 1, 8, tzinfo=UTC)


def with_findings(count: int) -> Iterator[tuple[Page, ParsedRows]]:
    """Yield made-up reports, two findings in each."""
    for page, rows in parsed(count):
        findings = [_finding(rule, page.number) for rule in ("T3-01", "X-02")]
        yield page, rows._replace(findings=findings)


def _finding(rule: str, number: int) -> FindingRow:
    severity = ("error", "warning", "info")[number % 3]
    text = f"requests.received.total is {number}, its parts add up to {number + number % 977}"
    numbers = str(number), str(number + number % 977), float(number % 977)
    cells = "requests.received.total requests.received.natural_person"
    return FindingRow(rule, cells, 1, severity, "source", *numbers, text, text, "official", *(None,) * 4)


class Printed(Page):
    """A page with figures that add up, but for one in twenty reports, and some text around them."""

    at = 0

    @property
    def warc_offset(self) -> int:
        """Where the answer was archived."""
        return self.at

    @property
    def agency(self) -> str:
        """Every county has the same departments."""
        county, department = divmod(self.number // len(YEARS), len(_DEPARTMENTS))
        first, second = divmod(county, len(_SYLLABLES))
        return f"{_SYLLABLES[first % len(_SYLLABLES)]}{_SYLLABLES[second]}县{_DEPARTMENTS[department]}"

    @property
    def region_code(self) -> str:
        """Prefectures of ten counties."""
        county = self.number // len(YEARS) // len(_DEPARTMENTS)
        return f"99{county // 10 + 1:02d}{county % 10 + 1:02d}"

    @property
    def portal_id(self) -> str:
        """One for each county."""
        return f"portal-{self.region_code}"


def archived(folder: Path, agencies: int) -> Iterator[Page]:
    """Print five years of so many agencies, archive the pages, yield them as stored documents."""
    archive = Archive(folder)
    archive.make_room(lambda: Page.warc_file, _AT)
    for number in range(agencies * len(YEARS)):
        page = Printed(number, data=_printed(number))
        head = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n"
        exchange = Exchange(
            page.url, "GET", b"GET / HTTP/1.1\r\n\r\n", head + page.data, 200, (), page.data, 0.1
        )
        object.__setattr__(page, "at", archive.write(exchange, _AT).offset)
        yield page
    archive.close()


def _printed(number: int) -> bytes:
    page, chance = Printed(number), random.Random(number)
    options = HtmlOptions(title=page.list_title, year=page.year)
    text = render_page(_figures(page, chance), era=ERA, options=options)
    prose = "".join(f"<p>{''.join(chance.choices(_characters(), k=150))}。</p>" for _ in range(6))
    return text.replace("<p>一、总体情况</p>", f"<p>一、总体情况</p>{prose}", 1).encode()


@cache
def _characters() -> list[str]:
    """Characters by chance weigh, when packed, about twice what text with a meaning weighs."""
    return sorted(
        {
            one
            for cell in definitions(load_forms().by_era.values())
            for one in cell.definition_zh
            if one > "一"
        }
    )


def _figures(page: Page, chance: random.Random) -> dict[CellKey, str]:
    powers = Powers(*(chance.randrange(400) for _ in range(4)))
    serial = page.number // len(YEARS)
    body = Body(serial, page.agency, "department", "county", page.region_code, "我局", serial % 90, powers)
    book = FigureBook(1, page.portal_id, (body,))
    printed = {key: f"{Decimal(value):f}" for key, value in book.figures(body, page.year).items()}
    if page.number % 20 == 0:
        printed["requests", "received", "total"] += "1"
    known = {cell[:3] for cell in load_forms()[ERA].cells() if cell.kind != "header"}
    return {key: text for key, text in printed.items() if key in known}


class Client:
    """Asks the application as a server would, without a network."""

    def __init__(self, data_dir: Path) -> None:
        self.app = Application(data_dir)

    def seconds(self, path: str, query: str) -> float:
        """Return the processor time of one request."""
        environ = {"REQUEST_METHOD": "GET", "PATH_INFO": path, "QUERY_STRING": query}
        status: list[str] = []
        start = time.process_time()
        body = b"".join(self.app(environ, lambda line, headers: status.append(line)))
        seconds = time.process_time() - start
        if not status[0].startswith("200") or not body:
            raise AssertionError(f"{path}?{query}: {status[0]}")
        return seconds


def addresses(store: Store) -> dict[str, tuple[str, str]]:
    """Return one address of every kind of page."""
    agencies = store.agencies_in("")
    some = agencies[len(agencies) // 2 :][:8]
    report = store.current_reports(some[0].agency_id)[-1][0]
    chosen = [("a", one.slug) for one in some]
    return {
        "overview": ("/en/", ""),
        "region": (f"/en/region/{some[0].region_code[:4]}", ""),
        "rate": ("/en/compare", urlencode([*chosen, ("m", "disclosure_rate")])),
        "rate, everywhere": ("/en/compare", urlencode([*chosen, ("m", "disclosure_rate"), ("area", "all")])),
        "cell": ("/en/compare", urlencode([*chosen, ("m", "requests.received.natural_person")])),
        "agency": (f"/en/agency/{some[0].slug}", ""),
        "report": (f"/en/report/{report}", ""),
        "findings": ("/en/findings", ""),
        "findings, filtered": ("/en/findings", "severity=error&year=2024"),
        "findings, last page": ("/en/findings", "page=9999"),
        "data": ("/en/data", ""),
        "search": ("/en/search", "q=" + quote("财政")),
        "initials": ("/en/suggest", "q=czj"),
    }


def measure_pages(folder: Path, count: int) -> None:
    """Make up a dataset, index it in a process of its own, ask for every page."""
    if not (folder / "dataset").exists():
        write_dataset(folder, with_findings(count), "benchmark")  # type: ignore[arg-type]
    print(f"{open_dataset(folder).manifest()['counts']['reports']:,} reports")
    start = time.perf_counter()
    code = "import pathlib, sys; from output.explorer.index import ensure_index; "
    code += "ensure_index(pathlib.Path(sys.argv[1]))"
    subprocess.run([sys.executable, "-c", code, str(folder)], check=True)
    size = ensure_index(folder).stat().st_size / 2**20
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    print(f"index: {time.perf_counter() - start:.0f} s, {size:.0f} MB on disk, {peak:.0f} MB in memory")
    start = time.process_time()
    client = Client(folder)
    print(f"start of the server: {1000 * (time.process_time() - start):.0f} ms")
    print(f"{'processor time, ms':24}{'first':>8}{'later':>8}")
    for name, (path, query) in addresses(Store(ensure_index(folder))).items():
        first, *later = (1000 * client.seconds(path, query) for _ in range(ROUNDS))
        print(f"{name:24}{first:8.0f}{statistics.median(later):8.0f}")


def measure_folder(data: Path, agencies: int) -> None:
    """Build the static folder of so many agencies in both languages; print time, size, largest files."""
    if not (data / "dataset").exists():
        build(data, documents=cast(Any, archived(data, agencies)), jobs=2)
    folder = data / "folder"
    start = time.perf_counter()
    written = write_site(data, folder, ("en", "zh"))
    print(f"{agencies:,} agencies: {written.pages:,} pages in {time.perf_counter() - start:.0f} s")
    files = [(path.stat().st_size, path) for path in folder.rglob("*") if path.is_file()]
    dataset = sum(size for size, path in files if path.parent.name == "dataset")
    own = (written.bytes - dataset) / 1e6
    print(f"{written.files:,} files, {own:.0f} MB, and {dataset / 1e6:.0f} MB of downloads")
    for suffix in (".html", ".js"):
        size, path = max(one for one in files if one[1].suffix == suffix)
        print(f"largest {suffix}: {path.relative_to(folder)}, {size / 1e3:.0f} kB")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--reports", type=int, default=100_000, help="made-up reports behind the server")
    parser.add_argument("--folder", type=int, metavar="AGENCIES", help="write the folder of so many")
    parser.add_argument("--keep", type=Path, metavar="DIR", help="work here and leave everything behind")
    arguments = parser.parse_args()
    folder = arguments.keep or Path(tempfile.mkdtemp(prefix="gongkai-benchmark-"))
    try:
        if arguments.folder:
            measure_folder(folder, arguments.folder)
        else:
            measure_pages(folder, arguments.reports)
    finally:
        if not arguments.keep:
            shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
