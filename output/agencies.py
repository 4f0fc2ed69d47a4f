"""Identifiers of agencies and addresses, made from one document alone, so that they never move.

A credit code would survive a renaming, but stands on some pages of an agency and not on others; an identifier
that depended on it would split one agency in two. The name decides, the index number is kept for linking.
"""

import hashlib

from parsers.text import label_key

_LONGEST_NAME = 60
_SAME_WORD = (("管理委员会", "管委会"),)


def clean_name(name: str) -> str:
    """Return the form of an agency's name that identifies it: letters, digits and Chinese characters only."""
    key = label_key(name)
    for official, short in _SAME_WORD:
        key = key.replace(official, short)
    return "".join(character for character in key if character.isalnum())


def agency_id(name: str | None, region_code: str | None, portal_id: str) -> str | None:
    """Return `<region code>-<cleaned name>`, or None when the name is not known.

    Where the region is not settled the portal stands in for it, so that two bureaus of one name stay two.
    """
    cleaned = clean_name(name or "")
    if not cleaned:
        return None
    if len(cleaned) > _LONGEST_NAME:
        cleaned = cleaned[:_LONGEST_NAME] + _digest(cleaned)[:8]
    return f"{region_code or portal_id}-{cleaned}"


def document_key(url: str) -> str:
    """Return the identifier of an address: `d` and 16 hexadecimal digits."""
    return "d" + _digest(url)[:16]


def report_id(url: str, content: str, occurrence: int = 1) -> str:
    """Return the identifier of a version: `r` and 16 hexadecimal digits from address and content hash.

    `occurrence` counts how often a page came back to the same content.
    """
    parts = (url, content) if occurrence == 1 else (url, content, str(occurrence))
    return "r" + _digest("\n".join(parts))[:16]


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
