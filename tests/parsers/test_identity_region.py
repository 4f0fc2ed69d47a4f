"""The vote on the region."""

import pytest

from parsers.identity.region_vote import Witness, vote
from parsers.records import Hints
from tests.parsers.handmade import FOOTER, body, document, identity


def witness(group: str, code: str) -> Witness:
    return Witness(group, "test", code, code)


@pytest.mark.parametrize(
    ("witnesses", "code", "source", "conflict"),
    [
        ([("site", "420202"), ("title", "420202")], "420202", "agency", False),
        ([("site", "4202"), ("title", "420202")], "420202", "agency", False),
        ([("site", "420202"), ("title", "4202")], "420200", "agency", False),
        ([("site", "420202")], "420202", "site", False),
        ([("portal", "4202")], "420200", "portal", False),
        ([("site", "420202"), ("title", "420202"), ("organ", "430102")], "420202", "agency", True),
        ([("site", "420202"), ("title", "430102")], None, None, True),
        ([("site", "420202"), ("organ", "430102"), ("title", "440103")], None, None, True),
        ([("site", "4202"), ("portal", "4202"), ("title", "430102")], "420200", "site", True),
        ([("site", "420202"), ("icp", "43")], "420202", "site", True),
        ([("icp", "43")], None, None, False),
        ([("host", "420202")], None, None, False),
        ([("site", "420202"), ("host", "430102")], "420202", "site", False),
        ([("site", "420202"), ("title", "430102"), ("host", "4202")], "420202", "site", True),
        ([("site", "420202"), ("title", "430102"), ("host", "440103")], None, None, True),
        ([("site", "42"), ("organ", "43"), ("title", "44"), ("host", "43")], None, None, True),
        ([("site", "420202"), ("site", "430102"), ("title", "4202")], "420200", "agency", True),
        (
            [("site", "420202"), ("title", "420202"), ("organ", "430102"), ("portal", "430102")],
            None,
            None,
            True,
        ),
        ([], None, None, False),
    ],
)
def test_the_vote(
    witnesses: list[tuple[str, str]], code: str | None, source: str | None, conflict: bool
) -> None:
    assert vote(witness(*w) for w in witnesses) == (code, source, conflict)


def test_the_site_decides_between_places_of_one_name() -> None:
    doc = document(
        "和平区财政局2024年政府信息公开工作年度报告",
        *body(),
        outside=["网站标识码：1201010001 津公网安备 12010102000001号"],
    )
    assert identity(doc).region_code == "120101"


def test_a_credit_code_of_elsewhere_is_outvoted_and_reported() -> None:
    doc = document(
        "索引号：11430102123456788T/2025-1",
        "黄石港区财政局2024年政府信息公开工作年度报告",
        *body(),
        outside=FOOTER,
    )
    found = identity(doc)
    codes = {w["code"] for w in found.region_witnesses if w["group"] == "organ"}
    assert (found.region_code, found.region_conflict) == ("420202", bool(codes))


def test_the_host_is_listed_and_breaks_a_tie_only() -> None:
    blocks = ["岳麓区财政局2024年政府信息公开工作年度报告", *body()]
    hints = Hints(url="http://www.huangshigang.gov.cn/zwpd/t20250117_1.html")
    alone = identity(document(*blocks), hints)
    assert (alone.region_code, alone.region_conflict) == ("430104", False)
    assert {(w["group"], w["code"]) for w in alone.region_witnesses} == {
        ("title", "430104"),
        ("host", "420202"),
    }
    tied = identity(document(*blocks, outside=["网站标识码：4202020002"]), hints)
    assert (tied.region_code, tied.region_from, tied.region_conflict) == ("420202", "site", True)


@pytest.mark.parametrize(
    "url", ["http://www.huangshigang.com/", "http://chaoyang.gov.cn/", "http://[::1", "nonsense", ""]
)
def test_other_hosts_say_nothing(url: str) -> None:
    assert identity(document(*body()), Hints(url=url)).region_witnesses == ()


def test_the_portal_alone_gives_a_region() -> None:
    found = identity(document(*body()), Hints(portal_region_code="420202"))
    assert (found.region_code, found.region_from) == ("420202", "portal")


def test_no_witness_no_region() -> None:
    found = identity(document(*body()))
    assert (found.region_code, found.region_witnesses, found.region_conflict) == (None, (), False)
