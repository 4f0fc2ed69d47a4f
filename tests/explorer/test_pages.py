"""Every page answers in both languages with a strict policy; figures and CSV are those of the dataset."""

import csv
import io
import re
from pathlib import Path
from urllib.parse import urlencode, urljoin

import pandas as pd
import pytest
from lxml import html

from output.compare import compare
from output.compare_text import as_csv
from output.explorer.index import ensure_index, index_mark, slug_of
from output.explorer.pages.evidence import read_archived
from output.explorer.store import Store
from output.explorer.words import words_of
from tests.explorer.conftest import Client, Reply


def pages(client: Client) -> list[tuple[str, str]]:
    agency = client.store.agencies_in("")[2]
    report = client.store.loudest(1)[0]
    cell = report.row["cells"].split()[0]
    return [
        ("", ""),
        ("region/9901", ""),
        ("compare", ""),
        ("compare", urlencode({"a": agency.slug, "m": "disclosure_rate"})),
        (
            "compare",
            urlencode({"a": agency.slug, "m": "requests.received.natural_person", "from": 2021, "to": 2023}),
        ),
        (f"agency/{agency.slug}", ""),
        (f"report/{report.report_id}", ""),
        (f"evidence/{report.report_id}", f"cell={cell}"),
        ("findings", ""),
        ("findings", "severity=error&year=2023&region=9901&rule=T3-02"),
        ("data", ""),
        ("search", "q=fgj"),
    ]


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_every_page_answers(client: Client, lang: str) -> None:
    for path, query in pages(client):
        reply = client.get(f"/{lang}/{path}", query)
        assert reply.status == 200, path
        policy = reply.headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        tree = html.fromstring(reply.body)
        assert len(tree.xpath("//h1")) == 1
        assert not tree.xpath("//script[not(@src)] | //style | //*[@style]"), path
        assert all(
            not re.match(r"https?:|//", one)
            for one in tree.xpath("//script/@src | //link/@href | //img/@src")
        )


def test_links_of_every_page_lead_somewhere(client: Client) -> None:
    targets = set()
    for path, query in pages(client):
        for link in html.fromstring(client.get(f"/en/{path}", query).body).xpath(
            "//a/@href | //form/@action"
        ):
            if not link.startswith(("http", "#")):
                assert not link.startswith("/"), link
                targets.add(urljoin(f"/en/{path}", link))
    assert len(targets) > 100
    for target in sorted(targets)[::7]:
        path, _, query = target.partition("#")[0].partition("?")
        assert client.get(path, query).status == 200, target


def test_front_page_follows_the_language_of_the_browser(client: Client) -> None:
    assert client.get("/", HTTP_ACCEPT_LANGUAGE="zh-CN,zh;q=0.9").headers["Location"] == "/zh/"
    assert client.get("/", HTTP_ACCEPT_LANGUAGE="de").headers["Location"] == "/en/"


def test_what_is_not_there_is_404(client: Client) -> None:
    for path in (
        "/en/agency/a0",
        "/en/report/r0",
        "/en/evidence/r0",
        "/en/nothing",
        "/en/region/77",
        "/xx",
        "/en/data/x",
        "/en/agency/a0.csv",
    ):
        assert client.get(path).status == 404, path
    for path in (
        "/static/../index.py",
        "/static/..%2findex.py",
        "/dataset/../state.sqlite",
        "/dataset/state.sqlite",
        "/static/",
    ):
        assert client.get(path).status == 404, path


def test_wrong_use_is_answered(client: Client) -> None:
    assert client.get("/en/", method="POST").status == 405
    assert client.get("/en/", host="evil.example").status == 421
    assert client.get("/en/compare", "a=" + "x" * 9000).status == 414
    wrong = client.get("/en/compare", "m=disclosure_rat")
    assert wrong.status == 400
    assert "disclosure_rate" in wrong.text
    for year in ("abc", "²", "9" * 50, "-1"):
        found = client.get("/en/findings", urlencode({"page": "99999999", "year": year}))
        assert (found.status, words_of("en")["no_match"] in found.text) == (200, True)
    assert client.get("/en/", method="HEAD").body == b""


def rows_of(reply: Reply) -> list[dict[str, str]]:
    assert reply.headers["Content-Type"].startswith("text/csv")
    assert reply.body.startswith(b"\xef\xbb\xbf")
    return list(csv.DictReader(io.StringIO(reply.body.decode("utf-8-sig"))))


def test_csv_of_a_comparison_is_that_of_the_command(client: Client, demo: Path) -> None:
    agency = client.store.agencies_in("")[2]
    reply = client.get("/en/compare.csv", urlencode({"a": agency.slug, "m": "disclosure_rate"}))
    assert reply.body == as_csv(compare(demo, "disclosure_rate", agencies=[agency.agency_id]))


def test_csv_of_a_report_is_its_facts(client: Client, demo: Path) -> None:
    report_id = client.store.loudest(1)[0].report_id
    found = rows_of(client.get(f"/zh/report/{report_id}.csv"))
    with (demo / "dataset" / "facts.csv").open(encoding="utf-8-sig", newline="") as file:
        expected = [row for row in csv.DictReader(file) if row["report_id"] == report_id]
    assert found == expected


def test_csv_of_an_agency_is_its_panel(client: Client, demo: Path) -> None:
    agency = client.store.agencies_in("")[2]
    found = rows_of(client.get(f"/zh/agency/{agency.slug}.csv"))
    with (demo / "dataset" / "panel.csv").open(encoding="utf-8-sig", newline="") as file:
        assert found == [row for row in csv.DictReader(file) if row["agency_id"] == agency.agency_id]


def test_csv_of_findings_follows_the_filter(client: Client, demo: Path) -> None:
    findings = pd.read_parquet(demo / "dataset" / "findings.parquet")
    errors = findings[findings.is_current & (findings.severity == "error") & findings.assumption.isna()]
    assert len(errors) > 0
    assert len(rows_of(client.get("/en/findings.csv", "severity=error"))) == len(errors)


def test_every_cell_of_a_report_is_on_its_page(client: Client, demo: Path) -> None:
    report_id = client.store.loudest(1)[0].report_id
    facts = pd.read_parquet(demo / "dataset" / "facts.parquet")
    facts = facts[facts.report_id == report_id]
    tree = html.fromstring(client.get(f"/en/report/{report_id}").body)
    for fact in facts.itertuples():
        link = f"cell={fact.table}.{fact.row}.{fact.column}#"
        (shown,) = tree.xpath(f"//table[contains(@class, 'form')]//td/a[contains(@href, '{link}')]")
        assert shown.text == f"{fact.value:,.0f}", link


def test_findings_mark_their_cells(client: Client) -> None:
    finding = client.store.loudest(1)[0]
    tree = html.fromstring(client.get(f"/en/report/{finding.report_id}").body)
    for cell in finding.row["cells"].split():
        (shown,) = tree.xpath(f"//table[contains(@class, 'form')]//td[a[contains(@href, 'cell={cell}#')]]")
        assert shown.get("class") == "error"
        assert shown.xpath("sup/a/@href")[0] == "#f1"


def test_evidence_outlines_the_printed_cell(client: Client) -> None:
    finding = client.store.loudest(1)[0]
    cell = finding.row["cells"].split()[0]
    fact = next(
        one
        for one in client.store.facts(finding.report_id)
        if f"{one['table']}.{one['row']}.{one['column']}" == cell
    )
    tree = html.fromstring(client.get(f"/en/evidence/{finding.report_id}", f"cell={cell}").body)
    (marked,) = tree.xpath("//td[contains(@class, 'marked')]")
    assert marked.get("id") == cell
    assert marked.text_content().strip() == fact["raw"]
    report = client.store.report(finding.report_id)
    assert report is not None
    assert report["sha256"] in tree.text_content()
    assert words_of("en")["hash_ok"] in tree.text_content()


def test_evidence_says_when_the_archive_is_gone(client: Client, demo: Path, tmp_path: Path) -> None:
    report_id = client.store.loudest(1)[0].report_id
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "dataset").symlink_to(demo / "dataset")
    reply = Client(tmp_path / "data").get(f"/en/evidence/{report_id}", "cell=requests.received.total")
    assert reply.status == 200
    assert "cannot be read" in reply.text


def test_versions_lead_to_each_other(client: Client) -> None:
    (report_id,) = {row[0] for row in client.store.query("SELECT report_id FROM report WHERE version = 2")}
    tree = html.fromstring(client.get(f"/en/report/{report_id}").body)
    (older,) = tree.xpath("//section[@aria-labelledby='versions']//a/@href")
    assert words_of("en")["silent_change"] in tree.text_content()
    old = client.get(f"/en/report/{older.rsplit('/', 1)[1]}")
    assert words_of("en").say("report_superseded", version=1) in old.text


def test_search_by_name_and_initials(client: Client) -> None:
    names = [agency.name for agency in client.store.search("fzhggj")]
    assert names
    assert all(name.endswith("发展和改革局") for name in names)
    assert [agency.name for agency in client.store.search("发改局")] == names
    assert [agency.name for agency in client.store.search("镕山 改革")] == ["镕山县发展和改革局"]
    assert client.store.search("%") == client.store.search("_") == client.store.search("  ") == []


def test_adding_an_agency_by_its_name(client: Client) -> None:
    first, second = client.store.agencies_in("")[:2]
    reply = client.get("/en/compare", urlencode({"a": first.slug, "add": second.name}))
    chips = html.fromstring(reply.body).xpath("//ul[@class='chips']//bdi/text()")
    assert chips == [first.name, second.name]
    unclear = client.get("/en/compare", urlencode({"a": first.slug, "add": "人民政府"}))
    assert words_of("en")["add_which"] in unclear.text


def test_a_new_dataset_is_taken_up(demo: Path, tmp_path: Path) -> None:
    data = tmp_path / "data"
    (data / "dataset").mkdir(parents=True)
    for path in (demo / "dataset").iterdir():
        (data / "dataset" / path.name).symlink_to(path)
    client = Client(data)
    before = index_mark(ensure_index(data))
    manifest = data / "dataset" / "manifest.json"
    text = manifest.read_text()
    manifest.unlink()
    manifest.write_text(text + "\n")
    assert client.get("/en/").status == 200
    assert index_mark(data / "cache" / "explorer.sqlite") != before
    (data / "cache" / "explorer.sqlite").write_bytes(b"broken")
    assert index_mark(ensure_index(data)) is not None


def test_a_folder_may_be_called_anything(demo: Path, tmp_path: Path) -> None:
    data = tmp_path / "100%41 数据#1?"
    data.mkdir()
    (data / "dataset").symlink_to(demo / "dataset")
    index = ensure_index(data)
    assert index_mark(index) is not None
    assert Store(index).count_agencies("") > 0
    made = index.stat().st_mtime_ns
    assert ensure_index(data).stat().st_mtime_ns == made


def test_a_report_that_could_not_be_read_is_not_read_again(client: Client, demo: Path) -> None:
    report = client.store.newest(1)[0]
    assert read_archived(demo, report).tables
    again = read_archived(demo, {**report, "outcome": "unreadable"})
    assert (again.sha256, again.tables) == (report["sha256"], ())


def test_names_in_addresses_are_stable() -> None:
    assert slug_of("990101-澄湾区发展和改革局") == "a8441850fa2ca"


def test_a_report_read_from_an_attached_file_names_page_and_file(hostile: Client) -> None:
    ((report_id,),) = hostile.store.query("SELECT report_id FROM report LIMIT 1")
    assert "Figures from the attached file" in hostile.get(f"/en/report/{report_id}").text
    assert "Attached to" in hostile.get(f"/en/evidence/{report_id}").text
    assert "附于" in hostile.get(f"/zh/evidence/{report_id}").text
