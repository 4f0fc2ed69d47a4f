"""The list of rules as a table, for the documentation."""

from parsers.checks.catalogue import ALL_ERAS, RULES, Rule

_WHOSE = {
    "official": "official",
    "implied": "implied",
    "local_notice": "local notice",
    "judgement": "judgement",
}


def _line(rule: Rule) -> str:
    eras = "all" if rule.eras == ALL_ERAS else ", ".join(rule.eras)
    states = f"{rule.states.en}<br>{rule.states.zh}"
    title = f"{rule.title.en}<br>{rule.title.zh}"
    several = "several reports" if rule.panel else "one report"
    cells = (rule.id, title, states, rule.severity, eras, _WHOSE[rule.whose], rule.about, several)
    return "| " + " | ".join(cells) + " |"


def rules_table() -> str:
    """Return all rules as a Markdown table, ordered by id."""
    head = (
        "| rule | title | states | severity | forms | whose rule | about | looks at |",
        "|---|---|---|---|---|---|---|---|",
    )
    order = {group: number for number, group in enumerate(("T2", "T3", "T4", "S", "A", "G", "R"))}
    rules = sorted(RULES.values(), key=lambda rule: (order[rule.id.split("-")[0]], rule.id))
    return "\n".join((*head, *(_line(rule) for rule in rules)))


if __name__ == "__main__":
    print(rules_table())
