"""How fast bytes become checked facts, beside what one would use instead, on the same generated pages.

    python -m benchmarks.parse [--rounds 7]

All contenders run in turns within one process, so that a busy machine slows all alike; the tables give
medians per page for each weight of `benchmarks.pages`, in seconds of the processor. Every round has other
figures, so that nobody has seen a page before; the first rounds only warm up. Only the first line ends in
facts: the others stop at a tree, strings, frames or text. Last, `gongkai parse` reads a folder with one
process and with two.
"""

import argparse
import gc
import io
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from importlib import import_module
from importlib.util import find_spec
from itertools import count, islice
from pathlib import Path

import lxml.etree
import lxml.html
import pandas as pd
from bs4 import BeautifulSoup

from benchmarks.pages import WEIGHTS, Page, pages
from parsers.fingerprint import content_fingerprint
from parsers.readers import read
from parsers.report import parse_strict

BASELINE = "lxml.html.fromstring"
OURS = "gongkai: bytes to checked facts"
FRAMES = "pandas.read_html"
WARM_UP = 2
"""Rounds that do not count: imports, forms and layouts are known after them, as in any folder."""

Contender = Callable[[bytes], object]


def contenders() -> dict[str, Contender]:
    """Return what is compared, by name; what is not installed is named on stderr and left out."""
    found: dict[str, Contender] = {
        OURS: lambda data: parse_strict(data).facts,
        "gongkai: bytes to Document": read,
        "gongkai: content_fingerprint": content_fingerprint,
        BASELINE: lambda data: lxml.html.fromstring(data.decode("utf-8")),
        FRAMES: _frames,
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


def measure(rounds: int) -> dict[str, dict[str, float]]:
    """Return the median milliseconds per page of each contender, by weight of the page."""
    all_contenders = contenders()
    seconds: dict[str, dict[str, list[float]]] = {
        weight: {name: [] for name in all_contenders} for weight in WEIGHTS
    }
    for seed in range(WARM_UP + rounds):
        if seed == WARM_UP:
            gc.freeze()
        for weight, data in pages(seed):
            for name, contender in all_contenders.items():
                gc.collect()  # nobody pays for what the one before left behind
                start = time.process_time()
                contender(data)
                if seed >= WARM_UP:
                    seconds[weight][name].append(time.process_time() - start)
    return {
        weight: {name: statistics.median(found) * 1_000 for name, found in by_name.items()}
        for weight, by_name in seconds.items()
    }


def measure_jobs(size: int) -> dict[int, float]:
    """Return the seconds `gongkai parse` takes for a folder of `size` pages with one process and with two."""
    found = {}
    with tempfile.TemporaryDirectory() as folder:
        for number, page in enumerate(islice(_endless(), size)):
            Path(folder, f"{number:04}.html").write_bytes(page.data)
        for jobs in (1, 2):
            command = [
                str(Path(sys.executable).with_name("gongkai")),
                "parse",
                folder,
                "--format",
                "json",
                "--jobs",
                str(jobs),
            ]
            start = time.perf_counter()
            subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
            found[jobs] = time.perf_counter() - start
    return found


def _endless() -> Iterator[Page]:
    return (page for seed in count() for page in pages(seed))


def main() -> None:
    """Measure and print the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--folder", type=int, default=960, help="pages of the folder for --jobs, 0 for none")
    arguments = parser.parse_args()
    print(f"Python {platform.python_version()}, lxml {lxml.etree.__version__}, pandas {pd.__version__}")
    print(f"{platform.machine()}, {os.cpu_count()} processors, load {os.getloadavg()[0]:.1f}")
    for weight, medians in measure(arguments.rounds).items():
        sizes = [len(page.data) for page in pages(0) if page.weight == weight]
        print(f"\n{weight}: pages of {min(sizes):,} to {max(sizes):,} bytes, {arguments.rounds} rounds")
        print(f"{'':36}{'ms':>9}{'times the tree alone':>24}")
        for name, milliseconds in medians.items():
            print(f"{name:36}{milliseconds:9.3f}{milliseconds / medians[BASELINE]:24.1f}")
        tree, frames = medians[BASELINE] / medians[OURS], medians[FRAMES] / medians[OURS]
        print(f"bytes to facts runs at {tree:.2f} x the speed of the tree alone, {frames:.1f} x read_html")
    if arguments.folder:
        seconds = measure_jobs(arguments.folder)
        print(f"\n{arguments.folder} pages: {seconds[1]:.1f} s with one process, {seconds[2]:.1f} s with two")
        print(f"two processes are {seconds[1] / seconds[2]:.2f} x one")


if __name__ == "__main__":
    main()
