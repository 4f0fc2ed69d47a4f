"""What an address asks for: only numbers that are numbers, texts that are short."""

import re
from dataclasses import dataclass

from output.explorer.pages.compare import DEFAULT_MEASURE, Selection
from output.explorer.pages.findings import Filters
from output.measures import Lang


@dataclass(frozen=True, slots=True)
class Request:
    """One question: language, page below it, and the query."""

    lang: Lang
    page: str
    query: dict[str, list[str]]
    raw_query: str

    def one(self, name: str) -> str:
        """Return the first value of a name, empty when there is none."""
        return self.query.get(name, [""])[0]

    def number(self, name: str) -> int | None:
        """Return a year or page number; anything else is not there."""
        text = self.one(name)
        return int(text) if re.fullmatch(r"[0-9]{1,4}", text) else None

    def selection(self) -> Selection:
        """Return what is to be compared."""
        slugs = tuple(self.query.get("a", [])[:40])
        measure = self.one("m") or DEFAULT_MEASURE
        area = self.one("area") or None
        return Selection(slugs, measure, self.number("from"), self.number("to"), area, self.one("add")[:80])

    def filters(self) -> Filters:
        """Return which findings are asked for."""
        return Filters(*(self.one(name)[:60] for name in Filters._fields))
