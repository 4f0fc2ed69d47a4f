"""Wide rows in the index: JSON, compressed; dates and instants as ISO text, empty columns left out."""

import json
import zlib
from datetime import date, datetime
from typing import Any

_LEVEL = 3


def pack(content: Any) -> bytes:
    """Return plain values as compressed bytes; columns of a row that are null are left out."""
    text = json.dumps(content, ensure_ascii=False, separators=(",", ":"), default=_plain)
    return zlib.compress(text.encode("utf-8", "surrogatepass"), _LEVEL)


def unpack(data: bytes) -> Any:
    """Return what was packed."""
    return json.loads(zlib.decompress(data).decode("utf-8", "surrogatepass"))


def without_nulls(row: dict[str, Any]) -> dict[str, Any]:
    """Return a row without its null columns."""
    return {name: value for name, value in row.items() if value is not None}


def _plain(value: object) -> str:
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%dT%H:%M:%SZ")
    if isinstance(value, date):
        return value.isoformat()
    return str(value)
