"""Checks of form, year, date, region and what the page says about the report."""

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import date

from parsers.checks.case import NOT_ASSESSABLE, PASS, Case, Failure, Verdict, due_era
from parsers.checks.catalogue import Bilingual
from parsers.checks.criteria import criteria, patterns
from parsers.checks.labels import form_name, joined, table_name
from parsers.regions import region

_NO_REGION = Bilingual("no region", "无结论")


def check_form_and_year(case: Case) -> Iterator[Verdict]:
    """S-03: the printed form is the one due for the year, in all its tables."""
    year = case.identity.fiscal_year
    eras = {table: era for table, era in case.report.reading.sub_table_eras.items() if era is not None}
    evidence = {"tables": dict(sorted(eras.items())), "year": year}
    if len(set(eras.values())) > 1:
        counts = Counter(eras.values())
        mixed = joined(_table_and_form(table, era) for table, era in sorted(eras.items()))
        found = ", ".join(sorted(counts))
        yield Failure(
            expected=due_era(year), found=found, say="mixed", values={"tables": mixed}, evidence=evidence
        )
    elif case.report.era is None or year is None:
        yield NOT_ASSESSABLE
    elif case.report.era == due_era(year):
        yield PASS
    else:
        values = {"found_form": form_name(case.report.era), "due_form": form_name(due_era(year))}
        yield Failure(expected=due_era(year), found=case.report.era, values=values, evidence=evidence)


def _table_and_form(table: str, era: str) -> Bilingual:
    names = table_name(era, table), form_name(era)
    return Bilingual(f"“{names[0].en}”: {names[1].en}", f"“{names[0].zh}”为{names[1].zh}")


def check_one_year(case: Case) -> Iterator[Verdict]:
    """S-04: title, statistics period and text speak of one year."""
    years = case.identity.years
    title, period, text = years.get("title"), years.get("period"), years.get("text")
    evidence = {"years": dict(years)}
    if title is None or period is None:
        yield NOT_ASSESSABLE
    elif title == period:
        yield PASS
    else:
        yield Failure(expected=title, found=period, delta=period - title, evidence=evidence)
    known = title if title is not None else period
    if known is None or text is None:
        yield NOT_ASSESSABLE
    elif text in (title, period):
        yield PASS
    else:
        yield Failure(
            expected=known, found=text, delta=text - known, say="text", severity="warning", evidence=evidence
        )


def _limits(case: Case) -> tuple[date, ...]:
    """Return the legal dates that may apply; more than one where kind, scope or year leave it open.

    Where the title names another year than the period (S-04), which of the two is wrong is not known.
    """
    years = {case.identity.fiscal_year, case.identity.years.get("title")}
    return tuple(limit for year in sorted(filter(None, years)) for limit in _limits_of(case, year))


def _limits_of(case: Case, year: int) -> Iterator[date]:
    known, kind, scope = criteria()["deadlines"], case.identity.agency_kind, case.identity.scope
    if year < known["first_year_of_two"]:
        names = ["before"]
    elif kind == "government" or scope == "government_aggregate":
        names = ["government"]
    elif kind is None or (kind == "office" and scope is None):
        names = ["other", "government"]
    else:
        names = ["other"]
    yield from (date(year + 1, *known[name]) for name in names)


def check_published(case: Case) -> Iterator[Verdict]:
    """S-06: published by the legal date."""
    limits = _limits(case)
    printed = case.identity.published_on
    published = _as_date(printed)
    if not limits or published is None:
        yield NOT_ASSESSABLE
    elif published <= min(limits):
        yield PASS
    elif published > max(limits):
        late = (published - max(limits)).days
        yield Failure(
            expected=max(limits).isoformat(), found=published.isoformat(), delta=late, values={"late": late},
            evidence={"date": printed, "from": case.identity.published_on_from},
        )  # fmt: skip
    else:
        yield NOT_ASSESSABLE


def _as_date(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text[:10]) if text else None
    except ValueError:
        return None


def check_metadata(case: Case) -> Iterator[Verdict]:
    """S-24: title, body, date and a contact are on the page; a bare text is no page and says nothing."""
    if case.report.source.kind != "html":
        yield NOT_ASSESSABLE
        return
    identity = case.identity
    given = {"title": identity.title, "agency": identity.agency, "date": identity.published_on}
    found = (patterns("contact")[0].search(text) for text in case.sections.values())
    contact = identity.contact is not None or any(found)
    missing = [name for name, value in {**given, "contact": contact}.items() if not value]
    if not missing:
        yield PASS
        return
    names = {"title": "标题", "agency": "机关名称", "date": "公布日期", "contact": "联系方式"}
    shown = {"date": "publication date"}
    values = {
        "missing": Bilingual(
            ", ".join(shown.get(name, name) for name in missing), "、".join(names[name] for name in missing)
        )
    }
    yield Failure(expected=4, found=4 - len(missing), values=values, evidence={"missing": missing})


def check_region(case: Case) -> Iterator[Verdict]:
    """R-01: the witnesses of the region lie on one line of the code tree, as the vote has found."""
    identity = case.identity
    witnesses = [one for one in identity.region_witnesses if one.get("code")]
    if identity.region_conflict:
        listed = ", ".join(dict.fromkeys(f"{one.get('group', '?')} {one['code']}" for one in witnesses))
        yield Failure(
            expected=identity.region_code,
            found=listed,
            values={
                "region": _place(identity.region_code) if identity.region_code else _NO_REGION,
                "witnesses": joined(dict.fromkeys(map(_witness, witnesses))),
            },
            evidence={"witnesses": [dict(one) for one in witnesses]},
        )
    elif len({one.get("group") for one in witnesses}) < 2:
        yield NOT_ASSESSABLE
    else:
        yield PASS


def _witness(one: Mapping[str, str]) -> Bilingual:
    """Return how a message names a witness: what it is, and the place its code stands for."""
    known = criteria()["witnesses"].get(one.get("kind", ""))
    name = Bilingual(**known) if known else Bilingual(one.get("group", "?"), one.get("group", "?"))
    return Bilingual(f"{name.en} {_place(one['code'])}", f"{name.zh}{_place(one['code'])}")


def _place(code: str) -> str:
    found = region(code.ljust(6, "0"))
    return f"{code} {found.name}" if found else code
