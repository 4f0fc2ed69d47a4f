"""A running farm and a client for it, shared by the tests of one module."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from fixtures.farm import Farm
from fixtures.farm.truth import truth_of


@pytest.fixture(scope="module")
def farm(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Farm]:
    """The demo content on the three TRS hosts."""
    folder: Path = tmp_path_factory.mktemp("farm")
    with Farm("demo", ("trs-a", "trs-b", "trs-c"), folder) as running:
        yield running


@pytest.fixture(scope="module")
def client() -> Iterator[httpx.Client]:
    """A plain client that ignores proxies of the machine."""
    with httpx.Client(trust_env=False, timeout=10) as plain:
        yield plain


def host_truth(farm: Farm, key: str) -> dict[str, Any]:
    """Return the ground truth of one host."""
    sites = [site for site in farm.sites if site.key == key]
    found: dict[str, Any] = truth_of(farm.profile, sites, farm.clock.now)["hosts"][0]
    return found
