"""Office files: packages of XML parts, opened with everything hostile in them bounded."""

import io
import zipfile
import zlib
from collections.abc import Iterator
from typing import Any

from lxml import etree

from parsers.readers.errors import UnreadableInputError

LARGEST_PART = 24_000_000
"""Bytes of one part after decompression; a report of 40 pages has one or two million."""
MOST_TAGS = 600_000
"""Tags of one XML part: its tree costs memory by the element, not by the byte."""
MOST_MEMBERS = 5_000

_DAMAGE = (zipfile.BadZipFile, zlib.error, EOFError, OSError, RuntimeError, NotImplementedError, ValueError)


class Package:
    """The members of a ZIP file by name."""

    def __init__(self, data: bytes) -> None:
        """Open a package; raises `UnreadableInputError` for damaged, encrypted and overcrowded ones."""
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(data))
        except _DAMAGE as error:
            raise UnreadableInputError(f"damaged package: {error}") from error
        if len(self._zip.filelist) > MOST_MEMBERS:
            raise UnreadableInputError(f"package of more than {MOST_MEMBERS} files")

    def names(self) -> list[str]:
        """Return the names of the files in the package, in its own order; folders are left out."""
        return [info.filename for info in self._zip.filelist if not info.is_dir()]

    def read(self, name: str) -> bytes | None:
        """Return a file of the package, None when it has none of that name.

        Raises `UnreadableInputError` for damaged, encrypted and oversized files.
        """
        try:
            with self._zip.open(name) as member:
                data = member.read(LARGEST_PART + 1)
        except KeyError:
            return None
        except _DAMAGE as error:
            raise UnreadableInputError(f"damaged package: {name[:100]!r}: {error}") from error
        if len(data) > LARGEST_PART:
            raise UnreadableInputError(f"package with a part of more than {LARGEST_PART:,} bytes")
        return data

    def part(self, name: str) -> Any:
        """Return the root element of an XML part, None when the package has none of that name.

        Entities stay unresolved and nothing is loaded. Raises `UnreadableInputError` for what is no XML.
        """
        data = self.read(name)
        if data is None:
            return None
        if data.count(b"<") > MOST_TAGS:
            raise UnreadableInputError(f"package with a part of more than {MOST_TAGS:,} tags")
        parser = etree.XMLParser(
            resolve_entities=False, no_network=True, remove_comments=True, remove_pis=True
        )
        try:
            return etree.fromstring(data, parser)
        except etree.XMLSyntaxError as error:
            raise UnreadableInputError(f"damaged package: {name[:100]!r} is no XML: {error.msg}") from error


def kind_of(element: Any) -> str:
    """Return the name of an element without its namespace, in which alone the two editions differ."""
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def attribute(element: Any, name: str) -> str | None:
    """Return an attribute by its name without namespace."""
    return next((value for key, value in element.items() if key.rpartition("}")[2] == name), None)


def child(element: Any, *path: str) -> Any:
    """Return the first descendant along a path of names, None when a step is missing."""
    for name in path:
        if element is None:
            return None
        element = next(children(element, name), None)
    return element


def children(element: Any, *names: str) -> Iterator[Any]:
    """Yield the children of an element that have one of the names."""
    return (inner for inner in element if kind_of(inner) in names)
