"""The dataset folder: schema, identical bytes, atomic exchange, refusals."""

import csv
import hashlib
import json
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pyarrow.parquet as pq
import pytest

from output.dataset import FOLDER, open_dataset, publish, recover
from output.errors import DatasetStorageError, GateRefusedError, NoDatasetError, OtherVersionError
from output.schema import tables
from tests.output.doubles import Case, Made, make_dataset

FILES = {f"{name}.{kind}" for name in tables() for kind in ("csv", "parquet")}
FILES |= {"CODEBOOK.md", "datapackage.json", "manifest.json"}


def hashes(data_dir: Path) -> dict[str, str]:
    folder = data_dir / FOLDER
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.iterdir()}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with a dataset of two years, to be looked at only."""
    folder = tmp_path_factory.mktemp("made")
    make_dataset(folder, [Case(), Case(year=2023)])
    return folder


@pytest.fixture
def copy(made: Path, tmp_path: Path) -> Path:
    """A data folder with the same dataset, to be worked on."""
    shutil.copytree(made, tmp_path, dirs_exist_ok=True)
    return tmp_path


def test_a_dataset_has_all_files_and_only_these(made: Path) -> None:
    assert set(hashes(made)) == FILES
    assert [path.name for path in made.iterdir()] == [FOLDER]


def test_columns_and_dtypes_do_not_depend_on_the_rows(made: Path, tmp_path: Path) -> None:
    make_dataset(tmp_path, [])
    for name, table in tables().items():
        full, empty = (open_dataset(which).frame(name) for which in (made, tmp_path))
        assert list(full.columns) == list(table.names) == list(empty.columns)
        declared = {column.name: column.pandas for column in table.columns}
        assert {column: str(dtype) for column, dtype in empty.dtypes.items()} == declared
        assert empty.dtypes.to_dict() == full.dtypes.to_dict()
        assert len(empty) == 0


def test_the_same_documents_give_the_same_bytes(tmp_path: Path) -> None:
    cases = [Case(year=2021 + place % 4, agency=f"{place % 3}局") for place in range(12)]
    make_dataset(tmp_path, cases)
    first = hashes(tmp_path)
    make_dataset(tmp_path, cases)
    assert hashes(tmp_path) == first


def test_every_fact_leads_back_to_cell_and_bytes(tmp_path: Path) -> None:
    case = Case(figures={"requests.received.total": 53, "requests.granted.total": "blank"})
    facts = Made(tmp_path, [case]).frame("facts").set_index(["table", "row", "column"])
    assert len(facts) == 200
    received = facts.loc[("requests", "received", "total")]
    assert received["value"] == 53
    assert received["raw"] == "53"
    assert received["source_url"] == "http://www.example.gov.cn/0.htm"
    assert received["warc_file"] == "gongkai-00001.warc.gz"
    assert received["warc_offset"] == 512
    assert received["sha256"] == hashlib.sha256(b"0").hexdigest()
    assert received["fetched_at"] == pd.Timestamp("2025-02-01T08:00:00Z")
    assert (received["table_index"], received["grid_column"]) == (0, 1)
    blank = facts.loc[("requests", "granted", "total")]
    assert blank["status"] == "blank"
    assert pd.isna(blank["value"])


def test_nothing_is_dropped(tmp_path: Path) -> None:
    dataset = Made(
        tmp_path,
        [
            Case(),
            Case(outcome="not_a_report", era=None),
            Case(outcome="unreadable", era=None, agency=None, year=None),
            Case(outcome="no_tables", era=None),
        ],
    )
    counts = dataset.counts
    assert list(dataset.frame("reports")["outcome"]) == ["parsed", "unreadable", "no_tables"]
    assert list(dataset.frame("skipped")["reason"]) == ["no report"]
    assert counts["outcomes"] == {"no_tables": 1, "not_a_report": 1, "parsed": 1, "unreadable": 1}
    assert counts["documents"] == 4
    assert len(dataset.frame("panel")) == 1


def test_report_ids_stay_and_tell_versions_apart(tmp_path: Path) -> None:
    versions = [
        Case(document={"url": "http://a/1", "fingerprint": "old", "version": 1, "is_current": False}),
        Case(document={"url": "http://a/1", "fingerprint": "new", "version": 2, "is_current": False}),
        Case(document={"url": "http://a/1", "fingerprint": "old", "version": 3}),
        Case(document={"url": "http://a/2", "fingerprint": "old"}),
    ]
    first = Made(tmp_path, versions).frame("reports")
    second = Made(tmp_path, [*versions[:2], versions[3]]).frame("reports")
    assert first["report_id"].is_unique
    assert first["document_key"].nunique() == 2
    assert list(first["report_id"][[0, 1, 3]]) == list(second["report_id"])
    assert first["report_id"].str.fullmatch("r[0-9a-f]{16}").all()


def test_changes_between_versions_of_a_page(tmp_path: Path) -> None:
    page = {"url": "http://a/1", "last_seen_at": "2025-03-01T00:00:00Z"}
    versions = [
        Case(document={**page, "fingerprint": "a", "is_current": False}),
        Case(
            figures={"requests.received.total": 7, "requests.granted.total": "blank"},
            document={**page, "fingerprint": "b", "version": 2, "fetched_at": "2025-04-01T00:00:00Z"},
        ),
        Case(document={"url": "http://a/2"}, figures={"requests.received.total": 9}),
    ]
    dataset = Made(tmp_path, versions)
    old, new, _ = dataset.frame("reports")["report_id"]
    changes = dataset.frame("changes")
    assert list(changes["report_id"]) == [new, new]
    assert list(changes["previous_report_id"]) == [old, old]
    received, granted = changes.to_dict("records")
    assert (received["row"], received["previous_value"], received["value"]) == ("received", 0, 7)
    assert received["previous_last_seen_at"] == pd.Timestamp("2025-03-01", tz="UTC")
    assert received["fetched_at"] == pd.Timestamp("2025-04-01", tz="UTC")
    assert (granted["previous_status"], granted["status"]) == ("reported", "blank")
    assert pd.isna(granted["value"])


def test_the_manifest_tells_the_truth(made: Path) -> None:
    dataset = open_dataset(made)
    manifest = dataset.manifest()
    assert set(manifest["files"]) == FILES - {"manifest.json"}
    for name, described in manifest["files"].items():
        data = (dataset.folder / name).read_bytes()
        assert described == {"bytes": len(data), "sha256": hashlib.sha256(data).hexdigest()}
    for name, described in manifest["tables"].items():
        assert described["rows"] == pq.read_metadata(dataset.folder / f"{name}.parquet").num_rows
        with (dataset.folder / f"{name}.csv").open(encoding="utf-8-sig", newline="") as lines:
            assert len(list(csv.DictReader(lines))) == described["rows"]


def test_the_data_package_describes_what_is_there(made: Path) -> None:
    folder = made / FOLDER
    package = json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))
    assert {resource["path"] for resource in package["resources"]} == {
        name for name in FILES if name.endswith((".csv", ".parquet"))
    }
    for resource in package["resources"]:
        data = (folder / resource["path"]).read_bytes()
        if resource["format"] == "csv":
            assert resource["hash"] == f"sha256:{hashlib.sha256(data).hexdigest()}"
            header = data.decode("utf-8-sig").splitlines()[0]
            assert next(csv.reader([header])) == [field["name"] for field in resource["schema"]["fields"]]
    assert "apostrophe" in package["description"]


def test_foreign_keys_lead_to_rows_that_are_there(demo: Path) -> None:
    dataset = open_dataset(demo)
    package = json.loads((dataset.folder / "datapackage.json").read_text(encoding="utf-8"))
    schemas = {resource["name"]: resource["schema"] for resource in package["resources"]}
    leads = 0
    for name, schema in schemas.items():
        frame = dataset.frame(name.removesuffix("-parquet"))
        for key in schema.get("foreignKeys", ()):
            (column,), other = key["fields"], key["reference"]["resource"]
            assert key["reference"]["fields"] == schemas[other]["primaryKey"]
            known = dataset.frame(other)[key["reference"]["fields"][0]]
            assert frame[column].dropna().isin(known).all(), f"{name}.{column}"
            leads += frame[column].notna().any()
    assert leads > 20


def test_the_codebook_explains_every_column_and_cell() -> None:
    from output.codebook import codebook

    text = codebook()
    for table in tables().values():
        for column in table.columns:
            assert f"| `{column.name}` |" in text
            assert column.en
            assert column.zh
    assert "| fmt2021 | requests | received | total |" in text
    assert text.count("\n| fmt2021 |") == 200
    assert text.count("\n| fmt2019 |") == 198


def test_without_a_dataset_the_error_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(NoDatasetError, match="gongkai build"):
        open_dataset(tmp_path)


def test_a_dataset_with_the_columns_of_another_version_is_not_read_but_replaced(copy: Path) -> None:
    path = copy / FOLDER / "manifest.json"
    manifest = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps({**manifest, "schema": "of last year"}), encoding="utf-8")
    with pytest.raises(OtherVersionError, match="gongkai build"):
        open_dataset(copy)
    with pytest.raises(GateRefusedError):
        make_dataset(copy, [])
    make_dataset(copy, [Case(), Case(year=2023)])
    assert open_dataset(copy).manifest()["schema"] == manifest["schema"]


def test_losing_reports_is_refused_until_accepted(tmp_path: Path) -> None:
    cases = [Case(agency=f"{place}局") for place in range(5)]
    make_dataset(tmp_path, cases)
    before = hashes(tmp_path)
    with pytest.raises(GateRefusedError, match=r"reports: 5 before, 3 now") as refusal:
        make_dataset(tmp_path, cases[:3])
    assert "portal huangshan, year 2024: -2 reports" in str(refusal.value)
    assert hashes(tmp_path) == before
    make_dataset(tmp_path, cases[:3], accept_losses=True)
    assert len(open_dataset(tmp_path).frame("reports")) == 3


def test_losing_figures_is_refused(copy: Path) -> None:
    with pytest.raises(GateRefusedError, match="figures: 400 before, 200 now"):
        make_dataset(copy, [Case(rest="ambiguous"), Case(year=2023)])


def test_gains_and_single_lost_figures_pass(copy: Path) -> None:
    single = Case(figures={"requests.received.total": "blank"})
    make_dataset(copy, [single, Case(year=2023), Case(agency="乙局")])
    assert len(open_dataset(copy).frame("reports")) == 3


def test_an_error_while_writing_leaves_the_old_dataset(copy: Path) -> None:
    tmp_path, before = copy, hashes(copy)

    def progress(done: int) -> None:
        raise OSError(28, os.strerror(28))

    with pytest.raises(DatasetStorageError, match="No space left"):
        make_dataset(tmp_path, [Case()], progress=progress)
    assert hashes(tmp_path) == before
    assert [path.name for path in tmp_path.iterdir()] == [FOLDER]


def test_a_file_in_the_way_is_a_clear_error(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("")
    with pytest.raises(DatasetStorageError, match="cannot write"):
        make_dataset(tmp_path / "data", [Case()])


KILLED = """
import os, signal, sys
from pathlib import Path
from tests.output.doubles import Case, make_dataset
data, after = Path(sys.argv[1]), int(sys.argv[2])
def progress(done):
    if done == after:
        os.kill(os.getpid(), signal.SIGKILL)
make_dataset(data, [Case(agency=f"{n}局") for n in range(4)], progress=progress)
"""


@pytest.mark.parametrize("after", [1, 4])
def test_killed_while_writing_the_old_dataset_stands_and_the_next_run_cleans_up(
    copy: Path, after: int
) -> None:
    tmp_path, before = copy, hashes(copy)
    killed = subprocess.run([sys.executable, "-c", KILLED, str(tmp_path), str(after)], check=False)
    assert killed.returncode == -signal.SIGKILL
    assert hashes(tmp_path) == before
    assert len(list(tmp_path.iterdir())) == 2
    make_dataset(tmp_path, [Case(), Case(year=2023)])
    assert hashes(tmp_path) == before
    assert [path.name for path in tmp_path.iterdir()] == [FOLDER]


def test_a_dataset_moved_aside_by_a_killed_run_comes_back(copy: Path) -> None:
    tmp_path, before = copy, hashes(copy)
    (tmp_path / FOLDER).rename(tmp_path / "dataset.old-1")
    recover(tmp_path)
    assert hashes(tmp_path) == before


def test_publishing_swaps_folders_whole(copy: Path) -> None:
    """A reader that holds the old folder open goes on reading old files only."""
    tmp_path = copy
    held = os.open(tmp_path / FOLDER, os.O_RDONLY)
    draft = tmp_path / "dataset.new-1"
    draft.mkdir()
    (draft / "manifest.json").write_text("{}")
    publish(draft, tmp_path)
    try:
        assert [path.name for path in (tmp_path / FOLDER).iterdir()] == ["manifest.json"]
        assert set(os.listdir(held)) == FILES  # noqa: PTH208 - a folder without a name any more
    finally:
        os.close(held)
