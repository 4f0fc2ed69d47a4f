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
from urllib.parse import urlencode, urlsplit

import pandas as pd
import pytest
from lxml import html
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, Request, sync_playwright

from output.explorer.words import words_of
from output.webfont import known_characters
from tests.explorer.conftest import HOSTILE, Client, browser_path, running

AXE = Path(__file__).parent / "vendor" / "axe.min.js"
COLOURS = ("color-contrast", "link-in-text-block")
"""Rules of axe-core that depend on colours: only they can change in the dark."""
WIDTHS = (1280, 390)
pytestmark = [
    pytest.mark.skipif(
        browser_path() is None,
        reason="LEFT OUT: the explorer was NOT tried in a browser: install chromium and fonts-noto-cjk, "
        "or set GONGKAI_BROWSER",
    )
]


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as found:
        yield found


@pytest.fixture(scope="session")
def browser(playwright: Playwright) -> Iterator[Browser]:
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


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_every_page_fits_and_is_without_barriers(
    browser: Browser, client: Client, address: str, lang: str
) -> None:
    """Each page is opened once in each language, then made narrow and dark."""
    context = browser.new_context(viewport={"width": WIDTHS[0], "height": 900}, color_scheme="light")
    watched = Watched(context)
    page = watched.page
    for name, path in shown_pages(client).items():
        page.set_viewport_size({"width": WIDTHS[0], "height": 900})
        page.emulate_media(color_scheme="light")
        page.goto(f"{address}{lang}/{path}")
        if page.locator("figure.chart").count():
            page.wait_for_selector("figure.chart[data-drawn=yes]")
        assert tofu(page) == [], name
        keep(page, name, lang)
        if lang == "en":
            barriers(page, name)
        page.emulate_media(color_scheme="dark")
        if lang == "en":
            barriers(page, f"{name} in the dark", COLOURS)
        page.set_viewport_size({"width": WIDTHS[1], "height": 900})
        wide = page.evaluate("document.documentElement.scrollWidth")
        assert wide <= WIDTHS[1], f"{name} is {wide} pixels wide"
    context.close()
    assert [one for one in watched.complaints if "404" not in one] == []
    assert watched.hosts == {urlsplit(address).netloc}


def keep(page: Page, name: str, lang: str) -> None:
    """Keep pictures of a page for whoever wants to look at them, in both widths, light and dark."""
    folder = os.environ.get("GONGKAI_SCREENSHOTS")
    assert page.evaluate("document.documentElement.scrollWidth") <= WIDTHS[0], name
    if not folder:
        return
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        for scheme in ("dark", "light"):
            page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
            page.wait_for_timeout(300)
            page.screenshot(path=Path(folder) / f"explorer-{name}-{lang}-{width}-{scheme}.png")
    page.set_viewport_size({"width": WIDTHS[0], "height": 900})


def barriers(page: Page, name: str, rules: tuple[str, ...] = ()) -> None:
    """Fail on serious findings of axe-core, of all its rules or of some."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate(
        "rules => axe.run(document, {resultTypes: ['violations'], preload: false, "
        "...(rules.length ? {runOnly: {type: 'rule', values: rules}} : {})})",
        list(rules),
    )
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
        walk_folder(browser, client, base, axe=way == "disk")
        host.shutdown()


def test_a_folder_filters_and_ranks_like_the_application(
    browser: Browser, client: Client, site: Path
) -> None:
    """Several filters at once, the ranking, and single kinds of applicants, without a server."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    watched = Watched(context)
    page = watched.page
    query = "severity=warning&region=99&year=2023"
    page.goto(f"file://{site}/en/findings.html?{query}")
    page.wait_for_selector("#found[data-ready=yes]")
    served = html.fromstring(client.get("/en/findings", query).body)
    messages = [one.text_content() for one in served.xpath("//*[@id='found']//p[@class='message']")]
    assert messages
    assert page.locator("#found .message").all_inner_texts() == messages
    assert page.inner_text("#count") == served.xpath("//*[@id='count']")[0].text_content()
    agency = next(one for one in client.store.agencies_in("") if one.name == "镕山县自然资源局")
    for query in (
        f"a={agency.slug}&m=disclosure_rate&to=2024&area=all",
        f"a={agency.slug}&m=requests.received.natural_person",
    ):
        page.goto(f"file://{site}/en/compare.html?{query}")
        page.wait_for_selector("figure.chart[data-drawn=yes]")
        served = html.fromstring(client.get("/en/compare", query).body)
        for table in ("comparison", "ranking"):
            rows = served.xpath(f"//table[contains(@class, '{table}')]/tbody/tr")
            expected = ["".join(row.text_content().split()) for row in rows]
            found = page.locator(f"table.{table} tbody tr").all_inner_texts()
            assert ["".join(text.split()) for text in found] == expected
        for place, path in (("sentence", "//p[@class='lead']"), ("note-list", "//*[@id='notes']/../ul")):
            expected = served.xpath(path)[0].text_content()
            assert "".join(page.inner_text(f"#{place}").split()) == "".join(expected.split())
    context.close()
    assert watched.complaints == []


def test_chinese_is_drawn_without_a_chinese_font(
    playwright: Playwright, address: str, site: Path, tmp_path: Path
) -> None:
    """The font that travels along is fetched by a machine that has none, and by no other."""
    latin = Path("/usr/share/fonts/truetype/dejavu")
    if not latin.is_dir():
        pytest.skip("LEFT OUT: no Latin font to be alone with (fonts-dejavu-core)")
    config = tmp_path / "fonts.conf"
    config.write_text(
        f'<?xml version="1.0"?><fontconfig><dir>{latin}</dir><cachedir>{tmp_path}</cachedir></fontconfig>'
    )
    poor = playwright.chromium.launch(
        executable_path=browser_path(),
        args=["--no-sandbox"],
        env={**os.environ, "FONTCONFIG_FILE": str(config)},
    )
    for start in (f"{address}zh/", f"file://{site}/zh/index.html"):
        page = poor.new_page()
        fetched: list[str] = []
        page.on("requestfinished", lambda request, seen=fetched: seen.append(request.url))
        page.goto(start)
        page.evaluate("document.fonts.ready")
        drawn = set(page.inner_text("main")) - set(tofu(page))
        assert set(page.inner_text("main")) & known_characters() <= drawn
        assert any(url.endswith("chinese.otf") for url in fetched)
    poor.close()


def walk_folder(browser: Browser, client: Client, base: str, *, axe: bool) -> None:
    context = browser.new_context(viewport={"width": 1280, "height": 900}, accept_downloads=True)
    watched = Watched(context)
    page = watched.page
    page.goto(base + "index.html")
    page.wait_for_url("**/en/index.html")
    page.fill("#search", "rsxfzhggj")
    page.locator("#suggestions li").first.click()
    page.wait_for_url("**/agency.html?id=*")
    page.wait_for_selector("main[data-ready=yes] figure.chart[data-drawn=yes]")
    if axe:
        barriers(page, "agency")
    page.get_by_text(words_of("en")["compare_neighbours"]).click()
    page.wait_for_url("**/compare.html?*")
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
    if axe:
        barriers(page, "compare")
    page.locator("table.comparison tbody td a").first.click()
    page.wait_for_url("**/evidence.html?id=*#requests.received.total")
    page.wait_for_selector("main[data-ready=yes]")
    assert page.locator("td.marked").inner_text().strip() == shown[0]
    assert page.locator("td.marked").evaluate("cell => getComputedStyle(cell).outlineStyle") == "solid"
    assert page.locator(".chosen-cell dd bdi").first.inner_text() == shown[0]
    assert words_of("en")["hash_ok"] in page.inner_text("main")
    if axe:
        barriers(page, "evidence")
    page.locator("p.trail a").last.click()
    page.wait_for_selector("main[data-ready=yes] table.form")
    if axe:
        barriers(page, "report")
    page.click("a.language")
    page.wait_for_url("**/zh/report.html?id=*")
    page.wait_for_selector("main[data-ready=yes] table.form")
    context.close()
    assert watched.complaints == []
    assert watched.hosts <= {"", urlsplit(base).netloc}
