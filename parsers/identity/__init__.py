"""Who reports, about which year, for which place; and whether the document is a report at all."""

from parsers.identity.identify import identify

__all__ = ["identify"]
