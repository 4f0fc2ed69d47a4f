"""How fast and how lean the crawl is, beside Scrapy, on the same local server and the same addresses.

    python -m benchmarks.crawl [--pages 1000] [--rounds 3] [--frontier 1000000]

Each contender runs in a process of its own, in turns, against one server that answers from memory (gzip,
charset in the header, no delay). Both obey robots.txt. "archive and ledger" is a whole `gongkai crawl`: it
finds the pages through their lists and writes WARC and state. Scrapy is given the addresses and drops the
pages, or keeps them in its own HTTP cache with a job folder.
"""

import argparse
import json
import resource
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from benchmarks.site import COLUMN, ROWS, list_path, report_path
from scraper.crawl import crawl
from scraper.fetch import user_agent
from scraper.guard import AddressPolicy
from scraper.ledger import Ledger
from scraper.network import Network
from scraper.pages import Pages
from scraper.politeness import Pace
from scraper.portals import Network as NetworkSettings
from scraper.portals import Portal, PortalsFile
from scraper.store import Store
from scraper.visit import Visitor

UNLIMITED = Pace(budget_requests=10**9, budget_seconds=1e9)


def addresses(base: str, pages: int) -> list[str]:
    """Return every address of the site: the lists, then the reports."""
    lists = [list_path(number) for number in range(-(-pages // ROWS))]
    return [base + path for path in [*lists, *(report_path(number) for number in range(pages))]]


def _portal(base: str) -> Portal:
    return Portal(id="bench", name="测试", family="trs", start=[base + COLUMN], delay_seconds=0.0)


def _hosts(base: str) -> list[str]:
    return [base.split("//")[1]]


def fetch_only(base: str, pages: int) -> int:
    """Visit every address (robots, turn, request, decoding, outcome) and keep nothing."""
    with tempfile.TemporaryDirectory() as folder:
        store = Store(folder, lambda: datetime.now(UTC))
        stop = threading.Event()
        network = Network(
            store=store, policy=AddressPolicy(_hosts(base)), clock=lambda: datetime.now(UTC),
            agent=user_agent(None), stop=stop, sleep=time.sleep, pace=UNLIMITED,
        )  # fmt: skip
        visitor = Visitor(_portal(base), network, lambda visit, purpose: None)
        fine = 0
        for url in addresses(base, pages):
            fine += visitor.visit(url, "list" if "index" in url else "page").outcome == "ok"
        visitor.close()
        store.close()
    return fine


def whole_crawl(base: str, pages: int) -> int:
    """Run a whole crawl into a new data folder."""
    file = PortalsFile(network=NetworkSettings(allow_private_hosts=_hosts(base)), portal=[_portal(base)])
    with tempfile.TemporaryDirectory() as folder:
        summary = crawl(file, folder, pace=UNLIMITED)
    assert not summary.is_failed, summary
    return summary.portals[0].outcomes["ok"]


def scrapy_plain(base: str, pages: int) -> int:
    """Let Scrapy fetch every address and drop the answers."""
    return _scrapy(base, pages, {})


def scrapy_stored(base: str, pages: int) -> int:
    """Let Scrapy keep the answers in its HTTP cache and its queue in a job folder."""
    with tempfile.TemporaryDirectory() as folder:
        settings = {"HTTPCACHE_ENABLED": True, "HTTPCACHE_DIR": f"{folder}/cache", "JOBDIR": f"{folder}/job",
                    "HTTPCACHE_GZIP": True}  # fmt: skip
        return _scrapy(base, pages, settings)


def _scrapy(base: str, pages: int, settings: dict[str, Any]) -> int:
    scrapy, crawler = import_module("scrapy"), import_module("scrapy.crawler")
    fine = 0

    def parse(self: Any, response: Any) -> None:
        nonlocal fine
        fine += response.status == 200 and bool(response.body)

    spider = type("Reports", (scrapy.Spider,), {
        "name": "reports", "start_urls": addresses(base, pages), "parse": parse
    })  # fmt: skip
    process = crawler.CrawlerProcess({
        "LOG_LEVEL": "ERROR", "ROBOTSTXT_OBEY": True, "DOWNLOAD_DELAY": 0, "TELNETCONSOLE_ENABLED": False,
        "CONCURRENT_REQUESTS": 16, "CONCURRENT_REQUESTS_PER_DOMAIN": 16, **settings,
    })  # fmt: skip
    process.crawl(spider)
    process.start()
    return fine


def frontier(_base: str, rows: int) -> int:
    """Walk a queue of so many pages as a run does, closing each; the queue is made by SQL beforehand."""
    with tempfile.TemporaryDirectory() as folder:
        ledger = Ledger(folder)
        with ledger.transaction():
            ledger.execute(
                "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?)"
                " INSERT INTO pages (portal_id, key, url, kind, is_listed, first_run)"
                " SELECT 'bench', 'x/' || i, 'http://x/a/202501/t20250117_' || i, 'page', 1, 1 FROM n",
                (rows,),
            )
        pages, done = Pages(ledger, "bench", 1), 0
        now = datetime.now(UTC)
        due = pages.due("page")
        for _ in range(-(-rows // 1000)):
            with ledger.transaction():
                for _, page in zip(range(1000), due, strict=False):
                    pages.close(page, "ok", None, now, validators=(None, None))
                    done += 1
        ledger.close()
    return done


CONTENDERS: dict[str, tuple[str, Callable[[str, int], int]]] = {
    "gongkai-fetch": ("gongkai: fetching only", fetch_only),
    "scrapy-fetch": ("Scrapy: fetching only", scrapy_plain),
    "gongkai-all": ("gongkai: archive and ledger", whole_crawl),
    "scrapy-all": ("Scrapy: HTTP cache and job folder", scrapy_stored),
    "frontier": ("gongkai: queue", frontier),
}


def run_one(name: str, base: str, pages: int) -> None:
    """Run one contender in this process and print what it took as JSON."""
    started, used = time.perf_counter(), time.process_time()
    fine = CONTENDERS[name][1](base, pages)
    took, used = time.perf_counter() - started, time.process_time() - used
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (2**20 if sys.platform == "darwin" else 2**10)
    print(json.dumps({"fine": fine, "seconds": took, "cpu": used, "peak": peak}))


def measure(name: str, base: str, pages: int) -> dict[str, float]:
    """Run one contender in a process of its own."""
    command = [
        sys.executable,
        "-m",
        "benchmarks.crawl",
        "--only",
        name,
        "--base",
        base,
        "--pages",
        str(pages),
    ]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
    result: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return result


@contextmanager
def site(pages: int) -> Iterator[dict[str, Any]]:
    """Run the server in a process of its own."""
    command = [sys.executable, "-m", "benchmarks.site", "--pages", str(pages)]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        yield json.loads(process.stdout.readline())
    finally:
        process.stdin.close()
        process.wait(10)
        process.stdout.close()


def compare(pages: int, rounds: int) -> None:
    """Measure all contenders in turns and print the table."""
    names = [name for name in CONTENDERS if name != "frontier"]
    if find_spec("scrapy") is None:
        print("NOT MEASURED: Scrapy is not installed, so nothing is compared (pip install 'gongkai[bench]')",
              file=sys.stderr)  # fmt: skip
        names = [name for name in names if not name.startswith("scrapy")]
    with site(pages) as facts:
        base = f"http://127.0.0.1:{facts['port']}"
        count = len(addresses(base, pages))
        print(f"{count:,} addresses, report pages of {facts['page_bytes']:,} bytes"
              f" ({facts['page_gzip']:,} as gzip), {rounds} rounds, medians")  # fmt: skip
        found: dict[str, list[dict[str, float]]] = {name: [] for name in names}
        for _ in range(rounds):
            for name in names:
                result = measure(name, base, pages)
                assert result["fine"] >= count, (name, result)
                found[name].append(result)
    taken = {name: {key: statistics.median(r[key] for r in found[name]) for key in ("seconds", "cpu", "peak")}
             for name in names}  # fmt: skip
    print(f"{'':36}{'pages/s':>9}{'CPU ms/page':>13}{'peak MB':>9}   times Scrapy fetching: time, CPU")
    for name in names:
        wall, cpu, peak = taken[name].values()
        print(f"{CONTENDERS[name][0]:36}{count / wall:9.0f}{cpu / count * 1000:13.2f}{peak:9.0f}   "
              f"{_times(taken.get('scrapy-fetch'), taken[name])}")  # fmt: skip


def _times(reference: dict[str, float] | None, own: dict[str, float]) -> str:
    """Return how many times faster than the reference, by the clock and by processor time."""
    if reference is None:
        return "not measured"
    return f"{reference['seconds'] / own['seconds']:.2f}, {reference['cpu'] / own['cpu']:.2f}"


def compare_frontiers(largest: int) -> None:
    """Print what queues of two sizes cost in time and memory."""
    for rows in (largest // 100, largest):
        result = measure("frontier", "-", rows)
        rate = rows / result["seconds"]
        print(
            f"queue of {rows:>9,} addresses: {rate:7.0f} entered and taken per second,"
            f" peak {result['peak']:.0f} MB"
        )


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--pages", type=int, default=1000, help="report pages")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument(
        "--frontier", type=int, default=1_000_000, help="addresses of the largest queue, 0 for none"
    )
    parser.add_argument("--only", choices=CONTENDERS, help=argparse.SUPPRESS)
    parser.add_argument("--base", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.only:
        run_one(given.only, given.base, given.pages)
        return
    compare(given.pages, given.rounds)
    if given.frontier:
        compare_frontiers(given.frontier)


if __name__ == "__main__":
    main()
