"""The page's own style sheets: their rules that may hide, raise, strike or move what a page says.

Only `<style>` elements are read; sheets that a page links to are other documents. Most pages have no such
rule that names any of their elements, and pay for a search of their sheets only.
"""

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import NamedTuple

from parsers.readers.html_matching import MAYBE, NO, YES, Selector, TooMuchWorkError
from parsers.readers.html_media import block_holds
from parsers.readers.html_selectors import LONGEST_SELECTOR, read_selector, split_list, unescaped
from parsers.readers.html_styles import ZERO_SIZE, looks_of

MAX_SHEET = 1_000_000
"""Bytes of one sheet that are read."""
MAX_RULES = 5_000
"""Rules of one sheet that say something about what is read."""
_LONGEST_REMEMBERED = 300_000
_MOST_DECLARATIONS = 100
_MOST_SELECTORS = 500

# What any declaration that matters holds; sheets without are left alone.
_MAY_MATTER = re.compile(
    rb"display\s*:\s*(?:[bcfgilnr]|table|var|-w)|visibility\s*:|vertical-align\s*:\s*(?:su[bp]|[-+.\d]|var)|"
    rb"mso-hide|mso-footnote|position\s*:\s*[arfv]|float\s*:\s*[lrv]|line-through|opacity\s*:\s*[0.v]|"
    rb"font(?:-size)?\s*:\s*(?:[0-2]|\.\d|var)|bidi-override|reverse|transform\s*:|(?:translate|scale|rotate)\s*:|"
    rb"clip(?:-path)?\s*:|(?:text-indent|letter-spacing|margin-left)\s*:\s*[-v]|content-visibility|(?:width|height)\s*:\s*0|text-fill|text-security|filter\s*:|"
    rb"color\s*:\s*(?:#f|#[\da-f]{3}0\b|#[\da-f]{6}00\b|white|transparent|rgb|hsl|var)|content\s*:|!\s*important|:\s*(?:var|env|calc|inherit|revert)|\\",
)
_COMMENT = re.compile(rb"(\"(?:[^\"\\\n]|\\.)*+\"|'(?:[^'\\\n]|\\.)*+')|/\*.*?(?:\*/|\Z)", re.DOTALL)
_BRACES = re.compile(r"[{}]|\"(?:[^\"\\\n]|\\.)*+\"?|'(?:[^'\\\n]|\\.)*+'?|\\.|url\([^\"')]*\)", re.DOTALL)
_PIECES = re.compile(
    r"(?:[^;\"'\\(]|\"(?:[^\"\\\n]|\\.)*+\"?|'(?:[^'\\\n]|\\.)*+'?|\\.|\([^)]*\)?|\\)+", re.DOTALL
)
_IMPORTANT = re.compile(r"!\s*important\s*\Z", re.IGNORECASE)
_FONT_SIZE = re.compile(r"(?:^|\s)([\d.]+[a-z%]*)(?=\s|/)")
_READ = frozenset(
    (
        *("display", "visibility", "content-visibility", "vertical-align", "mso-hide", "position", "float"),
        *("text-decoration", "opacity", "font-size", "unicode-bidi", "flex-direction", "transform"),
        *(
            "translate",
            "scale",
            "rotate",
            "clip",
            "clip-path",
            "left",
            "top",
            "right",
            "bottom",
            "text-indent",
        ),
        *("width", "height", "max-width", "max-height", "overflow", "color", "background", "filter"),
        *("-webkit-text-fill-color", "-webkit-text-security", "margin-left", "content"),
        "letter-spacing",
    )
)
"""Properties that decide how a piece of text is read."""
_EXTENT = ("width", "height", "max-width", "max-height", "overflow")
_SAME = {
    "text-decoration-line": "text-decoration",
    "-webkit-text-decoration": "text-decoration",
    "background-color": "background",
    "background-image": "background",
    "overflow-x": "overflow",
    "overflow-y": "overflow",
    "-webkit-transform": "transform",
    "-webkit-filter": "filter",
    "-webkit-clip-path": "clip-path",
    "float": "float",
}
_VALUE = re.compile(r"[-\w.%+#(),/ \t\r\n\"'*\u0080-\U0010ffff]+")
_COMPUTED = re.compile(r"\b(?:var|env|calc|min|max|clamp|attr)\(")
_BOXES = re.compile(
    r"none|block|inline|flow-root|contents|list-item|inline-block|(?:inline-)?(?:flex|grid|table)|"
    r"table-(?:row|cell|column|caption|(?:row|header|footer|column)-group)|-webkit-(?:inline-)?(?:box|flex)|"
    r"ruby|(?:inline|block) (?:flow|flow-root|flex|grid|table)"
)
_KEYWORDS = {
    "display": _BOXES,
    "visibility": re.compile("visible|hidden|collapse"),
    "position": re.compile("static|relative|absolute|fixed|(?:-webkit-)?sticky"),
    "float": re.compile("left|right|none|inline-start|inline-end"),
}
_DEFAULTS = {"display": "inline", "visibility": "visible", "position": "static", "float": "none"}
_LEFT_TO_OTHERS = frozenset(("inherit", "revert", "revert-layer"))
_NO_CELLS = frozenset(("inline", "inline-block", "contents", "flow-root", "inherit"))


class Declaration(NamedTuple):
    """One property of a rule or of an element's own style."""

    name: str
    value: str
    important: bool
    certain: bool
    """False for values that only a browser works out."""


class Rule(NamedTuple):
    """A rule of a sheet that says something about what is read."""

    selectors: tuple[Selector, ...]
    declarations: tuple[Declaration, ...]
    certain: bool
    """False if it is not certain whether browsers apply it."""
    said: frozenset[str]
    """Properties it declares."""
    asked: frozenset[str]
    """Properties by which it may itself change how something is read; other rules only take that back."""
    names: tuple[frozenset[bytes], ...]
    """Classes and `#`identifiers that each of its selectors asks, in lower case."""
    boxes: bool
    """Whether it makes something else of cells and rows, if it is for any."""


class Sheet(NamedTuple):
    """What is read of a style sheet."""

    rules: tuple[Rule, ...]
    whole: bool
    """False where the sheet goes on behind what was read."""


class _Block(NamedTuple):
    """A rule as printed."""

    prelude: str
    body: str
    holds: int


def read_sheet(data: bytes, properties: frozenset[str] | None = None) -> Sheet:
    """Return the rules of a sheet that declare one of some properties.

    None for those rules that may themselves change how something is read, as hardly any sheet has.
    """
    return (_remembered if len(data) <= _LONGEST_REMEMBERED else _read_sheet)(data, properties)


def _read_sheet(data: bytes, properties: frozenset[str] | None) -> Sheet:
    if properties is None and b"/*" not in data and not _MAY_MATTER.search(data.lower()):
        return Sheet((), len(data) <= MAX_SHEET)
    blocks, whole = (_blocks_remembered if len(data) <= _LONGEST_REMEMBERED else _blocks_of)(data)
    rules = []
    try:
        for block in blocks:
            rule = _rule(block) if _may_declare(block.body, properties) else None
            if rule is None:
                continue
            if (rule.asked or rule.boxes) if properties is None else not properties.isdisjoint(rule.said):
                rules.append(rule)
            if len(rules) > MAX_RULES:
                return Sheet((), whole=False)
    except TooMuchWorkError:
        return Sheet((), whole=False)
    return Sheet(tuple(rules), whole)


_remembered = lru_cache(maxsize=32)(_read_sheet)  # pages of a portal have the same sheets


def _may_declare(body: str, properties: frozenset[str] | None) -> bool:
    if properties is None:
        return _MAY_MATTER.search(body.lower().encode("utf-8", "replace")) is not None
    lower = body.lower()
    return "\\" in lower or any(name.rpartition("-")[2] in lower for name in properties) or "font" in lower


def _blocks_of(data: bytes) -> tuple[tuple[_Block, ...], bool]:
    """Return the rules of a sheet as printed, and whether those are all; none if none may matter."""
    whole = len(data) <= MAX_SHEET
    text = data[:MAX_SHEET]
    if b"/*" in text:
        text = _COMMENT.sub(rb"\1", text)
    try:
        return tuple(_blocks(text.decode("utf-8", "replace"))), whole
    except TooMuchWorkError:
        return (), False


_blocks_remembered = lru_cache(maxsize=16)(_blocks_of)


class _Open(NamedTuple):
    """A block that is not closed yet."""

    prelude: str
    """Selectors of a rule, empty for an at-rule."""
    holds: int
    parts: list[str]
    """Declarations in it."""


def _blocks(text: str) -> Iterator[_Block]:
    """Yield the rules of a sheet as printed, those in blocks that hold."""
    text = text.replace("<!--", "    ").replace("-->", "   ")
    # Browsers know these marks only in pages sent as XML.
    holds = MAYBE if "<![CDATA[" in text else YES
    text = text.replace("<![CDATA[", " ").replace("]]>", " ")
    stack = [_Open("", holds, [])]
    place, lost = 0, False
    for brace in _BRACES.finditer(text):
        if brace[0] == "{":
            before, semicolon, prelude = text[place : brace.start()].rpartition(";")
            stack[-1].parts.append(before + semicolon)
            stack.append(_opened(prelude.strip(), stack[-1], lost))
            place, lost = brace.end(), False
        elif brace[0] == "}":
            if len(stack) > 1:
                block = stack.pop()
                block.parts.append(text[place : brace.start()])
                yield from _closed(block)
            else:
                lost = True  # an end too many belongs to the rule behind, which no browser then knows
            place = brace.end()
    if len(stack) > 1:
        stack[-1].parts.append(text[place:])
    while len(stack) > 1:
        yield from _closed(stack.pop())


def _opened(prelude: str, around: _Open, lost: bool) -> _Open:
    holds = min(around.holds, MAYBE) if lost else around.holds
    if prelude.startswith("@"):
        return _Open(around.prelude, min(holds, block_holds(prelude)), [])
    if around.prelude:
        if len(around.prelude) > LONGEST_SELECTOR or len(prelude) > LONGEST_SELECTOR:
            raise TooMuchWorkError
        prelude = ",".join(
            part.replace("&", f":is({around.prelude})")
            if "&" in part
            else f":is({around.prelude}) {part.strip()}"
            for part in split_list(prelude)
        )
    return _Open(prelude, holds, [])


def _closed(block: _Open) -> Iterator[_Block]:
    if block.holds != NO and block.prelude and (body := "".join(block.parts)).strip():
        yield _Block(block.prelude, body, block.holds)


def _rule(block: _Block) -> Rule | None:
    declarations = tuple(declared(block.body))
    if not declarations:
        return None
    parts = split_list(block.prelude)
    if len(parts) > _MOST_SELECTORS:
        raise TooMuchWorkError
    selectors = [read_selector(part) for part in parts]
    known = tuple(selector for selector in selectors if selector is not None)
    # Browsers leave out the whole rule for a selector they do not know; which these are is theirs to say.
    all_known = len(known) == len(selectors) and all(selector.known for selector in known)
    if not known:
        return None
    return Rule(
        known,
        declarations,
        certain=block.holds == YES and all_known,
        said=frozenset(declaration.name for declaration in declarations),
        asked=_asked(declarations),
        names=tuple(map(_names, known)),
        boxes=_boxes(declarations),
    )


def _asked(declarations: tuple[Declaration, ...]) -> frozenset[str]:
    return frozenset(
        name
        for declaration in declarations
        if _matters(declaration)
        for name in (_EXTENT if declaration.name in _EXTENT else (declaration.name,))
    )


def _names(selector: Selector) -> frozenset[bytes]:
    asked = selector.compounds
    names = [
        *(f"#{name}" for one in asked for name in one.ids),
        *(name for one in asked for name in one.classes),
    ]
    return frozenset(name.lower().encode("utf-8", "replace") for name in names)


def _boxes(declarations: tuple[Declaration, ...]) -> bool:
    return any(name == "display" and value in _NO_CELLS for name, value, *_ in declarations)


def _matters(declaration: Declaration) -> bool:
    style = written([declaration])
    return (
        not declaration.certain
        or declaration.important  # it may win over an element's own style
        or declaration.name == "content"
        or any(looks_of(style))
        or ZERO_SIZE.search(style) is not None
    )


def written(declarations: Iterable[Declaration]) -> str:
    """Return declarations as the value of a style attribute."""
    return ";".join(f"{name}:{value}" for name, value, *_ in declarations)


def declared(text: str) -> Iterator[Declaration]:
    """Yield the declarations of a block or of a style attribute that say how something is read."""
    for number, piece in enumerate(_PIECES.finditer(text)):
        name, colon, value = piece[0].partition(":")
        name = unescaped(name.strip()).lower()
        if not colon or number >= _MOST_DECLARATIONS:
            continue
        if name == "font":
            size = _FONT_SIZE.search(value)
            name, value = (
                "font-size",
                (size[1] if size else "medium") + (" !important" if _IMPORTANT.search(value) else ""),
            )
        name = _SAME.get(name, name)
        if name in _READ and (declaration := _declaration(name, value)) is not None:
            yield declaration


def _declaration(name: str, value: str) -> Declaration | None:
    """Return a declaration, None for one that browsers leave out."""
    important = _IMPORTANT.search(value)
    value = (value[: important.start()] if important else value).strip(" \t\r\n\f")
    if name != "content":
        value = unescaped(value)
    value = value.lower()
    if not value or (name != "content" and not _VALUE.fullmatch(value)):
        return None
    if value in ("initial", "unset"):
        value = _DEFAULTS.get(name, value)
    if name == "display" and value == "revert":  # what elements are by themselves, none of them hidden
        return Declaration(name, value, important is not None, certain=True)
    if value in _LEFT_TO_OTHERS or _COMPUTED.search(value):
        # Colours and sizes of sheets are variables as a rule, and hardly ever none: what is worked out shows.
        return Declaration(name, value, important is not None, certain=False) if name in _KEYWORDS else None
    keywords = _KEYWORDS.get(name)
    if keywords is not None and not keywords.fullmatch(value):
        return None
    return Declaration(name, value, important is not None, certain=True)
