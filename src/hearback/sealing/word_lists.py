"""The words of receipts, 2,048 per language in `words/<code>.txt`, and how what people type is compared with them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

LISTS = Path(__file__).parent / "words"

_LIKE = str.maketrans({"đ": "d", "ð": "d", "ł": "l", "ø": "o", "œ": "oe", "æ": "ae", "ı": "i", "ى": "ي", "ة": "ه"})
_SILENT = re.compile("['`´‘’ʻʼ＇ـ]")
_PART = re.compile(r"[㐀-鿿]|[^\W\d_㐀-鿿]+")


@dataclass(frozen=True)
class WordList:
    """The words of one language; a word's number is its line, from 0.

    A list is for ever: another word on a line would make receipts that are out there unreadable.
    """

    language: str
    words: tuple[str, ...]

    @cached_property
    def numbers(self) -> dict[str, int]:
        """Numbers by folded word."""
        return {"".join(folded_parts(word)): number for number, word in enumerate(self.words)}

    @cached_property
    def parts_per_word(self) -> int:
        """How many parts `folded_parts` finds in each word: 2 for syllable pairs and for pairs of ideographs."""
        return len(folded_parts(self.words[0]))

    def typed_words(self, parts: Sequence[str]) -> list[str]:
        """Folded words as this language puts parts together.

        A part that stands in no word while the parts behind it do is a word of its own: a syllable that is missing
        then spoils one word and not all that follow.
        """
        typed, start = [], 0
        while start < len(parts):
            size = self.parts_per_word
            if self._word(parts, start) not in self.numbers and self._word(parts, start + 1) in self.numbers:
                size = 1
            typed.append("".join(parts[start : start + size]))
            start += size
        return typed

    def near(self, typed: str, *, limit: int = 3) -> list[int]:
        """Numbers of the words that a slip of the finger away from the folded word `typed`, nearest first."""
        furthest = _slips_allowed(typed)
        letters = _letters(typed)
        found = [
            (slips, number)
            for number, (word, its_letters) in enumerate(self._letters)
            if (letters ^ its_letters).bit_count() <= 2 * furthest and (slips := typing_slips(typed, word)) <= furthest
        ]
        return [number for _, number in sorted(found)[:limit]]

    def is_near(self, typed: str, number: int) -> bool:
        """Whether somebody who typed `typed` may have meant this word."""
        return typing_slips(typed, self._letters[number][0]) <= _slips_allowed(typed)

    def _word(self, parts: Sequence[str], start: int) -> str:
        return "".join(parts[start : start + self.parts_per_word])

    @cached_property
    def _letters(self) -> list[tuple[str, int]]:
        return [(word, _letters(word)) for word in self.numbers]


@cache
def word_list(language: str) -> WordList:
    """The list of a language by its code; `FileNotFoundError` when there is none."""
    return WordList(language, tuple((LISTS / f"{language}.txt").read_text(encoding="utf-8").splitlines()))


@cache
def languages() -> tuple[str, ...]:
    """Codes of the languages that have a list, English first."""
    return tuple(sorted((file.stem for file in LISTS.glob("*.txt")), key=lambda code: (code != "en", code)))


def folded_parts(text: str) -> list[str]:
    """The parts of a text without what people vary: case, marks, Unicode form, apostrophes, punctuation, digits.

    A part is a run of letters, or one ideograph, because Chinese is written without blanks.
    """
    spread = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    kept = "".join(sign for sign in spread if unicodedata.category(sign) not in {"Mn", "Cf"})
    return _PART.findall(_SILENT.sub("", kept).translate(_LIKE))


def typing_slips(typed: str, meant: str) -> int:
    """How many letters were left out, added, replaced, or swapped with their neighbour.

    The optimal string alignment distance (Damerau 1964; Levenshtein 1966).
    """
    before: list[int] = []
    row = list(range(len(meant) + 1))
    for i, letter in enumerate(typed, start=1):
        earlier, before, row = before, row, [i]
        for j, other in enumerate(meant, start=1):
            slips = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (letter != other))
            if i > 1 and j > 1 and letter == meant[j - 2] and typed[i - 2] == other:
                slips = min(slips, earlier[j - 2] + 1)
            row.append(slips)
    return row[-1]


def _slips_allowed(typed: str) -> int:
    return 1 if len(typed) < 5 else 2


def _letters(word: str) -> int:
    """A bit per letter; words that are `d` slips apart differ in at most 2·d bits."""
    bits = 0
    for letter in word:
        bits |= 1 << (ord(letter) % 61)
    return bits
