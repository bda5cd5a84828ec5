"""How plain a text is: a school grade for English, an ease score for Spanish, LIX for languages whose letters fit."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
SENTENCE_END = re.compile(r"[.!?…]+(?=\s|$)|\n+")
LONG_WORD = 6
"""A word of LIX is long when it has more letters than this."""

_VOWELS = re.compile(r"[aeiouyáàâäéèêëíìîïóòôöúùûü]+")
_SILENT_END = re.compile(
    r"(?<=[^aeiouy])(?<!l)e$|(?<=[aeiouy]l)e$|(?<=[^aeioutdy])ed$|(?<=[^aeiouycgsxz])(?<!ch|sh)es$"
)
_SPANISH_STRONG = frozenset("aeoáéíóú")
_SPANISH_VOWELS = re.compile(r"[aeiouáéíóúü]+")


class Formula(StrEnum):
    """Which formula fits a language."""

    FLESCH_KINCAID = "flesch-kincaid"
    FERNANDEZ_HUERTA = "fernandez-huerta"
    LIX = "lix"


class Plainness(StrEnum):
    """What a score means to whoever writes."""

    PLAIN = "plain"
    HARD = "hard"
    VERY_HARD = "very-hard"


FORMULAS: dict[str, Formula] = {
    "en": Formula.FLESCH_KINCAID,
    "es": Formula.FERNANDEZ_HUERTA,
    "fr": Formula.LIX,
    "ht": Formula.LIX,
    "ru": Formula.LIX,
    "so": Formula.LIX,
}
"""Other languages get no grade. Chinese and Korean do not write words as rows of letters; Vietnamese parts every
syllable, so that no word is long; Arabic leaves short vowels out and joins small words on. A number for them would
say nothing about how hard a text is."""

BOUNDS: dict[Formula, tuple[float, float]] = {
    Formula.FLESCH_KINCAID: (8, 12),
    Formula.FERNANDEZ_HUERTA: (60, 50),
    Formula.LIX: (40, 50),
}
"""Up to the first a text is plain, up to the second hard (the ease score counts downwards): the end of the eighth and
of the twelfth school year; Fernández Huerta's “normal” and “somewhat difficult”; Björnsson's fiction and newspapers."""


@dataclass(frozen=True)
class Readability:
    """The score of a text by its language's formula, what it means, and how much text it rests on."""

    formula: Formula
    score: float
    plainness: Plainness
    words: int
    sentences: int


def readability(text: str, *, language: str) -> Readability | None:
    """How plain `text` is, in a language by its BCP 47 code; nothing where no formula fits or there are no words.

    English: school grade 0.39·W + 11.8·S − 15.59 with W words per sentence and S syllables per word (Kincaid,
    Fishburne, Rogers & Chissom 1975). Spanish: ease 206.84 − 60·S − 1.02·W (Fernández Huerta 1959, with W as words
    per sentence as Law 2011 showed it was meant). Others: LIX = W + the percentage of words of more than six letters
    (Björnsson 1968); its bounds come from Swedish, and are a hint elsewhere. Syllables are counted by rules of
    spelling, so a grade is a hint too: it never stops anybody from sending.
    """
    formula = FORMULAS.get(language.partition("-")[0])
    words = WORD.findall(unicodedata.normalize("NFC", text))
    if formula is None or not words:
        return None
    sentences = max(1, sum(bool(WORD.search(part)) for part in SENTENCE_END.split(text)))
    score = _SCORES[formula]([word.lower() for word in words], len(words) / sentences)
    return Readability(formula, score, _plainness(formula, score), len(words), sentences)


def english_syllables(word: str) -> int:
    """Syllables of a lower-case English word by its spelling: groups of vowels without silent endings, at least 1.

    Vowels that meet across two syllables (“be-ing”) count as one group, so a few words get one syllable too few.
    """
    return max(1, len(_VOWELS.findall(_SILENT_END.sub("", word))))


def spanish_syllables(word: str) -> int:
    """Syllables of a lower-case Spanish word: every strong or accented vowel makes one, weak ones join them; the y
    at a word's end is a vowel."""
    spelled = re.sub(r"y$", "i", word)
    groups = _SPANISH_VOWELS.findall(spelled)
    return max(1, sum(max(1, sum(letter in _SPANISH_STRONG for letter in group)) for group in groups))


def _flesch_kincaid(words: list[str], words_per_sentence: float) -> float:
    return 0.39 * words_per_sentence + 11.8 * sum(map(english_syllables, words)) / len(words) - 15.59


def _fernandez_huerta(words: list[str], words_per_sentence: float) -> float:
    return 206.84 - 60 * sum(map(spanish_syllables, words)) / len(words) - 1.02 * words_per_sentence


def _lix(words: list[str], words_per_sentence: float) -> float:
    long = sum(sum(map(str.isalpha, word)) > LONG_WORD for word in words)
    return words_per_sentence + 100 * long / len(words)


_SCORES: dict[Formula, Callable[[list[str], float], float]] = {
    Formula.FLESCH_KINCAID: _flesch_kincaid,
    Formula.FERNANDEZ_HUERTA: _fernandez_huerta,
    Formula.LIX: _lix,
}


def _plainness(formula: Formula, score: float) -> Plainness:
    plain, hard = BOUNDS[formula]
    towards_hard = -1 if hard < plain else 1
    if score * towards_hard <= plain * towards_hard:
        return Plainness.PLAIN
    return Plainness.HARD if score * towards_hard <= hard * towards_hard else Plainness.VERY_HARD
