"""A small real server for the scraper's tests: scripted answers, a log with times, and a data folder."""

import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from scraper.fetch import Limits
from scraper.politeness import Pace
from scraper.portals import Network, Portal, PortalsFile

NOW = datetime(2026, 1, 5, tzinfo=UTC)
FAST = Pace(
    retry_waits=((0.0, 0.01), (0.0, 0.01)), pause=(0.0, 0.01), longest_retry_after=0.2, repeat_after=0.0
)
SMALL = Limits(connect_seconds=2.0, read_seconds=0.6, total_seconds=1.2, body_bytes=200_000)


class Reply(NamedTuple):
    """A scripted answer; `raw` replaces everything else on the wire."""

    body: bytes = b""
    status: int = 200
    headers: tuple[tuple[str, str], ...] = (("Content-Type", "text/html"),)
    raw: bytes | None = None
    wait: float = 0.0
    endless: bool = False


class Asked(NamedTuple):
    """One request as the server saw it."""

    at: float
    path: str
    headers: dict[str, str]


Script = Callable[[str, dict[str, str]], Reply]


@dataclass
class Server:
    """A running server: change `script` at any time, read `log`."""

    script: Script
    log: list[Asked] = field(default_factory=list)
    port: int = 0
    busy: int = 0
    most_busy: int = 0

    @property
    def host(self) -> str:
        return f"127.0.0.1:{self.port}"

    def url(self, path: str) -> str:
        return f"http://{self.host}{path}"

    def paths(self) -> list[str]:
        return [asked.path for asked in self.log]


def page(text: str, title: str = "t") -> bytes:
    return f"<html><head><title>{title}</title></head><body>{text}</body></html>".encode()


@pytest.fixture
def serve() -> Iterator[Callable[[Script], Server]]:
    """Start servers that answer by a function of path and headers."""
    running: list[ThreadingHTTPServer] = []

    def start(script: Script) -> Server:
        server = Server(script)

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            wbufsize = -1

            def do_GET(self) -> None:
                server.busy += 1
                server.most_busy = max(server.most_busy, server.busy)
                try:
                    headers = {key.casefold(): value for key, value in self.headers.items()}
                    server.log.append(Asked(time.monotonic(), self.path, headers))
                    self._reply(server.script(self.path, headers))
                except OSError:
                    self.close_connection = True
                finally:
                    server.busy -= 1

            def _reply(self, reply: Reply) -> None:
                time.sleep(reply.wait)
                if reply.raw is not None:
                    self.wfile.write(reply.raw)
                    self.close_connection = True
                    return
                self.send_response(reply.status)
                for key, value in reply.headers:
                    self.send_header(key, value)
                if reply.endless:
                    self.end_headers()
                    while True:
                        self.wfile.write(b"x" * 65536)
                if reply.status != 304:
                    self.send_header("Content-Length", str(len(reply.body)))
                self.end_headers()
                self.wfile.write(reply.body)
                self.wfile.flush()

            def log_message(self, *_: Any) -> None:
                pass

        http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        http.daemon_threads = True
        server.port = http.server_port
        threading.Thread(target=http.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        running.append(http)
        return server

    yield start
    for http in running:
        http.shutdown()
        http.server_close()


def portal_of(server: Server, start: str = "/zwgk/xxgknb/", **settings: Any) -> Portal:
    given = {"id": "test", "name": "测试区人民政府", "family": "trs", "delay_seconds": 0.0, **settings}
    return Portal(start=[server.url(start)], **given)


def file_of(*portals: Portal) -> PortalsFile:
    hosts = [url.split("/")[2] for portal in portals for url in portal.start]
    return PortalsFile(network=Network(allow_private_hosts=hosts), portal=list(portals))


@pytest.fixture
def data_dir(tmp_path: Path) -> Path:
    return tmp_path / "data"
