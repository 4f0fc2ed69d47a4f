"""Reports in files: the bytes are of the kind they claim, and hold the figures of the truth."""

import io
import re
import zipfile
import zlib
from collections.abc import Iterator

import httpx
import pytest
from lxml import html

from fixtures.farm import Farm
from fixtures.farm.articles import Content
from fixtures.farm.attachments import file_bytes
from fixtures.farm.profiles import PROFILES
from parsers.report import parse
from tests.farm.conftest import host_truth

REPORTS = Content(PROFILES["full"], "trs-a").reports


@pytest.fixture(scope="module")
def farm(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Farm]:
    """One host with everything."""
    with Farm("full", ("jpaas-a",), tmp_path_factory.mktemp("full")) as running:
        yield running


@pytest.mark.parametrize(
    ("kind", "magic"),
    [("docx", b"PK\x03\x04"), ("zip", b"PK\x03\x04"), ("ofd", b"PK\x03\x04"), ("pdf", b"%PDF-1"),
     ("scan.pdf", b"%PDF-1"), ("doc", b"\xd0\xcf\x11\xe0"), ("wps", b"\xd0\xcf\x11\xe0"), ("rar", b"Rar!")],
)  # fmt: skip
def test_a_file_starts_as_its_kind_does_and_is_the_same_every_time(kind: str, magic: bytes) -> None:
    article = next(a for a in REPORTS if a.variant == "V17")
    data = [file_bytes(kind, article.versions[0], article.era, article.title) for _ in range(2)]
    assert data[0].startswith(magic)
    assert data[0] == data[1]


def test_the_pdf_shows_every_figure_of_the_truth() -> None:
    article = next(a for a in REPORTS if a.variant == "V18" and a.era == "fmt2021")
    data = file_bytes("pdf", article.versions[0], article.era, article.title)
    streams = [zlib.decompress(body) for body in re.findall(rb"stream\n(.*?)\nendstream", data, re.DOTALL)]
    shown = [
        bytes.fromhex(text.decode()).decode("utf-16-be")
        for s in streams
        for text in re.findall(rb"<(\w+)> Tj", s)
    ]
    figures = [text for text in shown if re.fullmatch(r"[\d.]+", text)]
    assert figures == [cell.raw for cell in article.versions[0].sheet.values()]
    for entry in re.findall(rb"\n(\d{10}) 00000 n ", data):
        assert re.match(rb"\d+ 0 obj", data[int(entry) :])


def test_the_zip_holds_one_report_and_one_picture() -> None:
    article = next(a for a in REPORTS if a.variant == "V20")
    data = file_bytes("zip", article.versions[0], article.era, article.title)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert sorted(name.rsplit(".")[-1] for name in archive.namelist()) == ["docx", "png"]
        assert archive.testzip() is None


@pytest.mark.parametrize("kind", ["docx", "zip"])
@pytest.mark.parametrize("era", ["fmt2021", "fmt2019"])
def test_a_word_file_is_read_as_the_truth_has_it(kind: str, era: str) -> None:
    article = next(a for a in REPORTS if a.era == era and a.variant in ("V17", "V20"))
    version = article.versions[0]
    facts = {fact.key: fact for fact in parse(file_bytes(kind, version, era, article.title)).facts}
    assert {key: (fact.status, fact.raw) for key, fact in facts.items()} == {
        key: (cell.status, cell.raw) for key, cell in version.sheet.items()
    }


def test_pages_link_the_files_that_hold_their_reports(farm: Farm, client: httpx.Client) -> None:
    reports = [r for r in host_truth(farm, "jpaas-a")["reports"] if r["attachments"] and r["state"] == "live"]
    assert {r["variant"] for r in reports} == {"V17", "V18", "V19", "V20"}
    for report in reports[:12]:
        page = html.fromstring(client.get(report["url"]).text)
        (link,) = page.xpath("//p[@class='insertfileTag']/a")
        assert farm.base_url("jpaas-a") + link.get("href") == report["attachments"][0]["url"]
        answer = client.get(report["attachments"][0]["url"])
        assert answer.status_code == 200
        assert "一、总体情况" not in page.text_content()


@pytest.mark.parametrize(("mode", "status"), [("html_as_pdf", 200), ("octet", 200), ("servlet404", 404)])
def test_attachments_can_be_spoilt(farm: Farm, client: httpx.Client, mode: str, status: int) -> None:
    report = next(
        r for r in host_truth(farm, "jpaas-a")["reports"] if r["attachments"] and r["state"] == "live"
    )
    farm.add_fault("jpaas-a", "attachment", mode)
    answer = client.get(report["attachments"][0]["url"])
    farm.clear_faults()
    assert answer.status_code == status
    assert (b"<html" in answer.content) == (mode != "octet")
    if mode == "octet":
        assert answer.headers["content-type"] == "application/octet-stream"
