"""Write `output/fonts/common-chinese.otf`: the characters of reports, cut out of Noto Sans CJK.

    python -m tools.make_font /usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc

Holds the 6,763 characters of GB 2312, its signs, and whatever further characters stand in this project's own
data (names of places, labels). Needs nothing but fontTools.
"""

import argparse
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTCollection, TTFont

_ROOT = Path(__file__).parent.parent
_TARGET = _ROOT / "output" / "fonts" / "common-chinese.otf"
_FACE = "Noto Sans CJK SC"
_FAMILY_NAME = 1


def characters() -> set[int]:
    """Return the code points that are kept."""
    kept: set[int] = set()
    for first in range(0xA1, 0xF8):
        for second in range(0xA1, 0xFF):
            text = bytes([first, second]).decode("gb2312", "ignore")
            kept.update(map(ord, text))
    for folder in ("parsers", "output"):
        for path in sorted((_ROOT / folder).rglob("*")):
            if path.suffix in (".toml", ".csv"):
                kept.update(map(ord, path.read_text(encoding="utf-8")))
    return {code for code in kept if code > 0x7F}


def make_font(source: Path, target: Path = _TARGET) -> None:
    """Cut the face for simplified Chinese out of a collection; raises StopIteration where it has none."""
    faces = TTCollection(source, lazy=True).fonts
    number = next(n for n, face in enumerate(faces) if face["name"].getDebugName(_FAMILY_NAME) == _FACE)
    font = TTFont(source, fontNumber=number, recalcTimestamp=False)
    options = subset.Options(
        layout_features=[],
        name_IDs=[0, 1, 2, 13, 14],
        hinting=False,
        desubroutinize=True,
        notdef_outline=True,
    )
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=characters())
    cutter.subset(font)
    target.parent.mkdir(exist_ok=True)
    font.save(target)


if __name__ == "__main__":
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    arguments.add_argument("source", type=Path)
    make_font(arguments.parse_args().source)
