"""The elements of a list page: parsed once, whatever it holds, and the text they show."""

import re
from collections.abc import Iterator
from typing import TypeAlias

from lxml.etree import HTMLParser, _Element, fromstring, strip_elements

from scraper.addresses import resolve_link

Element: TypeAlias = _Element
_END_OF_PAGE = re.compile(r"</(?:html|body)\s*>", re.IGNORECASE)
_NEVER_SHOWN = ("script", "style", "template")


def tree_of(text: str) -> Element:
    """Return the root of a page or fragment; scripts, styles and comments are left out.

    The text goes in as UTF-8 under that name, so that no label inside can mislead, and below a root of our
    own, so that a page of nothing is a tree too. What stands behind the end of the page belongs to it, as in
    browsers; the parser would drop it.
    """
    parser = HTMLParser(
        encoding="utf-8", huge_tree=True, remove_comments=True, remove_pis=True, collect_ids=False
    )
    page = "<html>" + _END_OF_PAGE.sub("", text)
    root = fromstring(page.encode("utf-8", "replace"), parser)
    strip_elements(root, *_NEVER_SHOWN, with_tail=False)
    return root


def shown(element: Element, between: str = " ") -> str:
    """Return the text of an element, its pieces without white space around them."""
    return between.join([piece for text in element.itertext() if (piece := str(text).strip())])


def links_of(root: Element, url: str, *names: str) -> Iterator[tuple[Element, str]]:
    """Yield the elements with an href and its absolute address, as the page counts it; links by default."""
    base = base_of(root, url)
    for element in root.iter(*(names or ("a",))):
        target = resolve_link(base, element.get("href") or "")
        if target is not None:
            yield element, target


def base_of(root: Element, url: str) -> str:
    """Return the address that relative links of a page count from."""
    named = next((base.get("href") for base in root.iter("base") if base.get("href") is not None), None)
    return resolve_link(url, named) or url if named is not None else url


def column_name(root: Element) -> str:
    """Return the name of the column a list page belongs to: its tag, else the title of the page."""
    for tag in root.iter("meta"):
        if (tag.get("name") or "").casefold() == "columnname":
            if content := tag.get("content"):
                return content
            break
    title = next(root.iter("title"), None)
    return shown(title) if title is not None else ""
