"""Both languages say everything, with the same blanks to fill in."""

import re
import tomllib
from pathlib import Path
from typing import Any, get_args

import output.explorer
from output.explorer.words import cells, measure_groups, words_of
from parsers.checks.catalogue import Whose

FOLDER = Path(output.explorer.__file__).parent
ALL = tomllib.loads((FOLDER / "words.toml").read_text(encoding="utf-8"))


def flat(words: dict[str, Any], before: str = "") -> dict[str, str]:
    found = {}
    for key, value in words.items():
        if isinstance(value, dict):
            found |= flat(value, f"{before}{key}.")
        else:
            found[before + key] = "\n".join(value) if isinstance(value, list) else value
    return found


def test_the_languages_have_the_same_keys_and_blanks() -> None:
    en, zh = flat(ALL["en"]), flat(ALL["zh"])
    assert en.keys() == zh.keys()
    for key, text in en.items():
        assert sorted(re.findall(r"\{(\w+)", text)) == sorted(re.findall(r"\{(\w+)", zh[key])), key


def test_every_word_the_templates_ask_for_is_there_and_none_is_idle() -> None:
    used = set()
    for path in (*FOLDER.rglob("*.html"), *FOLDER.rglob("*.py")):
        used |= set(re.findall(r"""["'](\w+)["']""", path.read_text(encoding="utf-8")))
    words = {key for key, value in ALL["en"].items() if isinstance(value, str)}
    built = {key for key in words if key.startswith(("nav_", "legend_", "shell_"))} | set(get_args(Whose))
    assert words - used - built == set()


def test_everything_can_be_compared() -> None:
    for lang in ("en", "zh"):
        codes = [option.code for _, options in measure_groups(lang) for option in options]
        assert len(codes) == len(set(codes))
        assert set(cells()) <= set(codes)
        assert all(option.name for _, options in measure_groups(lang) for option in options)
    assert words_of("zh").cell("requests.received.total") == "一、本年新收政府信息公开申请数量 · 总计"
