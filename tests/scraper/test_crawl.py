"""Whole runs against the portal farm: what is found, what a second run asks, what each fault ends in."""

import json
import sqlite3
import threading
import urllib.request
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from warcio.archiveiterator import ArchiveIterator

from fixtures.farm import Farm
from scraper.crawl import CrawlSummary, crawl
from scraper.errors import FolderBusyError, ScraperError
from scraper.portals import PortalsFile, load_portals
from scraper.runlock import RunLock
from scraper.status import status
from scraper.stored import StoredDocument, iter_documents
from tests.scraper.conftest import FAST, SMALL


class FarmDesk:
    """A running farm with its control port."""

    def __init__(self, farm: Farm) -> None:
        self._announced = farm.announcement()
        file = load_portals(self._announced["portals_file"])
        quick = [portal.model_copy(update={"delay_seconds": 0.0}) for portal in file.portals]
        self.portals: PortalsFile = file.model_copy(update={"portal": quick})

    def call(self, method: str, path: str, body: dict[str, Any] | None = None) -> Any:
        data = json.dumps(body).encode() if body is not None else None
        request = urllib.request.Request(self._announced["control"] + path, data, method=method)
        with urllib.request.urlopen(request) as answer:
            return json.load(answer)

    def now(self) -> datetime:
        return datetime.fromisoformat(self.call("GET", "/state")["now"]).astimezone(UTC)

    def truth(self) -> dict[str, dict[str, Any]]:
        """Reports online now, by address."""
        hosts = self.call("GET", "/truth")["hosts"]
        return {
            report["url"]: report for host in hosts for report in host["reports"] if report["state"] == "live"
        }

    def asked(self) -> list[str]:
        """Paths asked for since the log was emptied."""
        entries = self.call("GET", "/log")
        return [entry["path"] for entry in (entries["entries"] if isinstance(entries, dict) else entries)]

    def run(self, data_dir: Path, **options: Any) -> CrawlSummary:
        now = self.now()
        self.call("DELETE", "/log")
        return crawl(self.portals, data_dir, clock=lambda: now, pace=FAST, limits=SMALL, **options)

    def fault(self, switch: str, value: str, path: str = "*", host: str = "trs-a", **more: Any) -> None:
        self.call("POST", "/fault", {"host": host, "switch": switch, "value": value, "path": path, **more})


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[FarmDesk]:
    with Farm("tiny", ["trs-a", "trs-b", "trs-c"], tmp_path / "farm") as farm:
        yield FarmDesk(farm)


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FarmDesk]:
    """One host for all tests that put a fault on it and take it off again."""
    with Farm("tiny", ["trs-a"], tmp_path_factory.mktemp("farm")) as farm:
        yield FarmDesk(farm)


def documents(data_dir: Path) -> list[StoredDocument]:
    return list(iter_documents(data_dir))


def rows(data_dir: Path, query: str) -> list[tuple[Any, ...]]:
    with closing(sqlite3.connect(data_dir / "state.sqlite")) as db:
        return db.execute(query).fetchall()


def test_every_report_is_found_and_no_noise_is_fetched(desk: FarmDesk, data_dir: Path) -> None:
    summary = desk.run(data_dir)
    assert not summary.is_failed, [report.as_dict() for report in summary.portals]
    found = documents(data_dir)
    truth = desk.truth()
    assert {document.url for document in found} == set(truth)
    assert {document.list_title for document in found} == {report["title"] for report in truth.values()}
    noise = [entry["url"] for host in desk.call("GET", "/truth")["hosts"] for entry in host["noise"]]
    asked = desk.asked()
    assert noise
    assert not any(url.endswith(path) for url in noise for path in asked if path.count("/") > 1)
    assert sum(report.rows_skipped["not_report"] for report in summary.portals) == len(noise)
    assert len(asked) == len(set(asked)) + asked.count("/robots.txt") - 1


def test_documents_carry_their_bytes_and_their_place(desk: FarmDesk, data_dir: Path) -> None:
    desk.run(data_dir)
    found = documents(data_dir)
    keys = [(document.portal_id, document.url, document.version) for document in found]
    assert keys == sorted(keys)
    for document in found:
        path = data_dir / "archive" / document.warc_file
        with path.open("rb") as file:
            file.seek(document.warc_offset)
            record = next(iter(ArchiveIterator(file)))
            assert record.rec_headers.get_header("WARC-Target-URI") == document.url
        assert b"<html" in document.body()
        assert document.fetched_at == document.last_seen_at == desk.now().isoformat()
        assert (document.version, document.is_current, document.removed_at) == (1, True, None)
        assert document.region_code is not None
        assert document.region_code.startswith("99")


def test_a_second_run_at_the_same_instant_downloads_no_report_again(desk: FarmDesk, data_dir: Path) -> None:
    desk.run(data_dir)
    before = documents(data_dir)
    size = sum(path.stat().st_size for path in (data_dir / "archive").iterdir())
    summary = desk.run(data_dir)
    entries = desk.call("GET", "/log")
    statuses = [entry["status"] for entry in (entries["entries"] if isinstance(entries, dict) else entries)]
    assert set(statuses) == {304}
    assert documents(data_dir) == before
    assert [(report.new, report.changed, report.group) for report in summary.portals] == [
        (0, 0, "unchanged")
    ] * 3
    records = rows(data_dir, "SELECT DISTINCT record FROM fetches WHERE run_id = 2")
    assert records == [("revisit",)]
    assert sum(path.stat().st_size for path in (data_dir / "archive").iterdir()) < 2 * size
    assert "/robots.txt" not in desk.asked()


def test_a_month_later_the_new_reports_are_fetched_and_nothing_else(desk: FarmDesk, data_dir: Path) -> None:
    desk.run(data_dir)
    known = set(desk.truth())
    desk.call("POST", "/clock", {"advance_days": 40})
    summary = desk.run(data_dir)
    new = set(desk.truth()) - known
    assert new
    assert sum(report.new for report in summary.portals) == len(new)
    corrected = [report for report in desk.truth().values() if len(report["versions"]) > 1]
    assert sum(report.changed for report in summary.portals) == len(corrected)
    assert {document.url for document in documents(data_dir)} == known | new


def test_a_silently_replaced_report_becomes_a_second_version(shared: FarmDesk, data_dir: Path) -> None:
    shared.run(data_dir)
    url = documents(data_dir)[0].url
    path = "/" + url.split("/", 3)[3]
    shared.fault("charset_header", "utf8", path)  # other headers, same words: no new version
    shared.run(data_dir)
    shared.call("DELETE", "/fault")
    assert [document.version for document in documents(data_dir) if document.url == url] == [1]
    with closing(sqlite3.connect(data_dir / "state.sqlite")) as db, db:
        db.execute("UPDATE versions SET fingerprint = 'of other words', sha256 = 'of other bytes'")
        db.execute("UPDATE pages SET etag = NULL, last_modified = NULL, due = 1 WHERE url = ?", (url,))
    summary = shared.run(data_dir)
    assert (summary.portals[0].changed, summary.portals[0].new) == (1, 0)
    both = [document for document in documents(data_dir) if document.url == url]
    assert [(document.version, document.is_current) for document in both] == [(1, False), (2, True)]


def test_a_page_is_removed_after_two_runs_a_day_apart(desk: FarmDesk, data_dir: Path) -> None:
    desk.run(data_dir)
    url = next(document.url for document in documents(data_dir) if document.portal_id == "trs-a")
    desk.fault("status", "404", "/" + url.split("/", 3)[3])
    first = desk.now()
    assert desk.run(data_dir).portals[0].removed == 0
    assert desk.run(data_dir).portals[0].removed == 0
    desk.call("POST", "/clock", {"advance_days": 1})
    assert desk.run(data_dir).portals[0].removed == 1
    gone = next(document for document in documents(data_dir) if document.url == url)
    assert (gone.removed_at, gone.is_current) == (first.isoformat(), True)
    assert b"<html" in gone.body()
    desk.call("DELETE", "/fault")
    desk.call("POST", "/clock", {"advance_days": 40})
    desk.run(data_dir)
    assert next(document for document in documents(data_dir) if document.url == url).removed_at is None


def test_nothing_is_removed_while_a_host_shuts_us_out(desk: FarmDesk, data_dir: Path) -> None:
    desk.run(data_dir)
    desk.fault("fence", "404")
    for _ in range(3):
        summary = desk.run(data_dir)
        assert summary.portals[0].removed == 0
        desk.call("POST", "/clock", {"advance_days": 2})
    assert summary.portals[0].fence_suspected
    assert all(document.removed_at is None for document in documents(data_dir))
    assert rows(data_dir, "SELECT count(*) FROM pages WHERE missing_since IS NOT NULL") == [(0,)]


DETAIL = "/zwgk/*/t2*"


@pytest.mark.parametrize("value", ["deny", "500"])
def test_robots_that_forbid_are_obeyed(shared: FarmDesk, data_dir: Path, value: str) -> None:
    shared.fault("robots", value)
    summary = shared.run(data_dir)
    shared.call("DELETE", "/fault")
    assert set(shared.asked()) == {"/robots.txt"}
    assert summary.portals[0].outcomes == {"robots_denied": 1}
    assert "robots_denied" in next(iter(summary.portals[0].failed_lists.values()))


def test_the_third_refusal_leaves_the_host_and_keeps_the_rest_due(shared: FarmDesk, data_dir: Path) -> None:
    shared.fault("status", "429", DETAIL)
    summary = shared.run(data_dir)
    shared.call("DELETE", "/fault")
    report = summary.portals[0]
    assert len([path for path in shared.asked() if "/t20" in path]) == 3
    assert report.failed == {"rate_limited": 1}
    assert report.due == 3
    assert list(report.stopped_hosts.values()) == ["3 refusals"]
    assert not shared.run(data_dir).is_failed
    assert {document.url for document in documents(data_dir)} == set(shared.truth())


def test_a_failed_list_is_an_incomplete_list_and_loses_nothing(desk: FarmDesk, data_dir: Path) -> None:
    desk.run(data_dir)
    before = len(documents(data_dir))
    desk.fault("status", "500", "/zfxxgk/xxgknb/index*", host="trs-b")
    report = next(report for report in desk.run(data_dir).portals if report.portal_id == "trs-b")
    assert (report.coverage, report.is_failed) == ("incomplete", True)
    assert len(documents(data_dir)) == before


def test_years_narrow_what_is_taken(desk: FarmDesk, data_dir: Path) -> None:
    summary = desk.run(data_dir, years=(2024, 2025))
    expected = {url for url, report in desk.truth().items() if report["fiscal_year"] in (2024, 2025)}
    assert {document.url for document in documents(data_dir)} == expected
    assert sum(report.rows_skipped["other_year"] for report in summary.portals) > 0
    desk.run(data_dir)
    assert {document.url for document in documents(data_dir)} == set(desk.truth())


def test_only_names_portals_and_an_unknown_name_is_an_error(desk: FarmDesk, data_dir: Path) -> None:
    summary = desk.run(data_dir, only=["trs-b"])
    assert [report.portal_id for report in summary.portals] == ["trs-b"]
    with pytest.raises(ScraperError, match="no portal with id nowhere"):
        desk.run(data_dir, only=["nowhere"])


def test_a_family_is_recognised(desk: FarmDesk, data_dir: Path) -> None:
    changed = [portal.model_copy(update={"family": "auto"}) for portal in desk.portals.portal]
    desk.portals = desk.portals.model_copy(update={"portal": changed})
    for report in desk.run(data_dir).portals:
        assert report.new > 0
        assert all(family.startswith("trs (") for family in report.families.values())
    assert {document.url for document in documents(data_dir)} == set(desk.truth())


def test_a_second_run_in_the_same_folder_changes_nothing(shared: FarmDesk, data_dir: Path) -> None:
    with RunLock(data_dir), pytest.raises(FolderBusyError):
        shared.run(data_dir)
    assert not (data_dir / "state.sqlite").exists()


def test_an_interrupted_run_goes_on_where_it_stopped(shared: FarmDesk, data_dir: Path) -> None:
    from scraper.portal_run import Progress

    def interrupt(step: Progress) -> None:
        if step.done == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        shared.run(data_dir, progress=interrupt)
    assert len(documents(data_dir)) == 2
    assert threading.active_count() < 20
    assert not shared.run(data_dir).is_failed
    assert {document.url for document in documents(data_dir)} == set(shared.truth())


def test_status_tells_the_last_run_of_every_portal(desk: FarmDesk, data_dir: Path) -> None:
    desk.run(data_dir)
    desk.run(data_dir, only=["trs-a"])
    report = status(data_dir)
    assert (report.runs, report.due, report.failed) == (2, 0, ())
    assert [(portal["portal_id"], portal["run_id"]) for portal in report.portals] == [
        ("trs-a", 2), ("trs-b", 1), ("trs-c", 1)
    ]  # fmt: skip
    assert all(portal["last_success_at"] for portal in report.portals)
    json.dumps(report.as_dict())


def test_what_happens_is_logged_and_what_failed_has_a_file(shared: FarmDesk, data_dir: Path) -> None:
    events: list[tuple[str, dict[str, object]]] = []
    shared.fault("status", "410", DETAIL)
    shared.run(data_dir, log=lambda event, values: events.append((event, values)))
    shared.call("DELETE", "/fault")
    names = [event for event, _ in events]
    assert names[:2] == ["run_started", "portal_started"]
    assert names[-2:] == ["portal_ended", "run_ended"]
    fetched = [str(values["url"]) for event, values in events if event == "fetch"]
    assert len(fetched) == len(shared.asked())
    lines = (data_dir / "failed.jsonl").read_text(encoding="utf-8").splitlines()
    failed = [json.loads(line) for line in lines]
    assert {entry["url"] for entry in failed} == set(shared.truth())
    assert {(entry["kind"], entry["outcome"], entry["detail"]) for entry in failed} == {
        ("page", "gone", "http_410")
    }
    shared.run(data_dir)
    status_now = status(data_dir)
    assert status_now.failed == ()
    assert Path(status_now.failed_file).read_text(encoding="utf-8") == ""
