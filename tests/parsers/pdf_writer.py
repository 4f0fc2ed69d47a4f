"""A small writer of PDF files for tests: operators as they are, in a font of its own making.

Letters are drawn as boxes, so that a file needs no font of the machine; which letter a box stands for only
the file's own map says, as in every PDF.
"""

import io
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen

WIDE, NARROW = 1000, 500


@dataclass
class PdfPage:
    """Operators of one page; y counts downwards from its upper edge."""

    width: float = 595
    height: float = 842
    turn: int = 0
    operators: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    """Annotations, as their dictionaries."""

    def text(
        self, x: float, y: float, text: str, size: float = 10, *, before: str = "", turn: str = "1 0 0 1"
    ) -> None:
        """Print a text that stands on y and begins at x; `before` are operators inside the text object."""
        at = f"{turn} {x} {self.height - y} Tm"
        self.operators.append(f"q BT /F {size} Tf {before} {at} <{text}> Tj ET Q")

    def rule(self, x: float, y: float, end_x: float, end_y: float, width: float = 0.5) -> None:
        """Draw a line."""
        self.operators.append(f"{width} w {x} {self.height - y} m {end_x} {self.height - end_y} l S")

    def fill(self, x: float, y: float, width: float, height: float, colour: str = "0 0 0") -> None:
        """Fill a box."""
        self.operators.append(f"q {colour} rg {x} {self.height - y - height} {width} {height} re f Q")

    def picture(self, x: float, y: float, width: float, height: float) -> None:
        """Place a grey picture."""
        self.operators.append(f"q {width} 0 0 {height} {x} {self.height - y - height} cm /I Do Q")

    def table(self, columns: Sequence[float], rows: Sequence[float], texts: Iterable[Sequence[str]]) -> None:
        """Draw a table without merged cells and print a text in each of its cells."""
        for x in columns:
            self.rule(x, rows[0], x, rows[-1])
        for y in rows:
            self.rule(columns[0], y, columns[-1], y)
        for bottom, line in zip(rows[1:], texts, strict=True):
            for left, text in zip(columns, line, strict=False):
                if text:
                    self.text(left + 4, bottom - 4, text)


def pdf(*pages: PdfPage, embedded: bool = True, mapped: bool = True) -> bytes:
    """Return a PDF file; `embedded` False leaves the font out, `mapped` False what its letters stand for."""
    letters = sorted({char for page in pages for line in page.operators for char in _shown(line)})
    glyphs = {char: number for number, char in enumerate(letters, start=1)}
    objects: list[bytes] = [b"", b""]

    def add(body: bytes) -> int:
        objects.append(body)
        return len(objects)

    def stream(body: bytes, head: str = "") -> int:
        packed = zlib.compress(body)
        return add(
            f"<< {head} /Filter /FlateDecode /Length {len(packed)} >>\nstream\n".encode()
            + packed
            + b"\nendstream"
        )

    program = f"/FontFile2 {stream(_font(''.join(letters)))} 0 R" if embedded else ""
    describing = add(
        f"<< /Type /FontDescriptor /FontName /AAAAAA+Boxes /Flags 4 /FontBBox [0 -200 1000 900]"
        f" /ItalicAngle 0 /Ascent 900 /Descent -200 /CapHeight 800 /StemV 80 {program} >>".encode()
    )
    widths = " ".join(str(_width(char)) for char in letters)
    inner = add(
        f"<< /Type /Font /Subtype /CIDFontType2 /BaseFont /AAAAAA+Boxes /CIDSystemInfo << /Registry (Adobe)"
        f" /Ordering (Identity) /Supplement 0 >> /FontDescriptor {describing} 0 R /CIDToGIDMap /Identity"
        f" /W [1 [{widths}]] >>".encode()
    )
    meaning = f"/ToUnicode {stream(_meanings(glyphs))} 0 R" if mapped else ""
    font = add(
        f"<< /Type /Font /Subtype /Type0 /BaseFont /AAAAAA+Boxes /Encoding /Identity-H {meaning}"
        f" /DescendantFonts [{inner} 0 R] >>".encode()
    )
    image = stream(
        b"\x80",
        "/Type /XObject /Subtype /Image /Width 1 /Height 1 /ColorSpace /DeviceGray /BitsPerComponent 8",
    )
    kids = []
    for page in pages:
        body = stream("\n".join(_encoded(line, glyphs) for line in page.operators).encode())
        notes = " ".join(f"{add(note.encode())} 0 R" for note in page.notes)
        kids.append(
            add(
                f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {page.width} {page.height}] /Rotate {page.turn}"
                f" /Contents {body} 0 R /Annots [{notes}] /Resources << /Font << /F {font} 0 R >>"
                f" /XObject << /I {image} 0 R >> >> >>".encode()
            )
        )
    objects[0] = b"<< /Type /Catalog /Pages 2 0 R >>"
    objects[1] = (
        f"<< /Type /Pages /Count {len(kids)} /Kids [{' '.join(f'{n} 0 R' for n in kids)}] >>".encode()
    )
    return _file(objects)


def _shown(line: str) -> str:
    start, end = line.find("<"), line.rfind("> Tj")
    return line[start + 1 : end] if 0 <= start < end else ""


def _encoded(line: str, glyphs: dict[str, int]) -> str:
    text = _shown(line)
    return (
        line.replace(f"<{text}> Tj", f"<{''.join(f'{glyphs[char]:04X}' for char in text)}> Tj")
        if text
        else line
    )


def _width(char: str) -> int:
    return NARROW if char.isascii() else WIDE


def _meanings(glyphs: dict[str, int]) -> bytes:
    lines = [f"<{number:04X}> <{ord(char):04X}>" for char, number in glyphs.items()]
    parts = [lines[place : place + 100] for place in range(0, len(lines), 100)]
    held = "\n".join(f"{len(part)} beginbfchar\n" + "\n".join(part) + "\nendbfchar" for part in parts)
    return (
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /M def /CMapType 2 def"
        f" 1 begincodespacerange <0000> <FFFF> endcodespacerange\n{held}\nendcmap end end"
    ).encode()


@lru_cache(maxsize=64)
def _font(letters: str) -> bytes:
    names = [".notdef", *(f"g{number}" for number in range(1, len(letters) + 1))]
    widths = [WIDE, *map(_width, letters)]
    builder = FontBuilder(1000, isTTF=True)
    builder.setupGlyphOrder(names)
    builder.setupCharacterMap({})
    builder.setupGlyf({name: _box(width) for name, width in zip(names, widths, strict=True)})
    builder.setupHorizontalMetrics({name: (width, 50) for name, width in zip(names, widths, strict=True)})
    builder.setupHorizontalHeader(ascent=900, descent=-200)
    builder.setupNameTable({"familyName": "Boxes", "styleName": "Regular"})
    builder.setupOS2()
    builder.setupPost()
    out = io.BytesIO()
    builder.save(out)
    return out.getvalue()


@lru_cache(maxsize=8)
def _box(width: int) -> object:
    pen = TTGlyphPen(None)
    pen.moveTo((50, 0))
    for corner in ((50, 800), (width - 50, 800), (width - 50, 0)):
        pen.lineTo(corner)
    pen.closePath()
    return pen.glyph()


def _file(objects: Sequence[bytes]) -> bytes:
    out = bytearray(b"%PDF-1.7\n")
    places = []
    for number, body in enumerate(objects, start=1):
        places.append(len(out))
        out += f"{number} 0 obj\n".encode() + body + b"\nendobj\n"
    start = len(out)
    out += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n".encode()
    out += b"".join(f"{place:010} 00000 n \n".encode() for place in places)
    out += f"trailer << /Size {len(objects) + 1} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n".encode()
    return bytes(out)
