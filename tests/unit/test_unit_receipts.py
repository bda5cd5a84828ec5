"""Receipts: one form, one receipt; what people type is read kindly; nothing is said that helps a guess."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable

import pytest

from hearback.sealing.receipts import (
    NotAReceipt,
    Receipt,
    UnknownWords,
    WrongCheckWord,
    confirms,
    from_token,
    keys_of,
    parse,
)
from hearback.sealing.word_lists import folded_parts, languages, word_list

SECRET, SALT = b"a secret of the installation....", b"salt of the city"
RECEIPT = from_token(b"token of a form.", secret=SECRET, language="en")


def replaced(place: int, word: str) -> str:
    """The words of RECEIPT with another one at a place from 0."""
    words = list(RECEIPT.words)
    words[place] = word
    return " ".join(words)


def test_a_second_click_shows_the_same_receipt_and_another_form_another_one() -> None:
    assert from_token(b"token of a form.", secret=SECRET, language="en").text == RECEIPT.text
    assert from_token(b"token of a Form.", secret=SECRET, language="en") != RECEIPT
    assert from_token(b"token of a form.", secret=SECRET[::-1], language="en") != RECEIPT


def test_a_receipt_has_six_words_and_a_check_word() -> None:
    assert len(RECEIPT.numbers) == 6
    assert len(RECEIPT.words) == 7


def test_a_token_that_could_be_guessed_is_refused() -> None:
    with pytest.raises(ValueError, match="at least 16"):
        from_token(b"15 bytes, sorry", secret=SECRET, language="en")


def test_the_same_numbers_give_the_same_keys_in_every_language() -> None:
    elsewhere = Receipt(RECEIPT.numbers, "fr")
    assert elsewhere == RECEIPT
    assert keys_of(elsewhere, salt=SALT) == keys_of(RECEIPT, salt=SALT)


def test_another_city_or_another_receipt_has_other_keys() -> None:
    other = Receipt((*RECEIPT.numbers[:5], RECEIPT.numbers[5] ^ 1), "en")
    keys = [keys_of(RECEIPT, salt=SALT), keys_of(RECEIPT, salt=SALT[::-1]), keys_of(other, salt=SALT)]
    assert len({key.lookup for key in keys}) == len({key.private_key for key in keys}) == 3


def test_what_is_stored_of_a_receipt_is_neither_its_words_nor_its_private_key() -> None:
    keys = keys_of(RECEIPT, salt=SALT)
    assert keys.private_key not in keys.lookup + keys.public_key
    assert keys.lookup not in keys.private_key


def test_neither_words_nor_private_keys_are_printed_by_accident() -> None:
    printed = repr(RECEIPT) + repr(keys_of(RECEIPT, salt=SALT))
    assert "private_key" not in printed
    assert "numbers" not in printed
    assert not any(word in printed for word in RECEIPT.words)


@pytest.mark.parametrize(
    "typed",
    [
        str.upper,
        str.title,
        lambda text: text.replace(" ", "  \n\t "),
        lambda text: ", ".join(text.split()) + ".",
        lambda text: "\n".join(f"{place}. {word}" for place, word in enumerate(text.split(), start=1)),
        lambda text: "".join(letter + "\N{COMBINING ACUTE ACCENT}" for letter in text),
        lambda text: "".join(chr(ord(letter) + 0xFEE0) if letter.isalpha() else letter for letter in text),
        lambda text: "\N{RIGHT-TO-LEFT MARK}" + text.replace(" ", "-"),
    ],
    ids=["capitals", "titles", "blanks", "commas", "numbered", "marks", "full width", "hyphens"],
)
def test_case_blanks_punctuation_marks_and_unicode_forms_are_forgiven(typed: Callable[[str], str]) -> None:
    assert parse(typed(RECEIPT.text), ["en"]) == RECEIPT


@pytest.mark.parametrize("language", languages())
@pytest.mark.parametrize("form", ["NFC", "NFD", "NFKC", "NFKD"])
def test_a_receipt_is_read_in_its_language_among_all(language: str, form: str) -> None:
    receipt = Receipt(RECEIPT.numbers, language)
    found = parse(unicodedata.normalize(form, receipt.text), languages())
    assert (found, found.language) == (receipt, language)


@pytest.mark.parametrize("language", languages())
def test_words_run_together_or_spread_out_are_read_where_the_language_allows(language: str) -> None:
    receipt = Receipt(RECEIPT.numbers, language)
    if re.search("[㐀-鿿]", receipt.text):
        assert parse("".join(receipt.words), [language]) == receipt
        assert parse(" ".join("".join(receipt.words)), [language]) == receipt
    else:
        assert parse(" - ".join(" ".join(folded_parts(word)) for word in receipt.words), [language]) == receipt


@pytest.mark.parametrize("language", languages())
@pytest.mark.parametrize("place", [0, 3, 6])
def test_a_word_that_cannot_be_read_is_found_by_the_check_word(language: str, place: int) -> None:
    receipt = Receipt(RECEIPT.numbers, language)
    words = list(receipt.words)
    words[place] = "x"
    with pytest.raises(UnknownWords) as refusal:
        parse(" ".join(words), languages())
    assert refusal.value.readings == (receipt.text,)
    assert [word.place for word in refusal.value.words] == [place + 1]


@pytest.mark.parametrize("language", languages())
def test_a_part_of_a_word_left_out_spoils_that_word_alone(language: str) -> None:
    receipt = Receipt(RECEIPT.numbers, language)
    words = [" ".join(folded_parts(word)) for word in receipt.words]
    words[2] = words[2][: len(words[2]) // 2].strip()
    with pytest.raises(UnknownWords) as refusal:
        parse(" ".join(words), [language])
    assert refusal.value.readings == (receipt.text,)


def test_a_mistyped_word_is_suggested() -> None:
    word = RECEIPT.words[1]
    for typed in (word[:-1], word[0] + word[2] + word[1] + word[3:], word + "e", "z" + word[1:]):
        with pytest.raises(UnknownWords) as refusal:
            parse(replaced(1, typed), ["en"])
        assert word in refusal.value.words[0].near
        assert refusal.value.readings == (RECEIPT.text,)


def test_two_mistyped_words_are_mended_together() -> None:
    words = list(RECEIPT.words)
    words[0], words[5] = words[0][1:], words[5] + "s"
    with pytest.raises(UnknownWords) as refusal:
        parse(" ".join(words), ["en"])
    assert refusal.value.readings == (RECEIPT.text,)


def test_two_unreadable_words_are_named_and_not_guessed() -> None:
    words = list(RECEIPT.words)
    words[1] = words[4] = "x"
    with pytest.raises(UnknownWords) as refusal:
        parse(" ".join(words), ["en"])
    assert [word.place for word in refusal.value.words] == [2, 5]
    assert refusal.value.readings == ()


def test_words_that_changed_places_are_noticed_and_put_right() -> None:
    words = list(RECEIPT.words)
    words[1], words[6] = words[6], words[1]
    with pytest.raises(WrongCheckWord) as refusal:
        parse(" ".join(words), ["en"])
    assert RECEIPT.text in refusal.value.readings


def test_a_word_mistyped_into_another_word_of_the_list_is_noticed_and_mended() -> None:
    words = word_list("en")
    others = [
        (place, words.words[number])
        for place, word in enumerate(RECEIPT.words)
        for number in words.near(word, limit=9)
        if words.words[number] != word
    ]
    assert others
    for place, other in others:
        with pytest.raises(WrongCheckWord) as refusal:
            parse(replaced(place, other), ["en"])
        assert RECEIPT.text in refusal.value.readings


def test_a_word_far_from_the_right_one_is_noticed_and_nothing_is_suggested() -> None:
    far = next(word for word in word_list("en").words if len(word) == 8 and word != RECEIPT.words[2])
    with pytest.raises(WrongCheckWord, match="mistyped") as refusal:
        parse(replaced(2, far), ["en"])
    assert RECEIPT.text not in refusal.value.readings


@pytest.mark.parametrize("text", ["", "   ", "12345", "zzzz qqqq", "🙂" * 7, "a" * 20_000_000])
def test_what_is_no_receipt_is_said_to_be_none(text: str) -> None:
    with pytest.raises(NotAReceipt):
        parse(text, languages())


@pytest.mark.parametrize("count", [1, 6, 8, 14])
def test_another_number_of_words_is_said(count: int) -> None:
    with pytest.raises(NotAReceipt, match=f"here are {count}"):
        parse(" ".join((RECEIPT.words * 2)[:count]), ["en"])


def test_no_sentence_repeats_a_word_that_was_typed() -> None:
    told = ""
    for text in (replaced(2, "qqqq"), replaced(0, RECEIPT.words[1]), " ".join(RECEIPT.words[:6])):
        with pytest.raises((NotAReceipt, UnknownWords, WrongCheckWord)) as refusal:
            parse(text, ["en"])
        told += str(refusal.value) + repr(refusal.value)
    assert "qqqq" not in told
    assert not any(re.search(rf"\b{word}\b", told) for word in RECEIPT.words)


def test_two_words_typed_back_confirm_the_receipt() -> None:
    for place, word in enumerate(RECEIPT.words, start=1):
        assert confirms(RECEIPT, place=place, typed=f" {word.upper()}. ")
        assert not confirms(RECEIPT, place=place, typed=word + "s")
    assert not confirms(RECEIPT, place=1, typed="")
