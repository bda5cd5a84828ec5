"""Every list of receipt words keeps its promises, whichever languages have one."""

from __future__ import annotations

import unicodedata
from collections import Counter

import pytest

from hearback.foundation.languages.queries import installed_languages
from hearback.sealing.word_lists import LISTS, folded_parts, languages, typing_slips, word_list

pytestmark = pytest.mark.consistency
each_language = pytest.mark.parametrize("language", languages())


def test_english_comes_first_and_every_list_is_of_a_language_of_the_house() -> None:
    assert languages()[0] == "en"
    assert set(languages()) <= {language.code for language in installed_languages()}


@each_language
def test_a_list_has_2048_words_one_a_line(language: str) -> None:
    lines = (LISTS / f"{language}.txt").read_bytes().decode().split("\n")
    assert len(lines) == 2049
    assert lines.pop() == ""
    assert all(line == line.strip() and unicodedata.is_normalized("NFC", line) for line in lines)
    assert tuple(lines) == word_list(language).words


@each_language
def test_words_differ_after_folding(language: str) -> None:
    folded = Counter("".join(folded_parts(word)) for word in word_list(language).words)
    assert [word for word, times in folded.items() if times > 1] == []


@each_language
def test_all_words_of_a_list_have_the_same_number_of_parts(language: str) -> None:
    words = word_list(language)
    assert [word for word in words.words if len(folded_parts(word)) != words.parts_per_word] == []
    assert words.parts_per_word in (1, 2)


@each_language
def test_no_word_can_be_taken_for_a_word_that_cannot_be_read(language: str) -> None:
    assert "x" not in word_list(language).numbers


def test_english_words_are_short_and_told_apart_by_four_letters() -> None:
    words = word_list("en").words
    assert all(word.isascii() and word.isalpha() and word.islower() and 3 <= len(word) <= 8 for word in words)
    assert len({word[:4] for word in words}) == 2048


def test_no_two_english_words_are_one_slip_apart() -> None:
    words = word_list("en")
    close = [
        (word, words.words[other])
        for number, word in enumerate(words.words)
        for other in _sharing_most_letters(word)
        if other < number and typing_slips(word, words.words[other]) <= 1
    ]
    assert close == []


def _sharing_most_letters(word: str) -> set[int]:
    """Numbers of the words that one slip could lead to: both are alike when one letter is left out of each."""
    return {number for shorter in _shortened(word) for number in _BY_SHORTENED[shorter]}


def _shortened(word: str) -> set[str]:
    return {word, *(word[:place] + word[place + 1 :] for place in range(len(word)))}


_BY_SHORTENED: dict[str, set[int]] = {}
for _number, _word in enumerate(word_list("en").words):
    for _shorter in _shortened(_word):
        _BY_SHORTENED.setdefault(_shorter, set()).add(_number)
