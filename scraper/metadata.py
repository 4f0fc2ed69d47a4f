"""What the tags of a government page say about its article."""

import html
import re

_META = re.compile(r"<meta\b([^>]{0,3000})>", re.IGNORECASE)
_ATTRIBUTE = re.compile(r"""\b(name|content)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""", re.IGNORECASE)
_HEADING = re.compile(r"<h([12])\b[^<>]{0,2000}>(.{1,400}?)</h\1>", re.IGNORECASE | re.DOTALL)
_TAG = re.compile(r"<[^>]*>")
_WINDOW = 60_000
_HEADING_WINDOW = 400_000
# Escape sequences, C1 controls, marks that turn the direction of what follows, halves of characters.
_CONTROL = re.compile(
    "[\\x00-\\x1f\\x7f-\\x9f\\u200b-\\u200f\\u202a-\\u202e\\u2066-\\u2069\\ufeff\\ud800-\\udfff]"
)


def one_line(text: str, longest: int = 300) -> str:
    """Return text of a portal as one line without control characters, for titles and names."""
    return re.sub(r"\s+", " ", _CONTROL.sub(" ", text)).strip()[:longest]


def meta_tags(page: str) -> dict[str, str]:
    """Return the meta tags of a page by lower-case name; attributes in any order and quoting; first wins."""
    found: dict[str, str] = {}
    for tag in _META.finditer(page[:_WINDOW]):
        values = {
            m[1].casefold(): next((v for v in m.groups()[1:] if v), "") for m in _ATTRIBUTE.finditer(tag[1])
        }
        name, content = values.get("name", "").casefold(), html.unescape(values.get("content", "")).strip()
        if name and content:
            found.setdefault(name, content)
    return found


def article_title(page: str) -> str | None:
    """Return the full title of an article page: its tag, else its first heading."""
    tagged = meta_tags(page).get("articletitle")
    if tagged:
        return one_line(tagged) or None
    heading = _HEADING.search(page, 0, _HEADING_WINDOW)
    return (one_line(html.unescape(_TAG.sub("", heading[2]))) or None) if heading else None
