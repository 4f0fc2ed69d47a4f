"""A run: every portal of the file, hosts side by side, each host one request at a time."""

import json
import threading
import time
import traceback
from collections.abc import Callable, Container, Sequence
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import httpx

from scraper.addresses import host_of
from scraper.errors import ScraperError
from scraper.fetch import DEFAULT_LIMITS, Limits, user_agent
from scraper.guard import AddressPolicy, Resolver, resolve
from scraper.listing import Selection
from scraper.network import Log, Network
from scraper.politeness import PORTAL_TIME, Pace
from scraper.portal_run import PortalRun, Progress
from scraper.portals import Portal, PortalsFile, load_portals
from scraper.report import PortalReport
from scraper.runlock import RunLock
from scraper.status import write_failed
from scraper.store import Store

MOST_HOSTS = 8
MOST_HOSTS_AT_NIGHT = 2


@dataclass(frozen=True, slots=True)
class CrawlSummary:
    """What a run did; `is_failed` asks for exit code 3, `interrupted` for 130."""

    run_id: int
    started_at: datetime
    ended_at: datetime
    interrupted: bool
    portals: tuple[PortalReport, ...]

    @property
    def is_failed(self) -> bool:
        """Whether any portal, list or page failed."""
        return any(report.is_failed for report in self.portals)


def _now() -> datetime:
    return datetime.now(UTC)


def crawl(
    portals: PortalsFile | Path | str,
    data_dir: Path | str,
    *,
    clock: Callable[[], datetime] = _now,
    sleep: Callable[[float], None] | None = None,
    years: tuple[int, int] | None = None,
    only: Sequence[str] = (),
    deep: bool = False,
    window_days: int | None = None,
    lists_only: bool = False,
    transport: httpx.BaseTransport | None = None,
    resolver: Resolver = resolve,
    pace: Pace | None = None,
    limits: Limits = DEFAULT_LIMITS,
    most_hosts: int = MOST_HOSTS,
    progress: Callable[[Progress], None] | None = None,
    log: Log = lambda event, values: None,
) -> CrawlSummary:
    """Fetch what is new or due into archive and ledger of a data folder, and say what became of it.

    `clock` gives the instant for dates and windows; gaps between requests run on real time through `sleep`
    (seconds). `years` keeps reports of those years (both included; rows without a year stay in). `only` names
    portal ids. With `lists_only` no page is fetched: the lists say what is due. Raises `PortalsFileError`,
    `FolderBusyError`, `StorageError`; an interrupt (Ctrl-C) ends the run with everything committed, and the
    next run goes on.
    """
    file = portals if isinstance(portals, PortalsFile) else load_portals(portals)
    chosen = _choose(file, only)

    def utc() -> datetime:  # the ledger compares instants as text
        return clock().astimezone(UTC)

    with RunLock(data_dir, utc):
        store = Store(data_dir, utc)
        try:
            stop = threading.Event()
            network = Network(
                store=store,
                policy=AddressPolicy(file.network.allow_private_hosts, resolver),
                clock=utc,
                agent=user_agent(file.network.contact),
                stop=stop,
                sleep=sleep or _sleep_until(stop),
                timer=time.time,
                pace=pace or Pace(),
                limits=limits,
                transport=transport,
                log=log,
            )
            selection = Selection(years, window_days, deep, lists_only)
            hosts = hosts_side_by_side(chosen, most_hosts, file.network.allow_private_hosts, utc())
            summary = _Run(network, chosen, selection, progress).run(hosts)
            write_failed(store.ledger, Path(data_dir))
            return summary
        finally:
            store.close()


def hosts_side_by_side(portals: Sequence[Portal], most: int, allowed: Container[str], now: datetime) -> int:
    """Return how many hosts may be visited at once: few at night, unless all are the operator's own."""
    is_night = now.astimezone(PORTAL_TIME).hour < 6
    is_public = any(host_of(url) not in allowed for portal in portals for url in portal.start)
    return min(most, MOST_HOSTS_AT_NIGHT) if is_night and is_public else most


def _sleep_until(stop: threading.Event) -> Callable[[float], None]:
    """Return a sleep that ends early when the run is to stop."""

    def sleep(seconds: float) -> None:
        stop.wait(seconds)

    return sleep


def _choose(file: PortalsFile, only: Sequence[str]) -> list[Portal]:
    known = {portal.id for portal in file.portals}
    unknown = [identifier for identifier in only if identifier not in known]
    if unknown:
        raise ScraperError(
            f"{file.path}: no portal with id {', '.join(unknown)} (there are: {', '.join(known)})"
        )
    return [portal for portal in file.portals if not only or portal.id in only]


class _Run:
    """The threads of one run."""

    def __init__(
        self, network: Network, portals: list[Portal], selection: Selection,
        progress: Callable[[Progress], None] | None,
    ) -> None:  # fmt: skip
        self._network, self._portals = network, portals
        self._selection, self._progress = selection, progress
        self._reports: dict[str, PortalReport] = {}
        self._maintained: dict[str, PortalRun] = {}
        self._begun: set[str] = set()
        self._run_id = 0

    def run(self, most_hosts: int) -> CrawlSummary:
        """Crawl all portals; an error of the store ends the run, an error of a portal does not."""
        store, started = self._network.store, self._network.clock()
        with store.ledger.transaction():
            store.ledger.execute("UPDATE runs SET state = 'abandoned' WHERE state = 'running'")
            self._run_id = store.ledger.execute(
                "INSERT INTO runs (started_at) VALUES (?)", (started.isoformat(),)
            )
            for portal in self._portals:
                store.ledger.execute(
                    "INSERT OR REPLACE INTO portals VALUES (?,?,?)",
                    (portal.id, portal.name, portal.region_code),
                )
        self._network.log("run_started", {"run": self._run_id, "portals": len(self._portals)})
        with ThreadPoolExecutor(max_workers=most_hosts, thread_name_prefix="host") as executor:
            interrupted = self._work(executor, self._portals, self._crawl)
            if self._maintained and not interrupted:
                again = [run.portal for run in self._maintained.values()]
                interrupted = self._work(executor, again, self._repeat)
        ended = self._network.clock()
        with store.ledger.transaction():
            store.ledger.execute(
                "UPDATE runs SET ended_at = ?, state = ? WHERE id = ?",
                (ended.isoformat(), "interrupted" if interrupted else "done", self._run_id),
            )
        self._network.log("run_ended", {"run": self._run_id, "interrupted": interrupted})
        reports = tuple(self._reports[portal.id] for portal in self._portals if portal.id in self._reports)
        return CrawlSummary(self._run_id, started, ended, interrupted, reports)

    def _work(
        self, executor: ThreadPoolExecutor, portals: list[Portal], work: Callable[[list[Portal]], None]
    ) -> bool:
        """Work on groups of portals side by side; an error of the store stops all.

        Returns whether the operator interrupted.
        """
        groups = {executor.submit(work, group): group for group in _by_host(portals)}
        interrupted, pending = False, set(groups)
        while pending:
            try:
                done, pending = wait(pending, timeout=0.2, return_when=FIRST_COMPLETED)
                if any(_ends_the_run(future.exception()) for future in done):
                    self._network.stop.set()
            except KeyboardInterrupt:
                interrupted = True
                self._network.stop.set()
        for future, group in groups.items():
            if (error := future.exception()) is not None:
                self._note_failure(group, error)
        return interrupted

    def _note_failure(self, group: list[Portal], error: BaseException) -> None:
        """Report portals that ended in an error of ours; an error of the store is the run's and raised.

        What one portal sends must never keep the others from being read.
        """
        if _ends_the_run(error):
            raise error
        place = traceback.extract_tb(error.__traceback__)[-1]
        message = f"{type(error).__name__}: {error} ({Path(place.filename).name}:{place.lineno})"
        for portal in group:
            if portal.id in self._begun or portal.id not in self._reports:
                self._network.log("portal_failed", {"portal": portal.id, "error": message,
                                                    "trace": traceback.format_exception(error)})  # fmt: skip
                self._keep(PortalReport(portal.id, portal.name, error=message))

    def _crawl(self, group: list[Portal]) -> None:
        """Crawl the portals of one host; each portal's report is kept at once."""
        for portal in group:
            if self._network.stop.is_set():
                return
            self._network.log("portal_started", {"portal": portal.id})
            self._begun.add(portal.id)
            run = PortalRun(portal, self._network, self._run_id, self._selection, self._progress)
            report = run.run()
            if not report.interrupted and run.wants_repeat():
                self._maintained[portal.id] = run
            self._finish(report)

    def _repeat(self, group: list[Portal]) -> None:
        """Go back to portals that were being maintained; what they say now is their report."""
        for portal in group:
            self._network.log("portal_repeated", {"portal": portal.id})
            self._begun.add(portal.id)
            self._finish(self._maintained[portal.id].repeat())

    def _finish(self, report: PortalReport) -> None:
        for alarm in report.alarms:
            self._network.log("alarm", {"portal": report.portal_id, "alarm": alarm})
        counts = ("group", "found", "new", "changed", "removed", "due", "requests", "bytes")
        self._network.log(
            "portal_ended", {"portal": report.portal_id} | {n: getattr(report, n) for n in counts}
        )
        self._keep(report)
        self._begun.discard(report.portal_id)

    def _keep(self, report: PortalReport) -> None:
        self._reports[report.portal_id] = report
        text = json.dumps(report.as_dict(), ensure_ascii=False, sort_keys=True)
        ledger = self._network.store.ledger
        with ledger.transaction():
            ledger.execute(
                "INSERT OR REPLACE INTO portal_runs VALUES (?,?,?)", (self._run_id, report.portal_id, text)
            )


def _ends_the_run(error: BaseException | None) -> bool:
    """Return whether an error concerns all portals: one of the store, or somebody's wish to stop."""
    return error is not None and (isinstance(error, ScraperError) or not isinstance(error, Exception))


def _by_host(portals: Sequence[Portal]) -> list[list[Portal]]:
    """Group portals that share a host: they are crawled one after another."""
    groups: list[tuple[set[str], list[Portal]]] = []
    for portal in portals:
        hosts, members = {host_of(url) for url in portal.start}, [portal]
        apart = []
        for other_hosts, other_members in groups:
            if other_hosts & hosts:
                hosts |= other_hosts
                members = other_members + members
            else:
                apart.append((other_hosts, other_members))
        groups = [*apart, (hosts, members)]
    return [members for _, members in groups]
