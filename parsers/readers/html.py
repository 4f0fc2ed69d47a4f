"""Portal pages: HTML text to a `Document`."""

import re
from collections.abc import Callable, Iterator, Sequence
from itertools import compress, islice
from operator import not_
from typing import Any, NamedTuple, TypeAlias

from lxml import etree

from parsers.document import Block, Document, Heading, Paragraph, Table
from parsers.readers.html_blanks import Reading
from parsers.readers.html_body import count_marks, find_body, without_surroundings
from parsers.readers.html_dress import NOTHING, IncompleteError, dress
from parsers.readers.html_hidden import may_be_missing, without_marks, without_missing_parts
from parsers.readers.html_knowledge import load_knowledge
from parsers.readers.html_known import NONE_APART, all_stand, take_tables
from parsers.readers.html_markup import parse_markup
from parsers.readers.html_page_sheets import PageSheets, find_sheets, sheets_of
from parsers.readers.html_slim import Slim, slim
from parsers.readers.html_source import MAX_CHARACTERS, limit, texts_in_scripts, with_line_breaks
from parsers.readers.html_styles import hide_and_set_apart, mark_objects, take_out
from parsers.readers.html_tables import Item, RawTable
from parsers.readers.html_walk import TableInTheWayError, Walked, walk

MAX_OUTSIDE_LINES = 300
MAX_OUTSIDE_CHARACTERS = 300
MAX_META = 200
MAX_META_CHARACTERS = 2_000
MAX_SCRIPT_TEXTS = 200
MAX_LINE = 200_000
"""Characters of one paragraph kept."""
MAX_LISTED = 200
"""Images and attachments kept."""

_NEVER_SHOWN = (
    *("script", "style", "noscript", "template", "textarea", "select", "button", "iframe", "object", "embed"),
    *("svg", "math", "video", "audio", "canvas", "map", "title", "datalist", "noframes", "xmp", "rt", "rp"),
    *("dialog", "noembed"),
)
# Answers of programming interfaces: their markup is quoted, so its attributes cannot be read as they stand.
_DATA = re.compile(r"\s{0,100}(?:[\[{]|(?:(?:var|let|const)\s{1,9})?[\w$.]{1,80}\s{0,9}[(=])")
_QUOTED_MARKUP = re.compile(r"""<\w[^<>]{0,200}=\\["']|\\u003c[a-z]|&lt;/[a-z]{1,9}&gt;""", re.IGNORECASE)
_STRUCTURE = re.compile(r"<(?:p|div|br|li|body|section|h[1-6])\b", re.IGNORECASE)

Choice: TypeAlias = Callable[[Any, list[Any]], list[Any]]


def read_html(text: str, charset: str | None = None, encoded: bytes | None = None) -> Document:
    """Return the blocks of the report on a page, and what stands around it, from decoded HTML.

    `encoded` is the same text as UTF-8 where it came that way, which saves encoding it again.
    Never raises for odd markup; what had to be cut or clamped is in `Document.notes`. Broken markup is
    repaired as browsers do as far as tables go (unclosed and missing rows and cells, text between cells, feet
    before bodies); misnested inline tags may be repaired otherwise, which changes no text. What is nested
    deeper than 2,048 elements is lost, as the parser behind stops there (note nesting_clamped).
    """
    source, notes = limit(text, encoded)
    if "\n" in source and not _STRUCTURE.search(source):
        source = with_line_breaks(source)
    data = encoded if encoded is not None and source is text else source.encode("utf-8", "replace")
    page = _open(data)
    if page is None:
        return Document("html", charset, (), notes=tuple(notes))
    walked, marks = page.walked, page.marks
    notes.extend((*page.notes, *walked.notes))
    inner, note = None, ""
    if not any(marks) or _is_data(text):
        inner, note = _second_look(text, data, hiding=page.hides)
        notes.extend([note] if inner else [])
    body, body_marks = inner or (walked, marks)
    start, end = find_body(body, body_marks)
    inside = without_surroundings(body, body_marks, start, end)
    items = list(compress(body.items, inside))
    blocks = tuple(_blocks(items, notes))
    outside = walked.items if inner else list(compress(walked.items, map(not_, inside)))
    return Document(
        kind="html",
        charset=charset,
        blocks=blocks,
        outside=tuple(_outside(outside)),
        meta=page.meta,
        page_title=page.title,
        images=tuple(address for place, address in body.images if start <= place <= end)[:MAX_LISTED],
        attachments=tuple(_attachments(body, start, text if _has_script_links(data) else "")),
        filled=tuple(item.filled for item in items if isinstance(item, RawTable)),
        notes=tuple(dict.fromkeys(notes)),
    )


def _is_data(text: str) -> bool:
    """Return whether the input is a script or the answer of an interface, with the page quoted inside."""
    return (
        not text.lstrip().startswith("<") and (_DATA.match(text) or _QUOTED_MARKUP.search(text)) is not None
    )


class _Page(NamedTuple):
    """A parsed page, its hidden parts left out."""

    walked: Walked
    marks: list[int]
    title: str | None
    meta: dict[str, str]
    hides: bool
    notes: tuple[str, ...]


def _open(data: bytes, choose: Choice = without_missing_parts) -> _Page | None:
    """Return what is on a page, None for nothing; `choose` says what of its hidden parts is taken out."""
    slimmed = slim(data)
    sheets = find_sheets(data, slimmed)
    if sheets is None:
        return _read_page(slimmed, None, choose)
    slimmed = slim(data, sheets.kept, keeps_looks=sheets.keeps_looks)
    try:
        return _read_page(slimmed, sheets, choose)
    except IncompleteError:
        return _read_page(Slim(data, None, has_files=True), sheets._replace(slimmed=False), choose)


def _read_page(
    slimmed: Slim, sheets: PageSheets | None = None, choose: Choice = without_missing_parts
) -> _Page | None:
    """Return what is on a page without needless attributes, tables that stand for themselves read apart."""
    apart = take_tables(slimmed.data) if sheets is None or sheets.spares_tables else NONE_APART
    if apart.tables:
        try:
            return _parse(apart.data, slimmed, sheets, choose, apart.tables)
        except TableInTheWayError:
            pass
    return _parse(slimmed.data, slimmed, sheets, choose)


def _parse(
    data: bytes,
    slimmed: Slim,
    sheets: PageSheets | None = None,
    choose: Choice = without_missing_parts,
    apart: Sequence[Reading] = (),
) -> _Page | None:
    root, clamped = parse_markup(data)
    if root is None:
        return None
    if apart and not all_stand(root, apart):
        raise TableInTheWayError
    title = _line((root.findtext(".//title") or "")[:MAX_META_CHARACTERS])
    meta = _meta(root)
    dressed = NOTHING if sheets is None else dress(root, sheets)
    hidden = hide_and_set_apart(root, slimmed.styled, dressed.ruled, dressed.doubted)
    if apart and (dressed.note or may_be_missing(hidden, apart)):
        raise TableInTheWayError
    gone = choose(root, hidden)
    walked, marks = _walk(root, gone, has_files=slimmed.has_files, apart=apart)
    said = {
        "nesting_clamped": clamped,
        dressed.note: dressed.note,
        "hidden_shown": len(gone) < len(hidden) and any(marks),
    }
    notes = tuple(note for note, true in said.items() if true)
    return _Page(walked, marks, title, meta, bool(hidden), notes)


def _walk(
    root: Any, hidden: list[Any], *, has_files: bool = True, apart: Sequence[Reading] = ()
) -> tuple[Walked, list[int]]:
    mark_objects(root)
    etree.strip_elements(root, *_NEVER_SHOWN, with_tail=False)
    take_out(root, hidden)
    body = root.find("body")
    walked = walk(root if body is None else body, has_files=has_files, apart=apart)
    return walked, count_marks(walked.items)


def _second_look(text: str, data: bytes, *, hiding: bool) -> tuple[tuple[Walked, list[int]] | None, str]:
    """Look for the report where only scripts make it visible: in hidden parts, in script strings."""
    if hiding and (page := _open(data, without_marks)) is not None and any(page.marks):
        return (page.walked, page.marks), "hidden_shown"
    sheets = sheets_of(data)
    best: tuple[Walked, list[int]] | None = None
    for markup in islice(texts_in_scripts(text[:MAX_CHARACTERS]), MAX_SCRIPT_TEXTS):
        page = _open(sheets + limit(markup)[0].encode("utf-8", "replace"), without_marks)
        if page is not None and sum(page.marks) > (sum(best[1]) if best else 0):
            best = page.walked, page.marks
    return best, "from_script"


def _blocks(items: list[Item], notes: list[str]) -> Iterator[Block]:
    number = 0
    for item in items:
        if isinstance(item, str):
            if len(item) > MAX_LINE:
                notes.append("long_lines")
            yield Paragraph(item[:MAX_LINE])
        elif isinstance(item, Heading):
            yield item
        else:
            table = _table(item, number, notes)
            number += 1
            first = next((row[0].row for row in table.rows if row), len(table.rows))
            yield from (Paragraph(line) for row, line in item.lines if row < first)
            yield table
            yield from (Paragraph(line) for row, line in item.lines if row >= first)


def _table(raw: RawTable, number: int, notes: list[str]) -> Table:
    """Give a table its place; rows of narrative are emptied, so that the others keep their place."""
    notes.extend(raw.notes)
    rows = raw.rows
    if raw.lines:
        narrative = {row for row, _ in raw.lines}
        rows = tuple(() if index in narrative else row for index, row in enumerate(rows))
    return Table(rows, "grid", number, raw.width)


def _outside(items: list[Item]) -> Iterator[str]:
    lines: list[str] = []
    for item in items:
        if isinstance(item, RawTable):
            lines.extend(" ".join(cell.text for cell in row if cell.text) for row in item.rows)
        else:
            lines.append(item if isinstance(item, str) else item.text)
    lines = [line for line in lines if line]
    if len(lines) > MAX_OUTSIDE_LINES:
        # The foot of a page names the site and its operator; it is worth more than the menus.
        lines = [*lines[: MAX_OUTSIDE_LINES // 3], *lines[-(MAX_OUTSIDE_LINES - MAX_OUTSIDE_LINES // 3) :]]
    return (line[:MAX_OUTSIDE_CHARACTERS] for line in lines)


def _has_script_links(data: bytes) -> bool:
    # Searched from the end, which takes a third of the time of a search from the beginning.
    return any(data.rfind(name) >= 0 for name in load_knowledge().script_variables)


def _attachments(body: Walked, start: int, text: str) -> Iterator[tuple[str, str]]:
    """Yield files linked from the beginning of the body on, and those that only a script in `text` links."""
    found = [(address, name) for place, address, name in body.links if place >= start]
    if text:
        found.extend((link[1], _line(link[2]) or "") for link in load_knowledge().script_links.finditer(text))
    yield from list(dict.fromkeys(found))[:MAX_LISTED]


def _meta(root: Any) -> dict[str, str]:
    """Return the page's own tags by lower-case name; the first that says something counts."""
    found: dict[str, str] = {}
    for element in root.iter("meta"):
        name = element.get("name") or element.get("property")
        content = _line(element.get("content"))
        if name and content and len(found) < MAX_META:
            found.setdefault(name.strip().lower()[:100], content[:MAX_META_CHARACTERS])
    return found


def _line(text: str | None) -> str | None:
    return " ".join(text.split()) or None if text else None
