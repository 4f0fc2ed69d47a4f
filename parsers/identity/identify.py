"""All parts of identity put together."""

from parsers.agencies import level_of
from parsers.document import Document
from parsers.identity.body import read_agency
from parsers.identity.codes import credit_codes
from parsers.identity.fiscal_year import decide_year, period_year, text_year
from parsers.identity.metadata import contact, document_number, index_number, published_on, read_fields
from parsers.identity.names import Titles, read_titles
from parsers.identity.region_vote import (
    Vote,
    Witness,
    agency_witnesses,
    host_witnesses,
    portal_witnesses,
    site_witnesses,
    vote,
)
from parsers.identity.scope import read_scope
from parsers.identity.screening import judge
from parsers.identity.view import View, view_of
from parsers.records import Hints, Identity, Section
from parsers.titles import TitleParts


def identify(
    document: Document,
    sections: tuple[Section, ...],
    hints: Hints,
    *,
    era: str | None = None,
    has_tables: bool = False,
    tables: frozenset[str] = frozenset(),
) -> Identity:
    """Return who reports, about which year and place, published when, and whether this is a report at all.

    `era` is the form of the tables, `has_tables` says that cells of a form were found, `tables` of which
    of its tables. Unknown is None.
    """
    view = view_of(document, sections)
    fields = read_fields(view)
    titles = read_titles(document, view, hints, fields)
    site = [*site_witnesses(view), *portal_witnesses(hints), *host_witnesses(hints)]
    around = vote(site).code
    agency = read_agency(view, titles, fields, around)
    years = _years(view, titles, sections)
    year = decide_year(years["title"], years["period"], years["text"])
    number = index_number(fields)
    own = agency_witnesses(agency.name, view.opening, number, year, around)
    region = vote([*own, *site])
    cls = level_of(agency.name, year=year, within=region.code or around) if agency.name else None
    scope = read_scope(view, cls.kind if cls else None)
    published = published_on(view, fields, hints)
    judgement = judge(
        document, view, sections, titles,
        agency=agency.name, has_tables=has_tables or era is not None, tables=tables,
    )  # fmt: skip
    codes = credit_codes(f"{number or ''}\n{view.opening}")
    return Identity(
        title=titles.title or None,
        title_from=titles.source,
        agency=agency.name,
        agency_from=agency.source,
        agency_kind=cls.kind if cls else None,
        level=cls.level if cls else None,
        scope=scope.code,
        scope_evidence=scope.evidence,
        fiscal_year=year,
        years=years,
        region_code=region.code,
        region_from=region.source,
        region_conflict=region.conflict,
        region_witnesses=_records(own, site, region),
        published_on=published.day,
        published_on_from=published.source,
        document_number=document_number(fields),
        index_number=number,
        credit_code=codes[0] if len(codes) == 1 else None,
        contact=contact(view),
        is_report=judgement.is_report,
        reason=judgement.reason,
    )


def _records(own: list[Witness], site: list[Witness], _region: Vote) -> tuple[dict[str, str], ...]:
    return tuple(witness.as_record() for witness in (*own, *site))


def _years(view: View, titles: Titles, sections: tuple[Section, ...]) -> dict[str, int | None]:
    """Return the year of each witness; the document's own title speaks before the page's."""
    return {
        "title": _title_year(titles),
        "period": period_year(view),
        "text": text_year(view, sections),
    }


def _title_year(titles: Titles) -> int | None:
    stated: list[TitleParts] = [parts for parts in (titles.own, titles.parts) if parts and parts.years]
    reports = (parts for parts in titles.all_parts if parts.verdict == "report")
    return next((parts.year for parts in (*stated, *reports) if parts.year is not None), None)
