"""Readability against published scores and counts made by hand."""

from __future__ import annotations

import pytest

from hearback.stats.readability import Formula, Plainness, english_syllables, readability, spanish_syllables

pytestmark = pytest.mark.golden

ENGLISH = {
    1: "the is of through walked called made come true trees goes see bored whole style eye strength been",
    2: "people table little apple wanted needed houses places changes watches fixes safer",
    3: "officer different understand important resident telephone together",
    4: "community information america",
    5: "university organization",
}
"""Syllables as a dictionary parts them."""

SPANISH = {
    1: "y muy rey buey dios pan",
    2: "ahí agua queso leer bueno usted ciudad ruido país lunes",
    3: "oía guitarra pingüino respuesta construcción cuídate caída",
    4: "policía oficina aéreo averiguáis comunidad",
    5: "universidad",
}


@pytest.mark.parametrize(("count", "word"), [(n, word) for n, words in ENGLISH.items() for word in words.split()])
def test_english_syllables_as_a_dictionary_parts_them(count: int, word: str) -> None:
    assert english_syllables(word) == count


@pytest.mark.parametrize(("count", "word"), [(n, word) for n, words in SPANISH.items() for word in words.split()])
def test_spanish_syllables_as_a_dictionary_parts_them(count: int, word: str) -> None:
    assert spanish_syllables(word) == count


@pytest.mark.parametrize(("word", "heard"), [("being", 2), ("area", 3), ("quiet", 2), ("science", 2)])
def test_vowels_that_meet_across_syllables_are_counted_as_one(word: str, heard: int) -> None:
    """Known to be too few; spelling does not tell “be-ing” from “rein”."""
    assert english_syllables(word) == heard - 1


def test_the_cat_sat_on_the_mat() -> None:
    """Six words of one syllable: 0.39·6 + 11.8 − 15.59 = −1.45, the lowest grade of which the formula is known."""
    grade = readability("The cat sat on the mat.", language="en")
    assert grade is not None
    assert grade.score == pytest.approx(-1.45)
    assert (grade.words, grade.sentences, grade.plainness) == (6, 1, Plainness.PLAIN)


def test_the_platypus() -> None:
    """13 words, 24 syllables by common count: grade 11.3, the published example of the formula."""
    text = "The Australian platypus is seemingly a hybrid of a mammal and reptilian creature."
    grade = readability(text, language="en")
    assert grade is not None
    assert round(grade.score, 1) == 11.3
    assert grade.plainness is Plainness.HARD


def test_fernandez_huerta_by_hand() -> None:
    """“La policía llegó tarde. Nadie vino.”: la po-li-cí-a lle-gó tar-de na-die vi-no, 13 syllables, 6 words, 2
    sentences: 206.84 − 60·13/6 − 1.02·3 = 73.78."""
    grade = readability("La policía llegó tarde. Nadie vino.", language="es")
    assert grade is not None
    assert grade.formula is Formula.FERNANDEZ_HUERTA
    assert grade.score == pytest.approx(73.78)


def test_lix_by_hand() -> None:
    """Two sentences, 9 words, 3 of them (quartier, policière, toujours) longer than six letters: 4.5 + 33.3…"""
    grade = readability("Dans mon quartier, la policière marche. Elle salue toujours.", language="fr")
    assert grade is not None
    assert grade.score == pytest.approx(4.5 + 100 * 3 / 9)


def test_an_elision_is_one_word_whose_letters_alone_count() -> None:
    """“L'avenir est là.”: three words, one of them of seven letters."""
    grade = readability("L'avenir est là.", language="fr")
    assert grade is not None
    assert (grade.words, grade.score) == (3, pytest.approx(3 + 100 / 3))
