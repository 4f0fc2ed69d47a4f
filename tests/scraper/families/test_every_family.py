"""What holds for each family: it has a portal in the farm, and it is recognised there."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from fixtures.farm import Farm
from fixtures.farm.families import SIMULATORS
from fixtures.farm.hosts import HOSTS
from scraper.families import FAMILIES
from tests.scraper.families.farmed import FarmHost, found_in

PLAIN = [spec.key for spec in HOSTS if spec.family and not spec.https and spec.key != "trap-a"]


@pytest.fixture(scope="module")
def farm(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Farm]:
    """One farm for all of them: a host is asked by its own test alone."""
    with Farm("demo", PLAIN, tmp_path_factory.mktemp("farm")) as running:
        yield running


@pytest.mark.parametrize("family", sorted(FAMILIES))
def test_every_family_has_a_portal_in_the_farm(family: str) -> None:
    assert family in SIMULATORS
    assert family in {spec.family for spec in HOSTS if spec.key in PLAIN}


@pytest.mark.parametrize("key", PLAIN)
def test_every_portal_is_recognised_and_read_to_its_end(key: str, farm: Farm, tmp_path: Path) -> None:
    host = FarmHost(farm, key)
    report = host.run(tmp_path, "auto")
    family = next(spec.family for spec in HOSTS if spec.key == key)
    assert {text.split(" ")[0] for text in report.families.values()} == {family}
    assert not report.is_failed, report.as_dict()
    assert report.coverage == "complete"
    found = found_in(tmp_path)
    assert found == host.titles
    asked = [target for target in host.asked() if target.startswith("/")]
    assert len(asked) == len(set(asked)), "an address was asked for twice"
    noise = {entry["url"].removeprefix(farm.base_url(key)) for entry in host.truth["noise"]}
    assert noise
    assert not noise & set(asked)
