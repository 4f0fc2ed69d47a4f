"""Bytes to text: strict decoding on a fixed ladder, so that a lying label can never empty or garble a page.

The order is: byte order mark, zero-byte pattern of UTF-16, strict UTF-8, strict GB18030 (which holds GB2312
and GBK), the charset the page or its sender declares, and last a detector. What no step reads without an
error is a `DecodeError`, but for a few damaged bytes in text that is certain all the same: each becomes the
character U+FFFD, which no figure and no label can hold, and the note damaged_bytes says so.
"""

import codecs
import re
from collections.abc import Iterator
from typing import NamedTuple

from charset_normalizer import from_bytes

META_WINDOW_BYTES = 4096
_SAMPLE_BYTES = 65_536
_DETECTOR_BYTES = 262_144

_META = re.compile(rb"""<meta[^>]{0,300}?charset\s*=\s*["']?\s*([A-Za-z0-9_.:\-]{2,40})""", re.IGNORECASE)
_XML_DECLARATION = re.compile(rb"""^\s*<\?xml[^>]{0,200}?encoding\s*=\s*["']([A-Za-z0-9_.:\-]{2,40})""")
_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_GB_LABELS = frozenset({"gb2312", "gbk", "gb18030", "hz", "cp936"})
# Senders put these on anything; they are true of every byte string and so prove nothing.
_EMPTY_LABELS = frozenset({"iso8859-1", "cp1252", "ascii"})
# Codecs of Python that are no charset of any page.
_NO_CHARSETS = frozenset({"idna", "punycode", "utf-7", "undefined", "unicode-escape", "raw-unicode-escape"})
_CONTROL = bytes(code for code in range(32) if code not in (0, 9, 10, 12, 13, 26, 27))
_UTF8_RUN = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")
_HIGH_BYTES = bytes(range(128, 256))
_NOT_ASCII = re.compile(r"[^\x00-\x7f]")
_BEYOND_TWO_BYTES = re.compile("[\u0800-\U0010ffff]")
_HAN = re.compile("[\u3400-\u9fff]")
# Frequent characters of the reports and of running Chinese, simplified and traditional: read with the wrong
# table they turn into rare ones, so their share tells a right decoding from a garbled one.
_FREQUENT = frozenset(
    "的一是不在人有中大上个国我以要他时来用们生到作地于出就分对成会可主发年动同工也能下过子说产种面而方后多定行学法所民经"
    "政府信息公开工作情况报告公报部门单位机关申请处理数量总计其他本年度结果规章文件行政许可诉讼复议无法提供予以社会法律企业"
    "個國時來們對會發動過說產種後學經資訊開況報門單機關請處數總計結規許訴訟複議無與處務業條項臺縣區網"
    "，。、；：（）第条项区市县局办街道镇乡委"
)

_PLAUSIBLE = 0.08
"""Share of frequent characters that running Chinese exceeds and garbled text does not."""
_MOST_DAMAGED = 0.05
"""Share of the characters beyond ASCII that may be damaged."""
_PIECE = 100
"""Characters beyond ASCII that are judged together where a text is damaged."""
_FEWEST_HIGH_BYTES = 60
"""Bytes beyond ASCII without which nothing can be said of a damaged text."""
DAMAGED = "\ufffd"
"""What stands for bytes that are no character."""


class Decoded(NamedTuple):
    """Text of an input and how its charset was settled.

    `charset` is the Python codec used, `declared` the label found as written (the caller's, else the page's),
    `evidence` the step of the ladder that decided, `notes` codes: charset_mismatch, cut_end,
    damaged_bytes.
    """

    text: str
    charset: str
    declared: str | None
    evidence: str
    notes: tuple[str, ...] = ()


class DecodeError(ValueError):
    """No charset reads these bytes without an error, or they are no text at all."""


def decode(data: bytes, declared: str | None = None) -> Decoded:
    """Return the text of `data`; `declared` is the charset of the HTTP header or the one the user names.

    Raises `DecodeError` for binary input and where no step of the ladder fits but for a few damaged bytes.
    """
    labels = tuple(_labels(data, declared))
    label = next((name for name in labels if _codec_name(name) not in _EMPTY_LABELS), None)
    for bom, charset in _BOMS:
        if data.startswith(bom):
            text, cut = _strict(data.removeprefix(bom) if charset == "utf-8" else data, charset)
            if text is not None:
                return _decoded(text.removeprefix("\ufeff"), charset, label, "byte order mark", cut)
            if charset == "utf-8" and (mended := _mended(data.removeprefix(bom), ["utf-8"])) is not None:
                return _decoded(mended.text, charset, label, "byte order mark", False, damaged=True)
            raise DecodeError(f"byte order mark of {charset}, but the bytes are not {charset}")
    if b"\x00" in data and (found := _without_bom(data)) is not None:
        return _decoded(*found, label, "zero bytes", False)
    if looks_binary(data):
        raise DecodeError("binary data, no text")
    return _ladder(data, labels, label)


def looks_binary(data: bytes) -> bool:
    """Return whether too many bytes of the beginning are zeros or control characters for any text."""
    sample = data[:_SAMPLE_BYTES]
    zeros = sample.count(0)
    controls = len(sample) - len(sample.translate(None, _CONTROL))
    return zeros * 100 > len(sample) + 400 or controls * 20 > len(sample) + 40


def _ladder(data: bytes, labels: tuple[str, ...], label: str | None) -> Decoded:
    codecs_declared = [name for name in map(_codec_name, labels) if name and name not in _EMPTY_LABELS]
    text, cut = _strict(data, "utf-8")
    if text is not None and not _rather_gb(data, text, codecs_declared):
        return _decoded(text, "utf-8", label, "strict utf-8", cut)
    if text is None and (place := _damaged_utf8(data)) is not None:
        if (mended := _mended(data, ["utf-8"])) is not None:
            return _decoded(mended.text, "utf-8", label, "utf-8 with damage", False, damaged=True)
        raise DecodeError(f"UTF-8 with damaged bytes, the first at byte {place}")
    text, cut = _strict(data, "gb18030")
    others = [name for name in codecs_declared if name not in ("utf-8", "gb18030")]
    rival = _best(data, others)
    if text is not None:
        score = _share_of_frequent(text)
        if rival is not None and rival.score > score:
            return _decoded(
                rival.text, rival.charset, label, "declared, and reads better than gb18030", rival.cut
            )
        if score >= _PLAUSIBLE or len(_NOT_ASCII.findall(text[:5000])) < 40:
            return _decoded(text, "gb18030", label, "strict gb18030", cut)
        rival = _best(data, ["big5hkscs"])
        if rival is not None and rival.score > max(score, _PLAUSIBLE):
            return _decoded(rival.text, "big5hkscs", label, "reads better than gb18030", rival.cut)
    else:
        mended = _mended(data, ["utf-8", "gb18030", *others, "big5hkscs"])
        if mended is not None and (rival is None or mended.score > rival.score):
            return _decoded(mended.text, mended.charset, label, "least damage", False, damaged=True)
        if rival is not None:
            return _decoded(rival.text, rival.charset, label, "declared", rival.cut)
    return _detected(data, label)


class _Candidate(NamedTuple):
    text: str
    charset: str
    cut: bool
    score: float


def _best(data: bytes, charsets: list[str]) -> _Candidate | None:
    best: _Candidate | None = None
    for charset in dict.fromkeys(charsets):
        text, cut = _strict(data, charset)
        if text is not None:
            candidate = _Candidate(text, charset, cut, _share_of_frequent(text))
            best = candidate if best is None or candidate.score > best.score else best
    return best


def _mended(data: bytes, charsets: list[str]) -> _Candidate | None:
    """Return the best reading with `DAMAGED` for a few bytes; None if none is certain.

    A bad byte is replaced alone, so that markup and digits beside it stay what they are. The score is that of
    the worst piece: a page that goes on in another charset is not certain.
    """
    best: _Candidate | None = None
    for charset in dict.fromkeys(charsets):
        text = data.decode(charset, "replace")
        beyond = len(text) - len(text.encode("ascii", "ignore"))
        if beyond * 3 < _FEWEST_HIGH_BYTES or text.count(DAMAGED) > _MOST_DAMAGED * beyond:
            continue
        found = _NOT_ASCII.findall(text)
        pieces = [
            found[start : start + _PIECE] for start in range(0, max(1, len(found) - _PIECE // 2), _PIECE)
        ]
        candidate = _Candidate(text, charset, False, min(map(_share, pieces)))
        if candidate.score >= _PLAUSIBLE and (best is None or candidate.score > best.score):
            best = candidate
    return best


def _detected(data: bytes, label: str | None) -> Decoded:
    match = from_bytes(data[:_DETECTOR_BYTES]).best()
    if match is not None:
        text, cut = _strict(data, match.encoding)
        if text is not None and (_share_of_frequent(text) >= _PLAUSIBLE or not _HAN.search(text)):
            return _decoded(text, codecs.lookup(match.encoding).name, label, "detector", cut)
    raise DecodeError("no charset reads these bytes without an error")


def _decoded(
    text: str, charset: str, label: str | None, evidence: str, cut: bool, *, damaged: bool = False
) -> Decoded:
    notes = [*(["cut_end"] if cut else []), *(["damaged_bytes"] if damaged else [])]
    meant = _codec_name(label) if label else None
    family = {"utf-16-le": "utf-16", "utf-16-be": "utf-16", "big5": "big5hkscs"}
    if label and family.get(meant or "", meant) != family.get(charset, charset) and not text.isascii():
        notes.append("charset_mismatch")
    return Decoded(text, charset, label, evidence, tuple(notes))


def _labels(data: bytes, declared: str | None) -> Iterator[str]:
    if declared and declared.strip():
        yield declared.strip()
    head = data[:META_WINDOW_BYTES]
    for pattern in (_META, _XML_DECLARATION):
        if found := pattern.search(head):
            yield found[1].decode("ascii")


def _codec_name(label: str) -> str | None:
    """Return the Python codec of a label, the GB family as gb18030; None for unknown and non-text codecs."""
    try:
        info = codecs.lookup(label.strip().strip("\"';").replace("x-gbk", "gbk"))
    except (LookupError, ValueError):
        return None
    if not getattr(info, "_is_text_encoding", True) or info.name in _NO_CHARSETS:
        return None
    return "gb18030" if info.name in _GB_LABELS else "utf-8" if info.name == "utf-8-sig" else info.name


def _strict(data: bytes, charset: str) -> tuple[str | None, bool]:
    """Decode strictly; a character cut off at the very end is left out and reported as True."""
    try:
        return data.decode(charset), False
    except UnicodeDecodeError as error:
        if (
            error.start < len(data) - 4
            or error.start == 0
            or not _is_incomplete(data[error.start :], charset)
        ):
            return None, False
        return data[: error.start].decode(charset), True


def _is_incomplete(tail: bytes, charset: str) -> bool:
    decoder = codecs.getincrementaldecoder(charset)()
    try:
        return decoder.decode(tail, final=False) == ""
    except UnicodeDecodeError:
        return False


def _rather_gb(data: bytes, text: str, declared: list[str]) -> bool:
    """Return whether a few characters labelled GB only happen to be valid UTF-8."""
    if text.isascii() or "gb18030" not in declared[:1] or _BEYOND_TWO_BYTES.search(text):
        return False
    other, _ = _strict(data, "gb18030")
    return other is not None and _HAN.search(other) is not None


def _damaged_utf8(data: bytes) -> int | None:
    """Return the place of the first bad byte when the bytes around it are UTF-8, which GB text never is."""
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as error:
        around = data[max(0, error.start - 4_000) : error.start + 8_000]
        high = len(around) - len(around.translate(None, _HIGH_BYTES))
        valid = sum(map(len, _UTF8_RUN.findall(around)))
        return error.start if high >= _FEWEST_HIGH_BYTES and valid >= high * 0.9 else None
    return None


def _share_of_frequent(text: str) -> float:
    """Return the share of frequent Chinese characters among the characters beyond ASCII at the beginning."""
    return _share(_NOT_ASCII.findall(text[:50_000])[:4_000])


def _share(characters: list[str]) -> float:
    return sum(character in _FREQUENT for character in characters) / len(characters) if characters else 0.0


def _without_bom(data: bytes) -> tuple[str, str] | None:
    """Return text and codec of UTF-16 without a mark, seen by zero bytes in every second place."""
    sample = data[:_SAMPLE_BYTES]
    for charset, zeros, others in (
        ("utf-16-le", sample[1::2], sample[::2]),
        ("utf-16-be", sample[::2], sample[1::2]),
    ):
        if zeros.count(0) * 50 > len(zeros) and others.count(0) * 2 < zeros.count(0):
            text, _ = _strict(data, charset)
            if text is not None and (text.isascii() or _share_of_frequent(text) >= _PLAUSIBLE):
                return text, charset
    return None
