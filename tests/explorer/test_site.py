"""The static folder: complete, self-contained, never over somebody else's files."""

from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from lxml import html

from output.explorer.site import MARKER, SiteFolderInUseError, write_site
from tests.conftest import Run
from tests.explorer.conftest import Client


def test_every_link_of_every_page_is_a_file(site: Path) -> None:
    checked: set[Path] = set()
    for page in (site / "index.html", *(site / "zh").rglob("*.html")):
        tree = html.parse(str(page), html.HTMLParser(encoding="utf-8"))
        for link in tree.xpath("//a/@href | //link/@href | //script/@src | //form/@action"):
            parts = urlsplit(link)
            if parts.scheme in ("http", "https"):
                assert tree.xpath("//a[@href=$link and @rel='noreferrer noopener']", link=link), (page, link)
            elif parts.path and not parts.path.endswith(".csv"):
                checked.add((page.parent / unquote(parts.path)).resolve())
    assert len(checked) > 200
    assert [path for path in checked if not path.is_file()] == []


def test_downloads_are_the_dataset(site: Path, demo: Path) -> None:
    for path in (demo / "dataset").iterdir():
        assert (site / "dataset" / path.name).read_bytes() == path.read_bytes()


def test_anchors_of_evidence_are_there(site: Path, client: Client) -> None:
    report_id = client.store.loudest(1)[0].report_id
    report = html.parse(str(site / "zh" / "report" / f"{report_id}.html"))
    evidence = html.parse(str(site / "zh" / "evidence" / f"{report_id}.html"))
    places = set(evidence.xpath("//td/@id"))
    wanted = {link.partition("#")[2] for link in report.xpath("//td/a/@href") if "evidence/" in link}
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


def test_the_command_writes_over_what_it_wrote(gongkai: Run, demo: Path, tmp_path: Path) -> None:
    (tmp_path / "out" / "en").mkdir(parents=True)
    (tmp_path / "out" / MARKER).touch()
    done = gongkai("site", "--data", demo, "-o", tmp_path / "out", "--languages", "zh")
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "out" / MARKER).is_file()
    assert not (tmp_path / "out" / "en").exists()
    assert gongkai("site", "--data", demo, "-o", tmp_path / "x", "--languages", "de").returncode == 2
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "a").touch()
    assert gongkai("site", "--data", demo, "-o", tmp_path / "mine").returncode == 2
    assert gongkai("serve", "--data", tmp_path / "nowhere").returncode == 2
    assert gongkai("serve", "--data", tmp_path / "mine").returncode == 2
