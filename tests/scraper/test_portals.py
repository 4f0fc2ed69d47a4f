from pathlib import Path

import pytest

from scraper.errors import PortalsFileError
from scraper.portals import load_portals

GOOD = """[network]
allow_private_hosts = ["127.0.0.1:8080", "[::1]:80"]

[[portal]]
id = "huangshigang"
name = "黄石港区人民政府"
region_code = "420202"
family = "trs"
start = ["http://www.huangshigang.gov.cn/zwpd/xxgknb/"]
delay_seconds = 2

[[portal]]
id = "other"
name = "另一区"
start = ["https://other.example/a/", "http://other.example/b/"]
notes = '''
id = "not a key"
'''
"""


def write(folder: Path, text: str) -> Path:
    path = folder / "portals.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_good_file_is_read_with_its_defaults(tmp_path: Path) -> None:
    file = load_portals(write(tmp_path, GOOD))
    assert [portal.id for portal in file.portals] == ["huangshigang", "other"]
    first, second = file.portals
    assert (first.family, first.delay_seconds, first.region_code) == ("trs", 2.0, "420202")
    assert (second.family, second.delay_seconds, second.tls) == ("auto", 1.0, "standard")
    assert file.network.allow_private_hosts == ["127.0.0.1:8080", "[::1]:80"]


@pytest.mark.parametrize(
    ("old", "new", "line", "key", "word"),
    [
        ('family = "trs"', 'family = "trss"', 8, "portal.family", "trs"),
        ('family = "trs"', 'family = "TRS"', 8, "portal.family", "is none of: aspnet"),
        ('family = "trs"', 'famly = "trs"', 8, "portal.famly", "unknown key"),
        ("http://www.huangshigang.gov.cn", "ftp://www.huangshigang.gov.cn", 9, "portal.start", "http"),
        ("http://www.huangshigang.gov.cn", "http://user:pass@x", 9, "portal.start", "password"),
        ("http://other.example/b/", "http://other.example:99999/", 15, "portal.start", "address"),
        ('id = "other"', 'id = "Huangshigang"', 13, "portal.id", "line 5"),
        ('name = "另一区"', "", 12, "portal.name", "missing"),
        ("delay_seconds = 2", "delay_seconds = -1", 10, "portal.delay_seconds", "greater"),
        ('"127.0.0.1:8080"', '"127.0.0.1"', 2, "network.allow_private_hosts", "host:port"),
        ("delay_seconds = 2", 'extra_ca = "none.pem"', 10, "portal.extra_ca", "no such file"),
        ("delay_seconds = 2", 'charset = "klingon"', 10, "portal.charset", "unknown charset"),
        ('id = "other"', 'id = "../other"', 13, "portal.id", "letters, digits"),
        ('"420202"', '"４２０２０２"', 7, "portal.region_code", "6, 9 or 12 digits"),
        ('"420202"', "420202", 7, "portal.region_code", "quotation marks"),
        ("[network]", '[network]\ncontact = "a b"', 2, "network.contact", "without spaces"),
        ("[network]", "[netwrk]", 1, "netwrk", "unknown key"),
    ],
)
def test_an_error_names_file_line_and_key(
    tmp_path: Path, old: str, new: str, line: int, key: str, word: str
) -> None:
    assert old in GOOD
    with pytest.raises(PortalsFileError) as caught:
        load_portals(write(tmp_path, GOOD.replace(old, new)))
    assert (caught.value.line, caught.value.key) == (line, key)
    assert word in caught.value.message
    assert f"portals.toml:{line}: {key}: " in str(caught.value)


def test_all_problems_are_told_at_once(tmp_path: Path) -> None:
    text = (
        GOOD.replace('"trs"', '"x"')
        .replace('id = "other"', 'id = "a b"')
        .replace("delay_seconds = 2", "x = 1")
    )
    with pytest.raises(PortalsFileError) as caught:
        load_portals(write(tmp_path, text))
    assert [(problem.line, problem.key) for problem in caught.value.problems] == [
        (8, "portal.family"),
        (10, "portal.x"),
        (13, "portal.id"),
    ]


def test_bad_toml_names_the_line(tmp_path: Path) -> None:
    with pytest.raises(PortalsFileError) as caught:
        load_portals(write(tmp_path, GOOD.replace("delay_seconds = 2", "delay_seconds = ")))
    assert caught.value.line == 10
    assert "not valid TOML" in caught.value.message


def test_a_missing_or_foreign_file_is_an_error_of_its_own(tmp_path: Path) -> None:
    with pytest.raises(PortalsFileError, match=r"none\.toml: cannot be read"):
        load_portals(tmp_path / "none.toml")
    path = tmp_path / "gbk.toml"
    path.write_bytes("[network]\n# 黄石".encode("gb18030"))
    with pytest.raises(PortalsFileError) as caught:
        load_portals(path)
    assert (caught.value.line, caught.value.message) == (2, "not UTF-8 text")


def test_a_file_without_portals_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(PortalsFileError, match="portal"):
        load_portals(write(tmp_path, "[network]\n"))


def test_extra_ca_counts_from_the_folder_of_the_file(tmp_path: Path) -> None:
    (tmp_path / "ca.pem").write_text("x")
    file = load_portals(write(tmp_path, GOOD.replace("delay_seconds = 2", 'extra_ca = "ca.pem"')))
    assert file.portals[0].extra_ca == str(tmp_path / "ca.pem")
