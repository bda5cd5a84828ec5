"""Word lists: ten scripts and keyboards are folded alike; pairs of syllables or characters make words."""

from __future__ import annotations

import pytest

from hearback.sealing.retyping import _BASE, _PRIME
from hearback.sealing.word_lists import WordList, folded_parts, typing_slips

CHINESE = WordList("zh-hans", ("苹果", "河流", "月亮", "果河"))
VIETNAMESE = WordList("vi", ("hoa hồng", "con mèo", "đám mây"))


@pytest.mark.parametrize(
    ("typed", "parts"),
    [
        ("ÉCOLE, Œuf!", ["ecole", "oeuf"]),
        ("ñandú", ["nandu"]),
        ("Hoa Hồng – Đám mây", ["hoa", "hong", "dam", "may"]),
        ("苹果河流", ["苹", "果", "河", "流"]),
        ("苹果, river", ["苹", "果", "river"]),
        ("تُفَّاحٌ أَرنب", ["تفاح", "ارنب"]),
        ("إبرة آية مدى", ["ابره", "ايه", "مدي"]),
        ("كتـــاب", ["كتاب"]),
        ("Ёлка и Йод", ["елка", "и", "иод"]),
        ("pyè bwa lè", ["pye", "bwa", "le"]),
        ("go'aan lo’", ["goaan", "lo"]),
        ("1) apple\t2) river_bank", ["apple", "river", "bank"]),
        ("ＡＰＰＬＥ", ["apple"]),
        ("٣ تفاح", ["تفاح"]),
        ("a\N{ZERO WIDTH SPACE}b", ["ab"]),
        ("", []),
    ],
)
def test_case_marks_forms_and_punctuation_are_folded_away(typed: str, parts: list[str]) -> None:
    assert folded_parts(typed) == parts


def test_korean_syllables_fold_to_the_letters_they_are_made_of() -> None:
    assert folded_parts("사과 나무") == ["\u1109\u1161\u1100\u116a", "\u1102\u1161\u1106\u116e"]
    assert typing_slips(*folded_parts("사과 사고")) == 1


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("苹果河流月亮", ["苹果", "河流", "月亮"]),
        ("苹 果 河 流", ["苹果", "河流"]),
        ("苹河流月亮", ["苹", "河流", "月亮"]),
        ("x 河流", ["x", "河流"]),
        ("苹果 x", ["苹果", "x"]),
        ("苹果河流", ["苹果", "河流"]),
    ],
)
def test_pairs_of_characters_are_words_and_a_missing_one_spoils_one_word(typed: str, words: list[str]) -> None:
    assert CHINESE.typed_words(folded_parts(typed)) == words


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("hoa hồng con mèo", ["hoahong", "conmeo"]),
        ("HOA-HONG, CON-MEO", ["hoahong", "conmeo"]),
        ("hoa con mèo đám mây", ["hoa", "conmeo", "dammay"]),
        ("hoa hông con mèoo đám mây", ["hoahong", "conmeoo", "dammay"]),
    ],
)
def test_pairs_of_syllables_are_words(typed: str, words: list[str]) -> None:
    assert VIETNAMESE.typed_words(folded_parts(typed)) == words


def test_near_words_are_found_with_their_numbers_nearest_first() -> None:
    words = WordList("en", ("apple", "maple", "ample", "river"))
    assert words.near("aple") == [0, 1, 2]
    assert words.near("rivver") == [3]
    assert words.near("zzzzz") == []
    assert CHINESE.near("苹流") == [0, 1]


def test_powers_of_the_check_of_a_line_differ() -> None:
    """On this stands that two signs which changed places are always noticed."""
    assert len({pow(_BASE, power, _PRIME) for power in range(27)}) == 27
    assert all(_PRIME % divisor for divisor in range(2, 32))
