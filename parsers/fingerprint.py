"""Whether two fetches of a page say the same: a hash of what it says, not of its bytes."""

import hashlib
import re
import unicodedata
from collections.abc import Iterator

from parsers.document import Document, Table
from parsers.readers import InputError, read

_VOLATILE_LINE_CHARACTERS = 120
# What a portal writes anew for every visit, even into the body: counters, the day, the time.
_VOLATILE = re.compile(
    r"(?:浏览|点击|阅读|访问|查看|瀏覽|點擊|閱讀|訪問)(?:次数|人数|总数|量|数|次數|人數|數)?[:：]?[\[【(（]?[\d,，]*[次人]?[\]】)）]?"
    r"|(?:今天是|现在是|当前时间|当前日期|今天是)[:：]?[\d年月日时分秒\-/:：.星期一二三四五六日天]*"
)
_SENTENCE_CHARACTERS = 20
_NO_WORDS = re.compile(r"[\d\W]*")
_SESSION = re.compile(r";jsessionid=[^?#]*|[?#].*$", re.IGNORECASE)


def content_fingerprint(data: bytes, charset: str | None = None) -> str:
    """Return the SHA-256 (hex) of what a page says: its body text, its tables, its files and pictures.

    Counters, the date of the day, random numbers, session ids and everything outside the body of the report
    are left out, so that a visit changes nothing and a figure does. Inputs that are no HTML or cannot be read
    give the hash of their bytes.
    """
    try:
        document = read(data, charset=charset)
    except InputError:
        return hashlib.sha256(data).hexdigest()
    if document.kind != "html" or not (document.blocks or document.attachments or document.images):
        return hashlib.sha256(data).hexdigest()
    digest = hashlib.sha256()
    for line in _lines(document):
        digest.update(line.encode("utf-8", "replace"))
        digest.update(b"\n")
    return digest.hexdigest()


def steady(text: str) -> str:
    """Return what a text says: compatibility forms made plain, without white space and counters of visits."""
    return _VOLATILE.sub("", _squeeze(unicodedata.normalize("NFKC", text)))


def _lines(document: Document) -> Iterator[str]:
    begun = False
    for block in document.blocks:
        if isinstance(block, Table):
            begun = True
            yield f"table {block.width}"
            for row in block.rows:
                yield "\t".join(f"{cell.column} {cell.row_span} {_squeeze(cell.text)}" for cell in row)
        else:
            line = _squeeze(block.text)
            if len(line) <= _VOLATILE_LINE_CHARACTERS:
                line = _VOLATILE.sub("", line)
            begun = begun or len(line) >= _SENTENCE_CHARACTERS
            # Numbers and dates on lines of their own above the text belong to the page, not to the report.
            if line and (begun or not _NO_WORDS.fullmatch(line)):
                yield f"line {line}"
    for address in (*document.images, *(address for address, _ in document.attachments)):
        yield f"file {_SESSION.sub('', address)}"


def _squeeze(text: str) -> str:
    return "".join(text.split())
