"""Whether printed figures add up, which tells where they belong when their names do not."""

from collections.abc import Sequence

MOST_DIGITS = 12
"""Longer runs of digits are no figure of a form."""


def is_plain(text: str) -> bool:
    """Say whether a text is one whole number without a sign."""
    return text.isascii() and text.isdigit() and len(text) <= MOST_DIGITS


def adds_up(texts: Sequence[str], size: int) -> bool:
    """Say whether texts are whole numbers of which every so many end in the sum of the others."""
    if not texts or len(texts) % size or not all(map(is_plain, texts)):
        return False
    groups = (list(map(int, texts[at : at + size])) for at in range(0, len(texts), size))
    return all(sum(parts) == total for *parts, total in groups)
