"""Readability against a twin that walks through a text letter by letter."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hearback.stats.readability import BOUNDS, FORMULAS, Formula, Plainness, readability

pytestmark = pytest.mark.brute

LETTERS = "aeiouyáéíóúüñbcdghlmnprstzqu"
TEXTS = st.text(alphabet=LETTERS + LETTERS.upper() + "      ..!?…,'’-3\n", max_size=120)


def words_of(text: str) -> list[str]:
    """Rows of letters; an apostrophe between two letters holds them together."""
    words, word = [], ""
    for place, sign in enumerate(text):
        follows = text[place + 1 : place + 2]
        if sign.isalpha() or (sign in "'’" and word and word[-1].isalpha() and follows.isalpha()):
            word += sign
        elif word:
            words.append(word)
            word = ""
    return [*words, word] if word else words


def sentences_of(text: str) -> int:
    """Parts with a word in them; a row of end marks before a blank ends one, and so does a new line."""
    parts, part, place = [], "", 0
    while place < len(text):
        stop = place
        while stop < len(text) and text[stop] in ".!?…":
            stop += 1
        if stop > place and (stop == len(text) or text[stop].isspace()):
            parts, part, place = [*parts, part], "", stop
        elif text[place] == "\n":
            parts, part, place = [*parts, part], "", place + 1
        else:
            part += text[place]
            place += 1
    return max(1, sum(bool(words_of(one)) for one in [*parts, part]))


def groups_of(word: str, vowels: str) -> list[str]:
    """Rows of vowels."""
    return "".join(letter if letter in vowels else " " for letter in word).split()


def english(word: str) -> int:
    """Groups of vowels; an e, ed or es that is not heard is dropped first."""
    base, before = "aeiouy", word[:-1]
    if word.endswith("e") and before and before[-1] not in base:
        if not (before[-1] == "l" and before[-2:-1] not in list(base)):
            word = before
    elif len(word) > 2 and word.endswith("ed") and word[-3] not in "aeioutdy":
        word = word[:-2]
    elif len(word) > 2 and word.endswith("es") and word[-3] not in "aeiouycgsxz":
        word = word if word[-4:-2] in ("ch", "sh") else word[:-2]
    return max(1, len(groups_of(word, "aeiouyáàâäéèêëíìîïóòôöúùûü")))


def spanish(word: str) -> int:
    """One for each strong or accented vowel; a group of weak ones alone is one."""
    if word.endswith("y"):
        word = word[:-1] + "i"
    total = 0
    for group in groups_of(word, "aeiouáéíóúü"):
        total += max(1, len([letter for letter in group if letter in "aeoáéíóú"]))
    return max(1, total)


@given(text=TEXTS, language=st.sampled_from(["en", "es", "fr"]))
def test_the_score_is_that_of_the_twin(text: str, language: str) -> None:
    found, words = readability(text, language=language), words_of(text)
    if not words:
        assert found is None
        return
    lowered, per_sentence = [word.lower() for word in words], len(words) / sentences_of(text)
    expected = {
        "en": 0.39 * per_sentence + 11.8 * sum(map(english, lowered)) / len(words) - 15.59,
        "es": 206.84 - 60 * sum(map(spanish, lowered)) / len(words) - 1.02 * per_sentence,
        "fr": per_sentence
        + 100 * sum(len([sign for sign in word if sign.isalpha()]) > 6 for word in words) / len(words),
    }
    assert found is not None
    assert found.score == pytest.approx(expected[language])
    assert (found.words, found.sentences) == (len(words), sentences_of(text))


@given(text=TEXTS, language=st.sampled_from(["zh-hans", "ko", "vi", "ar", "tlh"]))
def test_languages_whose_letters_do_not_fit_get_no_number(text: str, language: str) -> None:
    assert readability(text, language=language) is None


@given(text=st.text(max_size=200), language=st.sampled_from(sorted(FORMULAS)))
def test_any_text_has_a_score_or_none(text: str, language: str) -> None:
    found = readability(text, language=language)
    assert found is None or found.words >= 1


def test_more_is_never_plainer_on_the_hard_side() -> None:
    """Each formula's two bounds part three meanings, in the formula's own direction."""
    from hearback.stats.readability import _plainness

    for formula, (plain, hard) in BOUNDS.items():
        step = -0.01 if formula is Formula.FERNANDEZ_HUERTA else 0.01
        assert _plainness(formula, plain) is Plainness.PLAIN
        assert _plainness(formula, plain + step) is Plainness.HARD
        assert _plainness(formula, hard) is Plainness.HARD
        assert _plainness(formula, hard + step) is Plainness.VERY_HARD
