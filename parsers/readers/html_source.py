"""The text of a page before it is parsed: limits against hostile sizes, and markup inside scripts."""

import html
import json
import re
from collections.abc import Iterator

MAX_CHARACTERS = 4_000_000
MAX_TAGS = 150_000
MAX_TAG_CHARACTERS = 4_000
MAX_ATTRIBUTES = 300
"""Attributes of one tag; the parser behind takes quadratic time over them."""

_SHORTEST_TAG = 3
_SMALL = 20_000
_EMBEDDED_DATA = re.compile(r"data:[\w/+.\-;=]{1,100};base64,[A-Za-z0-9+/=%]{200,}")
_XML_DECLARATION = re.compile(r"^\s*<\?xml[^>]{0,200}\?>")
_TAG_START = re.compile(r"<[A-Za-z]")
_TAG_NAME = re.compile(r"<[A-Za-z][A-Za-z0-9:]{0,30}")
_LITERAL_START = re.compile(r"""[:=(,\[]\s{0,20}(["'])""")
_LITERAL = {
    '"': re.compile(r'(?:[^"\\]++|\\.)*+', re.DOTALL),
    "'": re.compile(r"(?:[^'\\]++|\\.)*+", re.DOTALL),
}
_ESCAPE = re.compile(r"\\(?:u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2})|(.))", re.DOTALL)
_ESCAPED_CHARACTERS = {"n": "\n", "r": "\n", "t": "\t", "b": "", "f": "", "v": "", "0": ""}
_RAW_START = re.compile(r"<(script|textarea|template|xmp|noscript|noframes)\b[^<>]{0,500}+>", re.IGNORECASE)
_MARKUP = re.compile(r"<(?:p|div|table|td|span|br)\b", re.IGNORECASE)
# Names of tags, tags that make tables and their spans with a character that cannot be there.
_DAMAGED_MARKUP = re.compile(
    r"""<[/a-z0-9]*[^\x00-\x7f]|"""
    r"""</?t(?:[dhr]|able|body|head|foot)\b(?:[\x00-!#-&(-;=?-\x7f]++|"[^"<>]*"|'[^'<>]*')*+[^\x00-\x7f]|"""
    r"""(?:row|col)span\s*+=\s*+["']?[^"'<>\s]{0,20}[^\x00-\x7f]""",
    re.IGNORECASE,
)
_FORMER_TAG = re.compile(r"[^\x00-\x7f]/?t(?:[dhr]|able|body|head|foot)(?:\s|$)", re.IGNORECASE)
_MIN_LITERAL = 200
_SCAN_BUDGET = 20_000_000


def limit(text: str, encoded: bytes | None = None) -> tuple[str, list[str]]:
    """Return the text with what would exhaust a parser cut out or off, and the codes of what was done.

    `encoded` is the same text as UTF-8, in which a NUL is found thirty times as fast.
    """
    notes = []
    if "\x00" in text if encoded is None else b"\x00" in encoded:
        text = text.replace("\x00", "")
        notes.append("nul_removed")
    if "<?xml" in text[:100]:
        text = _XML_DECLARATION.sub("", text)
    if len(text) <= _SMALL:
        return text, notes
    if text.rfind(";base64,") >= 0:  # from the end, which is faster
        text = _EMBEDDED_DATA.sub("data:,", text)
    if len(text) > MAX_CHARACTERS:
        text = text[:MAX_CHARACTERS]
        notes.append("truncated")
    if len(text) > MAX_TAGS * _SHORTEST_TAG and text.count("<") > MAX_TAGS:
        text = "<".join(text.split("<", MAX_TAGS)[:MAX_TAGS])
        notes.append("truncated")
    if slim := _slimmed(text):
        text = slim
        notes.append("attributes_clamped")
    return text, notes


def _slimmed(text: str) -> str | None:
    """Return the text with the tags of far too many attributes emptied; None if there are none."""
    parts = []
    place = kept = 0
    while place + MAX_TAG_CHARACTERS < len(text):
        end = text.rfind(">", place, place + MAX_TAG_CHARACTERS + 1)
        if end < 0:  # a long piece without the end of a tag, a script as a rule
            end = text.find(">", place)
            end = len(text) if end < 0 else end
            piece = text[place:end]
            if (slim := _without_attributes(piece)) != piece:
                parts += [text[kept:place], slim]
                kept = end
        place = end + 1
    return "".join([*parts, text[kept:]]) if parts else None


def _without_attributes(piece: str) -> str:
    """Return text up to a tag's end without the attributes of that tag, if it has far too many."""
    start = _TAG_START.search(piece)
    if start is None or len(piece) - start.start() <= MAX_TAG_CHARACTERS:
        return piece
    inside = piece[start.start() :]
    if (
        len(inside.split(maxsplit=MAX_ATTRIBUTES + 1)) <= MAX_ATTRIBUTES
        and inside.count('"') < 2 * MAX_ATTRIBUTES
    ):
        return piece
    name = _TAG_NAME.match(inside)
    last = inside.rfind("</")
    return piece[: start.start()] + (name[0] if name else "") + (">" + inside[last:] if last > 0 else "")


def has_damaged_markup(text: str) -> bool:
    """Return whether the damage of a damaged page went through tags, so that no cell is certain."""
    if _DAMAGED_MARKUP.search(text) is not None:
        return True
    *pieces, _ = text.split(">")
    return any(_FORMER_TAG.search(piece, piece.rfind("<") + 1) for piece in pieces)


def with_line_breaks(text: str) -> str:
    """Return text whose lines become lines of the page, for text files that only contain some tags."""
    return text.replace("\n", "<br>\n")


def texts_in_scripts(text: str) -> Iterator[str]:
    """Yield markup that a page carries as strings of scripts or as raw text of elements never shown."""
    budget = _SCAN_BUDGET
    place = 0
    while budget > 0 and (start := _LITERAL_START.search(text, place)) is not None:
        literal = _LITERAL[start[1]].match(text, start.end())
        assert literal is not None  # the pattern matches the empty string
        budget -= literal.end() - place
        complete = text[literal.end() : literal.end() + 1] == start[1]
        place = literal.end() if complete else start.end()
        if complete and literal.end() - literal.start() >= _MIN_LITERAL:
            yield from _as_markup(_unescape(literal[0]))
    for raw in _raw_texts(text):
        yield from _as_markup(raw)


def _raw_texts(text: str) -> Iterator[str]:
    """Yield what stands in elements of raw text; for an end that never comes a page is searched once."""
    endless: set[str] = set()
    place = 0
    while (start := _RAW_START.search(text, place)) is not None:
        place = start.end()
        name = start[1].lower()
        end = None if name in endless else re.compile(f"</{name}", re.IGNORECASE).search(text, place)
        if end is None:
            endless.add(name)
            continue
        yield text[place : end.start()]
        place = end.end()


def _as_markup(text: str) -> Iterator[str]:
    if "&lt;" in text and not _MARKUP.search(text):
        text = html.unescape(text)
    if _MARKUP.search(text):
        yield text


def _unescape(literal: str) -> str:
    """Return the value of a JavaScript or JSON string literal without its quotes."""
    if "\\" not in literal:
        return literal
    try:
        value = json.loads(f'"{literal}"', strict=False)
    except json.JSONDecodeError:
        value = _ESCAPE.sub(_escaped, literal)
    return str(value).encode("utf-8", "replace").decode("utf-8")


def _escaped(match: re.Match[str]) -> str:
    if code := match[1] or match[2]:
        return chr(int(code, 16))
    return _ESCAPED_CHARACTERS.get(match[3], match[3])
