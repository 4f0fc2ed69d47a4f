"""The first page of each new trouble is kept for a person to look at, once, beside the last good one."""

import json
from contextlib import closing
from datetime import timedelta
from pathlib import Path

from scraper.ledger import Ledger
from tests.scraper.conftest import NOW, Reply, page
from tests.scraper.test_run_local import COLUMN, Serve, found, link, listing, path, report, run, site, title


def kept(data_dir: Path) -> list[str]:
    return sorted(p.parent.name for p in (data_dir / "snapshots").rglob("facts.json"))


def test_a_new_trouble_is_kept_once_beside_the_last_good_page(serve: Serve, data_dir: Path) -> None:
    pages = {
        COLUMN: listing((link(1), title(1)), (link(2), title(2))),
        path(1): report(1),
        path(2): report(2),
    }
    server = serve(site(pages))
    assert run(server, data_dir).portals[0].snapshots == []
    for number in (1, 2):
        pages[path(number)] = Reply(page("出错了 \x1b[31m", "您访问的页面不存在"))
    summary = run(server, data_dir, clock=lambda: NOW + timedelta(days=31)).portals[0]
    assert len(summary.snapshots) == len(kept(data_dir)) == 1
    folder = data_dir / summary.snapshots[0]
    facts = json.loads((folder / "facts.json").read_text(encoding="utf-8"))
    assert (facts["kind"], facts["detail"], facts["status"]) == ("soft_404", "title", 200)
    assert (folder / "body").read_bytes() == pages[path(1)].body
    assert (folder / "good-body").read_bytes() == report(1).body
    assert "\x1b" not in (folder / "text.txt").read_text(encoding="utf-8")
    assert run(server, data_dir, clock=lambda: NOW + timedelta(days=40)).portals[0].snapshots == []
    assert len(found(data_dir)) == 2


def test_a_list_without_rows_is_kept(serve: Serve, data_dir: Path) -> None:
    body = page('<section><a href="/a">一</a><a href="/b">二</a></section>' + "文字" * 400)
    (folder,) = run(serve(site({COLUMN: Reply(body)})), data_dir).portals[0].snapshots
    assert (data_dir / folder / "body").read_bytes() == body
    assert folder.startswith("snapshots/test/layout-")


def test_a_page_behind_the_end_of_a_list_is_no_trouble(serve: Serve, data_dir: Path) -> None:
    """Of a list without a pager nobody knows where it ends: the pages tried in vain are no failures."""
    entry = (f"{COLUMN}content/post_1.html", title(1))
    server = serve(site({COLUMN: listing(entry), entry[0]: report(1)}))
    done = run(server, data_dir, settings={"family": "nfcms"}).portals[0]
    tried = [asked for asked in server.paths() if "index_" in asked]
    assert tried == [f"{COLUMN}index_2.html", f"{COLUMN}index_1.html"]
    assert (done.outcomes, done.snapshots, kept(data_dir)) == ({"ok": 2}, [], [])
    with closing(Ledger(data_dir, read_only=True)) as ledger:
        rows = ledger.all("SELECT outcome FROM fetches WHERE purpose = 'trial'")
    assert [row["outcome"] for row in rows] == ["gone", "gone"]


def test_a_new_design_shows_the_list_before_and_after(serve: Serve, data_dir: Path) -> None:
    pages = {
        COLUMN: listing((link(1), title(1)), (link(2), title(2))),
        path(1): report(1),
        path(2): report(2),
    }
    server = serve(site(pages))
    run(server, data_dir)
    entries = "".join(f'<div class="x&lt;b>" data-id="{n}">{title(n)}</div>' for n in (1, 2))
    pages[COLUMN] = Reply(
        page(f'<nav><a href="/">首页</a></nav><section id="new">{entries}</section>' + "文字" * 400)
    )
    summary = run(server, data_dir, clock=lambda: NOW + timedelta(days=1)).portals[0]
    (folder,) = summary.snapshots
    text = (data_dir / folder / "blocks.html").read_text(encoding="utf-8")
    before, after = text.split("<pre>")[1:]
    assert "ul\n  li\n    a ./202501/t20250117_1.html" in before
    assert "section#new\n  div.x&lt;b&gt;" in after
    assert "首页" not in text
