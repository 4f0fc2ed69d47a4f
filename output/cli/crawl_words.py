"""What a crawl reports in codes and English sentences, in words of the shell's language."""

import re
import tomllib
from functools import cache
from importlib import resources
from typing import Any

from output.cli.error_words import Lines, compiled, first_match


def code_words(kind: str, code: str, lang: str) -> str:
    """Return a code of `outcome`, `end` or `skip` with its words; the code alone where there are none."""
    known = _words()[kind].get(code)
    if not known:
        return code
    return f"{code}（{known[lang]}）" if lang == "zh" else f"{code} ({known[lang]})"


def sentence_words(text: str, lang: str) -> str:
    """Return a sentence of a run's report, in Chinese where that is asked for, codes of outcomes in words."""
    return _outcomes().sub(
        lambda code: code_words("outcome", code.group(), lang), _chinese(text) if lang == "zh" else text
    )


def list_reason(reason: str, lang: str) -> str:
    """Return why a list was not read to its end: a sentence, or the code of the reason where that is all."""
    return code_words("end", reason, lang) if reason in _words()["end"] else sentence_words(reason, lang)


def _chinese(text: str) -> str:
    """Return a sentence in Chinese; one that `crawl_words.toml` does not know stays as it is."""
    return first_match(_sentences(), text, _chinese) or text


@cache
def _words() -> dict[str, Any]:
    text = resources.files("output.cli").joinpath("crawl_words.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


@cache
def _sentences() -> Lines:
    return compiled(_words()["sentence"])


@cache
def _outcomes() -> re.Pattern[str]:
    """Match codes of outcomes that stand in a sentence as words of their own, never within an address."""
    return re.compile(rf"(?<![\w/.:?=&#-])(?:{'|'.join(_words()['outcome'])})(?![\w/.=&#-])")
