"""Runs the command line: in this process with streams of its own, or, for the demo, as a process."""

import contextlib
import ctypes
import io
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

from output.cli import main

ROOT = Path(__file__).parent.parent
_PR_CAPBSET_DROP = 24
_CAP_DAC_OVERRIDE = 1


class Done(NamedTuple):
    """A finished command."""

    returncode: int
    stdout: str
    stderr: str


Run = Callable[..., Done]


@pytest.hookimpl(tryfirst=True)  # before pytest-xdist looks which tests belong together
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keep the tests that look at the finished demo in one process: it is made once."""
    for item in items:
        if "demo" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.xdist_group("demo"))


@pytest.fixture(scope="session")
def gongkai() -> Run:
    """Run `gongkai ARGUMENTS` in this process."""

    def run(*arguments: str | Path, cwd: Path | None = None, stdin: bytes = b"") -> Done:
        out, err = (io.TextIOWrapper(io.BytesIO(), encoding="utf-8") for _ in range(2))
        code = 0
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("LC_ALL", "C.UTF-8")
            patch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin), encoding="utf-8"))
            patch.setattr(sys, "excepthook", sys.excepthook)
            patch.chdir(cwd or Path.cwd())
            with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
                try:
                    main([str(argument) for argument in arguments])
                except SystemExit as end:
                    code = end.code if isinstance(end.code, int) else 0
        return Done(code, *(_text(stream) for stream in (out, err)))

    return run


def _text(stream: io.TextIOWrapper) -> str:
    stream.flush()
    buffer = stream.buffer
    assert isinstance(buffer, io.BytesIO)
    return buffer.getvalue().decode("utf-8")


def run_process(*arguments: str | Path, script: str = "", powerless: bool = False) -> Done:
    """Run the command in a process of its own, after `script`; `powerless` takes root's file rights away."""
    code = f"{script}\nfrom output.cli import main; main({[str(a) for a in arguments]!r})"
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", code],
        cwd=ROOT,
        env={**os.environ, "LC_ALL": "C.UTF-8"},
        capture_output=True,
        timeout=120,
        check=False,
        preexec_fn=_give_up_file_rights if powerless else None,
    )
    return Done(done.returncode, done.stdout.decode("utf-8"), done.stderr.decode("utf-8"))


def _give_up_file_rights() -> None:
    ctypes.CDLL(None).prctl(_PR_CAPBSET_DROP, _CAP_DAC_OVERRIDE, 0, 0, 0)


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data folder of one finished demo; its story is in demo.out beside it."""
    folder = tmp_path_factory.mktemp("demo") / "gongkai-demo"
    done = run_process("demo", "--data", folder)
    assert done.returncode == 0, done.stderr
    (folder.parent / "demo.out").write_text(done.stdout, encoding="utf-8")
    return folder
