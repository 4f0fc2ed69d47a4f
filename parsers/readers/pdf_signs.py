"""Which character a sign of a PDF is: look-alikes put right, signs without a letter told."""

import tomllib
import unicodedata
from functools import cache
from pathlib import Path

UNKNOWN = "\ufffd"
"""Something is printed, but not known what."""


def printed(text: str) -> str:
    """Return the character a sign shows; U+FFFD where its font does not say which that is.

    Radicals and compatibility ideographs become the characters they look like; figures and signs stay.
    """
    code = ord(text)
    if text < "\u2e80":
        return UNKNOWN if unicodedata.category(text) in ("Cc", "Cn", "Co", "Cs") else text
    if 0x2E80 <= code < 0x2FE0:
        return _radicals().get(text) or unicodedata.normalize("NFKC", text)
    if 0xF900 <= code < 0xFB00 or 0x2F800 <= code < 0x2FA20:
        return unicodedata.normalize("NFC", text)
    return UNKNOWN if unicodedata.category(text) in ("Cn", "Co", "Cs") else text


@cache
def _radicals() -> dict[str, str]:
    data = tomllib.loads(Path(__file__).with_name("pdf_signs.toml").read_text(encoding="utf-8"))["radicals"]
    return dict(zip(data["printed"], data["meant"], strict=True))
