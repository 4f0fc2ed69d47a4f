"""Names, cells and texts that want to be markup, formulas, scripts or endless are shown as text."""

import csv
import io
import re

import pytest
from lxml import html

from output.explorer.content import Site
from output.explorer.links import Links
from output.explorer.render import visible
from output.explorer.shards import agency_figures, cell_figures, names, script
from output.explorer.words import words_of
from tests.explorer.conftest import HOSTILE, Client
from tests.explorer.test_pages import pages

ALLOWED = {"static/explorer.js", "static/chart.js"}


def assert_harmless(body: bytes, where: str) -> None:
    tree = html.fromstring(body)
    for element in tree.xpath("//script"):
        source = element.get("src") or ""
        assert source.lstrip("./").startswith("static/"), f"{where}: {source}"
        assert not element.text
    assert not tree.xpath("//@onerror | //@onload | //@onclick | //img | //iframe | //object | //style"), (
        where
    )
    for link in tree.xpath("//a/@href | //form/@action"):
        assert not link.lower().strip().startswith(("javascript:", "data:", "vbscript:")), f"{where}: {link}"
    assert len(tree.xpath("//h1")) == 1, where
    assert b"\x00" not in body
    assert b"\x1b" not in body
    assert "49" not in {one.strip() for one in tree.xpath("//bdi/text()")}, "a template was run"


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_no_page_runs_anything(hostile: Client, lang: str) -> None:
    found = pages(hostile)
    agencies = hostile.store.agencies_in("")
    found += [(f"agency/{one.slug}", "") for one in agencies]
    found += [("compare", f"a={one.slug}&m=requests.received.total") for one in agencies[:8]]
    found += [
        (f"report/{report_id}", "")
        for (report_id,) in hostile.store.query("SELECT report_id FROM report LIMIT 12")
    ]
    for path, query in found:
        reply = hostile.get(f"/{lang}/{path}", query)
        assert reply.status == 200, path
        assert_harmless(reply.body, path)


def test_attacks_are_there_as_text(hostile: Client) -> None:
    text = hostile.get("/en/").text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in text
    assert "<script>alert" not in text


def test_what_is_asked_is_shown_as_text(client: Client) -> None:
    reply = client.get("/en/search", "q=%3Cscript%3Ealert(1)%3C/script%3E")
    assert_harmless(reply.body, "search")
    assert "&lt;script&gt;" in reply.text
    for query in ("a=%3Cscript%3E", "m=%3Cscript%3E", "add=%22%3E%3Cimg%20src=x%20onerror=1%3E", "area='%3E"):
        assert_harmless(client.get("/en/compare", query).body, query)
    assert_harmless(client.get("/en/findings", "rule=%22%3E%3Cscript%3E&region=%27--").body, "findings")


def test_endless_names_do_not_fill_the_page(hostile: Client) -> None:
    assert len(hostile.get("/en/").body) < 200_000
    assert visible("长" * 10_000, 90) == "长" * 89 + "…"


def test_no_text_reads_backwards() -> None:
    assert visible("\u202e右到左\u202c局") == "右到左局"


def test_csv_never_runs(hostile: Client) -> None:
    report_id = hostile.store.query("SELECT report_id FROM report LIMIT 1")[0][0]
    agency = hostile.store.agencies_in("")[0]
    for path, query in (
        (f"report/{report_id}", ""), (f"agency/{agency.slug}", ""), ("findings", ""), ("index", ""),
        ("compare", f"a={agency.slug}"),
    ):  # fmt: skip
        body = hostile.get(f"/en/{path}.csv", query).body.decode("utf-8-sig")
        for row in csv.reader(io.StringIO(body)):
            assert not any(cell.lstrip()[:1] in ("=", "@") for cell in row), path


def test_scripts_of_a_folder_hold_nothing_but_base64(hostile: Client) -> None:
    agency = hostile.store.agencies_in("")[0]
    figures = agency_figures(hostile.store, words_of("zh"), agency, cell_figures(hostile.store, agency))
    for value in (names(hostile.store), figures):
        assert re.fullmatch(r'gongkaiPack\("x","[A-Za-z0-9+/=]+"\);\n', script("x", value))


def test_packed_pages_hold_attacks_as_text(hostile: Client) -> None:
    site = Site(hostile.store, hostile.data_dir, parts=True)
    for (report_id,) in hostile.store.query("SELECT report_id FROM report LIMIT 12"):
        for kind, make in (("report", site.report), ("evidence", site.evidence)):
            assert_harmless(make(Links("zh", kind, static=True), report_id).encode(), kind)
    for agency in hostile.store.agencies_in("")[:12]:
        assert_harmless(site.agency(Links("zh", "agency", static=True), agency.slug).encode(), "agency")


@pytest.mark.parametrize(
    "url",
    ["javascript:alert(1)", "data:text/html,x", "//evil.example", "http:///x", "http://[", None, *HOSTILE],
)
def test_only_web_addresses_are_linked(url: str | None) -> None:
    assert Links("en", "").outside(url) is None
