"""What a build of very many reports holds in memory, all of its processes counted together.

The rows of made-up reports are laid into the cache of a data folder, as a build leaves them there; one in so
many is a page that two reading processes parse, so that these are as large as they get. Then a build of all
of them runs in a process of its own while this one weighs it and its children several times a second: PSS
(a page several processes share is counted once, in parts) added up over all of them at one moment, and as
an upper bound the largest resident size of each, whenever that was.
"""

import subprocess
import sys
import time
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from threading import Thread

from benchmarks.reports import Page, pages, parsed_page
from output.cache import RowCache, cache_key, encode
from output.pipeline import build
from output.reading import hints_of

PROCESSES = 2
_PAUSE_SECONDS = 0.2
_PARSED = 400
"""Pages that are really parsed."""


@dataclass
class Weight:
    """Megabytes of a process and its descendants while they ran."""

    reading: float = 0.0
    """Largest sum of PSS while documents were read."""
    after: float = 0.0
    """Largest sum of PSS from then on."""
    each: float = 0.0
    """Largest resident size of every process, added up whether or not they reached it together."""


def measure_memory(folder: Path, count: int) -> None:
    """Prepare a data folder unless it is, build its dataset, print what the processes weighed."""
    if not Path("/proc/self/smaps_rollup").is_file():
        sys.exit("--memory reads /proc/PID/smaps_rollup, which this system does not have")
    prepare(folder, count)
    # Not a fork and not `multiprocessing`, whose processes would load what this one has loaded.
    code = f"from benchmarks.memory import run_build; run_build({str(folder)!r}, {count})"
    start = time.perf_counter()
    process = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True)
    weight = _watch(process, count)
    seconds = time.perf_counter() - start
    if process.returncode:
        sys.exit(f"the build ended with {process.returncode}")
    size = sum(path.stat().st_size for path in (folder / "dataset").iterdir()) / 2**20
    print(f"{count:,} reports in {seconds:.0f} s, {size:,.0f} MB on disk")
    print(f"all processes together: {max(weight.reading, weight.after):.0f} MB PSS at most")
    print(f"  while documents were read, {PROCESSES} processes beside: {weight.reading:.0f} MB")
    print(f"  checks across reports, panel, files: {weight.after:.0f} MB")
    print(f"largest resident sizes of all processes, added up: {weight.each:.0f} MB")


def prepare(folder: Path, count: int) -> None:
    """Put the rows of reports into the cache of a data folder; those that are there stay."""
    start = time.perf_counter()
    with RowCache(folder) as cache:
        for number in range(count):
            page = Page(number)
            key = cache_key(page.sha256, hints_of(page))  # type: ignore[arg-type]
            if not _is_parsed(number, count) and cache.get(key) is None:
                cache.put(key, encode(parsed_page(number)))
    print(f"cache of {count:,} reports: {time.perf_counter() - start:.0f} s", file=sys.stderr)


def _is_parsed(number: int, count: int) -> bool:
    """Pages to be parsed come in pairs, so that both processes are at work."""
    return number % (PROCESSES * -(-count // _PARSED)) < PROCESSES


def documents(count: int) -> Iterator[Page]:
    """Yield the documents of a data folder; those to be parsed have bytes that no build has read yet."""
    bodies = pages(_PARSED)
    for number in range(count):
        page = Page(number)
        if _is_parsed(number, count):
            fresh = f"<!-- {time.time_ns()} -->".encode()
            page = replace(page, data=next(bodies).data + fresh)
        yield page


def run_build(folder: str, count: int) -> None:
    """Build the dataset; tell on stdout how many documents are read."""

    def progress(done: int) -> None:
        if done % 1_000 == 0 or done == count:
            print(done, flush=True)

    build(Path(folder), documents=documents(count), jobs=PROCESSES, accept_losses=True, progress=progress)  # type: ignore[arg-type]


def _watch(process: subprocess.Popen[str], count: int) -> Weight:
    """Weigh a process and its descendants until it ends."""
    weight = Weight()
    largest: dict[int, float] = {}
    said: list[int] = [0]

    def listen() -> None:
        assert process.stdout is not None
        said.extend(int(line) for line in process.stdout)

    Thread(target=listen, daemon=True).start()
    shown, start = 0, time.perf_counter()
    while process.poll() is None:
        done = said[-1]
        sizes = {pid: _megabytes(pid) for pid in [process.pid, *_descendants(process.pid)]}
        together = sum(pss for pss, _ in sizes.values())
        largest |= {pid: max(rss, largest.get(pid, 0.0)) for pid, (_, rss) in sizes.items()}
        if done < count:
            weight.reading = max(weight.reading, together)
        else:
            weight.after = max(weight.after, together)
        if 10 * done // count > shown:
            shown = 10 * done // count
            each = " + ".join(f"{pss:.0f}" for pss, _ in sizes.values())
            seconds = time.perf_counter() - start
            print(f"{done:9,} read {seconds:6.0f} s {together:6.0f} MB = {each}", file=sys.stderr)
        time.sleep(_PAUSE_SECONDS)
    weight.each = sum(largest.values())
    return weight


def _descendants(pid: int) -> Iterable[int]:
    with suppress(OSError):
        for children in Path(f"/proc/{pid}/task").glob("*/children"):
            for child in children.read_text().split():
                yield int(child)
                yield from _descendants(int(child))


def _megabytes(pid: int) -> tuple[float, float]:
    """Return (PSS, largest resident size so far) of a process, zeros when it is gone."""
    pss = peak = 0
    with suppress(OSError):
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                pss = int(line.split()[1])
        for line in Path(f"/proc/{pid}/status").read_text().splitlines():
            if line.startswith("VmHWM:"):
                peak = int(line.split()[1])
    return pss / 1024, peak / 1024
