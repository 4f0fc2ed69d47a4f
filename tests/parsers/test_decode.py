import codecs

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from parsers.decode import Decoded, DecodeError, decode

SIMPLIFIED = "青禾县2024年政府信息公开工作年度报告：喆堃镕㙍䶮，本年度收到申请数量为7件，总计7件。"
TRADITIONAL = "本年度收到政府資訊公開申請數量總計，行政機關主動公開的規範性文件。" * 3


@pytest.mark.parametrize(
    ("encoding", "declared", "charset", "mismatch"),
    [
        ("utf-8", None, "utf-8", False),
        ("utf-8", "UTF-8", "utf-8", False),
        ("utf-8", "gb2312", "utf-8", True),
        ("utf-8-sig", "gbk", "utf-8", True),
        ("gb18030", None, "gb18030", False),
        ("gb18030", "gb2312", "gb18030", False),
        ("gb18030", "utf-8", "gb18030", True),
        ("gb18030", "iso-8859-1", "gb18030", False),
        ("gb18030", "big5", "gb18030", True),
        ("gb18030", "no-such-charset", "gb18030", True),
        ("utf-16", "utf-8", "utf-16", True),
        ("utf-16-le", None, "utf-16-le", False),
        ("utf-16-be", None, "utf-16-be", False),
    ],
)
def test_text_survives_whatever_its_sender_says(
    encoding: str, declared: str | None, charset: str, mismatch: bool
) -> None:
    decoded = decode(SIMPLIFIED.encode(encoding), declared)
    assert decoded.text == SIMPLIFIED
    assert (decoded.charset, decoded.declared or "iso-8859-1") == (charset, declared or "iso-8859-1")
    assert ("charset_mismatch" in decoded.notes) is mismatch


@pytest.mark.parametrize("declared", ["big5", None])
def test_big5_is_told_from_gb_by_its_characters(declared: str | None) -> None:
    decoded = decode(TRADITIONAL.encode("big5"), declared)
    assert decoded.text == TRADITIONAL
    assert decoded.charset.startswith("big5")


@pytest.mark.parametrize(
    "head",
    [
        '<meta charset="gb2312">',
        "<META http-equiv=Content-Type content='text/html; charset=gb2312'>",
        "<?xml version='1.0' encoding='gb2312'?>",
    ],
)
def test_label_of_the_page_is_recorded_but_does_not_decide(head: str) -> None:
    decoded = decode((head + SIMPLIFIED).encode("utf-8"))
    assert (decoded.declared, decoded.charset, decoded.notes) == ("gb2312", "utf-8", ("charset_mismatch",))
    assert decoded.text == head + SIMPLIFIED


@pytest.mark.parametrize(
    "label", ["undefined", "unicode_escape", "raw-unicode-escape", "rot13", "hex", "idna"]
)
def test_a_codec_that_is_no_charset_is_not_asked(label: str) -> None:
    assert decode(SIMPLIFIED.encode("gb18030"), label).text == SIMPLIFIED


def test_label_behind_the_first_kilobytes_is_not_looked_for() -> None:
    assert decode(b" " * 4096 + b"<meta charset=big5>").declared is None


def test_few_characters_labelled_gb_are_not_taken_for_utf8() -> None:
    assert decode("联通".encode("gbk"), "gb2312").text == "联通"


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_character_cut_off_at_the_end_is_left_out_and_noted(encoding: str) -> None:
    decoded = decode(SIMPLIFIED.encode(encoding)[:-1])
    assert (decoded.text, decoded.notes) == (SIMPLIFIED[:-1], ("cut_end",))


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (SIMPLIFIED.encode()[:50] + b"\xff" + SIMPLIFIED.encode()[50:], "damaged bytes, the first at byte"),
        (bytes(range(256)) * 40, "binary"),
        (b"\x00\x01\x02\x03" * 500, "binary"),
        (SIMPLIFIED.encode("gb18030")[:41] + b"\xff\xff" + SIMPLIFIED.encode("gb18030")[41:], "no charset"),
        (codecs.BOM_UTF16_LE + b"\x00\xd8\x00\xd8", "byte order mark"),
    ],
)
def test_damage_that_leaves_nothing_certain_is_refused(data: bytes, says: str) -> None:
    with pytest.raises(DecodeError, match=says):
        decode(data)


@pytest.mark.parametrize("declared", [None, "utf-8", "gb2312", "koi8-r"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_a_few_damaged_bytes_in_certain_text_become_visible_damage(
    encoding: str, declared: str | None
) -> None:
    rest = "主动公开政府信息33条。" * 9
    data = (
        (SIMPLIFIED + "本年度").encode(encoding)
        + b"\xff<td>1\xff2</td>"
        + rest.encode(encoding.removesuffix("-sig"))
    )
    decoded = decode(data, declared)
    assert decoded.text == SIMPLIFIED + "本年度\ufffd<td>1\ufffd2</td>" + rest
    assert decoded.charset == encoding.removesuffix("-sig")
    assert "damaged_bytes" in decoded.notes


def test_pages_half_in_another_charset_are_refused() -> None:
    with pytest.raises(DecodeError, match="no charset"):
        decode((SIMPLIFIED * 3).encode() + (SIMPLIFIED * 3).encode("gb18030"))


def test_a_few_zero_bytes_do_not_make_a_page_binary() -> None:
    assert decode(b"\x00" + SIMPLIFIED.encode() + b"\x00").text.strip("\x00") == SIMPLIFIED


@settings(deadline=None)
@given(
    st.binary(max_size=400), st.none() | st.sampled_from(["gb2312", "utf-8", "big5", "utf-16", "hex", "x"])
)
def test_any_bytes_end_in_text_or_a_decode_error_and_damage_is_noted(
    data: bytes, declared: str | None
) -> None:
    try:
        decoded = decode(data, declared)
    except DecodeError:
        return
    assert isinstance(decoded, Decoded)
    noted = "damaged_bytes" in decoded.notes
    assert noted or "\ufffd" not in decoded.text or "\ufffd".encode(decoded.charset) in data


@settings(deadline=None)
@given(st.text(alphabet=st.characters(codec="utf-8", exclude_characters="\x00", min_codepoint=32)))
def test_utf8_always_comes_back(text: str) -> None:
    assert decode(text.encode("utf-8")).text in (text, text.removeprefix("\ufeff"))
