"""The part of a list page that holds its entries, before and after its design changed, side by side.

For the eyes of an operator whose list shows no row any more: which elements the rows stood in, and what
stands there now. Everything of the portal is escaped; the page has no script.
"""

from collections.abc import Iterator, Mapping
from html import escape
from itertools import islice

from scraper.addresses import address_key
from scraper.families.tree import Element, links_of, shown, tree_of
from scraper.metadata import one_line

MOST_LINES = 300
_LONGEST = 60
_DEEPEST = 12
_PAGE = """<!doctype html><html><head><meta charset="utf-8"><title>{url}</title>
<style>td {{ vertical-align: top; width: 50%; border: 1px solid #999 }}
pre {{ white-space: pre-wrap }}</style>
</head><body><p>{url}</p><table><tr><th>before / 之前</th><th>now / 现在</th></tr>
<tr><td><pre>{before}</pre></td><td><pre>{after}</pre></td></tr></table></body></html>
"""


def side_by_side(url: str, before: str, after: str, known: Mapping[str, str]) -> str:
    """Return an HTML page with the list block of two versions of a page; `known` is address key → title."""
    return _PAGE.format(
        url=escape(one_line(url)),
        before=escape("\n".join(outline(before, url, known))),
        after=escape("\n".join(outline(after, url, known))),
    )


def outline(page: str, url: str, known: Mapping[str, str]) -> list[str]:
    """Return the elements around the known entries of a list, one per line; of the whole page without any."""
    root = tree_of(page)
    holders = [element for element, target in links_of(root, url) if address_key(target) in known]
    if not holders:  # the links have changed too: the titles may still be there
        titles = {title for title in known.values() if title}
        leaves = (element for element in root.iter() if len(element) == 0)
        holders = [element for element in leaves if shown(element) in titles]
    block = _around(holders) if holders else next(root.iter("body"), root)
    return list(islice(_lines(block), MOST_LINES))


def _around(elements: list[Element]) -> Element:
    """Return the smallest element that holds all of these."""
    chain = [elements[0], *elements[0].iterancestors()]
    for element in elements[1:]:
        above = {element, *element.iterancestors()}
        chain = [holder for holder in chain if holder in above]
    return chain[0]


def _lines(block: Element) -> Iterator[str]:
    depth = sum(1 for _ in block.iterancestors())
    for element in block.iter():
        yield _line(element, depth)


def _line(element: Element, outside: int) -> str:
    depth = min(sum(1 for _ in element.iterancestors()) - outside, _DEEPEST)
    name = str(element.tag)
    name += "".join(f".{word}" for word in (element.get("class") or "").split()[:3])
    name += f"#{element.get('id')}" if element.get("id") else ""
    link = element.get("href") or element.get("onclick") or ""
    text = one_line(element.text or "", _LONGEST)
    return "  " * depth + " ".join(part for part in (one_line(name), one_line(link, _LONGEST), text) if part)
