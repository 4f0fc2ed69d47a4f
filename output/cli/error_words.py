"""What an error says, in the language of the shell."""

import re
import tomllib
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from importlib import resources
from pathlib import Path
from typing import TypeAlias

from output.errors import REFUSED, GateRefusedError, ReferenceDataError
from scraper.errors import PortalsFileError, Problem

Lines: TypeAlias = list[tuple[re.Pattern[str], str]]
"""Whole English sentences as patterns, and their Chinese with places for the groups."""


def error_text(error: Exception, lang: str) -> str:
    """Return the sentence of an error; details that come from the system or a file stay as they are."""
    if lang != "zh":
        return str(error)
    if isinstance(error, PortalsFileError):
        return "\n".join(_problem(error.path, problem) for problem in error.problems)
    if isinstance(error, ReferenceDataError):
        return _chinese("reference", str(error))
    if isinstance(error, GateRefusedError):
        lost = "\n".join(f"  {_chinese('gate', loss)}" for loss in error.losses)
        return _chinese("gate", REFUSED).format(losses=lost)
    said = _chinese("refusal", str(error))
    said = _chinese("storage", str(error)) if said == str(error) else said
    return f"出错：{error}" if said == str(error) else said


def input_reason(reason: str, lang: str) -> str:
    """Return why an input could not be read, in the language of the shell."""
    return _chinese("input", reason) if lang == "zh" else reason


def _problem(path: Path, problem: Problem) -> str:
    place = str(path) if problem.line is None else f"{path}:{problem.line}"
    key = f"{problem.key}：" if problem.key else ""
    return f"{place}：{key}{_chinese('portals', problem.message)}"


def usage_text(message: str) -> str:
    """Return in Chinese what the option parser has against a command line."""
    return _chinese("usage", message)


def _chinese(kind: str, detail: str) -> str:
    """Return a detail in Chinese, or as it is where no line of `error_words.toml` is about it."""
    said = first_match(_details()[kind], detail, lambda group: _chinese(kind, group))
    if said is not None:
        return said
    return detail if kind == "system" else _chinese("system", detail)


def first_match(lines: Lines, text: str, inner: Callable[[str], str]) -> str | None:
    """Return the Chinese of the first line whose English is all of a text, its groups put through `inner`."""
    for english, chinese in lines:
        if match := english.fullmatch(text):
            return chinese.format(*map(inner, match.groups()))
    return None


def compiled(entries: Iterable[Mapping[str, str]]) -> Lines:
    """Return entries of a file of words (`en`, a regular expression, and `zh`) for `first_match`."""
    return [(re.compile(one["en"], re.DOTALL), one["zh"]) for one in entries]


@cache
def _details() -> dict[str, Lines]:
    text = resources.files("output.cli").joinpath("error_words.toml").read_text(encoding="utf-8")
    return {kind: compiled(lines) for kind, lines in tomllib.loads(text).items()}
