"""What the pages of a PDF show: signs, ruling lines and pictures with their places, as one line of JSON.

Run as a script of its own, with limits on time and memory, because reading PDF files is dangerous: the file
on standard input, the result on standard output. It imports nothing of ours, and nothing here knows what
the signs mean. `parsers.readers.pdf_pages` starts it and takes nothing it says on trust.

Places are points (1/72 inch) from the upper left corner of the page as it is shown.
"""

import ctypes
import json
import math
import sys
from collections.abc import Iterator
from itertools import pairwise
from typing import Any, NamedTuple

import pypdfium2_raw as pdfium

MEMORY = 900_000_000
SECONDS = 15
LARGEST_RESULT = 48_000_000
MOST_PAGES = 60
MOST_SIGNS = 150_000
MOST_RULES = 150_000
MOST_OBJECTS = 300_000
DEEPEST_FORM = 8
MOST_PIXELS = 8_000_000
COARSEST = 1.0
"""Pixels per point below which it cannot be told whether a sign is seen."""
FINEST = 2.0
THICKEST_RULE = 4.0
LEAST_INK = 0.02
CUT = 3.0
"""Length of a line that is cut off before its table counts as cut."""
STAIN = 4
"""Pixels of the side of the squares in which letters are looked for that are no sign."""
MOST_STAINS = 5_000
SEEN = 40
"""Levels of grey by which paper with a sign differs from paper without it."""
LIGHT = 245

Matrix = tuple[float, float, float, float, float, float]
Point = tuple[float, float]
Sides = tuple[float, float, float, float]
"""Left, bottom, right and top in the space of a page."""
# Annotations that print something which is no part of the page's own text.
_PRINTING_ANNOTATIONS = frozenset({
    pdfium.FPDF_ANNOT_FREETEXT, pdfium.FPDF_ANNOT_WIDGET, pdfium.FPDF_ANNOT_STAMP, pdfium.FPDF_ANNOT_INK,
    pdfium.FPDF_ANNOT_STRIKEOUT, pdfium.FPDF_ANNOT_REDACT, pdfium.FPDF_ANNOT_LINE, pdfium.FPDF_ANNOT_SQUARE,
})  # fmt: skip


_INVISIBLE = (pdfium.FPDF_TEXTRENDERMODE_INVISIBLE, pdfium.FPDF_TEXTRENDERMODE_CLIP)


class NotReadError(Exception):
    """A file that is damaged or encrypted, or a bound that was met; the message says which."""


class View(NamedTuple):
    """How a point of the page's own space is shown: its box and its turn in quarters, clockwise."""

    left: float
    bottom: float
    right: float
    top: float
    turn: int

    def point(self, x: float, y: float) -> Point:
        """Return where a point is shown."""
        if self.turn == 1:
            return y - self.bottom, x - self.left
        if self.turn == 2:
            return self.right - x, y - self.bottom
        if self.turn == 3:
            return self.top - y, self.right - x
        return x - self.left, self.top - y

    def box(self, left: float, bottom: float, right: float, top: float) -> list[float]:
        """Return where a box is shown: left, upper, right, lower."""
        (ax, ay), (bx, by) = self.point(left, bottom), self.point(right, top)
        return [round(value, 2) for value in (min(ax, bx), min(ay, by), max(ax, bx), max(ay, by))]


def main() -> int:
    """Read a PDF from standard input, print what its pages show or why they cannot be read."""
    _limit()
    start()
    try:
        result: dict[str, Any] = {"pages": pages_of(sys.stdin.buffer.read())}
    except NotReadError as error:
        result = {"error": str(error)}
    sys.stdout.write(json.dumps(result))
    return 0


def start() -> None:
    """Start the library without the fonts of this machine, so that a file says the same on every machine."""
    config = pdfium.FPDF_LIBRARY_CONFIG()
    config.version = 2
    config.m_pUserFontPaths = (ctypes.POINTER(ctypes.c_char) * 1)()
    pdfium.FPDF_InitLibraryWithConfig(config)


def _limit() -> None:
    """Bound memory, processor time and the size of the result where the system can."""
    try:
        import resource
    except ImportError:  # a system without such limits: the clock of whoever started this remains
        return
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS + 1))
    resource.setrlimit(resource.RLIMIT_FSIZE, (LARGEST_RESULT, LARGEST_RESULT))


def pages_of(data: bytes) -> list[dict[str, Any]]:
    """Return what each page shows."""
    document = pdfium.FPDF_LoadMemDocument64(data, len(data), None)
    if not document:
        is_locked = pdfium.FPDF_GetLastError() == pdfium.FPDF_ERR_PASSWORD
        raise NotReadError("PDF that asks for a password" if is_locked else "damaged PDF")
    count = pdfium.FPDF_GetPageCount(document)
    if not 0 < count <= MOST_PAGES:
        raise NotReadError(f"PDF of {count:,} pages, read are 1 to {MOST_PAGES}")
    pages: list[dict[str, Any]] = []
    for number in range(count):
        page = pdfium.FPDF_LoadPage(document, number)
        if not page:
            raise NotReadError(f"damaged PDF: page {number + 1}")
        pages.append(_page(page))
        pdfium.FPDF_ClosePage(page)
        if sum(len(one["signs"]) for one in pages) > MOST_SIGNS:
            raise NotReadError(f"PDF of more than {MOST_SIGNS:,} signs")
        if sum(len(one["rules"]) + len(one["pictures"]) + len(one["cuts"]) for one in pages) > MOST_RULES:
            raise NotReadError(f"PDF of more than {MOST_RULES:,} lines")
    return pages


def _page(page: Any) -> dict[str, Any]:
    turn = pdfium.FPDFPage_GetRotation(page) % 4
    bounds = pdfium.FS_RECTF()
    if not pdfium.FPDF_GetPageBoundingBox(page, bounds):
        raise NotReadError("damaged PDF: a page without a size")
    view = View(bounds.left, bounds.bottom, bounds.right, bounds.top, turn)
    width, height = pdfium.FPDF_GetPageWidthF(page), pdfium.FPDF_GetPageHeightF(page)
    objects = list(_objects(page))
    rules: list[list[float]] = []
    pictures: list[list[float]] = []
    cuts: list[list[float]] = []
    texts: list[Any] = []
    for element, matrix in objects:
        kind = pdfium.FPDFPageObj_GetType(element)
        if kind == pdfium.FPDF_PAGEOBJ_TEXT:
            texts.append(element)
        elif kind == pdfium.FPDF_PAGEOBJ_PATH:
            drawn, is_drawing = _rules(element, matrix)
            rules.extend(view.box(*line) for line in drawn)
            cuts.extend(view.box(*part) for part in _hidden(element, matrix, drawn))
            if is_drawing:
                pictures.append(_bounds(element, matrix, view))
        else:
            pictures.append(_bounds(element, matrix, view))
    pictures.extend(_annotations(page, view))
    signs = list(_signs(page, view))
    pictures.extend(_look(page, texts, signs, width, height))
    return {
        "width": width,
        "height": height,
        "signs": signs,
        "rules": rules,
        "pictures": pictures,
        "cuts": cuts,
    }


def _objects(page: Any) -> Iterator[tuple[Any, Matrix]]:
    """Yield every object of a page, those inside forms too, with what places it on the page."""
    count = 0
    pending: list[tuple[Any, Matrix, int]] = [
        (pdfium.FPDFPage_GetObject(page, index), (1, 0, 0, 1, 0, 0), 0)
        for index in range(_bounded(pdfium.FPDFPage_CountObjects(page)))
    ]
    pending.reverse()
    while pending:
        element, matrix, depth = pending.pop()
        if not element:
            continue
        count += 1
        _bounded(count)
        if pdfium.FPDFPageObj_GetType(element) != pdfium.FPDF_PAGEOBJ_FORM:
            yield element, matrix
        elif depth < DEEPEST_FORM:
            inner = _times(_matrix(element), matrix)
            held = _bounded(pdfium.FPDFFormObj_CountObjects(element))
            pending.extend(
                (pdfium.FPDFFormObj_GetObject(element, index), inner, depth + 1)
                for index in reversed(range(held))
            )
        else:
            raise NotReadError("PDF with forms nested too deeply")


def _bounded(count: int) -> int:
    if count > MOST_OBJECTS:
        raise NotReadError(f"PDF with a page of more than {MOST_OBJECTS:,} objects")
    return max(0, count)


def _matrix(element: Any) -> Matrix:
    found = pdfium.FS_MATRIX()
    if not pdfium.FPDFPageObj_GetMatrix(element, found):
        return (1, 0, 0, 1, 0, 0)
    return (found.a, found.b, found.c, found.d, found.e, found.f)


def _times(inner: Matrix, outer: Matrix) -> Matrix:
    a, b, c, d, e, f = inner
    p, q, r, s, t, u = outer
    return (a * p + b * r, a * q + b * s, c * p + d * r, c * q + d * s, e * p + f * r + t, e * q + f * s + u)


def _through(matrix: Matrix, x: float, y: float) -> Point:
    a, b, c, d, e, f = matrix
    return a * x + c * y + e, b * x + d * y + f


def _bounds(element: Any, matrix: Matrix, view: View) -> list[float]:
    sides = [ctypes.c_float() for _ in range(4)]
    pdfium.FPDFPageObj_GetBounds(element, *sides)
    left, bottom, right, top = (side.value for side in sides)
    corners = [_through(matrix, x, y) for x in (left, right) for y in (bottom, top)]
    return view.box(
        min(x for x, _ in corners),
        min(y for _, y in corners),
        max(x for x, _ in corners),
        max(y for _, y in corners),
    )


def _rules(element: Any, matrix: Matrix) -> tuple[list[Sides], bool]:
    """Return the straight lines a path draws along the page, and whether it draws a picture instead.

    A thin filled box is a line; so are the sides of a stroked box and of a filled frame around nothing.
    """
    fill, stroke = ctypes.c_int(), ctypes.c_int()
    pdfium.FPDFPath_GetDrawMode(element, fill, stroke)
    is_stroked = bool(stroke.value) and _is_dark(element, pdfium.FPDFPageObj_GetStrokeColor)
    is_filled = bool(fill.value) and _is_dark(element, pdfium.FPDFPageObj_GetFillColor)
    if not (is_stroked or is_filled):
        return [], False
    matrix = _times(_matrix(element), matrix)
    parts, is_curved = _parts(element, matrix)
    lines: list[Sides] = []
    if is_stroked:
        width = ctypes.c_float()
        pdfium.FPDFPageObj_GetStrokeWidth(element, width)
        if width.value * math.sqrt(abs(matrix[0] * matrix[3] - matrix[1] * matrix[2])) <= THICKEST_RULE:
            lines.extend(_box([start, end]) for part in parts for start, end in pairwise(part))
    boxes = [_box(part) for part in parts]
    if is_filled and not is_stroked:
        lines.extend(boxes)
        if len(boxes) == 2:
            lines.extend(_frame(*boxes))
    rules = [line for line in lines if min(line[2] - line[0], line[3] - line[1]) <= THICKEST_RULE]
    points = sum(len(part) for part in parts)
    return rules, (is_curved or (is_filled and points > 12)) and not rules


def _parts(element: Any, matrix: Matrix) -> tuple[list[list[Point]], bool]:
    """Return the connected lines of a path by their points, and whether it has curves."""
    parts: list[list[Point]] = []
    is_curved = False
    x, y = ctypes.c_float(), ctypes.c_float()
    for index in range(_bounded(pdfium.FPDFPath_CountSegments(element))):
        segment = pdfium.FPDFPath_GetPathSegment(element, index)
        pdfium.FPDFPathSegment_GetPoint(segment, x, y)
        kind = pdfium.FPDFPathSegment_GetType(segment)
        if kind == pdfium.FPDF_SEGMENT_MOVETO or not parts:
            parts.append([])
        is_curved = is_curved or kind == pdfium.FPDF_SEGMENT_BEZIERTO
        parts[-1].append(_through(matrix, x.value, y.value))
        if pdfium.FPDFPathSegment_GetClose(segment):
            parts[-1].append(parts[-1][0])
    return [part for part in parts if len(part) > 1], is_curved


def _hidden(element: Any, matrix: Matrix, lines: list[Sides]) -> Iterator[Sides]:
    """Yield the parts of lines that lie outside of what is shown: there a page cuts its own table off."""
    clip = pdfium.FPDFPageObj_GetClipPath(element)
    left, bottom, right, top = -math.inf, -math.inf, math.inf, math.inf
    x, y = ctypes.c_float(), ctypes.c_float()
    for path in range(max(0, pdfium.FPDFClipPath_CountPaths(clip)) if clip and lines else 0):
        points = []
        for index in range(_bounded(pdfium.FPDFClipPath_CountPathSegments(clip, path))):
            segment = pdfium.FPDFClipPath_GetPathSegment(clip, path, index)
            pdfium.FPDFPathSegment_GetPoint(segment, x, y)
            points.append(_through(matrix, x.value, y.value))
        if points:
            box = _box(points)
            left, bottom, right, top = (
                max(left, box[0]), max(bottom, box[1]), min(right, box[2]), min(top, box[3])
            )  # fmt: skip
    for start, low, end, high in lines:
        if end > right + CUT:
            yield max(start, right), low, end, high
        if start < left - CUT:
            yield start, low, min(end, left), high
        if high > top + CUT:
            yield start, max(low, top), end, high
        if low < bottom - CUT:
            yield start, low, end, min(high, bottom)


def _box(points: list[Point]) -> Sides:
    across, down = [x for x, _ in points], [y for _, y in points]
    return min(across), min(down), max(across), max(down)


def _frame(one: Sides, other: Sides) -> list[Sides]:
    """Return the four sides of a frame drawn as one box with another, slightly smaller one cut out of it."""
    outer, inner = (one, other) if one[0] <= other[0] else (other, one)
    gaps = (inner[0] - outer[0], inner[1] - outer[1], outer[2] - inner[2], outer[3] - inner[3])
    if not all(0 < gap <= THICKEST_RULE for gap in gaps):
        return []
    left, bottom, right, top = outer
    return [
        (left, bottom, left + gaps[0], top), (right - gaps[2], bottom, right, top),
        (left, bottom, right, bottom + gaps[1]), (left, top - gaps[3], right, top),
    ]  # fmt: skip


def _is_dark(element: Any, read: Any) -> bool:
    """Return whether a colour is seen on white paper; one that cannot be told is."""
    parts = [ctypes.c_uint() for _ in range(4)]
    if not read(element, *parts):
        return True
    red, green, blue, alpha = (part.value for part in parts)
    return alpha > 10 and min(red, green, blue) < LIGHT


def _annotations(page: Any, view: View) -> Iterator[list[float]]:
    """Yield the places of notes and form fields, which print over the page what is not read."""
    for index in range(_bounded(pdfium.FPDFPage_GetAnnotCount(page))):
        note = pdfium.FPDFPage_GetAnnot(page, index)
        if not note:
            continue
        box = pdfium.FS_RECTF()
        if pdfium.FPDFAnnot_GetSubtype(note) in _PRINTING_ANNOTATIONS and pdfium.FPDFAnnot_GetRect(note, box):
            sides = sorted((box.left, box.right)), sorted((box.bottom, box.top))
            yield view.box(sides[0][0], sides[1][0], sides[0][1], sides[1][1])
        pdfium.FPDFPage_CloseAnnot(note)


def _signs(page: Any, view: View) -> Iterator[list[Any]]:
    """Yield the signs of a page: text, ink box, room box, origin, size, turn, and whether it is seen.

    `turn` counts quarters of a turn clockwise, None for what stands askew. A sign of which the font does not
    say which letter it is comes as U+FFFD.
    """
    text = pdfium.FPDFText_LoadPage(page)
    if not text:
        return
    left, right, bottom, top = (ctypes.c_double() for _ in range(4))
    x, y = ctypes.c_double(), ctypes.c_double()
    room = pdfium.FS_RECTF()
    try:
        count = pdfium.FPDFText_CountChars(text)
        if count > MOST_SIGNS:
            raise NotReadError(f"PDF of more than {MOST_SIGNS:,} signs")
        for index in range(count):
            code = pdfium.FPDFText_GetUnicode(text, index)
            # What a file calls a blank and prints as a letter is found as one that is no sign: see `_look`.
            if pdfium.FPDFText_IsGenerated(text, index) == 1 or code in (9, 10, 13, 32, 160, 0x3000):
                continue
            unknown = (
                code < 32 or 0xD800 <= code < 0xE000 or pdfium.FPDFText_HasUnicodeMapError(text, index) == 1
            )
            if not pdfium.FPDFText_GetCharBox(text, index, left, right, bottom, top):
                continue
            if not pdfium.FPDFText_GetLooseCharBox(text, index, room):
                continue
            if not pdfium.FPDFText_GetCharOrigin(text, index, x, y):
                continue
            angle = pdfium.FPDFText_GetCharAngle(text, index)
            whole = view.box(room.left, room.bottom, room.right, room.top)
            ink = view.box(left.value, bottom.value, right.value, top.value)
            yield [
                "\ufffd" if unknown else chr(code),
                # A letter of a font that is not in the file, and not on this machine, has no ink here.
                *(whole if min(ink[2] - ink[0], ink[3] - ink[1]) < LEAST_INK else ink),
                *whole,
                *(round(value, 2) for value in view.point(x.value, y.value)),
                round(_size(text, index), 2),
                _quarter(angle, view.turn),
                _is_shown(pdfium.FPDFText_GetTextObject(text, index)),
            ]
    finally:
        pdfium.FPDFText_ClosePage(text)


def _is_shown(element: Any) -> bool:
    """Return whether letters of a font that is not in the file are meant to be seen.

    What stands in the file is drawn and looked at instead: see `_look`.
    """
    if not element:
        return False
    font = pdfium.FPDFTextObj_GetFont(element)
    if font and pdfium.FPDFFont_GetIsEmbedded(font) == 1:
        return False
    if pdfium.FPDFTextObj_GetTextRenderMode(element) in _INVISIBLE:
        return False
    return _is_dark(element, pdfium.FPDFPageObj_GetFillColor)


def _size(text: Any, index: int) -> float:
    """Return the height of a letter's body as it is printed."""
    matrix = pdfium.FS_MATRIX()
    size = float(pdfium.FPDFText_GetFontSize(text, index))
    if pdfium.FPDFText_GetMatrix(text, index, matrix):
        return size * math.hypot(matrix.c, matrix.d)
    return size


def _quarter(angle: float, turn: int) -> int | None:
    """Return how a sign is turned as the page is shown; the library measures clockwise."""
    quarters = angle / (math.pi / 2) + turn
    nearest = round(quarters)
    return nearest % 4 if abs(quarters - nearest) < 0.06 else None


def _look(
    page: Any, texts: list[Any], signs: list[list[Any]], width: float, height: float
) -> list[list[float]]:
    """Mark which signs are seen, and return the places of letters that are seen and are no sign.

    Paper with the text differs from paper without it where a letter stands. So signs in the colour of what is
    behind them, covered, cut off or switched off are told, text laid invisibly over a picture by a program
    that guessed it, and letters of which nothing is known but that they are printed.
    """
    if not texts:
        return []
    scale = min(FINEST, math.sqrt(MOST_PIXELS / max(width * height, 1.0)))
    if scale < COARSEST:
        raise NotReadError("PDF with a page larger than can be drawn")
    columns, rows = max(1, math.ceil(width * scale)), max(1, math.ceil(height * scale))
    shown, stride = _drawn(page, columns, rows)
    for element in texts:
        pdfium.FPDFPageObj_SetIsActive(element, False)
    bare, _ = _drawn(page, columns, rows)
    rest = bytearray(shown)
    for sign in signs:
        left, upper, right, lower = _pixels(sign[1:5], scale, columns, rows, 0)
        differs = left < right and any(
            _differ(shown, bare, row * stride + left, row * stride + right) for row in range(upper, lower)
        )
        sign[-1] = differs or sign[-1]
        if sign[-1]:
            for box in (sign[1:5], sign[5:9]):
                left, upper, right, lower = _pixels(box, scale, columns, rows, 1)
                for row in range(upper, lower) if left < right else ():
                    rest[row * stride + left : row * stride + right] = bare[
                        row * stride + left : row * stride + right
                    ]
    return _stains(rest, bare, stride, scale)


def _pixels(
    box: list[float], scale: float, columns: int, rows: int, around: int
) -> tuple[int, int, int, int]:
    return (
        max(0, math.floor(box[0] * scale) - around),
        max(0, math.floor(box[1] * scale) - around),
        min(columns, math.ceil(box[2] * scale) + 1 + around),
        min(rows, math.ceil(box[3] * scale) + 1 + around),
    )


def _stains(rest: bytearray, bare: bytes, stride: int, scale: float) -> list[list[float]]:
    """Return places at which text is left when all signs are taken away."""
    found: set[tuple[int, int]] = set()
    for start in range(0, len(bare), stride):
        here, there = rest[start : start + stride], bare[start : start + stride]
        if here != there:
            row = start // stride // STAIN
            found.update(
                (x // STAIN, row)
                for x, (one, other) in enumerate(zip(here, there, strict=True))
                if abs(one - other) >= SEEN
            )
        if len(found) > MOST_STAINS:
            raise NotReadError("PDF with text that does not say which letters it shows")
    size = STAIN / scale
    return [
        [round(value, 2) for value in (x * size, y * size, (x + 1) * size, (y + 1) * size)]
        for x, y in sorted(found)
    ]


def _drawn(page: Any, columns: int, rows: int) -> tuple[bytes, int]:
    """Return the levels of grey of a page row by row, and the length of a row."""
    bitmap = pdfium.FPDFBitmap_CreateEx(columns, rows, pdfium.FPDFBitmap_Gray, None, 0)
    if not bitmap:
        raise NotReadError("PDF with a page larger than can be drawn")
    pdfium.FPDFBitmap_FillRect(bitmap, 0, 0, columns, rows, 0xFFFFFFFF)
    pdfium.FPDF_RenderPageBitmap(bitmap, page, 0, 0, columns, rows, 0, pdfium.FPDF_GRAYSCALE)
    stride = pdfium.FPDFBitmap_GetStride(bitmap)
    levels = ctypes.string_at(pdfium.FPDFBitmap_GetBuffer(bitmap), stride * rows)
    pdfium.FPDFBitmap_Destroy(bitmap)
    return levels, stride


def _differ(one: bytes, other: bytes, start: int, end: int) -> bool:
    here, there = one[start:end], other[start:end]
    return here != there and max(abs(a - b) for a, b in zip(here, there, strict=True)) >= SEEN


if __name__ == "__main__":
    sys.exit(main())
