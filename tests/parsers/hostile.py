"""Hostile inputs from recipes, and what each costs: `python -m tests.parsers.hostile [NAME…]` prints it.

Each input is parsed in a process of its own, so that the peak of its memory is its own.
"""

import json
import os
import resource
import sys
import time
import tomllib
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from parsers.records import CellKey
from parsers.report import parse
from tests.render.html import numbered_figures, render_page
from tests.render.text import render_text

RECIPES = Path(__file__).parents[2] / "fixtures" / "hostile" / "cases.toml"
ADDRESS_SPACE = 1 << 30
"""Bytes a parsing process may map; more is a failure of the input's case, never of the machine."""
_PLACES = {
    ("html", "before"): "<p>本机关按照要求",
    ("html", "inside"): "</tbody></table>",
    ("html", "after"): '<div class="tools">',
    ("text", "before"): "一、总体情况",
    ("text", "inside"): "三、收到和处理政府信息公开申请情况",
    ("text", "after"): "",
}


class Recipe(NamedTuple):
    """One hostile input as written in the list."""

    name: str
    outcome: str
    carrier: str
    piece: str
    times: int
    place: str = ""
    start: str = ""
    close: str = ""
    finish: str = ""


def recipes() -> list[Recipe]:
    """Return the recipes in the order of the list."""
    found = tomllib.loads(RECIPES.read_text(encoding="utf-8"))["case"]
    return [Recipe(**entry) for entry in found]


@cache
def figures() -> dict[CellKey, str]:
    """Return the figures the carriers print, each another one."""
    return numbered_figures("fmt2021", 101)


@cache
def _carrier(kind: str) -> str:
    if kind == "html":
        return render_page(figures())
    return "青禾县清风镇人民政府2024年政府信息公开工作年度报告\n" + render_text(figures(), form="B") + "\n"


def build(recipe: Recipe) -> bytes:
    """Return the bytes of a hostile input."""
    opening = recipe.start + recipe.piece * recipe.times
    closing = recipe.close * recipe.times + recipe.finish
    if recipe.carrier == "none":
        return (opening + closing).encode()
    page = _carrier(recipe.carrier)
    if recipe.place == "around":
        head, body = page.split("<body>")
        return f"{head}<body>{opening}{body}{closing}".encode()
    mark = _PLACES[recipe.carrier, recipe.place]
    at = page.index(mark) if mark else len(page)
    return f"{page[:at]}{opening}{closing}\n{page[at:]}".encode()


def measure(recipe: Recipe) -> dict[str, Any]:
    """Parse an input in this process and return its outcome, its wrong figures and its peak of memory."""
    resource.setrlimit(resource.RLIMIT_AS, (ADDRESS_SPACE, ADDRESS_SPACE))
    data = build(recipe)
    started = time.process_time()
    report = parse(data)
    seconds = time.process_time() - started
    printed = {key: int(text) for key, text in figures().items()} if recipe.carrier != "none" else {}
    reported = [fact for fact in report.facts if fact.status == "reported" and fact.table in _TABLES]
    wrong = [
        fact for fact in reported if not fact.row.startswith("x_") and printed.get(fact.key) != fact.value
    ]
    return {
        "name": recipe.name,
        "outcome": report.outcome,
        "error": report.error,
        "wrong": [str(fact) for fact in wrong[:3]],
        "reported": len(reported),
        "megabytes": len(data) / 1e6,
        "peak_megabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        "seconds": round(seconds, 2),
        "notes": report.reading.notes,
    }


_TABLES = frozenset(key[0] for key in numbered_figures("fmt2021"))


def main(names: list[str]) -> None:
    """Print one line of JSON per input."""
    warm = _carrier("html"), _carrier("text")
    for page in warm:
        parse(page.encode())
    for recipe in recipes():
        if names and recipe.name not in names:
            continue
        child = os.fork()
        if child == 0:
            print(json.dumps(measure(recipe), ensure_ascii=False), flush=True)
            os._exit(0)
        _, status = os.waitpid(child, 0)
        if status:
            print(json.dumps({"name": recipe.name, "outcome": f"died with status {status}"}), flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
