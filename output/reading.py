"""Stored documents → rows, in order: from the cache where they were read before, else by the parser."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import nullcontext
from functools import partial
from multiprocessing import get_context
from typing import TypeAlias

from output.cache import RowCache, cache_key, decode, encode
from output.rows import ParsedRows, parsed_rows, unreadable_rows
from parsers.attached import AttachedFile, parse_with_files
from parsers.records import Hints
from scraper.errors import StorageError
from scraper.stored import StoredAttachment, StoredDocument

_AHEAD = 8
"""Documents per process that are under way at once."""

_Entry: TypeAlias = Callable[[], ParsedRows]


def hints_of(document: StoredDocument) -> Hints:
    """Return what the crawler knew about a document before it was read."""
    return Hints(
        url=document.url,
        charset=document.charset,
        list_title=document.list_title,
        list_date=document.list_date,
        portal_region_code=document.region_code,
        portal_name=document.portal_name,
    )


def read_documents(
    documents: Iterable[StoredDocument], cache: RowCache, jobs: int = 1
) -> Iterator[tuple[StoredDocument, ParsedRows]]:
    """Yield every document with its rows, in the order given; `jobs` processes read what is not in the cache.

    A document whose bytes cannot be had from the archive is outcome `unreadable` and says why.
    """
    pool = ProcessPoolExecutor(jobs, mp_context=get_context("spawn")) if jobs > 1 else nullcontext()
    with pool as workers:
        waiting: deque[tuple[StoredDocument, _Entry]] = deque()
        for document in documents:
            waiting.append((document, _begin(document, cache, workers)))
            if len(waiting) > _AHEAD * jobs or workers is None:
                first, entry = waiting.popleft()
                yield first, entry()
        while waiting:
            first, entry = waiting.popleft()
            yield first, entry()


def _begin(document: StoredDocument, cache: RowCache, workers: ProcessPoolExecutor | None) -> _Entry:
    hints = hints_of(document)
    files = [one for one in document.attachments if one.sha256 is not None]
    key = cache_key(document.sha256, hints, [str(one.sha256) for one in files])
    known = cache.rows(key)
    if known is not None:
        return lambda: known
    try:
        body = document.body()
    except StorageError as problem:
        return partial(unreadable_rows, f"archive: {problem}")
    if workers is None:
        return partial(_keep, cache, key, partial(_encoded, body, files, hints))
    future: Future[bytes] = workers.submit(_encoded, body, files, hints)
    return partial(_keep, cache, key, future.result)


def _keep(cache: RowCache, key: str, data: Callable[[], bytes]) -> ParsedRows:
    encoded = data()
    cache.put(key, encoded)
    return decode(encoded)


def _encoded(body: bytes, files: list[StoredAttachment], hints: Hints) -> bytes:
    attached = [AttachedFile(file.url, partial(_file_body, file)) for file in files]
    return encode(parsed_rows(parse_with_files(body, attached, hints=hints)))


def _file_body(file: StoredAttachment) -> bytes:
    """Return the bytes of a file; none where the archive cannot give them, which reads as unreadable."""
    try:
        return file.body() or b""
    except StorageError:
        return b""
