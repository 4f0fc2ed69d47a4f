"""Small things every command shares."""

from pathlib import Path

import pytest

from output.cli.error_words import error_text
from output.cli.shell import locale_language, program_name
from output.errors import (
    GateRefusedError,
    NoDatasetError,
    UnknownAgencyError,
    UnknownFormatError,
    UnknownIndicatorError,
    UnknownReportError,
)
from output.terminal import printable
from scraper.errors import FolderBusyError, StorageError


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
        GateRefusedError(("reports: 9 before, 3 now (-6)",)),
        UnknownIndicatorError("disclosure_rat", ("disclosure_rate",)),
        UnknownAgencyError("某局"),
        UnknownReportError("r0"),
        UnknownFormatError("doc", ("csv",)),
        FolderBusyError(Path("data"), 7, "host", "2026-01-05"),
        StorageError("state.sqlite: disk full"),
    ],
    ids=lambda error: type(error).__name__,
)
def test_errors_are_said_in_both_languages(error: Exception) -> None:
    assert error_text(error, "en") == str(error)
    chinese = error_text(error, "zh")
    assert chinese != str(error)
    assert any("\u4e00" <= char <= "\u9fff" for char in chinese)
