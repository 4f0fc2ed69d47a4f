"""Log lines: one per event, whatever a portal put into them."""

import io
import json
from datetime import UTC, datetime

from output.cli.events import LogFormat, event_log

AT = datetime(2026, 1, 5, 3, 4, 5, tzinfo=UTC)
VALUES: dict[str, object] = {"url": "http://x/a b", "detail": "\x1b[31mred\nnext", "status": None, "bytes": 7}


def line(form: LogFormat) -> str:
    stream = io.StringIO()
    event_log(form, stream, lambda: AT)("fetch", VALUES)
    return stream.getvalue()


def test_text_is_one_line_of_pairs() -> None:
    written = line(LogFormat.TEXT)
    assert written.startswith('2026-01-05T03:04:05.000+00:00 fetch url="http://x/a b" detail=')
    assert written.count("\n") == 1
    assert "\x1b" not in written
    assert "status" not in written


def test_json_is_one_object_per_line() -> None:
    written = line(LogFormat.JSON)
    assert written.count("\n") == 1
    data = json.loads(written)
    assert (data["event"], data["status"], data["bytes"]) == ("fetch", None, 7)
    assert "\x1b" not in data["detail"]
