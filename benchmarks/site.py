"""A portal made ready in memory, so that a benchmark measures its clients: lists and report pages, gzip.

    python -m benchmarks.site --pages 1000

Prints one line of JSON with its port and sizes, then serves until its input ends.
"""

import argparse
import asyncio
import gzip
import json
import sys

from tests.render.html import HtmlOptions, form_cells, render_page

ROWS = 20
COLUMN = "/zwgk/xxgknb/"
_NAVIGATION = "".join(f'<li><a href="/zw/{n}/">栏目{n}</a></li>' for n in range(60))
_SCRIPT = "<script>" + "var counter = 0; function show(n) { return n + counter; }\n" * 60 + "</script>"


def report_path(number: int) -> str:
    """Return the path of a report, numbered from 0."""
    return f"{COLUMN}202501/t202501{number % 28 + 1:02d}_{1_000_000 + number}.html"


def list_path(page: int) -> str:
    """Return the path of a page of the list, numbered from 0."""
    return f"{COLUMN}index{f'_{page}' if page else ''}.html"


def report_title(number: int) -> str:
    """Return a title no other report has."""
    return f"第{number}街道办事处2024年政府信息公开工作年度报告"


def _report(template: str, number: int) -> str:
    title = report_title(number)
    head = f'<title>{title}</title><meta name="ArticleTitle" content="{title}">{_SCRIPT}'
    body = template.replace("本机关按照要求", f"第{number}街道办事处按照要求")
    return body.replace("</head>", head + "</head>", 1).replace("<body>", f"<body><ul>{_NAVIGATION}</ul>", 1)


def _list(page: int, pages: int, count: int) -> str:
    rows = "".join(
        f'<li><a href="{report_path(n)}" title="{report_title(n)}">{report_title(n)}</a>'
        "<span>2025-01-17</span></li>"
        for n in range(page * ROWS, min((page + 1) * ROWS, count))
    )
    pager = f'<script>createPageHTML({pages}, {page}, "index", "html");</script>'
    return (
        f"<html><head><meta charset='utf-8'><title>年报</title>{_SCRIPT}</head><body><ul>{_NAVIGATION}</ul>"
        f"<ul class='list'>{rows}</ul>{pager}</body></html>"
    )


def answers(count: int) -> dict[bytes, bytes]:
    """Return every answer as it goes over the wire, by path."""
    figures = dict.fromkeys(form_cells("fmt2021"), "0")
    template = render_page(figures, era="fmt2021", options=HtmlOptions(markup="word", metadata_box=True))
    if "<head>" not in template:
        template = template.replace("<html>", "<html><head></head>", 1)
    pages = -(-count // ROWS)
    texts = {list_path(n): _list(n, pages, count) for n in range(pages)}
    texts |= {report_path(n): _report(template, n) for n in range(count)}
    texts[COLUMN] = texts[list_path(0)]
    return {path.encode(): _answer(text) for path, text in texts.items()}


def _answer(text: str) -> bytes:
    body = gzip.compress(text.encode(), 6, mtime=0)
    return (
        b"HTTP/1.1 200 OK\r\nServer: nginx\r\nContent-Type: text/html; charset=utf-8\r\n"
        b"Content-Encoding: gzip\r\nContent-Length: %d\r\n\r\n" % len(body)
    ) + body


_MISSING = b"HTTP/1.1 404 Not Found\r\nContent-Type: text/html\r\nContent-Length: 9\r\n\r\nnot found"


class _Server(asyncio.Protocol):
    """Answers requests without a body by their path."""

    def __init__(self, known: dict[bytes, bytes]) -> None:
        self._known, self._waiting = known, b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._waiting += data
        while b"\r\n\r\n" in self._waiting:
            head, _, self._waiting = self._waiting.partition(b"\r\n\r\n")
            self._transport.write(self._known.get(head.split(b" ", 2)[1], _MISSING))


async def serve(count: int) -> None:
    """Serve until standard input ends."""
    loop = asyncio.get_running_loop()
    known = answers(count)
    server = await loop.create_server(lambda: _Server(known), "127.0.0.1", 0, backlog=100)
    port = server.sockets[0].getsockname()[1]
    report = next(iter(known[report_path(0).encode()].split(b"\r\n\r\n", 1)[1:]))
    print(json.dumps({"port": port, "pages": count, "page_bytes": len(gzip.decompress(report)),
                      "page_gzip": len(report)}), flush=True)  # fmt: skip
    await loop.run_in_executor(None, sys.stdin.read)


def main() -> None:
    """Serve as the command line says."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--pages", type=int, default=1000)
    asyncio.run(serve(parser.parse_args().pages))


if __name__ == "__main__":
    main()
