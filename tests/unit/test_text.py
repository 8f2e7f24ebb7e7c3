"""Folding: what is matched, and where it stands in the text as printed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.text import fold, sentences, simplify

SPUN = {"客岁": "去年", "上卑鄙": "上下游", "短": "很长的词", "六个字的旧词": "新词"}


@pytest.mark.parametrize(
    ("printed", "folded"),
    [
        ("１２３％", "123%"),
        ("1.6 万人", "1.6万人"),
        ("“ 科创江阴 ”", "“科创江阴”"),
        ("GDP 5 percent", "GDP 5 percent"),
        ("無錫市規劃", "无锡市规划"),
        ("甲\u200b乙\u3000丙", "甲乙丙"),
        ("甲\n乙", "甲\n乙"),
        ("，①", "，①"),
    ],
)
def test_width_blanks_and_script_are_folded(printed: str, folded: str) -> None:
    assert fold(printed).text == folded


def test_evidence_is_the_printed_piece() -> None:
    text = fold("共 1.6 万人， 其中")
    assert text.evidence(0, 6).text == "共 1.6 万人"


def test_long_row_of_blanks_between_latin_words_is_kept() -> None:
    printed = f"a{' ' * 200_000}b"
    assert fold(printed).text == printed


def test_what_is_shown_is_the_text_of_the_evidence() -> None:
    text = fold("共 1.6 万人 ， 其中")
    assert all(
        text.shown(start, end) == text.evidence(start, end).text
        for start in range(len(text.text))
        for end in range(start + 1, len(text.text) + 1)
    )


def test_blanks_at_the_ends_of_evidence_are_left_out() -> None:
    text = fold("甲 a b 乙")
    start = text.text.index("a")
    assert text.evidence(start, start + 3).text == "a b"


def test_synonym_of_the_same_length_stands_in_its_place() -> None:
    text = fold("客岁，产业链上卑鄙", SPUN)
    assert text.text == "去年，产业链上下游"
    assert list(text.offsets) == list(range(9))


@pytest.mark.parametrize(("printed", "plain"), [("甲短乙", "很长的词"), ("甲六个字的旧词乙", "新词")])
def test_synonym_of_another_length_is_found_as_the_whole_spun_word(printed: str, plain: str) -> None:
    text = fold(printed, SPUN)
    start = text.text.index(plain)
    assert text.text == f"甲{plain}乙"
    assert text.evidence(start, start + len(plain)).text == printed[1:-1]
    assert text.evidence(0, 1).text == "甲"
    assert text.evidence(len(text.text) - 1, len(text.text)).text == "乙"


def test_longer_spun_word_goes_first() -> None:
    assert fold("甲乙丙", {"甲乙": "一二", "甲乙丙": "一二三"}).text == "一二三"


@given(st.text(alphabet="客岁上卑鄙短六个字的旧词 \n１a，無", max_size=60))
def test_offsets_rise_and_stay_within_the_text(printed: str) -> None:
    text = fold(printed, SPUN)
    assert len(text.offsets) == len(text.text)
    assert list(text.offsets) == sorted(text.offsets)
    assert all(0 <= place < len(printed) for place in text.offsets)


@given(st.text(max_size=80))
def test_evidence_always_equals_the_text_at_its_place(printed: str) -> None:
    text = fold(printed)
    if text.text:
        piece = text.evidence(0, len(text.text))
        assert printed[piece.start : piece.end] == piece.text


@given(st.text(alphabet="台臺无無ab发發髮", max_size=20))
def test_simplifying_keeps_the_length(text: str) -> None:
    assert len(simplify(text)) == len(text)


def test_sentences_keep_closing_quotes_and_end_at_lines() -> None:
    text = "“好。”他说；行\n第二行！\n\n末"
    assert [text[start:end] for start, end in sentences(text)] == ["“好。”", "他说；行", "第二行！", "末"]
