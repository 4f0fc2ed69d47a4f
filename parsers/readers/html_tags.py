"""What kinds of elements there are for a reader, and the text of lines."""

import re

BLOCK, HOLDER, BREAK, HEADING, TABLE, SECTION, ROW, CELL, LINK, IMAGE, INPUT, APART = range(1, 13)
KINDS: dict[str, int] = {
    **dict.fromkeys(("p", "li", "ul", "ol", "dl", "dt", "dd", "pre", "hr", "address", "figure"), BLOCK),
    **dict.fromkeys(("figcaption", "details", "summary", "fieldset", "header", "caption"), BLOCK),
    **dict.fromkeys(("legend", "menu", "dir", "listing", "hgroup", "search", "optgroup", "option"), BLOCK),
    **dict.fromkeys(("div", "section", "article", "main", "form", "center", "blockquote"), HOLDER),
    **dict.fromkeys(("ucapcontent", "body", "aside", "nav", "footer"), HOLDER),
    **dict.fromkeys(("h1", "h2", "h3", "h4", "h5", "h6"), HEADING),
    **dict.fromkeys(("thead", "tbody", "tfoot"), SECTION),
    **dict.fromkeys(("td", "th"), CELL),
    # Struck, inserted, raised or lowered digits must never run together with the digits beside them.
    **dict.fromkeys(("del", "ins", "s", "strike", "sup", "sub"), APART),
    "br": BREAK,
    "table": TABLE,
    "tr": ROW,
    "a": LINK,
    "img": IMAGE,
    "input": INPUT,
}
_INVISIBLE = "\u200b\u200c\u200d\u200e\u200f\u2060\ufeff\u00ad"
# Escaped once too often: what should have been a space is printed as its name.
_SPACE_NAMED = re.compile(r"&(?:nbsp|ensp|emsp|thinsp|#160|#12288|#xa0);?", re.IGNORECASE)
_LEGEND = re.compile(r"</?legend\b[^>]{0,200}>")


def tidy(text: str) -> str:
    """Return one line: single spaces, no invisible ends, no debris of markup printed as text."""
    if "&" in text:
        text = _SPACE_NAMED.sub(" ", text)
    text = " ".join(text.split())
    if not text.isascii():
        text = text.strip(_INVISIBLE)
    return _LEGEND.sub("", text) if "<" in text else text
