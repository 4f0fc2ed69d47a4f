"""Pages made to stop the parser end in an outcome, in little memory, and never in a wrong figure."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.parsers.hostile import RECIPES, Recipe, build, recipes

ROOT = Path(__file__).parents[2]
MOST_MEGABYTES = 200
HANG_GUARD_SECONDS = 600
"""For all inputs together; a guard against hanging, no statement about speed."""
pytestmark = pytest.mark.xdist_group("hostile")


@pytest.fixture(scope="module")
def measured() -> dict[str, dict[str, Any]]:
    """Parse every input once, each in a process of its own, started by one driver."""
    done = subprocess.run(
        [sys.executable, "-W", "error", "-m", "tests.parsers.hostile"],
        cwd=ROOT,
        capture_output=True,
        timeout=HANG_GUARD_SECONDS,
        check=False,
    )
    assert done.returncode == 0, done.stderr.decode("utf-8", "replace")[-2000:]
    lines = done.stdout.decode("utf-8").splitlines()
    return {entry["name"]: entry for entry in map(json.loads, lines)}


@pytest.mark.parametrize("recipe", recipes(), ids=lambda recipe: recipe.name)
def test_ends_in_its_outcome_with_true_figures_only(
    recipe: Recipe, measured: dict[str, dict[str, Any]]
) -> None:
    found = measured[recipe.name]
    assert found["outcome"] == recipe.outcome, found
    assert "parser failure" not in (found["error"] or "")
    assert found["wrong"] == []
    assert found["peak_megabytes"] < MOST_MEGABYTES
    assert recipe.outcome != "parsed" or found["reported"] == 200


def test_names_are_used_once_and_the_worst_is_among_them() -> None:
    names = [recipe.name for recipe in recipes()]
    assert len(set(names)) == len(names), RECIPES
    sizes = {recipe.name: len(build(recipe)) for recipe in recipes() if recipe.times == 20_000_000}
    assert sizes
    assert min(sizes.values()) >= 20_000_000
