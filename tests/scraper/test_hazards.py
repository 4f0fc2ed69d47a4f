"""Every hazard of the farm: the outcome it ends in, and that nothing of it becomes a document."""

import sqlite3
import tracemalloc
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from fixtures.farm import Farm
from fixtures.farm.faults import SWITCHES
from scraper.crawl import crawl
from scraper.families.base import EndReason
from scraper.portals import load_portals
from scraper.status import status
from scraper.stored import iter_documents
from tests.scraper.conftest import FAST, SMALL
from tests.scraper.families.farmed import FarmHost, found_in

EVERYWHERE = "*"
PATIENT = SMALL._replace(read_seconds=5.0, total_seconds=20.0, body_bytes=2_000_000)
HASTY = PATIENT._replace(read_seconds=0.8, total_seconds=1.6)

# switch, value, outcome, detail (None: whatever it is)
REFUSALS = [
    ("soft404", "title", "soft_404", "title"),
    ("soft404", "home", "soft_404", "home"),
    ("soft404", "redirect_home", "soft_404", "redirect_home"),
    ("soft404", "json", "soft_404", "json_error"),
    ("jsl", "always", "js_challenge", "jsl"),
    ("rs", "412", "js_challenge", "rs"),
    ("rs", "202", "js_challenge", "rs"),
    ("cookie_bounce", "script", "cookie_bounce", "script"),
    ("cookie_bounce", "loop", "cookie_bounce", "loop"),
    ("waf", "200", "waf_block", "网站防火墙"),
    ("waf", "403", "waf_block", "网站防火墙"),
    ("waf", "405", "waf_block", "网站防火墙"),
    ("encoding", "cut", "bad_body", None),
    ("encoding", "bomb", "too_large", "more than 2000000 bytes after decompression"),
    ("latency", "2", "timeout", "read"),
    ("drip", "300", "timeout", None),
    ("reset", "", "connection_error", None),
    ("short_body", "50", "connection_error", "short_body"),
    ("status", "404", "gone", "http_404"),
    ("status", "502", "server_error", "http_502"),
    ("maintenance", "200", "maintenance", "http_200"),
    ("maintenance", "503", "maintenance", "http_503"),
    ("ua_reset", "Mozilla", "connection_error", None),
]
# What keeps a whole host from being read: the word stands beside its first list.
CLOSED = [
    ("jsl", "always", EVERYWHERE, "js_challenge jsl"),
    ("rs", "412", EVERYWHERE, "js_challenge rs"),
    ("rs", "202", EVERYWHERE, "js_challenge rs"),
    ("cookie_bounce", "script", EVERYWHERE, "cookie_bounce script"),
    ("cookie_bounce", "loop", EVERYWHERE, "cookie_bounce loop"),
    ("waf", "403", EVERYWHERE, "waf_block 网站防火墙"),
    ("maintenance", "503", EVERYWHERE, "maintenance http_503"),
    ("reset", "", EVERYWHERE, "connection_error"),
    ("soft404", "title", EVERYWHERE, "soft_404 title"),
    ("robots", "deny", EVERYWHERE, "robots_denied disallow"),
    ("robots", "500", EVERYWHERE, "robots_denied robots.txt unreachable: http_500"),
    ("fence", "403", EVERYWHERE, "waf_block"),
    ("fence", "hang", EVERYWHERE, "timeout read"),
    ("rate", "n=1 period=60 mode=tarpit", "/zwgk/*", "empty_shell"),
]
HARMLESS = [
    ("jsl", "first_hit"), ("cookie_bounce", "redirect"), ("charset_header", "none"),
    ("charset_header", "utf8"), ("charset_header", "gbk"), ("charset_header", "iso"),
    ("encoding", "force_gzip"), ("encoding", "deflate_raw"), ("encoding", "deflate_zlib"),
    ("links", "off-site"), ("links", "private"), ("links", "dirty"), ("template", "2"),
    ("robots", "allow"), ("robots", "404"), ("robots", "html"), ("robots", "big"), ("weak_etag", ""),
    ("noise", "on"), ("latency", "0.05"), ("drip", "400000"),
]  # fmt: skip
"""What looks odd and hides nothing: all reports are found all the same."""
ELSEWHERE = {
    "always_304", "attachment", "site_version", "overrun", "total_moves",  # below
    "page2_404", "index_base", "annual_jsp", "empty54", "need_referer", "perpage_cap", "xxgk_get",  # families
}  # fmt: skip


@pytest.fixture(scope="module")
def host(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FarmHost]:
    with Farm("tiny", ["trs-a"], tmp_path_factory.mktemp("hazards")) as farm:
        yield FarmHost(farm, "trs-a")


def read(data_dir: Path, query: str) -> list[tuple[Any, ...]]:
    with closing(sqlite3.connect(data_dir / "state.sqlite")) as db:
        return db.execute(query).fetchall()


def path_of(url: str) -> str:
    return "/" + url.split("/", 3)[3]


def outcomes(data_dir: Path, purpose: str) -> set[tuple[str, str | None]]:
    """Every (outcome, detail) of that kind of request, redirects left out."""
    rows = read(data_dir, f"SELECT outcome, detail FROM fetches WHERE purpose = '{purpose}'")
    return {(word, detail) for word, detail in rows if word != "redirected"}


def test_every_switch_of_the_farm_is_tried() -> None:
    tried = {row[0] for rows in (REFUSALS, CLOSED, HARMLESS) for row in rows}
    assert tried | ELSEWHERE == SWITCHES


@pytest.mark.parametrize(("switch", "value", "outcome", "detail"), REFUSALS)
def test_a_page_that_is_refused_has_its_outcome_and_is_no_document(
    host: FarmHost, data_dir: Path, switch: str, value: str, outcome: str, detail: str | None
) -> None:
    refused = sorted(host.titles)[-1]
    host.farm.clear_faults()
    host.farm.add_fault("trs-a", switch, value, path=path_of(refused))
    limits = HASTY if outcome == "timeout" else PATIENT
    report = host.run(data_dir, limits=limits)
    host.farm.clear_faults()
    found = {word: reason for word, reason in outcomes(data_dir, "page") if word != "ok"}
    assert set(found) == {outcome}
    assert detail is None or found == {outcome: detail}
    assert report.is_failed
    assert report.failed == {outcome: 1}
    assert {entry.outcome for entry in status(data_dir).failed} == {outcome}
    assert set(found_in(data_dir)) == set(host.titles) - {refused}
    versions = read(data_dir, "SELECT count(*) FROM versions v JOIN pages p ON p.id = v.page_id"
                              " WHERE p.outcome NOT IN ('ok', 'not_modified')")  # fmt: skip
    assert versions == [(0,)]


LIMITS = [
    ("429", "rate_limited", "http_429"),
    ("403", "rate_limited", "http_403"),
    ("index200", "soft_404", "home"),
]


@pytest.mark.parametrize(("mode", "outcome", "detail"), LIMITS)
def test_what_comes_after_a_burst_is_no_document(
    host: FarmHost, data_dir: Path, mode: str, outcome: str, detail: str
) -> None:
    host.farm.clear_faults()
    host.farm.add_fault("trs-a", "rate", f"n=1 period=60 mode={mode}", path="/zwgk/*/t2*")
    report = host.run(data_dir)
    host.farm.clear_faults()
    assert outcomes(data_dir, "page") == {("ok", None), (outcome, detail)}
    assert set(report.failed) == {outcome}
    assert len(found_in(data_dir)) == 1
    assert host.run(data_dir).is_failed is False
    assert set(found_in(data_dir)) == set(host.titles)


@pytest.mark.parametrize(("switch", "value", "path", "detail"), CLOSED)
def test_a_host_that_is_closed_says_how(
    host: FarmHost, data_dir: Path, switch: str, value: str, path: str, detail: str
) -> None:
    host.farm.clear_faults()
    host.farm.add_fault("trs-a", switch, value, path=path)
    report = host.run(data_dir, limits=HASTY if value == "hang" else PATIENT)
    host.farm.clear_faults()
    assert report.is_failed
    assert report.coverage == "incomplete"
    assert any(detail in said for said in report.failed_lists.values()), report.failed_lists
    assert found_in(data_dir) == {}


@pytest.mark.parametrize(("switch", "value"), HARMLESS)
def test_what_only_looks_odd_is_read_all_the_same(
    host: FarmHost, data_dir: Path, switch: str, value: str
) -> None:
    host.farm.clear_faults()
    everywhere = switch in ("links", "template", "robots", "charset_header", "encoding", "noise")
    path = EVERYWHERE if everywhere else path_of(sorted(host.titles)[0])
    host.farm.add_fault("trs-a", switch, value, path=path)
    report = host.run(data_dir, limits=PATIENT)
    host.farm.clear_faults()
    assert set(found_in(data_dir)) >= set(host.titles)
    assert not report.failed_lists
    if switch == "links":  # a dirty link is asked for once, as it resolves, and is gone
        assert set(report.failed) <= {"gone"}
        assert set(found_in(data_dir)) == set(host.titles)


def test_the_third_refusal_leaves_the_host_and_a_fence_is_suspected(host: FarmHost, data_dir: Path) -> None:
    host.run(data_dir / "known")
    for value, outcome in (("403", "waf_block"), ("404", "gone")):
        host.farm.clear_faults()
        host.farm.add_fault("trs-a", "fence", value)
        folder = data_dir / "known" if value == "404" else data_dir
        report = host.run(folder)
        host.farm.clear_faults()
        assert report.fence_suspected
        last = read(folder, "SELECT outcome, detail FROM fetches WHERE run_id = (SELECT max(id) FROM runs)"
                            " AND purpose = 'list'")  # fmt: skip
        assert set(last) == {(outcome, "fence_suspected")}
    assert set(found_in(data_dir / "known")) == set(host.titles)


def test_retry_after_is_obeyed(host: FarmHost, data_dir: Path) -> None:
    host.farm.clear_faults()
    host.farm.add_fault("trs-a", "rate", "n=3 period=0.3 retry_after=1 mode=429")
    report = host.run(data_dir, pace=replace(FAST, longest_retry_after=5.0, refusals=100))
    host.farm.clear_faults()
    log = host.farm.log("trs-a")
    waits = [later["t0"] - one["t1"] for one, later in pairwise(log) if one["status"] == 429]
    assert waits
    assert min(waits) >= 0.95
    assert not report.failed
    assert set(found_in(data_dir)) == set(host.titles)


def test_crawl_delay_raises_the_gap(host: FarmHost, data_dir: Path) -> None:
    host.farm.clear_faults()
    host.farm.add_fault("trs-a", "robots", "delay 0.3")
    host.run(data_dir)
    host.farm.clear_faults()
    # An answer that a test before this one gave up on may still be written down now: count from robots.txt.
    log = host.farm.log("trs-a")
    told = next(entry["t0"] for entry in log if entry["path"] == "/robots.txt")
    starts = sorted(entry["t0"] for entry in log if entry["t0"] > told)
    assert len(starts) > 5
    assert min(later - one for one, later in pairwise(starts)) >= 0.25


def test_noise_and_validators_that_say_nothing_make_no_new_version(host: FarmHost, data_dir: Path) -> None:
    host.farm.clear_faults()
    first = host.run(data_dir)
    for switch in ("weak_etag", "always_304"):
        host.farm.add_fault("trs-a", switch)
        again = host.run(data_dir, deep=True)
        host.farm.clear_faults()
        assert (again.changed, again.new, again.is_failed) == (0, 0, False)
    assert read(data_dir, "SELECT count(*) FROM versions") == [(first.new,)]


def test_a_site_that_moves_its_folders_keeps_its_reports(host: FarmHost, data_dir: Path) -> None:
    host.farm.clear_faults()
    host.run(data_dir)
    host.farm.add_fault("trs-a", "site_version", "2")
    report = host.run(data_dir)
    host.farm.clear_faults()
    assert report.removed == 0
    assert set(found_in(data_dir)) >= set(host.titles)
    assert all(document.removed_at is None for document in iter_documents(data_dir))


OVERRUNS = [
    ("trs-c", "stub"),
    ("trs-c", "empty"),
    ("gkmlpt-a", "404"),
    ("gkmlpt-a", "first"),
    ("asp-a", "repeat_last"),
]


def test_what_a_list_says_beyond_its_end_does_no_harm(tmp_path: Path, data_dir: Path) -> None:
    with Farm("demo", ["trs-c", "gkmlpt-a", "asp-a"], tmp_path / "farm") as farm:
        for key, value in OVERRUNS:
            fault = farm.add_fault(key, "overrun", value)
            report = FarmHost(farm, key).run(data_dir / key / value, years=(1999, 1999))
            farm.faults.remove(fault)
            assert (report.is_failed, report.coverage) == (False, "complete")
        farm.add_fault("gkmlpt-a", "total_moves", "3")
        report = FarmHost(farm, "gkmlpt-a").run(data_dir / "moves", years=(1999, 1999))
        assert not report.failed_lists


ATTACHMENTS = [
    ("html_as_pdf", "wrong_type", "html"),
    ("octet", "ok", None),
    ("huge", "too_large", None),
    ("servlet404", "gone", "http_404"),
]


@pytest.mark.parametrize(("value", "outcome", "detail"), ATTACHMENTS)
def test_files_that_are_none_are_not_kept(
    files: FarmHost, data_dir: Path, value: str, outcome: str, detail: str | None
) -> None:
    files.farm.clear_faults()
    files.farm.add_fault("vsb-b", "attachment", value)
    report = files.run(data_dir, limits=PATIENT)
    files.farm.clear_faults()
    assert {word for word, _ in outcomes(data_dir, "file")} == {outcome}
    assert detail is None or outcomes(data_dir, "file") == {(outcome, detail)}
    assert set(found_in(data_dir)) == set(files.titles)
    kept = [file for document in iter_documents(data_dir) for file in document.attachments]
    assert kept
    assert {(file.outcome, file.sha256 is not None) for file in kept} == {(outcome, outcome == "ok")}
    assert report.is_failed == (outcome != "ok")


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FarmHost]:
    with Farm("tiny", ["vsb-b"], tmp_path_factory.mktemp("files")) as farm:
        yield FarmHost(farm, "vsb-b")


@pytest.fixture(scope="module")
def trap(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FarmHost]:
    with Farm("tiny", ["trap-a"], tmp_path_factory.mktemp("trap")) as farm:
        yield FarmHost(farm, "trap-a")


def test_the_trap_is_left_with_bounded_memory_and_no_private_address(trap: FarmHost, data_dir: Path) -> None:
    tracemalloc.start()
    report = trap.run(data_dir, window_days=1, limits=PATIENT._replace(body_bytes=4 * 2**20))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 48 * 2**20
    assert report.failed == {"refused_address": 4, "too_large": 1, "cookie_bounce": 1}
    refused = {detail for word, detail in outcomes(data_dir, "page") if word == "refused_address"}
    assert refused == {
        "10.0.0.8:80 is 10.0.0.8", "169.254.10.20:80 is 169.254.10.20", "::1:9 is ::1",
        "127.0.0.1:9 is 127.0.0.1",
    }  # fmt: skip
    assert report.rows_skipped["off_site"] == 4
    assert set(found_in(data_dir)) == set(trap.titles)
    archive = sum(path.stat().st_size for path in (data_dir / "archive").iterdir())
    assert archive < 2**20


def test_a_bomb_is_stopped_at_the_limit_with_bounded_memory(trap: FarmHost, data_dir: Path) -> None:
    trap.farm.clear_faults()
    first = next(iter(trap.titles))
    trap.farm.add_fault("trap-a", "encoding", "bomb", path=path_of(first))
    tracemalloc.start()
    report = trap.run(data_dir, window_days=1, limits=PATIENT)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    trap.farm.clear_faults()
    assert report.failed["too_large"] == 2
    assert peak < 48 * 2**20
    assert first not in found_in(data_dir)


def test_a_pager_without_end_ends_and_is_not_called_complete(trap: FarmHost, data_dir: Path) -> None:
    report = trap.run(data_dir, years=(1999, 1999))
    lists = [entry for entry in trap.farm.log("trap-a") if entry["path"].startswith("/news/list")]
    assert len(lists) == 200
    reason: EndReason = "page_limit"
    assert report.end_reasons == {reason: 1}
    assert (report.coverage, report.is_failed) == ("incomplete", True)


TLS = {
    "tls-good": None, "tls-self": "tls_error self_signed", "tls-expired": "tls_error expired",
    "tls-name": "tls_error hostname", "tls-legacy": None, "tls-refuse": "connection_error refused",
}  # fmt: skip


def test_every_certificate_has_its_word_and_settings_repair_what_they_are_for(
    tmp_path: Path, data_dir: Path
) -> None:
    with Farm("tiny", list(TLS), tmp_path / "farm") as farm:
        assert not farm.left_out, "the machine has no openssl command: install it to test certificates"
        file = load_portals(farm.portals_file)
        quick = [portal.model_copy(update={"delay_seconds": 0.0}) for portal in file.portals]
        bare = [portal.model_copy(update={"extra_ca": None, "tls": "standard"}) for portal in quick]

        def reasons(portals: list[Any], folder: Path) -> dict[str, str | None]:
            now = farm.clock.now
            summary = crawl(file.model_copy(update={"portal": portals}), folder, clock=lambda: now, pace=FAST,
                            limits=PATIENT)  # fmt: skip
            return {report.portal_id: next(iter(report.failed_lists.values()), None)
                    for report in summary.portals}  # fmt: skip

        found = reasons(quick, data_dir / "set")
        assert found == {key: f"first page: {word}" if word else None for key, word in TLS.items()}
        assert {document.portal_id for document in iter_documents(data_dir / "set")} == {
            "tls-good",
            "tls-legacy",
        }
        words = reasons(bare, data_dir / "bare")
        assert words["tls-self"] == "first page: tls_error self_signed"
        assert words["tls-good"] == "first page: tls_error unknown_root"
        assert all("tls_error" in (words[key] or "") for key in words if key != "tls-refuse")
        assert list(iter_documents(data_dir / "bare")) == []


def test_a_slow_host_and_a_challenge_do_not_delay_the_others(tmp_path: Path, data_dir: Path) -> None:
    keys = ["trs-a", "trs-b", "vsb-a", "generic-a"]
    with Farm("tiny", keys, tmp_path / "farm") as farm:
        farm.add_fault("trs-a", "latency", "0.4")
        farm.add_fault("trs-b", "jsl", "always")
        file = load_portals(farm.portals_file)
        quick = [portal.model_copy(update={"delay_seconds": 0.0}) for portal in file.portals]
        now = farm.clock.now
        crawl(
            file.model_copy(update={"portal": quick}), data_dir, clock=lambda: now, pace=FAST, limits=PATIENT
        )
        slow = max(entry["t1"] for entry in farm.log("trs-a"))
        before_slow_ended = [
            max(entry["t1"] for entry in farm.log(key)) < slow for key in ("vsb-a", "generic-a")
        ]
        assert before_slow_ended == [True, True]
        mixed = [entry["host"] for entry in farm.log()][:6]
        assert len(set(mixed)) > 1
        known = {report["url"] for entry in farm.truth()["hosts"] if entry["key"] != "trs-b"
                 for report in entry["reports"] if report["state"] == "live"}  # fmt: skip
        assert set(found_in(data_dir)) == known
