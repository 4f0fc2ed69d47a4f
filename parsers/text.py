"""Normalised copies of printed text for comparing; the printed text itself is never changed."""

import re
import unicodedata

# Zero-width, byte-order and directional marks that pages carry inside labels and figures.
_INVISIBLE = dict.fromkeys([0x200B, 0x200C, 0x200D, 0x200E, 0x200F, 0x2060, 0xFEFF, 0x00AD, *range(0x202A, 0x202F)])
_SPACE = re.compile(r"\s+")


def label_key(text: str) -> str:
    """Return the form of a label that is compared: NFKC, no white space, no invisible characters, simplified."""
    return _SPACE.sub("", unicodedata.normalize("NFKC", text.translate(_INVISIBLE)))


def clean(text: str) -> str:
    """Return text with invisible characters removed and runs of white space made one space, ends stripped."""
    return _SPACE.sub(" ", text.translate(_INVISIBLE)).strip()
