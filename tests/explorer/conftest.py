"""The demo's dataset behind the explorer, and a copy of it in which every text is an attack."""

import json
import os
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from output.explorer.app import Application
from output.explorer.index import ensure_index
from output.explorer.server import server
from output.explorer.site import write_site
from output.explorer.store import Store

HOSTILE = (
    "<script>alert(1)</script>",
    "=cmd|'/c calc'!A1",
    "长" * 10_000,
    "\u202e右到左\u202c\u200f",
    '"><img src=x onerror=alert(2)>',
    "{{ 7 * 7 }}{% raw %}",
    "</td></table><h1>\x00\x1b[31m",
    "javascript:alert(3)",
)
BROWSERS = ("/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome")


class Reply(NamedTuple):
    """What the application answered."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode("utf-8")


class Client:
    """Asks the application without a network."""

    def __init__(self, data_dir: Path) -> None:
        self.app = Application(data_dir)
        self.store = Store(ensure_index(data_dir))
        self.data_dir = data_dir

    def get(
        self, path: str, query: str = "", *, method: str = "GET", host: str = "127.0.0.1:8420", **more: str
    ) -> Reply:
        seen: list[Any] = []
        environ = {
            "REQUEST_METHOD": method,
            "PATH_INFO": path.encode().decode("latin-1"),
            "QUERY_STRING": query,
            "HTTP_HOST": host,
            **more,
        }
        body = b"".join(self.app(environ, lambda status, headers: seen.append((status, headers))))
        status, headers = seen[0]
        return Reply(int(status.split()[0]), dict(headers), body)


@pytest.fixture(scope="session")
def client(demo: Path) -> Client:
    return Client(demo)


@pytest.fixture(scope="session")
def hostile_dir(demo: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo's data folder with attacks for names, titles, cells, narrative, addresses and findings."""
    folder = tmp_path_factory.mktemp("hostile") / "data"
    shutil.copytree(demo, folder, ignore=shutil.ignore_patterns("explorer.sqlite", "farm"))
    for table, columns in {
        "reports": (
            "agency",
            "title",
            "list_title",
            "source_url",
            "portal_name",
            "published_on_from",
            "figures_url",
            "error",
        ),
        "panel": ("agency", "source_url"),
        "facts": ("raw", "note"),
        "sections": ("heading", "text"),
        "findings": ("message_en", "message_zh", "expected", "found"),
    }.items():
        attack(folder / "dataset" / f"{table}.parquet", columns)
    manifest = folder / "dataset" / "manifest.json"
    manifest.write_text(json.dumps({**json.loads(manifest.read_text()), "attacked": True}))
    return folder


def attack(path: Path, columns: tuple[str, ...]) -> None:
    table = pq.read_table(path)
    for column in columns:
        values = [HOSTILE[place % len(HOSTILE)] for place in range(len(table))]
        if path.stem == "facts":  # long texts in a few cells only
            values = [one if place % 50 == 0 else one[:60] for place, one in enumerate(values)]
        field = table.schema.field(column)
        place = table.schema.get_field_index(column)
        table = table.set_column(place, field, pa.array(values, pa.string()))
    pq.write_table(table, path)


@pytest.fixture(scope="session")
def hostile(hostile_dir: Path) -> Client:
    return Client(hostile_dir)


@contextmanager
def running(data_dir: Path) -> Iterator[str]:
    """Serve on a free port and give the address."""
    with server(data_dir, port=0) as (address, serve):
        threading.Thread(target=serve, daemon=True).start()
        yield address


def browser_path() -> str | None:
    """Return this machine's browser; GONGKAI_REQUIRE_BROWSER turns a missing one into a failure."""
    asked = os.environ.get("GONGKAI_BROWSER")
    found = next((path for path in (asked, *BROWSERS) if path and Path(path).is_file()), None)
    if found is None and os.environ.get("GONGKAI_REQUIRE_BROWSER"):
        raise AssertionError(f"GONGKAI_REQUIRE_BROWSER is set, but there is no browser at any of {BROWSERS}")
    return found


@pytest.fixture(scope="session")
def site(demo: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("site") / "explorer"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("output.explorer.site.LARGEST_CSV", 1_000_000)
        written = write_site(demo, folder, ("en", "zh"), jobs=1)
    assert written.files == sum(path.is_file() for path in folder.rglob("*"))
    return folder
