"""Archive and ledger together: valid files after torn writes, full disks and lost tails."""

import gzip
import io
import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from warcio.archiveiterator import ArchiveIterator

from scraper.archive import Archive, RecordRef
from scraper.errors import StorageError
from scraper.fetch import Exchange
from scraper.ledger import Ledger
from scraper.store import Store
from scraper.warc import Original
from tests.scraper.conftest import NOW


def exchange(body: bytes = b"hello", url: str = "http://portal.example/a", status: int = 200) -> Exchange:
    wire = b'HTTP/1.1 %d OK\r\nContent-Type: text/html\r\nETag: "1"\r\n\r\n%s' % (status, body)
    return Exchange(
        url, "GET", b"GET /a HTTP/1.1\r\nHost: portal.example\r\n\r\n", wire, status, (), body, 0.1
    )


@contextmanager
def opened(data_dir: Path, **options: int) -> Iterator[Store]:
    store = Store(data_dir, lambda: NOW, **options)
    try:
        yield store
    finally:
        store.close()


def write_and_fail(store: Store) -> None:
    """Change both halves of the store in a transaction that does not end well."""
    with store.transaction():
        store.ledger.execute("INSERT INTO runs (started_at) VALUES ('x')")
        store.archive.write(exchange(b"lost" * 2000), NOW)
        raise RuntimeError


def check(data_dir: Path) -> list[tuple[str, str | None]]:
    """Read every record of every file, digests verified; returns (type, address)."""
    found = []
    for path in sorted((data_dir / "archive").glob("*.warc.gz")):
        with path.open("rb") as file:
            for record in ArchiveIterator(file, check_digests="raise"):
                record.raw_stream.read()
                found.append((record.rec_type, record.rec_headers.get_header("WARC-Target-URI")))
    return found


def test_what_is_written_is_read_back(data_dir: Path) -> None:
    with opened(data_dir) as store:
        with store.transaction():
            ref = store.archive.write(exchange(), NOW)
        stored = store.archive.read(ref)
    assert (stored.status, stored.body, stored.url) == (200, b"hello", "http://portal.example/a")
    assert stored.date == "2026-01-05T00:00:00Z"
    assert stored.header("etag") == '"1"'
    assert check(data_dir) == [("warcinfo", None), ("response", stored.url), ("request", stored.url)]


def test_records_hold_the_bytes_as_received(data_dir: Path) -> None:
    odd = exchange()._replace(wire=b"HTTP/1.1 200 OK\r\nx-lower:  spaces \r\nX-B: 1\r\n\r\nhello")
    with opened(data_dir) as store, store.transaction():
        ref = store.archive.write(odd, NOW)
    with (data_dir / "archive" / ref.file).open("rb") as file:
        file.seek(ref.offset)
        record = next(iter(ArchiveIterator(file, no_record_parse=True)))
        assert record.raw_stream.read() == odd.wire


def test_what_the_server_compressed_is_stored_as_it_is_within_a_member_of_its_own(data_dir: Path) -> None:
    body = gzip.compress(bytes(range(256)) * 40)
    wire = b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n" + body
    packed = exchange()._replace(wire=wire, headers=(("Content-Encoding", "gzip"),))
    odd = exchange(url="http://portal.example/年报 a\r\nWARC-Type: x")
    with opened(data_dir) as store, store.transaction():
        ref = store.archive.write(packed, NOW)
        store.archive.write(odd, NOW)
    data = (data_dir / "archive" / ref.file).read_bytes()
    assert body in data
    gzip.decompress(data)  # check sums and lengths of all members
    assert Archive(data_dir).read(ref).body == bytes(range(256)) * 40
    assert [kind for kind, _ in check(data_dir)] == ["warcinfo", *["response", "request"] * 2]


def test_a_revisit_points_to_its_original_and_holds_no_payload(data_dir: Path) -> None:
    with opened(data_dir) as store:
        with store.transaction():
            first = store.archive.read(store.archive.write(exchange(b"x" * 5000), NOW))
        before = store.archive.position[1]
        with store.transaction():
            original = Original(first.url, first.date, first.payload_digest)
            ref = store.archive.write(exchange(b"x" * 5000), NOW, original)
        assert store.archive.position[1] - before < 2000
    with (data_dir / "archive" / ref.file).open("rb") as file:
        file.seek(ref.offset)
        headers = next(iter(ArchiveIterator(file))).rec_headers
    assert headers.get_header("WARC-Type") == "revisit"
    assert headers.get_header("WARC-Profile").endswith("/1.1/revisit/identical-payload-digest")
    assert headers.get_header("WARC-Refers-To-Date") == "2026-01-05T00:00:00Z"
    assert headers.get_header("WARC-Payload-Digest") == first.payload_digest


def test_an_error_undoes_archive_and_ledger(data_dir: Path) -> None:
    with opened(data_dir) as store:
        with store.transaction():
            store.archive.write(exchange(), NOW)
        length = store.archive.position
        with pytest.raises(RuntimeError):
            write_and_fail(store)
        assert store.archive.position == length
        assert store.ledger.one("SELECT * FROM runs") is None
        with store.transaction():
            ref = store.archive.write(exchange(b"next"), NOW)
        assert store.archive.read(ref).body == b"next"
    assert [kind for kind, _ in check(data_dir)].count("response") == 2


@pytest.mark.parametrize("tail", [b"\x1f\x8b", b"torn" * 100, b""])
def test_a_torn_tail_is_cut_before_the_next_write(data_dir: Path, tail: bytes) -> None:
    with opened(data_dir) as store, store.transaction():
        ref = store.archive.write(exchange(), NOW)
    with (data_dir / "archive" / ref.file).open("ab") as file:
        file.write(tail)
    with opened(data_dir) as store:
        with store.transaction():
            second = store.archive.write(exchange(b"again"), NOW)
        assert store.archive.read(ref).body == b"hello"
        assert store.archive.read(second).body == b"again"
    assert len(check(data_dir)) == 5


def test_a_file_that_lost_committed_bytes_is_refused(data_dir: Path) -> None:
    with opened(data_dir) as store, store.transaction():
        ref = store.archive.write(exchange(), NOW)
    path = data_dir / "archive" / ref.file
    os.truncate(path, path.stat().st_size - 5)
    with pytest.raises(StorageError, match="the ledger knows of"):
        Store(data_dir, lambda: NOW)


def test_files_are_rotated_and_stay_readable(data_dir: Path) -> None:
    with opened(data_dir, largest_file_bytes=1500) as store:
        refs = []
        for number in range(6):
            with store.transaction():
                refs.append(store.archive.write(exchange(b"%d" % number), NOW))
        assert len({ref.file for ref in refs}) >= 3
        assert [store.archive.read(ref).body for ref in refs] == [b"%d" % number for number in range(6)]
    assert [kind for kind, _ in check(data_dir)].count("warcinfo") == len({ref.file for ref in refs})


def test_a_foreign_file_in_the_folder_is_left_alone(data_dir: Path) -> None:
    (data_dir / "archive").mkdir(parents=True)
    foreign = data_dir / "archive" / "other.warc.gz"
    foreign.write_bytes(b"mine")
    with opened(data_dir) as store, store.transaction():
        store.archive.write(exchange(), NOW)
    assert foreign.read_bytes() == b"mine"


def test_a_place_that_holds_no_answer_is_a_clear_error(data_dir: Path) -> None:
    with opened(data_dir) as store, store.transaction():
        ref = store.archive.write(exchange(), NOW)
    archive = Archive(data_dir)
    for wrong in (RecordRef(ref.file, ref.offset + 3), RecordRef("none.warc.gz", 0), RecordRef("../x", 0)):
        with pytest.raises(StorageError, match=wrong.file.replace(".", r"\.")):
            archive.read(wrong)


class FullDisk(io.FileIO):
    """A file on a disk that takes a few bytes more and no others."""

    room = 100

    def write(self, data: object) -> int:
        piece = bytes(data)[: self.room]  # type: ignore[call-overload]
        self.room -= len(piece)
        if not piece:
            raise OSError(28, "No space left on device")
        return super().write(piece)


def test_a_full_disk_is_a_clear_error_and_nothing_half_written_stays(data_dir: Path) -> None:
    with opened(data_dir) as store:
        with store.transaction():
            ref = store.archive.write(exchange(), NOW)
        path = data_dir / "archive" / ref.file
        size = path.stat().st_size
        plain = store.archive._file
        assert plain is not None
        full = FullDisk(path, "r+b")
        full.seek(size)
        store.archive._file = full
        with pytest.raises(StorageError, match="No space left on device"):
            write_and_fail(store)
        assert path.stat().st_size == size
        assert store.ledger.one("SELECT * FROM runs") is None
        full.close()
        store.archive._file = plain
        plain.seek(size)
        with store.transaction():
            store.archive.write(exchange(b"room again"), NOW)
    assert len(check(data_dir)) == 5


_LIMITED = """
import resource, sys
from tests.scraper.test_archive import exchange, NOW
from scraper.store import Store
from scraper.errors import StorageError
store = Store(sys.argv[1], lambda: NOW)
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[2]), resource.RLIM_INFINITY))
try:
    for number in range(2000):
        with store.transaction():
            store.archive.write(exchange(b"%d" % number), NOW)
except StorageError as error:
    print("StorageError", error)
    raise SystemExit(7)
"""


def test_a_real_limit_on_file_size_ends_in_a_storage_error(data_dir: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", _LIMITED, str(data_dir), "250000"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 7, done.stderr
    assert "StorageError" in done.stdout
    kinds = [kind for kind, _ in check(data_dir)]
    with opened(data_dir) as store:
        row = store.ledger.one("SELECT length FROM warc_files")
        assert row is not None
        assert row["length"] == (data_dir / "archive" / store.archive.position[0]).stat().st_size
    assert kinds.count("response") > 10


def test_a_ledger_of_another_schema_is_refused(data_dir: Path) -> None:
    with opened(data_dir) as store:
        store.ledger.execute("UPDATE meta SET value = '99'")
    with pytest.raises(StorageError, match="schema 99"):
        Store(data_dir, lambda: NOW)


def test_an_older_ledger_is_brought_up_to_date_by_the_next_writer(data_dir: Path) -> None:
    with opened(data_dir) as store:
        store.ledger.execute("INSERT INTO runs (started_at) VALUES ('2026-01-05')")
        for statement in (
            "DROP TABLE troubles",
            "DROP INDEX fetches_moved",
            "ALTER TABLE fetches DROP COLUMN redirected_to",
            "PRAGMA user_version = 0",
        ):
            store.ledger.execute(statement)
    with pytest.raises(StorageError, match="the next crawl brings it up to date"):
        Ledger(data_dir, read_only=True)
    with opened(data_dir) as store:
        assert store.ledger.one("SELECT redirected_to FROM fetches") is None
        assert store.ledger.one("SELECT * FROM troubles") is None
        assert [row["started_at"] for row in store.ledger.all("SELECT * FROM runs")] == ["2026-01-05"]
    Ledger(data_dir, read_only=True).close()


def test_a_ledger_that_lacks_what_cannot_be_added_is_a_clear_error(data_dir: Path) -> None:
    with opened(data_dir) as store:
        store.ledger.execute("ALTER TABLE fetches DROP COLUMN outcome")
    with pytest.raises(StorageError, match="table fetches has no column outcome"):
        Store(data_dir, lambda: NOW)


@pytest.mark.parametrize("content", [b"", b"not a database" * 100, b"SQLite format 3\0" + bytes(4000)])
def test_a_file_that_is_no_ledger_is_a_clear_error(data_dir: Path, content: bytes) -> None:
    data_dir.mkdir()
    (data_dir / "state.sqlite").write_bytes(content)
    with pytest.raises(StorageError, match=r"state\.sqlite"):
        Ledger(data_dir, read_only=True)


def test_a_database_of_somebody_else_is_left_alone(data_dir: Path) -> None:
    data_dir.mkdir()
    with closing(sqlite3.connect(data_dir / "state.sqlite")) as db:
        db.execute("CREATE TABLE mine (a)")
    with pytest.raises(StorageError, match="not a ledger"):
        Store(data_dir, lambda: NOW)
