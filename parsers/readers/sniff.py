"""What kind of input some bytes are, told from the bytes; names and headers lie too often."""

import re
from io import BytesIO
from zipfile import BadZipFile, ZipFile

_MAGIC: tuple[tuple[bytes, str], ...] = (
    (b"%PDF-", "pdf"),
    (b"{\\rtf", "rtf"),
    (b"Rar!\x1a\x07", "rar"),
    (b"7z\xbc\xaf\x27\x1c", "7z"),
    (b"\x1f\x8b", "gzip"),
    (b"\x89PNG\r\n\x1a\n", "image"),
    (b"\xff\xd8\xff", "image"),
    (b"GIF87a", "image"),
    (b"GIF89a", "image"),
    (b"II*\x00", "image"),
    (b"MM\x00*", "image"),
)
_ZIP_MEMBERS = (
    (b"word/document.xml", "docx"),
    (b"xl/workbook.", "xlsx"),
    (b"ppt/presentation.xml", "pptx"),
    (b"OFD.xml", "ofd"),
)
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_OLE_STREAMS = (("WordDocument", "doc"), ("Workbook", "xls"), ("Book", "xls"), ("PowerPoint Document", "ppt"))
_BMP_SIZES = frozenset({12, 40, 56, 64, 108, 124})
_LEAD_BYTES = 1_024

_WINDOW = 200_000
_PAGE = re.compile(
    r"<(?:!doctype\s+html|html|head|body|frameset|meta|table|tr|td|div)\b[^<>]*>", re.IGNORECASE
)
_MARKUP = re.compile(r"</?(?:p|span|li|ul|a|h[1-6]|section|b|strong|font|img)(?:\s[^<>]*)?>", re.IGNORECASE)
_ESCAPED_MARKUP = re.compile(
    r"\\u003[cC]/?(?:p|div|table|td|span)\b|<\\/(?:p|div|table|td|span)>|&lt;/(?:p|div|table|td|span)&gt;"
)


def binary_kind(data: bytes) -> str | None:
    """Return the kind of a file that is no plain text (pdf, docx, xlsx, doc, zip, image …), else None."""
    for magic, kind in _MAGIC:
        if data.startswith(magic):
            return kind
    if data.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _package_kind(data)
    if data.startswith(_OLE):
        return next((kind for name, kind in _OLE_STREAMS if name.encode("utf-16-le") in data), "ole")
    if data.startswith(b"RIFF") and data[8:12] == b"WEBP":
        return "image"
    if data.startswith(b"BM") and int.from_bytes(data[14:18], "little") in _BMP_SIZES:
        return "image"
    lead = data[:_LEAD_BYTES]
    if b"%PDF-" in lead and b"<" not in lead.partition(b"%PDF-")[0]:
        return "pdf"
    if lead.lstrip().startswith(b"MIME-Version:") and b"multipart/related" in lead:
        return "mhtml"
    return None


def _package_kind(data: bytes) -> str:
    """Return the kind of a ZIP by the names in its directory, or in its bytes where that is cut off."""
    try:
        with ZipFile(BytesIO(data)) as package:
            held: bytes = "\n".join(package.namelist()).encode("utf-8", "replace")
    except (BadZipFile, ValueError, OSError, NotImplementedError):
        held = data
    return next((kind for member, kind in _ZIP_MEMBERS if member in held), "zip")


def text_kind(text: str) -> str:
    """Return "html" for markup, "text" for everything else; words in angle brackets are no markup."""
    window = text[:_WINDOW]
    if _PAGE.search(window) or _has_two(window) or _ESCAPED_MARKUP.search(window):
        return "html"
    return "text"


def _has_two(window: str) -> bool:
    found = _MARKUP.finditer(window)
    return next(found, None) is not None and next(found, None) is not None
