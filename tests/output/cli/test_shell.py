"""Small things every command shares."""

import io
import re
from dataclasses import replace
from pathlib import Path
from typing import get_args

import pytest
from rich.console import Console

from output.cli.crawl_words import code_words, sentence_words
from output.cli.error_words import error_text, input_reason
from output.cli.progress import site_progress
from output.cli.shell import locale_language, make_shell, program_name
from output.errors import (
    GateRefusedError,
    NoDatasetError,
    OtherVersionError,
    ReferenceDataError,
    UnknownAgencyError,
    UnknownFormatError,
    UnknownIndicatorError,
    UnknownReportError,
)
from output.gate import losses
from output.reference import load_reference
from output.terminal import printable
from parsers.report import STOPPED, parse
from scraper.errors import FolderBusyError, PortalsFileError, StorageError
from scraper.families.base import OTHER_COLUMN, EndReason
from scraper.portals import load_portals
from tests.conftest import ROOT


@pytest.mark.parametrize(
    ("environ", "lang"),
    [
        ({}, "en"),
        ({"LANG": "zh_CN.UTF-8"}, "zh"),
        ({"LANG": "zh_CN.UTF-8", "LC_ALL": "C.UTF-8"}, "en"),
        ({"LC_MESSAGES": "zh_TW.UTF-8", "LANG": "en_US.UTF-8"}, "zh"),
        ({"LANG": "de_DE.UTF-8"}, "en"),
    ],
)
def test_language_of_the_locale(environ: dict[str, str], lang: str) -> None:
    assert locale_language(environ) == lang


def test_what_to_type_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    script = tmp_path / "a b" / "gongkai"
    script.parent.mkdir()
    script.write_text("#!/bin/sh\n")
    script.chmod(0o755)
    monkeypatch.setenv("PATH", "/nonexistent")
    assert program_name(str(script)) == f"'{script}'"
    monkeypatch.setenv("PATH", str(script.parent))
    assert program_name(str(script)) == "gongkai"
    assert program_name("-c") == "gongkai"


def test_printable_keeps_text_and_drops_what_drives_a_terminal() -> None:
    assert printable("规章 4\t件") == "规章 4\t件"
    assert "\x1b" not in printable("a\x1b[31mb")
    assert "\u202e" not in printable("a\u202eb")
    assert "\x9b" not in printable("a\x9bb")
    assert printable("一二三四五", 3) == "一二…"


@pytest.mark.parametrize(
    "error",
    [
        NoDatasetError(Path("data")),
        OtherVersionError(Path("data")),
        GateRefusedError(("reports: 9 before, 3 now (-6)",)),
        UnknownIndicatorError("disclosure_rat", ("disclosure_rate",)),
        UnknownAgencyError("某局"),
        UnknownReportError("r0"),
        UnknownFormatError("doc", ("csv",)),
        FolderBusyError(Path("data"), 7, "host", "2026-01-05"),
        FolderBusyError(Path("data"), None, None, None),
        StorageError("state.sqlite: disk full"),
    ],
    ids=lambda error: type(error).__name__,
)
def test_errors_are_said_in_both_languages(error: Exception) -> None:
    assert error_text(error, "en") == str(error)
    chinese = error_text(error, "zh")
    assert chinese != str(error)
    assert any("\u4e00" <= char <= "\u9fff" for char in chinese)
    assert not TOO_ENGLISH.search(chinese), chinese


WRONG_PORTALS = """
[network]
allow_private_hosts = ["nowhere"]
contact = "内 网"
[[portal]]
id = "a b"
name = ""
famly = "trs"
family = "nope"
start = []
region_code = 42
delay_seconds = -1
extra_ca = "none.pem"
charset = "klingon"
[[portal]]
id = "x"
name = "乙"
start = ["ftp://b.example/", "http://u:p@c.example/", "http://[bad/", "http://a b/"]
delay_seconds = 9999
[portal.tolerance]
runs_in_a_row = 3
[[portal]]
id = "X"
start = "http://d.example/"
silence = ["all"]
"""
TOO_ENGLISH = re.compile(r"[a-z]{3,} [a-z]{2,} [a-z]{2,}")


def test_mistakes_in_a_portals_file_are_said_in_chinese_with_line_and_key(tmp_path: Path) -> None:
    file = tmp_path / "p.toml"
    file.write_text(WRONG_PORTALS, encoding="utf-8")
    with pytest.raises(PortalsFileError) as caught:
        load_portals(file)
    english = error_text(caught.value, "en").splitlines()
    chinese = error_text(caught.value, "zh").splitlines()
    assert len(english) == len(chinese) > 15
    for one, other in zip(english, chinese, strict=True):
        place = one.split(": ")[0]
        assert other.startswith(f"{place}：")
        assert not TOO_ENGLISH.search(other.removeprefix(place)), other


@pytest.mark.parametrize("text", ["[[portal]]\nid = \n", None])
def test_a_portals_file_that_is_none_is_said_in_chinese(tmp_path: Path, text: str | None) -> None:
    if text is not None:
        (tmp_path / "p.toml").write_text(text, encoding="utf-8")
    with pytest.raises(PortalsFileError) as caught:
        load_portals(tmp_path / "p.toml")
    assert re.search("不是有效的 TOML|无法读取", error_text(caught.value, "zh"))


def test_every_code_of_a_crawl_has_words() -> None:
    table = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8").partition("### Outcomes")[2]
    outcomes = {
        code for line in table.splitlines() if line.startswith("| `")
        for code in re.findall("`([a-z_0-9]+)`", line.split("|")[1])
    }  # fmt: skip
    assert len(outcomes) >= 20
    skips = {
        "navigation",
        "off_site",
        "off_site_file",
        "no_address",
        "not_report",
        "unclear_title",
        "other_year",
    }
    for kind, codes in (
        ("outcome", outcomes),
        ("end", {*get_args(EndReason)}),
        ("skip", skips | {OTHER_COLUMN}),
    ):
        for code in codes:
            for lang in ("en", "zh"):
                assert code_words(kind, code, lang).startswith(f"{code}{'（' if lang == 'zh' else ' ('}"), (
                    code
                )


@pytest.mark.parametrize(
    ("said", "chinese"),
    [
        ("first page: gone http_404", "首页：gone（页面不存在） http_404"),
        (
            "page 3 of 9: no entry; 20 of 34 rows; oldest row read 2024-01-02, earlier ones may be missing",
            "第 3 页（共 9 页）：没有条目；34 条中读到 20 条；读到的最早条目为 2024-01-02，更早的可能缺失",
        ),
        ("shrink: 3 rows, 9 expected", "减少：条目 3 个，应约 9 个"),
        ("not reachable: dns_error", "无法访问：dns_error（域名无法解析）"),
        ("http://a.example/timeout/gone.html: odd", "http://a.example/timeout/gone.html: odd"),
    ],
)
def test_what_a_crawl_tells_is_said_in_words(said: str, chinese: str) -> None:
    assert sentence_words(said, "zh") == chinese
    assert (
        sentence_words("not reachable: dns_error", "en") == "not reachable: dns_error (host name not known)"
    )


def test_a_folder_of_pages_shows_how_far_it_is_only_on_a_terminal() -> None:
    for is_terminal in (True, False):
        shell = make_shell("zh", debug=False)
        shell = replace(shell, err=Console(file=io.StringIO(), force_terminal=is_terminal, width=100))
        with site_progress(shell) as progress:
            progress(3, 9)
        shown = shell.err.file.getvalue()
        assert ("打包页面" in shown, "3/9" in shown) == (is_terminal, is_terminal)


def test_every_loss_is_said_in_chinese() -> None:
    def counts(reports: int, figures: int, year: int | None) -> dict[str, object]:
        places = [
            {"portal_id": f"p{number}", "fiscal_year": year, "reports": reports, "figures": figures}
            for number in range(7)
        ]
        return {"reports": reports, "figures": figures, "by_portal_and_year": places}

    for year in (2024, None):
        error = GateRefusedError(losses(counts(900, 90_000, year), counts(9, 90, year)))
        assert len(error.losses) == 14
        assert not re.search("[a-z]{4}", error_text(error, "zh").replace("--accept-losses", ""))


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("population.csv", "a,b\n"),
        ("population.csv", "region_code,year,population,source\n42x,2024,1,a\n"),
        ("population.csv", "region_code,year,population,source\n42,24,1,a\n"),
        ("population.csv", "region_code,year,population,source\n42,2024,-1,a\n"),
        ("predecessors.csv", "predecessor,successor,first_year,type,evidence\na,b,2020,join,\n"),
        ("aliases.csv", "region_code,printed,name,seen\n42,,b,c\n"),
    ],
)
def test_mistakes_in_reference_files_are_said_in_chinese(tmp_path: Path, name: str, text: str) -> None:
    (tmp_path / "reference").mkdir()
    (tmp_path / "reference" / name).write_text(text, encoding="utf-8")
    with pytest.raises(ReferenceDataError) as caught:
        load_reference(tmp_path)
    said = error_text(caught.value, "zh")
    assert str(tmp_path / "reference" / name) in said
    assert re.search("第 [12] 行", said)
    assert not TOO_ENGLISH.search(said)


@pytest.mark.parametrize(
    "said",
    [
        "data/state.sqlite: no such file; nothing has been crawled into this folder",
        "data/state.sqlite: of an earlier version; the next crawl brings it up to date",
        "data/state.sqlite: schema 1, but this program writes schema 2;"
        " use the version of gongkai that wrote the folder, or a newer one",
        "data/run.lock: cannot be opened: Permission denied",
        "data/a.warc.gz: cannot be written: No space left on device",
    ],
)
def test_trouble_with_a_folder_is_said_in_chinese(said: str) -> None:
    chinese = error_text(StorageError(said), "zh")
    names = re.compile("data/|state.sqlite|run.lock|a.warc.gz|gongkai")
    assert not re.search("[A-Za-z]{3}", names.sub("", chinese)), chinese


def test_why_an_input_cannot_be_read_is_said_in_chinese() -> None:
    reasons = [
        *(parse(data).error for data in (b"", bytes(range(256)) * 20, b"Rar!\x1a\x07", b"PK\x03\x04x")),
        "PDF whose pages are pictures (6 of 6)", "PDF without text", "PDF that asks for a password",
        "PDF that cannot be read within bounds of time and memory (exit -9)", "damaged PDF",
        "PDF of 61 pages, read are 1 to 60", "damaged PDF: no result that can be used",
        "PDF in fonts that do not say which letters they hold", "spreadsheet of more than 20,000 cells",
    ]  # fmt: skip
    for reason in reasons:
        assert reason
        assert input_reason(reason, "en") == reason
        assert not re.search("[a-z]{4}", input_reason(reason, "zh")), reason
    for reason in STOPPED.values():
        assert not re.search("[a-z]{4}", input_reason(reason, "zh")), reason
    assert input_reason("parser failure: KeyError: 'x'", "zh") == "解析程序出错：KeyError: 'x'"


def test_names_from_outside_are_never_markup(capsys: pytest.CaptureFixture[str]) -> None:
    make_shell("en", debug=False).out.print("甲 [/b] [bold]乙 :smile:")
    assert capsys.readouterr().out == "甲 [/b] [bold]乙 :smile:\n"
