"""The static folder: complete, self-contained, never over somebody else's files."""

import base64
import json
import signal
import subprocess
import sys
import zipfile
import zlib
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import pytest
from lxml import html

from output.compare_text import marks_of, reason_text
from output.explorer.bundles import OWN_NAME
from output.explorer.pages.findings import Filters, all_findings
from output.explorer.peers import ranking
from output.explorer.render import visible
from output.explorer.site import MARKER, SiteFolderInUseError, write_site
from output.explorer.slices import compare_agencies
from tests.conftest import Run
from tests.explorer.conftest import Client


def unpacked(path: Path) -> Any:
    """Return what a data file of a folder hands over."""
    return json.loads(zlib.decompress(base64.b64decode(path.read_text("ascii").split('"')[3])))


@pytest.fixture(scope="session")
def packed(site: Path) -> dict[str, str]:
    """Every packed Chinese page by its address."""
    pages = {}
    for path in (site / "data" / "zh").glob("*-*.js"):
        if path.name.startswith(("agency", "report")):
            content = unpacked(path)
            for kind, lines in content["pages"].items():
                for place, name in enumerate(content["names"]):
                    own = [line for line in lines[place :: len(content["names"])] if line is not None]
                    pages[f"{kind}.html?id={name}"] = "\n".join(own).replace(OWN_NAME, name)
    return pages


def test_every_link_of_every_page_is_a_file_or_a_packed_page(site: Path, packed: dict[str, str]) -> None:
    files: set[Path] = set()
    shown: set[str] = set()
    texts = {
        path: path.read_text(encoding="utf-8")
        for path in (site / "index.html", *(site / "zh").rglob("*.html"))
    }
    for page, text in [*texts.items(), *((site / "zh" / name, text) for name, text in packed.items())]:
        tree = html.fromstring(text)
        for link in tree.xpath("//a/@href | //link/@href | //script/@src | //form/@action"):
            parts = urlsplit(link)
            if parts.scheme in ("http", "https"):
                assert tree.xpath("//a[@href=$link and @rel='noreferrer noopener']", link=link), (page, link)
            elif parts.query.startswith("id="):
                shown.add(f"{Path(parts.path).name}?{parts.query}")
            elif parts.path:
                files.add((page.parent / unquote(parts.path)).resolve())
    assert len(files) > 50
    assert [path for path in files if not path.is_file()] == []
    assert shown == packed.keys()


def test_packed_pages_are_those_of_the_application(packed: dict[str, str], client: Client) -> None:
    """The same cells, findings and text, though the addresses differ."""
    report_id = client.store.loudest(1)[0].report_id
    for kind in ("report", "evidence"):
        served = html.fromstring(client.get(f"/zh/{kind}/{report_id}").body).xpath("//main//text()")
        found = html.fromstring(packed[f"{kind}.html?id={report_id}"])
        for extra in found.xpath("//*[@id='touching']"):
            extra.drop_tree()
        plain = ["".join(texts).split() for texts in (served, found.xpath("//text()"))]
        assert [one for one in plain[0] if "CSV" not in one] == [one for one in plain[1] if "CSV" not in one]


def test_figures_to_compare_are_those_of_the_command(site: Path, client: Client, demo: Path) -> None:
    """Rates, series and cells of every agency, with the reason where there is no figure."""
    wanted = (
        "disclosure_rate",
        "requests.received.natural_person",
        "disputes.review.total",
        "requests.granted.total",
    )
    for path in (site / "data" / "en").glob("agency-*.js"):
        for figures in unpacked(path)["figures"]:
            agency = client.store.agency(figures["slug"])
            assert agency is not None
            for code in wanted:
                points = compare_agencies(client.store, [agency], code, None, "en").lines[0].points
                for place, (year, _, _) in enumerate(figures["years"]):
                    shown = figures["series"].get(code)
                    if shown is None:
                        assert points[year].value is None
                    elif isinstance(shown[place], int):
                        assert figures["reasons"][shown[place]] == reason_text(
                            points[year].reason or "", "en"
                        )
                    else:
                        assert shown[place][0] == points[year].value
                        assert (shown[place][3:] or [""])[0] == marks_of(points[year].flags)


def test_peers_are_ranked_as_in_the_application(site: Path, client: Client) -> None:
    """Value, base and who is left out follow from the data files."""
    agency = next(one for one in client.store.agencies_in("") if one.name == "镕山县自然资源局")
    expected = ranking(client.store, agency, "disclosure_rate", 2024, "", frozenset())
    assert expected is not None
    agencies, peers = (unpacked(site / "data" / f"{name}.js") for name in ("agencies", "peers"))
    rates = unpacked(site / "data" / "rate-disclosure_rate.js")
    year, (who, groups) = rates["years"]["2024"], peers["years"]["2024"]
    same = [
        place for place, group in enumerate(groups)
        if peers["groups"][group][:3] == [agency.kind, agency.level, agency.scope]
    ]  # fmt: skip
    left_out = {*year["small"], *year["missing"]}
    found = sorted(
        (-rates["scale"] * year["n"][place] / year["d"][place], place)
        for place in same
        if place not in left_out
    )
    assert len(same) == expected.peers
    assert len(left_out & set(same)) == expected.small + expected.missing
    assert [(agencies["agencies"][who[place]][0], -value) for value, place in found] == [
        (one.agency.slug, one.value) for one in expected.rows
    ]


def test_findings_of_a_folder_are_all_and_in_order(site: Path, client: Client) -> None:
    index = unpacked(site / "data" / "findings.js")
    texts = [
        text
        for number in range(len(list((site / "data" / "en").glob("findings-*.js"))))
        for text in unpacked(site / "data" / "en" / f"findings-{number}.js")
    ]
    expected = all_findings(client.store, Filters())
    assert len(texts) == len(index["rule"]["places"]) == len(expected)
    for place, finding in enumerate(expected):
        rule, severity = (
            index[name]["values"][index[name]["places"][place]] for name in ("rule", "severity")
        )
        assert (rule, severity) == (finding.row["rule"], finding.row["severity"])
        shown = html.fromstring(texts[place]).xpath("//*[@class='message']")[0].text_content()
        assert shown == visible(finding.row["message_en"], 600)


def test_downloads_are_the_dataset_large_csv_zipped(site: Path, demo: Path) -> None:
    names = {path.name for path in (demo / "dataset").iterdir()}
    zipped = {name for name in names if (site / "dataset" / f"{name}.zip").is_file()}
    assert "facts.csv" in zipped
    assert "panel.parquet" not in zipped
    for name in sorted(names - zipped):
        assert (site / "dataset" / name).read_bytes() == (demo / "dataset" / name).read_bytes()
    for name in sorted(zipped):
        with zipfile.ZipFile(site / "dataset" / f"{name}.zip") as file:
            assert file.read(name) == (demo / "dataset" / name).read_bytes()
    links = html.parse(str(site / "en" / "data.html")).xpath("//a[@download]/@href")
    assert {Path(link).name for link in links} == {path.name for path in (site / "dataset").iterdir()}


def test_anchors_of_evidence_are_there(packed: dict[str, str], client: Client) -> None:
    report_id = client.store.loudest(1)[0].report_id
    report = html.fromstring(packed[f"report.html?id={report_id}"])
    evidence = html.fromstring(packed[f"evidence.html?id={report_id}"])
    places = set(evidence.xpath("//td/@id"))
    wanted = {link.partition("#")[2] for link in report.xpath("//td/a/@href") if "evidence" in link}
    assert len(wanted) == 200
    assert wanted == places


def test_pages_have_a_policy_of_their_own(site: Path) -> None:
    for page in (site / "en").rglob("*.html"):
        text = page.read_text(encoding="utf-8")
        assert 'http-equiv="Content-Security-Policy" content="default-src \'none\'' in text
        assert "unsafe" not in text.partition("</head>")[0]


def test_a_folder_of_somebody_else_is_left_alone(demo: Path, tmp_path: Path) -> None:
    (tmp_path / "thesis.docx").touch()
    with pytest.raises(SiteFolderInUseError):
        write_site(demo, tmp_path, ("en",))
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.docx"]


def test_the_command_writes_over_what_it_wrote_also_from_inside(
    gongkai: Run, demo: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    (out / "en").mkdir(parents=True)
    (out / MARKER).touch()
    (out / "old.html").touch()
    done = gongkai("site", "--data", demo.resolve(), "-o", ".", "--languages", "zh", cwd=out)
    assert done.returncode == 0, done.stderr
    assert (out / MARKER).is_file()
    assert (out / "zh" / "index.html").is_file()
    assert not (out / "en").exists()
    assert not (out / "old.html").exists()
    assert gongkai("site", "--data", demo, "-o", tmp_path / "x", "--languages", "de").returncode == 2
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "a").touch()
    assert gongkai("site", "--data", demo, "-o", tmp_path / "mine").returncode == 2
    assert gongkai("serve", "--data", tmp_path / "nowhere").returncode == 2
    assert gongkai("serve", "--data", tmp_path / "mine").returncode == 2


def test_ctrl_c_ends_the_server_with_130(demo: Path) -> None:
    """The one way to end it, and the exit code every interrupted command has."""
    arguments = ["serve", "--data", str(demo), "--port", "0", "--lang", "en"]
    code = f"from output.cli import main; main({arguments!r})"
    with subprocess.Popen(
        [sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as one:
        assert one.stdout is not None
        assert "http://127.0.0.1:" in one.stdout.readline()
        one.send_signal(signal.SIGINT)
        _, said = one.communicate(timeout=20)
    assert one.returncode == 130
    assert said.splitlines()[-1] == "Stopped."
