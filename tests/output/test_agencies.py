"""Identifiers of agencies, addresses and versions."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from output.agencies import agency_id, clean_name, document_key, report_id


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("黄石港工业园区管理委员会", "420202-黄石港工业园区管委会"),
        ("黄石港工业园区管委会", "420202-黄石港工业园区管委会"),
        (" 某区 财政局\u200b", "420202-某区财政局"),
        ("某区（财政局）", "420202-某区财政局"),
        ("=某区财政局", "420202-某区财政局"),
    ],
)
def test_wordings_of_one_name_give_one_identifier(name: str, expected: str) -> None:
    assert agency_id(name, "420202", "p") == expected


def test_without_a_region_the_portal_keeps_namesakes_apart() -> None:
    assert agency_id("财政局", None, "a") == "a-财政局"
    assert agency_id("财政局", None, "a") != agency_id("财政局", None, "b")


@pytest.mark.parametrize("name", [None, "", " ", "—", "()"])
def test_no_name_no_identifier(name: str | None) -> None:
    assert agency_id(name, "420202", "p") is None


@given(st.text(max_size=200))
def test_identifiers_are_short_harmless_and_stable(name: str) -> None:
    identifier = agency_id(name, "420202", "p")
    assert identifier == agency_id(name, "420202", "p")
    if identifier is not None:
        assert identifier.startswith("420202-")
        assert len(identifier) <= 7 + 60 + 8
        assert clean_name(identifier[7:]) == clean_name(clean_name(identifier[7:]))
        assert not set(identifier) & set(" \t\r\n=\"',;\x00<>/\\")


def test_long_names_that_differ_late_stay_apart() -> None:
    assert agency_id("局" * 100 + "甲", "1", "p") != agency_id("局" * 100 + "乙", "1", "p")


def test_versions_of_one_address() -> None:
    assert report_id("http://a", "x") != report_id("http://a", "y") != report_id("http://b", "y")
    assert report_id("http://a", "x", 2) != report_id("http://a", "x")
    assert document_key("http://a") == document_key("http://a") != document_key("http://b")
