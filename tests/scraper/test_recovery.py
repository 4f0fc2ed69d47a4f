"""What a power cut leaves: commits whose bytes the disk lost are forgotten, and their pages due again."""

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from scraper.archive import RecordRef
from scraper.errors import StorageError
from scraper.flusher import Flusher, Mark
from scraper.store import Store
from tests.scraper.conftest import NOW
from tests.scraper.test_archive import check, exchange, opened


def keep_page(store: Store, number: int) -> RecordRef:
    """Do what a crawl does for one page: record, fetch, page and version, in one transaction."""
    url = f"http://portal.example/{number}"
    with store.transaction():
        ref = store.archive.write(exchange(b"body %d" % number, url), NOW)
        page = store.ledger.execute(
            "INSERT INTO pages (portal_id, key, url, kind, is_listed, first_run, due, etag, full_at)"
            " VALUES ('p', ?, ?, 'page', 1, 1, 0, '\"1\"', 'x')",
            (url, url),
        )
        store.ledger.execute(
            "INSERT INTO fetches (run_id, portal_id, page_id, purpose, url, outcome, attempts, bytes,"
            " seconds, at, warc_file, warc_offset) VALUES (1,'p',?,'page',?,'ok',1,1,0,'x',?,?)",
            (page, url, *ref),
        )
        store.ledger.execute(
            "INSERT INTO versions VALUES (?,1,NULL,'s','t',?,?,NULL,NULL,?,NULL,NULL,NULL,'x','x',1)",
            (page, *ref, url),
        )
    return ref


def cut_power(data_dir: Path, copy: Path, lost: Callable[[Path], None]) -> Path:
    """Write five pages, and return a copy of the folder as a power cut would leave it."""
    with opened(data_dir) as store:
        refs = [keep_page(store, number) for number in range(5)]
        shutil.copytree(data_dir, copy)  # nothing was closed: the ledger's log is there as it stands
    lost(copy / "archive" / refs[0].file)
    return copy


def test_pages_whose_bytes_the_disk_lost_are_due_again(data_dir: Path, tmp_path: Path) -> None:
    def lose_tail(path: Path) -> None:
        os.truncate(path, path.stat().st_size - 700)

    copy = cut_power(data_dir, tmp_path / "copy", lose_tail)
    with opened(copy) as store:
        due = store.ledger.all("SELECT url, etag, full_at FROM pages WHERE due = 1")
        kept = store.ledger.all("SELECT warc_file, warc_offset FROM versions ORDER BY page_id")
        assert [tuple(row) for row in due] == [("http://portal.example/4", None, None)]
        assert [store.read(*row) for row in kept] == [b"body %d" % number for number in range(4)]
        with store.transaction():
            again = store.archive.write(exchange(b"again"), NOW)
        assert store.archive.read(again).body == b"again"
    assert [kind for kind, _ in check(copy)].count("response") == 5


def test_zeros_in_place_of_bytes_are_no_records(data_dir: Path, tmp_path: Path) -> None:
    def zero_tail(path: Path) -> None:
        size = path.stat().st_size
        os.truncate(path, size - 1500)
        os.truncate(path, size)

    copy = cut_power(data_dir, tmp_path / "copy", zero_tail)
    with opened(copy) as store:
        versions = store.ledger.all("SELECT warc_file, warc_offset FROM versions")
        assert 0 < len(versions) < 5
        assert all(store.read(*row).startswith(b"body") for row in versions)
        due = store.ledger.one("SELECT count(*) AS n FROM pages WHERE due = 1")
        assert due is not None
        assert due["n"] == 5 - len(versions)
    check(copy)


def test_a_killed_process_loses_nothing(data_dir: Path, tmp_path: Path) -> None:
    copy = cut_power(data_dir, tmp_path / "copy", lambda path: None)
    with opened(copy) as store:
        assert len(store.ledger.all("SELECT * FROM versions")) == 5
        assert store.ledger.all("SELECT * FROM pages WHERE due = 1") == []


def test_what_is_waited_for_is_flushed_archive_first(data_dir: Path) -> None:
    (data_dir / "archive").mkdir(parents=True)
    archive, log = data_dir / "archive" / "a.warc.gz", data_dir / "state.sqlite-wal"
    for path in (archive, log):
        path.write_bytes(b"x")
    names = {path.stat().st_ino: path.name for path in (archive, log)}
    flushed: list[str] = []
    flusher = Flusher(archive.parent, log, lambda handle: flushed.append(names[os.fstat(handle).st_ino]))
    flusher.ask(Mark("a.warc.gz", 1))
    flusher.wait()
    assert flushed == ["a.warc.gz", "state.sqlite-wal"]
    assert flusher.done == Mark("a.warc.gz", 1)
    flusher.wait()
    flusher.close()
    assert len(flushed) == 2


def test_a_new_file_is_waited_for_although_the_one_before_is_flushed(data_dir: Path) -> None:
    archive = data_dir / "archive"
    archive.mkdir(parents=True)
    flushed: list[str] = []
    for name in ("a", "b"):
        (archive / name).touch()
    names = {(archive / name).stat().st_ino: name for name in ("a", "b")}
    flusher = Flusher(
        archive, data_dir / "log", lambda handle: flushed.append(names[os.fstat(handle).st_ino])
    )
    for name in ("a", "b"):
        flusher.ask(Mark(name, 1))
        flusher.wait()
        assert flushed[-1] == name
    flusher.close()


def test_a_disk_that_refuses_ends_the_run(data_dir: Path) -> None:
    def refuse(handle: int) -> None:
        raise OSError(5, "Input/output error")

    (data_dir / "archive").mkdir(parents=True)
    (data_dir / "archive" / "a").write_bytes(b"x")
    flusher = Flusher(data_dir / "archive", data_dir / "log", refuse)
    flusher.ask(Mark("a", 1))
    with pytest.raises(StorageError, match="Input/output error"):
        flusher.wait()
    with pytest.raises(StorageError, match="Input/output error"):
        flusher.ask(Mark("a", 2))
    with pytest.raises(StorageError, match="Input/output error"):
        flusher.close()
