"""What aligning a document gives."""

from typing import NamedTuple

from parsers.records import Fact, Reading


class Alignment(NamedTuple):
    """What the tables of a document say, in the codes of one form."""

    era: str | None
    facts: tuple[Fact, ...]
    """Every cell of the era's form in printed order, then printed cells it does not have (x_ codes).

    Only x_ cells where the era is not known.
    """
    reading: Reading
