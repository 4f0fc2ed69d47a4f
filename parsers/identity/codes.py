"""Codes printed on pages: credit codes and organisation codes with their check characters, codes of sites.

统一社会信用代码: GB 32100-2015; 组织机构代码: GB 11714-1997.
"""

import re

_CREDIT_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_CREDIT_WEIGHTS = tuple(pow(3, place, 31) for place in range(17))
_ORGANISATION_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
_CREDIT = re.compile(
    rf"[1-9A-HJ-NPQRTUWXY](?<![0-9A-Z].)[{_CREDIT_ALPHABET}]\d{{6}}[{_CREDIT_ALPHABET}]{{10}}(?![0-9A-Z])"
)


def is_credit_code(code: str) -> bool:
    """Return whether 18 characters are a credit code: both its own check character and the inner one hold."""
    if len(code) != 18 or any(character not in _CREDIT_ALPHABET for character in code):
        return False
    total = sum(
        _CREDIT_ALPHABET.index(character) * weight
        for character, weight in zip(code[:17], _CREDIT_WEIGHTS, strict=True)
    )
    return code[17] == _CREDIT_ALPHABET[-total % 31] and is_organisation_code(code[8:17])


def is_organisation_code(code: str) -> bool:
    """Return whether nine characters are an organisation code with its right check character."""
    if not re.fullmatch(r"[0-9A-Z]{8}[0-9X]", code):
        return False
    total = sum(
        int(character, 36) * weight for character, weight in zip(code[:8], _ORGANISATION_WEIGHTS, strict=True)
    )
    check = 11 - total % 11
    return code[8] == {10: "X", 11: "0"}.get(check, str(check))


def credit_codes(text: str) -> tuple[str, ...]:
    """Return the verified credit codes in a text, each once, in reading order."""
    return tuple(dict.fromkeys(code for code in _CREDIT.findall(text) if is_credit_code(code)))
