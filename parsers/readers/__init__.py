"""Readers: one for each kind of input, all with the same result, a `Document`."""

from codecs import BOM_UTF8
from collections.abc import Callable
from dataclasses import replace
from typing import NamedTuple

from parsers.decode import Decoded, DecodeError, decode
from parsers.document import Document
from parsers.readers.docx import read_docx
from parsers.readers.errors import InputError, UnreadableInputError, UnsupportedInputError
from parsers.readers.html import read_html
from parsers.readers.html_source import has_damaged_markup
from parsers.readers.sniff import binary_kind, text_kind
from parsers.readers.text import read_text
from parsers.readers.xlsx import read_xlsx
from parsers.readers.zipped import only_document

__all__ = ["READERS", "Input", "InputError", "UnreadableInputError", "UnsupportedInputError", "read"]


class Input(NamedTuple):
    """The bytes of one input, and their text if they are text."""

    data: bytes
    decoded: Decoded | None
    name: str | None


def _read_html(source: Input) -> Document:
    decoded = _decoded(source)
    if "damaged_bytes" in decoded.notes and has_damaged_markup(decoded.text):
        raise UnreadableInputError("damaged bytes inside tags: which cell is which cannot be told")
    whole = decoded.charset == "utf-8" and not decoded.notes and not source.data.startswith(BOM_UTF8)
    return read_html(decoded.text, decoded.charset, source.data if whole else None)


def _read_text(source: Input) -> Document:
    return read_text(_decoded(source).text, _decoded(source).charset)


def _decoded(source: Input) -> Decoded:
    assert source.decoded is not None  # text readers are only chosen for decoded inputs
    return source.decoded


def _read_docx(source: Input) -> Document:
    return read_docx(source.data)


def _read_pdf(source: Input) -> Document:
    from parsers.readers.pdf import read_pdf  # only a PDF waits for what starts a process

    return read_pdf(source.data)


def _read_xlsx(source: Input) -> Document:
    return read_xlsx(source.data)


def _read_zip(source: Input) -> Document:
    data = only_document(source.data)
    kind = binary_kind(data)
    if kind not in READERS or kind == "zip":
        raise UnreadableInputError("package with a document that is none")
    return replace(READERS[kind](Input(data, None, source.name)), kind="zip")


READERS: dict[str, Callable[[Input], Document]] = {
    "html": _read_html,
    "text": _read_text,
    "docx": _read_docx,
    "pdf": _read_pdf,
    "xlsx": _read_xlsx,
    "zip": _read_zip,
}
"""Reader by kind as `sniff` names it; binary kinds get an Input without text."""


def read(data: bytes, *, charset: str | None = None, name: str | None = None) -> Document:
    """Return what an input holds; `charset` is what its sender says, `name` is kept for readers and messages.

    Raises `UnreadableInputError` for empty, binary and undecodable input, `UnsupportedInputError` for known
    kinds of files without a reader.
    """
    if not data.strip(b"\x00\t\n\r\x0b\x0c "):
        raise UnreadableInputError("empty file")
    if (kind := binary_kind(data)) is not None:
        if kind not in READERS:
            raise UnsupportedInputError(kind)
        return READERS[kind](Input(data, None, name))
    try:
        decoded = decode(data, charset)
    except DecodeError as error:
        raise UnreadableInputError(str(error)) from error
    if not decoded.text.strip():
        raise UnreadableInputError("empty file")
    document = READERS[text_kind(decoded.text)](Input(data, decoded, name))
    return replace(document, notes=(*decoded.notes, *document.notes)) if decoded.notes else document
