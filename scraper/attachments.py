"""Files that belong to a report page, also those only a script string names."""

import html
import re
from urllib.parse import urlsplit

from scraper.addresses import address_key, is_file, resolve_link
from scraper.metadata import one_line

MOST_FILES = 60

_ANCHOR = re.compile(
    r"""<a\b(?P<before>[^<>]{0,2000}?)\bhref\s*=\s*\\?["']?(?P<href>[^"'\s>\\]+)(?P<after>[^<>]{0,2000})>(?P<text>.{0,400}?)</a""",
    re.IGNORECASE | re.DOTALL,
)
_IMAGE = re.compile(r"<img\b(?P<all>[^<>]*)>", re.IGNORECASE)
_SOURCE = re.compile(r"""\bsrc\s*=\s*["']?([^"'\s>]+)""", re.IGNORECASE)
_NAME = re.compile(r"""\b(?:title|alt|download)\s*=\s*\\?["']([^"'\\]+)""", re.IGNORECASE)
_TAG = re.compile(r"<[^>]*>")
_SERVLET = re.compile(
    r"(?:/downfile\.jsp|/download\.jsp|DownloadAttachUrl|/download\.do|/attachment/\d)", re.IGNORECASE
)
_PAGES = ("/", ".html", ".htm", ".shtml")
"""Ends of links to pages, as menus are full of; only a servlet's address may end so and give a file."""
# Images that stand for tables: pasted into the body by the editor, never the decoration of the template.
_BODY_IMAGE = re.compile(r"/W0\d{8,}[^/]*\.(?:png|jpe?g|gif|bmp)$", re.IGNORECASE)
_BODY_IMAGE_CLASS = re.compile(r"nfw-cms-img", re.IGNORECASE)


def find_attachments(page: str, url: str) -> list[tuple[str, str | None]]:
    """Return (address, human name) of the files and pasted images of a page, in printed order, each once."""
    found: dict[str, tuple[str, str | None]] = {}
    for anchor in _ANCHOR.finditer(page):
        href = anchor["href"]
        if href.partition(";")[0].endswith(_PAGES) and not _SERVLET.search(href):
            continue
        target = resolve_link(url, html.unescape(href))
        if target is None or not (is_file(target) or _SERVLET.search(target)):
            continue
        found.setdefault(
            address_key(target), (target, _name(anchor["before"] + anchor["after"], anchor["text"]))
        )
    for image in _IMAGE.finditer(page):
        source = _SOURCE.search(image["all"])
        target = resolve_link(url, html.unescape(source.group(1))) if source else None
        if target is None:
            continue
        if _BODY_IMAGE.search(urlsplit(target).path) or _BODY_IMAGE_CLASS.search(image["all"]):
            found.setdefault(address_key(target), (target, _name(image["all"], "")))
    return list(found.values())[:MOST_FILES]


def with_listed(
    found: list[tuple[str, str | None]], listed: list[tuple[str, str | None]]
) -> list[tuple[str, str | None]]:
    """Return the files of a page followed by those only its list names."""
    known = {address_key(url) for url, _ in found}
    return [*found, *(file for file in listed if address_key(file[0]) not in known)][:MOST_FILES]


def _name(attributes: str, text: str) -> str | None:
    """Return the human name: the printed text where it names a file, else title or alt, else the text."""
    printed = one_line(html.unescape(_TAG.sub("", text)), 200)
    attribute = _NAME.search(attributes)
    given = one_line(html.unescape(attribute.group(1)), 200) if attribute else ""
    if is_file("http://x/" + printed) or not given:
        return printed or None
    return given
