"""The portal families: how each lists its reports, and by which marks it is recognised."""

import re
import tomllib
from functools import cache
from importlib.resources import files
from typing import NamedTuple

from scraper.families import (
    aspnet,
    epoint,
    generic,
    gkmlpt,
    hanweb_jpage,
    hanweb_xxgk,
    jpaas,
    lonsun,
    nfcms,
    shtml,
    trs,
    ucap,
    vsb,
)
from scraper.families.base import Walk

FAMILIES: dict[str, Walk] = {
    "aspnet": aspnet.walk,
    "epoint": epoint.walk,
    "generic": generic.walk,
    "gkmlpt": gkmlpt.walk,
    "hanweb_jpage": hanweb_jpage.walk,
    "hanweb_xxgk": hanweb_xxgk.walk,
    "jpaas": jpaas.walk,
    "lonsun": lonsun.walk,
    "nfcms": nfcms.walk,
    "shtml": shtml.walk,
    "trs": trs.walk,
    "ucap": ucap.walk,
    "vsb": vsb.walk,
}
"""Family name -> its walk over the lists; one file and one line per family."""


class Detection(NamedTuple):
    """A recognised family and the mark that gave it away; `generic` without a mark when nothing did."""

    family: str
    mark: str | None


class _Mark(NamedTuple):
    family: str
    name: str
    every: tuple[re.Pattern[str], ...]
    some: tuple[re.Pattern[str], ...]
    address: re.Pattern[str] | None

    def holds(self, page: str, url: str) -> bool:
        """Whether the page shows this mark."""
        if self.address is not None and not self.address.search(url):
            return False
        found_all = all(pattern.search(page) for pattern in self.every)
        return found_all and (not self.some or any(pattern.search(page) for pattern in self.some))


@cache
def _marks() -> tuple[_Mark, ...]:
    data = tomllib.loads(files("scraper.families").joinpath("detect.toml").read_text(encoding="utf-8"))
    return tuple(
        _Mark(
            entry["family"],
            entry["name"],
            tuple(re.compile(text, re.IGNORECASE) for text in entry.get("all", ())),
            tuple(re.compile(text, re.IGNORECASE) for text in entry.get("any", ())),
            re.compile(entry["address"], re.IGNORECASE) if "address" in entry else None,
        )
        for entry in data["mark"]
    )


def detect(page: str, url: str) -> Detection:
    """Return the family of a first list page; the order of the marks settles pages that show several."""
    for mark in _marks():
        if mark.holds(page, url):
            return Detection(mark.family, mark.name)
    return Detection("generic", None)


def marks_of(page: str, url: str) -> frozenset[str]:
    """Return every family a page shows marks of; a configured family outside it is worth a remark."""
    return frozenset(mark.family for mark in _marks() if mark.holds(page, url))
