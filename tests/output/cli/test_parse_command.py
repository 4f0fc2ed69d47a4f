"""`gongkai parse` and `gongkai check` on files, good and bad."""

import csv
import io
import json
from pathlib import Path

import pytest

from output.cli.inputs import expand
from tests.conftest import ROOT, Run

SAMPLE = ROOT / "fixtures" / "pages" / "text-b-zone-committee-2024" / "input.txt"


@pytest.fixture
def bad_folder(tmp_path: Path) -> Path:
    (tmp_path / "a-empty.html").write_bytes(b"")
    (tmp_path / "b-binary.bin").write_bytes(bytes(range(256)) * 20)
    (tmp_path / "c-news.html").write_text(
        "<title>我县召开春耕工作会议</title><body><p>3月2日，会议在县城召开。</p></body>",
        encoding="utf-8",
    )
    text = SAMPLE.read_text(encoding="utf-8")
    (tmp_path / "d-truncated.txt").write_text(text[: text.index("2.其他法律")], encoding="utf-8")
    (tmp_path / "f-good.txt").write_text(text, encoding="utf-8")
    return tmp_path


def test_each_bad_input_is_named_and_the_others_are_parsed(gongkai: Run, bad_folder: Path) -> None:
    names = [
        "a-empty.html",
        "b-binary.bin",
        "c-news.html",
        "d-truncated.txt",
        "e-not-there.html",
        "f-good.txt",
    ]
    done = gongkai("parse", *(bad_folder / name for name in names), "--format", "json")
    assert done.returncode == 3
    shown = json.loads(done.stdout)
    assert [Path(one["source"]["path"]).name for one in shown] == names
    outcomes = [one["report"]["outcome"] for one in shown]
    assert outcomes == ["unreadable", "unreadable", "not_a_report", "partial", "unreadable", "parsed"]
    for name in names[:-1]:
        assert name in done.stderr
    assert names[-1] not in done.stderr
    assert "Traceback" not in done.stderr
    assert all(not one["facts"] for one in shown[:3])
    truncated = {fact["status"] for fact in shown[3]["facts"]}
    assert truncated == {"reported", "absent"}


def test_json_is_that_of_the_contract(gongkai: Run) -> None:
    done = gongkai("parse", SAMPLE, "--format", "json")
    assert done.returncode == 0
    (report,) = json.loads(done.stdout)
    assert set(report) >= {"source", "report", "sections", "facts", "findings"}
    assert len(report["facts"]) == 200
    assert report["report"]["fiscal_year"] == 2024
    fact = next(
        f
        for f in report["facts"]
        if (f["table"], f["row"], f["column"]) == ("documents", "regulation", "issued")
    )
    place = fact.pop("where")
    assert set(place) == {"table", "row", "column"}
    assert fact == {
        "table": "documents", "row": "regulation", "column": "issued", "value": 4, "unit": "件",
        "status": "reported", "raw": "4", "note": None, "method": "label",
    }  # fmt: skip
    assert {"rule", "severity", "message_en", "message_zh", "cells", "expected", "found"} <= set(
        report["findings"][0]
    )


def test_stdin_and_csv(gongkai: Run) -> None:
    done = gongkai("parse", "-", "--format", "csv", stdin=SAMPLE.read_bytes())
    assert done.returncode == 0
    rows = list(csv.DictReader(io.StringIO(done.stdout)))
    assert len(rows) == 200
    assert {row["status"] for row in rows} == {"reported"}


def test_table_in_both_languages(gongkai: Run) -> None:
    english = gongkai("parse", SAMPLE)
    chinese = gongkai("--lang", "zh", "parse", SAMPLE)
    assert "form: fmt2021" in english.stdout
    assert "本年制发件数" in chinese.stdout
    assert english.stdout != chinese.stdout


def test_a_folder_is_parsed_by_two_processes_in_order(gongkai: Run, bad_folder: Path) -> None:
    one = gongkai("parse", bad_folder, "--format", "json")
    two = gongkai("parse", bad_folder, "--format", "json", "--jobs", "2")
    assert one.stdout == two.stdout
    assert one.returncode == two.returncode == 3


def test_check_prints_findings_only(gongkai: Run) -> None:
    done = gongkai("check", SAMPLE)
    assert done.returncode == 0
    assert "  T2-03  error    " in done.stdout
    as_json = json.loads(gongkai("check", SAMPLE, "--format", "json").stdout)
    assert "T2-03" in {finding["rule"] for finding in as_json[0]["findings"]}


@pytest.mark.parametrize(
    "arguments",
    [
        ["parse"],
        ["parse", "x", "--format", "xml"],
        ["--lang", "fr", "parse", "x"],
        ["parse", "x", "--charset", "klingon"],
        ["nonsense"],
    ],
)
def test_wrong_use_is_2(gongkai: Run, arguments: list[str]) -> None:
    done = gongkai(*arguments)
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    assert done.stderr.strip()


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("crawl", "缺少选项 --portals"),
        ("parse", "缺少参数 PATH"),
        ("parse x --format yaml", "--format 的取值无效：“yaml”不在允许的取值之内"),
        ("build --data x --jobs many", "--jobs 的取值无效：应为整数"),
        ("status --data x more", "多余的参数：more"),
        ("status --dat", "没有选项 --dat"),
        ("nonsense", "没有命令 nonsense"),
        ("export --to", "选项 --to 后面缺少取值"),
    ],
)
def test_wrong_use_is_said_in_chinese_too(gongkai: Run, line: str, said: str) -> None:
    done = gongkai("--lang", "zh", *line.split())
    assert (done.returncode, done.stdout) == (2, "")
    assert said in done.stderr.splitlines()[-1]
    assert not {"Error", "Try", "Usage"} & set(done.stderr.split())


def test_nothing_of_a_page_drives_the_terminal(gongkai: Run, tmp_path: Path) -> None:
    evil = tmp_path / "evil.html"
    evil.write_text(
        "<title>\x1b]0;gone\x07某区2024年政府信息公开工作年度报告</title><p>一、总体情况</p><p>\x1b[31m甲</p>",
        encoding="utf-8",
    )
    done = gongkai("parse", evil)
    assert "\x1b" not in done.stdout + done.stderr
    assert "\x07" not in done.stdout + done.stderr


@pytest.mark.parametrize("folder", ["../../reports", ".mine/reports", "./reports"])
def test_a_folder_is_read_wherever_it_lies_and_what_is_hidden_in_it_is_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, folder: str
) -> None:
    here = tmp_path / "a" / "b"
    here.mkdir(parents=True)
    monkeypatch.chdir(here)
    for name in ("1.html", ".git/2.html", "sub/3.html", "sub/.4.html"):
        (Path(folder) / name).parent.mkdir(parents=True, exist_ok=True)
        (Path(folder) / name).touch()
    assert [item.path for item in expand([folder])] == [
        str(Path(folder) / name) for name in ("1.html", "sub/3.html")
    ]


def test_a_folder_without_files_is_not_taken_for_one_without_findings(gongkai: Run, tmp_path: Path) -> None:
    for command in ("parse", "check"):
        done = gongkai(command, tmp_path)
        assert done.returncode == 3
        assert f"{tmp_path}: cannot be read (a folder without files)" in done.stderr
    assert "No findings" not in done.stdout
