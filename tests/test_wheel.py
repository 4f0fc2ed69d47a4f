"""What is installed is what is meant to be: three packages, their data, and the farm for the demo."""

import zipfile
from pathlib import Path

import pytest
from hatchling.build import build_wheel

hatchling_build = pytest.importorskip(
    "hatchling.build", reason="hatchling is part of the test extra: install it"
)

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def wheel_names(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    folder = tmp_path_factory.mktemp("wheel")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(ROOT)
        name = build_wheel(str(folder))
    return set(zipfile.ZipFile(folder / name).namelist())


def test_top_level_names(wheel_names: set[str]) -> None:
    tops = {name.split("/")[0] for name in wheel_names}
    assert {top for top in tops if not top.endswith(".dist-info")} == {
        "scraper",
        "parsers",
        "output",
        "fixtures",
    }


def test_every_file_of_the_packages_travels(wheel_names: set[str]) -> None:
    for package in ("scraper", "parsers", "output", "fixtures/farm"):
        for path in (ROOT / package).rglob("*"):
            if path.is_file() and "__pycache__" not in path.parts and path.suffix != ".pyc":
                assert path.relative_to(ROOT).as_posix() in wheel_names


def test_nothing_else_travels(wheel_names: set[str]) -> None:
    for name in wheel_names:
        assert not name.startswith(
            ("tests/", "benchmarks/", "fixtures/pages", "fixtures/observed", "fixtures/hostile")
        )
        assert "__pycache__" not in name


def test_the_licence_and_the_command_are_there(wheel_names: set[str]) -> None:
    assert any(name.endswith("licenses/LICENSE") for name in wheel_names)
    assert any(name.endswith("entry_points.txt") for name in wheel_names)
