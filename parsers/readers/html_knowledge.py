"""What is known of portal pages: containers, marks of a report, kinds of attachments (containers.toml)."""

import re
from functools import lru_cache
from typing import NamedTuple

from parsers.knowledge import read_toml


class Knowledge(NamedTuple):
    """Content of containers.toml, ready for lookups; a rank is the place in the order to try."""

    ids: dict[str, int]
    id_prefixes: tuple[tuple[str, int], ...]
    classes: dict[str, int]
    tags: dict[str, int]
    surroundings: frozenset[str]
    headings: re.Pattern[str]
    labels: re.Pattern[str]
    extension: re.Pattern[str]
    script_links: re.Pattern[str]
    script_variables: tuple[bytes, ...]
    """Names without which a page has none of these links."""


@lru_cache(maxsize=1)
def load_knowledge() -> Knowledge:
    """Return the content of containers.toml."""
    data = read_toml("containers.toml", "readers")
    ids: dict[str, int] = {}
    prefixes: list[tuple[str, int]] = []
    classes: dict[str, int] = {}
    tags: dict[str, int] = {}
    for rank, entry in enumerate(data["container"]):
        if "id" in entry:
            ids[entry["id"]] = rank
        elif "id_prefix" in entry:
            prefixes.append((entry["id_prefix"], rank))
        elif "class" in entry:
            classes[entry["class"]] = rank
        else:
            tags[entry["tag"]] = rank
    extensions = "|".join(map(re.escape, data["links"]["extensions"]))
    variables = "|".join(map(re.escape, data["links"]["script_variables"]))
    return Knowledge(
        ids,
        tuple(prefixes),
        classes,
        {**tags, **dict.fromkeys(data["surroundings"]["tags"], -2)},
        frozenset(data["surroundings"]["words"]),
        headings=_any_of(data["marks"]["headings"]),
        labels=_any_of(data["marks"]["labels"]),
        extension=re.compile(rf"\.(?:{extensions})(?:$|[?#;&])", re.IGNORECASE),
        script_links=re.compile(
            rf"\b(?:{variables})\s*=[^;<]{{0,20}}<a\s[^>]{{0,300}}?href=\\?[\"']([^\"'\\]{{1,500}})\\?[\"']"
            r"[^>]{0,300}>([^<]{0,200})",
            re.IGNORECASE,
        ),
        script_variables=tuple(name.encode() for name in data["links"]["script_variables"]),
    )


def _any_of(words: list[str]) -> re.Pattern[str]:
    return re.compile("|".join(map(re.escape, sorted(words, key=len, reverse=True))))
