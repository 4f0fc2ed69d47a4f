"""Links of a page that lead to files: where to, and what they are called."""

from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from lxml import etree

from parsers.readers.html_knowledge import load_knowledge
from parsers.readers.html_markup import attributes_of

LONGEST_ADDRESS = 2_000
_LONGEST_NAME = 300


def file_address(tag: str) -> str | None:
    """Return the address of a link to a file from its tag as written out, None for all other links."""
    return _remembered(tag) if len(tag) <= LONGEST_ADDRESS else _read(tag)


def _read(tag: str) -> str | None:
    return _if_file(attributes_of(tag).get("href", ""))


_remembered = lru_cache(maxsize=4_096)(_read)  # menus are the same on page after page


def link_names_of(root: Any) -> Iterator[str]:
    """Yield what links to files are called, in reading order."""
    for element in root.iter("a"):
        if _if_file(element.get("href") or "") is None:
            continue
        text = etree.tostring(element, encoding="unicode", method="text", with_tail=False)
        name = " ".join(text.split()) or element.get("title") or ""
        if not name and (picture := element.find(".//img")) is not None:
            name = picture.get("alt") or picture.get("title") or ""
        yield name[:_LONGEST_NAME].strip()


def _if_file(address: str) -> str | None:
    if not load_knowledge().extension.search(address[:LONGEST_ADDRESS]):
        return None
    return address.strip()[:LONGEST_ADDRESS]
