"""One printed cell as a number, or why it is none.

Strict on purpose: a figure is `reported` only when the whole cell reads as one figure.
"""

import re
import unicodedata
from decimal import Decimal
from functools import cache
from typing import NamedTuple

from parsers.forms.model import Kind
from parsers.knowledge import read_toml
from parsers.records import Number, Status
from parsers.text import clean, simplify

_DATA = read_toml("figures.toml", "")
_LONGEST_CELL = 200
_TURNED = "\u202e"
"""Sign behind which characters are shown from the right to the left: 12 is seen as 21."""
_MOST_DIGITS = {"count": 9, "signed_count": 9, "amount": 15}
_MOST_DECIMALS = 8


class Figure(NamedTuple):
    """A cell as read; `value` is in `unit` and None unless the status is `reported`."""

    value: Number | None
    status: Status
    note: str | None = None
    """The printed remark, the printed unit where it is not that of the form, or why there is no value."""
    unit: str | None = None


def _one_of(words: list[str]) -> str:
    return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))


_DASH = re.compile(f"[{re.escape(_DATA['dashes'])}\\s]+")
NOT_APPLICABLE = frozenset(_DATA["not_applicable"])
"""Whole cells that say that the row does not apply, upper case."""
_NOT_A_WORD = re.compile(r"[^\w/]")
_MONEY: dict[str, int] = _DATA["money"]
_MULTIPLES: dict[str, int] = _DATA["multiples"]
_COUNTERS = frozenset(_DATA["counters"])
UNITS = _COUNTERS | frozenset(_MONEY)
"""What may stand behind a figure."""
_UNIT_NAMED = re.compile("^单位:?")
_MINUS = frozenset(_DATA["minus_signs"] + _DATA["minus_words"])
SIGN_WORDS = frozenset(_DATA["minus_words"] + _DATA["plus_words"])
"""Words before a figure that say whether it grew."""
_SPLIT_DIGITS = re.compile(r"[0-9.,] +[0-9.,]")
_REMARK = re.compile(r"^([^(\[〔【]+)[(\[〔【]([^()\[\]〔〕【】]*)[)\]〕】]?$")
_END_STOP = re.compile(r"[。;；,，.]$")
_PRINTED = re.compile(
    f"(?P<lead>(?:{_one_of(_DATA['lead_words'])})?)(?P<yuan>[{''.join(_DATA['yuan_signs'])}]?)"
    f"(?P<sign>(?:{_one_of(_DATA['minus_signs'] + _DATA['plus_signs'] + list(SIGN_WORDS))})?)"
    r"(?P<number>[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]+)?|[0-9]+(?:\.[0-9]+)?|[〇零一二三四五六七八九十百千两]+)"
    rf"(?P<suffix>(?:{_one_of(list(_MULTIPLES))})?(?:{_one_of(list(_COUNTERS))})?|{_one_of(list(_MONEY))})"
)
_UNREADABLE = Figure(None, "unreadable")


def read_figure(
    raw: str,
    kind: Kind,
    unit: str | None,
    *,
    printed_unit: str | None = None,
    unit_must_be_printed: bool = False,
) -> Figure:
    """Return what one printed cell says, in the unit of the form.

    Accepts counters (`12件`), one remark in brackets behind the figure (kept in `note`), valid thousands
    separators, full-width digits, whole Chinese numerals, signs, and amounts with their unit (converted
    exactly). A unit in the cell beats `printed_unit` (that of the heading), which beats the unit of the form.
    A whole number is an int, `0.00` included; a clean `-1` or `1.5` is a figure also where the form expects a
    count, so that checks can show it. Digits with a leading zero (`000`, `0012`) are figures run together and
    not read. Never raises.
    """
    if (
        raw.isdigit()
        and raw.isascii()
        and len(raw) < 9
        and (raw[0] != "0" or len(raw) == 1)
        and kind != "header"
    ):
        if kind != "amount":
            return Figure(int(raw), "reported", None, unit)
    elif not raw or raw.isspace():
        return Figure(None, "blank", None, unit)
    return _read(raw, kind, unit, printed_unit, unit_must_be_printed)._replace(unit=unit)


def _read(raw: str, kind: Kind, unit: str | None, printed_unit: str | None, must: bool) -> Figure:
    if len(raw) > _LONGEST_CELL or any(unicodedata.category(char) == "No" for char in raw):
        return _UNREADABLE  # circled and raised digits are marks, not figures
    if _TURNED in raw:
        return _UNREADABLE
    text = clean(unicodedata.normalize("NFKC", clean(raw)))
    if not text:
        return Figure(None, "blank")
    if _DASH.fullmatch(text):
        return Figure(None, "dash")
    text, remark = _split_remark(text)
    text = simplify(text)
    if _NOT_A_WORD.sub("", text).upper() in NOT_APPLICABLE:
        return Figure(None, "not_applicable", remark)
    if kind == "header":
        return Figure(None, "unreadable", "no figure expected")
    if _SPLIT_DIGITS.search(text):
        return _UNREADABLE
    if remark and (unit_named := _UNIT_NAMED.sub("", remark)) in UNITS:
        if (unit_named in _MONEY) != (kind == "amount"):
            return Figure(None, "unreadable", "unit does not fit")
        printed_unit, remark = unit_named, None if kind == "amount" else remark
    parts = _PRINTED.fullmatch(_END_STOP.sub("", text.replace(" ", "")))
    number = _number(parts["number"], kind, parts["suffix"]) if parts else None
    if parts is None or number is None or (parts["sign"] in SIGN_WORDS and kind != "signed_count"):
        return _UNREADABLE
    if parts["sign"] in _MINUS:
        number = -number
    if kind == "amount":
        if not number and printed_unit not in _MONEY:
            printed_unit = None  # nothing is nothing in any unit
        suffix = parts["suffix"] or ("元" if parts["yuan"] else printed_unit)
        return _amount(number, unit, suffix, remark, must)
    if parts["yuan"]:
        return Figure(None, "unreadable", "unit does not fit")
    return _count(number, parts["suffix"], remark)


def _split_remark(text: str) -> tuple[str, str | None]:
    found = _REMARK.match(text)
    return (found[1].strip(), found[2].strip() or None) if found else (text, None)


def _number(digits: str, kind: Kind, suffix: str) -> Decimal | None:
    if digits == "一" and suffix in _COUNTERS:
        return Decimal(1)  # without a word behind it the stroke may be a dash
    if digits[0] in "〇零一二三四五六七八九十百千两":
        return _numerals().get(digits)
    digits = digits.replace(",", "")
    whole, _, decimals = digits.partition(".")
    if len(whole) > _MOST_DIGITS[kind] or len(decimals) > _MOST_DECIMALS:
        return None
    if whole[0] == "0" and len(whole) > 1:
        return None
    return Decimal(digits)


def _count(number: Decimal, suffix: str, remark: str | None) -> Figure:
    for multiple, power in _MULTIPLES.items():
        if suffix.startswith(multiple) and suffix not in _COUNTERS:
            if suffix.removeprefix(multiple) not in _COUNTERS | {""}:
                return Figure(None, "unreadable", "unit does not fit")
            number = number.scaleb(power)
            if number != number.to_integral_value():
                return _UNREADABLE
            suffix = suffix.removeprefix(multiple)
    if suffix and suffix not in _COUNTERS:
        return Figure(None, "unreadable", "unit does not fit")
    return Figure(_plain(number), "reported", remark)


def _amount(number: Decimal, unit: str | None, printed: str | None, remark: str | None, must: bool) -> Figure:
    if printed is None:
        if must and number:
            return Figure(None, "unreadable", "unit not printed")
        return Figure(_plain(number), "reported", remark)
    if printed not in _MONEY or unit not in _MONEY:
        return Figure(None, "unreadable", "unit does not fit")
    shift = _MONEY[printed] - _MONEY[unit]
    note = f"printed unit: {printed}" if shift else None
    return Figure(_plain(number.scaleb(shift)), "reported", "; ".join(filter(None, (remark, note))) or None)


def _plain(number: Decimal) -> Number:
    whole = number.to_integral_value()
    return int(whole) if number == whole else number.normalize()


@cache
def _numerals() -> dict[str, Decimal]:
    """Return every Chinese numeral below ten thousand in its usual spellings.

    A single 一 is left out: in a cell it is as often a dash. So are rows of digits (二〇二四): years, codes.
    """
    digits = "零一二三四五六七八九"
    spellings: dict[str, Decimal] = {"〇": Decimal(0)}
    for value in range(10_000):
        text, gap = "", False
        for place, name in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
            digit = value // place % 10
            if digit:
                text += ("零" if gap and text else "") + digits[digit] + name
                gap = False
            else:
                gap = True
        text = text or "零"
        for spelling in {text, text.replace("零", "〇")}:
            for variant in {spelling, spelling.replace("二千", "两千"), spelling.replace("二百", "两百")}:
                spellings[variant] = Decimal(value)
        if 10 <= value < 20:
            spellings[text.removeprefix("一")] = Decimal(value)
        if value == 2:
            spellings["两"] = Decimal(value)
    del spellings["一"]
    return spellings


def heading_unit(*texts: str) -> str | None:
    """Return the unit of money that texts beside a figure (heading, row label, caption) print in brackets.

    None where they print none. Where they print different ones, or one that is not known, the result is no
    unit either, so that no figure can be read in it.
    """
    found: dict[str, None] = {}
    for text in map(simplify, texts):
        if _MAYBE_MONEY.search(text):
            plain = unicodedata.normalize("NFKC", clean(text))
            units = _HEADING_UNIT.findall(plain) or _ODD_UNIT.findall(plain)
            found.update(dict.fromkeys(unit.strip() for unit in units))
    return "、".join(found) or None


_MAYBE_MONEY = re.compile(f"[{''.join(sorted({char for unit in _MONEY for char in unit}))}]")
_LEAD = f"(?:单位 ?:? ?)?(?:{_one_of(_DATA['unit_leads'])})? ?"
_TAIL = f"(?:{_one_of(_DATA['unit_ends'])})? ?"
_HEADING_UNIT = re.compile(rf"[(\[:] ?{_LEAD}({_one_of(list(_MONEY))}){_TAIL}(?:[)\]]|$)")
_ODD_UNIT = re.compile(r"[(\[:]([^()\[\]:]{0,12}[元圆][^()\[\]:]{0,12})(?:[)\]]|$)")
