"""SIGKILL at arbitrary moments: the rerun ends in the same page versions, and the archive is valid."""

import random
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from fixtures.farm import Farm
from scraper.stored import iter_documents
from tests.scraper.test_archive import check
from tests.scraper.test_crawl import FarmDesk

CRAWL = """
import sys
from datetime import datetime
from scraper.crawl import crawl
from scraper.portals import load_portals
from tests.scraper.conftest import FAST, SMALL
file = load_portals(sys.argv[1])
quick = [portal.model_copy(update={"delay_seconds": 0.01}) for portal in file.portals]
now = datetime.fromisoformat(sys.argv[3])
print("ready", flush=True)
crawl(file.model_copy(update={"portal": quick}), sys.argv[2], clock=lambda: now, pace=FAST, limits=SMALL)
"""


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FarmDesk]:
    with Farm("demo", ["trs-b", "trs-c"], tmp_path_factory.mktemp("farm")) as farm:
        yield FarmDesk(farm)


def start(desk: FarmDesk, data_dir: Path) -> "subprocess.Popen[str]":
    process = subprocess.Popen(
        [sys.executable, "-c", CRAWL, str(desk.portals.path), str(data_dir), desk.now().isoformat()],
        stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    return process


def end(process: "subprocess.Popen[str]", number: signal.Signals | None) -> int:
    if number is not None:
        process.send_signal(number)
    code = process.wait(60)
    assert process.stdout is not None
    process.stdout.close()
    return code


def versions(data_dir: Path) -> list[tuple[str, int, str, bool]]:
    """What must come out the same; the bytes may differ, for pages carry counters."""
    return [(d.url, d.version, d.fingerprint, d.is_current) for d in iter_documents(data_dir)]


def test_a_killed_crawl_ends_in_the_same_versions(desk: FarmDesk, tmp_path: Path) -> None:
    undisturbed, killed = tmp_path / "undisturbed", tmp_path / "killed"
    desk.run(undisturbed)
    desk.call("DELETE", "/log")
    moments = random.Random(7)
    kills = 0
    for _ in range(4):
        process = start(desk, killed)
        try:
            process.wait(moments.uniform(0.02, 0.5))
        except subprocess.TimeoutExpired:
            kills += 1
            end(process, signal.SIGKILL)
        else:
            end(process, None)
    assert kills > 0
    assert end(start(desk, killed), None) == 0
    assert versions(killed) == versions(undisturbed)
    assert all(document.body() for document in iter_documents(killed))
    kinds = Counter(kind for kind, _ in check(killed))
    assert kinds["response"] >= len(versions(killed))
    full = Counter(
        entry["path"]
        for entry in desk.call("GET", "/log")
        if entry["status"] == 200 and "/t20" in entry["path"]
    )
    assert max(full.values()) <= 1 + kills
    assert sum(count - 1 for count in full.values()) <= 2 * kills  # one page in flight per host and kill


def test_an_interrupt_from_the_keyboard_keeps_what_was_fetched(desk: FarmDesk, tmp_path: Path) -> None:
    data_dir = tmp_path / "data"
    process = start(desk, data_dir)
    try:
        process.wait(0.6)
    except subprocess.TimeoutExpired:
        end(process, signal.SIGINT)
    else:
        end(process, None)
    check(data_dir)
    kept = len(versions(data_dir))
    summary = desk.run(data_dir)
    assert not summary.is_failed
    assert sum(report.new for report in summary.portals) == len(versions(data_dir)) - kept
