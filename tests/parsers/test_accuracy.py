"""The share of cells read exactly right never falls unseen, and no figure is ever given for another."""

import tomllib
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from tests.parsers.accuracy import Sample, Score, corpus, digest, score

LEDGER = Path(__file__).with_name("accuracy.toml")
ENTRIES: list[dict[str, Any]] = tomllib.loads(LEDGER.read_text(encoding="utf-8"))["measured"]
CURRENT = ENTRIES[-1]
pytestmark = pytest.mark.xdist_group("accuracy")
"""The corpus is parsed once, in one process."""


@pytest.fixture(scope="module")
def samples() -> list[Sample]:
    return list(corpus())


@pytest.fixture(scope="module")
def scores(samples: list[Sample]) -> dict[str, Score]:
    return score(samples)


def test_the_corpus_is_the_one_the_floor_was_measured_on(samples: list[Sample]) -> None:
    assert digest(samples) == CURRENT["digest"], (
        f"the corpus changed: add an entry with reason to {LEDGER.name} (python -m tests.parsers.accuracy)"
    )


def test_no_figure_is_given_for_another(scores: dict[str, Score]) -> None:
    assert [line for found in scores.values() for line in found.wrong] == []


def test_every_group_has_a_floor(scores: dict[str, Score]) -> None:
    assert set(scores) == set(CURRENT["floor"])
    assert all(found.cells for found in scores.values())


@pytest.mark.parametrize("group", CURRENT["floor"])
def test_nothing_falls_below_its_floor(group: str, scores: dict[str, Score]) -> None:
    found = scores[group]
    assert found.share >= CURRENT["floor"][group], f"{found.right} of {found.cells} cells exactly right"


def test_floors_are_lowered_only_with_another_corpus_and_a_reason() -> None:
    for before, after in pairwise(ENTRIES):
        assert after["reason"]
        if after["digest"] == before["digest"]:
            fallen = [
                group for group, share in before["floor"].items() if after["floor"].get(group, 0) < share
            ]
            assert fallen == []
