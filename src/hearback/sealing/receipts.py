"""Receipts: six words and a check word with which a resident, and nobody else, comes back.

The words stand for 66 random bits. They are an HMAC of the form's token, so that a second click on "send" shows the
same receipt although the server keeps neither words nor token. From the words come the concern's lookup value and
the resident's key pair; the server stores the lookup value and the public key. How much each guess costs a thief,
and why that is enough, is worked out in `SECURITY.md`.

Nothing here knows which receipts exist: a mistyped word is mended by the word list and the check word alone.
"""

from __future__ import annotations

import hmac
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations, product

from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

from hearback.refusal import Refusal
from hearback.sealing.binding import subkey
from hearback.sealing.check_word import BITS, NUMBERS, belongs_together, check_number, number_at
from hearback.sealing.envelopes import public_key_of
from hearback.sealing.word_lists import WordList, folded_parts, word_list

RANDOM_NUMBERS = NUMBERS - 1
RANDOM_BITS = RANDOM_NUMBERS * BITS
LONGEST_TEXT = 1_000
MENDABLE_WORDS = 2
STRETCHING_KIB = 2048
LEAST_TOKEN_BYTES = 16


@dataclass(frozen=True)
class Receipt:
    """Six numbers of 0 … 2,047 and the language they are written in; the same numbers are the same receipt."""

    numbers: tuple[int, ...] = field(repr=False)
    language: str = field(compare=False)

    @property
    def words(self) -> tuple[str, ...]:
        """The six words and the check word."""
        return _words((*self.numbers, check_number(self.numbers)), word_list(self.language))

    @property
    def text(self) -> str:
        """The seven words in one line."""
        return " ".join(self.words)


@dataclass(frozen=True)
class ReceiptKeys:
    """What a receipt opens: where the concern lies, and the resident's X25519 key pair."""

    lookup: bytes
    private_key: bytes = field(repr=False)
    public_key: bytes


@dataclass(frozen=True)
class UnknownWord:
    """A word that stands in no list: its place from 1, and the words of the list that are near it."""

    place: int
    near: tuple[str, ...] = field(repr=False)


class NotAReceipt(Refusal):
    """Not seven words, or no known word among them."""


class UnknownWords(Refusal):
    """Some words stand in no list: which, what is near them, and whole readings that the check word confirms."""

    def __init__(self, words: Sequence[UnknownWord], readings: Sequence[str]) -> None:
        self.words, self.readings = tuple(words), tuple(readings)
        places = ", ".join(str(word.place) for word in words)
        super().__init__(
            f"these words of the receipt are not in the list of words: number {places}",
            remedy="Look at them again; write x for a word that cannot be read",
        )


class WrongCheckWord(Refusal):
    """All words exist but do not belong together; readings with one slip mended that the check word confirms."""

    def __init__(self, readings: Sequence[str]) -> None:
        self.readings = tuple(readings)
        super().__init__(
            "the words do not belong together: one is mistyped, or two changed places",
            remedy="Compare them with the receipt word by word",
        )


def from_token(token: bytes, *, secret: bytes, language: str) -> Receipt:
    """The receipt of a form token of at least 16 random bytes: the same each time, whatever the language."""
    if len(token) < LEAST_TOKEN_BYTES:
        raise ValueError(f"a form token has at least {LEAST_TOKEN_BYTES} random bytes, not {len(token)}")
    digest = hmac.digest(subkey(secret, purpose="receipt words"), token, "sha256")
    bits = int.from_bytes(digest) >> (8 * len(digest) - RANDOM_BITS)
    return Receipt(tuple(bits >> (BITS * place) & (1 << BITS) - 1 for place in range(RANDOM_NUMBERS)), language)


def keys_of(receipt: Receipt, *, salt: bytes) -> ReceiptKeys:
    """The keys of a receipt in the installation with this random salt of at least 16 bytes; about a millisecond.

    Argon2id (RFC 9106), one pass over 2 MiB, of the six numbers; then one subkey for each use.
    """
    packed = sum(number << (BITS * place) for place, number in enumerate(receipt.numbers)).to_bytes(9, "big")
    stretched = Argon2id(salt=salt, length=32, iterations=1, lanes=1, memory_cost=STRETCHING_KIB).derive(
        b"hearback receipt 1" + packed
    )
    private_key = subkey(stretched, purpose="receipt private key")
    return ReceiptKeys(
        lookup=subkey(stretched, purpose="receipt lookup", length=16),
        private_key=private_key,
        public_key=public_key_of(private_key),
    )


def confirms(receipt: Receipt, *, place: int, typed: str) -> bool:
    """Whether `typed` is the receipt's word at this place (from 1), case, marks and blanks forgiven."""
    return folded_parts(typed) == folded_parts(receipt.words[place - 1])


def parse(text: str, languages: Sequence[str]) -> Receipt:
    """The receipt somebody typed, in whichever of these languages fits best; the first wins a tie.

    Refuses what is no receipt with `NotAReceipt`, `UnknownWords` or `WrongCheckWord`. Their sentences hold no word
    that was typed, because sentences are logged.
    """
    if len(text) > LONGEST_TEXT:
        raise NotAReceipt("this is longer than any receipt", remedy=f"Type the {NUMBERS} words")
    parts = folded_parts(text)
    typed, words = max(((words.typed_words(parts), words) for words in map(word_list, languages)), key=_how_well)
    numbers = [words.numbers.get(word) for word in typed]
    if not any(number is not None for number in numbers):
        raise NotAReceipt("these are not the words of a receipt", remedy=f"Type the {NUMBERS} words of the receipt")
    if len(typed) != NUMBERS:
        raise NotAReceipt(
            f"a receipt has {NUMBERS} words; here are {len(typed)}",
            remedy="Type all of them in their order; write x for a word that cannot be read",
        )
    known = [number for number in numbers if number is not None]
    if len(known) < NUMBERS:
        raise _unknown(typed, numbers, words)
    if not belongs_together(known):
        raise WrongCheckWord([_text(reading, words) for reading in _mended(typed, known, words)])
    return Receipt(tuple(known[:RANDOM_NUMBERS]), words.language)


def _how_well(candidate: tuple[list[str], WordList]) -> tuple[int, bool]:
    typed, words = candidate
    numbers = [words.numbers[word] for word in typed if word in words.numbers]
    return len(numbers), len(numbers) == NUMBERS and belongs_together(numbers)


def _unknown(typed: Sequence[str], numbers: Sequence[int | None], words: WordList) -> UnknownWords:
    near = {place: words.near(typed[place]) for place, number in enumerate(numbers) if number is None}
    readings = _completed(numbers, near) if len(near) <= MENDABLE_WORDS else []
    return UnknownWords(
        [UnknownWord(place + 1, _words(candidates, words)) for place, candidates in near.items()],
        [_text(reading, words) for reading in readings],
    )


def _completed(numbers: Sequence[int | None], near: Mapping[int, Sequence[int]]) -> list[list[int]]:
    """Readings the check word confirms: near words in the unknown places, or else the only word that fits."""
    known = [number or 0 for number in numbers]
    fitting = []
    for candidates in product(*near.values()):
        reading = list(known)
        for place, number in zip(near, candidates, strict=True):
            reading[place] = number
        if belongs_together(reading):
            fitting.append(reading)
    if not fitting and len(near) == 1:
        (place,) = near
        fitting = [[*known[:place], number_at(place, known), *known[place + 1 :]]]
    return fitting


def _mended(typed: Sequence[str], numbers: Sequence[int], words: WordList) -> Iterator[list[int]]:
    """Readings with one word replaced by a near one, or two words exchanged, that the check word confirms."""
    for place in range(NUMBERS):
        number = number_at(place, numbers)
        if words.is_near(typed[place], number):
            yield [*numbers[:place], number, *numbers[place + 1 :]]
    for one, other in combinations(range(NUMBERS), 2):
        swapped = list(numbers)
        swapped[one], swapped[other] = numbers[other], numbers[one]
        if belongs_together(swapped):
            yield swapped


def _words(numbers: Sequence[int], words: WordList) -> tuple[str, ...]:
    return tuple(words.words[number] for number in numbers)


def _text(numbers: Sequence[int], words: WordList) -> str:
    return " ".join(_words(numbers, words))
