"""What each rule is, from `checks.toml`: severity, eras, whose rule it is, sentences in both languages."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple, TypeAlias, cast, get_args

from parsers import knowledge
from parsers.forms import ERAS
from parsers.records import Severity

Whose: TypeAlias = Literal["official", "implied", "local_notice", "judgement"]
About: TypeAlias = Literal["source", "reading"]
Language: TypeAlias = Literal["en", "zh"]
LANGUAGES: tuple[Language, Language] = ("en", "zh")
ALL_ERAS = tuple(reversed(ERAS))


class Bilingual(NamedTuple):
    """One text in both languages."""

    en: str
    zh: str


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule of the catalogue; the id is stable because it stands in published findings."""

    id: str
    severity: Severity
    eras: tuple[str, ...]
    whose: Whose
    about: About
    panel: bool
    """True when the rule compares several reports."""
    title: Bilingual
    states: Bilingual
    """What must hold, or when the rule fires."""
    say: Mapping[str, Bilingual]
    """Message templates by name; `default` is the usual one."""


class CatalogueError(ValueError):
    """checks.toml contradicts itself; the message names the rule and the key."""


def read_toml(name: str) -> dict[str, Any]:
    """Return one TOML file of this folder."""
    return knowledge.read_toml(name, "checks")


def _rule(rule_id: str, item: Mapping[str, Any]) -> Rule:
    try:
        rule = Rule(
            id=rule_id,
            severity=item["severity"],
            eras=tuple(item.get("eras", ALL_ERAS)),
            whose=item["whose"],
            about=item.get("about", "source"),
            panel=item.get("panel", False),
            title=Bilingual(**item["title"]),
            states=Bilingual(**item["states"]),
            say={name: Bilingual(**texts) for name, texts in item["say"].items()},
        )
    except (KeyError, TypeError) as problem:
        raise CatalogueError(f"checks.toml: {rule_id}: {problem}") from problem
    allowed = {"severity": get_args(Severity), "whose": get_args(Whose), "about": get_args(About)}
    for key, words in allowed.items():
        if getattr(rule, key) not in words:
            raise CatalogueError(
                f"checks.toml: {rule_id}.{key} = {getattr(rule, key)!r}, expected one of {words}"
            )
    return rule


def load_rules() -> dict[str, Rule]:
    """Return the rules by id in the order of the file; raises `CatalogueError`."""
    data = cast(dict[str, dict[str, Any]], read_toml("checks.toml"))
    return {rule_id: _rule(rule_id, item) for rule_id, item in data.items()}


RULES = load_rules()
