import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from parsers.text import clean, label_key, simplify


@pytest.mark.parametrize(
    ("printed", "key"),
    [
        ("商业 企业", "商业企业"),
        ("\u3000规\u200b章\xa0", "规章"),
        ("规章", "规章"),
        ("規章", "规章"),
        ("規(guī)章", "规章"),
        ("第二十條第（一）項(xiàng)", "第二十条第(一)项"),
        ("信息內(nèi)容", "信息内容"),
        ("公開(kāi)", "公开"),
        ("行政複議", "行政复议"),
        ("本年收费金额（单位：万元）", "本年收费金额(单位:万元)"),
        ("里程(km)", "里程(km)"),
        ("（七）总计", "(七)总计"),
        ("Ａ1", "A1"),
        ("", ""),
    ],
)
def test_labels_are_compared_on_a_normal_form(printed: str, key: str) -> None:
    assert label_key(printed) == key


def test_long_and_short_texts_are_treated_alike() -> None:
    assert label_key("規 章" * 200) == "规章" * 200


def test_simplified_text_is_returned_as_it_is() -> None:
    text = "青禾县政府信息公开"
    assert simplify(text) is text
    assert simplify("資訊公開") == "资讯公开"


@pytest.mark.parametrize(
    ("printed", "cleaned"),
    [(" a \n b ", "a b"), ("\ufeff规\xa0 章\u3000", "规 章"), ("\u200b", ""), ("12\u00ad34", "1234")],
)
def test_clean_keeps_the_words_and_single_spaces(printed: str, cleaned: str) -> None:
    assert clean(printed) == cleaned


@settings(deadline=None)
@given(st.text())
def test_keys_are_stable_and_hold_no_white_space(text: str) -> None:
    key = label_key(text)
    assert not any(character.isspace() for character in key)
    assert label_key(" ".join(key)) == label_key(key)


@pytest.mark.parametrize("text", ["A´", "規(guī)(guī)章", "ﷺ", "´´ ́"])
def test_key_of_a_key_is_the_key(text: str) -> None:
    assert label_key(label_key(text)) == label_key(text)
