"""Text from portals made safe for a terminal."""

import unicodedata

# Cc: escape sequences and bells; Cf: direction overrides, zero-width marks; Cs, Co: nothing to show.
_UNSAFE = frozenset({"Cc", "Cf", "Cs", "Co"})


def printable(text: str, limit: int | None = None) -> str:
    """Return text without characters that drive a terminal (U+FFFD instead), cut to `limit` characters."""
    shown = text if limit is None or len(text) <= limit else text[: limit - 1] + "…"
    if shown.isprintable():
        return shown
    return "".join(
        "�" if unicodedata.category(char) in _UNSAFE and char not in "\n\t" else char for char in shown
    )
