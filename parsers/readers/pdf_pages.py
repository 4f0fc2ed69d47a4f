"""The pages of a PDF as signs, ruling lines and pictures, read in a process of its own."""

import importlib.metadata
import importlib.util
import json
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from parsers.readers.errors import UnreadableInputError, UnsupportedInputError
from parsers.readers.pdf_signs import printed

_CHILD = Path(__file__).with_name("pdf_child.py")
_LIBRARY = "pypdfium2_raw"
_DISTRIBUTION = "pypdfium2"
_SECONDS = 60
"""By the clock; the process itself keeps to less processor time."""
_LARGEST_RESULT = 48_000_000
_FARTHEST = 20_000.0
"""Points from the corner of a page beyond which nothing is shown."""


class Box(NamedTuple):
    """A rectangle on a page in points, y downwards."""

    left: float
    upper: float
    right: float
    lower: float

    @property
    def middle(self) -> tuple[float, float]:
        """The point in its middle."""
        return (self.left + self.right) / 2, (self.upper + self.lower) / 2

    def holds(self, x: float, y: float) -> bool:
        """Return whether a point lies inside."""
        return self.left <= x < self.right and self.upper <= y < self.lower


class Sign(NamedTuple):
    """One printed character."""

    text: str
    ink: Box
    """What is black."""
    start: float
    """Where its room in the line begins and ends, along the line."""
    end: float
    base: float
    """The line it stands on, downwards across the line."""
    size: float
    turn: int | None
    """Quarters of a turn clockwise; None for what stands askew."""
    seen: bool
    """Whether the paper shows it."""


class Page(NamedTuple):
    """What one page shows."""

    width: float
    height: float
    signs: tuple[Sign, ...]
    rules: tuple[Box, ...]
    pictures: tuple[Box, ...]
    cuts: tuple[Box, ...]
    """Parts of ruling lines the paper does not show."""


def read_pages(data: bytes, run: Callable[[bytes], bytes]) -> list[Page]:
    """Return what the pages of a PDF show; `run` gives what `pdf_child` prints for the file.

    Raises `UnreadableInputError` for what is damaged, locked or too large, and what `run` raises.
    """
    answer = run(data)
    try:
        result = json.loads(answer)
        reason = result.get("error")
        pages = [] if reason else [_page(page) for page in result["pages"]]
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise UnreadableInputError("damaged PDF: no result that can be used") from error
    if reason:
        raise UnreadableInputError(str(reason)[:300])
    return pages


def can_read() -> bool:
    """Return whether the library that reads PDF files is installed."""
    return importlib.util.find_spec(_LIBRARY) is not None


def library_version() -> str:
    """Return the version of the library that reads PDF files, empty where it is not installed."""
    return importlib.metadata.version(_DISTRIBUTION) if can_read() else ""


def run_apart(data: bytes) -> bytes:
    """Return what `pdf_child` prints in a process of its own; it may hang, crash or ask for all memory.

    Raises `UnsupportedInputError` where the library that reads PDF is not installed, `UnreadableInputError`
    where a bound is met.
    """
    if not can_read():
        raise UnsupportedInputError("pdf", "reading PDF files needs: pip install 'gongkai[documents]'")
    with tempfile.TemporaryFile() as source, tempfile.TemporaryFile() as result:
        source.write(data)
        source.seek(0)
        # -P: the folder of the script holds modules with names of the standard library's.
        command = [sys.executable, "-P", str(_CHILD)]
        try:
            done = subprocess.run(
                command, stdin=source, stdout=result, stderr=subprocess.DEVNULL, timeout=_SECONDS, check=False
            )
        except subprocess.TimeoutExpired as error:
            raise UnreadableInputError(f"PDF that takes more than {_SECONDS} seconds") from error
        if done.returncode != 0:
            raise UnreadableInputError(
                f"PDF that cannot be read within bounds of time and memory (exit {done.returncode})"
            )
        result.seek(0)
        return result.read(_LARGEST_RESULT)


def _page(page: Mapping[str, Any]) -> Page:
    return Page(
        _number(page["width"]),
        _number(page["height"]),
        tuple(_signs(page["signs"])),
        tuple(_box(box) for box in page["rules"]),
        tuple(_box(box) for box in page["pictures"]),
        tuple(_box(box) for box in page["cuts"]),
    )


def _signs(found: Sequence[Sequence[Any]]) -> Iterator[Sign]:
    for text, *places, size, turn, seen in found:
        if turn not in (0, 1, 2, 3, None) or not isinstance(text, str) or len(text) != 1:
            raise ValueError("no sign")
        ink, room = _box(places[:4]), _box(places[4:8])
        x, y = map(_number, places[8:10])
        # Along the line and across it, for every turn.
        start, end, base = (
            (room.left, room.right, y),
            (room.upper, room.lower, -x),
            (-room.right, -room.left, -y),
            (-room.lower, -room.upper, x),
        )[turn or 0]
        yield Sign(printed(text), ink, start, end, base, _number(size), turn, bool(seen))


def _box(places: Sequence[Any]) -> Box:
    left, upper, right, lower = map(_number, places)
    return Box(left, upper, right, lower)


def _number(value: Any) -> float:
    """Return a place, one far outside of every page at the edge of what is looked at."""
    number = float(value)
    if number != number:
        raise ValueError("a place that is no number")
    return max(-_FARTHEST, min(number, _FARTHEST))
