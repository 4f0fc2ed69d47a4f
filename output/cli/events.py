"""What happens during a crawl as lines for a log: text for people and journals, JSON for machines."""

import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from enum import StrEnum
from typing import TextIO

from output.terminal import printable


class LogFormat(StrEnum):
    """How an event is written."""

    TEXT = "text"
    JSON = "json"


def _now() -> datetime:
    return datetime.now(UTC)


def event_log(
    form: LogFormat, stream: TextIO, clock: Callable[[], datetime] = _now
) -> Callable[[str, dict[str, object]], None]:
    """Return a function that writes each event as one line; threads may call it side by side."""
    write = _json_line if form is LogFormat.JSON else _text_line

    def log(event: str, values: dict[str, object]) -> None:
        at = clock().isoformat(timespec="milliseconds")
        stream.write(write(at, event, {name: _harmless(value) for name, value in values.items()}))
        stream.flush()

    return log


def _harmless(value: object) -> object:
    """Return a value whose text, which may come from a portal, cannot steer a terminal."""
    return printable(" ".join(value.split())) if isinstance(value, str) else value


def _json_line(at: str, event: str, values: Mapping[str, object]) -> str:
    return json.dumps({"at": at, "event": event, **values}, ensure_ascii=False) + "\n"


def _text_line(at: str, event: str, values: Mapping[str, object]) -> str:
    """Return name=value pairs; text with blanks, quotes or signs of its own is quoted as JSON does."""
    pairs = [f"{name}={_text(value)}" for name, value in values.items() if value is not None]
    return " ".join([at, event, *pairs]) + "\n"


def _text(value: object) -> str:
    text = str(value)
    return json.dumps(text, ensure_ascii=False) if not text or set(text) & set(' "=') else text
