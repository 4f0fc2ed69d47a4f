"""A page without the attributes that say nothing, left out before it is parsed.

Word processors and menus write several times more of them than a page has text, and the parser behind would
spend most of its time there. The page is cut at every `<`; what a piece becomes is worked out once and
remembered. A piece is changed only where no attribute value can be open in front of it: from the first tag on
that does not close where its quotes say, everything stays as it is.
"""

import re
from collections.abc import Set
from functools import lru_cache
from typing import NamedTuple

from parsers.readers.html_knowledge import load_knowledge
from parsers.readers.html_markup import INLINE, rank_of
from parsers.readers.html_styles import changes_reading
from parsers.readers.html_tags import CELL, HOLDER, IMAGE, INPUT, KINDS, LINK

_NAME = rb"[A-Za-z][A-Za-z0-9:_.\-]*+"
_KEY = rb"[A-Za-z_:@][A-Za-z0-9_:@.\-]*+"
_IS = rb"[ \t\r\n]*+=[ \t\r\n]*+"
_VALUE = rb"\"[^\"]*+\"|'[^']*+'|[^ \t\r\n\"'<>=`]++"
_START_TAG = re.compile(
    rb"(%s)((?:(?:[ \t\r\n/]++|(?<=[\"']))%s(?:%s(?:%s))?+)*+)[ \t\r\n/]*+>" % (_NAME, _KEY, _IS, _VALUE)
)
_ATTRIBUTE = re.compile(rb"(%s)(?:%s(%s))?+" % (_KEY, _IS, _VALUE))
_OTHER = re.compile(
    rb"/%s[ \t\r\n]*+>|!--.*?-->|!doctype(?:[^<>\"']|\"[^\"<>]*+\"|'[^'<>]*+')*+>|(?!!--|!doctype)[!?][^>]*+>"
    rb"|(?![A-Za-z/!?])" % _NAME,
    re.IGNORECASE | re.DOTALL,
)
"""What leaves no tag open either: end tags, whole comments, declarations, a `<` that is text."""
_RAW = frozenset(
    ("script", "style", "title", "textarea", "xmp", "iframe", "noembed", "noframes", "plaintext")
)
"""Elements whose text is no markup up to their end tag."""
_SPANS = ("rowspan", "colspan")
_NAMES = ("class", "id")
_BLANK = b" \t\r\n"
_LOOKS = re.compile(rb"/?(?:%s)>" % "|".join(INLINE).encode("ascii"))
_OPEN_REFERENCE = re.compile(rb"&#?[0-9A-Za-z]*+\Z")
"""A character reference that would go on in the text behind a tag if the tag were left out."""
_UNSETTLED = b"\0"
_LONGEST_TEXT_REMEMBERED = 40
_LONGEST_TAG_REMEMBERED = 1_000
_MOST_REMEMBERED = 20_000
_MOST_NAMES_SEEN = 100_000
_ANY_NAME = b"&"
"""Stands for names that are written with character references."""
_SEEN: set[bytes] = set()
"""Names of elements. A page's rules for names that no page had so far are for none of its elements."""


class Slim(NamedTuple):
    """A page to be parsed, and what its tags were seen to say."""

    data: bytes
    styled: frozenset[str] | None
    """Names of the elements that hide or set apart what they hold; None where that cannot be told."""
    has_files: bool
    """False where certainly no link leads to a file."""
    sheets: tuple[bytes, ...] | None = None
    """Texts of its style elements, perhaps more; None where that cannot be told."""


class _Tag(NamedTuple):
    """What a start tag says."""

    name: str
    slim: bytes
    styled: bool
    file: bool


def slim(data: bytes, kept: re.Pattern[bytes] | None = None, *, keeps_looks: bool = False) -> Slim:
    """Return a page without attributes that nobody reads; whatever else it says stays the same.

    Tags that only change how text looks go as a whole, unless one of them hides or sets apart what it holds.
    Tags that say what is `kept` stay as they are, `keeps_looks` those of mere looks as well.
    """
    without, including = (_WITHOUT_LOOKS, _WITH_LOOKS) if kept is None else _slimmed_but(kept)
    found = None if keeps_looks else _slim(data, without)
    return found or _slim(data, including) or Slim(data, None, has_files=True)


def _slim(data: bytes, known: "_Slimmed") -> Slim | None:
    """Return a page made of what its pieces become; None where tags of mere looks must not be left out."""
    first, *pieces = data.split(b"<")
    slimmed = list(map(known.__getitem__, pieces))
    styled: set[str] = set()
    sheets: list[bytes] = []
    has_files = False
    place = 0
    while (place := _next_unsettled(slimmed, place)) >= 0:
        tag = _read_tag(pieces[place])
        end = _end(pieces, place, tag)
        if not known.keeps_looks and (end is None or _needs_looks(pieces[place], tag)):
            return None
        slimmed[place:end] = [b"<" + piece for piece in pieces[place:end]]
        if end is None:
            return Slim(b"".join([first, *slimmed]), None, has_files=True)
        if tag is not None:
            has_files = has_files or tag.file
            styled.update([tag.name] if tag.styled else ())
            if tag.name == "style":
                sheets.append(b"<".join(pieces[place:end]).partition(b">")[2])
    return Slim(b"".join([first, *slimmed]), frozenset(styled), has_files, tuple(sheets))


def _next_unsettled(slimmed: list[bytes], place: int) -> int:
    try:
        return slimmed.index(_UNSETTLED, place)
    except ValueError:
        return -1


def _needs_looks(piece: bytes, tag: "_Tag | None") -> bool:
    """Return whether a page is not the same without its tags of mere looks, as a piece of it shows."""
    if tag is None or tag.name in _RAW:
        return False
    return tag.name in INLINE or _OPEN_REFERENCE.search(piece) is not None


def _end(pieces: list[bytes], place: int, tag: _Tag | None) -> int | None:
    """Return with which piece markup goes on behind this one; None where a tag stays open."""
    if tag is None:
        return _end_of_comment(pieces, place) if pieces[place].startswith(b"!--") else None
    if tag.name not in _RAW:
        return place + 1
    end_tag = f"/{tag.name}".encode("ascii")
    length = len(end_tag)
    ends = (at for at in range(place + 1, len(pieces)) if pieces[at][:length].lower() == end_tag)
    return next(ends, len(pieces))


def _end_of_comment(pieces: list[bytes], place: int) -> int | None:
    for at in range(place, len(pieces)):
        if b"--!>" in pieces[at]:  # not every parser ends a comment here
            return None
        if b"-->" in pieces[at]:
            return at + 1
    return len(pieces)


class _Slimmed(dict[bytes, bytes]):
    """What pieces of markup become, from behind a `<` on; `_UNSETTLED` for those that need a closer look."""

    def __init__(self, kept: re.Pattern[bytes] | None, *, keeps_looks: bool) -> None:
        super().__init__()
        self.kept = kept
        self.keeps_looks = keeps_looks

    def __missing__(self, piece: bytes) -> bytes:
        tag, closed, text = piece.partition(b">")
        short = bool(closed) and len(tag) <= _LONGEST_TAG_REMEMBERED
        slimmed = _slim_tag(tag) if short else None
        if self.kept is not None and tag[:1].isalpha() and self.kept.search(tag):
            found = _UNSETTLED
        elif slimmed is None:
            found = b"<" + piece if _is_settled(piece) else _UNSETTLED
        elif self.keeps_looks:
            found = b"<" + slimmed + text
        elif _OPEN_REFERENCE.search(text):
            found = _UNSETTLED
        else:
            found = text if _LOOKS.fullmatch(slimmed) else b"<" + slimmed + text
        if short and len(text) <= _LONGEST_TEXT_REMEMBERED:
            if len(self) >= _MOST_REMEMBERED:
                self.clear()
            self[piece] = found
        return found


_WITHOUT_LOOKS, _WITH_LOOKS = _Slimmed(None, keeps_looks=False), _Slimmed(None, keeps_looks=True)


@lru_cache(maxsize=4)  # pages of a portal have the same sheets
def _slimmed_but(kept: re.Pattern[bytes]) -> tuple[_Slimmed, _Slimmed]:
    """Return what is known of pieces where some tags stay: without those of mere looks and with them."""
    return _Slimmed(kept, keeps_looks=False), _Slimmed(kept, keeps_looks=True)


@lru_cache(maxsize=4_096)
def _slim_tag(tag: bytes) -> bytes | None:
    """Return what a tag, given up to its `>`, becomes; None where that does not end it, or it says more."""
    if (other := _OTHER.match(tag + b">")) and other.end() == len(tag) + 1:
        return (tag.lower().rstrip(_BLANK) if tag[:1] == b"/" else tag) + b">"
    read = _read_simple_tag(tag)
    return None if read is None or _says_more(read) else read.slim


def _is_settled(piece: bytes) -> bool:
    """Return whether a piece stays as it is, and nobody has to look at it again."""
    if _OTHER.match(piece):
        return True
    tag = _read_tag(piece)
    return tag is not None and not _says_more(tag)


def _says_more(tag: _Tag) -> bool:
    return tag.styled or tag.file or tag.name in _RAW


def _read_tag(piece: bytes) -> _Tag | None:
    """Return what the start tag at the beginning of a piece says; None if there is none or it stays open."""
    tag, closed, _ = piece.partition(b">")
    simple = _read_simple_tag(tag) if closed and len(tag) <= _LONGEST_TAG_REMEMBERED else None
    return simple or _read_start(piece)


@lru_cache(maxsize=4_096)
def _read_simple_tag(tag: bytes) -> _Tag | None:
    """Return what a start tag says, given up to the first `>`; None if that does not end it."""
    return _read_start(tag + b">")


def _read_start(piece: bytes) -> _Tag | None:
    found = _START_TAG.match(piece)
    if found is None:
        return None
    name = found[1].decode("ascii").lower()
    attributes: dict[str, bytes] = {}
    for key, value in _ATTRIBUTE.findall(found[2]):
        attributes.setdefault(key.decode("ascii").lower(), value)
    _remember_names(attributes)
    styled = changes_reading(name, {key: _text(value) for key, value in attributes.items()})
    file = KINDS.get(name) == LINK and _may_lead_to_file(_text(attributes.get("href")))
    return _Tag(name, _slim_start(name, attributes) or found[0], styled, file)


def _remember_names(attributes: dict[str, bytes]) -> None:
    if len(_SEEN) >= _MOST_NAMES_SEEN:
        _SEEN.add(_ANY_NAME)
        return
    for key, mark in (("class", b""), ("id", b"#")):
        if value := attributes.get(key):
            words = value.strip(b"\"'").lower()
            _SEEN.update(mark + word for word in words.split())
            if b"&" in words:
                _SEEN.add(_ANY_NAME)


def names_seen() -> Set[bytes] | None:
    """Return all classes and `#`identifiers of pages so far, also of the last one; None for any."""
    return None if _ANY_NAME in _SEEN else _SEEN


def _text(value: bytes | None) -> str:
    """Return the value of an attribute without its quotes."""
    text = (value or b"").decode("utf-8", "replace")
    return text[1:-1] if text[:1] in ("'", '"') else text


def _may_lead_to_file(address: str) -> bool:
    return load_knowledge().extension.search(address) is not None or "&#" in address


def _slim_start(name: str, attributes: dict[str, bytes]) -> bytes | None:
    """Return a start tag with nothing but what is read of it; None for elements of which all may be."""
    kind = KINDS.get(name)
    if kind in (IMAGE, INPUT) or (kind is None and name not in INLINE):
        return None
    kept = [key for key in _SPANS if key in attributes] if kind == CELL else []
    if kind in (CELL, HOLDER) and _is_container(name, attributes):
        kept += [key for key in _NAMES if key in attributes]
    said = (b" %s=%s" % (key.encode("ascii"), attributes[key] or b'""') for key in kept)
    return b"%s%s>" % (name.encode("ascii"), b"".join(said))


def _is_container(name: str, attributes: dict[str, bytes]) -> bool:
    """Return whether class or id make an element another container than its name alone does."""
    named = {key: _text(attributes[key]) for key in _NAMES if key in attributes}
    return any("&" in value for value in named.values()) or rank_of(name, named) != rank_of(name, {})
