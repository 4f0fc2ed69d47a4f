"""A comparison as one self-contained page: chart, table, notes; works offline, prints, runs no script."""

import base64
import hashlib
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from output.chart import MOST_LINES, chart
from output.compare import Comparison, Line
from output.compare_text import base as base_text
from output.compare_text import figure, marks, missing_reason, notes, reason_text, words
from output.webfont import font_css

_TEMPLATES = Path(__file__).with_name("templates")


def as_html(comparison: Comparison) -> str:
    """Return the page; everything from portals is escaped, links go to http and https addresses only."""
    style = (_TEMPLATES / "compare.css").read_text(encoding="utf-8")
    # The characters of the page are known once it is written; the font is part of its style.
    return _page(comparison, font_css(_page(comparison, style)) + style)


def _page(comparison: Comparison, style: str) -> str:
    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES), autoescape=True, undefined=StrictUndefined, trim_blocks=True
    )
    say = words(comparison.lang)
    more = say["chart_more"].format(shown=MOST_LINES, all=len(comparison.lines))
    return environment.get_template("compare.html").render(
        comparison=comparison,
        lang="zh-CN" if comparison.lang == "zh" else "en",
        say=say,
        style=Markup(style),
        style_hash=_hash(style),
        svg=Markup(chart(comparison)),
        more=more if len(comparison.lines) > MOST_LINES else "",
        breaks=_break_years(comparison),
        rows=[
            {"agency": line.agency, "cells": [_cell(comparison, line, year) for year in comparison.years]}
            for line in comparison.lines
        ],
        notes=list(notes(comparison)),
    )


def _cell(comparison: Comparison, line: Line, year: int) -> dict[str, Any]:
    point = line.points.get(year)
    border = "break" if year in _break_years(comparison) else ""
    reason = missing_reason(line, year)
    if point is None or point.value is None:
        text = reason_text(reason or "no_report", comparison.lang)
        return {"text": None, "reason": text, "classes": f"missing {border}".strip()}
    error = "error" if "error_finding" in point.flags else ""
    return {
        "text": figure(comparison, point.value),
        "url": _web_address(point.source_url),
        "marks": marks(point),
        "base": base_text(point),
        "classes": f"{error} {border}".strip(),
    }


def _break_years(comparison: Comparison) -> frozenset[int]:
    return frozenset(one.after for one in comparison.breaks)


def _web_address(url: str | None) -> str | None:
    """Return an address a browser may open, None for anything else."""
    try:
        scheme = urlsplit(url or "").scheme
    except ValueError:  # an address no browser could open either
        return None
    return url if scheme in ("http", "https") else None


def _hash(style: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
