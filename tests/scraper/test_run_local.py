"""Runs against a scripted server: politeness on the wire, redirects, twins, attachments, cut titles."""

import gzip
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta, timezone
from itertools import pairwise
from pathlib import Path
from threading import Event
from typing import Any

import pytest

from scraper.crawl import CrawlSummary, crawl, hosts_side_by_side
from scraper.guard import AddressPolicy
from scraper.network import Network
from scraper.politeness import Pace
from scraper.portals import Portal
from scraper.store import Store
from scraper.stored import StoredDocument, iter_documents
from scraper.visit import MOST_CONNECTIONS, Visitor
from tests.scraper.conftest import FAST, NOW, SMALL, Reply, Script, Server, file_of, page, portal_of

Serve = Callable[[Script], Server]
COLUMN = "/zwgk/xxgknb/"
WORDS = "一、总体情况 {} 二、主动公开政府信息情况 三、收到和处理政府信息公开申请情况"


def title(number: int) -> str:
    return f"测试区第{number}局2024年政府信息公开工作年度报告"


def listing(*entries: tuple[str, str]) -> Reply:
    rows = "".join(f'<li><a href="{link}">{name}</a><span>2025-01-17</span></li>' for link, name in entries)
    return Reply(
        f"<html><head><title>年报</title></head><body><ul>{rows}</ul>{'<!-- -->' * 90}</body></html>".encode()
    )


def report(number: int, extra: str = "") -> Reply:
    head = f'<meta name="ArticleTitle" content="{title(number)}">'
    return Reply(f"<html><head>{head}</head><body>{WORDS.format(number)}{extra}</body></html>".encode())


def site(pages: dict[str, Reply]) -> Script:
    missing = Reply(b"<html>none</html>", 404)
    return lambda path, headers: pages.get(path, missing)


def run(server: Server, data_dir: Path, **options: Any) -> CrawlSummary:
    settings = options.pop("settings", {})
    given = {"clock": lambda: NOW, "pace": FAST, "limits": SMALL, **options}
    return crawl(file_of(portal_of(server, **settings)), data_dir, **given)


def found(data_dir: Path) -> list[StoredDocument]:
    return list(iter_documents(data_dir))


def link(number: int) -> str:
    return f"./202501/t20250117_{number}.html"


def path(number: int) -> str:
    return f"{COLUMN}202501/t20250117_{number}.html"


def test_one_request_at_a_time_with_the_gap_between_and_robots_first(serve: Serve, data_dir: Path) -> None:
    pages = {COLUMN: listing(*((link(n), title(n)) for n in range(4)))} | {
        path(n): report(n) for n in range(4)
    }
    server = serve(site(pages))
    run(server, data_dir, settings={"delay_seconds": 0.1}, pace=Pace())
    assert server.paths()[0] == "/robots.txt"
    assert len(server.paths()) == 6
    assert server.most_busy == 1
    times = [asked.at for asked in server.log]
    gaps = [later - earlier for earlier, later in pairwise(times)]
    assert min(gaps) >= 0.1 - 0.02
    last = server.log[-1].at
    run(server, data_dir, settings={"delay_seconds": 0.1}, pace=Pace())
    assert server.log[6].at - last >= 0.1 - 0.02


def test_two_portals_on_one_host_share_its_gate(serve: Serve, data_dir: Path) -> None:
    pages = {f"/{name}/": listing(*((link(n), title(n)) for n in range(3))) for name in "ab"}
    pages |= {f"/{name}/202501/t20250117_{n}.html": report(n) for name in "ab" for n in range(3)}
    server = serve(site(pages))
    portals = [portal_of(server, f"/{name}/", id=name, delay_seconds=0.03) for name in "ab"]
    crawl(file_of(*portals), data_dir, clock=lambda: NOW, pace=FAST, limits=SMALL)
    assert server.most_busy == 1
    assert server.paths().count("/robots.txt") == 1
    assert len(found(data_dir)) == 6


def test_a_redirect_inward_is_refused_and_never_connected(serve: Serve, data_dir: Path) -> None:
    inner = serve(site({"/secret": report(9)}))
    away = [("Location", f"http://127.0.0.1:{inner.port}/secret")]
    pages = {
        COLUMN: listing((link(1), title(1)), (link(2), title(2)), (link(3), title(3))),
        path(1): Reply(status=302, headers=tuple(away)),
        path(2): Reply(status=301, headers=(("Location", "http://10.0.0.8/zwgk/t.html"),)),
        path(3): Reply(status=302, headers=(("Location", "file:///etc/passwd"),)),
    }
    summary = run(serve(site(pages)), data_dir)
    assert summary.portals[0].failed == {"refused_address": 3}
    assert inner.log == []
    assert found(data_dir) == []


def test_a_moved_page_keeps_its_place_and_names_the_new_one(serve: Serve, data_dir: Path) -> None:
    pages = {
        COLUMN: listing((link(1), title(1))),
        path(1): Reply(status=301, headers=(("Location", "/new/202501/t20250117_1.html"),)),
        "/new/202501/t20250117_1.html": report(1),
    }
    server = serve(site(pages))
    summary = run(server, data_dir)
    (document,) = found(data_dir)
    assert document.final_url == server.url("/new/202501/t20250117_1.html")
    assert document.aliases == (document.final_url,)
    assert summary.portals[0].outcomes == {"ok": 2, "redirected": 1}
    assert not summary.is_failed


def test_one_report_under_two_addresses_is_one_document(serve: Serve, data_dir: Path) -> None:
    pages = {
        COLUMN: listing((link(1), title(1)), ("../other/t20250117_77.html", title(1)), (link(2), title(2))),
        path(1): report(1),
        "/zwgk/other/t20250117_77.html": report(1),
        path(2): report(2),
    }
    server = serve(site(pages))
    summary = run(server, data_dir)
    first, second = found(data_dir)
    assert first.aliases == (server.url("/zwgk/other/t20250117_77.html"),)
    assert second.aliases == ()
    assert summary.portals[0].duplicates == 1
    pages["/zwgk/other/t20250117_77.html"] = report(7, "另一份")
    run(server, data_dir, clock=lambda: NOW + timedelta(days=31))
    assert len(found(data_dir)) == 3


def test_files_of_a_report_are_fetched_and_hang_on_their_version(serve: Serve, data_dir: Path) -> None:
    name = "P020250117000000000001"
    extra = f'<a href="./{name}.docx" title="年报.docx">下载</a><a href="./{name}.pdf">坏</a>'
    pages = {
        COLUMN: listing((link(1), title(1)), ("./202501/P020250117000000000009.pdf", title(9))),
        path(1): report(1, extra),
        f"{COLUMN}202501/{name}.docx": Reply(b"PK\x03\x04 first", headers=(("Content-Type", "text/html"),)),
        f"{COLUMN}202501/{name}.pdf": Reply(b"<html><body>error</body></html>"),
        f"{COLUMN}202501/P020250117000000000009.pdf": Reply(b"%PDF-1.7 listed"),
    }
    server = serve(site(pages))
    summary = run(server, data_dir)
    listed, document = found(data_dir)
    assert listed.body() == b"%PDF-1.7 listed"
    good, bad = document.attachments
    assert (good.name, good.body(), good.outcome) == ("年报.docx", b"PK\x03\x04 first", "ok")
    assert (bad.body(), bad.outcome, bad.warc_file) == (None, "wrong_type", None)
    assert summary.portals[0].failed == {"wrong_type": 1}
    asked = len(server.log)
    pages[f"{COLUMN}202501/{name}.docx"] = Reply(b"PK\x03\x04 second")
    run(server, data_dir)
    assert [p for p in server.paths()[asked:] if p.endswith(".docx")] == []
    run(server, data_dir, clock=lambda: NOW + timedelta(days=8))
    _, before, now = found(data_dir)
    assert [one.attachments[0].body() for one in (before, now)] == [b"PK\x03\x04 first", b"PK\x03\x04 second"]
    assert [(one.version, one.is_current) for one in (before, now)] == [(1, False), (2, True)]
    assert (before.sha256, before.warc_offset) == (now.sha256, now.warc_offset)
    assert before.last_seen_at <= now.fetched_at


def test_a_cut_title_is_completed_and_judged_again(serve: Serve, data_dir: Path) -> None:
    tag = "<meta name='ArticleTitle' content='测试区2024年政府信息公开工作年度报告解读'>"
    noise = f"<html><head>{tag}</head><body>"
    pages = {
        COLUMN: listing((link(1), title(1)[:16] + "..."), (link(2), "测试区2024年政府信息公开工作…")),
        path(1): report(1),
        path(2): Reply((noise + "图解说明文字" * 40 + "</body></html>").encode()),
    }
    server = serve(site(pages))
    summary = run(server, data_dir)
    assert [document.list_title for document in found(data_dir)] == [title(1)]
    assert summary.portals[0].rejected == 1
    run(server, data_dir, clock=lambda: NOW + timedelta(days=60))
    assert server.paths().count(path(2)) == 1


def test_pages_without_validators_are_not_downloaded_again_at_once(serve: Serve, data_dir: Path) -> None:
    server = serve(site({COLUMN: listing((link(1), title(1))), path(1): report(1)}))
    run(server, data_dir)
    run(server, data_dir)
    assert server.paths().count(path(1)) == 1
    run(server, data_dir, clock=lambda: NOW + timedelta(days=8))
    assert server.paths().count(path(1)) == 2
    (document,) = found(data_dir)
    assert (document.version, document.fetched_at) == (1, NOW.isoformat())
    assert document.last_seen_at == (NOW + timedelta(days=8)).isoformat()


def test_a_server_that_says_unchanged_for_ever_is_asked_in_full_after_a_month(
    serve: Serve, data_dir: Path
) -> None:
    words = {"body": 1}

    def script(asked: str, headers: dict[str, str]) -> Reply:
        if "if-none-match" in headers:
            return Reply(status=304, headers=(("ETag", '"x"'),))
        if asked == COLUMN:
            return listing((link(1), title(1)))
        if asked == path(1):
            return report(words["body"])._replace(headers=(("ETag", '"x"'), ("Content-Type", "text/html")))
        return Reply(status=404)

    server = serve(script)
    run(server, data_dir)
    words["body"] = 2
    for days in (1, 20, 30):
        run(server, data_dir, clock=lambda days=days: NOW + timedelta(days=days))
        assert len(found(data_dir)) == 1
    run(server, data_dir, clock=lambda: NOW + timedelta(days=31))
    old, new = found(data_dir)
    assert (old.version, new.version, old.is_current, new.is_current) == (1, 2, False, True)
    assert (old.last_seen_at, new.fetched_at) == tuple(
        (NOW + timedelta(days=n)).isoformat() for n in (30, 31)
    )
    assert old.fingerprint != new.fingerprint


def test_noise_on_a_page_is_no_new_version_and_its_bytes_are_kept(serve: Serve, data_dir: Path) -> None:
    pages = {COLUMN: listing((link(1), title(1))), path(1): report(1, "<p>浏览次数：17</p>")}
    server = serve(site(pages))
    run(server, data_dir)
    pages[path(1)] = report(1, "<p>浏览次数：18</p>")
    run(server, data_dir, clock=lambda: NOW + timedelta(days=8))
    (document,) = found(data_dir)
    assert document.version == 1
    assert "17" in document.body().decode()


@pytest.mark.parametrize("packed", [True, False])
def test_a_huge_page_stops_at_the_cap(serve: Serve, data_dir: Path, packed: bool) -> None:
    bomb = Reply(gzip.compress(b"0" * 5_000_000), headers=(("Content-Encoding", "gzip"),))
    pages = {COLUMN: listing((link(1), title(1))), path(1): bomb if packed else Reply(endless=True)}
    summary = run(serve(site(pages)), data_dir)
    assert summary.portals[0].failed == {"too_large": 1}
    assert sum(file.stat().st_size for file in (data_dir / "archive").iterdir()) < 20_000


def test_an_endless_pager_ends(serve: Serve, data_dir: Path) -> None:
    def script(asked: str, headers: dict[str, str]) -> Reply:
        if not asked.startswith(COLUMN):
            return Reply(status=404)
        number = int(asked.rpartition("_")[2].partition(".")[0]) if "_" in asked else 0
        pager = f'<a href="index_{number + 1}.html">下一页</a>'.encode()
        return Reply(listing(("./202501/t20250117_5.html", "关于开展绿化工作的通知")).body + pager)

    server = serve(script)
    summary = run(server, data_dir)
    assert summary.portals[0].end_reasons == {"no_new_urls": 1}
    assert len(server.paths()) == 3


def test_rows_without_end_are_given_up(serve: Serve, data_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("scraper.listing.MOST_ROWS", 3)

    def script(asked: str, headers: dict[str, str]) -> Reply:
        number = int(asked.rpartition("_")[2].partition(".")[0]) if "_" in asked else 0
        pager = f'<a href="index_{number + 1}.html">下一页</a>'.encode()
        rows = ((link(10 * number + n), f"关于第{n}项绿化工作的通知") for n in range(2))
        return Reply(listing(*rows).body + pager) if asked.startswith(COLUMN) else Reply(status=404)

    server = serve(script)
    summary = run(server, data_dir).portals[0]
    assert (summary.end_reasons, summary.coverage) == ({"page_limit": 1}, "incomplete")
    assert server.paths() == ["/robots.txt", COLUMN, f"{COLUMN}index_1.html"]


def test_a_layout_nobody_knows_raises_the_alarm(serve: Serve, data_dir: Path) -> None:
    body = page('<section><a href="/a">一</a><a href="/b">二</a></section>' + "文字" * 400)
    summary = run(serve(site({COLUMN: Reply(body)})), data_dir)
    (alarm,) = summary.portals[0].alarms
    assert alarm.startswith("layout: ")
    assert "no row is recognised" in alarm
    assert summary.portals[0].group == "layout"
    assert summary.is_failed


def test_a_list_that_lost_half_its_rows_raises_the_alarm_after_three_runs(
    serve: Serve, data_dir: Path
) -> None:
    pages = {COLUMN: listing(*((link(n), title(n)) for n in range(10)))} | {
        path(n): report(n) for n in range(10)
    }
    server = serve(site(pages))
    for _ in range(3):
        assert run(server, data_dir).portals[0].alarms == []
    pages[COLUMN] = listing(*((link(n), title(n)) for n in range(4)))
    assert run(server, data_dir).portals[0].alarms == ["shrink: 4 rows, 10 expected"]
    assert len(found(data_dir)) == 10


def test_an_unreachable_host_is_named_once_and_does_not_hold_the_others(serve: Serve, data_dir: Path) -> None:
    server = serve(site({COLUMN: listing((link(1), title(1))), path(1): report(1)}))
    dead = portal_of(server, id="dead").model_copy(
        update={"start": ["http://127.0.0.1:1/a/", "http://127.0.0.1:1/b/"]}
    )
    summary = crawl(file_of(dead, portal_of(server)), data_dir, clock=lambda: NOW, pace=FAST, limits=SMALL)
    by_id = {entry.portal_id: entry for entry in summary.portals}
    assert by_id["test"].new == 1
    assert set(by_id["dead"].failed_lists) == {"http://127.0.0.1:1/a/", "http://127.0.0.1:1/b/"}
    assert "connection_error" in by_id["dead"].failed_lists["http://127.0.0.1:1/a/"]
    assert by_id["dead"].stopped_hosts == {"127.0.0.1:1": "not reachable: connection_error"}


def test_instants_are_kept_in_utc_whatever_the_clock_says(serve: Serve, data_dir: Path) -> None:
    server = serve(site({COLUMN: listing((link(1), title(1))), path(1): report(1)}))
    run(server, data_dir, clock=lambda: NOW.astimezone(timezone(timedelta(hours=8))))
    (document,) = found(data_dir)
    assert document.fetched_at == "2026-01-05T00:00:00+00:00"


def test_how_deep_a_list_is_read(serve: Serve, data_dir: Path) -> None:
    """Two known pages end a list; once a week three are read, and all of them once after 31 March."""
    call = b'<script>createPageHTML(6, 0, "index", "html");</script>'
    pages = {path(n): report(n) for n in range(6)}
    for n in range(6):
        name = f"{COLUMN}index_{n}.html" if n else COLUMN
        pages[name] = Reply(listing((link(n), title(n))).body + call)
    server = serve(site(pages))
    for days, read, reason in (
        (0, 6, "end_of_list"), (0, 2, "all_known"), (8, 3, "all_known"), (9, 2, "all_known"),
        (90, 6, "end_of_list"),
    ):  # fmt: skip
        asked = len(server.log)
        now = NOW + timedelta(days=days)
        (entry,) = run(server, data_dir, clock=lambda now=now: now).portals
        lists = [asked_path for asked_path in server.paths()[asked:] if "/t20" not in asked_path]
        assert len([asked_path for asked_path in lists if asked_path != "/robots.txt"]) == read
        assert entry.end_reasons == {reason: 1}
        assert entry.coverage == ("complete" if read == 6 else "window")


def test_a_new_row_on_a_later_page_is_found(serve: Serve, data_dir: Path) -> None:
    call = b'<script>createPageHTML(4, 0, "index", "html");</script>'
    pages = {path(n): report(n) for n in range(5)}
    for n in range(4):
        pages[f"{COLUMN}index_{n}.html" if n else COLUMN] = Reply(listing((link(n), title(n))).body + call)
    server = serve(site(pages))
    run(server, data_dir)
    pages[f"{COLUMN}index_1.html"] = Reply(listing((link(1), title(1)), (link(4), title(4))).body + call)
    assert run(server, data_dir).portals[0].new == 1
    assert len(found(data_dir)) == 5


def test_a_start_address_that_moved_for_good_takes_its_rows_along(serve: Serve, data_dir: Path) -> None:
    new = serve(site({COLUMN: listing((link(1), title(1))), path(1): report(1)}))
    moved = Reply(status=301, headers=(("Location", new.url(COLUMN)),))
    old = serve(site({COLUMN: moved}))
    portals = file_of(portal_of(old))
    allowed = portals.network.model_copy(update={"allow_private_hosts": [old.host, new.host]})
    portals = portals.model_copy(update={"network": allowed})
    summary = crawl(portals, data_dir, clock=lambda: NOW, pace=FAST, limits=SMALL)
    assert [document.url for document in found(data_dir)] == [new.url(path(1))]
    assert summary.portals[0].remarks == [
        f"{old.url(COLUMN)} has moved to {new.url(COLUMN)}: change the portals file"
    ]


def test_a_stopped_host_that_pages_lead_to_does_not_stop_their_own(serve: Serve, data_dir: Path) -> None:
    away = serve(site({"/robots.txt": Reply(b"")} | {f"/{n}.html": Reply(b"no", 403) for n in range(1, 5)}))
    pages = {COLUMN: listing(*((link(n), title(n)) for n in range(1, 6))), path(5): report(5)}
    pages |= {path(n): Reply(status=302, headers=(("Location", away.url(f"/{n}.html")),))
              for n in range(1, 5)}  # fmt: skip
    server = serve(site(pages))
    portals = file_of(portal_of(server))
    allowed = portals.network.model_copy(update={"allow_private_hosts": [server.host, away.host]})
    portals = portals.model_copy(update={"network": allowed})
    summary = crawl(portals, data_dir, clock=lambda: NOW, pace=FAST, limits=SMALL).portals[0]
    assert [document.url for document in found(data_dir)] == [server.url(path(5))]
    assert summary.stopped_hosts == {away.host: "3 refusals"}
    assert summary.due == 1


def test_many_hosts_that_pages_lead_to_hold_few_connections(serve: Serve, data_dir: Path) -> None:
    others = [serve(site({"/x.html": report(n)})) for n in range(12)]
    pages = {COLUMN: listing(*((link(n), title(n)) for n in range(12)))}
    pages |= {path(n): Reply(status=302, headers=(("Location", one.url("/x.html")),))
              for n, one in enumerate(others)}  # fmt: skip
    server = serve(site(pages))
    policy = AddressPolicy([server.host, *(one.host for one in others)])
    network = Network(
        store=Store(data_dir, lambda: NOW), policy=policy, clock=lambda: NOW, agent="x", stop=Event(),
        sleep=lambda seconds: None, pace=FAST, limits=SMALL,
    )  # fmt: skip
    visitor = Visitor(portal_of(server), network, lambda visit, purpose: None)
    assert {visitor.visit(server.url(path(n)), "page").outcome for n in range(12)} == {"ok"}
    assert len(visitor.connections) == MOST_CONNECTIONS < 12
    visitor.close()
    network.store.close()


def test_files_of_other_sites_are_not_fetched(serve: Serve, data_dir: Path) -> None:
    other = serve(site({}))
    extra = f'<a href="{other.url("/law.pdf")}">条例.pdf</a>'
    server = serve(site({COLUMN: listing((link(1), title(1))), path(1): report(1, extra)}))
    summary = run(server, data_dir)
    assert other.log == []
    assert summary.portals[0].rows_skipped == {"off_site_file": 1}
    assert found(data_dir)[0].attachments == ()


def test_an_address_that_shows_each_years_report_gets_a_version_a_year(serve: Serve, data_dir: Path) -> None:
    name = "测试区第1局{}年政府信息公开工作年度报告"
    pages = {COLUMN: listing(("/one/xxgk/index.html", name.format(2024))), "/one/xxgk/index.html": report(1)}
    server = serve(site(pages))
    run(server, data_dir)
    pages[COLUMN] = listing(("/one/xxgk/index.html", name.format(2025)))
    pages["/one/xxgk/index.html"] = report(2)
    assert run(server, data_dir).portals[0].changed == 1
    old, new = found(data_dir)
    assert (old.list_title, new.list_title) == (name.format(2024), name.format(2025))
    assert (old.is_current, new.is_current) == (False, True)


def test_a_row_under_a_second_name_of_the_host_is_asked_under_the_first(serve: Serve, data_dir: Path) -> None:
    other = serve(site({}))
    pages = {COLUMN: listing((other.url(path(1)), title(1)), (other.url("/else/t20250117_2.html"), title(2)))}
    pages[path(1)] = report(1)
    server = serve(site(pages))
    summary = run(server, data_dir)
    assert [document.url for document in found(data_dir)] == [server.url(path(1))]
    assert summary.portals[0].rows_skipped == {"off_site": 1}
    assert other.log == []


def test_a_page_sent_home_has_no_alias(serve: Serve, data_dir: Path) -> None:
    pages = {COLUMN: listing((link(1), title(1))), path(1): report(1)}
    server = serve(site(pages))
    run(server, data_dir)
    pages[path(1)] = Reply(status=301, headers=(("Location", "/"),))
    summary = run(server, data_dir, clock=lambda: NOW + timedelta(days=8))
    assert summary.portals[0].failed == {"soft_404": 1}
    assert found(data_dir)[0].aliases == ()


def test_a_plain_list_inside_a_frame_is_read_by_its_printed_links(serve: Serve, data_dir: Path) -> None:
    pages = {
        "/news/index.html": Reply(
            page('<iframe src="/login.html"></iframe><iframe src="list1.html"></iframe>')
        ),
        "/news/list1.html": Reply(
            listing(("1001.html", title(1))).body + '共2页 <a href="list2.html">下一页</a>'.encode()
        ),
        "/news/list2.html": listing(("1002.html", title(2))),
        "/news/1001.html": report(1),
        "/news/1002.html": report(2),
    }
    for family in ("generic", "auto"):
        server = serve(site(pages))
        file = file_of(portal_of(server, "/news/index.html", family=family))
        summary = crawl(file, data_dir / family, clock=lambda: NOW, pace=FAST, limits=SMALL)
        assert [document.list_title for document in found(data_dir / family)] == [title(1), title(2)]
        assert summary.portals[0].end_reasons == {"end_of_list": 1}


def test_a_plain_list_without_a_way_on_says_so(serve: Serve, data_dir: Path) -> None:
    body = listing(("1001.html", title(1))).body + "共5页".encode()
    server = serve(site({"/news/": Reply(body), "/news/1001.html": report(1)}))
    summary = crawl(
        file_of(portal_of(server, "/news/", family="generic")), data_dir, clock=lambda: NOW, pace=FAST
    )
    assert "first screen only" in next(iter(summary.portals[0].failed_lists.values()))
    assert len(found(data_dir)) == 1
    assert summary.is_failed


def test_a_list_page_of_absurd_size_is_said_and_not_read(serve: Serve, data_dir: Path) -> None:
    rows = f'<li><a href="{link(1)}">{title(1)}</a><span>2025-01-17</span></li>' * 45_000
    body = f"<html><head><title>年报</title></head><body><ul>{rows}</ul></body></html>".encode()
    assert len(body.decode()) > 4_000_000
    server = serve(site({COLUMN: Reply(body), path(1): report(1)}))
    summary = run(
        server, data_dir, limits=SMALL._replace(body_bytes=2**24, read_seconds=5.0, total_seconds=9.0)
    )
    (reason,) = summary.portals[0].failed_lists.values()
    assert reason.startswith("first page: too_large a list page of ")
    assert found(data_dir) == []


def test_a_dead_column_gets_proposals_and_nothing_is_changed(serve: Serve, data_dir: Path) -> None:
    menu = (
        '<a href="/gk/">政府信息公开</a><a href="/x/20250117/1.html">2024年度报告</a>'
        + "<p>走进本地</p>" * 80
    )
    section = '<a href="/gk/nb/">政府信息公开年报</a><a href="/gk/zn/">指南</a>' + "<p>政务</p>" * 80
    server = serve(site({"/": Reply(page(menu)), "/gk/": Reply(page(section))}))
    report = run(server, data_dir).portals[0]
    assert report.is_failed
    old, new = server.url(COLUMN), server.url("/gk/nb/")
    assert f"{old} is dead; the column may be at {new} (政府信息公开年报)" in report.remarks
    assert "/gk/nb/" not in server.paths()


def test_few_hosts_are_visited_at_night() -> None:
    night, day = NOW.replace(hour=17), NOW.replace(hour=23)  # 01:00 and 07:00 where the portals are
    public = Portal(id="a", name="a", start=["http://a.gov.cn/"])
    assert hosts_side_by_side([public], 8, [], night) == 2
    assert hosts_side_by_side([public], 8, [], day) == 8
    assert hosts_side_by_side([public], 8, ["a.gov.cn:80"], night) == 8


@pytest.mark.parametrize("closed", [COLUMN, path(1), "/robots.txt"])
@pytest.mark.parametrize("answer", [Reply("系统维护中".encode(), 200), Reply(b"<html>503</html>", 503)])
def test_what_met_maintenance_is_asked_again_once_later_in_the_run(
    serve: Serve, data_dir: Path, closed: str, answer: Reply
) -> None:
    if closed == "/robots.txt" and answer.status == 200:
        answer = Reply("<title>网站维护</title>".encode(), 503)
    pages = {COLUMN: listing((link(1), title(1))), path(1): report(1)}
    others = serve(site(dict(pages)))
    is_open = False

    def script(asked: str, headers: dict[str, str]) -> Reply:
        return answer if asked == closed and not is_open else site(pages)(asked, headers)

    def sleep(seconds: float) -> None:  # between the two tries the portal comes back
        nonlocal is_open
        is_open = is_open or (seconds == 7.0 and bool(others.log))

    server = serve(script)
    file = file_of(portal_of(server, id="closed"), portal_of(others, id="open"))
    summary = crawl(file, data_dir, clock=lambda: NOW, pace=replace(FAST, repeat_after=7.0), limits=SMALL,
                    sleep=sleep)  # fmt: skip
    mine, other = summary.portals
    assert (mine.group, mine.new, mine.failed, mine.failed_lists) == ("changed", 1, {}, {})
    assert mine.remarks == ["was being maintained; asked again later in the run"]
    assert len(found(data_dir)) == 2
    assert (other.new, other.remarks) == (1, [])


def test_a_portal_that_stays_under_maintenance_is_asked_again_only_once(serve: Serve, data_dir: Path) -> None:
    server = serve(lambda asked, headers: Reply("系统维护中".encode(), 503))
    summary = run(server, data_dir)
    assert summary.portals[0].group == "failed"
    assert server.paths().count("/robots.txt") == 2
    assert len(server.paths()) == 2
