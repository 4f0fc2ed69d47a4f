"""Pictures and ranks that do not mislead: zero, breaks, gaps, bases, denominators."""

from dataclasses import replace
from typing import Any

import pytest
from lxml import html

from output.compare import Comparison, Line
from output.explorer.charts import chart_spec
from output.explorer.peers import ranking
from output.explorer.sentences import sentences
from output.explorer.words import words_of
from output.indicators import Break
from output.measures import Point
from tests.explorer.conftest import Client


def point(value: float | None, *flags: str, base: tuple[float, float] | None = None) -> Point:
    parts = base or (None, None)
    return Point(value, *parts, None if value is not None else "no_base", flags, "fmt2021", "r1", None)


def comparison(
    points: dict[int, Point], *, breaks: tuple[Break, ...] = (), show: str = "percent", scope: str = "organ"
) -> Comparison:
    line = Line("x-1", "甲局", "990101", "county", scope, points)
    years = tuple(range(min(points), max(points) + 1))
    return Comparison("m", "Rate", None, None, None, show, 30, breaks, years, (line,), "en")


def runs(found: Comparison) -> list[list[int]]:
    spec = chart_spec(found, words_of("en"))
    assert spec is not None
    joined: dict[str, list[int]] = {}
    for one in spec["usermeta"]["data"]["points"]:
        joined.setdefault(one["run"], []).append(one["year"])
    return list(joined.values())


def test_axis_starts_at_zero() -> None:
    spec = chart_spec(comparison({2021: point(0.9), 2022: point(0.95)}), words_of("en"))
    assert spec is not None
    assert spec["usermeta"]["ticks"][0] == 0
    assert spec["usermeta"]["ticks"][-1] >= 0.95


def test_gaps_and_breaks_are_not_bridged() -> None:
    gap = comparison({2019: point(0.1), 2020: point(None), 2021: point(0.2), 2022: point(0.3)})
    assert runs(gap) == [[2019], [2021, 2022]]
    broken = comparison({2019: point(0.1), 2020: point(0.2), 2021: point(0.3)}, breaks=(Break(2019, "high"),))
    assert runs(broken) == [[2019], [2020, 2021]]
    spec = chart_spec(broken, words_of("en"))
    assert spec is not None
    (rule,) = spec["layer"][0]["data"]["values"]
    assert rule == {"year": 2019.5, "size": "other meaning"}


def test_small_bases_are_hollow_and_conclude_nothing() -> None:
    found = comparison(
        {2021: point(0.5, "small_base", base=(1, 2)), 2022: point(1.0, "small_base", base=(2, 2))}
    )
    spec = chart_spec(found, words_of("en"))
    assert spec is not None
    assert all(one["small"] for one in spec["usermeta"]["data"]["points"])
    (only,) = sentences(found, words_of("en"))
    assert "nothing is concluded" in only


def test_sentences_do_not_cross_a_change_of_meaning() -> None:
    points = {
        2019: point(0.1, base=(10, 100)),
        2020: point(0.5, base=(50, 100)),
        2021: point(0.4, base=(40, 100)),
    }
    (said,) = sentences(comparison(points, breaks=(Break(2019, "high"),)), words_of("en"))
    assert said.startswith("甲局 fell from 50.0% (50/100) in 2020 to 40.0% (40/100) in 2021.")
    assert "2019 and 2020" in said
    assert "10.0%" not in said


def test_the_ends_of_a_line_do_not_hide_what_is_between() -> None:
    def said(*values: float) -> str:
        points = {2021 + place: point(value, base=(100 * value, 100)) for place, value in enumerate(values)}
        (sentence,) = sentences(comparison(points), words_of("en"))
        return sentence

    assert "highest in 2022, with 80.0% (80/100)" in said(0.3, 0.8, 0.2, 0.4)
    assert "lowest in 2023, with 0.0% (0/100)" in said(0.3, 0.4, 0.0, 0.4)
    assert "In between" not in said(0.1, 0.2, 0.2, 0.3)


def test_units_are_said_in_the_language_of_the_page() -> None:
    points = {2021: point(2.0), 2022: point(3.0)}
    for unit, en, zh in (("件", "fell from 3 in", "3 件"), ("万元", "3 × 10,000 yuan", "3 万元")):
        found = replace(comparison({**points, 2021: point(3.0), 2022: point(2.0)}, show="number"), unit=unit)
        assert en in sentences(found, words_of("en"))[0]
        assert zh in sentences(found, words_of("zh"))[0]


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_nothing_to_show_is_said(lang: Any) -> None:
    assert sentences(comparison({2021: point(None)}), words_of(lang)) == [words_of(lang)["sentence_nothing"]]


def test_ranks_leave_out_small_bases_and_count_them(client: Client) -> None:
    store = client.store
    agency = next(one for one in store.agencies_in("") if one.name == "镕山县自然资源局")
    found = ranking(store, agency, "disclosure_rate", 2024, "", frozenset())
    assert found is not None
    assert found.peers == found.ranked + found.small + found.missing
    assert found.small > 0
    assert all(one.denominator >= 30 for one in found.rows)
    values = [one.value for one in found.rows]
    assert values == sorted(values, reverse=True)
    peers = [store.agency_of(one.agency.agency_id) for one in found.rows]
    assert {(one.kind, one.level, one.scope) for one in peers if one} == {
        (agency.kind, agency.level, agency.scope)
    }


def test_ranks_stand_with_their_denominator(client: Client) -> None:
    agency = next(one for one in client.store.agencies_in("") if one.name == "镕山县自然资源局")
    tree = html.fromstring(client.get("/en/compare", f"a={agency.slug}&m=disclosure_rate&to=2024").body)
    rows = tree.xpath("//table[contains(@class, 'ranking')]/tbody/tr")
    assert rows
    for row in rows:
        rank, _, value, base = (cell.text_content().strip() for cell in row.xpath("td"))
        numerator, denominator = (float(one.replace(",", "")) for one in base.split(" / "))
        assert value == f"{numerator / denominator:.1%}"
        assert " / " in rank


def test_counts_are_not_ranked(client: Client) -> None:
    agency = client.store.agencies_in("")[2]
    reply = client.get("/en/compare", f"a={agency.slug}&m=requests.received.total")
    assert "ranking" not in {
        one for table in html.fromstring(reply.body).xpath("//table/@class") for one in table.split()
    }
    assert words_of("en")["peers_counts"] in reply.text


def test_every_rate_in_a_table_has_its_base(client: Client) -> None:
    agency = client.store.agencies_in("")[2]
    tree = html.fromstring(client.get("/en/compare", f"a={agency.slug}&m=denial_rate").body)
    for cell in tree.xpath("//table[contains(@class, 'comparison')]/tbody//td[a]"):
        assert "/" in cell.xpath("small/text()")[0]


def test_missing_and_late_are_shown(client: Client) -> None:
    late = client.store.query("SELECT agency_id, days_late FROM panel WHERE days_late > 0")[0]
    agency = client.store.agency_of(late[0])
    assert agency is not None
    reply = client.get("/en/compare", f"a={agency.slug}&m=requests.received.total")
    assert words_of("en").say("late", days=late[1]) in reply.text
    gone = next(one for one in client.store.agencies_in("") if one.last_year < 2025)
    other = client.store.agencies_in("")[2]
    shown = client.get("/en/compare", f"a={gone.slug}&a={other.slug}&m=requests.received.total").text
    assert words_of("en").reasons()["no_report"] in shown
