"""How fast bytes become checked facts, beside what one would use instead, on the same generated pages.

    python -m benchmarks.parse [--rounds 7]

All contenders run in turns within one process, so that a busy machine slows all of them alike; the table
gives medians per page. Only the first line ends in facts: the others stop at a tree, strings, frames or text.
"""

import argparse
import io
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from importlib import import_module
from importlib.util import find_spec

import lxml.html
import pandas as pd
from bs4 import BeautifulSoup

from parsers.fingerprint import content_fingerprint
from parsers.readers import read
from parsers.records import CellKey
from parsers.report import parse_strict
from tests.render.html import HtmlOptions, form_cells, render_page

OPTIONS = (
    HtmlOptions(),
    HtmlOptions(markup="word"),
    HtmlOptions(markup="word", layout_table=True, metadata_box=True),
    HtmlOptions(markup="bare", tables="one"),
    HtmlOptions(disputes="filler", requests_heading="filler", broken_labels=True),
)
BASELINE = "lxml.html.fromstring"

Contender = Callable[[bytes], object]


def pages() -> Iterator[bytes]:
    """Yield the pages all contenders read: both forms in five markups, a few requests and the rest zeros."""
    for era in ("fmt2021", "fmt2019"):
        for options in OPTIONS:
            yield render_page(balanced_figures(era), era=era, options=options).encode("utf-8")


def balanced_figures(era: str) -> dict[CellKey, str]:
    """Return figures whose sums hold: seven requests of natural persons, all granted."""
    figures = dict.fromkeys(form_cells(era), "0")
    for row in ("received", "granted", "concluded"):
        for column in ("natural_person", "total"):
            figures["requests", row, column] = "7"
    return figures


def contenders() -> dict[str, Contender]:
    """Return what is compared, by name; what is not installed is named on stderr and left out."""
    found: dict[str, Contender] = {
        "gongkai: bytes to checked facts": lambda data: parse_strict(data).facts,
        "gongkai: bytes to Document": read,
        "gongkai: content_fingerprint": content_fingerprint,
        BASELINE: lambda data: lxml.html.fromstring(data.decode("utf-8")),
        "pandas.read_html": _frames,
        "BeautifulSoup walk (lxml)": lambda data: _walk(data, "lxml"),
        "BeautifulSoup walk (html.parser)": lambda data: _walk(data, "html.parser"),
    }
    if find_spec("trafilatura") is None:
        print("NOT MEASURED: trafilatura is not installed", file=sys.stderr)
    else:
        extract = import_module("trafilatura").extract
        found["trafilatura.extract"] = lambda data: extract(data.decode("utf-8"), include_tables=True)
    return found


def _frames(data: bytes) -> list[pd.DataFrame]:
    return pd.read_html(io.StringIO(data.decode("utf-8")), flavor="lxml")


def _walk(data: bytes, parser: str) -> list[list[list[str]]]:
    soup = BeautifulSoup(data.decode("utf-8"), parser)
    return [
        [
            [cell.get_text(" ", strip=True) for cell in row.find_all(["td", "th"])]
            for row in table.find_all("tr")
        ]
        for table in soup.find_all("table")
    ]


def measure(rounds: int) -> dict[str, float]:
    """Return the median milliseconds per page of each contender."""
    inputs = list(pages())
    all_contenders = contenders()
    seconds: dict[str, list[float]] = {name: [] for name in all_contenders}
    for contender in all_contenders.values():
        contender(inputs[0])  # caches and imports are filled before anything counts
    for _ in range(rounds):
        for data in inputs:
            for name, contender in all_contenders.items():
                start = time.perf_counter()
                contender(data)
                seconds[name].append(time.perf_counter() - start)
    return {name: statistics.median(found) * 1_000 for name, found in seconds.items()}


def main() -> None:
    """Measure and print the table."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    arguments.add_argument("--rounds", type=int, default=7)
    rounds = arguments.parse_args().rounds
    sizes = [len(data) for data in pages()]
    medians = measure(rounds)
    print(f"{len(sizes)} pages of {min(sizes):,} to {max(sizes):,} bytes, {rounds} rounds, medians per page")
    print(f"{'':36}{'ms':>9}{'times the tree alone':>24}")
    for name, milliseconds in medians.items():
        print(f"{name:36}{milliseconds:9.3f}{milliseconds / medians[BASELINE]:24.1f}")


if __name__ == "__main__":
    main()
