"""Templates → pages. Everything is escaped; nothing from a report can become markup, script or an address."""

import unicodedata
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from output.compare_text import number
from output.explorer.links import Links
from output.explorer.words import words_of
from output.webfont import FONT_FILE

_FOLDER = Path(__file__).parent
STATIC = _FOLDER / "static"
FONT = "chinese.otf"
LONGEST_NAME = 90
FINDINGS_EACH = 300
"""Findings in one file of a folder."""
LONGEST_TEXT = 20_000
_REVERSALS = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def render(
    template: str, links: Links, context: dict[str, Any], mark: str | None, *, part: bool = False
) -> str:
    """Return a page in the language of the links; as a part, only what stands between head and foot."""
    words = words_of(links.lang)
    found = _environment().get_template(template)
    return found.render(
        **context,
        layout="part.html" if part else "base.html",
        w=words,
        say=words.say,
        to=links,
        static=links.static,
        findings_each=FINDINGS_EACH,
        mark=(mark or "")[-12:],
        lang="zh-CN" if links.lang == "zh" else "en",
    )


def visible(text: object, limit: int = LONGEST_TEXT) -> str:
    """Return text without control characters, reversals of its direction and halves of characters, cut."""
    shown = str(text)[: limit + 1]
    shown = shown if len(shown) <= limit else shown[: limit - 1] + "…"
    if shown.isprintable():
        return shown
    return "".join(one for one in shown if one in "\n\t" or not _is_hidden(one))


def _is_hidden(character: str) -> bool:
    return unicodedata.category(character) in ("Cc", "Cs") or character in _REVERSALS


def short_name(text: object) -> str:
    """Return a name that fits into a line or two."""
    return visible(text, LONGEST_NAME)


def instant(text: str | None) -> str:
    """Return an ISO instant as date and time people read."""
    return (text or "").replace("T", " ").replace("Z", " UTC")


@cache
def static_files() -> dict[str, Path]:
    """Return scripts, style sheets and the Chinese font by their names below `static/`."""
    found = {path.relative_to(STATIC).as_posix(): path for path in STATIC.rglob("*") if path.is_file()}
    return {**found, FONT: FONT_FILE}


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(_FOLDER / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {"visible": visible, "short": short_name, "figure": number, "instant": instant}
    return environment
