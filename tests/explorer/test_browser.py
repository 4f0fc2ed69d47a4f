"""What a journalist does, in a real browser: find, compare, look at the evidence, download, print.

Needs Chromium; without one the tests say loudly that they were left out. GONGKAI_REQUIRE_BROWSER=1 turns that
into a failure, GONGKAI_SCREENSHOTS=DIR keeps the screenshots.
"""

import csv
import functools
import http.server
import io
import os
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

import pandas as pd
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Request, sync_playwright

from output.explorer.words import words_of
from tests.explorer.conftest import HOSTILE, Client, browser_path, running

AXE = Path(__file__).parent / "vendor" / "axe.min.js"
DARK_CHECKED = ("overview", "findings", "evidence")
"""Pages whose colours are checked in the dark too: between them they use all of them."""
pytestmark = [
    pytest.mark.skipif(
        browser_path() is None,
        reason="LEFT OUT: the explorer was NOT tried in a browser: install chromium and fonts-noto-cjk, "
        "or set GONGKAI_BROWSER",
    )
]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=browser_path(), args=["--no-sandbox"])
        yield found
        found.close()


@pytest.fixture(scope="session")
def address(demo: Path) -> Iterator[str]:
    with running(demo) as found:
        yield found


class Watched:
    """A page that remembers every complaint and every request."""

    def __init__(self, context: BrowserContext) -> None:
        self.page: Page = context.new_page()
        self.complaints: list[str] = []
        self.hosts: set[str] = set()
        self.page.on("console", lambda message: self.complaints.append(f"{message.type}: {message.text}"))
        self.page.on("pageerror", lambda error: self.complaints.append(f"error: {error}"))
        self.page.on("requestfailed", self._failed)
        self.page.on("request", lambda request: self.hosts.add(urlsplit(request.url).netloc))

    def _failed(self, request: Request) -> None:
        if request.failure != "net::ERR_ABORTED":  # the reader went on before everything was there
            self.complaints.append(f"failed: {request.url}")


@pytest.fixture
def watched(browser: Browser, address: str) -> Iterator[Watched]:
    context = browser.new_context(viewport={"width": 1280, "height": 900}, accept_downloads=True)
    found = Watched(context)
    yield found
    assert found.complaints == []
    assert found.hosts <= {urlsplit(address).netloc, ""}, "a request to somewhere else"
    context.close()


def shown_pages(client: Client) -> dict[str, str]:
    agencies = [one for one in client.store.agencies_in("") if one.kind == "department"]
    finding = client.store.loudest(1)[0]
    cell = finding.row["cells"].split()[0]
    chosen = [("a", one.slug) for one in agencies]
    return {
        "overview": "",
        "compare": f"compare?{urlencode([*chosen, ('m', 'disclosure_rate')])}",
        "count": f"compare?{urlencode([*chosen, ('m', 'requests.received.total')])}",
        "start": "compare",
        "agency": f"agency/{agencies[0].slug}",
        "report": f"report/{finding.report_id}",
        "findings": "findings",
        "evidence": f"evidence/{finding.report_id}?cell={cell}#{cell}",
        "data": "data",
        "search": "search?q=fzhggj",
        "missing": "agency/a0",
    }


def test_a_journalist_finds_compares_checks_and_downloads(
    watched: Watched, address: str, demo: Path, tmp_path: Path
) -> None:
    page = watched.page
    page.goto(address + "en/")
    page.keyboard.press("/")
    page.keyboard.type("rsxfzhggj")
    page.locator("#suggestions li").first.wait_for()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url("**/agency/*")
    assert page.locator("h1").inner_text() == "镕山县发展和改革局"
    page.get_by_text(words_of("en")["compare_neighbours"]).click()
    page.wait_for_selector("figure.chart[data-drawn=yes] svg")
    page.select_option("select[name=m]", "requests.received.total")
    page.select_option("select[name=from]", "2021")
    page.select_option("select[name=to]", "2025")
    page.click(".controls button")
    page.wait_for_selector("figure.chart[data-drawn=yes] svg")
    assert "from=2021" in page.url
    assert page.locator("table.comparison thead th").all_inner_texts()[1:] == [
        "2021",
        "2022",
        "2023",
        "2024",
        "2025",
    ]
    assert page.locator("table.comparison tbody tr").count() >= 3
    check_download(page, demo)
    cell = page.locator("table.comparison tbody tr").first.locator("td a").first
    figure = cell.inner_text()
    cell.click()
    page.wait_for_url("**/evidence/**")
    marked = page.locator("td.marked")
    assert marked.inner_text().strip() == figure
    assert marked.is_visible()
    assert words_of("en")["hash_ok"] in page.inner_text("main")


def check_download(page: Page, demo: Path) -> None:
    """The CSV of what is seen holds the figures of the dataset, no more and no less."""
    with page.expect_download() as waiting:
        page.get_by_text(words_of("en")["download_csv"]).click()
    text = Path(waiting.value.path()).read_bytes().decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    facts = pd.read_parquet(demo / "dataset" / "facts.parquet")
    facts = facts[
        facts.is_current & (facts.table == "requests") & (facts.row == "received") & (facts.column == "total")
    ]
    known = {(one.report_id, one.agency_id, one.fiscal_year): one.value for one in facts.itertuples()}
    assert len(rows) >= 12
    for row in rows:
        assert known[row["report_id"], row["agency_id"], int(row["fiscal_year"])] == float(row["value"])


@pytest.mark.parametrize(
    ("lang", "width", "scheme"),
    [("en", 1280, "light"), ("zh", 390, "light"), ("zh", 1280, "dark"), ("en", 390, "dark")],
)
def test_every_page_fits_and_is_without_barriers(
    browser: Browser, client: Client, address: str, tmp_path: Path, lang: str, width: int, scheme: Any
) -> None:
    folder = Path(os.environ.get("GONGKAI_SCREENSHOTS") or tmp_path)
    context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)
    watched = Watched(context)
    for name, path in shown_pages(client).items():
        page = watched.page
        page.goto(f"{address}{lang}/{path}")
        if page.locator("figure.chart").count():
            page.wait_for_selector("figure.chart[data-drawn=yes]")
        assert page.evaluate("document.documentElement.scrollWidth") <= width, (
            f"{name} is wider than the screen"
        )
        assert tofu(page) == [], name
        if (lang, scheme) == ("en", "light") or (scheme == "dark" and name in DARK_CHECKED):
            barriers(page, name)
        page.screenshot(path=folder / f"explorer-{name}-{lang}-{width}-{scheme}.png")
    context.close()
    complaints = [one for one in watched.complaints if "404" not in one]
    assert complaints == []
    assert watched.hosts == {urlsplit(address).netloc}


def barriers(page: Page, name: str) -> None:
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate("axe.run(document, {resultTypes: ['violations'], preload: false})")
    grave = [
        (one["id"], [node["target"] for node in one["nodes"]][:3])
        for one in found["violations"]
        if one["impact"] in ("serious", "critical")
    ]
    assert grave == [], f"{name}: {grave}"


def tofu(page: Page) -> list[str]:
    """Return characters for which the machine has no picture: they look like one that nobody has."""
    return list(
        page.evaluate(
            """() => {
          const canvas = document.createElement("canvas");
          canvas.width = canvas.height = 24;
          const pen = canvas.getContext("2d", { willReadFrequently: true });
          pen.font = `16px ${getComputedStyle(document.body).fontFamily}`;
          const picture = (one) => {
            pen.clearRect(0, 0, 24, 24);
            pen.fillText(one, 2, 18);
            return pen.getImageData(0, 0, 24, 24).data.join();
          };
          const missing = picture("\\u{10FFFD}");
          const all = [...new Set(document.body.innerText)].filter((one) => one.trim());
          return all.filter((one) => picture(one) === missing);
        }"""
        )
    )


def test_pictures_can_be_taken_along(watched: Watched, client: Client, address: str) -> None:
    page = watched.page
    page.goto(f"{address}en/{shown_pages(client)['compare']}")
    page.wait_for_selector("figure.chart[data-drawn=yes]")
    for kind, start in (("png", b"\x89PNG"), ("svg", b"<svg")):
        with page.expect_download() as waiting:
            page.click(f"button[data-save={kind}]")
        content = Path(waiting.value.path()).read_bytes()
        assert content.startswith(start)
        assert len(content) > 4000
    assert "Disclosure rate" in content.decode()


def test_a_chart_draws_what_the_table_says(watched: Watched, client: Client, address: str) -> None:
    page = watched.page
    page.goto(f"{address}en/{shown_pages(client)['count']}")
    page.wait_for_selector("figure.chart[data-drawn=yes]")
    figures = page.locator("table.comparison tbody td a").count()
    drawn = page.locator(".drawing svg .mark-symbol path")
    assert drawn.count() == figures
    labels = [
        text for text in page.locator(".drawing svg .mark-text text").all_text_contents() if text.strip()
    ]
    assert "0" in labels


def test_a_meaning_is_shown_on_focus(watched: Watched, client: Client, address: str) -> None:
    page = watched.page
    page.goto(f"{address}en/{shown_pages(client)['report']}")
    page.locator("table .term").first.focus()
    assert page.locator("#tip").inner_text() != ""
    page.keyboard.press("Escape")
    assert page.locator("#tip").count() == 0


def test_keys_lead_through_the_pages(watched: Watched, address: str) -> None:
    page = watched.page
    page.goto(address + "zh/")
    page.keyboard.press("f")
    page.wait_for_url("**/zh/findings")
    page.keyboard.press("?")
    assert page.locator(".keys").is_visible()
    page.click("a.language")
    page.wait_for_url("**/en/findings")


def test_pages_print(watched: Watched, client: Client, address: str) -> None:
    page = watched.page
    page.goto(f"{address}zh/{shown_pages(client)['compare']}")
    page.wait_for_selector("figure.chart[data-drawn=yes]")
    page.emulate_media(media="print")
    assert not page.locator("header.top").is_visible()
    assert not page.locator(".controls").is_visible()
    assert page.locator("table.comparison").is_visible()
    assert page.pdf().startswith(b"%PDF")


def test_pages_work_without_scripts(browser: Browser, client: Client, address: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{address}en/{shown_pages(client)['compare']}")
    assert page.locator(".drawing svg polyline").count() > 0
    page.fill("#search", "fzhggj")
    page.press("#search", "Enter")
    assert page.locator("#results a").count() == 2
    context.close()


def test_attacks_stay_text(browser: Browser, hostile: Client, hostile_dir: Path) -> None:
    context = browser.new_context(viewport={"width": 390, "height": 900})
    with running(hostile_dir) as address:
        watched = Watched(context)
        watched.page.on("dialog", lambda dialog: watched.complaints.append(f"dialog: {dialog.message}"))
        watched.page.goto(address + "en/")
        names = watched.page.locator("table.heat th[scope=row]").all_inner_texts()
        assert HOSTILE[0] in names
        for name, path in shown_pages(hostile).items():
            watched.page.goto(f"{address}en/{path}")
            wide = watched.page.evaluate("document.documentElement.scrollWidth")
            assert wide <= 390, f"{name} is {wide} wide"
        watched.page.goto(address + "en/")
        watched.page.fill("#search", "script")
        watched.page.locator("#suggestions li").first.wait_for()
        assert HOSTILE[0] in watched.page.locator("#suggestions bdi").all_inner_texts()
    context.close()
    assert [one for one in watched.complaints if "404" not in one] == []
    assert watched.hosts == {urlsplit(address).netloc}


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None: ...


@pytest.mark.parametrize("way", ["disk", "host"])
def test_a_folder_works_from_a_stick_and_from_any_host(
    browser: Browser, client: Client, site: Path, way: str
) -> None:
    handler = functools.partial(_Quiet, directory=str(site))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as host:
        threading.Thread(target=host.serve_forever, daemon=True).start()
        base = f"http://127.0.0.1:{host.server_port}/" if way == "host" else f"file://{site}/"
        walk_folder(browser, client, base)
        host.shutdown()


def walk_folder(browser: Browser, client: Client, base: str) -> None:
    context = browser.new_context(viewport={"width": 1280, "height": 900}, accept_downloads=True)
    watched = Watched(context)
    page = watched.page
    page.goto(base + "index.html")
    page.wait_for_url("**/en/index.html")
    page.fill("#search", "rsxfzhggj")
    page.locator("#suggestions li").first.click()
    page.wait_for_url("**/agency/*.html")
    page.get_by_text(words_of("en")["compare_neighbours"]).click()
    page.wait_for_selector("figure.chart[data-drawn=yes] svg")
    page.select_option("select[name=m]", "requests.received.total")
    page.click(".controls button")
    page.wait_for_selector("figure.chart[data-drawn=yes] svg")
    shown = page.locator("table.comparison tbody tr").first.locator("td a").all_inner_texts()
    agency = next(one for one in client.store.agencies_in("") if one.name == "镕山县发展和改革局")
    assert shown == [f"{row['requests_received_total']:,.0f}" for row in client.store.panel(agency.agency_id)]
    with page.expect_download() as waiting:
        page.get_by_text(words_of("en")["download_csv"]).click()
    assert ",".join(shown) in Path(waiting.value.path()).read_text(encoding="utf-8-sig").replace(" ", "")
    barriers(page, "compare")
    page.locator("table.comparison tbody td a").first.click()
    page.wait_for_url("**/evidence/*.html#requests.received.total")
    assert page.locator("td:target").inner_text().strip() == shown[0]
    context.close()
    assert watched.complaints == []
    assert watched.hosts <= {"", urlsplit(base).netloc}
