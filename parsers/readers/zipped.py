"""ZIP files: the one document in them, as portals hand over a report together with its pictures."""

from parsers.readers.errors import UnreadableInputError, UnsupportedInputError
from parsers.readers.office import Package

_KINDS = ((".docx",), (".pdf", ".xlsx", ".xlsm"))
"""Ends of names of documents; a PDF beside a Word file is its print or a scan."""
_LITTER = ("__MACOSX/", "~$", "._")
"""What programs leave beside the files a person packed."""


def only_document(data: bytes) -> bytes:
    """Return the bytes of the only Word file of a package, else of the only PDF or spreadsheet.

    Raises `UnreadableInputError` for damaged packages and for several documents, of which none is known to
    be meant, `UnsupportedInputError` when there is none.
    """
    package = Package(data)
    kept = [name for name in package.names() if not _is_litter(name)]
    found = ([name for name in kept if name.lower().endswith(ends)] for ends in _KINDS)
    names = next(filter(None, found), [])
    if not names:
        raise UnsupportedInputError("zip")
    if len(names) > 1:
        raise UnreadableInputError(f"package of {len(names)} documents")
    return package.read(names[0]) or b""


def _is_litter(name: str) -> bool:
    return name.startswith(_LITTER) or name.rpartition("/")[2].startswith(_LITTER)
