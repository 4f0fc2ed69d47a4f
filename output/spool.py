"""Values that are needed again later, kept on disk instead of in memory."""

import json
import tempfile
from array import array
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeAlias

_RECENT = 64

Place: TypeAlias = int
"""The ordinal of a value in the file."""


class Spool:
    """A nameless file of JSON values; it is gone when the process ends, however it ends."""

    def __init__(self, folder: Path) -> None:
        """Open the file on the disk of this folder."""
        self._file = tempfile.TemporaryFile(dir=folder)  # noqa: SIM115 - closed by `close`
        self._ends = array("Q", (0,))
        self.recent = lru_cache(maxsize=_RECENT)(self.get)
        """Like `get`, for values asked for several times in a row; the caller must not change them."""

    def put(self, value: Any) -> Place:
        """Write a value of lists, texts, numbers and None; return where."""
        data = json.dumps(value).encode()
        self._file.seek(self._ends[-1])
        self._file.write(data)
        self._ends.append(self._ends[-1] + len(data))
        return len(self._ends) - 2

    def get(self, place: Place) -> Any:
        """Return the value at a place; tuples come back as lists."""
        start, end = self._ends[place : place + 2]
        self._file.seek(start)
        return json.loads(self._file.read(end - start))

    def close(self) -> None:
        """Give the file up."""
        self._file.close()
