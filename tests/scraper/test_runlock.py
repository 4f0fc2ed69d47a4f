import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from scraper.errors import FolderBusyError
from scraper.runlock import RunLock

HOLD = """
import sys, time
from scraper.runlock import RunLock
with RunLock(sys.argv[1]):
    print("held", flush=True)
    time.sleep(60)
"""


def hold(data_dir: Path) -> "subprocess.Popen[str]":
    process = subprocess.Popen([sys.executable, "-c", HOLD, str(data_dir)], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdout.readline() == "held\n"
    return process


def end(process: "subprocess.Popen[str]", number: int) -> None:
    process.send_signal(number)
    process.wait(10)
    assert process.stdout is not None
    process.stdout.close()


def test_a_second_run_is_told_who_works_there_and_a_dead_owner_is_replaced(data_dir: Path) -> None:
    process = hold(data_dir)
    with (
        pytest.raises(FolderBusyError, match=f"process {process.pid} on .* since 20") as caught,
        RunLock(data_dir),
    ):
        pass
    assert caught.value.pid == process.pid
    assert caught.value.folder == data_dir
    end(process, signal.SIGKILL)
    with RunLock(data_dir):
        owner = json.loads((data_dir / "run.lock").read_text())
        assert owner["pid"] == os.getpid()


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no file that is always full on this system")
def test_a_full_disk_keeps_nobody_from_holding_the_folder(data_dir: Path) -> None:
    data_dir.mkdir()
    (data_dir / "run.lock").symlink_to("/dev/full")
    with RunLock(data_dir):
        assert (data_dir / "run.lock").is_symlink()


def test_the_lock_ends_with_its_block(data_dir: Path) -> None:
    with RunLock(data_dir):
        pass
    with RunLock(data_dir):
        pass
