"""`build`, `run`, `status`, `portals`, `compare`, `explain` and `check` on a data folder."""

import hashlib
import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from fixtures.farm import Farm
from tests.conftest import ROOT, Run, run_process


def hashes(dataset: Path) -> dict[str, str]:
    return {p.name: hashlib.sha256(p.read_bytes()).hexdigest() for p in sorted(dataset.iterdir())}


def test_build_again_gives_the_same_bytes(demo: Path, gongkai: Run, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(demo, copy)
    before = hashes(copy / "dataset")
    assert gongkai("build", "--data", copy).returncode == 0
    assert hashes(copy / "dataset") == before
    shutil.rmtree(copy / "dataset")
    assert gongkai("build", "--data", copy).returncode == 0
    assert hashes(copy / "dataset") == before


def test_run_crawls_and_builds_and_a_second_run_changes_nothing(gongkai: Run, tmp_path: Path) -> None:
    with Farm(profile="tiny", hosts=("trs-a",), folder=tmp_path / "farm") as farm:
        arguments = ("run", "--portals", farm.portals_file, "--data", tmp_path / "data")
        first = gongkai(*arguments)
        assert first.returncode == 0, first.stderr
        before = hashes(tmp_path / "data" / "dataset")
        farm.clear_log()
        second = gongkai(*arguments)
        assert second.returncode == 0, second.stderr
        fetched = [entry for entry in farm.log() if entry["status"] == 200 and "/t20" in entry["path"]]
        assert fetched == []
    after = hashes(tmp_path / "data" / "dataset")
    # last_seen_at moves with every crawl; figures, sections and findings do not.
    assert {
        name: after[name] for name in after if name.startswith(("facts", "sections", "findings", "panel"))
    } == {
        name: before[name] for name in before if name.startswith(("facts", "sections", "findings", "panel"))
    }


def test_only_and_years_choose(gongkai: Run, tmp_path: Path) -> None:
    with Farm(profile="tiny", folder=tmp_path / "farm") as farm:
        ids = [
            line.split('"')[1]
            for line in farm.portals_file.read_text().splitlines()
            if line.startswith("id = ")
        ]
        done = gongkai(
            "crawl",
            "--portals",
            farm.portals_file,
            "--data",
            tmp_path / "d",
            "--only",
            ids[0],
            "--years",
            "2024",
        )
        assert done.returncode == 0, done.stderr
        wrong = gongkai("crawl", "--portals", farm.portals_file, "--data", tmp_path / "d", "--only", "nope")
        assert wrong.returncode == 2
        assert "nope" in wrong.stderr
        bad = gongkai(
            "crawl", "--portals", farm.portals_file, "--data", tmp_path / "d", "--years", "2025-2021"
        )
        assert bad.returncode == 2
    status = json.loads(gongkai("status", "--data", tmp_path / "d", "--json").stdout)
    assert [portal["portal_id"] for portal in status["portals"]] == [ids[0]]


def test_a_portal_that_fails_is_3_and_named(gongkai: Run, tmp_path: Path) -> None:
    portals = tmp_path / "portals.toml"
    portals.write_text(
        '[[portal]]\nid = "inner"\nname = "内网"\nfamily = "trs"\nstart = ["http://127.0.0.1:9/"]\n',
        encoding="utf-8",
    )
    done = gongkai("crawl", "--portals", portals, "--data", tmp_path / "data")
    assert done.returncode == 3
    assert "inner" in done.stdout
    assert "refused_address" in done.stdout


def test_portals_file_errors_name_file_line_and_key(gongkai: Run, tmp_path: Path) -> None:
    portals = tmp_path / "p.toml"
    portals.write_text(
        '[[portal]]\nid = "a"\nname = "甲"\nfamly = "trs"\nstart = ["http://a.example/"]\n\n'
        '[[portal]]\nid = "b"\nname = "乙"\nfamily = "nope"\nstart = ["ftp://b.example/"]\n',
        encoding="utf-8",
    )
    for command in (("portals", "check", portals), ("crawl", "--portals", portals, "--data", tmp_path / "d")):
        done = gongkai(*command)
        assert done.returncode == 2
        for place in ("p.toml:4", "famly", "p.toml:10", "family", "p.toml:11", "start"):
            assert place in done.stderr
    assert not (tmp_path / "d").exists()


def test_portals_list(demo: Path, gongkai: Run) -> None:
    done = gongkai("portals", "list", demo / "portals.toml")
    assert done.returncode == 0
    assert "trs" in done.stdout
    assert gongkai("portals", "check", demo / "portals.toml").returncode == 0


def test_a_portals_file_is_tried_out_by_its_lists_alone(gongkai: Run, tmp_path: Path) -> None:
    with Farm("tiny", ["trs-a"], tmp_path / "farm") as farm:
        command = ("portals", "check", farm.portals_file, "--online", "--lang", "en")
        told, data = gongkai(*command), gongkai(*command, "--json")
        asked = [entry["path"] for entry in farm.log("trs-a")]
        (host,) = farm.truth()["hosts"]
    urls = {report["url"] for report in host["reports"] if report["state"] == "live"}
    assert (told.returncode, data.returncode) == (0, 0), told.stderr
    (portal,) = json.loads(data.stdout)
    assert {page["url"] for page in portal["would_fetch"]} == urls
    assert f"would fetch {len(urls)} page(s)" in told.stdout
    assert "createPageHTML" in told.stdout or "trs" in told.stdout
    assert not [path for path in asked if path in {"/" + url.split("/", 3)[3] for url in urls}]
    assert gongkai(*command, "--only", "nope").returncode == 2
    assert gongkai("portals", "check", farm.portals_file, "--json").returncode == 2


def test_a_folder_held_by_another_run_says_who(demo: Path, gongkai: Run, tmp_path: Path) -> None:
    shutil.copy(demo / "state.sqlite", tmp_path)
    script = (
        "import sys; from scraper.runlock import RunLock\n"
        f"with RunLock({str(tmp_path)!r}):\n    print('held', flush=True); sys.stdin.read()"
    )
    holder = subprocess.Popen(
        [sys.executable, "-c", script], stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=ROOT, text=True
    )
    try:
        assert holder.stdout is not None
        assert holder.stdout.readline().strip() == "held"
        for command in (
            ("run", "--portals", demo / "portals.toml"),
            ("crawl", "--portals", demo / "portals.toml"),
            ("build",),
        ):
            done = gongkai(*command, "--data", tmp_path)
            assert done.returncode == 2
            assert str(holder.pid) in done.stderr
    finally:
        holder.communicate("")


def test_a_read_only_folder_is_said(demo: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(demo, copy)
    (copy / "run.lock").touch()
    before = hashes(copy / "dataset")
    copy.chmod(0o500)
    try:
        done = run_process("build", "--data", copy, powerless=True)
    finally:
        copy.chmod(0o700)
    assert done.returncode == 2, done.stderr
    assert "copy" in done.stderr
    assert "Traceback" not in done.stderr
    assert hashes(copy / "dataset") == before


def test_a_disk_that_is_full_leaves_the_old_dataset(demo: Path, tmp_path: Path) -> None:
    """A limit on file size stands in for a full disk: the write fails in the middle of a file."""
    copy = tmp_path / "copy"
    shutil.copytree(demo, copy)
    before = hashes(copy / "dataset")
    limit = (
        "import resource, signal; signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, 50_000))"
    )
    done = run_process("build", "--data", copy, script=limit)
    assert done.returncode == 2, done.stderr
    assert "Traceback" not in done.stderr
    assert hashes(copy / "dataset") == before
    assert not list(copy.glob("dataset.*"))


def test_compare_in_every_format(demo: Path, gongkai: Run, tmp_path: Path) -> None:
    base = ("compare", "--data", demo, "--indicator", "disclosure_rate", "--years", "2021-2024")
    table = gongkai(*base)
    assert table.returncode == 0
    assert "2021" in table.stdout
    shown = json.loads(gongkai(*base, "--format", "json").stdout)
    assert shown["years"] == [2021, 2022, 2023, 2024]
    assert gongkai(*base, "--format", "csv").stdout.count("\n") > 10
    page = tmp_path / "chart.html"
    assert gongkai(*base, "--format", "html", "-o", page).returncode == 0
    html = page.read_text(encoding="utf-8")
    assert "<svg" in html
    assert "<script src" not in html
    unwritable = gongkai(*base, "--format", "html", "-o", tmp_path / "no" / "such" / "chart.html")
    assert unwritable.returncode == 2


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--indicator", "disclosure_rat"], "disclosure_rate"),
        (["--indicator", "requests.received.totl"], "requests.received.total"),
        (["--indicator", "disclosure_rate", "--agency", "火星人民政府"], "火星人民政府"),
        (["--indicator", "disclosure_rate", "--years", "21-24"], "21-24"),
    ],
)
def test_compare_names_what_is_wrong(demo: Path, gongkai: Run, arguments: list[str], said: str) -> None:
    done = gongkai("compare", "--data", demo, *arguments)
    assert done.returncode == 2
    assert said in done.stderr


def test_without_a_dataset_the_way_to_one_is_said(gongkai: Run, tmp_path: Path) -> None:
    done = gongkai("compare", "--data", tmp_path, "--indicator", "disclosure_rate")
    assert done.returncode == 2
    assert "gongkai build" in done.stderr
    assert gongkai("status", "--data", tmp_path).returncode == 2
    assert gongkai("build", "--data", tmp_path / "nowhere").returncode == 2


def test_check_of_a_dataset(demo: Path, gongkai: Run) -> None:
    done = gongkai("check", demo, "--format", "json")
    assert done.returncode == 0
    rules = {finding["rule"] for report in json.loads(done.stdout) for finding in report["findings"]}
    assert {"T2-03", "T3-02", "S-05"} <= rules


def test_explain_shows_the_cell_in_its_table(demo: Path, gongkai: Run) -> None:
    shown = json.loads(gongkai("check", demo, "--format", "json").stdout)
    report = next(r["report"] for r in shown if any(f["rule"] == "T2-03" for f in r["findings"]))
    done = gongkai("explain", "--data", demo, report, "documents.regulation.in_force")
    assert done.returncode == 0
    for part in ("现行有效件数", "9", "http://127.0.0.1", ".warc.gz", "T2-03"):
        assert part in done.stdout
    assert gongkai("explain", "--data", demo, "r0", "documents.regulation.in_force").returncode == 2
    assert gongkai("explain", "--data", demo, report, "documents.regulation").returncode == 2


def test_a_folder_that_is_no_data_folder_stays_as_it_was(gongkai: Run, tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("mine", encoding="utf-8")
    done = gongkai("build", "--data", tmp_path)
    assert (done.returncode, [one.name for one in tmp_path.iterdir()]) == (2, ["notes.txt"])
    assert "nothing has been crawled" in done.stderr
