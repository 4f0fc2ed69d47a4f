"""A build that would lose data: exit 4, what would be lost, and the last dataset as it was."""

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

from tests.conftest import Run


def test_a_loss_is_refused_named_and_may_be_accepted(demo: Path, gongkai: Run, tmp_path: Path) -> None:
    data = tmp_path / "data"
    shutil.copytree(demo, data)
    before = (data / "dataset" / "manifest.json").read_bytes()
    with closing(sqlite3.connect(data / "state.sqlite")) as ledger:
        ledger.execute("UPDATE pages SET rejected = 'lost' WHERE portal_id = 'trs-a'")
        ledger.commit()
    refused = gongkai("build", "--data", data)
    assert refused.returncode == 4
    assert refused.stdout == ""
    for said in ("reports: ", " before, ", "figures: ", "portal trs-a, year 2024"):
        assert said in refused.stderr
    assert (data / "dataset" / "manifest.json").read_bytes() == before
    assert [path.name for path in data.glob("dataset*")] == ["dataset"]
    accepted = gongkai("build", "--data", data, "--accept-losses")
    assert accepted.returncode == 0, accepted.stderr
    assert (data / "dataset" / "manifest.json").read_bytes() != before


def test_a_mistake_in_a_reference_file_is_wrong_use(demo: Path, gongkai: Run, tmp_path: Path) -> None:
    data = tmp_path / "data"
    shutil.copytree(demo, data)
    (data / "reference").mkdir()
    (data / "reference" / "population.csv").write_text("region_code,year,population,source\n42,24,1,a\n")
    done = gongkai("build", "--data", data)
    assert done.returncode == 2
    assert "population.csv, line 2, column year" in done.stderr
