"""Values that are needed again later, kept on disk instead of in memory."""

import json
import tempfile
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

_RECENT = 64


class Place(NamedTuple):
    """Where a value stands in the file."""

    offset: int
    length: int


class Spool:
    """A nameless file of JSON values; it is gone when the process ends, however it ends."""

    def __init__(self, folder: Path) -> None:
        """Open the file on the disk of this folder."""
        self._file = tempfile.TemporaryFile(dir=folder)  # noqa: SIM115 - closed by `close`
        self._end = 0
        self.recent = lru_cache(maxsize=_RECENT)(self.get)
        """Like `get`, for values asked for several times in a row; the caller must not change them."""

    def put(self, value: Any) -> Place:
        """Write a value of lists, texts, numbers and None; return where."""
        data = json.dumps(value).encode()
        self._file.seek(self._end)
        self._file.write(data)
        place = Place(self._end, len(data))
        self._end += len(data)
        return place

    def get(self, place: Place) -> Any:
        """Return the value at a place; tuples come back as lists."""
        self._file.seek(place.offset)
        return json.loads(self._file.read(place.length))

    def close(self) -> None:
        """Give the file up."""
        self._file.close()
